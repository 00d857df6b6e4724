"""The vocabulary: one frozen dataclass per stage of the pipeline, a noun each.

Source → Extract → Article → Library. Nothing here reads, writes, renders or knows a clock; every datetime is aware.
"Optional" (`| None`) means that the source may lack the field, never that it was not computed yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters: errors fail the check, warnings fail it under --strict, advice never does."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file; line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One problem in content: where it is, which rule it breaks, and how to mend it."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    fix: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}:{self.column}: {self.message} [{self.rule}]"
        return f"{text}\n  fix: {self.fix}" if self.fix else text


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes that an author or a site gives us, and where they came from.

    `name` is what messages call it (a path or URL as the user gave it); `url` is the page's address where one is
    known, against which relative links resolve; `media_type` is what a server or an archive said it is.
    """

    name: str
    data: bytes
    url: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a field has its value: the rule that chose it, and the text it was read from."""

    field: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A related article that a source or an author names, which may not be in the library (yet)."""

    title: str
    topic: str | None = None
    date: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: `src` is an address or a path as written; width and height in pixels, where known."""

    src: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came inside a source (a picture in a DOCX); the body refers to it by `name`."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Series:
    """An article's place in a series: `part` counts from 1."""

    name: str
    part: int


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader found in a source: the clean body as canonical Markdown, and the metadata the source states.

    `shown` has the letters and digits of the article as its source shows them, by which the body is proved; it is ""
    where the source is itself Markdown or plain text.
    """

    body: str
    title: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    topic: str | None = None
    tags: tuple[str, ...] = ()
    canonical: str | None = None
    guid: str | None = None
    language: str | None = None
    image: Image | None = None
    references: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    aliases: tuple[str, ...] = ()
    series: Series | None = None
    is_draft: bool = False
    evidence: tuple[Evidence, ...] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was ingested from: `url` or `file`, when, and SHA-256 of the source and of what was written."""

    url: str | None = None
    file: str | None = None
    retrieved: datetime | None = None
    hash: str | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One insight. `topic`, `tags` and `authors` hold the terms as written; the Library resolves them.

    `date` is None only in drafts. `related` keeps the author's order; a string is a slug, a `Reference` an article
    that was named but may not exist. `translation_of` is the slug of the article in its first language. `path` is the
    file, relative to the project; `body_line` the line its body starts on; `positions` maps a field
    ("topic", "tags[1]") to its place in the file.
    """

    slug: str
    title: str
    body: str
    date: datetime | None = None
    updated: datetime | None = None
    topic: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    description: str = ""
    image: Image | None = None
    series: Series | None = None
    source: Origin | None = None
    canonical: str | None = None
    guid: str | None = None
    language: str | None = None
    translation_of: str | None = None
    aliases: tuple[str, ...] = ()
    related: tuple[str | Reference, ...] = ()
    is_draft: bool = False
    path: str = ""
    body_line: int = 1
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False, repr=False)

    def place(self, name: str) -> Position:
        """The position of a front-matter field, or of the file's first character where it is not written."""
        return self.positions.get(name, Position(1, 1))

    def finding(self, name: str, rule: str, message: str, fix: str = "", level: Level = Level.ERROR) -> Finding:
        """A Finding at the front-matter field `name`."""
        place = self.place(name)
        return Finding(self.path, place.line, place.column, rule, message, fix, level)


@dataclass(frozen=True, slots=True)
class Topic:
    """The one category of an article; a hub page in content/topics/."""

    slug: str
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    start_here: tuple[str, ...] = ()
    body: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A term of the controlled vocabulary in content/tags.yml."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A page in content/authors/."""

    slug: str
    name: str
    role: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    url: str | None = None
    image: Image | None = None
    body: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One newsletter: the chosen articles' slugs in the editor's order, and an introduction in Markdown."""

    number: int
    date: datetime
    subject: str
    preheader: str = ""
    articles: tuple[str, ...] = ()
    intro: str = ""
    path: str = ""
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False, repr=False)

    @property
    def slug(self) -> str:
        """The edition's file name and URL segment: its number."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is neither article nor hub: home, about.

    `lead` names the article that leads the home page; `aliases` are former addresses of the page.
    """

    slug: str
    title: str
    description: str = ""
    lead: str | None = None
    body: str = ""
    path: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A ranked link to another article, with its reason in words a reader understands.

    `slug` is None for a reference that matches no article yet: shown by its title, without a link.
    """

    title: str
    reason: str
    slug: str | None = None
    topic: str | None = None
    date: datetime | None = None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
