"""The site's own Markdown extension: what every engine and feed makes of an article's HTML before it leaves.

Named in mkdocs.yml under `markdown_extensions`, so MkDocs, Zensical and the feeds all run it. It shapes (tables that
scroll, figures, alignment as classes) and, last of all, sanitises by an allow-list: what an author or a source wrote
can be read, and cannot run, load from elsewhere unasked, or break out of the article.

A publication that trusts its authors with more says so under the extension's name in mkdocs.yml: `hosts`, from which
pictures and media may load, and `elements` with their attributes (`video: [src, controls]`). What runs stays out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from insights.bounds import bound, pieces, unbound
from insights.text import is_foreign, scheme

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
# These go with all they hold: their text is no prose.
_DROPPED_WHOLE = frozenset("iframe math noscript object script style svg template textarea title".split())
# Elements that run, or change what the page around them means; no setting lets them in.
_NEVER = frozenset("base embed form frame frameset link math meta object plaintext script style svg template".split())
_NEVER_ATTRIBUTES = frozenset({"srcdoc", "style", "sandbox", "is", "slot", "nonce", "name", "action", "formaction"})
# What the theme hides, or takes out of the flow, by class.
_CHROME_CLASSES = frozenset("colophon masthead page scripted skip unscripted visually-hidden".split())
_ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
_ROLES = {"group", "note"}


class InsightsExtension(Extension):
    """Shapes tables and figures, and sanitises the result. Raises ValueError for an element that nobody may allow."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "hosts": [[], "Other hosts from which pictures and media may load."],
            "elements": [{}, "Further elements, each with its attributes."],
        }
        super().__init__(**options)
        self.sanitise = Sanitiser(tuple(self.getConfig("hosts") or ()), self.getConfig("elements") or {}).clean

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        """Registers the steps: bounds before HTML is read, the shaping before MkDocs resolves links, cleaning last."""
        md.preprocessors.register(_Bound(md), "insights-bound", 22)  # after fenced code was put aside
        md.treeprocessors.register(_Split(md), "insights-split", 25)  # before links and emphasis are read
        md.treeprocessors.register(_Shape(md), "insights-shape", 5)
        md.postprocessors.register(_Sanitise(self.sanitise), "insights-sanitise", -100)


def makeExtension(**options: Any) -> InsightsExtension:  # noqa: N802 (the name is Python-Markdown's)
    """The extension, as Python-Markdown asks for it by this module's name."""
    return InsightsExtension(**options)


class _Shape(Treeprocessor):
    """Puts tables into boxes that scroll, pictures with a caption into figures, and alignment into classes.

    An address that is none ("http://[x") is left out: whoever resolves it would stop there.
    """

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            name = {"a": "href", "img": "src"}.get(parent.tag)
            if name and not _is_address(parent.get(name, "")):
                del parent.attrib[name]
            for index, child in enumerate(list(parent)):
                if child.tag == "table" and parent.get("class") != "table":
                    parent[index] = _scrolling(child)
                elif child.tag == "img":
                    child.set("loading", "lazy")
                    child.set("decoding", "async")
            _group_figures(parent)


def _is_address(address: str) -> bool:
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


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
    _head_rows(table)
    return box


def _head_rows(table: Element) -> None:
    """Makes headers of the first cells of rows, where the corner is empty: then they say what each row is about."""
    corner = table.find("thead/tr/*")
    if corner is None or corner.tag != "td":
        return
    for row in table.iterfind("tbody/tr"):
        first = next(iter(row), None)
        if first is not None and first.tag == "td" and (len(first) or (first.text or "").strip()):
            first.tag = "th"
            first.set("scope", "row")


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


