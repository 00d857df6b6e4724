"""The library → every feed document of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import unquote

from insights.feeds.articles import article_entry, edition_entry
from insights.feeds.atom import Atom
from insights.feeds.entries import Channel, ChannelSource, Entry, Feed, FeedLink, Group, Person
from insights.feeds.formats import Format, escape
from insights.feeds.ids import distinct_moment, tag_uri
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


@dataclass(frozen=True, slots=True)
class _Document:
    """One file to write: a page of a feed in one format, under one of its names."""

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
    filed = file_articles(library)
    members = gather_feeds(library, publication, filed)
    entries = _article_entries(filed, publication, sizes or {}, html_of or _renderer(publication))
    entries |= {
        f"newsletter/{edition.slug}": edition_entry(edition, library, publication) for edition in library.editions
    }
    writer = _Writer(publication)
    per_page = publication.settings.feeds.entries
    documents = [
        _Document(path, feed, page, form)
        for feed, keys in members
        for page in split_pages([entries[key] for key in keys], per_page)
        for form in FORMATS
        for path in _paths(feed, page, form)
    ]
    opml = render_opml((feed for feed, _ in members), one_line(publication.name), publication.url)
    for document in sorted(documents, key=lambda document: document.path):
        if opml and document.path > OPML:
            yield OPML, opml
            opml = b""
        yield document.path, writer.write(document)
    if opml:
        yield OPML, opml


class _Writer:
    """Writes documents; what several of them need of an entry or a page is made once."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._sources: dict[str, ChannelSource] = {}
        self._heads: dict[str, tuple[bytes, ...]] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._pages: dict[tuple[str, int], tuple[tuple[tuple[bytes, ...], ...], tuple[bool, ...]]] = {}

    def write(self, document: _Document) -> bytes:
        """The document's bytes."""
        entries, form = document.page.entries, document.format
        heads, fits = self._page(document.feed, document.page)
        written = (
            form.full(head, entry) if fit else form.brief(head, entry)
            for head, entry, fit in zip(heads[FORMATS.index(form)], entries, fits, strict=True)
        )
        return form.document(self._channel(document), written)

    def _page(self, feed: Feed, page: Page) -> tuple[tuple[tuple[bytes, ...], ...], tuple[bool, ...]]:
        """The heads of a page's entries for each format, and whether each entry comes with its content.

        Archives of topics, tags and authors give articles by summary: the site's own archive has them in full. With
        all of them in full, the feeds of 10,000 articles would take 2 GB.
        """
        key = (feed.folder, page.number)
        if key not in self._pages:
            heads = [self._head(entry) for entry in page.entries]
            if page.number and feed.group not in (Group.SITE, Group.NEWSLETTER):
                fits: tuple[bool, ...] = (False,) * len(heads)
            else:
                fits = fit_contents([self._size(entry) for entry in page.entries])
            fits = tuple(fit and bool(entry.content) for fit, entry in zip(fits, page.entries, strict=True))
            self._pages[key] = tuple(zip(*heads, strict=True)) or ((),) * len(FORMATS), fits
        return self._pages[key]

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

    def _channel(self, document: _Document) -> Channel:
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
            updated=max((entry.updated for entry in page.entries), default=EPOCH.replace(year=2000)),
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


def _article_entries(
    filed: Sequence[FiledArticle],
    publication: Publication,
    sizes: Mapping[str, int],
    html_of: Callable[[Article], str],
) -> dict[str, Entry]:
    """The articles' entries by slug. An id that two claim is the older one's, the other has its slug's."""
    entries: dict[str, Entry] = {}
    taken: set[str] = set()
    for each in reversed(filed):
        entry = article_entry(each, publication, sizes, html_of)
        if entry.uri in taken:
            own = next(uri for uri in _own_ids(each.article, publication) if uri not in taken)
            entry = replace(entry, id=own, uri=own, updated=distinct_moment(entry.updated, own))
        taken.add(entry.uri)
        entries[each.article.slug] = entry
    return entries


def _own_ids(article: Article, publication: Publication) -> Iterator[str]:
    yield tag_uri(publication, "insights", article.slug)
    for number in count(2):
        yield tag_uri(publication, "insights", article.slug, str(number))


def _paths(feed: Feed, page: Page, form: Format) -> tuple[str, ...]:
    names = (form.archive(page.number),) if page.number else form.current
    return tuple(unquote(feed.folder) + name for name in names)


def _renderer(publication: Publication) -> Callable[[Article], str]:
    return lambda article: render_html(article.body, publication, f"insights/{article.slug}.md")
