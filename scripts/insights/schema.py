"""The contract of front matter: what it may hold, in which types, and the JSON Schema made from that.

The structs' annotations type it and their descriptions document it; editors, the schema and the CMS are generated from
them. `article` reads files by them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

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


def article_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an article's front matter, for editors and the CMS."""
    schema = msgspec.json.schema(ArticleFields)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return {key: _allow_bare_dates(part) for key, part in schema.items()}


def _allow_bare_dates(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_allow_bare_dates(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "date-time":
        rest = {key: value for key, value in schema.items() if key not in ("type", "format")}
        return {**rest, "type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return {key: _allow_bare_dates(part) for key, part in schema.items()}
