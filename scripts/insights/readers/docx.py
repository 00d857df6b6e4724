"""Reads a Word document into an Extract: mammoth reads styles, lists, tables and notes; our writer does the rest."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import mammoth
import turbohtml
from lxml import etree
from turbohtml import Element

from insights.errors import SourceError
from insights.model import Attachment, Evidence, Extract, Source
from insights.readers.archives import open_archive, read_part, read_tree
from insights.readers.dates import parse_date
from insights.readers.dom import HEADINGS, child_elements, text_of
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import to_markdown
from insights.readers.proof import shown_words
from insights.readers.word_mending import find_parts, mend_document, replace_parts
from insights.readers.word_plain import held_elsewhere, make_plain
from insights.readers.word_structure import join_continued, mark_continued
from insights.readers.word_styles import STYLES

_AGAIN = "save it again from Word"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKDOWN = re.compile(
    r"^(?:#{1,6} \S|[-*+] \S|\d+\. \S|> \S|```|\|.*\|[ \t]*$)|\*\*[^*\n]+\*\*|\[[^\[\]\n]+\]\([^()\s]+\)", re.MULTILINE
)
_CORE_FIELDS = {
    "title": "title",
    "creator": "authors",
    "created": "published",
    "modified": "updated",
    "description": "description",
}


def read_docx(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article of a Word document; its pictures are attachments that the body names.

    Raises SourceError where the document is damaged, unpacks to more than the limits, or holds no text.
    """
    archive = open_archive(source, limits)
    places = find_parts(archive)
    root = _parsed(read_part(archive, places["document"], source), source)
    pasted = _pasted_markdown(root)
    if pasted is not None:
        from insights.readers.markdown import read_markdown

        return read_markdown(Source(source.name, pasted.encode(), source.url), limits)
    elsewhere = held_elsewhere(root)
    html, attachments, missing = _convert(_plain(source, archive, places, root), limits)
    document = turbohtml.parse(f"<body>{html}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    join_continued(body)
    _promote_tables(body)
    title, rule = _take_title(body)
    shown = shown_words(body)
    text = to_markdown(body, source.url)
    if not text and not title:
        raise SourceError(source.name, "the document holds no text", "give the document itself, not its template")
    notes = [f"<!-- not converted: {each} that the document does not hold -->" for each in missing]
    notes += [f"<!-- not converted: {each} -->" for each in elsewhere]
    text = "".join([text, *(f"\n{note}\n" for note in notes)])
    return replace(_with_properties(text, title, rule, attachments, archive), shown=shown)


def _plain(source: Source, archive: zipfile.ZipFile, places: dict[str, str], root: etree._Element) -> Source:
    """The document in the elements that mammoth reads."""
    trees = {places["document"]: root}
    for name in ("footnotes", "endnotes"):
        tree = read_tree(archive, places[name])
        if tree is not None:
            trees[places[name]] = tree
    changed = {place: tree for place, tree in trees.items() if make_plain(tree)}
    return replace(source, data=replace_parts(archive, changed)) if changed else source


def _convert(source: Source, limits: Limits) -> tuple[str, tuple[Attachment, ...], tuple[str, ...]]:
    """mammoth's HTML of the document, its pictures, and what it lacks; if need be without what refers to nothing."""
    try:
        return (*_convert_whole(source.name, source.data), ())
    except SourceError:
        data, missing = mend_document(open_archive(source, limits))
        return (*_convert_whole(source.name, data), missing)


def _convert_whole(name: str, data: bytes) -> tuple[str, tuple[Attachment, ...]]:
    attachments: list[Attachment] = []

    def keep(image: mammoth.documents.Image) -> dict[str, str]:
        with image.open() as stream:
            data = stream.read()
        media_type = image.content_type or "application/octet-stream"
        suffix = media_type.partition("/")[2].partition("+")[0].replace("jpeg", "jpg").replace("x-", "")
        name = f"image-{len(attachments) + 1}.{suffix}"
        attachments.append(Attachment(name, data, media_type))
        return {"src": name}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(keep),
            transform_document=mark_continued,
            ignore_empty_paragraphs=False,  # an empty line of code is one
        )
    except Exception as error:  # mammoth raises whatever a damaged part makes it stumble over
        raise SourceError(name, f"the document cannot be read: {_reason(error)}", _AGAIN) from error
    return result.value, tuple(attachments)


def _reason(error: Exception) -> str:
    """What a parser says, in a line."""
    return " ".join(str(error).split())


def _parsed(xml: bytes, source: Source) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, huge_tree=False, no_network=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(source.name, f"the document is damaged: {_reason(error)}", _AGAIN) from error


def _pasted_markdown(root: etree._Element) -> str | None:
    """The document's paragraphs as lines where it is Markdown pasted into Word: signs in the text, no styles."""
    paragraphs = list(root.iter(f"{_W}p"))
    if root.find(f".//{_W}tbl") is not None or root.find(f".//{_W}numPr") is not None:
        return None
    for style in root.iter(f"{_W}pStyle"):
        if re.match(r"(?:heading|title|list|quote|code|source|html|preformat)", style.get(f"{_W}val", ""), re.I):
            return None
    lines = ["".join(_run_texts(paragraph)) for paragraph in paragraphs]
    text = "\n".join(lines)
    return text if len(_MARKDOWN.findall(text)) >= 2 else None


def _run_texts(paragraph: etree._Element) -> list[str]:
    texts = []
    for node in paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
        texts.append((node.text or "") if node.tag == f"{_W}t" else "\n" if node.tag == f"{_W}br" else "    ")
    return texts


def _promote_tables(body: Element) -> None:
    """Takes the paragraph out of cells that hold but one, so that a cell is a line."""
    for cell in body.select("td,th"):
        children = child_elements(cell)
        if len(children) == 1 and children[0].tag == "p":
            children[0].unwrap()


def _take_title(body: Element) -> tuple[str | None, str]:
    """The text of the Title paragraph, or of a first heading that is the only one of its level; takes it out."""
    styled = body.select_one("h1.title")
    if styled is not None:
        styled.extract()
        return text_of(styled) or None, "Title style"
    first = next(iter(child_elements(body)), None)
    if first is not None and first.tag in HEADINGS and len(body.select(first.tag)) == 1 and first.tag == "h1":
        first.extract()
        return text_of(first) or None, "first heading"
    return None, ""


def _with_properties(
    body: str, title: str | None, rule: str, attachments: tuple[Attachment, ...], archive: zipfile.ZipFile
) -> Extract:
    """The Extract, completed from the document's core properties (ECMA-376 part 2, core properties)."""
    stated: dict[str, str] = {}
    if (root := read_tree(archive, "docProps/core.xml")) is not None:
        stated = {etree.QName(node).localname: (node.text or "").strip() for node in root if isinstance(node.tag, str)}
    evidence = [Evidence("title", title, rule)] if title else []
    evidence += [
        Evidence(field, stated[name], f"core property {name}")
        for name, field in _CORE_FIELDS.items()
        if stated.get(name) and not (field == "title" and title)
    ]
    keywords = tuple(part.strip() for part in re.split(r"[,;]", stated.get("keywords", "")) if part.strip())
    return Extract(
        body=body,
        title=title or stated.get("title") or None,
        description=stated.get("description") or None,
        authors=tuple(name.strip() for name in stated.get("creator", "").split(";") if name.strip()),
        published=parse_date(stated.get("created", "")),
        updated=parse_date(stated.get("modified", "")),
        tags=keywords,
        language=stated.get("language") or None,
        attachments=attachments,
        evidence=tuple(evidence),
    )
