"""Questions about a parsed page that every stage of the HTML reader asks: texts, densities, names, ancestors.

The tree is turbohtml's: WHATWG parsing, so that a page is read as a browser reads it. Nothing here changes the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from turbohtml import Element, Node, Text

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ul", "ol"})
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hgroup", "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
        "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
PHRASING = frozenset(
    {
        "abbr", "audio", "b", "bdo", "br", "button", "cite", "code", "data", "datalist", "dfn", "em", "embed", "i",
        "img", "input", "kbd", "label", "mark", "math", "meter", "noscript", "object", "output", "progress", "q",
        "ruby", "samp", "select", "small", "span", "strong", "sub", "sup", "textarea", "time", "var", "wbr", "font",
    }
)  # fmt: skip


def squeezed(text: str) -> str:
    """A text with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def text_of(node: Node) -> str:
    """The squeezed text of a node."""
    return squeezed(node.text)


def names_of(element: Element) -> str:
    """The class and id of an element, as written: what its author called it."""
    return f"{element.attr('class', '')} {element.attr('id', '')}"


def child_elements(element: Node) -> list[Element]:
    """The elements directly inside."""
    return [child for child in element.children if isinstance(child, Element)]


def parent_of(node: Node) -> Element | None:
    """The element around a node; None above the root."""
    parent = node.parent
    return parent if isinstance(parent, Element) else None


def ancestors_of(node: Node) -> Iterator[Element]:
    """The elements around a node, nearest first."""
    parent = parent_of(node)
    while parent is not None:
        yield parent
        parent = parent_of(parent)


def element_before(node: Node) -> Element | None:
    """The element next before a node among its siblings."""
    return next((each for each in node.previous_siblings if isinstance(each, Element)), None)


def element_after(node: Node) -> Element | None:
    """The element next after a node among its siblings."""
    return next((each for each in node.next_siblings if isinstance(each, Element)), None)


def is_inside(node: Node, tags: frozenset[str], levels: int = 1000) -> bool:
    """Whether one of the nearest `levels` ancestors has one of the tags."""
    for level, ancestor in enumerate(ancestors_of(node)):
        if level >= levels:
            return False
        if ancestor.tag in tags:
            return True
    return False


def is_blank(node: Node) -> bool:
    """Whether a node is white space, a comment, or a line break."""
    if isinstance(node, Text):
        return not node.data.strip()
    return not isinstance(node, Element) or node.tag == "br"


def is_phrasing(node: Node) -> bool:
    """Whether a node can stand inside a paragraph (HTML, phrasing content)."""
    if not isinstance(node, Element):
        return True
    if node.tag in ("a", "del", "ins"):
        return all(is_phrasing(child) for child in node.children)
    return node.tag in PHRASING


def link_density(element: Element, length: int | None = None) -> float:
    """The share of an element's text that is links, 0 to 1; links within the page count for less."""
    links = element.select("a")
    if not links:
        return 0.0
    length = len(text_of(element)) if length is None else length
    if not length:
        return 0.0
    linked = 0.0
    for link in links:
        weight = 0.3 if (link.attr("href") or "").startswith("#") else 1.0
        linked += len(text_of(link)) * weight
    return linked / length


def unlike_share(known: str, other: str) -> float:
    """The share of `other`'s words that `known` lacks, weighed by their length: 0 where all are known."""
    known_words = set(re.findall(r"\w+", known.lower()))
    other_words = re.findall(r"\w+", other.lower())
    if not known_words or not other_words:
        return 1.0
    missing = [word for word in other_words if word not in known_words]
    return len(" ".join(missing)) / len(" ".join(other_words))
