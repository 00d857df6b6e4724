"""One article's file: parsed into an Article, written back in canonical form, described by a JSON Schema.

The structs below are the whole contract of front matter: their annotations type it, their descriptions document it,
and editors, the schema and the CMS are generated from them.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from insights.fields import read_fields
from insights.frontmatter import FrontMatter, dump_front_matter, parse_front_matter
from insights.model import Article, Author, Edition, Finding, Image, Level, Origin, Page, Reference, Series, Topic
from insights.text import slugify

Text = Annotated[str, Meta(min_length=1)]
Moment = Annotated[datetime, Meta(tz=True)]
# RFC 5646 §2.1, without the grandfathered tags.
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$")]


class SeriesFields(Struct, forbid_unknown_fields=True):
    """A series and the article's place in it."""

    name: Text
    part: Annotated[int, Meta(ge=1)]


class ImageFields(Struct, forbid_unknown_fields=True):
    """A picture with its description for those who cannot see it."""

    src: Text
    alt: str = ""
    width: int | None = None
    height: int | None = None


class SourceFields(Struct, forbid_unknown_fields=True):
    """Where ingest found the article; written by ingest, not by hand."""

    url: str | None = None
    file: str | None = None
    retrieved: Moment | None = None
    hash: str | None = None
    written: str | None = None


class ReferenceFields(Struct, forbid_unknown_fields=True):
    """A related article that is named but may not be in the library yet."""

    title: Text
    topic: str | None = None
    date: Moment | None = None
    url: str | None = None


class ArticleFields(Struct, forbid_unknown_fields=True):
    """The front matter of an article in content/insights/."""

    title: Annotated[str, Meta(min_length=1, description="The headline, without the site's name.")]
    slug: Annotated[str, Meta(description="The address; leave it out: the file's name says it.")] | None = None
    date: Annotated[
        datetime, Meta(tz=True, description="When it was published: 2026-03-28, or with time and zone.")
    ] | (None) = None
    updated: Annotated[datetime, Meta(tz=True, description="When it last changed in substance.")] | None = None
    topic: Annotated[str, Meta(description="The one topic: the title of a page in content/topics/.")] | None = None
    tags: Annotated[list[Text], Meta(description="Terms of content/tags.yml.")] = []
    authors: Annotated[list[Text], Meta(description="Names of pages in content/authors/.")] = []
    description: Annotated[str, Meta(description="One or two sentences for cards, search engines and feeds.")] = ""
    image: Annotated[Text | ImageFields, Meta(description="The lead picture.")] | None = None
    series: Annotated[SeriesFields, Meta(description="The series it is part of.")] | None = None
    source: Annotated[SourceFields, Meta(description="Where ingest found it.")] | None = None
    canonical: Annotated[str, Meta(description="The address of the original, if it first appeared elsewhere.")] | (
        None
    ) = None
    guid: Annotated[str, Meta(description="The id by which feed readers know it, if it came from another site.")] | (
        None
    ) = None
    language: Annotated[Language, Meta(description="Its language as a BCP 47 tag, if not the site's.")] | None = None
    translation_of: Annotated[str, Meta(description="The slug of the article that it translates.")] | None = None
    aliases: Annotated[list[Text], Meta(description="Former addresses, which redirect here.")] = []
    related: Annotated[
        list[Text | ReferenceFields], Meta(description="Related articles to show first: slugs, in order.")
    ] = []
    draft: Annotated[bool, Meta(description="True keeps it off the site.")] = False


class TopicFields(Struct, forbid_unknown_fields=True):
    """The front matter of a topic's hub page in content/topics/."""

    title: Text
    description: str = ""
    aliases: list[Text] = []
    start_here: list[Text] = []


class AuthorFields(Struct, forbid_unknown_fields=True):
    """The front matter of an author's page in content/authors/."""

    title: Text
    role: str = ""
    description: str = ""
    aliases: list[Text] = []
    url: str | None = None
    image: Text | ImageFields | None = None


class EditionFields(Struct, forbid_unknown_fields=True):
    """The front matter of a newsletter in content/newsletter/."""

    number: Annotated[int, Meta(ge=1)]
    date: Moment
    subject: Text
    preheader: str = ""
    articles: list[Text] = []


class PageFields(Struct, forbid_unknown_fields=True):
    """The front matter of a single page, as index.md and about.md."""

    title: Text
    description: str = ""
    lead: str | None = None
    aliases: list[Text] = []


_DATE_HINT = "write it like 2026-03-28 (year-month-day), or with time and zone like 2026-03-28T09:00:00+01:00"
# What other systems call our fields.
SYNONYMS = {
    "author": "authors", "byline": "authors", "tag": "tags", "keywords": "tags", "topics": "topic", "category": "topic",
    "summary": "description", "excerpt": "description", "abstract": "description", "published": "date",
    "publish_date": "date", "pubdate": "date", "modified": "updated", "lastmod": "updated", "last_updated": "updated",
    "lang": "language", "headline": "title", "redirect_from": "aliases", "canonical_url": "canonical",
}  # fmt: skip
HINTS = {
    "title": "add `title: The headline`",
    "date": _DATE_HINT,
    "updated": _DATE_HINT,
    "tags": "write them as a list: [pilots, governance]",
    "authors": "write them as a list: [Ada Byron]",
    "related": "write them as a list of slugs: [first-article, second-article]",
    "language": "write a language tag: en, de-AT, zh-Hant",
    "draft": "write `draft: true`, or remove it",
    "number": "add `number: 1`",
    "series": "write `series: {name: The series, part: 1}`",
} | {other: f'use "{ours}"' for other, ours in SYNONYMS.items()}


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


def article_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an article's front matter, for editors and the CMS."""
    schema = msgspec.json.schema(ArticleFields)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return {key: _allow_bare_dates(part) for key, part in schema.items()}


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


def _allow_bare_dates(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_allow_bare_dates(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "date-time":
        rest = {key: value for key, value in schema.items() if key not in ("type", "format")}
        return {**rest, "type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return {key: _allow_bare_dates(part) for key, part in schema.items()}