class _Bound(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return bound("\n".join(lines)).split("\n")


class _Split(Treeprocessor):
    """Puts the text of a paragraph without end into elements of their own."""

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            first, *others = pieces(element.text or "")
            if others and not isinstance(element.text, AtomicString):  # code, of which nothing is read
                element.text = first
                for index, text in enumerate(others):
                    part = Element("span")
                    part.text = text
                    element.insert(index, part)


class _Sanitise(Postprocessor):
    def __init__(self, sanitise: Callable[[str], str]) -> None:
        super().__init__()
        self.sanitise = sanitise

    def run(self, text: str) -> str:
        return self.sanitise(unbound(text))


class Sanitiser:
    """An allow-list of HTML: the one above, and what a publication adds to it."""

    def __init__(self, hosts: Sequence[str] = (), elements: Mapping[str, Sequence[str]] | None = None) -> None:
        elements = elements or {}
        for element in elements:
            if element.lower() in _NEVER:
                raise ValueError(f"insights.markup: elements: <{element}> cannot be allowed, since it can run a script")
        self.hosts = tuple(host.lower().strip("/") for host in hosts)
        attributes = {name: set(names) for name, names in _ATTRIBUTES.items()}
        for element, names in elements.items():
            safe = {name.lower() for name in names if not name.lower().startswith("on")} - _NEVER_ATTRIBUTES
            attributes.setdefault(element, set()).update(safe)
        self._cleaner = nh3.Cleaner(
            tags=set(_TAGS) | set(elements),
            attributes=attributes,
            attribute_filter=self._filter,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
            # A task's box has a name (WCAG 4.1.2), a block of code that scrolls is reached by keyboard (WCAG 2.1.1).
            set_tag_attribute_values={
                "input": {"type": "checkbox", "disabled": "", "aria-label": "Task"},
                "pre": {"tabindex": "0"},
            },
            clean_content_tags=_DROPPED_WHOLE - set(elements),
        )

    def clean(self, html: str) -> str:
        """The HTML with only what is allowed; scripts, styles and foreign content go with all they hold.

        A picture on another host becomes a link to it: a page that a reader opens tells nobody else of it.
        """
        return _link_foreign_pictures(self._cleaner.clean(html), self.is_foreign)

    def is_foreign(self, address: str) -> bool:
        """Whether a browser would fetch the address from a host that is not allowed."""
        return is_foreign(address, self.hosts)

    def _filter(self, tag: str, name: str, value: str) -> str | None:  # noqa: PLR0911 (a rule each)
        """Drops ids of our own chrome (they hold "__"), inputs that are no check boxes, and roles that mislead."""
        match name:
            case "id" if "__" in value:
                return None
            case "class":
                return " ".join(each for each in value.split() if each not in _CHROME_CLASSES) or None
            case "type" if tag == "input":
                return "checkbox"
            case "role" if value not in _ROLES:
                return None
            case "srcset":
                return None if any(map(self.is_foreign, re.split(r"[\s,]+", value))) else value
            case "src" | "poster" if tag != "img" and self.is_foreign(value):
                return None
            case "cite" if scheme(value) not in ("", "http", "https"):  # nh3 looks at links and pictures alone
                return None
        return value


def sanitise(html: str) -> str:
    """The HTML as a publication leaves it that allows nothing more."""
    return _CLEANER.clean(html)


def _link_foreign_pictures(html: str, is_foreign: Callable[[str], bool]) -> str:
    """Serialised HTML (each value quoted) in which a picture of another host is a link; inside a link, words."""
    if "<img" not in html:
        return html
    is_linked = False

    def replace(match: re.Match[str]) -> str:
        nonlocal is_linked
        if match[1] != "img":
            is_linked = match[1] == "a"
            return match[0]
        values = dict(re.findall(r'(?<![\w-])([\w-]++)="([^"]*)"', match[0]))
        source = values.get("src", "")
        if not is_foreign(unescape(source)):
            return match[0]
        words = f"Picture: {values['alt']}" if values.get("alt") else "Picture"
        return words if is_linked else f'<a href="{source}">{words}</a>'

    return re.sub(r'<(a|/a|img)(?=[\s>])(?:[^>"]|"[^"]*")*>', replace, html)


_CLEANER = Sanitiser()
