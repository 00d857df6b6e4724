"""The old site's feed: what it says of each page, and the ids by which its readers know the articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote

import feedparser
import turbohtml

from insights.moving.entry import Entry, Export, Kind, left_out, split_address
from insights.moving.rows import Row, rows, text_in
from insights.readers.dates import parse_date


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one page. `html` may be the whole article or its beginning."""

    url: str
    guid: str
    title: str
    html: str
    published: datetime | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]


def read_feeds(feeds: Iterable[bytes]) -> dict[str, FeedEntry]:
    """The entries of feeds (RSS, Atom, JSON Feed) by the keys of their addresses."""
    return {
        address_key(entry.url): entry
        for data in feeds
        for entry in (_json_entries(data) if data.lstrip()[:1] == b"{" else _xml_entries(data))
    }


def address_key(url: str) -> str:
    """An address as it is compared: no scheme, no "www.", no slash at its end."""
    parts = split_address(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path).rstrip('/')}?{parts.query}".rstrip("?")


def with_feed_ids(export: Export, told: Mapping[str, FeedEntry]) -> Export:
    """The export with the ids that the old feed gave its articles; entries of the feed that it lacks are told."""
    found: set[str] = set()

    def known(entry: Entry) -> Entry:
        if entry.kind is not Kind.ARTICLE:
            return entry
        for url in (entry.url, *entry.other_urls):
            if (key := address_key(url)) in told:
                found.add(key)
                return replace(entry, guid=told[key].guid)
        return entry

    entries = tuple(known(entry) for entry in export.entries)
    lacking = [entry.url for key, entry in told.items() if key not in found]
    left = left_out({"entries of the old feed that are not in the export": lacking})
    return replace(export, entries=entries, left_out=(*export.left_out, *left))


def _xml_entries(data: bytes) -> Iterator[FeedEntry]:
    for entry in feedparser.parse(data, sanitize_html=False, resolve_relative_uris=True).entries:
        link = entry.get("link", "")
        if link.startswith(("http://", "https://")):
            contents = [part.value for part in entry.get("content", ()) if part.get("value")]
            title = turbohtml.parse(f"<body>{entry.get('title', '')}</body>", positions=False).text
            yield FeedEntry(
                url=link,
                guid=entry.get("id", "") or link,
                title=" ".join(title.split()),
                html=max(contents, key=len, default="") or entry.get("summary", ""),
                published=parse_date(entry.get("published", "") or entry.get("updated", "")),
                authors=tuple(dict.fromkeys(each.name for each in entry.get("authors", ()) if each.get("name"))),
                tags=tuple(dict.fromkeys(tag.term for tag in entry.get("tags", ()) if tag.get("term"))),
            )


def _json_entries(data: bytes) -> Iterator[FeedEntry]:
    """JSON Feed 1.1, items."""
    try:
        feed = json.loads(data)
    except ValueError:
        return
    for item in rows(feed if isinstance(feed, dict) else {}, "items"):
        people: list[Row] = [*rows(item, "authors")]
        tags = item.get("tags")
        yield FeedEntry(
            url=text_in(item, "url"),
            guid=text_in(item, "id") or text_in(item, "url"),
            title=text_in(item, "title"),
            html=text_in(item, "content_html"),
            published=parse_date(text_in(item, "date_published")),
            authors=tuple(name for person in people if (name := text_in(person, "name"))),
            tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        )
