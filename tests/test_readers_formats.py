"""The readers of Markdown, Word, OpenDocument, email and feeds: structure, metadata, attachments, refusals."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from insights.errors import SourceError
from insights.model import Source
from insights.readers import sniff
from insights.readers.docx import read_docx
from insights.readers.eml import read_eml
from insights.readers.feed import read_feed
from insights.readers.limits import Limits
from insights.readers.markdown import canonical_markdown, read_markdown
from insights.readers.odt import read_odt

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/package/2006"
STRUCTURE = """## Head

Hello **bold**.

- one
    1. two
- three

> quote

```
x = 1
  y = 2
```

| A | B |
| --- | --- |
| C | D |
"""


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return buffer.getvalue()


def docx(body):
    styles = {"H1": "heading 1", "Q": "Quote", "SC": "Source Code", "Code": "Code", "T": "Title"}
    names = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in styles.items()
    )
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{P}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{P}/relationships"><Relationship Id="r" Type="{R}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{P}/relationships">'
            f'<Relationship Id="s" Type="{R}/styles" '
            f'Target="styles.xml"/><Relationship Id="n" Type="{R}/numbering" Target="numbering.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{names}</w:styles>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}'
            "</w:abstractNum>"
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        }
    )


def paragraph(text, style="", level=None):
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_word_document_keeps_its_structure():
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(c)}</w:tc>' for c in row)}</w:tr>" for row in ("AB", "CD"))
    extract = read_docx(
        Source(
            "d.docx",
            docx(
                paragraph("My title", "T") + paragraph("Head", "H1")
                + f"<w:p>{run('Hello ')}{run('bold', '<w:b/>')}{run('.')}</w:p>"
                + paragraph("one", level=0) + paragraph("two", level=1) + paragraph("three", level=0)
                + paragraph("quote", "Q") + paragraph("x = 1", "SC") + paragraph("  y = 2", "SC")
                + f"<w:tbl>{cells}</w:tbl>"
            ),
        )
    )  # fmt: skip
    assert extract.title == "My title"
    assert extract.body == STRUCTURE


def test_empty_lines_of_code_in_word_stay():
    extract = read_docx(Source("d.docx", docx("".join(paragraph(line, "SC") for line in ("a = 1", "", "b = 2")))))
    assert extract.body == "```\na = 1\n\nb = 2\n```\n"


def test_code_in_word_that_looks_like_markdown_is_code():
    extract = read_docx(
        Source("d.docx", docx("".join(paragraph(line, "Code") for line in ("# one", "- two", "- three"))))
    )
    assert extract.body == "```\n# one\n- two\n- three\n```\n"


def test_indented_paragraph_below_a_numbered_one_belongs_to_its_item():
    def indented(text):
        return f'<w:p><w:pPr><w:ind w:left="720"/></w:pPr>{run(text)}</w:p>'

    body = paragraph("one", level=0) + indented("still one") + paragraph("two", level=0) + paragraph("below")
    extract = read_docx(Source("d.docx", docx(body)))
    assert extract.body == "- one\n\n    still one\n\n- two\n\nbelow\n"


def test_indented_paragraph_without_a_list_is_a_paragraph():
    body = f'{paragraph("one")}<w:p><w:pPr><w:ind w:left="720"/></w:pPr>{run("two")}</w:p>'
    assert read_docx(Source("d.docx", docx(body))).body == "one\n\ntwo\n"


def test_markdown_pasted_into_word_is_read_as_markdown():
    lines = ["# Tea", "", "Hello **bold** text", "", "- one", "    - two"]
    extract = read_docx(Source("d.docx", docx("".join(paragraph(line) for line in lines))))
    assert (extract.title, extract.body) == ("Tea", "Hello **bold** text\n\n- one\n    - two\n")


def test_open_document_keeps_its_structure_and_notes():
    names = {"office": "office", "text": "text", "table": "table", "style": "style", "fo": "xsl-fo-compatible"}
    spaces = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in names.items())
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in ("AB", "CD")
    )
    content = f"""<office:document-content {spaces}><office:automatic-styles>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="2" style:num-format="1"/></text:list-style>
</office:automatic-styles><office:body><office:text><text:p text:style-name="Title">My title</text:p>
<text:h text:outline-level="1">Head</text:h><text:p>Hello <text:span text:style-name="B">bold</text:span>.</text:p>
<text:list text:style-name="L"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p>
</text:list-item></text:list></text:list-item><text:list-item><text:p>three</text:p></text:list-item></text:list>
<text:p text:style-name="Quotations">quote</text:p><text:p text:style-name="Preformatted_20_Text">x = 1</text:p>
<text:p text:style-name="Preformatted_20_Text"><text:s text:c="2"/>y = 2</text:p><table:table>{rows}</table:table>
<text:p>End<text:note><text:note-body><text:p>A note.</text:p></text:note-body></text:note></text:p>
</office:text></office:body></office:document-content>"""
    data = archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})
    extract = read_odt(Source("d.odt", data))
    assert extract.title == "My title"
    assert extract.body == STRUCTURE + "\nEnd[^1]\n\n[^1]: A note.\n"


@pytest.mark.parametrize("read", [read_docx, read_odt])
def test_archive_that_unpacks_to_too_much_is_refused_unread(read):
    bomb = archive({"word/document.xml": "0" * 2_000_000, "content.xml": "0" * 2_000_000})
    with pytest.raises(SourceError, match="unpacks to"):
        read(Source("bomb.zip", bomb), Limits(max_unpacked_bytes=1_000_000))


@pytest.mark.parametrize("read", [read_docx, read_odt])
def test_damaged_archive_is_named(read):
    with pytest.raises(SourceError, match=r"broken\.docx: the document is damaged"):
        read(Source("broken.docx", b"PK\x03\x04 and no more"))


DIALECTS = """Title
=====

