"""What people's own Word and OpenDocument texts hold beside plain paragraphs arrives, in the place where it stood."""

from __future__ import annotations

import io
import zipfile

import pytest
from trust.word import OLE, pack, parts_of

from insights.errors import SourceError
from insights.model import Source
from insights.readers import read
from insights.readers.docx import read_docx
from insights.readers.odt import read_odt

_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(*inside: str) -> str:
    return f"<w:p>{''.join(inside)}</w:p>"


def _drawing(inside: str) -> str:
    return (
        "<w:r><w:drawing><wp:anchor><wp:docPr id='1' name='d'/><a:graphic><a:graphicData>"
        f"{inside}</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


def _box(text: str) -> str:
    return f"<wps:wsp><wps:txbx><w:txbxContent>{_paragraph(_run(text))}</w:txbxContent></wps:txbx></wps:wsp>"


def _table(*rows: list[str]) -> str:
    written = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{written}</w:tbl>"


_PICTURE = (
    "<pic:pic><pic:nvPicPr><pic:cNvPr id='1' name='p' descr='A gauge'/></pic:nvPicPr>"
    "<pic:blipFill><a:blip r:embed='rIdP'/></pic:blipFill></pic:pic>"
)
_E = "<m:e><m:r><m:t>{}</m:t></m:r></m:e>"


def _math(inside: str) -> str:
    return _paragraph(f"<m:oMath>{inside}</m:oMath>")


BODIES = {
    "text-box": (_paragraph(_run("Before"), _drawing(_box("In a box"))), "Before\n\nIn a box"),
    "group": (
        _paragraph(_run("Before"), _drawing(f"<wps:wgp>{_PICTURE}{_box('One')}{_box('Two')}</wps:wgp>")),
        "Before\n\n![A gauge](image-1.png)\n\nOne\n\nTwo",
    ),
    "box-in-a-box": (
        _paragraph(_drawing(_box("Outer</w:t></w:r>" + _drawing(_box("Inner")) + "<w:r><w:t>"))),
        "Outer\n\nInner",
    ),
    "labels": (
        _paragraph(
            _drawing("<a:sp><a:txBody><a:p><a:r><a:t>A </a:t></a:r><a:r><a:t>label</a:t></a:r></a:p></a:txBody></a:sp>")
        ),
        "A label",
    ),
    "choice-alone": (
        _paragraph(f"<mc:AlternateContent><mc:Choice Requires='wps'>{_run('New')}</mc:Choice></mc:AlternateContent>"),
        "New",
    ),
    "choice-and-fallback": (
        _paragraph(
            f"<mc:AlternateContent><mc:Choice Requires='wps'>{_run('Said')}</mc:Choice>"
            f"<mc:Fallback>{_run('Said')}</mc:Fallback></mc:AlternateContent>"
        ),
        "Said",
    ),
    "fallback-that-mammoth-knows-not": (
        _paragraph(
            f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>{_box('In a box')}</wp:inline>"
            "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:oval><v:textbox><w:txbxContent>"
            f"{_paragraph(_run('In a box'))}</w:txbxContent></v:textbox></v:oval></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        "In a box",
    ),
    "empty-fallback": (
        _paragraph(
            f"<mc:AlternateContent><mc:Choice Requires='wps'>{_run('New')}</mc:Choice>"
            "<mc:Fallback><w:r><w:pict/></w:r></mc:Fallback></mc:AlternateContent>"
        ),
        "New",
    ),
    "field": (_paragraph(f"<w:fldSimple w:instr=' FILENAME '>{_run('queues.docx')}</w:fldSimple>"), "queues.docx"),
    "field-that-links": (
        _paragraph(f"""<w:fldSimple w:instr='HYPERLINK "https://example.org/"'>{_run("there")}</w:fldSimple>"""),
        "[there](https://example.org/)",
    ),
    "hidden": (_paragraph(_run("Shown"), _run(" secret", "<w:vanish/>")), "Shown"),
    "not-hidden": (_paragraph(_run("Shown"), _run(" too", "<w:vanish w:val='0'/>")), "Shown too"),
    "carriage-return": (_paragraph("<w:r><w:t>One</w:t><w:cr/><w:t>two</w:t></w:r>"), "One<br>\ntwo"),
    "right-to-left": (
        _paragraph(f"<w:dir w:val='rtl'>{_run('שלום')}</w:dir><w:bdo w:val='rtl'>{_run('.')}</w:bdo>"),
        "שלום.",
    ),
    "ruby": (
        _paragraph(f"<w:r><w:ruby><w:rt>{_run('かん')}</w:rt><w:rubyBase>{_run('漢')}</w:rubyBase></w:ruby></w:r>"),
        "漢 (かん)",
    ),
    "fraction": (_math(f"<m:f><m:num>{_E.format('a+b')}</m:num><m:den>{_E.format('2')}</m:den></m:f>"), "(a+b)/2"),
    "scripts": (
        _math(
            f"<m:sSubSup>{_E.format('x')}<m:sub>{_E.format('1')}</m:sub><m:sup>{_E.format('n+1')}</m:sup></m:sSubSup>"
        ),
        "x_1^(n+1)",
    ),
    "root": (_math(f"<m:rad><m:deg/>{_E.format('x')}</m:rad>"), "√x"),
    "root-of-a-degree": (_math(f"<m:rad><m:deg>{_E.format('3')}</m:deg>{_E.format('x')}</m:rad>"), "√(3&x)"),
    "brackets": (
        _math(f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=''/></m:dPr>{_E.format('a')}{_E.format('b')}</m:d>"),
        r"\[a|b",
    ),
    "sum": (
        _math(
            "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
            f"<m:sub>{_E.format('k')}</m:sub><m:sup/>{_E.format('k')}</m:nary>"
        ),
        r"∑\_k k",
    ),
    "matrix": (
        _math(f"<m:m><m:mr>{_E.format('1')}{_E.format('2')}</m:mr><m:mr>{_E.format('3')}</m:mr></m:m>"),
        "1, 2; 3",
    ),
    "function": (
        _math(f"<m:func><m:fName><m:r><m:t>sin</m:t></m:r></m:fName>{_E.format('x')}</m:func>"),
        "sin x",
    ),
    "formula-on-its-own": (_paragraph(f"<m:oMathPara><m:oMath>{_E.format('E=mc')}</m:oMath></m:oMathPara>"), "E=mc"),
    "table-in-a-cell": (
        _table(
            [_paragraph(_run("Plan")), _table([_paragraph(_run(text)) for text in "ab"], [_paragraph(_run("c"))])],
            [_paragraph(_run(text)) for text in "de"],
            [_paragraph(_run(text)) for text in "fg"],
        ),
        "<table>\n<tr><td>Plan</td> <td>a b <br>c</td></tr>\n<tr><td>d</td> <td>e</td></tr>\n"
        "<tr><td>f</td> <td>g</td></tr>\n</table>",
    ),
    "dropped-capital": (
        "<w:p><w:pPr><w:framePr w:dropCap='drop'/></w:pPr><w:r><w:t>O</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:jc w:val='both'/></w:pPr><w:r><w:t>nce there was a queue.</w:t></w:r></w:p>",
        "Once there was a queue.",
    ),
    "frame": (
        "<w:p><w:pPr><w:framePr w:w='1'/></w:pPr><w:r><w:t>Aside</w:t></w:r></w:p>" + _paragraph(_run("Text")),
        "Aside\n\nText",
    ),
    "chart": (
        _paragraph(_run("See:"), _drawing("<c:chart xmlns:c='urn:c'/>")),
        "See:\n\n<!-- not converted: a chart -->",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_a_word_document_holds_beside_paragraphs_arrives(name: str) -> None:
    body, expected = BODIES[name]
    assert read_docx(Source("a.docx", pack(parts_of(body)))).body.rstrip() == expected


@pytest.mark.parametrize(
    ("styles", "expected"),
    [
        (("TOC Heading", "toc 1", "toc 9", "Normal"), "Text 3"),
        (("Definition Term", "Definition", "Definition"), "Text 0\n:   Text 1\n:   Text 2"),
        (("List Heading", "List Contents"), "Text 0\n:   Text 1"),
        (("heading 1", "heading 1", "heading 7"), "## Text 0\n\n## Text 1\n\n### Text 2"),
    ],
    ids=["contents", "definitions", "definitions-of-libreoffice", "low-headings"],
)
def test_a_style_stands_for_what_it_is_called(styles: tuple[str, ...], expected: str) -> None:
    body = "".join(
        f"<w:p><w:pPr><w:pStyle w:val='s{n}'/></w:pPr><w:r><w:t>Text {n}</w:t></w:r></w:p>" for n in range(len(styles))
    )
    assert _read_styled(body, styles) == expected


def test_emphasis_by_a_style_is_emphasis() -> None:
    body = _paragraph(_run("Said ", ""), _run("so", "<w:rStyle w:val='s0'/>"))
    assert _read_styled(body, ("Emphasis",), "character") == "Said *so*"


def _read_styled(body: str, styles: tuple[str, ...], kind: str = "paragraph") -> str:
    parts = parts_of(body)
    named = "".join(
        f'<w:style w:type="{kind}" w:styleId="s{n}"><w:name w:val="{name}"/></w:style>' for n, name in enumerate(styles)
    )
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", f"{named}</w:styles>".encode())
    return read_docx(Source("a.docx", pack(parts))).body.rstrip()


def test_a_list_may_have_the_nine_levels_of_word() -> None:
    body = "".join(
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='{n}'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
        for n in range(9)
    )
    lines = read_docx(Source("a.docx", pack(parts_of(body)))).body.rstrip().split("\n")
    assert [len(line) - len(line.lstrip()) for line in lines] == [4 * n for n in range(9)]


def test_what_stands_in_a_note_arrives() -> None:
    noted = _paragraph(_run("Noted"), '<w:r><w:footnoteReference w:id="1"/></w:r>')
    parts = parts_of(noted)
    notes = parts["word/footnotes.xml"].decode()
    head = notes[: notes.index(">", notes.index("<w:footnotes")) + 1]
    note = f'<w:footnote w:id="1">{_math(_E.format("y=2"))}</w:footnote>'
    parts["word/footnotes.xml"] = f"{head}{note}</w:footnotes>".encode()
    assert "y=2" in read_docx(Source("a.docx", pack(parts))).body


def test_a_body_may_have_another_name() -> None:
    parts = parts_of(_paragraph(_run("Where others have a document.xml.")))
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["word/_rels/document2.xml.rels"] = parts.pop("word/_rels/document.xml.rels")
    for name in ("_rels/.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"document.xml", b"document2.xml")
    assert read_docx(Source("a.docx", pack(parts))).body.rstrip() == "Where others have a document.xml."


def test_styles_without_a_type_and_numbers_without_a_style_are_mended() -> None:
    body = (
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='7'/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>"
    )
    parts = parts_of(body)
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b' w:type="paragraph"', b"")
    linked = b'<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="Gone"/></w:abstractNum>'
    linked += b'<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    parts["word/numbering.xml"] = parts["word/numbering.xml"].replace(b"</w:numbering>", linked)
    assert "Item" in read_docx(Source("a.docx", pack(parts))).body


def test_an_opendocument_text_by_another_name_is_read() -> None:
    assert read(Source("a.docx", _odt("<text:p>Text</text:p>").data))[0].body.rstrip() == "Text"


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        ("a.docm", OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        ("a.docx", OLE, "before 2007"),
        ("a.docx", pack({"word/document.xml": b"<a/>", "aaaa": b""}).replace(b"aaaa", b"a\x90aa"), "damaged"),
    ],
    ids=["password", "password-and-macros", "old", "name-that-is-no-text"],
)
def test_what_cannot_be_opened_is_told_with_its_reason(name: str, data: bytes, what: str) -> None:
    if what == "damaged":
        data = _with_utf8_names(data)
    with pytest.raises(SourceError, match=what):
        read(Source(name, data))


def _with_utf8_names(data: bytes) -> bytes:
    """The zip, its names declared to be UTF-8 (APPNOTE 4.4.4, bit 11)."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            changed[at + place + 1] |= 0x08
            at = data.find(mark, at + 1)
    return bytes(changed)


def _odt(body: str, **others: bytes) -> Source:
    stream = io.BytesIO()
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table"))
    spaces += f' xmlns:draw="{_ODF}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    text = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"{text}</office:document-content>")
        for name, data in others.items():
            archive.writestr({"meta": "meta.xml", "manifest": "META-INF/manifest.xml"}[name], data)
    return Source("a.odt", stream.getvalue())


_ODT_BOX = "<draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame>"
TEXTS = {
    "frame-of-a-page": (f"{_ODT_BOX}<text:p>Text</text:p>", "In a box\n\nText"),
    "frame-in-a-paragraph": (f"<text:p>Be{_ODT_BOX}fore</text:p>", "Before\n\nIn a box"),
    "shapes": (
        "<draw:g><draw:custom-shape><text:p>One</text:p></draw:custom-shape>"
        "<draw:rect><text:p>Two</text:p><text:p>three</text:p></draw:rect></draw:g>",
        "One\n\nTwo\n\nthree",
    ),
    "table-in-a-frame": (
        "<text:p>Before<draw:frame><draw:text-box><table:table><table:table-row><table:table-cell><text:p>A</text:p>"
        "</table:table-cell></table:table-row></table:table></draw:text-box></draw:frame>, and after</text:p>",
        "Before, and after",
    ),
    "bibliography": (
        "<text:bibliography><text:index-body><text:index-title><text:p>Sources</text:p></text:index-title>"
        "<text:p>A book</text:p></text:index-body></text:bibliography>",
        "Sources\n\nA book",
    ),
    "contents": (
        "<text:table-of-content><text:index-body><text:p>One 1</text:p></text:index-body></text:table-of-content>"
        "<text:p>Text</text:p>",
        "Text",
    ),
    "numbered-paragraph": ("<text:numbered-paragraph><text:p>First</text:p></text:numbered-paragraph>", "First"),
    "ruby": (
        "<text:p><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text></text:ruby></text:p>",
        "漢 (かん)",
    ),
    "id-that-is-none": ("<text:p xml:id=''>Text</text:p><text:p xml:id=\"a#b\">and more</text:p>", "Text\n\nand more"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_an_opendocument_text_holds_beside_paragraphs_arrives(name: str) -> None:
    body, expected = TEXTS[name]
    assert read_odt(_odt(body)).body.startswith(expected)


def test_damaged_properties_are_no_reason_to_refuse_a_text() -> None:
    assert read_odt(_odt("<text:p>Text</text:p>", meta=b"<office:")).body.rstrip() == "Text"


def test_a_locked_text_says_so() -> None:
    with pytest.raises(SourceError, match="locked with a password"):
        read_odt(_odt("<text:p>Text</text:p>", manifest=b"<a><manifest:encryption-data/></a>"))
