"""Makes a damaged Word document readable: without parts that cannot be read, and without what refers to nothing.

Word itself opens such documents: a picture that is not in the file, a note whose text is gone. mammoth reads nothing of
one.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Collection, Iterator

from lxml import etree

from insights.zips import UNREADABLE

_BODY = "word/document.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments")
_REFERENCES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments"}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def mend_document(archive: zipfile.ZipFile) -> tuple[bytes, tuple[str, ...]]:
    """The document as far as it can be read, and what is missing of it: "the footnotes", "a picture"."""
    trees = {name: read_tree(archive, f"word/{name}.xml") for name in _PARTS}
    missing = [f"the {name}" for name in _PARTS if trees[name] is None and f"word/{name}.xml" in archive.namelist()]
    related = dict(_relations(archive))
    ids = {name: {_value(node, "id") for node in tree} - {""} for name, tree in trees.items() if tree is not None}
    written = {f"word/{name}.xml": tree for name, tree in trees.items() if tree is not None}
    body = read_tree(archive, _BODY)
    if body is not None:
        missing += _prune(body, related, ids)
        written[_BODY] = body
    parts = {name: etree.tostring(tree) for name, tree in written.items()}
    parts.update((part, data) for part, data in related.values() if data is not None)
    return _packed(parts, related), tuple(dict.fromkeys(missing))


def read_tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of a part of XML; None where it is missing or damaged."""
    try:
        return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
    except (*UNREADABLE, etree.XMLSyntaxError):
        return None


def _relations(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, bytes | None]]]:
    """By id, what the body may refer to: an address of the web, or a picture of the document with its bytes."""
    root = read_tree(archive, _RELATIONS)
    for node in () if root is None else root:
        name, target = _value(node, "Id"), _value(node, "Target")
        kind = _value(node, "Type").rpartition("/")[2]
        if kind == "hyperlink" and _value(node, "TargetMode") == "External":
            yield name, (target, None)
        elif kind == "image":
            part = target[1:] if target.startswith("/") else posixpath.normpath(f"word/{target}")
            try:
                yield name, (part, archive.read(part))
            except UNREADABLE:
                continue


def _prune(body: etree._Element, related: Collection[str], ids: dict[str, set[str]]) -> Iterator[str]:
    """Takes out of the body what refers to nothing, and says what that was."""
    for node in list(body.iter("*")):
        kind = etree.QName(node).localname
        if kind in _REFERENCES and _value(node, "id") not in ids.get(_REFERENCES[kind], ()):
            yield "a note"
            _remove(node)
        elif kind == "sym" and not _is_hexadecimal(_value(node, "char")):
            yield "a symbol"
            _remove(node)
        elif kind == "gridSpan" and not _value(node, "val").isdecimal():
            _remove(node)
        for attribute in [each for each in node.attrib if etree.QName(each).namespace and "relationships" in each]:
            if node.attrib[attribute] not in related:
                del node.attrib[attribute]
                if kind in ("blip", "imagedata"):
                    yield "a picture"


def _value(node: etree._Element, name: str) -> str:
    """An attribute by its name, whichever namespace it is of: the strict form of the format has others."""
    return next((value for key, value in node.attrib.items() if etree.QName(key).localname == name), "")


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _is_hexadecimal(text: str) -> bool:
    try:
        return int(text, 16) >= 0
    except ValueError:
        return False


def _packed(parts: dict[str, bytes], related: dict[str, tuple[str, bytes | None]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr("_rels/.rels", _relations_xml([("rId1", "officeDocument", _BODY, False)]))
        entries = [
            (name, "hyperlink", target, True) if data is None else (name, "image", f"/{target}", False)
            for name, (target, data) in related.items()
        ]
        archive.writestr(_RELATIONS, _relations_xml(entries))
    return stream.getvalue()


def _relations_xml(entries: list[tuple[str, str, str, bool]]) -> bytes:
    space = f"{{{_PACKAGE}/relationships}}"
    root = etree.Element(f"{space}Relationships")
    for name, kind, target, is_outside in entries:
        attributes = {"Id": name, "Type": f"{_OFFICE}/{kind}", "Target": target}
        etree.SubElement(root, f"{space}Relationship", attributes | ({"TargetMode": "External"} if is_outside else {}))
    return bytes(etree.tostring(root))
