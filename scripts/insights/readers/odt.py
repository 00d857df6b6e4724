"""Reads an OpenDocument text (ODF 1.3) into an Extract: its XML becomes plain HTML, and our writer does the rest."""

from __future__ import annotations

import mimetypes
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import escape

import turbohtml
from lxml import etree
from turbohtml import Element

from insights.errors import SourceError
from insights.model import Attachment, Evidence, Extract, Source
from insights.readers.archives import open_archive, read_part, read_tree
from insights.readers.dates import parse_date
from insights.readers.dom import text_of
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import to_markdown
from insights.readers.odt_styles import DRAW, NS, OFFICE, TABLE, TEXT, Styles, read_styles, role_of
from insights.readers.proof import shown_words

_META = f"{{{NS}meta:1.0}}"
_SVG = f"{{{NS}svg-compatible:1.0}}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TRANSPARENT = frozenset(
    f"{TEXT}{name}" for name in ("section", "bibliography", "index-body", "index-title", "numbered-paragraph")
)
_XML_ID = re.compile(rb"""\sxml:id=(?:"[^"]*"|'[^']*')""")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def read_odt(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article of an OpenDocument text; its pictures are attachments that the body names.

    Raises SourceError where the document is damaged, unpacks to more than the limits, or holds no text.
    """
    archive = open_archive(source, limits)
    _refuse_locked(archive, source)
    root = _parsed(read_part(archive, "content.xml", source), source)
    styles = Styles()
    if "styles.xml" in archive.namelist():
        read_styles(_parsed(read_part(archive, "styles.xml", source), source), styles)
    read_styles(root, styles)
    writer = _HtmlWriter(styles, archive)
    office_text = root.find(f".//{OFFICE}text")
    html = writer.blocks(office_text) if office_text is not None else ""
    document = turbohtml.parse(f"<body>{html}{writer.note_list()}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    heading = body.select_one("h1.title") or (body.select_one("h1") if len(body.select("h1")) == 1 else None)
    title = None
    if heading is not None and (heading.has_class("title") or heading.previous_sibling is None):
        title = text_of(heading) or None
        heading.extract()
    shown = shown_words(body)
    text = to_markdown(body, source.url)
    if not text and not title:
        raise SourceError(source.name, "the document holds no text", "give the document itself, not its template")
    return replace(_with_properties(text, title, tuple(writer.attachments), archive), shown=shown)


def _refuse_locked(archive: zipfile.ZipFile, source: Source) -> None:
    """Raises SourceError where the text is encrypted. Source: ODF 1.3 part 2, 4.4, manifest:encryption-data."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in read_part(archive, manifest, source):
        raise SourceError(source.name, "the document is locked with a password", "save it without one")


def _parsed(xml: bytes, source: Source) -> etree._Element:
    try:
        return etree.fromstring(_XML_ID.sub(b"", xml), _PARSER)  # nobody needs them, and not all who write them can
    except etree.XMLSyntaxError as error:
        raise SourceError(source.name, f"the document is damaged: {error}", "save it again") from error


class _HtmlWriter:
    """Writes the document's blocks as HTML, and collects notes and pictures on the way."""

    def __init__(self, styles: Styles, archive: zipfile.ZipFile) -> None:
        self.styles = styles
        self.archive = archive
        self.notes: list[str] = []
        self.boxes: list[str] = []  # what is drawn beside the text that is being written
        self.attachments: list[Attachment] = []

    def note_list(self) -> str:
        items = "".join(f'<li id="fn{i}">{note}</li>' for i, note in enumerate(self.notes, start=1))
        return f"<ol>{items}</ol>" if items else ""

    def blocks(self, parent: etree._Element, list_style: str = "", depth: int = 0) -> str:
        html: list[str] = []
        for node in parent:
            if not isinstance(node.tag, str):
                continue
            block = self._block(node, list_style, depth)
            last = html[-1] if html else ""
            if block.startswith("<pre>") and last.startswith("<pre>"):
                html[-1] = last.removesuffix("</pre>") + "\n" + block.removeprefix("<pre>")
            elif block.startswith("<blockquote>") and last.startswith("<blockquote>"):
                html[-1] = last.removesuffix("</blockquote>") + block.removeprefix("<blockquote>")
            elif block:
                html.append(block)
        return "".join(html)

    def _block(self, node: etree._Element, list_style: str, depth: int) -> str:  # noqa: PLR0911 - one line a tag
        if node.tag == f"{TEXT}h":
            level = node.get(f"{TEXT}outline-level", "1")
            level = level if level in "123456" and len(level) == 1 else "6"
            return self._with_boxes(lambda: f"<h{level}>{self._inline(node)}</h{level}>")
        if node.tag == f"{TEXT}p":
            return self._with_boxes(lambda: self._paragraph(node))
        if node.tag == f"{TEXT}list":
            return self._list(node, list_style, depth)
        if node.tag == f"{TABLE}table":
            return self._table(node)
        if node.tag.startswith(DRAW):
            return self._with_boxes(lambda: self._drawing(node))
        if node.tag in _TRANSPARENT:
            return self.blocks(node, list_style, depth)
        return ""

    def _with_boxes(self, write: Callable[[], str]) -> str:
        """What `write` gives, and below it what is drawn there: a paragraph holds no other."""
        begin = len(self.boxes)
        written = write()
        boxes = self.boxes[begin:]
        del self.boxes[begin:]
        return "".join([written, *boxes])

    def _paragraph(self, node: etree._Element) -> str:
        role = self.styles.roles.get(node.get(f"{TEXT}style-name", ""), "") or role_of(
            node.get(f"{TEXT}style-name", "")
        )
        inside = self._inline(node)
        if role == "pre":
            return f"<pre>{escape(self._plain(node), quote=False)}</pre>"
        if not inside.strip():
            return ""
        if role == "title":
            return f'<h1 class="title">{inside}</h1>'
        return f"<blockquote><p>{inside}</p></blockquote>" if role == "quote" else f"<p>{inside}</p>"

    def _plain(self, node: etree._Element) -> str:
        """A paragraph's text with its exact spaces, tabs and breaks."""
        parts = [node.text or ""]
        for child in node:
            count = child.get(f"{TEXT}c", "1")
            if child.tag == f"{TEXT}s":
                parts.append(" " * (int(count) if count.isdigit() and len(count) < 4 else 1))
            elif child.tag == f"{TEXT}tab":
                parts.append("    ")
            elif child.tag == f"{TEXT}line-break":
                parts.append("\n")
            elif isinstance(child.tag, str):
                parts.append(self._plain(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _list(self, node: etree._Element, list_style: str, depth: int) -> str:
        style = node.get(f"{TEXT}style-name", list_style)
        tag = "ol" if (style, depth + 1) in self.styles.numbered else "ul"
        items = [
            self.blocks(item, style, depth + 1)
            for item in node
            if item.tag in (f"{TEXT}list-item", f"{TEXT}list-header")
        ]
        if depth > 60:
            return "".join(items)
        return f"<{tag}>" + "".join(f"<li>{_unwrapped(item)}</li>" for item in items) + f"</{tag}>"

    def _table(self, node: etree._Element) -> str:
        heads = {
            id(row) for header in node.iter(f"{TABLE}table-header-rows") for row in header.iter(f"{TABLE}table-row")
        }
        rows = []
        for row in node.iter(f"{TABLE}table-row"):
            tag = "th" if id(row) in heads else "td"
            cells = [cell for cell in row if cell.tag == f"{TABLE}table-cell"]
            rows.append("<tr>" + "".join(self._cell(cell, tag) for cell in cells) + "</tr>")
        return f"<table>{''.join(rows)}</table>"

    def _cell(self, cell: etree._Element, tag: str) -> str:
        spans = ""
        for attribute, name in (("number-columns-spanned", "colspan"), ("number-rows-spanned", "rowspan")):
            value = cell.get(f"{TABLE}{attribute}", "1")
            spans += f' {name}="{value}"' if value.isdigit() and value != "1" else ""
        return f"<{tag}{spans}>{_unwrapped(self.blocks(cell))}</{tag}>"

    def _inline(self, node: etree._Element) -> str:
        parts = [escape(node.text or "", quote=False)]
        for child in node:
            if isinstance(child.tag, str):
                parts.append(self._inline_child(child))
            parts.append(escape(child.tail or "", quote=False))
        return "".join(parts)

    def _inline_child(self, node: etree._Element) -> str:  # noqa: PLR0911 - one line a tag
        if node.tag == f"{TEXT}span":
            inside = self._inline(node)
            for mark in self.styles.marks.get(node.get(f"{TEXT}style-name", ""), ()):
                inside = f"<{mark}>{inside}</{mark}>"
            return inside
        if node.tag == f"{TEXT}a":
            return f'<a href="{escape(node.get(_XLINK, ""))}">{self._inline(node)}</a>'
        if node.tag in (f"{TEXT}s", f"{TEXT}tab"):
            return " "
        if node.tag == f"{TEXT}line-break":
            return "<br>"
        if node.tag == f"{TEXT}note":
            return self._note(node)
        if node.tag == f"{TEXT}ruby-text":
            return f" ({self._inline(node)})"
        if node.tag.startswith(DRAW):
            return self._drawing(node)
        if node.tag in (f"{OFFICE}annotation", f"{TEXT}tracked-changes"):
            return ""
        return self._inline(node)

    def _note(self, node: etree._Element) -> str:
        content = node.find(f"{TEXT}note-body")
        self.notes.append(self.blocks(content) if content is not None else "")
        number = len(self.notes)
        return f'<sup><a href="#fn{number}">{number}</a></sup>'

    def _drawing(self, node: etree._Element) -> str:
        """A picture; the text of a box or a shape is set aside."""
        image = node.find(f"{DRAW}image") if node.tag == f"{DRAW}frame" else None
        if image is None:
            self.boxes.append(self.blocks(node))
            return ""
        name = image.get(_XLINK, "").removeprefix("./")
        described = node.find(f"{_SVG}desc")
        titled = node.find(f"{_SVG}title")
        alt = next((found.text for found in (titled, described) if found is not None and found.text), "")
        if name in self.archive.namelist():
            file_name = name.rpartition("/")[2]
            media_type = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
            self.attachments.append(Attachment(file_name, self.archive.read(name), media_type))
            name = file_name
        return f'<img src="{escape(name)}" alt="{escape(alt)}">'


def _unwrapped(html: str) -> str:
    """A lone paragraph without its tags, so that an item or a cell is a line."""
    if html.startswith("<p>") and html.count("<p>") == 1:
        return html.removeprefix("<p>").replace("</p>", "", 1)
    return html


def _with_properties(
    body: str, title: str | None, attachments: tuple[Attachment, ...], archive: zipfile.ZipFile
) -> Extract:
    """The Extract, completed from the document's metadata (ODF 1.3 part 3, office:meta)."""
    stated: dict[str, str] = {}
    meta = read_tree(archive, "meta.xml")
    if meta is not None:
        for node in meta.iter():
            if isinstance(node.tag, str) and node.text and node.text.strip():
                stated.setdefault(node.tag, node.text.strip())
    author = stated.get(f"{_META}initial-creator") or stated.get(f"{_DC}creator")
    fields = {
        "title": title or stated.get(f"{_DC}title"),
        "authors": author,
        "published": stated.get(f"{_META}creation-date"),
    }
    return Extract(
        body=body,
        title=fields["title"],
        description=stated.get(f"{_DC}description"),
        authors=(author,) if author else (),
        published=parse_date(fields["published"] or ""),
        updated=parse_date(stated.get(f"{_DC}date", "")),
        language=stated.get(f"{_DC}language"),
        attachments=attachments,
        evidence=tuple(Evidence(name, value, "document or its meta.xml") for name, value in fields.items() if value),
    )
