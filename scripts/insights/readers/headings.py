"""Which lines of a text without markup are headings: the traits of each line, weighed.

A line is judged by its own words, by the lines around it, and by the other short lines of the text, since the headings
of one text look alike. What each trait weighs is in `heading_weights`: it depends on how the text was copied, since an
empty line below a heading says nothing where one stands between all paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from insights.readers.heading_weights import WEIGHTS
from insights.readers.pasted import is_caption, parse_byline

_MAX_WORDS = 24
_CLOSE = 0.25  # the share of short lines with text right below, above which a text was copied by a browser
_END = re.compile(r"([.!?:…;,])['\"”’)\]]*$")
_NUMBERED = re.compile(r"^(?:[A-Z#][\w.]{0,40}\s*\d{1,9}(?:[:.)]|\s[–—-])|\d{1,2}(?:\.\d+)*[.):]?\s+\S)")
_QUESTION = re.compile(
    r"^(?:what|why|how|when|where|who|which|is|are|can|do|does|should|will)\b.*\?\W*$", re.IGNORECASE
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|said|says|will|would|can|could|[a-z]+['’](?:s|m|re|ve|ll|t))\b")
_CODE = re.compile(r"[{}<>=;\\_|@$`~^]|\w\(|::|->|^[#%/$>-]|https?:|\.\w+/|^\W*\w+\.\w+\W*$")
_PICTURED = re.compile(
    r"\b(?:screenshot|photo|image|diagram|figure|map|illustration|graph|chart|shown|left|right|above|below|pictured)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    "a an and as at but by for from if in into is it its nor of off on or over per so than that the to up via vs with "
    "yet".split()
)
_USUAL = frozenset(
    "acknowledgements acknowledgments appendix background benefits challenges conclusion conclusions contact context "
    "credits discussion example examples faq features future goals installation introduction limitations methods "
    "motivation next notes overview prerequisites problem references requirements resources results setup solution "
    "summary team thanks tldr update updates usage".split()
)
"""First words of the headings that articles of all kinds have."""
_LENGTHS = (
    (1, "1 word"),
    (3, "2 to 3 words"),
    (6, "4 to 6 words"),
    (9, "7 to 9 words"),
    (14, "10 to 14 words"),
    (_MAX_WORDS, "15 or more words"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `kind` is "text", "list" or "table"; `follows_blank` where an empty line stands above it."""

    text: str
    kind: str = "text"
    follows_blank: bool = True


def find_headings(lines: Sequence[Line]) -> frozenset[int]:
    """The indices of the lines that are headings."""
    way = int(is_close(lines))
    return frozenset(index for index, traits in enumerate(traits_of(lines)) if traits and odds_of(traits, way) > 0)


def odds_of(traits: frozenset[str], way: int) -> float:
    """The weights of traits together, where a text was copied in this `way` (0 or 1: the columns of `WEIGHTS`).

    They are summed without the error of floats, as a set has no order to add them in.
    """
    return round(fsum(WEIGHTS[trait][way] for trait in traits if trait in WEIGHTS), 6)


def is_close(lines: Sequence[Line]) -> bool:
    """Whether no empty line stands below headings, as browsers copy them; else one stands between all paragraphs."""
    around = _Around(lines)
    below_blank = [
        index
        for index, line in enumerate(lines[:-1])
        if around.is_short[index] and line.follows_blank
        if not any(is_like_code(each.text) for each in lines[max(0, index - 1) : index + 1])
    ]
    return sum(not lines[index + 1].follows_blank for index in below_blank) > _CLOSE * len(below_blank)


def traits_of(lines: Sequence[Line]) -> list[frozenset[str]]:
    """The traits of each line, by the names that `WEIGHTS` has; none for a line that cannot be a heading."""
    around = _Around(lines)
    return [frozenset(_traits(around, index)) if around.may_be[index] else frozenset() for index in range(len(lines))]


class _Around:
    """What each line stands among: which are short, which look like headings at first sight, and their forms."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.may_be = [line.kind == "text" and 0 < len(line.text.split()) <= _MAX_WORDS for line in lines]
        ended = [_END.search(line.text) for line in lines]
        self.is_short = [may and not end for may, end in zip(self.may_be, ended, strict=True)]
        self.stands_out = [self._stands_out(index) for index in range(len(lines))]
        self.times = Counter(line.text for line in lines)
        self.forms = [_form(line.text) if may else "" for line, may in zip(lines, self.may_be, strict=True)]
        self.form_times = Counter(form for form, short in zip(self.forms, self.is_short, strict=True) if short)
        self.outstanding = Counter(form for form, each in zip(self.forms, self.stands_out, strict=True) if each)
        self.first_words = Counter(_first_word(line.text) for line in lines if line.kind == "text")
        self.short_share = sum(self.is_short) / max(1, len(lines))
        texts = [line for line in lines if line.kind == "text"]
        joined = sum(not line.follows_blank for line in texts)
        self.tells_by_blanks = joined > 2 and len(texts) - joined > len(texts) * 0.3

    def _stands_out(self, index: int) -> bool:
        """Whether a line is short and has a paragraph or a list below it."""
        text = self.lines[index].text
        if index + 1 == len(self.lines) or not (self.is_short[index] or (self.may_be[index] and text.endswith("?"))):
            return False
        below = self.lines[index + 1]
        return below.kind == "list" or len(below.text) > max(80, len(text))

    def kind(self, index: int) -> str:
        """What stands at an index, as traits name it."""
        if not 0 <= index < len(self.lines):
            return "nothing"
        line = self.lines[index]
        if line.kind != "text":
            return f"a {line.kind}"
        if len(line.text) > 240:
            return "a long paragraph"
        if self.is_short[index]:
            return "a short line"
        if len(line.text) > 80:
            return "a paragraph"
        return "a lead-in" if line.text.endswith(":") else "a sentence"


def _traits(around: _Around, index: int) -> Iterator[str]:
    yield "any line"
    yield from _words(around.lines[index].text)
    yield from _marks(around.lines[index].text)
    yield from _neighbours(around, index)
    yield from _likeness(around, index)


def _words(text: str) -> Iterator[str]:
    """Traits of a line's words."""
    yield next(name for limit, name in _LENGTHS if len(text.split()) <= limit)
    form = _form(text)
    yield f"form: {form}"
    if _QUESTION.match(text):
        yield "asks"
    if re.match(r"(?:an?|the|this|these)\s", text, re.IGNORECASE):
        yield "begins with an article"
    if re.match(r"[A-Z]\w+ing\b", text):
        yield "begins with -ing"
    if re.sub(r"\W", "", _first_word(text)) in _USUAL and len(text.split()) <= 4:
        yield "like many articles' headings"
    if _VERB.search(text) and not text.endswith("?"):
        yield "has a verb"
    if _PICTURED.search(text):
        yield "speaks of a picture"
    if is_caption(text):
        yield "like a caption"
    if parse_byline(text) is not None:
        yield "like a byline"


