"""Entries as the documents of feeds need them: written once in every format, whatever number of feeds they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from insights.feeds.articles import article_entry, edition_entry, with_picture
from insights.feeds.atom import Atom
from insights.feeds.entries import Entry, Picture
from insights.feeds.formats import Format, escape
from insights.feeds.ids import article_id, as_uri, distinct_moment, edition_id, tag_uri
from insights.feeds.json_feed import JsonFeed
from insights.feeds.members import file_articles
from insights.feeds.rss import Rss
from insights.render import render_html

if TYPE_CHECKING:
    from insights.library import Library
    from insights.model import Article
    from insights.settings import Publication

# To add a format: its file in this package, and a line here.
FORMATS: tuple[Format, ...] = (Rss(), Atom(), JsonFeed())
_RECENT = 1_000  # bodies that are held


class WrittenEntry(msgspec.Struct, frozen=True):
    """An entry without its content: its head in each format of FORMATS, and what documents ask of it.

    `brief_bytes` is what it takes without its content, `content_bytes` what that takes besides, in the format that
    takes most.
    """

    heads: tuple[bytes, ...]
    summary: str
    updated: datetime
    picture: Picture | None
    has_content: bool
    brief_bytes: int
    content_bytes: int


class Entries:
    """The entries of a publication by their keys: an article's slug, or "newsletter/<number>" of an edition.

    `ids` has each one's id, and the same as a URI. `sizes` has the length in bytes of files by their path in the site;
    `html_of` gives an article's rendered body.
    """

    def __init__(
        self,
        library: Library,
        publication: Publication,
        sizes: Mapping[str, int] | None = None,
        html_of: Callable[[Article], str] | None = None,
    ) -> None:
        self.library, self.publication = library, publication
        self._sizes = sizes or {}
        render = html_of or _renderer(publication)
        self._html = lru_cache(maxsize=_RECENT)(lambda slug: render(self._filed[slug].article))
        self.filed = file_articles(library)
        self._filed = {each.article.slug: each for each in self.filed}
        self._editions = {f"newsletter/{edition.slug}": edition for edition in library.editions}
        self.ids = dict(_article_ids(library, publication))
        self.ids |= {key: (edition_id(edition, publication),) * 2 for key, edition in self._editions.items()}

    def write(self, key: str) -> WrittenEntry:
        """The entry, written in each format."""
        entry = self._make(key)
        heads = tuple(form.head(entry) for form in FORMATS)
        content = entry.content
        return WrittenEntry(
            heads=heads,
            summary=entry.summary,
            updated=entry.updated,
            picture=entry.picture,
            has_content=bool(content),
            brief_bytes=max(map(len, heads)) + 4 * len(entry.summary),
            content_bytes=len(escape(content)) + sum(map(content.count, '"\n\\\t')) + 50,
        )

    def content(self, key: str, written: WrittenEntry) -> str:
        """The entry's content, which takes more room than the rest of it."""
        if not written.has_content:
            return ""
        return self._make(key).content if key in self._editions else with_picture(self._html(key), written.picture)

    def _make(self, key: str) -> Entry:
        if edition := self._editions.get(key):
            return edition_entry(edition, self.library, self.publication)
        entry = article_entry(self._filed[key], self.publication, self._sizes, self._html(key))
        own, uri = self.ids[key]
        if uri == entry.uri:
            return entry
        return replace(entry, id=own, uri=uri, updated=distinct_moment(entry.updated, own))


@lru_cache(maxsize=1)
def _article_ids(library: Library, publication: Publication) -> Mapping[str, tuple[str, str]]:
    """Each slug's id, and the same as a URI. An id that two claim is the older one's, the other has its slug's."""
    ids: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for each in reversed(file_articles(library)):
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


def _renderer(publication: Publication) -> Callable[[Article], str]:
    return lambda article: render_html(article.body, publication, f"insights/{article.slug}.md")
