"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Channel, Entry, Person

_encode = msgspec.json.Encoder().encode
_EMPTY_LIST = b"[]}"


class _Author(Struct, omit_defaults=True):
    name: str
    url: str | None = None


class _Item(Struct, omit_defaults=True):
    id: str
    url: str
    title: str
    summary: str
    date_published: str
    date_modified: str
    authors: tuple[_Author, ...] = ()
    tags: tuple[str, ...] = ()
    image: str | None = None
    external_url: str | None = None
    language: str | None = None


class _Hub(Struct):
    type: str
    url: str


class _Document(Struct, omit_defaults=True, kw_only=True):
    version: str = msgspec.field()
    title: str
    description: str
    home_page_url: str
    feed_url: str | None
    next_url: str | None = None
    language: str
    authors: tuple[_Author, ...]
    hubs: tuple[_Hub, ...] = ()
    items: tuple[_Item, ...] = msgspec.field()


class JsonFeed:
    """JSON Feed 1.1; `next_url` leads through the archives."""

    current = ("feed.json",)

    def archive(self, number: int) -> str:
        """The file name of an archive."""
        return f"feed-archive-{number}.json"

    def head(self, entry: Entry) -> bytes:
        """The item without its content."""
        item = _Item(
            id=entry.id,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            date_published=entry.published.isoformat(),
            date_modified=entry.updated.isoformat(),
            authors=tuple(_author(person) for person in entry.authors),
            tags=tuple(dict.fromkeys(category.label for category in entry.categories)),
            image=entry.picture.url if entry.picture else None,
            external_url=entry.original,
            language=entry.language,
        )
        return _encode(item)

    def full(self, head: bytes, content: str) -> bytes:
        """The item with content_html."""
        return head[:-1] + b',"content_html":' + _encode(content) + b"}"

    def brief(self, head: bytes, summary: str) -> bytes:
        """The item with its summary as content_text: an item must have one of the two."""
        return head[:-1] + b',"content_text":' + _encode(summary) + b"}"

    def document(self, channel: Channel, entries: Iterable[bytes]) -> bytes:
        """The whole document."""
        source, hub = channel.source, channel.link("hub")
        top = _Document(
            version="https://jsonfeed.org/version/1.1",
            title=source.title,
            description=source.description,
            home_page_url=source.url,
            feed_url=channel.link("self"),
            next_url=channel.link("next"),
            language=source.language,
            authors=(_author(source.publisher),),
            hubs=(_Hub("WebSub", hub),) if hub else (),
            items=(),
        )
        return _encode(top).removesuffix(_EMPTY_LIST) + b"[\n" + b",\n".join(entries) + b"\n]}\n"


def _author(person: Person) -> _Author:
    return _Author(person.name, person.url)
