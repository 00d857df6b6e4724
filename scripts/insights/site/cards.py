"""The pictures that stand for pages where their links are shared: 1200×630, drawn offline, when their text changes.

Fonts: Roboto Slab (Apache License 2.0) and Lato (SIL Open Font License 1.1), which MkDocs ships in one of its themes.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from zlib import Z_FILTERED, Z_RLE

import mkdocs
from PIL import Image, ImageDraw, ImageFont

from insights.library import Library
from insights.model import Article
from insights.settings import Publication
from insights.store import write_output
from insights.text import slugify, spell_date
from insights.urls import absolute

SIZE = (1200, 630)
MAX_BYTES = 20 * 1024
CACHE = "build/cards"

_FONTS = Path(mkdocs.__file__).parent / "themes" / "readthedocs" / "css" / "fonts"
_SERIF, _SANS, _SANS_BOLD = "Roboto-Slab-Bold.woff2", "lato-normal.woff2", "lato-bold.woff2"
_LAYOUT = 2  # the design's number: another one draws every card anew

_PAPER, _INK, _ACCENT = (252, 250, 245), (22, 24, 27), (168, 50, 26)
# Five colours from paper to ink, and the accent: few, and four bits a point, keep the file small.
_STEPS = 4
_ACCENT_INDEX = _STEPS + 1
_SOFT = 3
_SIDE = 80
_TITLE_BOX = (SIZE[0] - 2 * _SIDE, 300)
_TITLE_SIZES = range(92, 55, -4)
_LEADING = 1.14
_MAX_LINES = 4
_MAX_LETTERS = 200  # of a line, before it is measured
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
        digest = hashlib.sha256(repr((_LAYOUT, astuple(self))).encode()).hexdigest()[:8]
        return f"assets/cards/{self.name}.{digest}.png"

    @property
    def alt(self) -> str:
        """The card in words."""
        return " · ".join(part for part in (self.title, self.kicker, self.byline, self.site) if part)


def article_card(article: Article, library: Library, publication: Publication) -> Card:
    """The card of an article: title, topic, authors and date, and whose site it is."""
    topic = library.topic(article.topic) if article.topic else None
    names = [author.name if (author := library.author(name)) else name for name in article.authors]
    date = [spell_date(article.date)] if article.date else []
    return Card(
        name=slugify(article.slug),
        site=publication.name,
        kicker=topic.name if topic else article.topic or "",
        title=article.title,
        byline=" · ".join([", ".join(names), *date] if names else date),
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
    return all(
        _has_glyph(char) for text in (card.title, card.kicker, card.byline, card.site) for char in _letters(text)
    )


def list_cards(library: Library, publication: Publication) -> Iterator[Card]:
    """Each card that can be drawn: the site's and the articles'."""
    cards = (site_card(publication), *(article_card(each, library, publication) for each in library.articles))
    return filter(is_drawable, cards)


def read_card(root: Path, card: Card) -> bytes:
    """The card's PNG, drawn or as it was drawn before: build/cards keeps them."""
    path = root / CACHE / Path(card.href).name
    if not path.is_file():
        write_output(path, draw_card(card))
    return path.read_bytes()


def forget_cards(root: Path, hrefs: Collection[str]) -> None:
    """Removes from build/cards what is none of these any more."""
    names = {Path(href).name for href in hrefs}
    for path in (root / CACHE).glob("*.png"):
        if path.name not in names:
            path.unlink()


def draw_card(card: Card) -> bytes:
    """A PNG of `SIZE`."""
    picture = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    draw.rectangle((_SIDE, 116, width - _SIDE, 121), fill=_STEPS)
    end = _write(draw, (_SIDE, 92), card.site, _font(_SERIF, 40))
    draw.rectangle((end + 5, 80, end + 16, 91), fill=_ACCENT_INDEX)
    _write(draw, (_SIDE, 182), card.kicker, _font(_SANS_BOLD, 32))
    _write(draw, (_SIDE, height - 64), card.byline, _font(_SANS, 32), _SOFT)
    font, lines = _fit(card.title)
    top = 204 if card.kicker else 150
    for index, line in enumerate(lines, 1):
        _write(draw, (_SIDE, top + round(index * font.size * _LEADING)), line, font)
    draw.rectangle((0, height - 16, width, height), fill=_ACCENT_INDEX)
    indexed = Image.frombytes("P", SIZE, picture.tobytes())
    indexed.putpalette(_palette())
    quick = _png(indexed, 6, Z_RLE)
    return quick if len(quick) <= MAX_BYTES else _png(indexed, 9, Z_FILTERED)  # a tenth smaller, at ten times the time


def _png(picture: Image.Image, level: int, strategy: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", bits=4, compress_level=level, compress_type=strategy)
    return buffer.getvalue()


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    font: ImageFont.FreeTypeFont,
    ink: int = _STEPS,
) -> int:
    """Where the text ends, in points from the left; `place` is where its baseline begins. Too long a text is cut."""
    shown = _cut(_shown(text)[:_MAX_LETTERS], font)
    draw.text(place, shown, font=font, fill=ink, anchor="ls")
    return place[0] + round(font.getlength(shown))


def _fit(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest font in which the title has room, and its lines; at the smallest size the last line is cut."""
    words = [(word, _length(word)) for word in _shown(title).split()]
    for size in _TITLE_SIZES:
        width = (_TITLE_BOX[0] - 8) / size
        lines = _fill(words, width)
        has_room = len(lines) <= _MAX_LINES and len(lines) * size * _LEADING <= _TITLE_BOX[1]
        if has_room and all(each <= width for _word, each in words):
            break
    balanced = _balance(words, len(lines), width) if len(lines) <= _MAX_LINES else lines
    return _font(_SERIF, size), [*balanced[: _MAX_LINES - 1], " ".join(balanced[_MAX_LINES - 1 :])]


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


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= _TITLE_BOX[0]:
        return text
    while text and font.getlength(f"{text}…") > _TITLE_BOX[0]:
        text = text[:-1].rstrip()
    return f"{text}…"


@lru_cache(maxsize=20_000)
def _length(word: str) -> float:
    """The length of a title's word, in units of the font's size; titles share most of their words."""
    return _font(_SERIF, 100).getlength(word) / 100


def _shown(text: str) -> str:
    """The text without the signs that the fonts lack: pictographs and the like."""
    return " ".join("".join(char for char in unicodedata.normalize("NFC", text) if _has_glyph(char)).split())


def _letters(text: str) -> Iterator[str]:
    return (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] in "LMN")


@lru_cache(maxsize=4096)
def _has_glyph(char: str) -> bool:
    return char.isspace() or all(
        bytes(font.getmask(char)) != bytes(font.getmask("\uffff")) for font in (_font(_SERIF, 40), _font(_SANS, 40))
    )


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def _palette() -> list[int]:
    ramp = [
        round(paper + (ink - paper) * step / _STEPS)
        for step in range(_STEPS + 1)
        for paper, ink in zip(_PAPER, _INK, strict=True)
    ]
    return [*ramp, *_ACCENT]
