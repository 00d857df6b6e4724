"""Addresses that a branch takes away: what readers have linked must lead on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from insights.article import parse_article, parse_author, parse_edition, parse_page, parse_topic
from insights.desk.changes import Changes, files_at
from insights.library import Library, build_library
from insights.model import Article, Author, Edition, Finding, Page, Topic
from insights.site.redirects import former_hrefs
from insights.store import CONTENT, INSIGHTS, decode_content
from insights.urls import article_href, author_href, edition_href, page_href, topic_href

RULE = "address-lost"


def lost_addresses(root: Path, changes: Changes, library: Library, now: datetime) -> Iterator[Finding]:
    """A finding for each address that the changed files had before, and to which nothing leads any more.

    It is gone where its file is removed or renamed, where an article becomes a draft again or waits for another day,
    and where an alias is dropped. `library` is everything that there is now.
    """
    touched = [path for path in (*changes.lines, *changes.removed) if path.startswith(CONTENT) and path.endswith(".md")]
    if not touched:
        return
    before = _parse(files_at(root, changes.base, touched))
    kept = _addresses(library.live(now)).keys()
    for href, (path, name) in _addresses(before.live(now)).items():
        if href not in kept:
            fix = f'write `aliases: ["{name}"]` into the file that takes its place'
            yield Finding(path, 1, 1, RULE, f"the address /{href} is lost", fix)


def _addresses(library: Library) -> Mapping[str, tuple[str, str]]:
    """Every address of content and redirects: the file it comes from, and the alias that would keep it."""
    found: dict[str, tuple[str, str]] = {}
    for article in library.articles:
        found[article_href(article.slug)] = (article.path, f"/{article_href(article.slug)}")
    for topic in library.topics:
        found[topic_href(topic.slug)] = (topic.path, topic.name)
    for author in library.authors:
        found[author_href(author.slug)] = (author.path, author.name)
    for edition in library.editions:
        href = edition_href(edition.number)
        found[href] = (edition.path, f"/{href}")
    for page in library.pages:
        href = page_href(f"{page.slug}.md")
        found[href] = (page.path, f"/{href}")
    paths = {href: path for href, (path, _) in found.items()}
    for href, target in former_hrefs(library).items():
        if target in paths:  # a tag's page is there as long as articles have the tag: none is missed
            found.setdefault(href, (paths[target], f"/{href}"))
    return found


def _parse(texts: Iterable[tuple[str, bytes]]) -> Library:
    """The library of some files, as far as they can be read: what gave no page before has no address to lose."""
    articles: list[Article] = []
    topics: list[Topic] = []
    authors: list[Author] = []
    editions: list[Edition] = []
    pages: list[Page] = []
    for path, data in texts:
        text, problem = decode_content(data, path)
        match path.rpartition("/")[0]:
            case _ if problem:
                continue
            case folder if folder == INSIGHTS:
                articles += filter(None, parse_article(text, path)[:1])
            case folder if folder == f"{CONTENT}/topics":
                topics += filter(None, parse_topic(text, path)[:1])
            case folder if folder == f"{CONTENT}/authors":
                authors += filter(None, parse_author(text, path)[:1])
            case folder if folder == f"{CONTENT}/newsletter":
                editions += filter(None, parse_edition(text, path)[:1])
            case folder if folder == CONTENT:
                pages += filter(None, parse_page(text, path)[:1])
    return build_library(articles, topics, (), authors, editions, pages)
