"""Hostile and broken sources: each is bounded, named in one line, and leaves the others alone."""

from __future__ import annotations

import io
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from conftest import PROJECT

from insights.errors import SourceError
from insights.ingest.convert import Reading, convert_source
from insights.model import Source
from insights.readers import read
from insights.readers.limits import Limits
from insights.readers.proof import lost_words, shown_words

GOOD = PROJECT / "tests" / "sources" / "pilot-twin.txt"
PROSE = "A sentence that is long enough to be read as prose, with a comma, and a full stop at its end. "


def read_page(data: bytes, media_type: str | None = None) -> str:
    (extract,) = read(Source("page.html", data, None, media_type))
    return extract.body


def packed(entries: dict[str, bytes]) -> bytes:
    """A zip of the entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def lying_docx(claimed: int) -> bytes:
    """A document whose archive says that its text unpacks to `claimed` bytes; it unpacks to 4 MB."""
    data = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a>" + b" " * 4_000_000 + b"</a>"})
    return data.replace((4_000_007).to_bytes(4, "little"), claimed.to_bytes(4, "little"))


def page(inside: str, head: str = "") -> bytes:
    """A page with an article that holds `inside`."""
    title = f"<html><head><title>Tea at noon</title>{head}</head><body>"
    return f"{title}<article><h1>Tea at noon</h1><p>{PROSE * 4}</p>{inside}</article></body></html>".encode()


def random_bytes(count: int) -> bytes:
    """Bytes without any order, the same each time."""
    return random.Random(7).randbytes(count)


GRAPH = '<script type="application/ld+json">' + '{"@type":"Article","@graph":[' * 50_000 + "</script>"
METAS = "".join(f'<meta name="keywords" content="{number}">' for number in range(60_000))
ATTRIBUTES = " ".join(f"a{number}=1" for number in range(100_000))
CAFE = "<p>A café in Łódź.</p>"
READ: dict[str, tuple[bytes, str]] = {
    "tags-nested.html": (b"<div>" * 100_000 + PROSE.encode() * 4, "read as prose"),
    "formats-nested.html": (b"<b>" * 100_000 + PROSE.encode() * 4, "read as prose"),
    "tables-nested.html": (b"<table><tr><td>" * 33_000 + PROSE.encode() * 4, "read as prose"),
    "lists-nested.html": (b"<ul><li>" * 50_000 + PROSE.encode() * 4, "read as prose"),
    "text-in-tables.html": (page("<table>" + "<b>x" * 50_000), "read as prose"),
    "attributes.html": (page(f"<p {ATTRIBUTES}>The end.</p>"), "The end."),
    "comments.html": (page("<p>The end.</p>" + "<!--" * 500_000), "The end."),
    "entities.html": (page("&#x110000;&" * 200_000), "read as prose"),
    "statements-nested.html": (page("", GRAPH), "read as prose"),
    "statements-many.html": (page("", METAS), "read as prose"),
    "paragraphs-many.html": (page("<p>a" * 140_000), "read as prose"),
    "emphasis-many.html": (page("<p>" + "<em>a</em> b " * 140_000), "read as prose"),
    "picture-within.html": (page(f'<img src="data:image/png;base64,{"A" * 10_000_000}">'), "read as prose"),
    "style-of-50-mb.html": (page(f'<p style="{"a" * 50_000_000}">The end.</p>'), "The end."),
    "utf-16.html": (page(CAFE).decode().encode("utf-16"), "A café in Łódź."),
    "utf-16-cut.html": (page(CAFE).decode().encode("utf-16")[:-1], "A café in Łódź."),
    "charset-that-lies.html": (b"<meta charset='utf-16'>" + page(CAFE), "A café in Łódź."),
}
"""Sources that are read, and a text of each that the article must have."""
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.html": (b"", "the source is empty"),
    "binary.html": (random_bytes(200_000), "the source is binary"),
    "binary.dat": (random_bytes(200_000), "the source is binary"),
    "nul.html": (bytes(5000), "the page holds no text"),
    "text-of-50-mb.html": (b"<p>" + PROSE.encode() * 530_000, "the page has [0-9,]+ characters of text"),
    "text-of-50-mb.txt": (PROSE.encode() * 530_000, "the text has [0-9,]+ characters"),
    "script-of-50-mb.html": (page("<script>" + "tea()\n" * 8_000_000 + "</script>"), "the page has [0-9,]+ characters"),
    "tables.html": (b"<table><tr><td>a</td></tr></table>" * 50_000, "the page has [0-9,]+ elements"),
    "tags-crossed.html": (page("<b><i><p>" * 30_000 + "</b></i>" * 30_000), "the page has [0-9,]+ elements"),
    "bomb.docx": (packed({"word/document.xml": b" " * 300_000_000}), "unpacks"),
    "bomb.zip": (packed({"a.html": b" " * 300_000_000}), "unpacks|bytes"),
    "many.zip": (packed({f"{number}.txt": b"" for number in range(6000)}), "6,000"),
    "torn.docx": (b"PK\x03\x04 word/ and no more", "damaged|cannot be read"),
    "torn.zip": (b"PK\x03\x04", "the zip cannot be read"),
    "paper.pdf": (b"%PDF-1.7\n" + random_bytes(5000), "a PDF says .*; give what it was made from"),
}
"""Sources that are not, and what is said of each."""
CPU_SECONDS = 20  # of processor time: a busy machine changes nothing
MEGABYTES, BYTES_FOR_A_BYTE = 300, 24
_INGEST = """
import json, resource, sys
from insights.cli import main
sys.argv = ["insights", "ingest", *sys.argv[1:]]
try:
    main()
