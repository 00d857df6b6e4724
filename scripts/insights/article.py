"""The files of content/: an article's parsed into an Article and written back in canonical form, and those beside it.

What their front matter may hold is in `schema`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import msgspec

from insights.fields import read_fields
from insights.frontmatter import FrontMatter, dump_front_matter, parse_front_matter
from insights.model import Article, Author, Edition, Finding, Image, Level, Origin, Page, Reference, Series, Topic
from insights.schema import HINTS, ArticleFields, AuthorFields, EditionFields, ImageFields, PageFields, TopicFields
from insights.text import slugify


def parse_article(text: str, path: str) -> tuple[Article | None, tuple[Finding, ...]]:
    """The article in a file's text, and every problem in it; None where it has no title to show it by.

    `path` is the file's, relative to the project; its stem is the slug.
    """
    front, findings = parse_front_matter(text, path)
    if findings:
        return None, findings
    fields, findings = read_fields(front, ArticleFields, path, HINTS)
    if fields is None:
        return None, findings
    stem = PurePosixPath(path).stem
    article = Article(
        # A slug that is none may hold a path; the file's own name is one that the file system took.
        slug=fields.slug if fields.slug and fields.slug == slugify(fields.slug) else stem,
        title=fields.title,
        body=front.body.strip("\n") + "\n",
        date=fields.date,
        updated=fields.updated,
        topic=fields.topic,
        tags=tuple(fields.tags),
        authors=tuple(fields.authors),
        description=fields.description,
        image=_image(fields.image),
        series=Series(fields.series.name, fields.series.part) if fields.series else None,
        source=Origin(**msgspec.structs.asdict(fields.source)) if fields.source else None,
        canonical=fields.canonical,
        guid=fields.guid,
        language=fields.language,
        translation_of=fields.translation_of,
        aliases=tuple(fields.aliases),
        related=tuple(
            part if isinstance(part, str) else Reference(**msgspec.structs.asdict(part)) for part in fields.related
        ),
        is_draft=fields.draft,
        path=path,
        body_line=front.body_line,
        positions=front.positions,
    )
    return article, (*findings, *_own_findings(article, fields.slug or stem, stem))


def dump_article(article: Article) -> str:
    """The article's file in canonical form: fields in the schema's order, empty ones left out, then the body."""
    values: dict[str, object] = {
        "title": article.title,
        "slug": None if PurePosixPath(article.path).stem in ("", article.slug) else article.slug,
        "date": article.date,
        "updated": article.updated,
        "topic": article.topic,
        "tags": list(article.tags),
        "authors": list(article.authors),
        "description": article.description,
        "image": _dump(article.image),
        "series": _dump(article.series),
        "source": _dump(article.source),
        "canonical": article.canonical,
        "guid": article.guid,
        "language": article.language,
        "translation_of": article.translation_of,
        "aliases": list(article.aliases),
        "related": [part if isinstance(part, str) else _dump(part) for part in article.related],
        "draft": True if article.is_draft else None,
    }
    body = article.body.strip("\n")
    return f"{dump_front_matter(values)}\n{body}\n" if body else dump_front_matter(values)


def parse_topic(text: str, path: str) -> tuple[Topic | None, tuple[Finding, ...]]:
    """The topic in a hub page's text, and every problem in it."""
    front, fields, findings = _parse(text, path, TopicFields)
    if fields is None:
        return None, findings
    topic = Topic(
        slug=PurePosixPath(path).stem,
        name=fields.title,
        description=fields.description,
        aliases=tuple(fields.aliases),
        start_here=tuple(fields.start_here),
        body=front.body,
        path=path,
    )
    return topic, findings


def parse_author(text: str, path: str) -> tuple[Author | None, tuple[Finding, ...]]:
    """The author in an author page's text, and every problem in it."""
    front, fields, findings = _parse(text, path, AuthorFields)
    if fields is None:
        return None, findings
    author = Author(
        slug=PurePosixPath(path).stem,
        name=fields.title,
        role=fields.role,
        description=fields.description,
        aliases=tuple(fields.aliases),
        url=fields.url,
        image=_image(fields.image),
        body=front.body,
        path=path,
    )
    return author, findings


def parse_edition(text: str, path: str) -> tuple[Edition | None, tuple[Finding, ...]]:
    """The newsletter in an edition's text, and every problem in it."""
    front, fields, findings = _parse(text, path, EditionFields)
    if fields is None:
        return None, findings
    edition = Edition(
        number=fields.number,
        date=fields.date,
        subject=fields.subject,
        preheader=fields.preheader,
        articles=tuple(fields.articles),
        intro=front.body,
        path=path,
        positions=front.positions,
    )
    return edition, findings


def parse_page(text: str, path: str) -> tuple[Page | None, tuple[Finding, ...]]:
    """The single page (home, about) in a file's text, and every problem in it."""
    front, fields, findings = _parse(text, path, PageFields)
    if fields is None:
        return None, findings
    slug = PurePosixPath(path).stem
    return Page(slug, fields.title, fields.description, fields.lead, front.body, path, tuple(fields.aliases)), findings


def _parse(text: str, path: str, fields: type[Any]) -> tuple[FrontMatter, Any, tuple[Finding, ...]]:
    front, findings = parse_front_matter(text, path)
    if findings:
        return front, None, findings
    return front, *read_fields(front, fields, path, HINTS)


def _own_findings(article: Article, slug: str, stem: str) -> tuple[Finding, ...]:
    findings = []
    if slug != slugify(slug):
        message = f'"{slug}" is no slug: lower-case words joined by hyphens'
        findings.append(article.finding("slug", "slug-invalid", message, f"rename the file to {slugify(slug)}.md"))
    elif slug != stem:
        fix = f"rename the file to {slug}.md, or remove the field"
        findings.append(article.finding("slug", "slug-file", "the slug is not the file's name", fix))
    if not article.is_draft:
        for name in ("date", "topic"):
            if getattr(article, name) is None and name not in article.positions:
                fix = f"add `{name}: …`, or keep it off the site with `draft: true`"
                findings.append(article.finding(name, f"{name}-missing", f"the article states no {name}", fix))
    else:
        missing = [name for name in ("date", "topic") if getattr(article, name) is None]
        if missing:
            findings.append(
                article.finding(
                    "draft",
                    "draft-incomplete",
                    f"a draft, since its source states no {' and no '.join(missing)}",
                    f"add {' and '.join(f'`{name}:`' for name in missing)}, and remove `draft: true`",
                    Level.WARNING,
                )
            )
    if not re.search(r"\w", article.body):
        findings.append(
            Finding(article.path, article.body_line, 1, "body-empty", "the article has no text", "write it below")
        )
    return tuple(findings)


def _image(value: str | ImageFields | None) -> Image | None:
    if value is None:
        return None
    return Image(value) if isinstance(value, str) else Image(**msgspec.structs.asdict(value))


def _dump(value: Image | Series | Origin | Reference | None) -> dict[str, object] | None:
    if value is None:
        return None
    return {name: getattr(value, name) for name in value.__slots__ if getattr(value, name) not in (None, "")}
