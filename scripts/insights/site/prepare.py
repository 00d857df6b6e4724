"""Library → pages of the docs tree: one for each article, hub, listing and edition, each complete in itself.

No page needs another one to render: what it shows of others (cards, neighbours, series) stands in its front matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from insights.feeds import Feed, Group, list_feeds
from insights.library import Library, by_author, by_original, by_tag, by_topic, tags_of
from insights.model import Article, Edition, Related, Tag
from insights.settings import Publication
from insights.site.cards import article_card, card_fields, site_card
from insights.site.head import (
    Crumb,
    article_json_ld,
    author_json_ld,
    breadcrumbs,
    citation,
    date_fields,
    json_ld,
    share_links,
)
from insights.site.listing import (
    Cards,
    author_portrait,
    picture,
    tag_link,
    tag_links,
    topic_entry,
    topic_link,
)
from insights.site.pages import Json, Meta, SitePage
from insights.text import fold, is_web, iso_date, minutes_of, slugify, spell_date
from insights.urls import (
    ARCHIVE,
    FEEDS,
    OPML,
    SEARCH,
    SUBSCRIBE,
    absolute,
    article_href,
    author_href,
    edition_href,
    markdown_href,
    tag_href,
    topic_href,
)

_LISTED = 40  # cards on one page of a listing; the newest page holds up to twice as many
_ON_HOME = 24
_LATEST = 3
_TOGETHER = 8

INSIGHTS: Crumb = ("Archive", ARCHIVE)
TOPICS: Crumb = ("Topics", "topics/")
TAGS: Crumb = ("Tags", "tags/")
AUTHORS: Crumb = ("Authors", "authors/")
NEWSLETTER: Crumb = ("Newsletter", "newsletter/")


class Site:
    """The pages of one publication, from its live library and its related links; `words` as in `listing.Cards`."""

    def __init__(
        self,
        library: Library,
        publication: Publication,
        related: Mapping[str, Sequence[Related]],
        words: Mapping[str, int] | None = None,
    ) -> None:
        self.library = library
        self.publication = publication
        self.related = related
        self._cards = Cards(library, words or {})
        self._by_topic = by_topic(library)
        self._by_tag = by_tag(library)
        self._by_author = by_author(library)
        self._series = _by_series(library)
        self._translations = by_original(library)
        self._site_card = card_fields(site_card(publication), publication)
        self._feeds = {feed.folder: feed for feed in list_feeds(library, publication)}

    def pages(self) -> Iterator[SitePage]:
        """Every page, articles first."""
        for slug, (newer, older) in _neighbours(self.library, self._by_topic).items():
            article = self.library.article(slug)
            if article:
                yield self._article(article, newer, older)
        yield self._home()
        yield from self._topics()
        yield from self._tags()
        yield from self._authors()
        yield from self._series_pages()
        yield from self._archive()
        yield from self._editions()
        yield from self._single_pages()

    def _article(self, article: Article, newer: Article | None, older: Article | None) -> SitePage:
        library = self.library
        topic = topic_link(article.topic, library)
        crumbs: list[Crumb] = [TOPICS, (str(topic["name"]), str(topic["href"]))] if topic and "href" in topic else []
        href = article_href(article.slug)
        source = article.source
        meta = self._meta("article", article.title, article.description, href, crumbs)
        feeds = self._feed_links(str(topic["href"])) if topic and "href" in topic else []
        canonical = article.canonical if article.canonical and is_web(article.canonical) else None
        shared = card_fields(article_card(article, library, self.publication), self.publication)
        meta |= {
            **shared,
            "canonical": canonical or absolute(self.publication.url, href),
            "feeds": [*feeds, *self._feed_links("")],
            "topic": topic,
            "tags": tag_links(article, library),
            "authors": [author_portrait(name, library, self.publication) for name in article.authors],
            **date_fields("date", article),
            **date_fields("updated", article),
            "minutes": minutes_of(self._cards.words(article)),
            "image": picture(article.image, self.publication, "insights/"),
            "series": self._series_box(article),
            "previous": _step(older),
            "next": _step(newer),
            "related": self._cards.related(self.related.get(article.slug, ())),
            "cite": citation(article, library, self.publication),
            "share": share_links(article, self.publication),
            "source": {"url": source.url} if source and source.url and is_web(source.url) and not canonical else None,
            "markdown_href": markdown_href(article.slug),
            "language": article.language,
            "translations": self._versions(article),
            "json_ld": article_json_ld(
                article, library, self.publication, crumbs, shared.get("card", ""), self._cards.words(article)
            ),
        }
        return SitePage(f"insights/{article.slug}.md", meta, article.body, _modified([article]))

    def _versions(self, article: Article) -> list[Json]:
        """The article in each of its languages, the first one first; none where it has but one."""
        versions = self._translations.get(article.translation_of or article.slug, ())
        return [
            {
                "title": each.title,
                "href": article_href(each.slug),
                "url": absolute(self.publication.url, article_href(each.slug)),
                "language": each.language or self.publication.language,
                "is_this": each is article,
            }
            for each in versions
        ]

    def _home(self) -> SitePage:
        page = self.library.page("index")
        articles = self.library.articles
        lead = self.library.article(page.lead) if page and page.lead else None
        lead = lead or (articles[0] if articles else None)
        rest = [article for article in articles if article is not lead][:_ON_HOME]
        description = page.description if page and page.description else self.publication.description
        meta = self._meta("home", self.publication.name, description, "", [])
        meta |= {
            "breadcrumbs": [],
            "lead": self._cards.card(lead) if lead else None,
            "cards": self._cards.cards(rest),
            "topics": self._topic_entries(),
            "editions": [_edition_entry(edition) for edition in self.library.editions[:1]],
            "json_ld": json_ld(
                self.publication,
                [{"@type": "WebSite", "name": self.publication.name, "url": self.publication.url}],
                [],
            ),
        }
        return SitePage("index.md", meta, page.body if page else "", _modified(articles))

    def _topics(self) -> Iterator[SitePage]:
        library = self.library
        entries: list[Json] = []
        for topic in library.topics:
            articles = self._by_topic[topic.slug]
            starts = [found for slug in topic.start_here if (found := library.article(slug))]
            latest = [article for article in articles if article not in starts][:_LATEST]
            entries.append(
                {**topic_entry(topic, len(articles)), "latest": self._cards.cards(latest or articles[:_LATEST])}
            )
            href = topic_href(topic.slug)
            meta = self._meta("topic", topic.name, topic.description, href, [TOPICS])
            meta |= {
                "feeds": self._feed_links(href),
                "count": len(articles),
                "start_here": self._cards.cards(starts),
            }
            yield from self._listing(f"topics/{topic.slug}", meta, articles, topic.body)
        meta = self._meta("topics", "Topics", "What we write about.", TOPICS[1], [])
        yield SitePage("topics/index.md", meta | {"topics": entries}, modified=_modified(library.articles))

    def _tags(self) -> Iterator[SitePage]:
        known = {tag.slug: tag for tag in self.library.tags}
        groups: dict[str, list[Json]] = defaultdict(list)
        used = [known.get(slug) or Tag(slug, slug) for slug in self._by_tag]
        for tag in sorted(used, key=lambda tag: (fold(tag.name), tag.slug)):
            articles = self._by_tag[tag.slug]
            entry = {**tag_link(tag), "count": len(articles), "description": tag.description}
            groups[fold(tag.name)[:1].upper() or "#"].append(entry)
            meta = self._meta("tag", tag.name[:1].upper() + tag.name[1:], tag.description, tag_href(tag.slug), [TAGS])
            meta |= {"feeds": self._feed_links(tag_href(tag.slug)), "related_tags": self._tags_beside(tag, articles)}
            yield from self._listing(f"tags/{tag.slug}", meta, articles)
        meta = self._meta("tags", "Tags", "Every term we file articles under.", TAGS[1], [])
        letters: list[Json] = [{"letter": letter, "tags": tags} for letter, tags in sorted(groups.items())]
        yield SitePage("tags/index.md", meta | {"groups": letters})

    def _tags_beside(self, tag: Tag, articles: Sequence[Article]) -> list[Json]:
        """The tags that most often stand beside this one."""
        beside = Counter(other for article in articles for other in tags_of(self.library, article) if other != tag)
        ranked = sorted(beside.items(), key=lambda pair: (-pair[1], pair[0].slug))
        return [tag_link(other) for other, _count in ranked[:_TOGETHER]]

    def _authors(self) -> Iterator[SitePage]:
        library = self.library
        for author in library.authors:
            href = author_href(author.slug)
            meta = self._meta("author", author.name, author.description, href, [AUTHORS])
            portrait = author_portrait(author.name, library, self.publication)
            meta |= {key: value for key, value in portrait.items() if key != "href"}
            links: list[Json] = [{"name": "Website", "href": author.url}] if author.url and is_web(author.url) else []
            meta |= {"feeds": self._feed_links(href), "links": links}
            meta["json_ld"] = author_json_ld(author, self.publication, [AUTHORS])
            yield from self._listing(f"authors/{author.slug}", meta, self._by_author[author.slug], author.body)
        meta = self._meta("authors", "Authors", "Who writes here.", AUTHORS[1], [])
        portraits: list[Json] = [author_portrait(each.name, library, self.publication) for each in library.authors]
        yield SitePage("authors/index.md", meta | {"authors": portraits})

    def _series_pages(self) -> Iterator[SitePage]:
        for name, parts in self._series.items():
            href = f"series/{slugify(name)}/"
            meta = self._meta("series", name, f"A series in {len(parts)} parts.", href, [INSIGHTS])
            yield SitePage(f"series/{slugify(name)}.md", meta | {"cards": self._cards.cards(parts)})

    def _series_box(self, article: Article) -> Meta | None:
        if article.series is None:
            return None
        name = article.series.name
        parts = self._series[name]
        return {
            "name": name,
            "href": f"series/{slugify(name)}/",
            "part": article.series.part,
            "total": len(parts),
            "parts": [
                {"title": part.title, "href": article_href(part.slug), "current": part.slug == article.slug}
                for part in parts
            ],
        }

    def _archive(self) -> Iterator[SitePage]:
        for path, chunk, pagination in _paginate("archive", self.library.articles, _LISTED * 3):
            years: dict[int, list[Article]] = defaultdict(list)
            for article in chunk:
                if article.date:
                    years[article.date.year].append(article)
            meta = self._meta("archive", "Archive", "Every article, newest first.", path.removesuffix(".md") + "/", [])
            groups: list[Json] = [
                {"year": year, "cards": self._cards.cards(articles)} for year, articles in years.items()
            ]
            yield SitePage(path, meta | {"years": groups, "pagination": pagination}, modified=_modified(chunk))

    def _editions(self) -> Iterator[SitePage]:
        library = self.library
        editions = library.editions
        for index, edition in enumerate(editions):
            chosen = [found for slug in edition.articles if (found := library.article(slug))]
            newer = editions[index - 1] if index else None
            older = editions[index + 1] if index + 1 < len(editions) else None
            meta = self._meta("edition", edition.subject, edition.preheader, edition_href(edition.number), [NEWSLETTER])
            meta |= {
                **_edition_entry(edition),
                "feeds": self._feed_links(NEWSLETTER[1]),
                "cards": self._cards.cards(chosen),
                "previous": {"title": older.subject, "href": edition_href(older.number)} if older else None,
                "next": {"title": newer.subject, "href": edition_href(newer.number)} if newer else None,
            }
            yield SitePage(f"newsletter/{edition.number}.md", meta, edition.intro, edition.date)
        meta = self._meta("editions", "Newsletter", "Every edition so far.", NEWSLETTER[1], [])
        meta |= {
            "feeds": self._feed_links(NEWSLETTER[1]),
            "editions": [_edition_entry(edition) for edition in editions],
        }
        yield SitePage("newsletter/index.md", meta)

    def _single_pages(self) -> Iterator[SitePage]:
        for page in self.library.pages:
            if page.slug != "index":
                meta = self._meta("page", page.title, page.description, f"{page.slug}/", [])
                yield SitePage(f"{page.slug}.md", meta, page.body)
        meta = self._meta("search", "Search", f"Search {self.publication.name}.", SEARCH, [])
        yield SitePage("search.md", meta | {"topics": self._topic_entries()})
        feeds = tuple(self._feeds.values())
        main = [_feed_row(feed) for feed in feeds if feed.group in (Group.SITE, Group.TOPIC)]
        meta = self._meta("subscribe", "Subscribe", "By email, or in a feed reader.", SUBSCRIBE, [])
        yield SitePage("subscribe.md", meta | {"feed_list": main})
        meta = self._meta("feeds", "Feeds", "Follow all of it, or only what you care about.", FEEDS, [])
        yield SitePage(
            "feeds.md", meta | {"feed_list": [_feed_row(feed) for feed in feeds], "opml": OPML}, _ABOUT_FEEDS
        )

    def _feed_links(self, folder: str) -> list[Json]:
        """The feeds in a folder of the site, for the head of its pages; none where it has no articles."""
        feed = self._feeds.get(folder)
        if feed is None:
            return []
        return [
            {"title": f"{feed.title} – RSS", "href": feed.rss_href, "type": "application/rss+xml"},
            {"title": f"{feed.title} – Atom", "href": feed.atom_href, "type": "application/atom+xml"},
            {"title": f"{feed.title} – JSON Feed", "href": feed.json_href, "type": "application/feed+json"},
        ]

    def _listing(
        self, stem: str, meta: dict[str, Json], articles: Sequence[Article], body: str = ""
    ) -> Iterator[SitePage]:
        """A hub with its articles, over as many pages as they need; its introduction stands on the first."""
        for path, chunk, pagination in _paginate(stem, articles, _LISTED):
            is_first = path == f"{stem}.md"
            shown = {**meta, "cards": self._cards.cards(chunk), "pagination": pagination}
            if not is_first:
                shown["canonical"] = absolute(self.publication.url, path.removesuffix(".md") + "/")
                shown["start_here"] = shown["count"] = None
            yield SitePage(path, shown, body if is_first else "", _modified(chunk))

    def _topic_entries(self) -> list[Json]:
        return [topic_entry(topic, len(self._by_topic[topic.slug])) for topic in self.library.topics]

    def _meta(self, kind: str, title: str, description: str, href: str, crumbs: Sequence[Crumb]) -> dict[str, Json]:
        return {
            "template": "main.html" if kind == "page" else f"{kind}.html",
            "kind": kind,
            "title": title,
            "description": description,
            "canonical": absolute(self.publication.url, href),
            **self._site_card,
            "breadcrumbs": breadcrumbs(self.publication, crumbs),
            "feeds": self._feed_links(""),
            "json_ld": json_ld(self.publication, [], [*crumbs, (title, "")]),
        }


_ABOUT_FEEDS = """\
A feed is a list of our articles that a program on your phone or computer reads for you. Copy an address below into any
feed reader, and new articles appear there by themselves: no account with us, no tracking, and you leave by deleting it.
"""


def _by_series(library: Library) -> dict[str, list[Article]]:
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in library.articles:
        if article.series:
            groups[article.series.name].append(article)
    part = {article.slug: article.series.part for article in library.articles if article.series}
    return {
        name: sorted(parts, key=lambda each: (part[each.slug], each.slug)) for name, parts in sorted(groups.items())
    }


def _neighbours(
    library: Library, groups: Mapping[str, Sequence[Article]]
) -> dict[str, tuple[Article | None, Article | None]]:
    """For each article's slug the next newer and next older one of its topic."""
    found: dict[str, tuple[Article | None, Article | None]] = {
        article.slug: (None, None) for article in library.articles
    }
    for articles in groups.values():
        for newer, older in pairwise(articles):
            found[newer.slug] = (found[newer.slug][0], older)
            found[older.slug] = (newer, found[older.slug][1])
    return found