Para *em* __strong__
wrapped.

* a
  * b

1) one
2) two

See [it][ref] and a note[^1].

- [ ] open
- [x] done

~~~python
x = 1
~~~

!!! tip "Do"
    This.

A | B
--|--:
1 | 2

[ref]: http://x.example/y
[^1]: The note.
"""


def test_markdown_of_any_dialect_becomes_canonical_and_stays_so():
    body, title = canonical_markdown(DIALECTS)
    assert title == "Title"
    for line in (
        "Para *em* **strong** wrapped.",
        "    - b",
        "2. two",
        "- [x] done",
        "```python",
        '!!! tip "Do"',
        "| 1 | 2 |",
    ):
        assert line in body.split("\n")
    assert "See [it](http://x.example/y) and a note[^1]." in body
    assert canonical_markdown(body) == (body, None)


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Tea\ndate: 2024-01-02\ntags: [a, b]\nauthor: {name: Jo}\n---\n",
        "+++\ntitle = 'Tea'\ndate = 2024-01-02\nauthors = ['Jo']\n[taxonomies]\ntags = ['a', 'b']\n+++\n",
        '{"title": "Tea", "date": "2024-01-02", "tags": ["a", "b"], "author": "Jo"}\n',
        "Title: Tea\nDate: 2024-01-02\nTags: a, b\nAuthor: Jo\n\n",
    ],
    ids=["yaml", "toml", "json", "pelican"],
)
def test_front_matter_of_other_systems_is_read(front):
    extract = read_markdown(Source("tea.md", (front + "Text.\n").encode()))
    assert (extract.title, extract.tags, extract.authors) == ("Tea", ("a", "b"), ("Jo",))
    assert extract.published == datetime(2024, 1, 2, tzinfo=UTC)
    assert extract.body == "Text.\n"


def test_front_matter_that_cannot_be_read_names_the_file():
    with pytest.raises(SourceError, match=r"tea\.md: the front matter cannot be read"):
        read_markdown(Source("tea.md", b"---\ntitle: a: b\n---\ntext"))


EMAIL = b"""From: Jane Doe <jane@x.example>\r\nSubject: Fwd: Tea matters\r\nDate: Tue, 03 Mar 2026 10:00:00 +0000\r
MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r
Content-Type: text/html; charset=utf-8\r\n\r
<table><tr><td><h2>One</h2><p>Hello there, this is text.</p><img src="cid:pic" alt="Cup"></td></tr></table>\r
--b\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n"""


def test_email_gives_its_text_sender_and_pictures():
    extract = read_eml(Source("a.eml", EMAIL))
    assert extract.body == "## One\n\nHello there, this is text.\n\n![Cup](image-1.png)\n"
    assert (extract.title, extract.authors) == ("Tea matters", ("Jane Doe",))
    assert extract.published == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert [(a.name, a.data) for a in extract.attachments] == [("image-1.png", b"hello")]


RSS = b"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title>
<item><title>A &amp;amp; B</title><link>http://x.example/a</link><guid>g</guid>
<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate>
<category>Tea</category><description>short</description>
<content:encoded><![CDATA[<h3>Hi</h3><p>Text <a href="/b">b</a></p>]]></content:encoded></item>
<item><title>Teaser</title><link>http://x.example/c</link>
<description>Only a teaser.</description></item></channel></rss>"""
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "g", "url": "http://x.example/a",
"title": "A & B", "tags": ["Tea"], "date_published": "2026-03-03T10:00:00Z",
"content_html": "<h3>Hi</h3><p>Text <a href='/b'>b</a></p>"}]}"""


@pytest.mark.parametrize("data", [RSS, JSON_FEED], ids=["rss", "json"])
def test_feed_gives_its_full_entries_and_no_teasers(data):
    (extract,) = read_feed(Source("feed", data))
    assert extract.body == "## Hi\n\nText [b](http://x.example/b)\n"
    assert (extract.title, extract.guid, extract.canonical) == ("A & B", "g", "http://x.example/a")
    assert extract.published == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert extract.updated is None
    assert extract.tags == ("Tea",)


def test_feed_of_teasers_says_what_to_do():
    with pytest.raises(SourceError, match="by their addresses"):
        read_feed(Source("feed", RSS.replace(b"content:encoded", b"x")))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!doctype html><html><body><p>Open <feed:x> or an <rss version=2> tag</p></body></html>", "html"),
        (b"<html><head><title>How <feed> works</title></head></html>", "html"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- ours -->\n<?style x?>\n<rss version="2.0"></rss>', "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
        (b'<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF xmlns="x"></rdf:RDF>', "feed"),
    ],
)
def test_a_feed_is_what_has_its_outermost_element(data: bytes, name: str) -> None:
    assert sniff(Source("source", data)) == name
