"""The same checkout gives the same site, byte for byte, wherever and however it is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import copy_publication, run_insights

from insights.moving.export import FORMATS

NOW = "1800000000"


def built(root: Path, *arguments: str, **environment: str) -> dict[str, bytes]:
    """The files of the site."""
    result = run_insights(root, "build", *arguments, SOURCE_DATE_EPOCH=NOW, **environment)
    assert result.returncode == 0, result.stderr
    return files_below(root / "site")


def files_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def test_two_checkouts_give_the_same_site(tmp_path: Path) -> None:
    first = copy_publication(tmp_path / "one")
    second = copy_publication(tmp_path / "elsewhere" / "with a longer name")
    for path in sorted(second.rglob("*.md"), reverse=True):
        path.touch()  # other times, in another order
    one = built(first, "--jobs", "1", TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="1", LANG="C")
    other = built(second, "--jobs", "3", TZ="America/Los_Angeles", LC_ALL="C", PYTHONHASHSEED="77", LANG="de_DE")
    assert len(one) > 80
    assert differing(one, other) == []


@pytest.mark.parametrize("format_name", FORMATS)
def test_two_checkouts_are_exported_to_the_same_files(tmp_path: Path, format_name: str) -> None:
    """A book is a zip, which has times in it."""
    exported = []
    for name, zone, seed in (("one", "Pacific/Kiritimati", "1"), ("other place", "America/Los_Angeles", "77")):
        root = copy_publication(tmp_path / name)
        for path in sorted(root.rglob("*.md"), reverse=seed == "1"):
            path.touch()
        environment = {"SOURCE_DATE_EPOCH": NOW, "TZ": zone, "PYTHONHASHSEED": seed}
        result = run_insights(root, "export", "--to", format_name, "out", **environment)
        assert result.returncode == 0, result.stderr
        exported.append(files_below(root / "out"))
    assert exported[0]
    assert differing(*exported) == []


def test_what_was_built_step_by_step_is_what_is_built_at_once(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "one")
    built(root)
    article = root / "content/insights/waiting-times.md"
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("---\n", "---\nlanguage: fr\n", 1), encoding="utf-8")
    built(root, PYTHONHASHSEED="5")
    article.write_text(text, encoding="utf-8")
    again = built(root, PYTHONHASHSEED="6")
    fresh = copy_publication(tmp_path / "two")
    shutil.rmtree(fresh / "build", ignore_errors=True)
    assert differing(again, built(fresh)) == []
