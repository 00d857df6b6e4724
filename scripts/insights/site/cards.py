"""The pictures that stand for pages where their links are shared: 1200×630, drawn offline (`stripes.py`)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from insights.library import Library
from insights.model import Article
from insights.settings import Publication
from insights.site.stripes import SANS, SANS_BOLD, SERIF, Line, Stripe, cut, draw_stripes, has_glyph, length_of, shown
from insights.text import slugify
from insights.urls import absolute

SIZE = (1200, 630)
MAX_BYTES = 20 * 1024

_LAYOUT = 4  # the design's number: another one draws every card anew

_PAPER, _INK, _ACCENT = (252, 250, 245), (22, 24, 27), (168, 50, 26)
# Five colours from paper to ink, and the accent: few, and four bits a point, keep the file small.
_STEPS = 4
_ACCENT_INDEX = _STEPS + 1
_SOFT = 3
# Where stripes begin and end, in points from the top; without a kicker the title's begins where the kicker's would.
_HEAD_END, _KICKER_END, _TITLE_END, _BYLINE_END = 130, 200, 534, 600
_SIDE = 80
_WIDTH = SIZE[0] - 2 * _SIDE
_TITLE_HEIGHT = 300
_TITLE_SIZES = range(92, 55, -4)
_LEADING = 1.14
_DEPTH = 0.35  # how far letters reach below the baseline at most, in units of their size
_MAX_LINES = 4
_BETWEEN = " · "
_SPACE = 0.25  # of the title's font, in units of its size


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `name` is its file's, without digest and ending."""

    name: str
    site: str
    kicker: str
    title: str
    byline: str

    @property
    def href(self) -> str:
        """Its address, relative to the site's root: another text has another one, and nobody shows an old picture."""
        said = (self.name, self.site, self.kicker, self.title, self.byline)
        digest = hashlib.sha256(repr((_LAYOUT, said)).encode()).hexdigest()[:8]
        return f"assets/cards/{self.name}.{digest}.png"

    @property
    def alt(self) -> str:
        """The card in words."""
        return _BETWEEN.join(part for part in (self.title, self.kicker, self.byline, self.site) if part)


def article_card(article: Article, library: Library, publication: Publication) -> Card:
    """The card of an article: title, topic, authors and date, and whose site it is."""
    topic = library.topic(article.topic) if article.topic else None
    names = [author.name if (author := library.author(name)) else name for name in article.authors]
    date = [publication.strings.spell_date(article.date)] if article.date else []
    return Card(
        name=slugify(article.slug),
        site=publication.name,
        kicker=topic.name if topic else article.topic or "",
        title=article.title,
        byline=_BETWEEN.join([", ".join(names), *date] if names else date),
    )


def site_card(publication: Publication) -> Card:
    """The card of every page that is no article."""
    title = publication.settings.tagline or publication.description or publication.name
    return Card("site", publication.name, "", title, "")


def card_fields(card: Card, publication: Publication) -> dict[str, str]:
    """What a page's head says of its card; nothing where the fonts lack a letter of it."""
    if not is_drawable(card):
        return {}
    return {"card": absolute(publication.url, card.href), "card_alt": card.alt}


@lru_cache(maxsize=50_000)
def is_drawable(card: Card) -> bool:
    """Whether the fonts have each letter of the card: those of Latin, Greek and Cyrillic script."""
    # ASCII is in every font: asked letter by letter it took a tenth of a build after an edit.
    text = "\n".join((card.title, card.kicker, card.byline.replace(_BETWEEN, ""), card.site))
    return text.isascii() or all(map(has_glyph, _letters(text)))


def list_cards(library: Library, publication: Publication) -> Iterator[Card]:
    """Each card that can be drawn: the site's and the articles'."""
    cards = (site_card(publication), *(article_card(each, library, publication) for each in library.articles))
    return filter(is_drawable, cards)


def draw_card(card: Card) -> bytes:
    """A PNG of `SIZE`."""
    return draw_stripes(list(_stripes(card)), SIZE[0], _palette(), MAX_BYTES)


def _stripes(card: Card) -> Iterator[Stripe]:
    width, height = SIZE
    site = _line(92, card.site, SERIF, 40)
    dot = (site.end + 5, 80, site.end + 17, 92, _ACCENT_INDEX)
    yield Stripe(0, _HEAD_END, (site,), ((_SIDE, 116, width - _SIDE + 1, 122, _STEPS), dot))
    if card.kicker:
        yield Stripe(_HEAD_END, _KICKER_END, (_line(182, card.kicker, SANS_BOLD, 32),))
    start, top = (_KICKER_END, 204) if card.kicker else (_HEAD_END, 150)
    size, lines = _fit(card.title)
    title = tuple(
        _line(top + round(number * size * _LEADING), line, SERIF, size) for number, line in enumerate(lines, 1)
    )
    end = round(title[-1].y + size * _DEPTH) if title else start
    yield Stripe(start, end, title)
    yield Stripe(end, _TITLE_END)
    yield Stripe(_TITLE_END, _BYLINE_END, (_line(height - 64, card.byline, SANS, 32, _SOFT),))
    yield Stripe(_BYLINE_END, height, (), ((0, height - 16, width, height, _ACCENT_INDEX),))


def _line(y: int, text: str, font: str, size: int, colour: int = _STEPS) -> Line:
    return Line(_SIDE, y, cut(shown(text), font, size, _WIDTH), font, size, colour)


def _fit(title: str) -> tuple[int, list[str]]:
    """The largest size in which the title has room, and its lines; at the smallest size the last line is cut."""
    words = [(word, length_of(word, SERIF)) for word in shown(title).split()]
    for size in _TITLE_SIZES:
        width = (_WIDTH - 8) / size
        lines = _fill(words, width)
        has_room = len(lines) <= _MAX_LINES and len(lines) * size * _LEADING <= _TITLE_HEIGHT
        if has_room and all(each <= width for _word, each in words):
            break
    balanced = _balance(words, len(lines), width) if len(lines) <= _MAX_LINES else lines
    rest = balanced[_MAX_LINES - 1 :]
    return size, [*balanced[: _MAX_LINES - 1], *([" ".join(rest)] if rest else [])]


def _balance(words: Sequence[tuple[str, float]], count: int, width: float) -> list[str]:
    """So many lines, of as even a length as words allow; `width` is enough for them."""
    low, high = max((each for _word, each in words), default=0.0), width
    while high - low > 0.05:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(words, middle)) <= count else (middle, high)
    return _fill(words, high)


def _fill(words: Sequence[tuple[str, float]], width: float) -> list[str]:
    """Lines of words; widths are in units of the font's size."""
    lines: list[str] = []
    end = width
    for word, length in words:
        end += _SPACE + length
        if lines and end <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            end = length
    return lines


def _letters(text: str) -> Iterator[str]:
    return (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] in "LMN")


def _palette() -> list[int]:
    ramp = [
        round(paper + (ink - paper) * step / _STEPS)
        for step in range(_STEPS + 1)
        for paper, ink in zip(_PAPER, _INK, strict=True)
    ]
    return [*ramp, *_ACCENT]
