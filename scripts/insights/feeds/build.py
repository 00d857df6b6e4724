"""The library → every feed document of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import unquote

from insights.feeds.articles import article_entry, edition_entry
from insights.feeds.atom import Atom
from insights.feeds.entries import Channel, ChannelSource, Entry, Feed, FeedLink, Group, Person
from insights.feeds.formats import Format, escape
from insights.feeds.ids import article_id, as_uri, distinct_moment, edition_id, tag_uri
from insights.feeds.json_feed import JsonFeed
from insights.feeds.members import FiledArticle, file_articles, gather_feeds
from insights.feeds.opml import render_opml
from insights.feeds.paging import Page, fit_contents, page_links, split_pages
from insights.feeds.rss import Rss
from insights.model import EPOCH
from insights.render import one_line, render_html
from insights.urls import OPML, absolute

if TYPE_CHECKING:
    from insights.library import Library
    from insights.model import Article
    from insights.settings import Publication

# To add a format: its file in this package, and a line here.
FORMATS: tuple[Format, ...] = (Rss(), Atom(), JsonFeed())
_RECENT = 1_000  # entries that are held, with their contents


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
    return tuple(feed for feed, _ in gather_feeds(library, publication, file_articles(library)))


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
    documents = plan_feeds(library, publication, sizes, html_of)
    for document in sorted(documents, key=lambda document: document.path):
        yield document.path, document.make()


def plan_feeds(
    library: Library,
    publication: Publication,
    sizes: Mapping[str, int] | None = None,
    html_of: Callable[[Article], str] | None = None,
) -> Iterator[FeedDocument]:
    """Every feed document and the OPML list, by feed, page and format, none of them made yet."""
    filed = file_articles(library)
    members = gather_feeds(library, publication, filed)
    entries = _Entries(filed, library, publication, sizes or {}, html_of or _renderer(publication))
    writer = _Writer(publication, entries)
    for feed, keys in members:
        about = repr(feed)
        for page in split_pages(keys, publication.settings.feeds.entries):
            facts = (about, f"{page.number}/{page.archives}", *(entries.ids[key][1] for key in page.entries))
            for form in FORMATS:
                for path in _paths(feed, page, form):
                    make = partial(writer.write, _Document(path, feed, page, form))
                    yield FeedDocument(path, page.entries, facts, make)
    feeds = tuple(feed for feed, _ in members)
    opml = partial(render_opml, feeds, one_line(publication.name), publication.url)
    yield FeedDocument(OPML, (), tuple(map(repr, feeds)), opml)


class _Entries:
    """Entries by their keys, each made when it is asked for; `ids` has each one's id, and the same as a URI."""

    def __init__(
        self,
        filed: Sequence[FiledArticle],
        library: Library,
        publication: Publication,
        sizes: Mapping[str, int],
        html_of: Callable[[Article], str],
    ) -> None:
        self._library, self._publication, self._sizes, self._html_of = library, publication, sizes, html_of
        self._filed = {each.article.slug: each for each in filed}
        self._editions = {f"newsletter/{edition.slug}": edition for edition in library.editions}
        self.ids = _article_ids(filed, publication)
        self.ids |= {key: (edition_id(edition, publication),) * 2 for key, edition in self._editions.items()}
        self._recent: dict[str, Entry] = {}

    def __getitem__(self, key: str) -> Entry:
        entry = self._recent.get(key)
        if entry is None:
            while len(self._recent) >= _RECENT:
                del self._recent[next(iter(self._recent))]
            entry = self._recent[key] = self._make(key)
        return entry

    def _make(self, key: str) -> Entry:
        if edition := self._editions.get(key):
            return edition_entry(edition, self._library, self._publication)
        entry = article_entry(self._filed[key], self._publication, self._sizes, self._html_of)
        own, uri = self.ids[key]
        if uri == entry.uri:
            return entry
        return replace(entry, id=own, uri=uri, updated=distinct_moment(entry.updated, own))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's entries, their heads in each format, and whether each comes with its content."""

    key: tuple[str, int]
    entries: tuple[Entry, ...]
    heads: tuple[tuple[bytes, ...], ...]
    fits: tuple[bool, ...]


