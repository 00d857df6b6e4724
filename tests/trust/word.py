"""Word documents as Word and others write them: what may stand in one, after ECMA-376, part 1."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": f"{OFFICE}/relationships",
    "m": f"{OFFICE}/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504


def _run(text: str, marks: str = "") -> str:
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(inside: str, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{inside}</w:p>"


def _item(text: str, depth: int, number: str = "1") -> str:
    return _paragraph(
        _run(text), "ListParagraph", f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def _cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def _table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def _field(code: str, shown: str) -> str:
    parts = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    begin, separate, end = parts
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{separate}{_run(shown)}{end}"


def _picture(target: str, extent: str = 'cx="9525" cy="9525"') -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr id="1" name="p" descr="A gauge"/><a:graphic>'
        f"<a:graphicData><pic:pic><pic:blipFill><a:blip {target}/></pic:blipFill></pic:pic></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )


_MARKS = "b i u strike caps vanish smallCaps rtl".split()
_WORDS = _paragraph(_run("The desk counts people who wait, and writes down how long each of them has waited so far."))
_PLAIN_CELL = _cell(_paragraph(_run("a")))
FEATURES: Mapping[str, str] = {
    "plain": _WORDS * 3,
    "title": _paragraph(_run("A title"), "Title") + _paragraph(_run("Below it"), "Subtitle"),
    "headings": "".join(_paragraph(_run(f"Part {n}"), f"Heading{n}") for n in range(1, 10)),
    "marks": _paragraph("".join(_run("x", f"<w:{mark}/>") for mark in _MARKS)),
    "scripts": _paragraph(
        "".join(_run("2", f'<w:vertAlign w:val="{kind}"/>') for kind in ("superscript", "subscript"))
    ),
    "breaks": _paragraph('<w:r><w:br/><w:br w:type="page"/><w:tab/><w:cr/><w:noBreakHyphen/><w:softHyphen/></w:r>'),
    "symbols": _paragraph('<w:r><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="None" w:char="zz"/></w:r>'),
    "lists": "".join(_item(f"Item {n}", n % 4) for n in range(12)),
    "lists-without-definitions": "".join(_item("Item", n, str(90 + n)) for n in range(3)),
    "quotes": _paragraph(_run("Said"), "Quote") + _paragraph(_run("x = 1"), "Code") * 3,
    "table": _table(_PLAIN_CELL * 3, _PLAIN_CELL * 3, _PLAIN_CELL),
    "joined-cells": _table(
        _cell(_paragraph(_run("a")), '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + _PLAIN_CELL,
        _cell("<w:p/>", '<w:gridSpan w:val="2"/><w:vMerge/>') + _PLAIN_CELL,
    ),
    "tables-in-tables": _table(_cell(_table(_cell(_table(_PLAIN_CELL) + "<w:p/>") * 2) + "<w:p/>") * 2),
    "empty-table": _table("", _cell(""), "<w:trPr/>"),
    "notes": _paragraph(_run("Noted") + '<w:r><w:footnoteReference w:id="1"/><w:endnoteReference w:id="1"/></w:r>') * 2,
    "notes-that-are-missing": _paragraph('<w:r><w:footnoteReference w:id="99"/><w:endnoteReference/></w:r>') + _WORDS,
    "comments": _paragraph(
        '<w:commentRangeStart w:id="0"/>'
        + _run("Said")
        + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/><w:commentReference w:id="7"/></w:r>'
    ),
    "changes": _paragraph(
        f'<w:ins w:id="1" w:author="A">{_run("new")}</w:ins><w:del w:id="2">'
        "<w:r><w:delText>old</w:delText></w:r></w:del>"
        f"<w:moveFrom>{_run('from')}</w:moveFrom><w:moveTo>{_run('to')}</w:moveTo>"
    ),
    "deleted-paragraph": _paragraph(_run("x"), "", "<w:rPr><w:del w:id='1'/></w:rPr>") + _WORDS,
    "fields": _paragraph(
        _field('HYPERLINK "https://example.org/a?b=c"', "there")
        + _field(" PAGE ", "1")
        + _field("FORMCHECKBOX", "")
        + '<w:fldSimple w:instr="DATE">'
        + _run("today")
        + "</w:fldSimple>"
    ),
    "open-fields": _paragraph('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "x</w:instrText></w:r>')
    + _WORDS,
    "ends-of-fields": _paragraph('<w:r><w:fldChar w:fldCharType="end"/><w:fldChar/></w:r>') + _WORDS,
    "links": _paragraph(
        f'<w:hyperlink r:id="rIdL">{_run("out")}</w:hyperlink><w:hyperlink w:anchor="here">{_run("in")}</w:hyperlink>'
        f'<w:hyperlink r:id="rId404">{_run("nowhere")}</w:hyperlink><w:hyperlink>{_run("empty")}</w:hyperlink>'
        '<w:bookmarkStart w:id="1" w:name="here"/><w:bookmarkEnd w:id="1"/><w:bookmarkStart w:id="2"/>'
    ),
    "picture": _paragraph(_picture('r:embed="rIdP"')),
    "picture-elsewhere": _paragraph(_picture('r:link="rIdE"') + _picture('r:embed="rIdE"')) + _WORDS,
    "picture-that-is-missing": _paragraph(_picture('r:embed="rIdM"') + _picture('r:embed="rId404"') + _picture(""))
    + _WORDS,
    "picture-without-size": _paragraph(_picture('r:embed="rIdP"', 'cx="x" cy="-1"')),
    "drawing": _paragraph('<w:r><w:pict><v:shape><v:imagedata r:id="rIdP" o:title="A"/></v:shape></w:pict></w:r>')
    + _WORDS,
    "text-box": _paragraph(
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        + _WORDS
        + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + _WORDS
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ),
    "equation": _paragraph(
        "<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den/></m:f></m:oMath></m:oMathPara>"
    ),
    "embedded": _paragraph('<w:r><w:object><o:OLEObject r:id="rIdO" ProgID="Excel.Sheet.12"/></w:object></w:r>')
    + _WORDS,
    "controls": f"<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>{_WORDS}</w:sdtContent></w:sdt>"
    + _paragraph(
        f"<w:sdt><w:sdtContent>{_run('inside')}</w:sdtContent></w:sdt><w:smartTag>{_run('smart')}</w:smartTag>"
    ),
    "part-of-another": '<w:altChunk r:id="rIdA"/>' + _WORDS,
    "columns": _paragraph(_run("x"), "", '<w:sectPr><w:cols w:num="3"/></w:sectPr>') + "<w:sectPr/>",
    "markdown": "".join(_paragraph(_run(line)) for line in ("# A", "", "- **b**", "[c](https://example.org)", "> d")),
    "odd-letters": _paragraph(_run("\u202eright\u202c \ufeff \U0001f600 e\u0301 \u00ad &#x9;&#xD;&#xFFFD;")),
    "unknown": f"<w:zzz><w:p>{_run('x')}</w:p></w:zzz><zzz xmlns='urn:x'>y</zzz><!-- a --><?b c?>" + _WORDS,
    "ruby": _paragraph(f"<w:ruby><w:rt>{_run('kan')}</w:rt><w:rubyBase>{_run('漢')}</w:rubyBase></w:ruby>"),
    "nothing": "",
}


def parts_of(body: str) -> dict[str, bytes]:
    """The files of a document with this body, by name, and of all that its body may refer to."""
    spaces = " ".join(f'xmlns:{name}="{url}"' for name, url in SPACES.items())

    def part(tag: str, inside: str) -> bytes:
        return f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} {spaces}>{inside}</w:{tag}>'.encode()

    outside = 'TargetMode="External"'
    related = {
        "rIdS": ("styles", "styles.xml", ""), "rIdN": ("numbering", "numbering.xml", ""),
        "rIdF": ("footnotes", "footnotes.xml", ""), "rIdD": ("endnotes", "endnotes.xml", ""),
        "rIdC": ("comments", "comments.xml", ""), "rIdP": ("image", "media/image1.png", ""),
        "rIdE": ("image", "file:///etc/passwd", outside), "rIdM": ("image", "media/missing.png", ""),
        "rIdL": ("hyperlink", "javascript:alert(1)", outside), "rIdO": ("oleObject", "embeddings/a.bin", ""),
        "rIdA": ("aFChunk", "../../../outside.html", ""), "rIdV": ("vbaProject", "vbaProject.bin", ""),
    }  # fmt: skip
    names = "Title Subtitle Quote Code ListParagraph".split()
    styles = {**{name: name for name in names}, **{f"Heading{n}": f"heading {n}" for n in range(1, 10)}}
    level = "".join(
        f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{"bullet" if n % 2 else "decimal"}"/></w:lvl>' for n in range(9)
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="'
            'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
        ).encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml", "")}),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": _relations(related),
        "word/styles.xml": part("styles", "".join(
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
            for name, shown in styles.items()
        )),
        "word/numbering.xml": part("numbering", (
            f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
            '<w:num w:numId="2"><w:abstractNumId w:val="9"/></w:num>'
        )),
        "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="1">{_WORDS}</w:footnote>'),
        "word/endnotes.xml": part("endnotes", f'<w:endnote w:id="1">{_WORDS}</w:endnote>'),
        "word/comments.xml": part("comments", f'<w:comment w:id="0" w:author="A" w:initials="A">{_WORDS}</w:comment>'),
        "word/media/image1.png": _PNG,
        "word/embeddings/a.bin": OLE,
        "word/vbaProject.bin": OLE,
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Queues</dc:title><dc:creator>Ada; Grace</dc:creator>'
            "<dcterms:created>2026-13-45T99:00:00Z</dcterms:created><cp:keywords>a, b;c</cp:keywords>"
            "</cp:coreProperties>"
        ).encode(),
    }  # fmt: skip


def _relations(related: Mapping[str, tuple[str, str, str]]) -> bytes:
    written = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/relationships/{kind}" Target="{target}" {mode}/>'
        for name, (kind, target, mode) in related.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'.encode()


def pack(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()
