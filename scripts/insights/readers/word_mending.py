"""Makes a damaged Word document readable: without parts that cannot be read, and without what refers to nothing.

Word itself opens such documents: a picture that is not in the file, a note whose text is gone. mammoth reads nothing of
one.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from lxml import etree

from insights.readers.archives import read_tree
from insights.readers.word_plain import attribute_of, name_of
from insights.zips import UNREADABLE

_BODY = "word/document.xml"
_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments")
_REFERENCES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments"}
_UNSHOWN = re.compile(r"(?:^|/)(?:embeddings|customXml|fonts|docProps|glossary|charts|diagrams|theme)/")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def find_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where in the archive the body is, "document", and the parts that go with it: by name, as their relations say.

    Word for the web writes a word/document2.xml. Source: ECMA-376 part 2, 9.3, relationships.
    """
    names = frozenset(archive.namelist())
    package = {kind: part for _, kind, part, _ in _relations(archive, "_rels/.rels", "")}
    body = package.get("officeDocument", _BODY)
    folder, _, name = (body if body in names else _BODY).rpartition("/")
    stated = {kind: part for _, kind, part, _ in _relations(archive, f"{folder}/_rels/{name}.rels", folder)}
    parts = {kind: stated.get(kind, "") for kind in _PARTS}
    return {"document": f"{folder}/{name}"} | {
        kind: part if part in names else f"word/{kind}.xml" for kind, part in parts.items()
    }


def replace_parts(archive: zipfile.ZipFile, parts: Mapping[str, etree._Element]) -> bytes:
    """The document with other parts of XML in the place of those of their names, without what no article shows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name in parts:
                copy.writestr(name, etree.tostring(parts[name]))
            elif not _UNSHOWN.search(name):
                with suppress(*UNREADABLE):
                    copy.writestr(name, archive.read(name))
    return stream.getvalue()


def mend_document(archive: zipfile.ZipFile) -> tuple[bytes, tuple[str, ...]]:
    """The document as far as it can be read, and what is missing of it: "the footnotes", "a picture"."""
    places = find_parts(archive)
    trees = {name: read_tree(archive, places[name]) for name in _PARTS}
    missing = [f"the {name}" for name in _PARTS if trees[name] is None and places[name] in archive.namelist()]
    related = dict(_shown(archive, places["document"]))
    ids = {name: {attribute_of(node, "id") for node in tree} - {""} for name, tree in trees.items() if tree is not None}
    written = {f"word/{name}.xml": tree for name, tree in trees.items() if tree is not None}
    _mend_styles(trees["styles"], trees["numbering"])
    body = read_tree(archive, places["document"])
    if body is not None:
        missing += _prune(body, related, ids)
        written[_BODY] = body
    parts = {name: etree.tostring(tree) for name, tree in written.items()}
    parts.update((part, data) for part, data in related.values() if data is not None)
    return _packed(parts, related), tuple(dict.fromkeys(missing))


def _mend_styles(styles: etree._Element | None, numbering: etree._Element | None) -> None:
    """Says of each style its type; takes out styles without a name, and what numbers by one that is not there."""
    known = set()
    for style in () if styles is None else styles.findall("{*}style"):
        if not attribute_of(style, "styleId"):
            _remove(style)  # nothing can name it
        known.add(attribute_of(style, "styleId"))
        if not attribute_of(style, "type"):
            style.set(etree.QName(style, "type"), "paragraph")  # ECMA-376 part 1, 17.7.4.17: the default
    for link in () if numbering is None else list(numbering.iter("{*}numStyleLink")):
        if attribute_of(link, "val") not in known:
            _remove(link)


def _relations(archive: zipfile.ZipFile, name: str, folder: str) -> Iterator[tuple[str, str, str, bool]]:
    """What a part is related to: by which id, as what ("image"), the part or address, and whether that is outside."""
    root = read_tree(archive, name)
    for node in () if root is None else root.iterfind("{*}Relationship"):
        kind, target = attribute_of(node, "Type").rpartition("/")[2], attribute_of(node, "Target")
        is_outside = attribute_of(node, "TargetMode") == "External"
        part = target if is_outside else posixpath.normpath(posixpath.join("/", folder, target))[1:]
        yield attribute_of(node, "Id"), kind, part, is_outside


def _shown(archive: zipfile.ZipFile, body: str) -> Iterator[tuple[str, tuple[str, bytes | None]]]:
    """By id, what the body may refer to: an address of the web, or a picture of the document with its bytes."""
    folder, _, name = body.rpartition("/")
    for each, kind, target, is_outside in _relations(archive, f"{folder}/_rels/{name}.rels", folder):
        if kind == "hyperlink" and is_outside:
            yield each, (target, None)
        elif kind == "image" and not is_outside:
            with suppress(*UNREADABLE):
                yield each, (target, archive.read(target))


def _prune(body: etree._Element, related: Collection[str], ids: dict[str, set[str]]) -> Iterator[str]:
    """Takes out of the body what refers to nothing, and says what that was."""
    for node in list(body.iter("*")):
        kind = name_of(node)
        if kind in _REFERENCES and attribute_of(node, "id") not in ids.get(_REFERENCES[kind], ()):
            yield "a note"
            _remove(node)
        elif kind == "sym" and not _is_hexadecimal(attribute_of(node, "char")):
            yield "a symbol"
            _remove(node)
        elif kind == "gridSpan" and not attribute_of(node, "val").isdecimal():
            _remove(node)
        for attribute in [each for each in node.attrib if etree.QName(each).namespace and "relationships" in each]:
            if node.attrib[attribute] not in related:
                del node.attrib[attribute]
                if kind in ("blip", "imagedata"):
                    yield "a picture"


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
        archive.writestr("word/_rels/document.xml.rels", _relations_xml(entries))
    return stream.getvalue()


def _relations_xml(entries: list[tuple[str, str, str, bool]]) -> bytes:
    space = f"{{{_PACKAGE}/relationships}}"
    root = etree.Element(f"{space}Relationships")
    for name, kind, target, is_outside in entries:
        attributes = {"Id": name, "Type": f"{_OFFICE}/{kind}", "Target": target}
        etree.SubElement(root, f"{space}Relationship", attributes | ({"TargetMode": "External"} if is_outside else {}))
    return bytes(etree.tostring(root))
