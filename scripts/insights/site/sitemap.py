"""sitemap.xml with true dates, and robots.txt that names it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from lxml import etree

from insights.settings import Publication
from insights.site.pages import SitePage
from insights.text import iso_date
from insights.urls import absolute

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def render_sitemap(pages: Iterable[SitePage], publication: Publication) -> bytes:
    """The pages that search engines may list, by address, each with the day its content last changed.

    Source: sitemaps.org protocol 0.9. An article that first appeared elsewhere is left out, since its canonical page
    is another's, and so is the search page, which has nothing of its own.
    """
    root = etree.Element("urlset", nsmap={None: _NAMESPACE})
    for page in sorted((page for page in pages if page.is_listed), key=lambda page: page.path):
        entry = etree.SubElement(root, "url")
        etree.SubElement(entry, "loc").text = absolute(publication.url, quote(page.href))
        if page.modified:
            etree.SubElement(entry, "lastmod").text = iso_date(page.modified)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def render_robots(publication: Publication) -> bytes:
    """robots.txt that allows everything and names the sitemap (RFC 9309)."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {absolute(publication.url, 'sitemap.xml')}\n".encode()
