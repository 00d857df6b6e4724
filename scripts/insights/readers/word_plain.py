"""Says in the plainer elements of a Word document what stands in those that mammoth passes over.

Text boxes and pictures of drawings and groups, formulas, fields, ruby, carriage returns, runs of another direction:
each becomes runs, paragraphs and pictures in the place where it stood. Hidden text is taken out, since Word shows none.
Source of the elements: ECMA-376 part 1, 17 (w), 20 (wp, pic), 22.1 (m); part 3, 10 (mc).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from lxml import etree

from insights.readers.word_formulas import formula_text

_ELSEWHERE = {
    "altChunk": "an embedded document",
    "subDoc": "another document",
    "chart": "a chart",
    "relIds": "a diagram",
}
"""What holds text in a part of its own, in a form that is not read: by its element, how it is called."""
_SAID = ("{*}t", "{*}blip", "{*}imagedata")
_FIELD_PARTS = frozenset({"rPr", "fldChar", "instrText"})


def make_plain(root: etree._Element) -> bool:
    """Rewrites the elements of a part in place, and says whether there were any to rewrite."""
    found = [(node, rewrite) for name, rewrite in _REWRITERS.items() for node in root.iter(f"{{*}}{name}")]
    return sum(rewrite(node) for node, rewrite in found if node.getparent() is not None) > 0


def held_elsewhere(root: etree._Element) -> tuple[str, ...]:
    """What a part shows that it does not hold, and that is not read: "a chart"."""
    nodes = root.iter(*(f"{{*}}{name}" for name in _ELSEWHERE))
    return tuple(dict.fromkeys(_ELSEWHERE[name_of(node)] for node in nodes))


def name_of(node: etree._Element) -> str:
    """An element's name without its namespace; "" for a comment: the strict form of the format has other namespaces."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def attribute_of(node: etree._Element, name: str) -> str:
    """An attribute by its name, of whichever namespace; "" where the element has none."""
    return next((value for key, value in node.attrib.items() if etree.QName(key).localname == name), "")


def _choose(alternates: etree._Element) -> bool:
    """Puts a first choice in the place of its alternates unless the fallback, which mammoth reads, says more."""
    choice, fallback = alternates.find("{*}Choice"), alternates.find("{*}Fallback")
    if choice is not None and _said(choice) >= (1 if fallback is None else max(_said(fallback), 1)):
        return _put_in_place(alternates, list(choice))
    return False


def _said(node: etree._Element) -> int:
    """How many characters and pictures an element shows."""
    return sum(len(each.text or "") if name_of(each) == "t" else 1 for each in node.iter(*_SAID))


def _draw(drawing: etree._Element) -> bool:
    """Puts text boxes, and pictures of a group, beside what else is drawn: mammoth looks for one picture alone."""
    shape = _made(drawing, "pict")
    for label in [each for each in drawing.iter("{*}txBody") if _is_outermost(each, drawing)]:
        for lines in label.iterfind("{*}p"):
            etree.SubElement(shape, _named(drawing, "p")).append(_run(drawing, _text(lines)))
    for picture in [each for each in drawing.iter("{*}pic") if _is_outermost(each, drawing)]:
        if name_of(_parent(picture)) != "graphicData":
            shape.extend(_framed(drawing, picture))
    shape.extend([each for each in drawing.iter("{*}txbxContent") if _is_outermost(each, drawing)])
    if len(shape):
        drawing.addnext(shape)
    return len(shape) > 0


def _is_outermost(node: etree._Element, drawing: etree._Element) -> bool:
    """Whether an element stands in the drawing itself, and not in a text box of it."""
    return next(node.iterancestors("{*}txbxContent", drawing.tag)) is drawing


