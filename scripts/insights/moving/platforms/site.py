"""Any site on the web (HubSpot, Wix, Squarespace, a system of one's own): its pages as readers get them, and its feed.

Which part of a page is the article, and what it states of itself, is found as `ingest` finds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

import turbohtml
from turbohtml import Comment, Document

from insights.errors import FetchError, SourceError
from insights.model import Source
from insights.moving.entry import Entry, Export, Kind, left_out, split_address
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.moving.old_feed import FeedEntry, address_key, read_feeds
from insights.moving.web import FEED, root_of
from insights.readers.decode import decode
from insights.readers.html import find_article
from insights.readers.limits import LIMITS
from insights.readers.metadata import Metadata, read_metadata
from insights.text import fold, is_web, slugify

_LIST = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|authors?|page|archives?|search|feed|label)(?:/|$)", re.IGNORECASE
)
_PAGE_ENDINGS = frozenset({"", ".html", ".htm", ".php", ".aspx", ".asp", ".jsp", ".shtml"})
_LIST_OF = 3
"""A page below whose address lie this many articles is their list."""
_WHOLE = 0.8
"""A text in the feed this long, against the page's, is the article itself, and cleaner than the page."""


def recognises(files: Files) -> bool:
    """Whether what was given is an address."""
    return is_web(files.name)


def read(files: Files, site_url: str = "") -> Export:
    """The pages that sitemap and feed name: those with a date, or in the feed, are articles; lists are left out.

    Raises SourceError where no page can be had.
    """
    told = read_feeds(files.read(path) for path in files.paths if path.startswith(FEED))
    root = (site_url or root_of(files.name)).rstrip("/")
    entries: list[Entry] = []
    lost: list[str] = []
    lists: list[str] = []
    for url in (path for path in files.paths if not path.startswith(FEED)):
        path = split_address(url).path
        if PurePosixPath(path).suffix.lower() not in _PAGE_ENDINGS or path in ("", "/"):
            continue
        if _LIST.search(path) and address_key(url) not in told:
            lists.append(url)
            continue
        try:
            entry = _entry(url, decode(Source(url, files.read(url), url), LIMITS), told.get(address_key(url)))
        except (FetchError, SourceError) as error:
            lost.append(f"{url} ({error.what})")
            continue
        entries.append(entry)
    articles = [entry for entry in entries if entry.kind is Kind.ARTICLE]
    if not entries:
        raise SourceError(files.name, f"none of its {len(lost)} pages could be had", "look at it in a browser")
    above = Counter(parent for entry in articles for parent in _parents(entry.url))
    lists += [entry.url for entry in entries if entry.kind is Kind.PAGE and above[address_key(entry.url)] >= _LIST_OF]
    found = {"lists of articles": lists, "pages that could not be had; import again to try again": lost}
    dropped = frozenset(lists)
    kept = tuple(_with_guid(entry, told) for entry in entries if entry.url not in dropped)
    return Export("site", root, kept, left_out=left_out(found))


def clean(entry: Entry, _marks: Marks) -> str:
    """The article's HTML as it was found in the page."""
    return entry.body


def _entry(url: str, text: str, told: FeedEntry | None) -> Entry:
    document = turbohtml.parse(text, positions=False)
    metadata = read_metadata(document, url, text)
    body = _body(text, document, metadata, told)
    published = told.published if told and told.published else metadata.published
    tags = dict.fromkeys((*metadata.tags, *(told.tags if told else ())))
    return Entry(
        key=url,
        title=(told.title if told else "") or metadata.title or "",
        body=body,
        url=url,
        base=document.base_url(url) or url,
        slug=slugify(PurePosixPath(unquote(split_address(url).path)).stem),
        kind=Kind.ARTICLE if told or metadata.published else Kind.PAGE,
        guid=told.guid if told else None,
        published=published,
        updated=metadata.updated if published and metadata.updated and metadata.updated > published else None,
        description=metadata.description or "",
        authors=metadata.authors or (told.authors if told else ()),
        topic=metadata.topic,
        tags=tuple(tag for tag in tags if fold(tag) != fold(metadata.topic or "")),
        image=metadata.image,
        language=metadata.language,
    )


def _body(text: str, document: Document, metadata: Metadata, told: FeedEntry | None) -> str:
    """The article in the page, or the feed's own text where that is as long."""
    article = find_article(text, document, metadata, LIMITS)
    length = len(article.text.split())
    if told and told.html and len(turbohtml.parse(told.html).text.split()) >= max(_WHOLE * length, 1):
        return told.html
    if not length and not article.select("img,iframe,video"):
        raise SourceError(metadata.title or "", "the page holds no text", "bring it by hand")
    for node in list(article.descendants):
        if isinstance(node, Comment):
            node.extract()
    return article.inner_html


def _with_guid(entry: Entry, told: Mapping[str, FeedEntry]) -> Entry:
    """An article that is no longer in the feed with its address as its id, where the feed does so for all others."""
    by_address = told and all(address_key(each.guid) == key and is_web(each.guid) for key, each in told.items())
    return replace(entry, guid=entry.url) if by_address and entry.kind is Kind.ARTICLE and not entry.guid else entry


def _parents(url: str) -> Iterator[str]:
    """The keys of the addresses above an address."""
    key = address_key(url)
    while "/" in key:
        key = key.rpartition("/")[0]
        yield key
