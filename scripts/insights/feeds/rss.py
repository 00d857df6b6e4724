"""RSS 2.0, with content:encoded, Dublin Core, Media RSS and Atom's links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.feeds.formats import escape
from insights.feeds.generator import rss_head, rss_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Channel, Entry

_ITEM_END = b"</item>\n"


class Rss:
    """RSS 2.0 (rssboard.org/rss-specification) by the RSS Best Practices Profile."""

    current = ("feed.xml", "feed.rss")

    def archive(self, number: int) -> str:
        """The file name of an archive."""
        return f"feed-archive-{number}.xml"

    def head(self, entry: Entry) -> bytes:
        """The item without its content."""
        return rss_item(entry)

    def full(self, head: bytes, content: str) -> bytes:
        """The item with content:encoded, after the description as the RSS Profile asks."""
        return head.removesuffix(_ITEM_END) + b"<content:encoded>" + escape(content) + b"</content:encoded>" + _ITEM_END

    def brief(self, head: bytes, summary: str) -> bytes:
        """The item with its description alone."""
        return head

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""
        return b"".join((rss_head(channel), b"\n", *entries, b"</channel></rss>\n"))
