"""The vocabulary of feeds: what a feed is, what an entry of it holds, and what one document of it shows.

Texts here are plain and clean, URLs absolute ASCII, moments UTC: a format only writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from insights.strings import Strings


class Group(StrEnum):
    """What a feed follows."""

    SITE = "site"
    NEWSLETTER = "newsletter"
    TOPIC = "topic"
    TAG = "tag"
    AUTHOR = "author"


def group_name(group: Group, strings: Strings) -> str:
    """What the feeds of a group are called, as people read it."""
    names = {
        Group.SITE: strings.site,
        Group.NEWSLETTER: strings.newsletter,
        Group.TOPIC: strings.topics,
        Group.TAG: strings.tags,
        Group.AUTHOR: strings.authors,
    }
    return names[group]


@dataclass(frozen=True, slots=True)
class Person:
    """An author of an entry; `url` is the author's page."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A topic or tag of an entry; `scheme` is the URL of all topics or of all tags."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An entry's lead picture; `size` in bytes, `width` and `height` in pixels, where known."""

    url: str
    alt: str = ""
    media_type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One article or edition as feeds show it.

    `id` is what readers know it by, `uri` the same as the URI that Atom demands; `content` is HTML, empty where the
    feed gives summaries only. `original` is the address where it first appeared, if that is elsewhere. `language` is
    None where it is the feed's.
    """

    id: str
    uri: str
    url: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    picture: Picture | None = None
    original: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as a reader chooses it: hrefs are relative to the site's root.

    `folder` holds its documents ("", "topics/data/"), `page_href` is the page that lists the same articles.
    """

    group: Group
    title: str
    name: str
    description: str
    folder: str
    page_href: str

    @property
    def rss_href(self) -> str:
        """The RSS document with the newest entries."""
        return f"{self.folder}feed.xml"

    @property
    def alias_href(self) -> str:
        """The same RSS by a name ending in .rss, which some services demand."""
        return f"{self.folder}feed.rss"

    @property
    def atom_href(self) -> str:
        """The Atom document with the newest entries."""
        return f"{self.folder}atom.xml"

    @property
    def json_href(self) -> str:
        """The JSON Feed document with the newest entries."""
        return f"{self.folder}feed.json"

    @property
    def hrefs(self) -> tuple[str, ...]:
        """The documents that readers subscribe to, sorted."""
        return tuple(sorted((self.rss_href, self.alias_href, self.atom_href, self.json_href)))


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link of a feed document to another one, or to its hub; `rel` is registered with IANA."""

    rel: str
    url: str


@dataclass(frozen=True, slots=True)
class ChannelSource:
    """What the heads of all documents of a feed say; `url` is the page for people that lists the same."""

    id: str
    title: str
    description: str
    url: str
    publisher: Person
    language: str
    rights: str


@dataclass(frozen=True, slots=True)
class Channel:
    """What the head of one feed document says.

    `is_archive` marks a document that only ever changes when one of its entries does (RFC 5005 §4).
    """

    source: ChannelSource
    updated: datetime
    links: tuple[FeedLink, ...]
    is_archive: bool

    def link(self, rel: str) -> str | None:
        """The URL of the link with this relation."""
        return next((link.url for link in self.links if link.rel == rel), None)
