"""Reads the full entries of a feed (RSS, Atom, JSON Feed) into Extracts, in the feed's order."""

from __future__ import annotations

import json
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime

import feedparser
import turbohtml

from insights.errors import SourceError
from insights.model import Evidence, Extract, Image, Source
from insights.readers.dates import parse_date
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import html_to_markdown

FULL_TEXT_CHARACTERS = 600
"""A description this long is an article; a shorter one is a teaser, and its article must be fetched by URL."""

_ELEMENTS = 2
"""A feed may have this many times the elements of a page."""
_ENTRIES = 50_000


def read_feed(source: Source, limits: Limits = LIMITS) -> tuple[Extract, ...]:
    """The entries that carry their whole text, each with its address as `canonical`.

    Raises SourceError where the feed cannot be read, or holds no entry with its whole text.
    """
    if len(source.data) > limits.max_bytes:
        raise SourceError(source.name, f"the feed has more than {limits.max_bytes:,} bytes", "raise the limit")
    # In most feeds the HTML of an entry is escaped.
    elements = sum(source.data.count(mark) - source.data.count(mark + b"/") for mark in (b"<", b"&lt;"))
    if elements > _ELEMENTS * limits.max_elements:
        what = f"the feed has {elements:,} elements, more than {_ELEMENTS * limits.max_elements:,}"
        raise SourceError(source.name, what, "ask for its newest entries alone, or raise the limit")
    is_json = source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    extracts = _json_entries(source) if is_json else _xml_entries(source)
    if not extracts:
        fix = "ingest the entries by their addresses instead"
        raise SourceError(source.name, "the feed holds no entry with its whole text", fix)
    return tuple(extracts)


def _xml_entries(source: Source) -> list[Extract]:
    parsed = feedparser.parse(source.data, sanitize_html=False, resolve_relative_uris=True)
    if parsed.bozo and not parsed.entries:
        raise SourceError(source.name, f"the feed cannot be read: {parsed.bozo_exception}", "check the address")
    extracts = []
    for entry in parsed.entries:
        contents = [part.value for part in entry.get("content", ()) if part.get("value")]
        html = max(contents, key=len, default="") or entry.get("summary", "")
        if not _is_full(html, is_content=bool(contents)):
            continue
        link = entry.get("link")
        extract = Extract(
            body=html_to_markdown(html, link or source.url),
            title=_plain(entry.get("title", "")),
            description=_plain(entry.get("summary", "")) if contents else None,
            authors=tuple(dict.fromkeys(a.name for a in entry.get("authors", ()) if a.get("name"))),
            published=_moment(entry, "published_parsed") or _moment(entry, "updated_parsed"),
            updated=_moment(entry, "updated_parsed"),
            tags=tuple(dict.fromkeys(tag.term for tag in entry.get("tags", ()) if tag.get("term"))),
            canonical=link,
            guid=entry.get("id"),
            language=parsed.feed.get("language"),
            evidence=(Evidence("title", _plain(entry.get("title", "")) or "", "feed entry"),),
        )
        extracts.append(extract)
    return extracts


def _is_full(html: str, *, is_content: bool) -> bool:
    return bool(html.strip()) and (is_content or len(turbohtml.parse(html).text) >= FULL_TEXT_CHARACTERS)


def _plain(html: str) -> str | None:
    """The text of a title or summary that may hold markup."""
    return " ".join(turbohtml.parse(f"<body>{html}</body>", positions=False).text.split()) or None


def _moment(entry: Mapping[str, object], key: str) -> datetime | None:
    parsed = dict(entry).get(key)  # feedparser's own get() answers with the other date where one is missing
    return datetime.fromtimestamp(timegm(parsed), UTC) if isinstance(parsed, tuple) else None


def _json_entries(source: Source) -> list[Extract]:
    """JSON Feed 1.1, items."""
    try:
        feed = json.loads(source.data)
    except (ValueError, RecursionError) as error:
        raise SourceError(source.name, f"the feed is not JSON: {error}", "check the address") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if isinstance(items, list) and len(items) > _ENTRIES:
        what = f"the feed has {len(items):,} entries, more than {_ENTRIES:,}"
        raise SourceError(source.name, what, "ask for its newest entries alone")
    extracts = []
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        html, text = item.get("content_html"), item.get("content_text")
        if isinstance(html, str) and html.strip():
            body = html_to_markdown(html, _string(item, "url"))
        elif isinstance(text, str) and len(text) >= FULL_TEXT_CHARACTERS:
            paragraphs = (turbohtml.escape(part) for part in text.split("\n\n"))
            body = html_to_markdown("".join(f"<p>{part}</p>" for part in paragraphs))
        else:
            continue
        authors = item.get("authors") or [item.get("author")]
        names = [a.get("name") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
        tags = item.get("tags")
        image = _string(item, "image")
        extracts.append(
            Extract(
                body=body,
                title=_string(item, "title"),
                description=_string(item, "summary"),
                authors=tuple(name for name in names if isinstance(name, str)),
                published=parse_date(_string(item, "date_published") or ""),
                updated=parse_date(_string(item, "date_modified") or ""),
                tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
                canonical=_string(item, "url"),
                guid=_string(item, "id"),
                language=_string(item, "language") or _string(feed, "language"),
                image=Image(image) if image else None,
                evidence=(Evidence("title", _string(item, "title") or "", "feed entry"),),
            )
        )
    return extracts


def _string(mapping: Mapping[str, object], key: str) -> str | None:
    value = mapping.get(key)
    return value.strip() or None if isinstance(value, str) else None