def _marks(text: str) -> Iterator[str]:
    """Traits of a line's letters and marks."""
    end = _END.search(text)
    yield f"ends with {end[1]}" if end else "ends open"
    first = re.sub(r"^[\W_]+", "", text)[:1]
    if first.islower() or not first:
        yield "begins small"
    if first.isdigit():
        yield "begins with a digit"
    if re.match(r"[—–\-“\"'‘(\[*]", text):
        yield "begins with a mark"
    if re.match(r"(?:Q|Question)[:.]\s", text):
        yield "begins with Q"
    if text.endswith(")"):
        yield "ends with a bracket"
    if sum(map(str.isalpha, text)) < len(text.replace(" ", "")) * 0.75:
        yield "few letters"
    if _CODE.search(text):
        yield "like code"
    if re.search(r"[.!?]\s+[A-Z]", text):
        yield "two sentences"
    if re.search(r"[|/]| · ", text):
        yield "has a divider"
    if "," in text:
        yield "has a comma"


def _neighbours(around: _Around, index: int) -> Iterator[str]:
    """Traits of the lines above and below."""
    above, below = around.kind(index - 1), around.kind(index + 1)
    yield "below the first line" if index == 1 else f"below {above}"
    yield f"above {below}"
    if above == around.kind(index - 2) == "a short line":
        yield "below two short lines"
    if below == "a short line":
        yield f"two above {around.kind(index + 2)}"
    own = _weighty_words(around.lines[index].text)
    if index:
        before = around.lines[index - 1].text
        if re.search(r"[.!?][\W\d]*$", before):
            yield "below an ended sentence"
        if before.endswith(":"):
            yield "below a colon"
        if _repeats(before, own):
            yield "repeats the line above"
    if index + 1 < len(around.lines):
        following = around.lines[index + 1].text
        if following[:1].islower():
            yield "above one that begins small"
        if own and not own & _weighty_words(following[:200]):
            yield "above other words"
        if following.endswith(":"):
            yield "above a colon"
        if _repeats(following, own):
            yield "repeated by the line below"
    if around.tells_by_blanks:
        is_above = around.lines[index].follows_blank
        is_below = index + 1 < len(around.lines) and around.lines[index + 1].follows_blank
        where = "around" if is_above and is_below else "above" if is_above else "below" if is_below else "nowhere"
        yield f"blank lines: {where}"


def _likeness(around: _Around, index: int) -> Iterator[str]:
    """Traits that a line shares with others of its text."""
    text, form = around.lines[index].text, around.forms[index]
    if around.times[text] > 1:
        yield "stands twice" if around.times[text] == 2 else "stands often"
    others = around.outstanding[form] - around.stands_out[index]
    yield "none like it stands out" if others == 0 else "some like it stand out"
    if around.form_times[form] > 2 and others < around.form_times[form] * 0.34:
        yield "few like it stand out"
    if around.first_words[_first_word(text)] > 2 and _first_word(text) not in _SMALL_WORDS:
        yield "its first word recurs"
    if any(around.stands_out[max(0, index - 2) : index]):
        yield "just below one that stands out"
    if around.stands_out[index]:
        yield "stands out"
    elif index + 2 < len(around.lines) and around.may_be[index] and around.stands_out[index + 1]:
        yield "above one that stands out"
    share = around.short_share
    yield "among few short lines" if share < 0.35 else "among many short lines"


def is_like_code(text: str) -> bool:
    """Whether a line holds signs that prose does not: brackets, operators, a path, a call; or is indented."""
    return text[:1] in " \t" or _CODE.search(text) is not None


def _form(text: str) -> str:
    """What the headings of one text have in common."""
    weighty = [word for word in text.split()[1:] if word[:1].isalpha() and word.lower() not in _SMALL_WORDS]
    raised = sum(word[0].isupper() for word in weighty)
    if _NUMBERED.match(text):
        return "numbered"
    if text.endswith("?"):
        return "question"
    if not weighty:
        return "one word"
    return "title case" if raised > len(weighty) * 0.8 else "mixed case" if raised > len(weighty) * 0.34 else "sentence"


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0].lower() if text.strip() else ""


def _weighty_words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.lower()))


def _repeats(text: str, words: set[str]) -> bool:
    """Whether a text has most of the words."""
    return len(words & _weighty_words(text)) > len(words) / 2
