"""Library → pages of the docs tree: one for each article, hub, listing and edition, each complete in itself.

No page needs another one to render: what it shows of others (cards, neighbours, series) stands in its front matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from insights.feeds import Feed, Group, group_name
from insights.library import Library
from insights.model import Article, Related
from insights.site.cards import article_card, card_fields
from insights.site.frame import Frame
from insights.site.head import Crumb, article_json_ld, citation, share_links
from insights.site.hubs import hub_pages
from insights.site.listing import author_portrait, date_fields, edition_entry, picture, tag_links, topic_link
from insights.site.pages import Json, Meta, SitePage
from insights.strings import Strings, fill
from insights.text import is_web, minutes_of, slugify
from insights.urls import (
    FEEDS,
    OPML,
    SEARCH,
    SUBSCRIBE,
    absolute,
    article_href,
    edition_href,
    markdown_href,
)


class Site:
    """The pages of one publication, as its frame has it, with the related links of each article; `words` and `content`
    are known of articles' files, by path: the number of words, a digest."""

    def __init__(
        self,
        frame: Frame,
        related: Mapping[str, Sequence[Related]],
        words: Mapping[str, int],
        content: Mapping[str, bytes],
    ) -> None:
        self._frame, self._related, self._words, self._content = frame, related, words, content

    def pages(self, library: Library) -> Iterator[SitePage]:
        """Every page, articles first: those of a library whose faces are those in the frame's."""
        frame = self._frame
        slugs = dict.fromkeys(article.slug for article in library.articles)
        yield from self.article_pages(article for slug in slugs if (article := library.article(slug)))
        yield from hub_pages(frame)
        yield from _editions(frame)
        yield from _single_pages(frame)

    def article_pages(self, articles: Iterable[Article]) -> Iterator[SitePage]:
        """The pages of these articles; their faces are those in the frame's library."""
        return map(self._article, articles)

    def _article(self, article: Article) -> SitePage:
        frame = self._frame
        newer, older = frame.neighbours.get(article.slug, (None, None))
        links = self._related.get(article.slug, ())
        shown = [found for link in links if link.slug and (found := frame.library.article(link.slug))]
        parts = frame.series[article.series.name] if article.series else ()
        steps = [text for step in (newer, older) for text in ((step.slug, step.title) if step else ("", ""))]
        stated = [text for link in links for text in (link.title, link.reason, link.slug or "", *_named(link))]
        own = self._content.get(article.path)
        key = frame.key([*shown, *parts, *_versions(frame, article)], "article", own, *steps, *stated) if own else None
        meta = partial(self._meta, article, newer, older)
        is_ours = _canonical(article) in (None, absolute(frame.publication.url, article_href(article.slug)))
        modified = article.updated or article.date
        return SitePage(f"insights/{article.slug}.md", meta, lambda: article.body, modified, key, is_ours)

    def _meta(self, article: Article, newer: Article | None, older: Article | None) -> Meta:
        frame = self._frame
        library = frame.library
        words = self._words.get(article.path) or frame.cards.words(article)
        topic = topic_link(article.topic, library)
        crumbs: list[Crumb] = (
            [frame.hubs.topics, (str(topic["name"]), str(topic["href"]))] if topic and "href" in topic else []
        )
        href = article_href(article.slug)
        source = article.source
        meta = frame.meta("article", article.title, article.description, href, crumbs)
        feeds = frame.feed_links(str(topic["href"])) if topic and "href" in topic else []
        canonical = _canonical(article)
        shared = card_fields(article_card(article, library, frame.publication), frame.publication)
        return meta | {
            **shared,
            "canonical": canonical or absolute(frame.publication.url, href),
            "feeds": [*feeds, *frame.feed_links("")],
            "topic": topic,
            "tags": tag_links(article, library),
            "authors": [author_portrait(name, library, frame.publication) for name in article.authors],
            **date_fields("date", article.date, frame.strings),
            **date_fields("updated", article.updated, frame.strings),
            "minutes": fill(frame.strings.reading_time, count=minutes_of(words)),
            "authors_label": frame.strings.about_authors.of(len(article.authors)),
            "image": picture(article.image, frame.publication, "insights/"),
            "series": _series_box(frame, article),
            "previous": _step(older),
            "next": _step(newer),
            "related": frame.cards.related(self._related.get(article.slug, ())),
            "cite": citation(article, library, frame.publication),
            "share": share_links(article, frame.publication),
            "source": {"url": source.url} if source and source.url and is_web(source.url) and not canonical else None,
            "markdown_href": markdown_href(article.slug),
            "language": article.language,
            "translations": _version_links(frame, article),
            "json_ld": article_json_ld(article, library, frame.publication, crumbs, shared.get("card", ""), words),
        }


