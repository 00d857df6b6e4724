"""Repairs as suggestions: changes of lines that an author takes over with one click, in the browser, on a fork too."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from insights.desk.changes import Changes
from insights.desk.checking import Mended


@dataclass(frozen=True, slots=True)
class Suggestion:
    """New text, as Markdown of a comment, for the lines `first` to `last` of a file, counted from 1."""

    path: str
    first: int
    last: int
    body: str


def suggest(mended: Iterable[Mended], changes: Changes) -> Iterator[Suggestion]:
    """A suggestion for each repair of lines that the branch changed; GitHub takes comments on no other lines."""
    for file in mended:
        before, after = file.before.split("\n"), file.after.split("\n")
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for tag, start, end, new_start, new_end in matcher.get_opcodes():
            if tag == "equal":
                continue
            # An insertion has no line of its own to stand on: it takes the line above with it.
            above = 1 if start == end and start else 0
            first, last = start - above + 1, end
            if set(range(first, last + 1)) <= changes.lines.get(file.path, frozenset[int]()) and first <= last:
                yield Suggestion(file.path, first, last, _block(after[new_start - above : new_end]))


def dump_suggestions(suggestions: Iterable[Suggestion]) -> str:
    """The suggestions as JSON."""
    return json.dumps([asdict(suggestion) for suggestion in suggestions], indent=1)


def _block(lines: list[str]) -> str:
    text = "\n".join(lines)
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}suggestion\n{text}\n{fence}" if lines else f"{fence}suggestion\n{fence}"
