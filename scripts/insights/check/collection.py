"""The collection as rules see it: what the desk keeps of each article, and what stands around the articles."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from insights.check.manuscript import Link, read_manuscript
from insights.library import Library, tags_of
from insights.model import Article, Finding, Position
from insights.settings import Link as SiteLink
from insights.settings import Publication
from insights.text import nearest, slugify
from insights.urls import ARCHIVE, FEEDS, SEARCH, SUBSCRIBE

FOLDER = "insights"  # of content/, against which the links of articles resolve


@dataclass(frozen=True, slots=True)
class Ignore:
    """A rule that a file asks not to be applied to it, with its reason."""

    rule: str
    reason: str
    place: Position


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the desk keeps of one article or page: the article without its body, what its text alone breaks, and what
    the rules of the collection need. `sentences` are hashes of its longer sentences, four bytes each, big-endian,
    sorted."""

    path: str
    article: Article | None
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    sentences: bytes = b""
    ignores: tuple[Ignore, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of content/ against which its links resolve; "" for content/ itself."""
        return posixpath.dirname(self.path).removeprefix("content").strip("/")


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
    are in the future; `name`, `url` (ending with "/") and `logo` are the publication's, `site_links` those of
    its menu and footer, `idle_settings` its own `idle`; `pages` are of those that are no
    articles; `names` are the stems of the Markdown files to which a link may lead, by folder of content/, those of the
    pages that a build makes included; `inner_links` are the relative links, each with its target, relative to
    content/ ("" for a link within its own article)."""

    sheets: tuple[Sheet, ...]
    library: Library
    assets: Mapping[str, Asset]
    now: datetime
    name: str = ""
    url: str = ""
    logo: str = ""
    site_links: tuple[SiteLink, ...] = ()
    idle_settings: tuple[tuple[str, str], ...] = ()
    by_slug: Mapping[str, Sheet] = field(default_factory=dict)
    pages: tuple[Sheet, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inner_links: tuple[tuple[Sheet, Link, str], ...] = ()

    def articles(self) -> Iterator[Article]:
        """Each article that could be read, by path."""
        return (sheet.article for sheet in self.sheets if sheet.article is not None)


def build_collection(
    sheets: Iterable[Sheet],
    library: Library,
    assets: Iterable[Asset],
    now: datetime,
    publication: Publication | None = None,
    pages: Iterable[Sheet] = (),
) -> Collection:
    """The collection of these parts; the sheets in any order."""
    ordered, others = (tuple(sorted(each, key=lambda sheet: sheet.path)) for each in (sheets, pages))
    by_slug = {sheet.article.slug: sheet for sheet in reversed(ordered) if sheet.article}
    by_path = {asset.path: asset for asset in assets}
    links = tuple(_inner_links((*ordered, *others)))
    return Collection(
        ordered,
        library,
        by_path,
        now,
        name=publication.name if publication else "",
        url=publication.url if publication else "",
        logo=publication.logo if publication else "",
        site_links=(*publication.settings.menu, *publication.settings.footer) if publication else (),
        idle_settings=publication.idle if publication else (),
        by_slug=by_slug,
        pages=others,
        names=_names(library),
        inner_links=links,
    )


def page_sheet(text: str, path: str) -> Sheet:
    """The sheet of a page that is no article: of a topic, an author, a newsletter, or one of its own."""
    manuscript, _, _ = read_manuscript(text, path)
    return Sheet(path, None, links=manuscript.links, pictures=manuscript.pictures)


def _names(library: Library) -> dict[str, frozenset[str]]:
    shown = [article for article in library.articles if not article.is_draft]
    made = (page.strip("/") for page in (ARCHIVE, FEEDS, SEARCH, SUBSCRIBE))
    return {
        "insights": frozenset(article.slug for article in library.articles),
        "topics": frozenset({"index", *(topic.slug for topic in library.topics)}),
        "tags": frozenset({"index", *(tag.slug for article in shown for tag in tags_of(library, article))}),
        "authors": frozenset({"index", *(author.slug for author in library.authors)}),
        "series": frozenset(slugify(article.series.name) for article in shown if article.series),
        "newsletter": frozenset({"index", *(edition.slug for edition in library.editions)}),
        "": frozenset({*made, *(page.slug for page in library.pages)}),
    }


def asset_path(href: str, folder: str = FOLDER) -> str | None:
    """The path relative to content/ of a picture of ours that a file in `folder` shows; None for one elsewhere."""
    if not href or ":" in href or href.startswith("/"):
        return None
    path = unquote(href.partition("?")[0].partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, path))


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
            yield sheet, link, posixpath.normpath(posixpath.join(sheet.folder, target)) if target else ""
