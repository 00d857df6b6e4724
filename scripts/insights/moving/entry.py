"""The nouns of moving in: what an export holds, before it becomes articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from insights.model import Author, Image, Series, Topic

INSIDE = "https://moved.invalid"
"""The host under which a file of an export, or a page whose site is not known, has an address (RFC 2606 §2)."""


class Kind(StrEnum):
    """What an entry becomes: an article, or a single page as "About"."""

    ARTICLE = "article"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of an export, as it was exported.

    `key` is what the platform calls it: a path in the export, or a number. `url` is its old address, absolute, below
    `INSIDE` where the export does not name its site; `base` is the address against which its relative links resolve.
    `other_urls` lead to it too; `names` are addresses below `INSIDE` by which only links in the export mean it.
    `context` is for the platform's own cleaner.
    """

    key: str
    title: str
    body: str
    url: str
    base: str = ""
    slug: str = ""
    kind: Kind = Kind.ARTICLE
    other_urls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    guid: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    description: str = ""
    authors: tuple[str, ...] = ()
    topic: str | None = None
    tags: tuple[str, ...] = ()
    image: Image | None = None
    series: Series | None = None
    canonical: str | None = None
    language: str | None = None
    is_draft: bool = False
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in an entry that no rule understands: what kind of thing, and its text as exported."""

    construct: str
    raw: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in an export that has no place here: what, how many, and the first few by name."""

    what: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A publication as another system exports it.

    `site_url` is "" where the export does not say. `tags` are descriptions by tag name. `roots` are the folders of the
    export that the old site served as its root ("static/"), `hosts` others that keep its pictures, or its pages once.
    """

    platform: str
    site_url: str
    entries: tuple[Entry, ...]
    authors: tuple[Author, ...] = ()
    topics: tuple[Topic, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    roots: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def left_out(found: Mapping[str, Sequence[str]]) -> tuple[LeftOut, ...]:
    """What has no place here, by kind with the names of all: the kinds of which there is any, the first three named."""
    return tuple(LeftOut(what, len(names), tuple(names[:3])) for what, names in found.items() if names)


def inside(path: str) -> str:
    """The address of a file of the export."""
    return f"{INSIDE}/{quote(path)}"


def split_address(url: str) -> SplitResult:
    """The parts of an address as an export has it; all are empty for one that is none ("http://[x")."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def join_address(base: str, href: str) -> str:
    """The address that `href` is on the page at `base`; `href` itself where it is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
