"""Finds the paragraphs of a page: what is marked as one, and the bare text that pages put between their blocks.

Changes the tree in place: a `div` of text becomes a paragraph, and text beside blocks gets a paragraph of its own.
"""

from __future__ import annotations

from turbohtml import Element, Node, Text

from insights.readers.dom import is_blank, is_phrasing, link_density

_TEXT_HOLDERS = "p,td,pre,section,h2,h3,h4,h5,h6"
_BLOCK_INSIDE = "blockquote,dl,div,img,ol,p,pre,table,ul"
MOSTLY_LINKS = 0.25


def mark_paragraphs(body: Element) -> list[Element]:
    """The elements inside that hold text of their own, in their order, after bare text has its paragraphs."""
    for header in body.select("header"):
        _wrap_bare_text(header)
    for division in body.select("div"):
        _wrap_bare_text(division)
        only = _only_paragraph(division)
        if only is not None:
            for attribute in ("id", "class"):
                if (name := division.attr(attribute)) and not only.attr(attribute):
                    only.attrs[attribute] = name  # notes and the page's own lines are known by it
            division.replace_with(only)
        elif division.select_one(_BLOCK_INSIDE) is None:
            division.tag = "p"
    return body.select(_TEXT_HOLDERS)


def _only_paragraph(division: Element) -> Element | None:
    """The paragraph that is all a `div` holds and that is not a link; None otherwise."""
    found: Element | None = None
    for child in division.children:
        if isinstance(child, Element):
            if found is not None or child.tag != "p":
                return None
            found = child
        elif isinstance(child, Text) and child.data.strip():
            return None
    return found if found is not None and link_density(found) < MOSTLY_LINKS else None


def _wrap_bare_text(division: Element) -> None:
    """Puts each run of text and inline elements between blocks into a paragraph."""
    paragraph: Element | None = None
    for child in division.children:
        if is_phrasing(child):
            if paragraph is not None:
                paragraph.append(child)
            elif not is_blank(child):
                paragraph = Element("p")
                child.replace_with(paragraph)
                paragraph.append(child)
        elif paragraph is not None:
            _trim_end(paragraph)
            paragraph = None


def _trim_end(paragraph: Element) -> None:
    children: list[Node] = list(paragraph.children)
    while children and is_blank(children[-1]):
        children.pop().extract()
