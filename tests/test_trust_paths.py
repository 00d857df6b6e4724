"""No path that content names leads out of its folder: slugs, former addresses, tags, links of the file system."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import copy_publication, run_insights

from insights.errors import SourceError
from insights.ingest.places import find_places, load
from insights.store import read_library

WAYS_OUT = [
    "../../../escaped", "/../../../escaped", "a/../../../../escaped", "..\\..\\..\\escaped", "C:\\escaped",
    "%2e%2e/%2e%2e/escaped", "..%2f..%2f..%2fescaped", "insights/../../escaped", "./../../escaped", "//escaped/x",
    "\u2025/\u2025/escaped", "\uff0e\uff0e/\uff0e\uff0e/escaped", "~/escaped", "a\u0000/../../escaped",
    "x/" * 40 + "../" * 60 + "escaped", "e" * 300,
]  # fmt: skip
SECRET = "the secret of the machine"


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.mark.parametrize("field", ["slug", "aliases", "tag", "series", "topic", "image", "edition"])
def test_names_in_content_stay_inside(tmp_path: Path, field: str) -> None:
    root = copy_publication(tmp_path / "above" / "folder" / "p")
    tags = []
    for number, name in enumerate(WAYS_OUT):
        written = json.dumps(name)
        fields = {
            "aliases": f"aliases: [{written}]",
            "series": f"series: {{name: {written}, part: 1}}",
            "image": f"image: {written}",
            "tag": f"tags: [{written}]",
        }.get(field, f"{field}: {written}")
        text = f"---\ntitle: Way {number}\ndate: 2026-01-01\n{fields}\n---\n\nText.\n"
        (root / f"content/insights/way-{number}.md").write_text(text, encoding="utf-8")
        tags.append({"name": name, "slug": name, "aliases": [f"{name}-x"]})
        edition = f"---\nnumber: {number + 10}\ndate: 2026-01-01\nsubject: S\narticles: [{written}]\n---\n\nText.\n"
        if field == "edition":
            (root / f"content/newsletter/{number + 10}.md").write_text(edition, encoding="utf-8")
    if field == "tag":
        (root / "content/tags.yml").write_text(json.dumps(tags))
    result = run_insights(root, "build")
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2)
    if result.returncode == 2:
        assert "fix:" in result.stderr
    outside = {name for name in files_below(tmp_path) if not name.startswith("above/folder/p/")}
    assert outside == set()
    inside = {name.removeprefix("above/folder/p/").split("/")[0] for name in files_below(tmp_path)}
    assert inside <= {"build", "site", "content", "overrides", "mkdocs.yml"}
    assert not list((root / "build").glob("*escaped*"))


def test_a_link_that_leads_out_is_not_read(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    secret = tmp_path / "secret.md"
    secret.write_text(f"---\ntitle: Secret\ndate: 2026-01-01\n---\n\n{SECRET}\n")
    (root / "content/insights/secret.md").symlink_to(secret)
    library, findings = read_library(root)
    assert library.article("secret") is None
    assert [finding.rule for finding in findings] == ["file-link"]
    assert run_insights(root, "check").returncode == 1
    assert run_insights(root, "build").returncode == 0
    assert not any(SECRET in path.read_text(errors="replace") for path in (root / "site").rglob("*.html"))


def test_a_link_beside_what_it_leads_to_is_read(publication: Path) -> None:
    (publication / "content/topics/queues.md").symlink_to("operations.md")
    library, findings = read_library(publication)
    assert findings == ()
    assert len(library.topics) == 3


@pytest.mark.parametrize("folder", ["assets", "insights", "topics", "newsletter", "authors"])
def test_a_folder_that_leads_out_stops_the_run(tmp_path: Path, folder: str) -> None:
    root = copy_publication(tmp_path / "p")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.txt").write_text(SECRET)
    path = root / "content" / folder
    if path.exists():
        path.rename(tmp_path / "kept")
    path.symlink_to(elsewhere)
    result = run_insights(root, "build")
    assert result.returncode == 2
    assert f"content/{folder}: it is a link that leads out of its folder" in result.stderr


def test_a_picture_that_leads_out_stops_the_build(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    (tmp_path / "secret.txt").write_text(SECRET)
    (root / "content/assets").mkdir(exist_ok=True)
    (root / "content/assets/x.png").symlink_to(tmp_path / "secret.txt")
    result = run_insights(root, "build")
    assert result.returncode == 2
    assert "content/assets/x.png: it is a link that leads out of its folder" in result.stderr


def test_a_source_in_the_inbox_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/x.txt").symlink_to(tmp_path / "secret.txt")
    (place,) = find_places([str(tmp_path / "inbox")])
    with pytest.raises(SourceError, match="leads out of its folder"):
        load(place, None, {})


def test_names_that_look_like_another_are_no_slugs(publication: Path) -> None:
    folder = publication / "content/insights"
    text = (folder / "waiting-times.md").read_text(encoding="utf-8")
    for name in ("waiting-times\u0301.md", "waiting\u2011times.md", "w\u0430iting_times.md"):
        (folder / name).write_text(text, encoding="utf-8")
    _, findings = read_library(publication)
    assert [finding.rule for finding in findings] == ["slug-invalid"] * 3