def _canonical(article: Article) -> str | None:
    """The address that an article states as its own, if it is one."""
    return article.canonical if article.canonical and is_web(article.canonical) else None


def _versions(frame: Frame, article: Article) -> Sequence[Article]:
    """The article in each of its languages, the first one first; none where it has but one."""
    return frame.translations.get(article.translation_of or article.slug, ())


def _version_links(frame: Frame, article: Article) -> list[Json]:
    return [
        {
            "title": each.title,
            "href": article_href(each.slug),
            "url": absolute(frame.publication.url, article_href(each.slug)),
            "language": each.language or frame.publication.language,
            "is_this": each.slug == article.slug,
        }
        for each in _versions(frame, article)
    ]


def _series_box(frame: Frame, article: Article) -> Meta | None:
    if article.series is None:
        return None
    name = article.series.name
    parts = frame.series[name]
    return {
        "name": name,
        "href": f"series/{slugify(name)}/",
        "place": fill(frame.strings.part_of, part=article.series.part, parts=len(parts)),
        "parts": [
            {"title": part.title, "href": article_href(part.slug), "current": part.slug == article.slug}
            for part in parts
        ],
    }


def _editions(frame: Frame) -> Iterator[SitePage]:
    library = frame.library
    editions = library.editions
    title, href = frame.hubs.newsletter
    for index, edition in enumerate(editions):
        chosen = [found for slug in edition.articles if (found := library.article(slug))]
        newer = editions[index - 1] if index else None
        older = editions[index + 1] if index + 1 < len(editions) else None
        meta = frame.meta(
            "edition", edition.subject, edition.preheader, edition_href(edition.number), [frame.hubs.newsletter]
        )
        meta |= {
            **edition_entry(edition, frame.strings),
            "feeds": frame.feed_links(href),
            "cards": frame.cards.cards(chosen),
            "previous": {"title": older.subject, "href": edition_href(older.number)} if older else None,
            "next": {"title": newer.subject, "href": edition_href(newer.number)} if newer else None,
        }
        yield SitePage(f"newsletter/{edition.number}.md", meta, edition.intro, edition.date)
    meta = frame.meta("editions", title, frame.strings.newsletter_about, href, [])
    meta |= {
        "feeds": frame.feed_links(href),
        "editions": [edition_entry(edition, frame.strings) for edition in editions],
    }
    yield SitePage("newsletter/index.md", meta)


def _single_pages(frame: Frame) -> Iterator[SitePage]:
    strings = frame.strings
    for page in frame.library.pages:
        if page.slug != "index":
            meta = frame.meta("page", page.title, page.description, f"{page.slug}/", [])
            yield SitePage(f"{page.slug}.md", meta, page.body)
    meta = frame.meta("search", strings.search, fill(strings.search_about, site=frame.publication.name), SEARCH, [])
    yield SitePage("search.md", meta | {"topics": frame.topic_entries()}, is_listed=False)
    feeds = tuple(frame.feeds.values())
    main = [_feed_row(feed, strings) for feed in feeds if feed.group in (Group.SITE, Group.TOPIC)]
    meta = frame.meta("subscribe", strings.subscribe, strings.subscribe_about, SUBSCRIBE, [])
    yield SitePage("subscribe.md", meta | {"feed_list": main})
    meta = frame.meta("feeds", strings.feeds, strings.feeds_about, FEEDS, [])
    yield SitePage("feeds.md", meta | {"feed_list": [_feed_row(feed, strings) for feed in feeds], "opml": OPML})


def _step(article: Article | None) -> Meta | None:
    return {"title": article.title, "href": article_href(article.slug)} if article else None


def _named(link: Related) -> tuple[str, str]:
    return link.topic or "", link.date.isoformat() if link.date else ""


def _feed_row(feed: Feed, strings: Strings) -> dict[str, Json]:
    return {
        "title": feed.name,
        "group": group_name(feed.group, strings),
        "rss": feed.rss_href,
        "atom": feed.atom_href,
        "json": feed.json_href,
    }
