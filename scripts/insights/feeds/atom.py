"""Atom 1.0, with Media RSS."""

from __future__ import annotations

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
    empty_element,
    has_markup,
    link_elements,
    media_content,
    start_tag,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Category, Channel, Entry, Person

_ENTRY_END = b"</entry>\n"


class Atom:
    """Atom (RFC 4287)."""

    current = ("atom.xml",)

    def archive(self, number: int) -> str:
        """The file name of an archive."""
        return f"atom-archive-{number}.xml"

    def head(self, entry: Entry) -> bytes:
        """The entry without its content."""
        return _entry(entry)

    def full(self, head: bytes, entry: Entry) -> bytes:
        """The entry with its content as escaped HTML (RFC 4287 §4.1.3.3)."""
        content = escape(entry.content)
        return head.removesuffix(_ENTRY_END) + b'<content type="html">' + content + b"</content>" + _ENTRY_END

    def brief(self, head: bytes, entry: Entry) -> bytes:
        """The entry with its summary alone."""
        return head

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""
        return b"".join((_head(channel), b"\n", *entries, b"</feed>\n"))


def _head(channel: Channel) -> bytes:
    """A document from its first byte to its first entry."""
    source = channel.source
    parts = (
        DECLARATION,
        start_tag("feed", {**NAMESPACES, "xmlns": ATOM, "xml:lang": source.language}),
        element("id", source.id),
        _text("title", source.title),
        _person(source.publisher),
        empty_element("link", {"href": source.url, "rel": "alternate", "type": "text/html"}),
        element("generator", GENERATOR),
        _text("rights", source.rights) if source.rights else "",
        _text("subtitle", source.description),
        element("updated", channel.updated.isoformat()),
        link_elements(channel, "link", "application/atom+xml"),
    )
    return "".join(parts).encode()


def _entry(entry: Entry) -> bytes:
    original = {"href": entry.original, "rel": "via"}
    parts = (
        start_tag("entry", {"xml:lang": entry.language}),
        element("id", entry.uri),
        _text("title", entry.title),
        element("updated", entry.updated.isoformat()),
        *map(_person, entry.authors),
        empty_element("link", {"href": entry.url, "rel": "alternate", "type": "text/html"}),
        empty_element("link", original) if entry.original else "",
        _text("summary", entry.summary),
        *map(_category, entry.categories),
        media_content(entry.picture),
        element("published", entry.published.isoformat()),
    )
    return "".join(parts).encode() + _ENTRY_END


@lru_cache(maxsize=4096)
def _person(person: Person) -> str:
    uri = element("uri", person.url) if person.url else ""
    return f"<author>{element('name', person.name)}{uri}</author>"


@lru_cache(maxsize=4096)
def _category(category: Category) -> str:
    return empty_element("category", {"term": category.term, "scheme": category.scheme, "label": category.label})


def _text(name: str, text: str) -> str:
    """A text construct, HTML (RFC 4287 §3.1) if it holds markup: readers strip tags even from plain text."""
    return element(name, as_html_if_markup(text), {"type": "html" if has_markup(text) else None})
