"""Gives a page that Word has saved its structure back, which it keeps in styles of its own (`mso-…`).

Lists are paragraphs with `mso-list: l0 level2` and their marker as text, the title is `p.MsoTitle`, notes stand in
`div`s named after them. Changes the tree in place.
"""

from __future__ import annotations

import re

from turbohtml import Document, Element, Node

from insights.readers.dom import is_blank, parent_of, text_of

_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d)")
_ITEMS = "p[style*='mso-list:']"
_MARKER = "span[style*='mso-list:Ignore']"
_NUMBER = re.compile(r"\W*(?:\d+|[a-z]{1,4})[.)]", re.I)
_PAGE = "meta[name=Generator i][content^='Microsoft Word'],div[class^=WordSection],p.MsoNormal"


def is_word_page(document: Document) -> bool:
    """Whether Word has saved a page: its generator says so, or most of its paragraphs have Word's style."""
    if document.select_one(_PAGE) is None:
        return False
    paragraphs = document.select("p")
    return 2 * sum((p.attr("class") or "").startswith("Mso") for p in paragraphs) > len(paragraphs)


def restore_word(document: Document) -> None:
    """Makes of Word's styles the elements that they stand for."""
    body = document.select_one("body")
    if body is None:
        return
    for paragraph in body.select("p.MsoTitle"):
        paragraph.tag = "h1"
    for empty in body.select("p"):
        if not empty.text.strip() and empty.select_one("img") is None:
            empty.extract()
    for note in body.select("div[id^=ftn],div[id^=edn]"):
        note.attrs["id"] = f"_{note.attr('id')}"
    links = body.select("a[href^='#_ftn'],a[href^='#_edn']")
    raised = [Element("sup") for _ in links]
    for link, around in zip(links, raised, strict=True):
        if (link.attr("href") or "")[5:8] != "ref":
            link.wrap(around)
        else:
            link.attrs["class"] = "backlink"
    open_items: list[Element] = []
    for paragraph in body.select(_ITEMS):
        _make_item(paragraph, open_items)


def _make_item(paragraph: Element, open_items: list[Element]) -> None:
    """Makes a list's item of a paragraph; `open_items` are the last items of the lists that it may go on.

    A new list is made of the marker's element: all elements that are made and put in their place one by one have one
    hash, and thousands of them are slow to keep in a set.
    """
    found, marker = _LIST.search(paragraph.attr("style") or ""), paragraph.select_one(_MARKER)
    if found is None:
        return
    tag = "ol" if marker is not None and _NUMBER.match(text_of(marker)) else "ul"
    if marker is not None:
        marker.extract()
        for node in marker.children:
            node.extract()
    if not open_items or _before(paragraph) is not parent_of(open_items[0]):
        open_items.clear()
    depth = min(int(found[2]), len(open_items) + 1)
    listing = marker if marker is not None else Element(tag)
    going_on = parent_of(open_items[depth - 1]) if depth <= len(open_items) else None
    if going_on is not None:
        listing = going_on
    else:
        listing.tag = tag
        listing.attrs.pop("style", None)
        if open_items:
            open_items[-1].append(listing)
        else:
            paragraph.insert_before(listing)
    paragraph.tag = "li"
    paragraph.attrs.pop("style")
    listing.append(paragraph)
    open_items[depth - 1 :] = [paragraph]


def _before(paragraph: Element) -> Node | None:
    node = paragraph.previous_sibling
    while node is not None and is_blank(node):
        node = node.previous_sibling
    return node