def _paginate(
    stem: str, articles: Sequence[Article], size: int
) -> Iterator[tuple[str, Sequence[Article], Meta | None]]:
    """Paths with their share of the articles, newest first, and the links between them.

    Pages are cut and numbered from the oldest article on, so that a new article changes the first page alone.
    """
    older_pages = max(0, len(articles) // size - 1)
    first_size = len(articles) - older_pages * size
    paths = [f"{stem}.md", *(f"{stem}/page-{number}.md" for number in range(older_pages, 0, -1))]
    bounds = [0, *(first_size + size * index for index in range(older_pages + 1))]
    for index, path in enumerate(paths):
        pagination: Meta | None = None
        if older_pages:
            hrefs = [each.removesuffix(".md") + "/" for each in paths]
            pagination = {
                "previous": {"title": "Newer", "href": hrefs[index - 1]} if index else None,
                "next": {"title": "Older", "href": hrefs[index + 1]} if index + 1 < len(paths) else None,
                "page": index + 1,
                "pages": len(paths),
            }
        yield path, articles[bounds[index] : bounds[index + 1]], pagination


def _modified(articles: Sequence[Article]) -> datetime | None:
    return max((moment for article in articles if (moment := article.updated or article.date)), default=None)


def _step(article: Article | None) -> Meta | None:
    return {"title": article.title, "href": article_href(article.slug)} if article else None


def _edition_entry(edition: Edition) -> dict[str, Json]:
    return {
        "number": edition.number,
        "subject": edition.subject,
        "preheader": edition.preheader,
        "href": edition_href(edition.number),
        "date": iso_date(edition.date),
        "date_text": spell_date(edition.date),
    }


def _feed_row(feed: Feed) -> dict[str, Json]:
    return {
        "title": feed.name,
        "group": feed.group.value,
        "rss": feed.rss_href,
        "atom": feed.atom_href,
        "json": feed.json_href,
    }
