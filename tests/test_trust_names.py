"""Names that another machine cannot hold, or takes for one: found by check, refused by build, never given by us.

Windows and macOS tell no case; macOS no composed letter from its parts; Windows lacks names (`con`, `a:b`).
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from conftest import copy_publication, run_insights
from test_trust_faults import assert_clear
from trust.disks import windows_disk

TEXT = "Notes on {}\n\nThe desk has people who wait, and a clerk who counts them: {} of them.\n"
ARTICLE = "---\ntitle: Title {}\ndate: 2026-01-01\ntopic: Operations\ndescription: Says what it holds.\n---\n\nText.\n"
PAIRS = [
    ("assets/Desk.png", "assets/desk.png"),
    ("assets/caf\u00e9.png", "assets/cafe\u0301.png"),
    ("assets/straße/a.png", "assets/STRASSE/b.png"),
    ("insights/Foo.md", "insights/foo.md"),
    ("topics/Sales.md", "topics/sales.md"),
    ("authors/Ada.md", "authors/ada.md"),
]
RESERVED = ["insights/con.md", "assets/nul", "assets/aux.txt/a.png", "topics/a:b.md", "authors/end .md", "assets/x."]


def write(root: Path, *names: str) -> None:
    for number, name in enumerate(names):
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE.format(number) if path.suffix == ".md" else f"file {number}", encoding="utf-8")


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=ascii)
def test_two_names_that_some_file_system_takes_for_one_are_told(publication: Path, one: str, other: str) -> None:
    write(publication, one, other)
    result = run_insights(publication, "check", "--format", "json")
    clashes = [each for each in json.loads(result.stdout) if each["rule"] == "name-clash"]
    assert result.returncode == 1
    (clash,) = clashes
    both = {f"content/{name}" for name in (one, other)}
    assert any(name.startswith(clash["path"]) for name in both)
    assert "Windows or macOS takes it for" in clash["message"]


@pytest.mark.parametrize(("one", "other"), [pair for pair in PAIRS if "straße" not in pair[0]], ids=ascii)
def test_a_site_that_would_lack_a_page_elsewhere_is_not_built(publication: Path, one: str, other: str) -> None:
    assert run_insights(publication, "build").returncode == 0
    write(publication, one, other)
    result = run_insights(publication, "build")
    assert_clear(result, 2, "Windows or macOS takes it for", "fix: rename one of the two in content/")
    assert (publication / "site/index.html").is_file()


@pytest.mark.parametrize("name", RESERVED)
def test_a_name_that_windows_lacks_is_told(publication: Path, name: str) -> None:
    write(publication, name)
    result = run_insights(publication, "check", "--format", "json")
    assert result.returncode == 1
    odd = [each["path"] for each in json.loads(result.stdout) if each["rule"] == "name-reserved"]
    assert len(odd) == 1
    assert f"content/{name}".startswith(odd[0])


def test_former_addresses_that_differ_by_case_lead_on_as_far_as_there_are_cases(tmp_path: Path) -> None:
    with windows_disk(tmp_path / "disk") as disk:
        for root, pages in ((tmp_path / "p", 3), (disk / "p", 1)):
            path = copy_publication(root) / "content/insights/waiting-times.md"
            aliases = "---\naliases: [/Old/Queue/, /old/queue/, /Insights/Waiting-Times/, /con/, /a./]\n"
            path.write_text(path.read_text().replace("---\n", aliases, 1))
            assert_clear(run_insights(root, "build", "--jobs", "1"), 0)
            found = [page for page in (root / "site").rglob("index.html") if b"page has moved" in page.read_bytes()]
            assert len([page for page in found if {"queue", "waiting-times"} & {page.parent.name.lower()}]) == pages
            assert ">Waiting times</h1>" in (root / "site/insights/waiting-times/index.html").read_text()
            assert not (root / "site/con").exists()
            listed = (root / "site/_redirects").read_text()
            assert all(
                f"/review{each} " in listed for each in ("/Old/Queue/", "/old/queue/", "/Insights/Waiting-Times/")
            )


def _hostile_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(
            ("Desk.txt", "desk.txt", "DESK.txt", "con.txt", "NUL.txt", "a:b.txt", "end .txt")
        ):
            archive.writestr(name, TEXT.format(f"desk {number}", number * 111))
    return path


def _hostile_export(folder: Path) -> Path:
    posts = folder / "_posts"
    posts.mkdir(parents=True)
    (folder / "_config.yml").write_text("url: https://old.example\n")
    fields = "title: {0}\ntags: [{0}, {1}]\nauthor: {0}\ncategories: [{0}]"
    for number, (name, tag) in enumerate([("Con", "a:b"), ("CON", "NUL"), ("nul", "Aux"), ("Aux ", "com1")]):
        front = fields.format(json.dumps(name), json.dumps(tag))
        text = f"---\n{front}\nslug: {json.dumps(name)}\n---\n\nText {number}.\n"
        (posts / f"2026-01-0{number + 1}-{number}.md").write_text(text)
    return folder


def _names_below(root: Path) -> set[str]:
    content = root / "content"
    return {path.relative_to(content).as_posix() for path in content.rglob("*")}


def _fill(root: Path, sources: Path) -> None:
    """All that writes names of others' choice."""
    assert_clear(run_insights(root, "ingest", "--keep-names", str(_hostile_zip(sources / "desk.zip"))), 0)
    assert_clear(run_insights(root, "ingest", str(sources / "desk.zip"), "--topic", "Operations"), 0)
    assert_clear(run_insights(root, "import", str(_hostile_export(sources / "old")), "--no-fetch"), 0)
    for title in ("Prn", "LPT1"):
        assert_clear(run_insights(root, "new", title, "--topic", "Operations"), 0)


def test_no_name_is_given_that_another_machine_lacks_or_takes_for_one(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    _fill(root, tmp_path)
    assert {"insights/con-1.md", "insights/prn-1.md", "insights/DESK.md", "insights/Desk-2.md"} <= _names_below(root)
    found = json.loads(run_insights(root, "check", "--format", "json").stdout)
    assert [each for each in found if each["rule"].startswith("name-")] == []
    assert_clear(run_insights(root, "build"), 0)


def test_a_publication_may_lie_on_a_disk_of_windows(tmp_path: Path) -> None:
    with windows_disk(tmp_path / "disk") as disk:
        root = copy_publication(disk / "p")
        assert_clear(run_insights(root, "build", "--jobs", "1"), 0)
        _fill(root, tmp_path)
        # The site takes the old one's place here as well, where folders cannot change places in one step.
        assert_clear(run_insights(root, "build", "--jobs", "1"), 0)
        assert_clear(run_insights(root, "check", "content/assets"), 0)
        there = copy_publication(tmp_path / "there")
        (tmp_path / "again").mkdir()
        _fill(there, tmp_path / "again")
        assert {name.lower() for name in _names_below(root)} == {name.lower() for name in _names_below(there)}
