"""How much a text may ask of Python-Markdown, some of whose parts take a time that grows with the square of a text.

What is asked beyond these bounds is shown as it was written: openings that nothing closes, nesting, notes, definitions.
No text that anybody reads comes near them; one that was made to be slow is done in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN = 100
"""How many openings may be left open: each makes a parser look through all that follows."""
_DEEP = 30
_INDENT = 80
_LONG = 16_000
"""Characters of a paragraph that are read at once: all of them are copied for each link or emphasis among them."""
_SEAMS = " \n)>*_`\x03"  # the last ends what Python-Markdown puts in the place of what it has read
# Characters for private use, which nobody writes: a reference ("&#91;") would be taken apart one by one, in the same
# time that is to be saved.
_STAND_INS = {mark: chr(0xF8A0 + number) for number, mark in enumerate("[(<*:")}
_REFERENCES = {ord(stand_in): f"&#{ord(mark)};" for mark, stand_in in _STAND_INS.items()}
_BRACKETS = re.compile(r"\[|\]|\n[ \t]*\n")
_PARENS = re.compile(r"\]\(|\(|\)|\n[ \t]*\n")
_TAGS = re.compile(r"<(?=[A-Za-z/!?][^<>]*(?:<|\Z))")
# What each counts for itself: notes referred to, abbreviations.
_COUNTED = (
    (re.compile(r"\[\^"), "[^", 1000, f"{_STAND_INS['[']}^"),
    (re.compile(r"^\*\[", re.MULTILINE), "*[", 300, f"{_STAND_INS['*']}["),
)
_DEFINITIONS = re.compile(r"^ {0,3}: |\n[ \t]*\n", re.MULTILINE)
_INDENTED = re.compile(rf"^( {{{_INDENT}}}) +", re.MULTILINE)


def bound(text: str) -> str:
    """The Markdown with stand-ins for the marks that exceed the bounds, which `unbound` turns back.

    Marks are looked at one by one only where there are enough of them to exceed a bound at all.
    """
    if " " * _INDENT in text:  # Python-Markdown has made spaces of tabs by now
        text = _INDENTED.sub(r"\1", text)
    for pattern, mark, count, written in _COUNTED:
        if text.count(mark) > count:
            text = _replace(text, [match.span() for match in pattern.finditer(text)][count:], written)
    if text.count(": ") > _DEEP:
        text = _replace(text, list(_crowded(text)), f"{_STAND_INS[':']} ")
    if text.count("[") > _OPEN:
        spans = [(start, start + 1) for start in _unclosed(text, _BRACKETS, "[")]
        text = _replace(text, spans[_OPEN:], _STAND_INS["["])
    if text.count("(") > _OPEN:
        spans = [(start, start + 2) for start in _unclosed(text, _PARENS, "](")]
        text = _replace(text, spans[_OPEN:], f"]{_STAND_INS['(']}")
    if text.count("<") > _OPEN:
        text = _replace(text, [match.span() for match in _TAGS.finditer(text)][_OPEN:], _STAND_INS["<"])
    return text


def unbound(html: str) -> str:
    """The HTML with the marks that `bound` took out, as text."""
    return html.translate(_REFERENCES)


def is_long(text: str) -> bool:
    """Whether a paragraph of the Markdown may be read in pieces."""
    return len(text) > _LONG and any(len(block) > _LONG for block in text.split("\n\n"))


def pieces(text: str) -> list[str]:
    """The text of one element in pieces, each read by itself: emphasis from one into the next stays text."""
    parts, start = [], 0
    while len(text) - start > _LONG:
        end = max(text.rfind(seam, start, start + _LONG) for seam in _SEAMS) + 1
        if not end:
            break
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:]]


def _unclosed(text: str, marks: re.Pattern[str], wanted: str) -> list[int]:
    """Where the openings are that nothing closes in their paragraph, or that stand too deep in others."""
    return sorted(start for start, mark in _open_marks(text, marks) if mark == wanted)


def _open_marks(text: str, marks: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    waiting: list[tuple[int, str]] = []
    for match in marks.finditer(text):
        mark = match[0]
        if mark[0] == "\n":
            yield from waiting
            waiting.clear()
        elif mark in ("]", ")"):
            if waiting:
                waiting.pop()
        else:
            if len(waiting) >= _DEEP:
                yield match.start(), mark
            waiting.append((match.start(), mark))
    yield from waiting


def _crowded(text: str) -> Iterator[tuple[int, int]]:
    """Where definitions are that follow many others without a gap: Python-Markdown nests each in the one before."""
    count = 0
    for match in _DEFINITIONS.finditer(text):
        count = 0 if match[0][0] == "\n" else count + 1
        if count > _DEEP:
            yield match.span()


def _replace(text: str, spans: list[tuple[int, int]], written: str) -> str:
    if not spans:
        return text
    parts, end = [], 0
    for start, stop in dict.fromkeys(spans):
        parts += [text[end:start], written]
        end = stop
    return "".join([*parts, text[end:]])
