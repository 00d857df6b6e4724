"""Which feeds a library has, and which articles are in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from insights.feeds.entries import Feed, Group
from insights.library import tags_named
from insights.render import one_line
from insights.text import fold
from insights.urls import author_href, tag_href, topic_href

if TYPE_CHECKING:
    from insights.library import Library
    from insights.model import Article, Author, Tag, Topic
    from insights.settings import Publication

_Members: TypeAlias = "dict[tuple[Group, str], tuple[Topic | Tag | Author, dict[str, None]]]"
_HREFS = {Group.TOPIC: topic_href, Group.TAG: tag_href, Group.AUTHOR: author_href}


@dataclass(frozen=True, slots=True)
class FiledArticle:
    """An article with its terms looked up; `authors` has each name as written, and the author where there is a page."""

    article: Article
    topic: Topic | None
    tags: tuple[Tag, ...]
    authors: tuple[tuple[str, Author | None], ...]


@lru_cache(maxsize=1)
def file_articles(library: Library) -> tuple[FiledArticle, ...]:
    """The articles in the library's order with their terms; of two with one slug, the one that is found by it."""
    topic_of, author_of = cache(library.topic), cache(library.author)

    @cache
    def tags(terms: tuple[str, ...]) -> tuple[Tag, ...]:
        return tuple({id(tag): tag for tag in tags_named(library, terms)}.values())

    articles = (library.article(slug) for slug in dict.fromkeys(article.slug for article in library.articles))
    return tuple(
        FiledArticle(
            article,
            topic_of(article.topic) if article.topic else None,
            tags(article.tags),
            tuple((name, author_of(name)) for name in dict.fromkeys(article.authors)),
        )
        for article in articles
        if article is not None
    )


@lru_cache(maxsize=1)
def gather_feeds(library: Library, publication: Publication) -> tuple[tuple[Feed, tuple[str, ...]], ...]:
    """Each feed and the keys of its entries, newest first; feeds are in the order of groups, then names.

    The key of an article is its slug, that of an edition "newsletter/<number>". A term without articles has no feed.
    """
    site = one_line(publication.name) or publication.url
    about = one_line(publication.description) or site
    slugs = tuple(each.article.slug for each in file_articles(library))
    gathered = [(Feed(Group.SITE, site, site, about, "", ""), slugs)]
    if library.editions:
        name = one_line(publication.settings.newsletter.name) or publication.strings.newsletter
        feed = Feed(Group.NEWSLETTER, f"{site}: {name}", name, about, "newsletter/", "newsletter/")
        gathered.append((feed, tuple(dict.fromkeys(f"newsletter/{edition.slug}" for edition in library.editions))))
    order = list(Group)
    for (group, slug), (term, filed) in sorted(
        _members(library).items(), key=lambda found: (order.index(found[0][0]), fold(found[1][0].name), found[0][1])
    ):
        name, href = one_line(term.name) or slug, _HREFS[group](slug)
        title = f"{site}: {name}"
        feed = Feed(group, title, name, one_line(term.description) or title, href, href)
        gathered.append((feed, tuple(filed)))
    return tuple(gathered)


@lru_cache(maxsize=1)
def _members(library: Library) -> _Members:
    """Each term that articles have, with the slugs of these, newest first."""
    members: _Members = {}
    places: dict[tuple[object, ...], list[dict[str, None]]] = {}
    for each in file_articles(library):
        article = each.article
        stated = (article.topic, article.tags, article.authors)
        if stated not in places:
            places[stated] = [members.setdefault((group, term.slug), (term, {}))[1] for group, term in _terms(each)]
        for place in places[stated]:
            place[article.slug] = None
    return members


def _terms(filed: FiledArticle) -> Iterator[tuple[Group, Topic | Tag | Author]]:
    topics = (filed.topic,) if filed.topic else ()
    authors = (author for _name, author in filed.authors if author)
    for group, terms in ((Group.TOPIC, topics), (Group.TAG, filed.tags), (Group.AUTHOR, authors)):
        yield from ((group, term) for term in terms if term.slug)
