"""What all pages of a publication share: its library in groups, cards of articles, the feeds, the head of each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from insights.feeds import list_feeds
from insights.library import Library, by_author, by_original, by_tag, by_topic, tags_of
from insights.model import Article, Tag
from insights.settings import Publication
from insights.site.cards import card_fields, site_card
from insights.site.head import Crumb, breadcrumbs, json_ld
from insights.site.inputs import digest
from insights.site.listing import Cards, topic_entry
from insights.site.pages import Json
from insights.urls import ARCHIVE, absolute


@dataclass(frozen=True, slots=True)
class Hubs:
    """The pages that stand above others."""

    archive: Crumb
    topics: Crumb
    tags: Crumb
    authors: Crumb
    newsletter: Crumb


class Frame:
    """A live library as pages see it.

    `words` and `faces` are known of articles' files, by path: the number of words, a digest of the face. `common` is a
    digest of what every page depends on: code, settings, topics, tags and authors.
    """

    def __init__(
        self,
        library: Library,
        publication: Publication,
        words: Mapping[str, int],
        faces: Mapping[str, bytes],
        common: bytes,
    ) -> None:
        self.library = library
        self.publication = publication
        self.strings = strings = publication.strings
        self.hubs = Hubs(
            archive=(strings.archive, ARCHIVE),
            topics=(strings.topics, "topics/"),
            tags=(strings.tags, "tags/"),
            authors=(strings.authors, "authors/"),
            newsletter=(strings.newsletter, "newsletter/"),
        )
        self.cards = Cards(library, words, strings)
        self.by_topic = by_topic(library)
        self.neighbours = _neighbours(self.by_topic)
        self.series = _by_series(library)
        self.translations = by_original(library)
        self.feeds = {feed.folder: feed for feed in list_feeds(library, publication)}
        self._faces = faces
        self.tags: dict[str, Tag] = {}
        self._tag_slugs: dict[str, tuple[str, ...]] = {}
        self._common = digest(common, *(part for feed in self.feeds.values() for part in (feed.folder, feed.title)))
        self._site_card = card_fields(site_card(publication), publication)

    @cached_property
    def by_tag(self) -> Mapping[str, Sequence[Article]]:
        """The articles of each tag in use, by its slug."""
        return by_tag(self.library)

    @cached_property
    def by_author(self) -> Mapping[str, Sequence[Article]]:
        """The articles of each author with a page, by its slug."""
        return by_author(self.library)

    def tag_slugs(self, article: Article) -> tuple[str, ...]:
        """The slugs of the article's tags, which `tags` has from now on."""
        if article.path not in self._tag_slugs:
            tags = {tag.slug: tag for tag in tags_of(self.library, article)}
            self._tag_slugs[article.path] = tuple(tags)
            for slug, tag in tags.items():
                self.tags.setdefault(slug, tag)
        return self._tag_slugs[article.path]

    def key(self, articles: Iterable[Article], *facts: str | bytes) -> bytes | None:
        """The key of a page that shows the faces of these articles, and these facts; None where no digest is known of
        one of them."""
        shown = [self._faces.get(article.path, b"") for article in articles]
        return digest(self._common, *facts, *shown) if all(shown) else None

    def feed_links(self, folder: str) -> list[Json]:
        """The feeds in a folder of the site, for the head of its pages; none where it has no articles."""
        feed = self.feeds.get(folder)
        if feed is None:
            return []
        return [
            {"title": f"{feed.title} – RSS", "href": feed.rss_href, "type": "application/rss+xml"},
            {"title": f"{feed.title} – Atom", "href": feed.atom_href, "type": "application/atom+xml"},
            {"title": f"{feed.title} – JSON Feed", "href": feed.json_href, "type": "application/feed+json"},
        ]

    def topic_entries(self) -> list[Json]:
        """Each topic, with the number of its articles."""
        return [topic_entry(topic, len(self.by_topic[topic.slug]), self.strings) for topic in self.library.topics]

    def meta(self, kind: str, title: str, description: str, href: str, crumbs: Sequence[Crumb]) -> dict[str, Json]:
        """What every page says of itself."""
        return {
            "template": "main.html" if kind == "page" else f"{kind}.html",
            "kind": kind,
            "title": title,
            "description": description,
            "canonical": absolute(self.publication.url, href),
            **self._site_card,
            "breadcrumbs": breadcrumbs(self.publication, crumbs),
            "feeds": self.feed_links(""),
            "json_ld": json_ld(self.publication, [], [*crumbs, (title, "")]),
        }


def last_change(articles: Iterable[Article]) -> datetime | None:
    """When one of these articles last changed."""
    return max((moment for article in articles if (moment := article.updated or article.date)), default=None)


def _neighbours(groups: Mapping[str, Sequence[Article]]) -> dict[str, tuple[Article | None, Article | None]]:
    """For the slugs of articles with a topic the next newer and next older one of it."""
    found: dict[str, tuple[Article | None, Article | None]] = {}
    for articles in groups.values():
        around = [None, *articles, None]
        for newer, article, older in zip(around, articles, around[2:], strict=False):
            found[article.slug] = (newer, older)
    return found


def _by_series(library: Library) -> dict[str, list[Article]]:
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in library.articles:
        if article.series:
            groups[article.series.name].append(article)
    part = {article.slug: article.series.part for article in library.articles if article.series}
    return {
        name: sorted(parts, key=lambda each: (part[each.slug], each.slug)) for name, parts in sorted(groups.items())
    }
