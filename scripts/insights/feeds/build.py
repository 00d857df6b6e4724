"""The library → every feed document of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from insights.feeds.entries import Channel, ChannelSource, Feed, FeedLink, Group, Person
from insights.feeds.formats import Format
from insights.feeds.ids import tag_uri
from insights.feeds.members import gather_feeds
from insights.feeds.opml import render_opml
from insights.feeds.paging import Page, fit_contents, page_links, split_pages
from insights.feeds.written import FORMATS, Entries, WrittenEntry
from insights.model import EPOCH
from insights.render import one_line
from insights.urls import OPML, absolute

if TYPE_CHECKING:
    from insights.library import Library
    from insights.model import Article
    from insights.settings import Publication


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One file to write: its path in the site, what decides its bytes, and how they are made.

    `keys` name its entries, newest first: an article by its slug, an edition as "newsletter/<number>". Documents whose
    keys name the same content and whose `facts` are equal are the same bytes, under the same settings and terms.
    """

    path: str
    keys: tuple[str, ...]
    facts: tuple[str, ...]
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class _Document:
    """A page of a feed in one format, under one of its names."""

    path: str
    feed: Feed
    page: Page
    format: Format


def list_feeds(library: Library, publication: Publication) -> tuple[Feed, ...]:
    """The site's feeds: of the site, the newsletter, each topic, tag and author in use; by group, then name."""
    return tuple(feed for feed, _ in gather_feeds(library, publication))


def render_feeds(
    library: Library,
    publication: Publication,
    sizes: Mapping[str, int] | None = None,
    html_of: Callable[[Article], str] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """The path in the site and the bytes of every feed document and of the OPML list, sorted by path.

    `library` is the live one. `sizes` has the length in bytes of files by their path in the site ("assets/a.png"),
    for those that feeds show; `html_of` gives an article's rendered body where the caller has it already.
    """
    entries = Entries(library, publication, sizes, html_of)
    for document in sorted(plan_feeds(entries), key=lambda document: document.path):
        yield document.path, document.make()


def plan_feeds(
    entries: Entries,
    written: Callable[[str], WrittenEntry] | None = None,
    edited: Set[str] | None = None,
) -> Iterator[FeedDocument]:
    """Every feed document and the OPML list, by feed, page and format, none of them made yet.

    `written` gives an entry by its key, where the caller may have it already. With the keys of `edited` entries, only
    the documents that hold one of them.
    """
    publication = entries.publication
    members = gather_feeds(entries.library, publication)
    writer = _Writer(entries, written or lru_cache(maxsize=None)(entries.write))
    for feed, keys in members:
        about = repr(feed)
        for page in split_pages(keys, publication.settings.feeds.entries):
            if edited is not None and edited.isdisjoint(page.entries):
                continue
            facts = (about, f"{page.number}/{page.archives}", *(entries.ids[key][1] for key in page.entries))
            for form in FORMATS:
                for path in _paths(feed, page, form):
                    make = partial(writer.write, _Document(path, feed, page, form))
                    yield FeedDocument(path, page.entries, facts, make)
    if edited is not None:
        return
    feeds = tuple(feed for feed, _ in members)
    opml = partial(render_opml, feeds, one_line(publication.name), publication)
    yield FeedDocument(OPML, (), tuple(map(repr, feeds)), opml)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's entries, and the content of each that comes with it."""

    key: tuple[str, int]
    entries: tuple[WrittenEntry, ...]
    contents: tuple[str, ...]


class _Writer:
    """Writes documents; what several of them need of a page is made once."""

    def __init__(self, entries: Entries, written: Callable[[str], WrittenEntry]) -> None:
        self._entries = entries
        self._written = written
        self._sources: dict[str, ChannelSource] = {}
        self._page: _Page | None = None

    def write(self, document: _Document) -> bytes:
        """The document's bytes."""
        page, form = self._prepare(document.feed, document.page), document.format
        number = FORMATS.index(form)
        parts = (
            form.full(entry.heads[number], content) if content else form.brief(entry.heads[number], entry.summary)
            for entry, content in zip(page.entries, page.contents, strict=True)
        )
        return form.document(self._channel(document, page.entries), parts)

    def _prepare(self, feed: Feed, page: Page) -> _Page:
        """What all formats of a page share; the last one is kept.

        Archives of topics, tags and authors give articles by summary: the site's own archive has them in full. With
        all of them in full, the feeds of 10,000 articles would take 2 GB.
        """
        key = (feed.folder, page.number)
        if self._page is None or self._page.key != key:
            entries = tuple(map(self._written, page.entries))
            if page.number and feed.group not in (Group.SITE, Group.NEWSLETTER):
                fits: tuple[bool, ...] = (False,) * len(entries)
            else:
                fits = fit_contents([(entry.brief_bytes, entry.content_bytes) for entry in entries])
            contents = (
                self._entries.content(each, entry) if fit else ""
                for each, entry, fit in zip(page.entries, entries, fits, strict=True)
            )
            self._page = _Page(key, entries, tuple(contents))
        return self._page

    def _channel(self, document: _Document, entries: Sequence[WrittenEntry]) -> Channel:
        feed, page, form = document.feed, document.page, document.format
        publication = self._entries.publication
        folder = absolute(publication.url, feed.folder)
        name = document.path.rpartition("/")[2]
        hub = publication.settings.feeds.hub
        links = (
            FeedLink("self", folder + name),
            *([FeedLink("hub", hub)] if hub and not page.number else ()),
            *page_links(page, folder + form.current[0], lambda number: folder + form.archive(number)),
        )
        return Channel(
            source=self._source(feed),
            updated=max((entry.updated for entry in entries), default=EPOCH.replace(year=2000)),
            links=links,
            is_archive=page.number > 0,
        )

    def _source(self, feed: Feed) -> ChannelSource:
        if feed.folder not in self._sources:
            publication = self._entries.publication
            self._sources[feed.folder] = ChannelSource(
                id=tag_uri(publication, "feeds", *unquote(feed.folder).split("/")[:-1]),
                title=feed.title,
                description=feed.description,
                url=absolute(publication.url, feed.page_href),
                publisher=Person(one_line(publication.name) or publication.url, publication.url),
                language=publication.language,
                rights=one_line(html.unescape(re.sub(r"<[^<>]*>", "", publication.copyright))),
            )
        return self._sources[feed.folder]


def _paths(feed: Feed, page: Page, form: Format) -> tuple[str, ...]:
    names = (form.archive(page.number),) if page.number else form.current
    return tuple(unquote(feed.folder) + name for name in names)
