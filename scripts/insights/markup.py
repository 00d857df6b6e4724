"""The site's own Markdown extension: what every engine and feed makes of an article's HTML before it leaves.

Named in mkdocs.yml under `markdown_extensions`, so MkDocs, Zensical and the feeds all run it. It shapes (tables that
scroll, figures, alignment as classes) and, last of all, sanitises by an allow-list: what an author or a source wrote
can be read, and cannot run, load from elsewhere unasked, or break out of the article.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p picture pre q rp rt ruby s samp small source span "
    "strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr".split()
)
_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"aria-label", "role", "tabindex"},
    "img": {"alt", "decoding", "height", "loading", "sizes", "src", "srcset", "width"},
    "input": {"aria-label", "checked", "disabled", "type"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "pre": {"tabindex"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "srcset", "type", "width"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
_ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
_ROLES = {"group", "note"}


class InsightsExtension(Extension):
    """Shapes tables and figures, and sanitises the result."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        """Registers both steps: the shaping before inline links are resolved by MkDocs, the sanitising last."""
        md.treeprocessors.register(_Shape(md), "insights-shape", 5)
        md.postprocessors.register(_Sanitise(md), "insights-sanitise", -100)


def makeExtension(**options: Any) -> InsightsExtension:  # noqa: N802 (the name is Python-Markdown's)
    """The extension, as Python-Markdown asks for it by this module's name."""
    return InsightsExtension(**options)


class _Shape(Treeprocessor):
    """Puts tables into boxes that scroll, pictures with a caption into figures, and alignment into classes."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table" and parent.get("class") != "table":
                    parent[index] = _scrolling(child)
                elif child.tag == "img":
                    child.set("loading", "lazy")
                    child.set("decoding", "async")
            _group_figures(parent)


def _scrolling(table: Element) -> Element:
    """The table in a box that scrolls by itself on a phone, and by keyboard; alignment becomes a class."""
    box = Element("div", {"class": "table", "role": "group", "aria-label": "Table", "tabindex": "0"})
    box.append(table)
    box.tail, table.tail = table.tail, "\n"
    for cell in table.iter():
        if cell.tag in ("td", "th"):
            alignment = _ALIGNMENT.search(cell.attrib.pop("style", "")) or re.match(
                "(left|right|center)", cell.get("align", "")
            )
            cell.attrib.pop("align", None)
            if alignment:
                cell.set("class", f"align-{alignment[1]}")
            if cell.tag == "th" and not len(cell) and not (cell.text or "").strip():
                cell.tag = "td"  # a header without words heads nothing
            elif cell.tag == "th" and not cell.get("scope"):
                cell.set("scope", "col")
    return box


def _group_figures(parent: Element) -> None:
    """Makes a figure of a picture alone in its paragraph and a paragraph of emphasis alone right below it."""
    for picture, caption in zip(list(parent), list(parent)[1:], strict=False):
        if not (_holds_only(picture, "img") and _holds_only(caption, "em")):
            continue
        figure = Element("figure")
        figure.append(picture[0])
        text = SubElement(figure, "figcaption")
        text.text = caption[0].text
        text.extend(list(caption[0]))
        figure.tail = caption.tail
        parent[list(parent).index(picture)] = figure
        parent.remove(caption)


def _holds_only(element: Element, tag: str) -> bool:
    return (
        element.tag == "p"
        and len(element) == 1
        and element[0].tag == tag
        and not (element.text or "").strip()
        and not (element[0].tail or "").strip()
    )


class _Sanitise(Postprocessor):
    def run(self, text: str) -> str:
        return sanitise(text)


def sanitise(html: str) -> str:
    """The HTML with only what the allow-list names; scripts, styles and foreign content go with all they hold."""
    return _CLEANER.clean(html)


def _filter(tag: str, name: str, value: str) -> str | None:
    """Drops ids of our own chrome (they hold "__"), inputs that are no check boxes, and roles that mislead."""
    if name == "id" and "__" in value:
        return None
    if tag == "input" and name == "type" and value != "checkbox":
        return "checkbox"
    if name == "role" and value not in _ROLES:
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_filter,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    # A task's box has a name (WCAG 4.1.2), a block of code that scrolls is reached by keyboard (WCAG 2.1.1).
    set_tag_attribute_values={
        "input": {"type": "checkbox", "disabled": "", "aria-label": "Task"},
        "pre": {"tabindex": "0"},
    },
    clean_content_tags={
        "script",
        "style",
        "svg",
        "math",
        "template",
        "iframe",
        "object",
        "noscript",
        "title",
        "textarea",
    },
)
