"""Exports made to be large or odd: read, or refused in one line, and never more than what stands in them."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import run_insights
from lxml import etree
from moving_publications import front, import_into, new_publication

from insights.moving.convert import Work, convert
from insights.moving.entry import Entry
from insights.moving.export import FORMATS
from insights.moving.files import Files
from insights.moving.places import free_name
from insights.moving.platforms import platform

_HEAD = "post_id,post_date,is_published,title,subtitle,audience\n"


def substack(folder: Path, index: str) -> Path:
    folder.mkdir()
    (folder / "posts.csv").write_text(index, encoding="utf-8", newline="")
    (folder / "1.tea.html").write_text("<p>We drink tea at four, and write down how it was.</p>", encoding="utf-8")
    return folder


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
def test_a_cell_longer_than_pythons_bound_is_read(tmp_path: Path, end: str) -> None:
    root = new_publication(tmp_path / "publication")
    row = f'1.tea,2026-01-05T10:00:00Z,true,Tea at four,"{"long " * 40_000}",everyone\n'
    import_into(root, substack(tmp_path / "export", (_HEAD + row).replace("\n", end)), "--from", "substack")
    assert "title: Tea at four" in front(
        root, "tea-at-four" if (root / "content/insights/tea-at-four.md").exists() else "tea"
    )


def test_a_cell_beyond_our_bound_is_told_in_one_line(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    export = substack(tmp_path / "export", f'{_HEAD}1.tea,,true,"{"a" * 17_000_000}",,everyone\n')
    result = run_insights(root, "import", str(export), "--no-fetch", "--from", "substack")
    assert result.returncode == 2
    assert "posts.csv: it cannot be read as CSV" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_embedded_over_and_over_is_taken_in_until_there_is_no_room() -> None:
    note = "A long note. " * 20_000
    for system, piece, context in (
        ("obsidian", "![[note]]\n\n", {"note note": note}),
        ("material", '--8<-- "note.md"\n\n', {"note.md": note}),
        ("notion", "[a](b.csv)\n\n", {"b.csv": note}),
    ):
        done = convert(Work(system, Entry("a.md", "Title", piece * 1_000, "https://a.example/", context=context)))
        assert not done.error
        assert len(note) <= len(done.markdown) < 6_000_000, system
        assert done.marks, "what is left out is told"


def test_files_that_include_each_other_many_times_end(tmp_path: Path) -> None:
    pages = {
        f"{name}.qmd": f"Page {name}.\n\n" + f"{{{{< include {after}.qmd >}}}}\n\n" * 200
        for name, after in ("ab", "bc", "cd", "da")
    }
    files = Files("project", tuple(sorted([*pages, "_quarto.yml"])), lambda path: pages.get(path, "").encode())
    export = platform("quarto").read(files)
    assert all(len(entry.body) < 10_000_000 for entry in export.entries)


def test_marks_of_ours_in_an_export_stand_for_nothing() -> None:
    for system in ("wordpress", "jekyll", "obsidian", "ghost"):
        text = "<p>Before \ue0000\ue001 \ue0029\ue003 \ue0048\ue005 \ue0067\ue007 &#xe000;9&#xe001; after.</p>"
        done = convert(Work(system, Entry("a.md", "Title", text, "https://a.example/")))
        assert not done.error
        assert "Before" in done.markdown
        assert "after." in done.markdown
        assert not done.marks


class _Counted(set[str]):
    """Names, and how often one was looked for."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def test_many_texts_of_one_name_are_named_in_few_steps() -> None:
    taken = _Counted({"untitled-3"})
    names = [free_name("untitled", taken) for _ in range(5_000)]
    assert names[:3] == ["untitled", "untitled-2", "untitled-4"]
    assert len(set(names)) == 5_000
    assert taken.asked < 5_000 * 40


def test_very_many_authors_and_topics_are_proposed_in_little_time() -> None:
    program = """
from insights.library import Library
from insights.moving.entry import Entry, Export
from insights.moving.vocabulary import propose
entries = tuple(
    Entry(str(n), "T", "B", f"https://a.example/{n}", authors=(f"Ada {n}",), topic=f"T {n}") for n in range(12_000)
)
found = propose(Export("wordpress", "", entries), Library(), "Notes")
print(len(found.authors), len(found.topics))
"""
    limit = 20  # seconds of processor time; with each name compared with each other, minutes
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
        check=False,
    )
    assert done.stdout.split() == ["12000", "12000"], done.stderr


@pytest.mark.parametrize("system", FORMATS)
def test_no_export_holds_what_a_link_in_content_leads_to(publication: Path, system: str) -> None:
    secret = publication.parent / "secret.png"
    secret.write_bytes(b"secret")
    (publication / "content/assets/leak.png").symlink_to(secret)
    result = run_insights(publication, "export", "--to", system, "out")
    assert result.returncode == 2
    assert "content/assets/leak.png: it is a link that leads out of its folder" in result.stderr
    assert not (publication / "out").exists()


@pytest.mark.parametrize("system", ["ghost", "wordpress", "jekyll", "hugo", "zensical"])
def test_no_export_publishes_a_file_that_runs(publication: Path, system: str) -> None:
    (publication / "content/assets/evil.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    result = run_insights(publication, "export", "--to", system, "out")
    assert result.returncode == 2
    assert "content/assets/evil.html: files that end in" in result.stderr
    assert not (publication / "out").exists()


@pytest.mark.parametrize("system", FORMATS)
def test_control_characters_in_a_text_do_not_stop_an_export(publication: Path, system: str) -> None:
    page = (
        '---\ntitle: "A\\x07 queue"\ndate: 2026-01-01\ntopic: Operations\n---\n\nA \x0b\x01 queue &#1; `\x02` \ufffe.\n'
    )
    (publication / "content/insights/control.md").write_text(page, encoding="utf-8")
    result = run_insights(publication, "export", "--to", system, "out")
    assert result.returncode == 0, result.stderr
    for path in (publication / "out").rglob("wordpress.xml"):
        etree.parse(path)
    for path in (publication / "out").rglob("*.epub"):
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                if name.endswith((".xhtml", ".opf", ".xml")):
                    etree.fromstring(book.read(name))


def test_a_file_of_wordpress_without_anything_in_it_is_told_in_a_line(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    (tmp_path / "export.xml").write_text("", encoding="utf-8")
    result = run_insights(root, "import", str(tmp_path / "export.xml"), "--no-fetch", "--from", "wordpress")
    assert "Traceback" not in result.stderr