def _framed(drawing: etree._Element, picture: etree._Element) -> Iterator[etree._Element]:
    """A drawing of one picture of a group, with its description."""
    frame, graphic, data = (drawing.find(path) for path in ("*", "*/{*}graphic", "*/{*}graphic/{*}graphicData"))
    about = picture.find("{*}nvPicPr/{*}cNvPr")
    if frame is not None and graphic is not None and data is not None:
        framed = _made(drawing, "drawing")
        inline = etree.SubElement(framed, frame.tag)
        description = "" if about is None else about.get("descr", "")
        etree.SubElement(inline, etree.QName(frame, "docPr"), {"descr": description})
        etree.SubElement(etree.SubElement(inline, graphic.tag), data.tag).append(picture)
        yield framed


def _spell_field(field: etree._Element) -> bool:
    """Spells a field out in runs: where it begins, what it asks for, what it shows."""
    begin, code, separate, end = runs = [_made(field, "r") for _ in range(4)]
    for run, kind in ((begin, "begin"), (separate, "separate"), (end, "end")):
        etree.SubElement(run, _named(field, "fldChar"), {_named(field, "fldCharType"): kind})
    etree.SubElement(code, _named(field, "instrText")).text = attribute_of(field, "instr")
    return _put_in_place(field, [*runs[:3], *field, end])


def _write_formula(formula: etree._Element) -> bool:
    return _put_in_place(formula, [_run(formula, formula_text(formula))])


def _write_ruby(ruby: etree._Element) -> bool:
    """Writes a base with its reading in brackets, as plain text does."""
    base, reading = (_text(part) for part in (ruby.find("{*}rubyBase"), ruby.find("{*}rt")))
    text = _made(ruby, "t")
    text.text = f"{base} ({reading})" if reading else base
    return _put_in_place(ruby, [text])


def _hide(vanish: etree._Element) -> bool:
    """Empties a run that is hidden, but for what fields it begins and ends."""
    run = _parent(_parent(vanish))
    if name_of(run) == "r" and attribute_of(vanish, "val") not in ("0", "false", "off"):
        for node in [each for each in run if name_of(each) not in _FIELD_PARTS]:
            run.remove(node)
        return True
    return False


def _join_capital(frame: etree._Element) -> bool:
    """Puts a dropped capital, which is a paragraph of its own, before the rest of its word."""
    capital = _parent(_parent(frame))
    rest = capital.getnext()
    if attribute_of(frame, "dropCap") not in ("drop", "margin") or rest is None or name_of(rest) != "p":
        return False
    properties = rest.find("{*}pPr")
    for number, run in enumerate([each for each in capital if name_of(each) != "pPr"]):
        rest.insert(number + (properties is not None), run)
    return _put_in_place(capital, [])


def _unwrap(node: etree._Element) -> bool:
    return _put_in_place(node, list(node))


def _break(node: etree._Element) -> bool:
    return _put_in_place(node, [_made(node, "br")])


def _put_in_place(node: etree._Element, others: Iterable[etree._Element]) -> bool:
    for other in others:
        node.addprevious(other)
    _parent(node).remove(node)
    return True


def _parent(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    return node if parent is None else parent


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(each.text or "" for each in node.iter("{*}t"))


def _run(near: etree._Element, text: str) -> etree._Element:
    run = _made(near, "r")
    etree.SubElement(run, _named(near, "t")).text = text
    return run


def _made(near: etree._Element, name: str) -> etree._Element:
    return etree.Element(_named(near, name))


def _named(near: etree._Element, name: str) -> str:
    """A name in the namespace of the part's root: the strict form of the format has another."""
    return f"{{{etree.QName(near.getroottree().getroot()).namespace}}}{name}"


_REWRITERS: Mapping[str, Callable[[etree._Element], bool]] = {
    "vanish": _hide,
    "AlternateContent": _choose,
    "drawing": _draw,
    "fldSimple": _spell_field,
    "oMathPara": _unwrap,
    "oMath": _write_formula,
    "ruby": _write_ruby,
    "dir": _unwrap,
    "bdo": _unwrap,
    "cr": _break,
    "framePr": _join_capital,
}
