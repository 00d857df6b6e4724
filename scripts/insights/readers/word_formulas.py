"""Writes the formulas of Word documents as a line of text: `(a+b)/2`, `√x`, `x_1^2`, `∑_(k=0)^n k`.

Source of the elements: ECMA-376 part 1, 22.1 (Office Math Markup). The form is that of Unicode Technical Note 28.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree


def formula_text(node: etree._Element) -> str:
    """The text of a formula or of a part of one; "" where it has none."""
    name = etree.QName(node).localname if isinstance(node.tag, str) else ""
    if name == "t":
        return node.text or ""
    writer = _WRITERS.get(name)
    return _joined(node) if writer is None else writer(node)


def _joined(node: etree._Element, between: str = "") -> str:
    return between.join(text for each in node if (text := formula_text(each)))


def _part(node: etree._Element, name: str) -> str:
    part = node.find(f"{{*}}{name}")
    return "" if part is None else formula_text(part)


def _closed(text: str) -> str:
    """A text that stands as one: in brackets where it has several signs."""
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _sign(node: etree._Element, name: str, default: str) -> str:
    """A sign that the properties of an element name, `<m:begChr m:val="["/>`; the default where they do not."""
    sign = node.find(f"*/{{*}}{name}")
    return default if sign is None else next(iter(sign.attrib.values()), "")


def _fraction(node: etree._Element) -> str:
    return f"{_closed(_part(node, 'num'))}/{_closed(_part(node, 'den'))}"


def _scripts(node: etree._Element) -> str:
    """What stands below and above: `_1`, `^2`, `_1^2`."""
    below, above = _part(node, "sub"), _part(node, "sup")
    return (f"_{_closed(below)}" if below else "") + (f"^{_closed(above)}" if above else "")


def _scripted(node: etree._Element) -> str:
    return _part(node, "e") + _scripts(node)


def _prescripted(node: etree._Element) -> str:
    return f"{_scripts(node)} {_part(node, 'e')}"


def _root(node: etree._Element) -> str:
    degree = _part(node, "deg")
    return f"√({degree}&{_part(node, 'e')})" if degree else f"√{_closed(_part(node, 'e'))}"


def _bracketed(node: etree._Element) -> str:
    between = _sign(node, "sepChr", "|").join(formula_text(each) for each in node.iterfind("{*}e"))
    return f"{_sign(node, 'begChr', '(')}{between}{_sign(node, 'endChr', ')')}"


def _operated(node: etree._Element) -> str:
    return f"{_sign(node, 'chr', '∫')}{_scripts(node)} {_part(node, 'e')}"


def _named(node: etree._Element) -> str:
    return f"{_part(node, 'fName')} {_part(node, 'e')}"


def _limited(node: etree._Element) -> str:
    mark = "_" if node.tag.endswith("limLow") else "^"
    return f"{_part(node, 'e')}{mark}{_closed(_part(node, 'lim'))}"


def _accented(node: etree._Element) -> str:
    return _part(node, "e") + _sign(node, "chr", "\u0302")


def _matrix(node: etree._Element) -> str:
    return "; ".join(_joined(row, ", ") for row in node.iterfind("{*}mr"))


def _stacked(node: etree._Element) -> str:
    return "; ".join(formula_text(each) for each in node.iterfind("{*}e"))


_WRITERS: Mapping[str, Callable[[etree._Element], str]] = {
    "f": _fraction,
    "sSub": _scripted,
    "sSup": _scripted,
    "sSubSup": _scripted,
    "sPre": _prescripted,
    "rad": _root,
    "d": _bracketed,
    "nary": _operated,
    "func": _named,
    "limLow": _limited,
    "limUpp": _limited,
    "acc": _accented,
    "m": _matrix,
    "eqArr": _stacked,
}
