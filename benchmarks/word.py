"""Scores the Word reader: articles with known structure, written as Word documents, must come back as they were.

Run: `python benchmarks/word.py [--worst 10]`. The articles are the expected sides of the structure pages that
`benchmarks/extraction.py` reads, and are scored as there, pictures left out. They are written as Word itself writes
(heading styles, numbered paragraphs, hyperlinks, tables with joined cells); what Word has no means for is written as
people do: a quote in Quote, code in a style of its own, a further paragraph of a list's item in List Continue.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from statistics import mean
from xml.sax.saxutils import escape, quoteattr

import turbohtml
from extraction import BASE_URL, CORPORA, render, structure, structure_pages
from turbohtml import Element, Node, Text

from insights.model import Source
from insights.readers.docx import read_docx

FLOOR, ASKED = 0.95, 0.95
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLE_NAMES = {
    **{f"Heading{level}": f"heading {level}" for level in range(1, 7)},
    "Quote": "Quote", "Code": "Code", "ListParagraph": "List Paragraph", "ListContinue": "List Continue",
}  # fmt: skip
BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol"
    " p pre section table tbody thead tr td th ul center details summary form fieldset".split()
)
BOLD, ITALIC, CODE = frozenset({"strong", "b"}), frozenset({"em", "i"}), frozenset({"code", "tt", "samp"})
SKIPPED = frozenset({"img", "script", "style", "iframe", "video", "svg", "picture", "source", "object", "embed"})


@dataclass(frozen=True, slots=True)
class Run:
    """How text looks: marks, and the address that it leads to."""

    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: its style, and the list and depth that it is an item of."""

    style: str = ""
    number: int = 0
    depth: int = -1


