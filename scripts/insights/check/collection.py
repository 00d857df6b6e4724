"""The collection as rules see it: what the desk keeps of each article, and what stands around the articles."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from insights.check.manuscript import Link
from insights.library import Library
from insights.model import Article, Finding, Position
from insights.text import nearest

FOLDER = "insights"  # of content/, against which the links of articles resolve


@dataclass(frozen=True, slots=True)
class Ignore:
    """A rule that a file asks not to be applied to it, with its reason."""

    rule: str
    reason: str
    place: Position


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the desk keeps of one article: the article without its body, what its text alone breaks, and what the rules
    of the collection need. `sentences` are hashes of its longer sentences, four bytes each, big-endian, sorted."""

    path: str
    article: Article | None
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    sentences: bytes = b""
    ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of content/: its size, its width and height in pixels where it is a picture that was measured, and why it
    may not be published, if so, with what to do."""

    path: str
    size_bytes: int
    pixels: tuple[int, int] | None = None
    refusal: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything the rules of the collection see. `assets` is by path, relative to content/; `now` tells which dates
    are in the future; `name` and `url` are the publication's, the url ending with "/"; `names` are the stems of the
    files that a folder of content/ has; `inner_links` are the relative links, each with its target, relative to
    content/ ("" for a link within its own article)."""

    sheets: tuple[Sheet, ...]
    library: Library
    assets: Mapping[str, Asset]
    now: datetime
    name: str = ""
    url: str = ""
    by_slug: Mapping[str, Sheet] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inner_links: tuple[tuple[Sheet, Link, str], ...] = ()

    def articles(self) -> Iterator[Article]:
        """Each article that could be read, by path."""
        return (sheet.article for sheet in self.sheets if sheet.article is not None)


def build_collection(
    sheets: Iterable[Sheet], library: Library, assets: Iterable[Asset], now: datetime, name: str = "", url: str = ""
) -> Collection:
    """The collection of these parts; the sheets in any order."""
    ordered = tuple(sorted(sheets, key=lambda sheet: sheet.path))
    names = {
        "insights": frozenset(article.slug for article in library.articles),
        "topics": frozenset({"index", *(topic.slug for topic in library.topics)}),
        "authors": frozenset({"index", *(author.slug for author in library.authors)}),
        "newsletter": frozenset({"index", *(edition.slug for edition in library.editions)}),
        "": frozenset(page.slug for page in library.pages),
    }
    by_slug = {sheet.article.slug: sheet for sheet in reversed(ordered) if sheet.article}
    by_path = {asset.path: asset for asset in assets}
    return Collection(ordered, library, by_path, now, name, url, by_slug, names, tuple(_inner_links(ordered)))


def asset_path(href: str) -> str | None:
    """The path relative to content/ of a picture of ours that an article shows; None for one elsewhere."""
    if not href or ":" in href or href.startswith("/"):
        return None
    path = unquote(href.partition("?")[0].partition("#")[0])
    return posixpath.normpath(posixpath.join(FOLDER, path))


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """As `nearest`, among thousands: only names of like length that begin alike are compared."""
    return nearest(name, [each for each in known if each[:1] == name[:1] and abs(len(each) - len(name)) <= 4])


def _inner_links(sheets: Iterable[Sheet]) -> Iterator[tuple[Sheet, Link, str]]:
    for sheet in sheets:
        for link in sheet.links:
            href = link.href
            if not href or href.startswith(("/", "www.", "http/", "https/")):
                continue
            target = href.partition("#")[0].partition("?")[0]
            if ":" in target or "@" in target:
                continue
            if "%" in target:
                target = unquote(target)
            yield sheet, link, posixpath.normpath(f"{FOLDER}/{target}") if target else ""
