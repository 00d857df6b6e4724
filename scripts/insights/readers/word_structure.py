"""Gives the lists of a Word document their further paragraphs, which Word has only as looks: by style and indent."""

from __future__ import annotations

import re

from mammoth import documents
from turbohtml import Element

from insights.readers.dom import LISTS, child_elements, element_after, element_before

CONTINUED = "Continued in list"
"""The style that a further paragraph of a list's item gets; the style map makes `p.continued` of it."""
CONTINUED_STYLES = f"p[style-name='{CONTINUED}'] => p.continued:fresh"
_LIST_STYLE = re.compile(r"list (?:continue|paragraph)", re.I)
_HEADING_STYLE = re.compile(r"heading|title|quote|code|source|html preformatted", re.I)


def mark_continued(document: documents.Document) -> documents.Document:
    """The document, its paragraphs marked that are indented, or styled as lists are, below an item without a number."""
    children = []
    is_in_list = False
    for child in document.children:
        if isinstance(child, documents.Paragraph):
            if child.numbering is not None:
                is_in_list = True
            elif is_in_list and _is_continued(child):
                children.append(child.copy(style_id="continued", style_name=CONTINUED))
                continue
            elif child.children:
                is_in_list = False
        else:
            is_in_list = False
        children.append(child)
    return document.copy(children=children)


def _is_continued(paragraph: documents.Paragraph) -> bool:
    style = paragraph.style_name or ""
    start = paragraph.indent.start or "0"
    is_indented = start.lstrip("-").isdigit() and int(start) > 0
    return bool(_LIST_STYLE.search(style)) or (is_indented and not _HEADING_STYLE.search(style))


def join_continued(body: Element) -> None:
    """Puts each continued paragraph into the item before it, and joins the lists that it parted."""
    for paragraph in body.select("p.continued"):
        paragraph.remove_class("continued")
        listing = element_before(paragraph)
        if listing is None or listing.tag not in LISTS:
            continue
        item = _last_item(listing)
        if item is None:
            continue
        _wrap_text(item)
        item.append(paragraph)
        following = element_after(listing)
        if following is not None and following.tag == listing.tag:
            for entry in child_elements(following):
                listing.append(entry)
            following.extract()


def _last_item(listing: Element) -> Element | None:
    """The last item of a list, or of the list inside it that ends it."""
    items = child_elements(listing)
    if not items:
        return None
    inner = child_elements(items[-1])
    deeper = _last_item(inner[-1]) if inner and inner[-1].tag in LISTS else None
    return deeper if deeper is not None else items[-1]


def _wrap_text(item: Element) -> None:
    """Makes a paragraph of an item's bare text."""
    if item.select_one("p") is not None:
        return
    paragraph = Element("p")
    for node in [node for node in item.children if not (isinstance(node, Element) and node.tag in LISTS)]:
        paragraph.append(node)
    item.insert(0, paragraph)