class _Writer:
    """Writes documents; what several of them need of an entry or a page is made once."""

    def __init__(self, publication: Publication, entries: _Entries) -> None:
        self._publication = publication
        self._entries = entries
        self._sources: dict[str, ChannelSource] = {}
        self._heads: dict[str, tuple[bytes, ...]] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._page: _Page | None = None

    def write(self, document: _Document) -> bytes:
        """The document's bytes."""
        page, form = self._prepare(document.feed, document.page), document.format
        written = (
            form.full(head, entry) if fit else form.brief(head, entry)
            for head, entry, fit in zip(page.heads[FORMATS.index(form)], page.entries, page.fits, strict=True)
        )
        return form.document(self._channel(document, page.entries), written)

    def _prepare(self, feed: Feed, page: Page) -> _Page:
        """What all formats of a page share; the last one is kept.

        Archives of topics, tags and authors give articles by summary: the site's own archive has them in full. With
        all of them in full, the feeds of 10,000 articles would take 2 GB.
        """
        key = (feed.folder, page.number)
        if self._page is None or self._page.key != key:
            entries = tuple(self._entries[each] for each in page.entries)
            heads = tuple(zip(*map(self._head, entries), strict=True)) or ((),) * len(FORMATS)
            if page.number and feed.group not in (Group.SITE, Group.NEWSLETTER):
                fits: tuple[bool, ...] = (False,) * len(entries)
            else:
                fits = fit_contents([self._size(entry) for entry in entries])
            fits = tuple(fit and bool(entry.content) for fit, entry in zip(fits, entries, strict=True))
            self._page = _Page(key, entries, heads, fits)
        return self._page

    def _head(self, entry: Entry) -> tuple[bytes, ...]:
        if entry.id not in self._heads:
            self._heads[entry.id] = tuple(form.head(entry) for form in FORMATS)
        return self._heads[entry.id]

    def _size(self, entry: Entry) -> tuple[int, int]:
        """The entry's bytes without its content, and those of its content, in the format that takes most."""
        if entry.id not in self._sizes:
            brief = max(map(len, self._head(entry))) + 4 * len(entry.summary)
            content = entry.content
            self._sizes[entry.id] = brief, len(escape(content)) + sum(map(content.count, '"\n\\\t')) + 50
        return self._sizes[entry.id]

    def _channel(self, document: _Document, entries: Sequence[Entry]) -> Channel:
        feed, page, form = document.feed, document.page, document.format
        publication = self._publication
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
            publication = self._publication
            self._sources[feed.folder] = ChannelSource(
                id=tag_uri(publication, "feeds", *unquote(feed.folder).split("/")[:-1]),
                title=feed.title,
                description=feed.description,
                url=absolute(publication.url, feed.page_href),
                publisher=Person(one_line(publication.name) or publication.url, publication.url),
                language=publication.language,
                rights=one_line(html.unescape(re.sub(r"<[^>]*>", "", publication.copyright))),
            )
        return self._sources[feed.folder]


def _article_ids(filed: Sequence[FiledArticle], publication: Publication) -> dict[str, tuple[str, str]]:
    """Each slug's id, and the same as a URI. An id that two claim is the older one's, the other has its slug's."""
    ids: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for each in reversed(filed):
        claimed = article_id(each.article, publication)
        uri = as_uri(claimed, publication)
        if uri in taken:
            claimed = uri = next(own for own in _own_ids(each.article, publication) if own not in taken)
        taken.add(uri)
        ids[each.article.slug] = claimed, uri
    return ids


def _own_ids(article: Article, publication: Publication) -> Iterator[str]:
    yield tag_uri(publication, "insights", article.slug)
    for number in count(2):
        yield tag_uri(publication, "insights", article.slug, str(number))


def _paths(feed: Feed, page: Page, form: Format) -> tuple[str, ...]:
    names = (form.archive(page.number),) if page.number else form.current
    return tuple(unquote(feed.folder) + name for name in names)


def _renderer(publication: Publication) -> Callable[[Article], str]:
    return lambda article: render_html(article.body, publication, f"insights/{article.slug}.md")
