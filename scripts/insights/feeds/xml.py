"""XML as RSS and Atom write it: elements with a text and attributes, and what both say in the same words."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.feeds.entries import Channel, Picture

GENERATOR = "Insights"
ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
# What a reader that takes plain text for HTML would swallow: a tag, or a character reference.
_MARKUP = re.compile(r"<[/!?a-zA-Z]|&#?\w+")


def element(name: str, text: str, attributes: Mapping[str, str | int | None] | None = None) -> str:
    """An element with a text; attributes that are None, "" or 0 are left out."""
    return f"{start_tag(name, attributes or {})}{html.escape(text, quote=False)}</{name}>"


def empty_element(name: str, attributes: Mapping[str, str | int | None]) -> str:
    """An element with attributes alone."""
    return f"{start_tag(name, attributes)[:-1]}/>"


def start_tag(name: str, attributes: Mapping[str, str | int | None]) -> str:
    """How an element begins."""
    stated = (f' {key}="{_escape_attribute(str(value))}"' for key, value in attributes.items() if value)
    return f"<{name}{''.join(stated)}>"


def _escape_attribute(text: str) -> str:
    return html.escape(text, quote=False).replace('"', "&quot;")


def has_markup(text: str) -> bool:
    """Whether a text holds what looks like markup."""
    return bool(_MARKUP.search(text))


def as_html_if_markup(text: str) -> str:
    """The text, escaped once more where it holds what looks like markup: RSS cannot say whether it is text or HTML."""
    return html.escape(text, quote=False) if has_markup(text) else text


def media_content(picture: Picture | None) -> str:
    """The lead picture (rssboard.org/media-rss, media:content)."""
    if picture is None:
        return ""
    attributes = {"url": picture.url, "fileSize": picture.size, "type": picture.media_type, "medium": "image"}
    return empty_element("media:content", attributes | {"height": picture.height, "width": picture.width})


def link_elements(channel: Channel, name: str, media_type: str) -> str:
    """Links to a document's others and its hub, and the mark of an archive (RFC 5005 §4)."""
    links = (
        empty_element(name, {"rel": each.rel, "href": each.url, "type": None if each.rel == "hub" else media_type})
        for each in channel.links
    )
    return "".join(links) + ("<fh:archive/>" if channel.is_archive else "")
