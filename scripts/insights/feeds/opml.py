"""The OPML 2.0 list of all feeds, for import into a reader."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from insights.feeds.entries import group_name
from insights.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from insights.feeds.entries import Feed
    from insights.settings import Publication


def render_opml(feeds: Iterable[Feed], title: str, publication: Publication) -> bytes:
    """An OPML document with one folder for each group of feeds, in their order (opml.org/spec2.opml)."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for group, members in groupby(feeds, key=lambda feed: feed.group):
        folder = etree.SubElement(body, "outline", text=group_name(group, publication.strings))
        for feed in members:
            etree.SubElement(
                folder,
                "outline",
                type="rss",
                text=feed.title,
                title=feed.title,
                description=feed.description,
                xmlUrl=absolute(publication.url, feed.rss_href),
                htmlUrl=absolute(publication.url, feed.page_href),
            )
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return document
