"""Atom 1.0, with Media RSS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.feeds.formats import escape
from insights.feeds.generator import atom_entry, atom_head

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Channel, Entry

_ENTRY_END = b"</entry>\n"


class Atom:
    """Atom (RFC 4287)."""

    current = ("atom.xml",)

    def archive(self, number: int) -> str:
        """The file name of an archive."""
        return f"atom-archive-{number}.xml"

    def head(self, entry: Entry) -> bytes:
        """The entry without its content."""
        return atom_entry(entry)

    def full(self, head: bytes, content: str) -> bytes:
        """The entry with its content as escaped HTML (RFC 4287 §4.1.3.3)."""
        return head.removesuffix(_ENTRY_END) + b'<content type="html">' + escape(content) + b"</content>" + _ENTRY_END

    def brief(self, head: bytes, summary: str) -> bytes:
        """The entry with its summary alone."""
        return head

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""
        return b"".join((atom_head(channel), b"\n", *entries, b"</feed>\n"))
