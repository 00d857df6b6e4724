"""Ghost's two document formats as HTML: Lexical (since 2023) and Mobiledoc 0.3 (before).

Source: the node classes of TryGhost/Koenig (kg-default-nodes), and the Mobiledoc renderer specification 0.3.1.
"""

from __future__ import annotations

import json
from html import escape

from insights.errors import SourceError
from insights.moving.marks import Marks
from insights.moving.platforms.ghost_cards import card_html
from insights.moving.rows import Row, rows, text_in

_FORMATS = ((16, "code"), (1, "strong"), (2, "em"), (4, "s"), (8, "u"), (32, "sub"), (64, "sup"), (128, "mark"))
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "blockquote"}


def lexical_html(text: str, marks: Marks) -> str:
    """The HTML of a Lexical document. Raises SourceError where it is no JSON."""
    root = _parsed(text).get("root")
    return _nodes(root, marks) if isinstance(root, dict) else ""


def mobiledoc_html(text: str, marks: Marks) -> str:
    """The HTML of a Mobiledoc document. Raises SourceError where it is no JSON, or of another shape."""
    document = _parsed(text)
    try:
        return _Mobiledoc(document, marks).html()
    except (IndexError, KeyError, TypeError) as error:
        raise SourceError(
            "mobiledoc", f"it is not of the form 0.3: {error}", "open and save the post in Ghost"
        ) from error


def _parsed(text: str) -> Row:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SourceError("document", f"it is no JSON: {error}", "open and save the post in Ghost") from error
    return value if isinstance(value, dict) else {}


def _nodes(parent: Row, marks: Marks) -> str:
    return "".join(_node(child, marks) for child in rows(parent, "children"))


def _node(node: Row, marks: Marks) -> str:  # noqa: PLR0911 - one line a kind
    kind = text_in(node, "type")
    if kind in ("text", "extended-text"):
        return _text(node)
    if kind == "linebreak":
        return "<br>"
    if kind == "tab":
        return " "
    if kind in _BLOCKS:
        return f"<{_BLOCKS[kind]}>{_nodes(node, marks)}</{_BLOCKS[kind]}>"
    if kind in ("heading", "extended-heading"):
        tag = text_in(node, "tag") or "h2"
        return f"<{tag}>{_nodes(node, marks)}</{tag}>"
    if kind == "list":
        tag = "ol" if text_in(node, "listType") == "number" else "ul"
        start = f' start="{text_in(node, "start")}"' if tag == "ol" and text_in(node, "start") else ""
        return f"<{tag}{start}>{_nodes(node, marks)}</{tag}>"
    if kind == "listitem":
        return f"<li>{_nodes(node, marks)}</li>"
    if kind in ("link", "autolink"):
        return f'<a href="{escape(text_in(node, "url"))}">{_nodes(node, marks)}</a>'
    if kind in ("at-link", "at-link-search", "zwnj"):
        return ""
    fields = {name: value for name, value in node.items() if name not in ("type", "version")}
    return card_html(kind, fields, marks)


def _text(node: Row) -> str:
    html = escape(str(node.get("text") or ""), quote=False)
    given = node.get("format")
    bits = given if isinstance(given, int) else 0
    for bit, tag in _FORMATS:
        if bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html


class _Mobiledoc:
    """A document's sections as HTML; markers open and close the document's markups by number."""

    def __init__(self, document: Row, marks: Marks) -> None:
        self.marks = marks
        self.sections = _listed(document, "sections")
        self.markups = _listed(document, "markups")
        self.atoms = _listed(document, "atoms")
        self.cards = _listed(document, "cards")

    def html(self) -> str:
        return "".join(self._section(section) for section in self.sections)

    def _section(self, section: list[object]) -> str:
        kind = section[0]
        if kind == 1:
            tag = {"pull-quote": "blockquote", "aside": "blockquote"}.get(str(section[1]), str(section[1]))
            return f"<{tag}>{self._markers(section[2])}</{tag}>"
        if kind == 2:
            return f'<img src="{escape(str(section[1]))}" alt="">'
        if kind == 3:
            items = section[2] if isinstance(section[2], list) else []
            return f"<{section[1]}>{''.join(f'<li>{self._markers(item)}</li>' for item in items)}</{section[1]}>"
        name, fields = self.cards[_number(section[1])]
        return card_html(str(name), fields if isinstance(fields, dict) else {}, self.marks)

    def _markers(self, markers: object) -> str:
        written: list[str] = []
        open_tags: list[str] = []
        for kind, opened, closed, value in markers if isinstance(markers, list) else []:
            for number in opened:
                markup = self.markups[number]
                tag = str(markup[0])
                pairs = markup[1] if len(markup) > 1 and isinstance(markup[1], list) else []
                url = pairs[pairs.index("href") + 1] if "href" in pairs else ""
                written.append(f'<{tag} href="{escape(str(url))}">' if tag == "a" else f"<{tag}>")
                open_tags.append(tag)
            if kind == 0:
                written.append(escape(str(value), quote=False))
            else:
                atom = self.atoms[value]
                written.append("<br>" if atom[0] == "soft-return" else escape(str(atom[1]), quote=False))
            written.extend(f"</{open_tags.pop()}>" for _ in range(closed))
        return "".join(written)


def _listed(document: Row, name: str) -> list[list[object]]:
    value = document.get(name)
    return [part for part in value if isinstance(part, list)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
