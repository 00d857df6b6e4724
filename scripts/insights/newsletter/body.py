"""The body of an article or an introduction, fitted to what mail programs show: pictures, media, links."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import lxml.html
from lxml.html import builder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

# The column is 600 px wide, with 32 px on either side.
TEXT_WIDTH = 536


def fit_html(html: str, site: str, campaign: Mapping[str, str]) -> str:
    """The sanitised HTML for an email: links to `site` carry `campaign`, pictures their width, media become links.

    An SVG becomes a link too: Gmail and Outlook do not show it. Headings go one level down, below a story's own. Code
    becomes a span that is styled as code: Orange's mail programs drop the element.
    """
    if not html:
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in list(root.iter("picture", "video", "audio", "img", "th", "h2", "h3", "h4", "h5", "code")):
        match element.tag:
            case "picture":
                element.drop_tag()
            case "video" | "audio":
                source = next(iter(element.xpath("@src|.//source/@src")), "")
                _replace(element, f"{element.tag.title()}: {_file_name(source)}", source)
            case "img":
                _fit_picture(element)
            case "th":
                element.set("scope", element.get("scope", "col"))  # Markdown's tables have a head, and no other
            case "code" if (parent := element.getparent()) is not None and parent.tag == "pre":
                element.drop_tag()
            case "code":
                element.tag = "span"
                element.set("class", "code")
            case "h2" | "h3" | "h4" | "h5" as tag:
                element.tag = f"h{int(tag[1]) + 1}"
    for source in list(root.iter("source")):
        source.drop_tree()
    for link in root.iter("a"):
        link.set("href", mark_url(link.get("href", ""), site, campaign))
    return (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)


def mark_url(url: str, site: str, campaign: Mapping[str, str]) -> str:
    """The URL with the campaign in its query, if it leads to `site`; what the query already says stays."""
    if not campaign or not url.startswith(site):
        return url
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    said = {name for name, _ in query}
    marks = [(name, value) for name, value in campaign.items() if name not in said]
    return urlunsplit(parts._replace(query=urlencode([*marks, *query])))


def _fit_picture(image: HtmlElement) -> None:
    source = image.get("src", "")
    if urlsplit(source).path.lower().endswith(".svg"):
        _replace(image, f"Picture: {image.get('alt') or _file_name(source)}", source)
        return
    width = image.get("width", "")
    image.set("width", str(min(int(width), TEXT_WIDTH)) if width.isdecimal() else str(TEXT_WIDTH))
    image.set("alt", image.get("alt", ""))
    # Without a height the picture keeps its shape when a phone narrows it.
    for name in ("height", "srcset", "sizes"):
        image.attrib.pop(name, None)


def _replace(element: HtmlElement, text: str, href: str) -> None:
    """Puts a link in an element's place; inside a link, its text alone."""
    is_linked = next(element.iterancestors("a"), None) is not None
    substitute = builder.SPAN(text) if is_linked or not href else builder.A(text, href=href)
    substitute.tail = element.tail
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, substitute)


def _file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]
