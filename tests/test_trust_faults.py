"""What a machine does to a run: a full disk, folders without rights, other locales, Ctrl-C, no git, odd paths.

Each ends with a clear message and leaves what was there.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import copy_publication, run_insights

ARTICLE = "---\ntitle: {title}\ndate: 2026-01-01\ntopic: Operations\ndescription: D\n---\n\nText of it.\n"
_DAC_OVERRIDE, _DAC_READ_SEARCH, _DROP_BOUNDING = 1, 2, 24  # linux/capability.h, linux/prctl.h


def run_with(
    root: Path, *arguments: str, before: Callable[[], object] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "insights", *arguments],
        cwd=root,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=before,
        check=False,
        errors="surrogateescape",
    )


def obey_rights() -> None:
    """Takes root's right to read and write everything from the process that is begun; others never had it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
            libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0)


def limit_files(size: int) -> Callable[[], None]:
    """No file may grow over `size` bytes, as on a disk that is full by then: the write fails in the middle."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_clear(result: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    for part in parts:
        assert part in result.stderr


def test_a_full_disk_is_told_and_leaves_what_was_there(publication: Path, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Notes on queues\n\n" + "The desk has people who wait, and a clerk. " * 200)
    before = tree(publication / "content")
    result = run_with(publication, "ingest", str(source), before=limit_files(1000))
    assert_clear(result, 2, "content/", "File too large", "check the folder's rights and the disk")
    assert tree(publication / "content") == before


def test_a_build_on_a_full_disk_leaves_the_last_good_site(publication: Path) -> None:
    assert run_insights(publication, "build").returncode == 0
    before = tree(publication / "site")
    (publication / "content/insights/new.md").write_text(ARTICLE.format(title="New") + "Words. " * 5000)
    result = run_with(publication, "build", "--jobs", "1", before=limit_files(30_000))
    assert_clear(result, 2, "File too large", "fix:")
    assert tree(publication / "site") == before
    assert run_insights(publication, "build").returncode == 0
    assert (publication / "site/insights/new/index.html").is_file()


@pytest.mark.parametrize("folder", ["content/insights", "."])
def test_a_folder_that_may_not_be_written_is_named(publication: Path, tmp_path: Path, folder: str) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Notes on queues\n\nThe desk has people who wait.\n")
    (publication / folder).chmod(0o555)
    result = run_with(publication, "ingest", str(source), before=obey_rights)
    (publication / folder).chmod(0o755)
    assert_clear(result, 2, str(publication), "Permission denied", "check the folder's rights and the disk")


def test_a_site_that_may_not_be_replaced_is_named(publication: Path) -> None:
    assert run_insights(publication, "build").returncode == 0
    (publication / "content/insights/new.md").write_text(ARTICLE.format(title="New"))
    before = tree(publication / "site")
    publication.chmod(0o555)
    result = run_with(publication, "build", "--jobs", "1", before=obey_rights)
    publication.chmod(0o755)
    assert_clear(result, 2, "site", "Permission denied")
    assert tree(publication / "site") == before


def test_an_article_that_may_not_be_read_is_a_finding(publication: Path) -> None:
    (publication / "content/insights/waiting-times.md").chmod(0)
    result = run_with(publication, "check", before=obey_rights)
    assert_clear(result, 1)
    assert "content/insights/waiting-times.md:1:1: error: Permission denied [file-unreadable]" in result.stdout


def test_a_file_that_vanishes_while_it_is_read_is_a_finding(publication: Path) -> None:
    (publication / "content/insights/gone.md").symlink_to("nothing-here.md")
    result = run_insights(publication, "check")
    assert_clear(result, 1)
    assert "content/insights/gone.md:1:1: error: No such file or directory [file-unreadable]" in result.stdout


def test_a_clock_set_back_loses_nothing(publication: Path, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Notes on queues\n\nThe desk has people who wait.\n")
    for epoch in ("1900000000", "1000000000"):
        assert run_insights(publication, "ingest", str(source), SOURCE_DATE_EPOCH=epoch).returncode == 0
        assert_clear(run_insights(publication, "build", SOURCE_DATE_EPOCH=epoch), 0)
    assert [path.name for path in (publication / "content/insights").glob("notes*")] == ["notes-on-queues.md"]
    assert not (publication / "site/insights/waiting-times").exists(), "in 2001 it was not yet out"


@pytest.mark.parametrize("epoch", ["", "soon", "9" * 30])
def test_a_moment_that_is_none_is_told(publication: Path, epoch: str) -> None:
    assert_clear(run_insights(publication, "build", SOURCE_DATE_EPOCH=epoch), 0 if not epoch else 2)


def test_a_reader_of_the_output_that_goes_ends_the_run_quietly(publication: Path) -> None:
    for number in range(300):
        (publication / f"content/insights/Bad {number}.md").write_text("no front matter\n")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "insights", "check"]
    result = subprocess.run(command, cwd=publication, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert result.returncode != 0
    assert result.stderr == ""


@pytest.mark.parametrize(
    "arguments", [("check",), ("ingest", "größe.txt"), ("build",), ("related",)], ids=lambda each: each[0]
)
def test_a_locale_without_utf_8_is_enough(publication: Path, arguments: tuple[str, ...]) -> None:
    (publication / "größe.txt").write_text(
        "Die Größe der Schlange\n\nEs warten Leute – „viele“ 😀.\n", encoding="utf-8"
    )
    (publication / "content/insights/bad.md").write_text("---\ntitle: Größe 😀\nfoo: „bar“\n---\n", encoding="utf-8")
    result = run_with(publication, *arguments, LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert_clear(result, 1 if arguments == ("check",) else 0)


@pytest.mark.parametrize("name", ["with a space", "😀 café", "x" * 250, "a'b\"c$d;e", "#fragment?query=%41"], ids=ascii)
def test_a_publication_may_lie_in_any_folder(tmp_path: Path, name: str) -> None:
    root = copy_publication(tmp_path / name)
    (root / "notes.txt").write_text("Notes on queues\n\nThe desk has people who wait.\n")
    assert_clear(run_insights(root, "ingest", "notes.txt"), 0)
    assert_clear(run_insights(root, "check"), 0)
    assert_clear(run_insights(root, "build"), 0)
    assert (root / "site/insights/waiting-times/index.html").is_file()
    assert (root / "site/pagefind/pagefind.js").is_file()


def test_an_article_may_have_the_longest_name_that_there_is(publication: Path) -> None:
    name = "x" * 252
    (publication / f"content/insights/{name}.md").write_text(ARTICLE.format(title="Long"))
    assert_clear(run_insights(publication, "check"), 1)  # it is told that this is no slug
    result = run_insights(publication, "build")
    assert_clear(result, 0)
    assert (publication / f"site/insights/{name}/index.html").is_file()


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(publication: Path) -> None:
    path = publication / "content/insights/waiting-times.md"
    plain = run_insights(publication, "check").stdout
    assert run_insights(publication, "build").returncode == 0
    page = (publication / "site/insights/waiting-times/index.html").read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert run_insights(publication, "check").stdout == plain
    assert run_insights(publication, "build").returncode == 0
    assert (publication / "site/insights/waiting-times/index.html").read_bytes() == page


def test_without_git_the_rest_works_and_what_needs_it_says_so(publication: Path, tmp_path: Path) -> None:
    bare = {"PATH": str(tmp_path / "no-programs")}
    assert_clear(run_insights(publication, "check", **bare), 0)
    assert_clear(run_insights(publication, "build", **bare), 0)
    assert_clear(run_insights(publication, "check", "--changed", **bare), 2, "git", "fix:")
    assert shutil.which("git"), "git is what the machine has, and the commands did not see"
