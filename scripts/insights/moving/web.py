"""A site on the web as the files of an export: its feeds and the pages that its sitemaps and feeds name.

Source: sitemaps.org/protocol, RFC 9309 (robots.txt), RFC 5005 §3 (paged feeds).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import feedparser
import turbohtml
from lxml import etree

from insights.errors import FetchError, SourceError
from insights.fetch import Fetcher
from insights.moving.entry import join_address, split_address
from insights.moving.files import Files
from insights.text import is_web

_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/wp-sitemap.xml")
_FEEDS = ("/feed.xml", "/feed/", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/blog/rss.xml")
_MAX_SITEMAPS = 500
_MAX_FEED_PAGES = 500
_MAX_BYTES = 200 * 1024 * 1024
FEED = "feed "
"""What the path of a feed begins with, so that it is told from a page's: "feed https://old.example/feed.xml"."""


def open_site(address: str, fetcher: Fetcher) -> Files:
    """The site at an address, or what the one sitemap or feed at it names. Pages are fetched when they are read.

    Raises SourceError where neither a sitemap nor a feed is found.
    """
    first = fetcher.fetch(address).data
    feeds: dict[str, bytes] = {}
    pages: dict[str, None] = {}
    if _is_sitemap(first):
        pages |= dict.fromkeys(_in_sitemap(address, first, fetcher))
    elif _is_feed(first):
        feeds |= _with_later_pages(address, first, fetcher)
    else:
        for sitemap, data in _first_found(_sitemaps(address, fetcher), fetcher, _is_sitemap):
            pages |= dict.fromkeys(_in_sitemap(sitemap, data, fetcher))
        for feed, data in _first_found(_feeds(address, first), fetcher, _is_feed):
            feeds |= _with_later_pages(feed, data, fetcher)
    for data in feeds.values():
        pages |= dict.fromkeys(_in_feed(data))
    if not pages:
        fix = "give the address of the sitemap or of the feed"
        raise SourceError(address, "the site has neither a sitemap nor a feed that we find", fix)

    def read(path: str) -> bytes:
        url = path.removeprefix(FEED)
        return feeds[url] if path.startswith(FEED) else fetcher.fetch(url).data

    return Files(address, (*(f"{FEED}{url}" for url in feeds), *pages), read)


def _sitemaps(address: str, fetcher: Fetcher) -> Iterator[str]:
    """Where the sitemap may be: as robots.txt says, then at the usual places."""
    with suppress(FetchError):
        robots = fetcher.fetch(join_address(address, "/robots.txt")).data.decode("utf-8", "replace")
        yield from re.findall(r"^[ \t]*sitemap:[ \t]*(\S+)", robots, re.MULTILINE | re.IGNORECASE)
    yield from (join_address(address, path) for path in _SITEMAPS)


def _feeds(address: str, page: bytes) -> Iterator[str]:
    """Where the feed may be: as the page says, then at the usual places."""
    document = turbohtml.parse(page.decode("utf-8", "replace"), positions=False)
    for link in document.select("link[rel~=alternate][href]"):
        kind = (link.attr("type") or "").partition(";")[0]
        if kind in ("application/rss+xml", "application/atom+xml", "application/feed+json"):
            yield join_address(address, link.attr("href") or "")
    yield from (join_address(address, path) for path in _FEEDS)


def _first_found(
    addresses: Iterator[str], fetcher: Fetcher, is_wanted: Callable[[bytes], bool]
) -> Iterator[tuple[str, bytes]]:
    """The first of these addresses at which there is what is wanted, with it; nothing where there is none."""
    for address in dict.fromkeys(addresses):
        with suppress(FetchError):
            data = fetcher.fetch(address).data
            if is_wanted(data):
                yield address, data
                return


def _is_sitemap(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b" or b"<urlset" in data[:2000] or b"<sitemapindex" in data[:2000]


def _is_feed(data: bytes) -> bool:
    head = data[:2000]
    return b"<rss" in head or b"<feed" in head or b"<rdf:RDF" in head or b"jsonfeed.org/version" in head


def _in_sitemap(address: str, data: bytes, fetcher: Fetcher) -> Iterator[str]:
    """The pages that a sitemap names, and those of the sitemaps that it names; those that fail are left out."""
    waiting, seen = [(address, data)], {address}
    while waiting:
        base, data = waiting.pop(0)
        if data[:2] == b"\x1f\x8b":
            with suppress(zlib.error):  # then it is no XML either
                data = zlib.decompressobj(31).decompress(data, _MAX_BYTES)
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
        except etree.XMLSyntaxError:
            continue
        for place in root.iter("{*}loc"):
            parent = place.getparent()
            url = join_address(base, (place.text or "").strip())
            if parent is None or not is_web(url):
                continue
            if etree.QName(parent).localname == "url":
                yield url
            elif etree.QName(parent).localname == "sitemap" and url not in seen and len(seen) < _MAX_SITEMAPS:
                seen.add(url)
                with suppress(FetchError):
                    waiting.append((url, fetcher.fetch(url).data))


def _with_later_pages(address: str, data: bytes, fetcher: Fetcher) -> dict[str, bytes]:
    """A feed, and the older parts that it leads to by `rel="next"`."""
    found = {address: data}
    while len(found) < _MAX_FEED_PAGES:
        links = feedparser.parse(data).feed.get("links", ())
        following = next(
            (join_address(address, link.get("href", "")) for link in links if link.get("rel") == "next"), ""
        )
        if not following or following in found:
            break
        try:
            data = fetcher.fetch(following).data
        except FetchError:
            break
        found[following] = data
    return found


def _in_feed(data: bytes) -> Iterator[str]:
    if data.lstrip()[:1] == b"{":
        yield from re.findall(r"\"url\"\s*:\s*\"(https?://[^\"]+)\"", data.decode("utf-8", "replace"))
        return
    yield from (entry.link for entry in feedparser.parse(data).entries if is_web(entry.get("link", "")))


def read_feed_at(address: str, fetcher: Fetcher) -> list[bytes]:
    """The feed at an address, and the older parts that it leads to."""
    return list(_with_later_pages(address, fetcher.fetch(address).data, fetcher).values())


def root_of(address: str) -> str:
    """The site's own address: "https://old.example" of any page's."""
    parts = split_address(address)
    return f"{parts.scheme}://{parts.netloc}"