finally:
    if sys.platform == "linux":  # its rusage would count what it held as a fork of the test runner
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        print("peak", int(status["VmHWM"].split()[0]) // 1024, file=sys.stderr)
    else:
        print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024), file=sys.stderr)
"""


def ingested(folder: Path, into: Path) -> tuple[int, list[str], int]:
    """Exit code, lines told, and peak in megabytes of a command that may use `CPU_SECONDS`, on a folder of sources."""
    result = subprocess.run(
        [sys.executable, "-c", _INGEST, str(folder), "--into", str(into), "--keep-names"],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
        check=False,
    )
    assert "Traceback" not in result.stderr
    *lines, peak = result.stderr.splitlines()
    assert peak.startswith("peak "), result.stderr
    return result.returncode, lines, int(peak.split()[1])


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder with a good source before and after all others."""
    folder = tmp_path / "sources"
    folder.mkdir()
    shutil.copy(GOOD, folder / "a-good.txt")
    shutil.copy(GOOD.with_name("numbered-steps.txt"), folder / "z-good.txt")
    return folder


@pytest.mark.parametrize("name", READ)
def test_source_made_to_be_slow_is_read(name: str, sources: Path, tmp_path: Path) -> None:
    data, text = READ[name]
    (sources / f"m-{name}").write_bytes(data)
    code, lines, peak = ingested(sources, tmp_path / "out")
    assert code == 0, lines
    assert text in " ".join((tmp_path / "out" / f"m-{name}").with_suffix(".md").read_text("utf-8").split())
    assert peak < MEGABYTES + len(data) * BYTES_FOR_A_BYTE / 1e6


@pytest.mark.parametrize("name", REFUSED)
def test_source_that_cannot_be_read_is_told_in_one_line_and_the_rest_goes_on(
    name: str, sources: Path, tmp_path: Path
) -> None:
    data, said = REFUSED[name]
    (sources / f"m-{name}").write_bytes(data)
    code, lines, peak = ingested(sources, tmp_path / "out")
    assert code == 2
    (line,) = [line for line in lines if "good" not in line]
    assert line.startswith(f"{sources / f'm-{name}'}")
    assert re.search(said, line), line
    assert {path.name for path in (tmp_path / "out").glob("*.md")} == {"a-good.md", "z-good.md"}
    assert peak < MEGABYTES + len(data) * BYTES_FOR_A_BYTE / 1e6