@dataclass(slots=True)
class Writer:
    """Writes an article's blocks as paragraphs, and keeps what they refer to."""

    urls: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)

    def blocks(self, parent: Element, place: Place) -> Iterator[str]:
        """The paragraphs and tables of what is inside an element."""
        inline: list[Node] = []
        for node in parent.children:
            if isinstance(node, Element) and holds_block(node):
                written = [*self.paragraph(inline, place)]
                inline = []
                written += self.block(node, continued(place) if written else place)
                yield from written
                place = continued(place) if written else place
            else:
                inline.append(node)
        yield from self.paragraph(inline, place)

    def block(self, element: Element, place: Place) -> Iterator[str]:
        """One block as paragraphs."""
        tag = element.tag
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            yield from self.paragraph(list(element.children), replace(place, style=f"Heading{tag[1]}"))
        elif tag in ("ul", "ol"):
            self.lists.append(tag)
            number = len(self.lists)
            for item in element.select("li"):
                if item.parent is element or (isinstance(item.parent, Element) and item.parent.tag not in ("ul", "ol")):
                    yield from self.blocks(item, Place("ListParagraph", number, place.depth + 1))
        elif tag == "table":
            yield self.table(element)
        elif tag == "blockquote":
            yield from self.blocks(element, replace(place, style="Quote"))
        elif tag == "pre":
            for line in element.text.strip("\n").split("\n"):
                yield paragraph_xml(Place("Code"), run_xml(line, Run()))
            yield "<w:p/>"  # as people do: two blocks of code without anything between them are one
        else:
            yield from self.blocks(element, place)

    def table(self, table: Element) -> str:
        """A table, its joined cells as Word joins them."""
        rows = []
        for row in table.select("tr"):
            cells = []
            for cell in row.select("td,th"):
                span = cell.attr("colspan") or "1"
                inside = "".join(self.blocks(cell, Place())) or "<w:p/>"
                if not inside.endswith(("</w:p>", "<w:p/>")):
                    inside += "<w:p/>"
                cells.append(f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{inside}</w:tc>')
            head = "<w:trPr><w:tblHeader/></w:trPr>" if row.select_one("th") is not None else ""
            rows.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
        return f"<w:tbl>{''.join(rows)}</w:tbl>"

    def paragraph(self, nodes: list[Node], place: Place) -> Iterator[str]:
        """A paragraph of inline nodes; none where they hold no text."""
        runs = "".join(self.inline(node, Run()) for node in nodes)
        if "<w:t " in runs and "".join(node.text for node in nodes).strip():
            yield paragraph_xml(place, runs)

    def inline(self, node: Node, run: Run) -> str:
        """The runs of an inline node."""
        if isinstance(node, Text):
            return run_xml(" ".join(node.data.split(" ")).replace("\n", " "), run, self) if node.data else ""
        if not isinstance(node, Element) or node.tag in SKIPPED:
            return ""
        if node.tag == "br":
            return "<w:r><w:br/></w:r>"
        run = replace(
            run,
            is_bold=run.is_bold or node.tag in BOLD,
            is_italic=run.is_italic or node.tag in ITALIC,
            is_code=run.is_code or node.tag in CODE,
            url=(node.attr("href") or "") if node.tag == "a" else run.url,
        )
        return "".join(self.inline(child, run) for child in node.children)


def continued(place: Place) -> Place:
    """Where what follows in the same item of a list stands."""
    return Place("ListContinue", 0, place.depth) if place.number else place


def sayable(html: str) -> str:
    """An article as far as Word can say it: text in paragraphs, no pictures, no boxes of one cell."""
    document = turbohtml.parse(html)
    document.remove(",".join(SKIPPED))
    for link in document.select("a"):
        if not link.text.strip():
            link.extract()
    for table in document.select("table"):
        if len(table.select("td,th")) < 2:
            table.tag = "div"
    for block in document.select("div,figcaption,section,article,blockquote,td > div,dd"):
        if block.text.strip() and not any(holds_block(child) for child in block.children if isinstance(child, Element)):
            block.wrap_children(Element("p"))
    for cell in document.select("td,th"):
        inside = [child for child in cell.children if isinstance(child, Element)]
        if len(inside) == 1 and inside[0].tag == "p":
            inside[0].unwrap()
    body = document.select_one("body")
    assert body is not None
    return body.inner_html


def holds_block(element: Element) -> bool:
    """Whether an element is a block, or holds one."""
    return element.tag in BLOCKS or any(child.tag in BLOCKS for child in element.iter_elements())


def paragraph_xml(place: Place, runs: str) -> str:
    """ECMA-376 part 1, §17.3.1."""
    number = (
        f'<w:numPr><w:ilvl w:val="{place.depth}"/><w:numId w:val="{place.number}"/></w:numPr>' if place.number else ""
    )
    indent = f'<w:ind w:left="{720 * (place.depth + 1)}"/>' if place.style == "ListContinue" else ""
    style = f'<w:pStyle w:val="{place.style}"/>' if place.style else ""
    return f"<w:p><w:pPr>{style}{number}{indent}</w:pPr>{runs}</w:p>"


def run_xml(text: str, run: Run, writer: Writer | None = None) -> str:
    """ECMA-376 part 1, §17.3.2; a link is a hyperlink around its runs (§17.16.22)."""
    marks = ("<w:b/>" if run.is_bold else "") + ("<w:i/>" if run.is_italic else "")
    marks = ('<w:rStyle w:val="CodeChar"/>' if run.is_code else "") + marks
    written = f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    if run.url and writer is not None:
        writer.urls.append(run.url)
        return f'<w:hyperlink r:id="rId{len(writer.urls)}">{written}</w:hyperlink>'
    return written


def document_of(html: str) -> bytes:
    """An article as a Word document."""
    body = turbohtml.parse(html).select_one("body")
    assert body is not None
    writer = Writer()
    blocks = "".join(writer.blocks(body, Place()))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        '"application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": relations([("rId1", "officeDocument", "word/document.xml", "")]),
        "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{blocks}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            [(f"rId{n}", "hyperlink", url, ' TargetMode="External"') for n, url in enumerate(writer.urls, 1)]
            + [("rIdS", "styles", "styles.xml", ""), ("rIdN", "numbering", "numbering.xml", "")]
        ),
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles()}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}">{numbering(writer.lists)}</w:numbering>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def relations(entries: list[tuple[str, str, str, str]]) -> str:
    """Open Packaging Conventions, relationships."""
    written = "".join(
        f"<Relationship Id={quoteattr(name)} Type={quoteattr(f'{OFFICE}/{kind}')} Target={quoteattr(target)}{mode}/>"
        for name, kind, target, mode in entries
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{written}</Relationships>'


def styles() -> str:
    """The styles that the paragraphs and runs name."""
    paragraphs = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
        for name, shown in STYLE_NAMES.items()
    )
    return paragraphs + '<w:style w:type="character" w:styleId="CodeChar"><w:name w:val="Code Char"/></w:style>'


def numbering(kinds: list[str]) -> str:
    """A list definition for each list, nine levels deep (§17.9)."""
    abstract, numbers = [], []
    for number, kind in enumerate(kinds, 1):
        form = "bullet" if kind == "ul" else "decimal"
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/></w:lvl>' for level in range(9)
        )
        abstract.append(f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>')
        numbers.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    return "".join(abstract + numbers)


def main() -> int:
    """Prints the scores; 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0, help="list as many of the worst documents")
    options = parser.parse_args()
    if not CORPORA.is_dir():
        print(f"no data at {CORPORA}: nothing measured")
        return 0
    rows: list[tuple[float, str, dict[str, float]]] = []
    for page in structure_pages():
        html = sayable(page.html)
        extract = read_docx(Source(f"{page.name}.docx", document_of(html), BASE_URL))
        heading = f"<h1>{extract.title}</h1>" if extract.title and "<h1" in html else ""
        scores = structure(html, heading + render(extract.body))
        if scores:
            rows.append((mean(scores.values()), page.name, scores))
    for score, name, scores in sorted(rows)[: options.worst]:
        print(f"  {score:.3f} {name} " + " ".join(f"{kind} {value:.2f}" for kind, value in scores.items() if value < 1))
    for kind in sorted({kind for _, _, scores in rows for kind in scores}):
        print(f"{kind:12}{mean(scores[kind] for _, _, scores in rows if kind in scores):.3f}")
    score = mean(score for score, _, _ in rows)
    print(f"{'structure':12}{score:.3f}  floor {FLOOR}  asked {ASKED}  ({len(rows)} documents)")
    return 1 if score < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main())
