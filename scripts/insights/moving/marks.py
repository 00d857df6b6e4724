"""Marks: what could not be converted, kept in the article as a comment that readers do not see and `check` reports.

While HTML becomes Markdown a mark is a token of private-use characters, which every writer passes on as text.
"""

from __future__ import annotations

import re

from insights.moving.entry import Mark

NOT_CONVERTED = " not converted: "
"""What the comment of a mark begins with."""
_ROOM = 4_000_000  # characters
_TOKEN = re.compile("\ue000(\\d{1,9})\ue001")
_HELD = dict.fromkeys(range(0xE000, 0xE010))


class Room:
    """How much an entry may take in of texts that stand elsewhere: a few, embedded often, would fill a disk."""

    def __init__(self) -> None:
        self._left = _ROOM

    def takes(self, text: str) -> bool:
        """Whether there is room for one more."""
        self._left -= len(text)
        return self._left >= 0


class Marks:
    """The marks of one entry, in their order."""

    def __init__(self) -> None:
        self.found: list[Mark] = []
        self.dropped: list[str] = []
        self.room = Room()

    def keep(self, construct: str, raw: str) -> str:
        """The token that stands for `raw`, of the kind `construct`, until `show_marks`."""
        self.found.append(Mark(construct, raw))
        return f"\ue000{len(self.found) - 1}\ue001"

    def drop(self, what: str) -> str:
        """Nothing, and a note in the report that one of these was left out: a subscription form, say."""
        self.dropped.append(what)
        return ""


def without_tokens(text: str) -> str:
    """An export's text without the characters of which tokens are made, here and by the platforms' cleaners."""
    return text.translate(_HELD)


def show_marks(markdown: str, marks: list[Mark]) -> str:
    """The Markdown with each token as a comment on one line: `<!-- not converted: [form id="3"] -->`.

    One that stands for nothing is left out: an export may spell its characters as references.
    """
    raw = dict(enumerate(mark.raw for mark in marks))
    return _TOKEN.sub(lambda match: comment_of(raw[int(match[1])]) if int(match[1]) in raw else "", markdown)


def comment_of(raw: str) -> str:
    """The comment that keeps a text; line breaks are written `\\n`, and what would end the comment as `--&gt;`."""
    text = raw.strip().replace("\n", "\\n").replace("-->", "--&gt;").replace("<!--", "&lt;!--")
    return f"<!--{NOT_CONVERTED}{text} -->"