def test_file_of_a_gigabyte_is_refused_unread(sources: Path, tmp_path: Path) -> None:
    with (sources / "m-sparse.html").open("wb") as file:
        file.truncate(1_000_000_000)
    code, lines, peak = ingested(sources, tmp_path / "out")
    assert code == 2
    assert [line.split(":")[0] for line in lines] == [str(sources / "m-sparse.html")]
    assert peak < MEGABYTES


def test_picture_that_unpacks_to_too_much_is_left_out_and_the_page_is_read(sources: Path, tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
    (sources / "Tea.html").write_bytes(page('<img src="Tea_files/bomb.png" alt="Tea">'))
    (sources / "Tea_files").mkdir()
    (sources / "Tea_files" / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")
    )
    code, lines, peak = ingested(sources, tmp_path / "out")
    assert code == 0, lines
    assert "read as prose" in (tmp_path / "out" / "Tea.md").read_text("utf-8")
    assert not list((tmp_path / "out").rglob("*.png"))
    assert peak < MEGABYTES


def test_many_tables_below_the_limit_are_read() -> None:
    page = f"<article><p>{PROSE * 4}</p>" + "<table><tr><th>a</th><th>b</th></tr></table>" * 3000 + "</article>"
    assert read_page(page.encode()).count("| a | b |") == 3000


def test_nul_bytes_in_a_page_are_left_out() -> None:
    body = read_page(f"<article><p>{PROSE * 4}Tea\0time</p></article>".encode())
    assert "Teatime" in body


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_letters_survive_each_encoding(encoding: str) -> None:
    page = f"<html><body><article><p>{PROSE * 4}A café in Łódź.</p></article></body></html>".replace("Łódź", "Orléans")
    assert "A café in Orléans." in read_page(page.encode(encoding))


@pytest.mark.parametrize("claim", ["iso-8859-1", "utf-16", "koi8-r", "no-such-charset"])
def test_page_that_lies_about_its_charset_is_read_as_what_it_is(claim: str) -> None:
    page = f"<meta charset='{claim}'><article><p>{PROSE * 4}A café in Łódź.</p></article>"
    assert "A café in Łódź." in read_page(page.encode(), f"text/html; charset={claim}")


def test_document_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(SourceError, match=r"(?s)bomb\.docx: .*(damaged|unpacks)"):
        read(Source("bomb.docx", lying_docx(100)), "docx")


def test_document_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    from insights.readers.docx import read_docx

    data = packed({"word/document.xml": b"<a>" + b" " * 4_000_000 + b"</a>"})
    with pytest.raises(SourceError, match="more than the limit"):
        read_docx(Source("bomb.docx", data), Limits(max_unpacked_bytes=1_000_000))


def test_entities_that_multiply_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'
    with pytest.raises(SourceError, match=r"laughs\.docx"):
        read(Source("laughs.docx", packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})))


def test_what_markdown_would_not_show_is_found() -> None:
    html = f"<p>{PROSE}</p><p>The lost paragraph.</p><p>{PROSE}</p>"
    assert not lost_words(
        shown_words(html), f"{PROSE}\n\nThe lost paragraph.\n\n[A film](https://f.example)\n\n{PROSE}"
    )
    assert lost_words(shown_words(html), f"{PROSE}\n\n{PROSE}").startswith("Thelostparagraph")


MAIL = b"From: %s\nTo: d@e.example\nSubject: Tea\nDate: %s\n\nTea is at noon, as it always was.\n"
DAMAGED = {
    "feed.rss": b"<rss version='2.0'><channel><item><title>&#x110000;</title></item></channel></rss>",
    "date.eml": MAIL % (b"a@b.example", b"Mon, 1 Jan 99999999999999999999 10:00:00 +0000"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_a_parser_stumbles_over_fails_alone(name: str) -> None:
    (converted,) = convert_source(Source(name, DAMAGED[name]), Reading())
    assert converted.error is not None
    assert name in str(converted.error)


def test_link_that_is_no_address_does_not_keep_a_google_doc_out() -> None:
    page = (PROJECT / "tests/cases/readers/pages/google-doc.html").read_bytes()
    (extract,) = read(Source("doc.html", page.replace(b"images/image1.png", b"//[").replace(b"#cmnt1", b"http://[")))
    assert extract.title == "How we count twice"
