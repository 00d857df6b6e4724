"""What a feed format must say of itself; rss.py, atom.py and json_feed.py do."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Channel, Entry


class Format(Protocol):
    """One way to write a feed. An entry's head is written once and then used in every feed that holds the entry."""

    @property
    def current(self) -> tuple[str, ...]:
        """The file names of the document with the newest entries, the main name first."""

    def archive(self, number: int) -> str:
        """The file name of the archive with this number; 1 is the oldest."""

    def head(self, entry: Entry) -> bytes:
        """Everything of an entry but its content."""

    def full(self, head: bytes, content: str) -> bytes:
        """The entry with its content."""

    def brief(self, head: bytes, summary: str) -> bytes:
        """The entry with its summary only."""

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""


@lru_cache(maxsize=256)
def escape(text: str) -> bytes:
    """The text as XML character data; the last ones are kept, since RSS and Atom say the same."""
    return html.escape(text, quote=False).encode()
