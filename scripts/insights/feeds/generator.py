"""The XML of RSS and Atom heads and entries, made by feedgen; nothing else of the project knows feedgen.

What feedgen 1.0 cannot do, or does wrong, is put right here:

- its default dates are now: every date is set, but those of RSS entries it writes by changing the locale of the whole
  process, so `_EntryMarks` writes them;
- it drops hub, next and all other links but "self" from RSS, and has no RFC 5005: `_own_part` writes them;
- it keeps only the `href` of an Atom entry's links, and has no xml:lang of an entry, no type of a title, and no place
  for authors without email in RSS: `_EntryMarks`, an extension as feedgen means them, adds these;
- `media.content` makes a group of one unless told `group=None`;
- it builds a tree for each entry of each feed: here an entry is written once, and feeds are put together of bytes.
"""

from __future__ import annotations

import html
import re
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.ext.media import MediaEntryExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from insights.model import EPOCH

if TYPE_CHECKING:
    from insights.feeds.entries import Channel, ChannelSource, Entry

GENERATOR = "Insights"
ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
_RSS_NAMESPACES = {**_NAMESPACES, "atom": ATOM, "content": "http://purl.org/rss/1.0/modules/content/"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CREATOR = f"{{{_NAMESPACES['dc']}}}creator"
_ATOM_UPDATED = f"{{{ATOM}}}updated"
# What a reader that takes plain text for HTML would swallow: a tag, or a character reference.
_MARKUP = re.compile(r"<[/!?a-zA-Z]|&#?\w+")


def atom_head(channel: Channel) -> bytes:
    """An Atom document from its first byte to its first entry."""
    updated = f"<updated>{channel.updated.isoformat()}</updated>"
    return _atom_frame(channel.source) + _own_part(channel, updated, "link", "application/atom+xml")


def rss_head(channel: Channel) -> bytes:
    """An RSS document from its first byte to its first item."""
    built = f"<lastBuildDate>{format_datetime(channel.updated)}</lastBuildDate>"
    return _rss_frame(channel.source) + _own_part(channel, built, "atom:link", "application/rss+xml")


def atom_entry(entry: Entry) -> bytes:
    """An `<entry>` with everything but its content."""
    return _write(_entry(entry).atom_entry(), _NAMESPACES)


def rss_item(entry: Entry) -> bytes:
    """An `<item>` with everything but its content."""
    return _as_rss_profile(_write(_entry(entry).rss_entry(), _RSS_NAMESPACES))


def as_html_if_markup(text: str) -> str:
    """The text, escaped once more where it holds what looks like markup: RSS cannot say whether it is text or HTML."""
    return html.escape(text, quote=False) if _MARKUP.search(text) else text


@lru_cache(maxsize=16)
def _atom_frame(source: ChannelSource) -> bytes:
    """What the heads of a feed's Atom documents have in common."""
    feed = _feed(source)
    feed.id(source.id)
    feed.author(name=source.publisher.name, uri=source.publisher.url)
    feed.link(href=source.url, rel="alternate", type="text/html")
    document: bytes = feed.atom_str()
    return re.sub(rb"<updated>[^<]*</updated>", b"", document, count=1).removesuffix(b"</feed>")


@lru_cache(maxsize=16)
def _rss_frame(source: ChannelSource) -> bytes:
    """What the heads of a feed's RSS documents have in common."""
    feed = _feed(source)
    feed.link(href=source.url, rel="alternate")
    document: bytes = re.sub(rb"<lastBuildDate>[^<]*</lastBuildDate>", b"", feed.rss_str(), count=1)
    return _as_rss_profile(document.removesuffix(b"</channel></rss>"))


def _feed(source: ChannelSource) -> Any:
    feed = FeedGenerator()
    feed.register_extension("head", _Head)
    feed.head.source = source
    feed.title(source.title)
    feed.subtitle(source.description)
    feed.updated(EPOCH)
    feed.language(source.language)
    feed.generator(GENERATOR)
    if source.rights:
        feed.rights(source.rights)
    return feed


def _own_part(channel: Channel, moment: str, link: str, media_type: str) -> bytes:
    """The end of a head: what differs between the documents of a feed."""
    parts = [moment]
    for each in channel.links:
        kind = "" if each.rel == "hub" else f' type="{media_type}"'
        parts.append(f'<{link} rel="{each.rel}" href={quoteattr(each.url)}{kind}/>')
    if channel.is_archive:
        parts.append("<fh:archive/>")
    return "".join(parts).encode()


@lru_cache(maxsize=1)
def _entry(entry: Entry) -> Any:
    """The entry as feedgen's, of which RSS and Atom are made one after the other."""
    made = FeedEntry()
    made.register_extension("media", MediaEntryExtension)
    made.register_extension("marks", _EntryMarks)
    made.marks.entry = entry
    made.guid(entry.id, permalink=False)
    made.title(entry.title)
    made.summary(entry.summary)
    made.updated(entry.updated)
    made.link(href=entry.url, rel="alternate")
    if entry.original:
        made.link(href=entry.original, rel="via")
    made.author([{"name": person.name, **({"uri": person.url} if person.url else {})} for person in entry.authors])
    made.category([{"term": each.term, "scheme": each.scheme, "label": each.label} for each in entry.categories])
    if picture := entry.picture:
        fields = {"fileSize": picture.size, "width": picture.width, "height": picture.height}
        stated = {name: str(value) for name, value in fields.items() if value}
        if picture.media_type:
            stated["type"] = picture.media_type
        made.media.content(url=picture.url, medium="image", group=None, **stated)
    return made


class _Head(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen lacks in a feed's head."""

    source: ChannelSource

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_atom(self, feed: Any) -> Any:
        for name, text in (
            ("title", self.source.title),
            ("subtitle", self.source.description),
            ("rights", self.source.rights),
        ):
            _mark_html(feed, name, text)
        return feed

    def extend_rss(self, rss: Any) -> Any:
        rss[0].find("title").text = as_html_if_markup(self.source.title)
        rss[0].find("description").text = as_html_if_markup(self.source.description)
        return rss


class _EntryMarks(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen lacks in an entry."""

    entry: Entry

    def extend_atom(self, element: Any) -> Any:
        entry = self.entry
        if entry.language:
            element.set(_LANG, entry.language)
        if entry.uri != entry.id:
            element.find("id").text = entry.uri
        for link in element.iterchildren("link"):
            if link.get("href") == entry.original:
                link.set("rel", "via")
            else:
                link.set("rel", "alternate")
                link.set("type", "text/html")
        _mark_html(element, "title", entry.title)
        _mark_html(element, "summary", entry.summary)
        _add(element, "published", entry.published.isoformat())
        return element

    def extend_rss(self, element: Any) -> Any:
        entry = self.entry
        if _MARKUP.search(entry.title):
            element.find("title").text = as_html_if_markup(entry.title)
        # A description is HTML, always: one more escape for what is text.
        element.find("description").text = html.escape(entry.summary, quote=False)
        for person in entry.authors:
            _add(element, _CREATOR, person.name)
        if entry.language:
            _add(element, f"{{{_NAMESPACES['dc']}}}language", entry.language)
        if entry.original:
            _add(element, f"{{{_NAMESPACES['dc']}}}source", entry.original)
        _add(element, "pubDate", format_datetime(entry.published))
        _add(element, _ATOM_UPDATED, entry.updated.isoformat())
        return element


def _mark_html(parent: Any, name: str, text: str) -> None:
    """Makes a text construct HTML (RFC 4287 §3.1) if it holds markup: readers strip tags even from plain text."""
    if _MARKUP.search(text):
        construct = parent.find(name)
        construct.text = as_html_if_markup(text)
        construct.set("type", "html")


def _add(parent: Any, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _write(element: Any, namespaces: dict[str, str]) -> bytes:
    """The element's bytes as they stand inside a document that declares the namespaces."""
    root = etree.Element("root", nsmap=namespaces)
    root.append(element)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return document[document.index(b">") + 1 : -len(b"</root>")] + b"\n"


def _as_rss_profile(xml: bytes) -> bytes:
    """The same XML with "&" and "<" written as the RSS profile wants them in plain text, so that none is doubted.

    Source: RSS Advisory Board, "RSS Best Practices Profile", Character Data.
    """
    return xml.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
