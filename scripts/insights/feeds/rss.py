"""RSS 2.0, with content:encoded, Dublin Core, Media RSS and Atom's links."""

from __future__ import annotations

import html
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from insights.feeds.formats import escape
from insights.feeds.xml import (
    ATOM,
    DECLARATION,
    GENERATOR,
    NAMESPACES,
    as_html_if_markup,
    element,
    link_elements,
    media_content,
    start_tag,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Category, Channel, Entry

_ITEM_END = b"</item>\n"
_NAMESPACES = {**NAMESPACES, "xmlns:atom": ATOM, "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}


class Rss:
    """RSS 2.0 (rssboard.org/rss-specification) by the RSS Best Practices Profile."""

    current = ("feed.xml", "feed.rss")

    def archive(self, number: int) -> str:
        """The file name of an archive."""
        return f"feed-archive-{number}.xml"

    def head(self, entry: Entry) -> bytes:
        """The item without its content."""
        return _item(entry)

    def full(self, head: bytes, entry: Entry) -> bytes:
        """The item with content:encoded, after the description as the RSS Profile asks."""
        content = escape(entry.content)
        return head.removesuffix(_ITEM_END) + b"<content:encoded>" + content + b"</content:encoded>" + _ITEM_END

    def brief(self, head: bytes, entry: Entry) -> bytes:
        """The item with its description alone."""
        return head

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""
        return b"".join((_head(channel), b"\n", *entries, b"</channel></rss>\n"))


def _head(channel: Channel) -> bytes:
    """A document from its first byte to its first item."""
    source = channel.source
    parts = (
        element("title", as_html_if_markup(source.title)),
        element("link", source.url),
        element("description", as_html_if_markup(source.description)),
        element("copyright", source.rights) if source.rights else "",
        element("docs", "http://www.rssboard.org/rss-specification"),
        element("generator", GENERATOR),
        element("language", source.language) if source.language else "",
    )
    start = DECLARATION + start_tag("rss", {**_NAMESPACES, "version": "2.0"}) + "<channel>"
    moment = element("lastBuildDate", format_datetime(channel.updated))
    links = link_elements(channel, "atom:link", "application/rss+xml")
    return (start + _as_profile("".join(parts)) + moment + links).encode()


def _item(entry: Entry) -> bytes:
    parts = (
        "<item>",
        element("title", as_html_if_markup(entry.title)),
        element("link", entry.url),
        # A description is HTML, always: one more escape for what is text.
        element("description", html.escape(entry.summary, quote=False)),
        element("guid", entry.id, {"isPermaLink": "false"}),
        *map(_category, entry.categories),
        media_content(entry.picture),
        *(element("dc:creator", person.name) for person in entry.authors),
        element("dc:language", entry.language) if entry.language else "",
        element("dc:source", entry.original) if entry.original else "",
        element("pubDate", format_datetime(entry.published)),
        element("atom:updated", entry.updated.isoformat()),
    )
    return _as_profile("".join(parts)).encode() + _ITEM_END


@lru_cache(maxsize=4096)
def _category(category: Category) -> str:
    return element("category", category.label, {"domain": category.scheme})


def _as_profile(xml: str) -> str:
    """The same XML with "&" and "<" written as the RSS profile wants them in plain text, so that none is doubted.

    Source: RSS Advisory Board, "RSS Best Practices Profile", Character Data.
    """
    return xml.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;")
