"""Rules over one article at a time."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import unquote

from insights.library import Library
from insights.model import Article, Finding, Level
from insights.text import nearest, slugify

ArticleRule = Callable[[Article, Library, datetime], Iterator[Finding]]

_LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(<?(?P<href>[^)\s>]+)>?(?:\s+\"[^\"\n]*\")?\)")
_CODE = re.compile(
    r"^(?P<fence>```+|~~~+).*?^(?P=fence)[`~]*[ \t]*$|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.M | re.S
)


def unknown_topic(article: Article, library: Library, _now: datetime) -> Iterator[Finding]:
    """The topic is the name of a page in content/topics/."""
    if article.topic is None:
        return
    topic = library.topic(article.topic)
    if topic is None:
        close = nearest(article.topic, (topic.name for topic in library.topics))
        fix = f'use "{close}", or add ' if close else "add "
        message = f'unknown topic "{article.topic}"'
        yield article.finding("topic", "topic-unknown", message, f"{fix}content/topics/{slugify(article.topic)}.md")
    elif topic.name != article.topic:
        message = f'"{article.topic}" is not the topic\'s name'
        yield article.finding("topic", "topic-alias", message, f'use "{topic.name}"', Level.WARNING)


def unknown_tag(article: Article, library: Library, _now: datetime) -> Iterator[Finding]:
    """Every tag is a term of content/tags.yml."""
    for index, term in enumerate(article.tags):
        tag = library.tag(term)
        if tag is None:
            close = nearest(term, (tag.name for tag in library.tags))
            fix = f'use "{close}", or add it to content/tags.yml' if close else "add it to content/tags.yml"
            yield article.finding(f"tags[{index}]", "tag-unknown", f'unknown tag "{term}"', fix)
        elif tag.name != term:
            message = f'"{term}" is not the tag\'s name'
            yield article.finding(f"tags[{index}]", "tag-alias", message, f'use "{tag.name}"', Level.WARNING)


def unknown_author(article: Article, library: Library, _now: datetime) -> Iterator[Finding]:
    """Every author has a page in content/authors/."""
    for index, name in enumerate(article.authors):
        if library.author(name) is None:
            close = nearest(name, (author.name for author in library.authors))
            fix = f'use "{close}", or add ' if close else "add "
            message = f'the author "{name}" has no page'
            fix += f"content/authors/{slugify(name)}.md"
            yield article.finding(f"authors[{index}]", "author-unknown", message, fix, Level.WARNING)


def unknown_related(article: Article, library: Library, _now: datetime) -> Iterator[Finding]:
    """A related slug is that of an article; a reference with a title may wait for its article."""
    for index, part in enumerate(article.related):
        if isinstance(part, str) and library.article(part) is None:
            close = nearest(part, (other.slug for other in library.articles))
            fix = f'use "{close}"' if close else "remove it, or write it as `title: …` until the article exists"
            yield article.finding(f"related[{index}]", "related-unknown", f'no article has the slug "{part}"', fix)


def date_order(article: Article, _library: Library, now: datetime) -> Iterator[Finding]:
    """An update comes after publication; an article dated in the future says that it waits."""
    if article.date and article.updated and article.updated < article.date:
        message = "it was updated before it was published"
        yield article.finding("updated", "date-order", message, "swap the dates, or remove `updated:`")
    if article.date and article.date > now and not article.is_draft:
        message = f"it stays off the site until {article.date:%Y-%m-%d}"
        yield article.finding("date", "date-future", message, "nothing, if that is meant", Level.ADVICE)


def broken_link(article: Article, library: Library, _now: datetime) -> Iterator[Finding]:
    """A relative link to a Markdown file names an article, topic or page that exists."""
    body = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), article.body)
    for match in _LINK.finditer(body):
        target = unquote(match["href"].partition("#")[0])
        if not target.endswith(".md") or "://" in target or target.startswith("/"):
            continue
        path = posixpath.normpath(posixpath.join("insights", target))
        if _exists(path, library):
            continue
        folder, _, name = path.rpartition("/")
        close = nearest(name.removesuffix(".md"), _names(folder, library))
        line = article.body_line + body.count("\n", 0, match.start())
        column = match.start("href") - (body.rfind("\n", 0, match.start()) + 1) + 1
        fix = f'use "{target.rpartition("/")[0]}{"/" if "/" in target else ""}{close}.md"' if close else "mend the path"
        yield Finding(article.path, line, column, "link-broken", f'"{target}" leads nowhere', fix)


ARTICLE_RULES: tuple[ArticleRule, ...] = (
    unknown_topic,
    unknown_tag,
    unknown_author,
    unknown_related,
    date_order,
    broken_link,
)


def _exists(path: str, library: Library) -> bool:
    folder, _, name = path.rpartition("/")
    return name.removesuffix(".md") in _names(folder, library)


def _names(folder: str, library: Library) -> set[str]:
    """The stems of the files that a folder of content/ has."""
    match folder:
        case "insights":
            return {article.slug for article in library.articles}
        case "topics":
            return {topic.slug for topic in library.topics}
        case "authors":
            return {author.slug for author in library.authors}
        case "newsletter":
            return {edition.slug for edition in library.editions}
        case "":
            return {page.slug for page in library.pages}
    return set()
