"""Gives a page that Word has saved its structure back, which it keeps in styles of its own (`mso-…`).

Lists are paragraphs with `mso-list: l0 level2` and their marker as text, the title is `p.MsoTitle`, notes stand in
`div`s named after them. Changes the tree in place.
"""

from __future__ import annotations

import re

from turbohtml import Document, Element

from insights.readers.dom import element_before, parent_of, text_of

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
    for link in body.select("a[href^='#_ftn'],a[href^='#_edn']"):
        if (link.attr("href") or "")[5:8] != "ref":
            link.wrap(Element("sup"))
        else:
            link.attrs["class"] = "backlink"
    open_lists: list[Element] = []
    for paragraph in body.select(_ITEMS):
        _make_item(paragraph, open_lists)


def _make_item(paragraph: Element, open_lists: list[Element]) -> None:
    """Makes a list's item of a paragraph; `open_lists` are those that the item before is in, outermost first."""
    found = _LIST.search(paragraph.attr("style") or "")
    if found is None or parent_of(paragraph) is None:
        return
    marker = paragraph.select_one(_MARKER)
    tag = "ol" if marker is not None and _NUMBER.match(text_of(marker)) else "ul"
    if marker is not None:
        marker.extract()
    if not open_lists or element_before(paragraph) is not open_lists[0]:
        open_lists.clear()
        listing = Element(tag)
        paragraph.insert_before(listing)
        open_lists.append(listing)
    depth = min(int(found[2]), len(open_lists) + 1)
    del open_lists[depth:]
    if depth > len(open_lists):
        items = [each for each in open_lists[-1].children if isinstance(each, Element)]
        if items:
            listing = Element(tag)
            items[-1].append(listing)
            open_lists.append(listing)
    item = Element("li")
    open_lists[-1].append(item)
    for node in paragraph.children:
        item.append(node)
    paragraph.extract()
