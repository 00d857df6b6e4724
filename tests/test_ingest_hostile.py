"""Hostile and broken sources: each is bounded, named in one line, and leaves the others alone."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT, run_insights

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


def test_every_kind_of_hostile_source_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    shutil.copy(GOOD, folder / "a-good.txt")
    with (folder / "b-sparse.html").open("wb") as file:
        file.truncate(1_000_000_000)
    (folder / "c-huge.html").write_bytes(b"<p>" + PROSE.encode() * 90_000)
    (folder / "d-tables.html").write_bytes(b"<table><tr><td>a</td></tr></table>" * 50_000)
    (folder / "e-bomb.docx").write_bytes(packed({"word/document.xml": b" " * 300_000_000}))
    (folder / "f-bomb.zip").write_bytes(packed({f"{number}.txt": b"" for number in range(6000)}))
    (folder / "g-torn.docx").write_bytes(b"PK\x03\x04 word/ and no more")
    (folder / "h-torn.zip").write_bytes(b"PK\x03\x04")
    (folder / "i-null.html").write_bytes(bytes(5000))
    shutil.copy(GOOD.with_name("numbered-steps.txt"), folder / "z-good.txt")
    result = run_insights(tmp_path, "ingest", str(folder), "--into", str(tmp_path / "out"), "--keep-names")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    errors = [line for line in result.stderr.splitlines() if str(folder) in line]
    assert [Path(line.split(":")[0]).name for line in errors] == sorted(
        path.name for path in folder.iterdir() if "good" not in path.name
    )
    assert {path.name for path in (tmp_path / "out").glob("*.md")} == {"a-good.md", "z-good.md"}


def test_tags_nested_a_hundred_thousand_deep_are_read_as_text() -> None:
    body = read_page(b"<div>" * 100_000 + PROSE.encode() * 4)
    assert "read as prose" in body


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
