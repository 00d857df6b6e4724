"""Sources made to be slow, deep or large: each is small as a file, or of a size that a person may well hand in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

PROSE = "A sentence that is long enough to be read as prose, with a comma, and a full stop at its end. "
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_JSON = b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": '
_ISLAND = '<script type="application/ld+json">'
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def packed(entries: Mapping[str, bytes]) -> bytes:
    """A zip of the entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def docx(body: str, before: str = "", **parts: str) -> bytes:
    """A Word file with this body; `parts` are further files of its folder "word"."""
    document = f'{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    more = {f"word/{name}.xml": text.encode() for name, text in parts.items()}
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode(), **more})


def odt(body: str, before: str = "") -> bytes:
    """An OpenDocument text with this body."""
    names = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table"))
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"{before}<office:document-content {names}>{text}</office:document-content>"
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def page(body: str, head: str = "") -> bytes:
    """A web page whose article begins with prose."""
    return f"<!doctype html>{head}<article><h1>Title</h1><p>{PROSE * 4}</p>{body}</article>".encode()


def feed(items: str, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def mail(body: str, headers: str = "") -> bytes:
    head = "From: a@b.example\nTo: c@d.example\nSubject: Tea\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n"
    return f"{head}{headers}{body}".encode()


def laughs(name: str = "a") -> str:
    """Ten entities, each ten of the one before (RFC 4825 §12 speaks of such)."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return f"<!DOCTYPE {name} [{entities}]>"


def quadratic(name: str = "a") -> str:
    """One long entity, to be named often."""
    return f'<!DOCTYPE {name} [<!ENTITY l9 "{"ha" * 50_000}">]>'


def overlapping(count: int) -> bytes:
    """A zip whose directory names one packed file `count` times over."""
    data = packed({"word/document.xml": b" " * 1_000_000})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    return data[:start] + entry * count + tail


def matryoshka(depth: int) -> bytes:
    """A zip in a zip, and so on."""
    data = packed({"a.txt": PROSE.encode() * 50})
    for _ in range(depth):
        data = packed({"a.zip": data, "b.docx": data})
    return data


def png(width: int, height: int, chunks: bytes = b"") -> bytes:
    """A PNG that says how large it is, and is no larger than that says."""
    header = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunks
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def gif(width: int, height: int, frames: int) -> bytes:
    frame = b"\x2c" + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<2H3B", width, height, 0x80, 0, 0) + b"\0" * 6 + frame * frames + b"\x3b"


def jpeg(width: int, height: int) -> bytes:
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\xff\xc0\x00\x11\x08" + struct.pack(">2H", height, width) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
        + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00" + b"\0" * 100 + b"\xff\xd9"
    )  # fmt: skip


def webp(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    data = b"VP8L" + struct.pack("<L", 5) + b"\x2f" + struct.pack("<L", bits) + b"\0"
    return b"RIFF" + struct.pack("<L", len(data) + 4) + b"WEBP" + data


PICTURES: Mapping[str, bytes] = {
    "144-megapixels.png": png(12_000, 12_000),
    "four-gigapixels.png": png(65_535, 65_535),
    "beyond-all-numbers.png": png(2**31 - 1, 2**31 - 1),
    "no-width.png": png(0, 10),
    "unpacking-profile.png": png(10, 10, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 300_000_000, 9))),
    "unpacking-text.png": png(10, 10, chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 300_000_000, 9))),
    "many-texts.png": png(10, 10, chunk(b"tEXt", b"x\0y") * 100_000),
    "144-megapixels.jpg": jpeg(12_000, 12_000),
    "four-gigapixels.jpg": jpeg(65_535, 65_535),
    "144-megapixels.gif": gif(12_000, 12_000, 1),
    "many-frames.gif": gif(3_000, 3_000, 20_000),
    "144-megapixels.webp": webp(12_000, 12_000),
    "torn.webp": webp(16_000, 16_000)[:20],
    "header.tif": b"II*\0\x08\0\0\0"
    + struct.pack("<H", 2)
    + struct.pack("<2HLL2HLL", 256, 4, 1, 60_000, 257, 4, 1, 60_000),
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='99999999' height='99999999'/>",
    "nothing.png": b"",
}
SOURCES: Mapping[str, Callable[[], bytes]] = {
    "unpacks-to-300-mb.docx": lambda: packed({"word/document.xml": b" " * 300_000_000}),
    "half-of-what-is-allowed.docx": lambda: docx(" " * 120_000_000),
    "one-word-of-100-mb.docx": lambda: docx(f"<w:p><w:r><w:t>{'a' * 100_000_000}</w:t></w:r></w:p>"),
    "paragraphs.docx": lambda: docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_500_000),
    "empty-paragraphs.docx": lambda: docx("<w:p/>" * 1_500_000),
    "runs.docx": lambda: docx(f"<w:p>{'<w:r><w:t>a</w:t></w:r>' * 400_000}</w:p>"),
    "attributes.docx": lambda: docx("<w:p " + "".join(f"a{n}='' " for n in range(200_000)) + "/>"),
    "namespaces.docx": lambda: docx("".join(f'<a{n}:b xmlns:a{n}="u{n}"/>' for n in range(200_000))),
    "deep.docx": lambda: docx("<w:sdt><w:sdtContent>" * 50_000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 50_000),
    "tables-in-tables.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 20_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 20_000
    ),
    "wide-table.docx": lambda: docx(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    ),
    "cells.docx": lambda: docx("<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 500 + "</w:tr>") * 1000 + "</w:tbl>"),
    "laughs.docx": lambda: docx("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", laughs()),
    "quadratic.docx": lambda: docx(f"<w:p><w:r><w:t>{'&l9;' * 5000}</w:t></w:r></w:p>", quadratic()),
    "laughing-styles.docx": lambda: docx(
        f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>", styles=laughs("s") + "<s>&l9;</s>"
    ),
    "many-notes.docx": lambda: docx(
        "".join(f'<w:p><w:r><w:footnoteReference w:id="{n}"/></w:r></w:p>' for n in range(100_000)),
        footnotes=f'<w:footnotes xmlns:w="{_WORD}">'
        + "".join(f'<w:footnote w:id="{n}"><w:p/></w:footnote>' for n in range(100_000))
        + "</w:footnotes>",
    ),
    "members.docx": lambda: packed({"word/document.xml": b"<a/>", **{f"word/{n}.xml": b"" for n in range(60_000)}}),
    "overlapping.docx": lambda: overlapping(60_000),
    "lists.docx": lambda: docx(
        "".join(
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
            for n in range(50_000)
        )
    ),
    "formula.docx": lambda: docx(
        "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
        + "<m:r>" * 50_000
        + "</m:r>" * 50_000
        + "</m:oMath>"
    ),
    "spaces.odt": lambda: odt('<text:p>a<text:s text:c="2000000000"/>b</text:p>'),
    "columns.odt": lambda: odt(
        "<table:table><table:table-row><table:table-cell table:number-columns-repeated='1000000000'/></table:table-row>"
        "</table:table>"
    ),
    "rows.odt": lambda: odt(
        "<table:table><table:table-row table:number-rows-repeated='1000000000'><table:table-cell/></table:table-row>"
        "</table:table>"
    ),
    "spans.odt": lambda: odt(
        "<table:table><table:table-row><table:table-cell table:number-columns-spanned='1000000000' "
        "table:number-rows-spanned='1000000000'/></table:table-row></table:table>"
    ),
    "paragraphs.odt": lambda: odt("<text:p>a</text:p>" * 1_500_000),
    "deep.odt": lambda: odt("<text:list><text:list-item>" * 50_000 + "</text:list-item></text:list>" * 50_000),
    "laughs.odt": lambda: odt("<text:p>&l9;</text:p>", laughs()),
    "quadratic.odt": lambda: odt(f"<text:p>{'&l9;' * 5000}</text:p>", quadratic()),
    "level.odt": lambda: odt(f'<text:h text:outline-level="999999999">{PROSE}</text:h><text:p>{PROSE * 9}</text:p>'),
    "deep.html": lambda: page("<div>" * 100_000),
    "deep-lists.html": lambda: page("<ul><li>a" * 50_000),
    "deep-quotations.html": lambda: page("<blockquote>a" * 50_000),
    "deep-emphasis.html": lambda: page("<b><i>a" * 50_000),
    "misnested.html": lambda: page("<a><b><i><u>x</a>" * 8_000),
    "misnested-tables.html": lambda: page("<table><b>x" * 8_000),
    "tables.html": lambda: page("<table><tr><td>a</td></tr></table>" * 50_000),
    "tables-in-tables.html": lambda: page("<table><tr><td>a" * 20_000),
    "spans.html": lambda: page("<table>" + "<tr><td colspan=1000 rowspan=65534>a</td></tr>" * 200 + "</table>"),
    "cells.html": lambda: page("<table>" + ("<tr>" + "<td>a" * 300) * 300 + "</table>"),
    "attributes.html": lambda: page(f"<p {' '.join(f'a{n}' for n in range(200_000))}>x</p>"),
    "one-attribute.html": lambda: page("<p title='" + "a" * 10_000_000 + "'>x</p>"),
    "elements.html": lambda: page("<br>" * 400_000),
    "paragraphs.html": lambda: page(f"<p>{PROSE}</p>" * 60_000),
    "one-word.html": lambda: page(f"<p>{'a' * 7_000_000}</p>"),
    "spaces.html": lambda: page(f"<p>a{' ' * 7_000_000}b</p>"),
    "references.html": lambda: page("&amp;" * 1_000_000),
    "links.html": lambda: page("<a href=x>y</a> " * 70_000),
    "names.html": lambda: page("".join(f"<a id=n{n} href=#n{n}>x</a>" for n in range(50_000))),
    "notes.html": lambda: page(
        "".join(f"<sup><a href=#f{n} id=r{n}>{n}</a></sup>" for n in range(20_000))
        + "".join(f"<p id=f{n}><a href=#r{n}>{n}</a> x</p>" for n in range(20_000))
    ),
    "pictures.html": lambda: page("<img src=x.png>" * 100_000),
    "data-picture.html": lambda: page("<img src='data:image/png;base64," + "A" * 5_000_000 + "'>"),
    "code.html": lambda: page("<pre>" + "x = 1\n" * 500_000 + "</pre>"),
    "classes.html": lambda: page("<p class='" + "a " * 500_000 + "'>x</p>" + "<p class='a b c d'>x</p>" * 10_000),
    "statements.html": lambda: page("", _ISLAND + "[" * 200_000 + "</script>"),
    "long-statements.html": lambda: page("", _ISLAND + "[" + "{}," * 1_000_000 + "0]</script>"),
    "digits.html": lambda: page("", _ISLAND + '{"@type": "Article", "headline": ' + "9" * 200_000 + "}</script>"),
    "metas.html": lambda: page("", '<meta property="og:title" content="x">' * 100_000),
    "comments.html": lambda: page("<!--" + "-" * 5_000_000),
    "open-tag.html": lambda: page("<a " * 300_000),
    "title.html": lambda: page("", f"<title>{'a | ' * 500_000}</title>"),
    "dates.html": lambda: page("<p>1 January 2026</p>" * 50_000),
    "items.xml": lambda: feed("<item><title>x</title><description>y</description></item>" * 200_000),
    "one-item.xml": lambda: feed(f"<item><title>x</title><description>{'&lt;b&gt;' * 500_000}</description></item>"),
    "deep.xml": lambda: feed("<item>" * 100_000),
    "laughs.xml": lambda: feed("<item><title>&l9;</title></item>", laughs("rss")),
    "quadratic.xml": lambda: feed(f"<item><title>{'&l9;' * 5000}</title></item>", quadratic("rss")),
    "deep-content.xml": lambda: feed(
        f"<item><title>x</title><description>{'&lt;div&gt;' * 100_000}</description></item>"
    ),
    "deep.json": lambda: _JSON + b"[" * 200_000,
    "digits.json": lambda: _JSON + b'[{"id": ' + b"9" * 200_000 + b', "content_html": "x"}]}',
    "items.json": lambda: _JSON + b"[" + b'{"id": "1", "content_html": "x"},' * 100_000 + b'{"id": "1"}]}',
    "many-parts.eml": lambda: mail(
        'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\nContent-Type: text/plain\n\nx\n" * 100_000
    ),
    "parts.eml": lambda: mail(
        "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(5_000))
    ),
    "endless.md": lambda: b"---\n" + b"a: b\n" * 400_000,
    "fields.md": lambda: b"---\ntitle: " + b"[" * 200_000 + b"\n---\n\nText.\n",
    "aliases.md": lambda: (
        b"---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9))
        + b"title: *j\n---\n\nText.\n"
    ),
    "long-fields.md": lambda: b"---\n" + b"".join(b"k%d: x\n" % n for n in range(200_000)) + b"---\n\nText.\n",
    "letters-in-letters.eml": lambda: mail("Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: x\n" * 5_000),
    "headers.eml": lambda: mail("\nText.\n", "X-A: b\n" * 200_000),
    "long-header.eml": lambda: mail("\nText.\n", f"X-A: {'a ' * 3_000_000}\n"),
    "folded-header.eml": lambda: mail("\nText.\n", "To: a@b.example" + ",\n c@d.example" * 100_000 + "\n"),
    "encoded-words.eml": lambda: mail("\nText.\n", f"Cc: {'=?utf-8?q?a?= ' * 100_000}\n"),
    "comments.eml": lambda: mail("\nText.\n", f"Reply-To: {'(' * 100_000}\n"),
    "quoted.eml": lambda: mail("\n" + "> " * 500_000 + "x\n"),
    "in-html.md": lambda: b"# a\n\n" + b"<div>\n" * 50_000,
}
