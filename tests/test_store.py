import os
from pathlib import Path

import pytest

from insights.errors import StoreError
from insights.model import Finding
from insights.store import find_root, read_articles, read_library, write_file


def rules(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(Path(finding.path).name, finding.rule) for finding in findings}


def test_the_miniature_publication_is_read_whole(publication: Path) -> None:
    library, findings = read_library(publication)
    assert findings == ()
    assert [article.slug for article in library.articles] == [
        "not-yet",
        "waiting-times",
        "counting-what-waits",
        "a-draft",
        "unbekannte-grossen",
    ]
    assert [topic.name for topic in library.topics] == ["Operations", "R&D"]
    assert [author.name for author in library.authors] == ["Zofia Żuraw"]
    assert [edition.subject for edition in library.editions] == ["On waiting"]


def test_every_unreadable_file_has_a_finding_and_no_other_is_lost(publication: Path) -> None:
    folder = publication / "content" / "insights"
    (folder / "empty.md").write_bytes(b"")
    (folder / "binary.md").write_bytes(b"PK\x03\x04\0\0\0")
    (folder / "latin.md").write_bytes("---\ntitle: Caf\xe9\n---\nText\n".encode("latin-1"))
    (folder / "bare.md").write_text("No front matter.\n")
    (folder / "vast.md").write_bytes(b"---\ntitle: Vast\n---\n".ljust(5_000_001, b"x"))
    library, findings = read_library(publication)
    assert rules(findings) == {
        ("empty.md", "file-empty"),
        ("binary.md", "file-binary"),
        ("latin.md", "file-encoding"),
        ("bare.md", "front-matter-missing"),
        ("vast.md", "file-size"),
    }
    assert "latin.md:2:11: byte 0xe9 is not UTF-8" in "\n".join(str(finding) for finding in findings)
    assert len(library.articles) == 5


def test_duplicate_slug_names_both_files(publication: Path) -> None:
    folder = publication / "content" / "insights"
    text = (folder / "waiting-times.md").read_text(encoding="utf-8")
    (folder / "other.md").write_text(text.replace("---\n", "---\nslug: waiting-times\n", 1), encoding="utf-8")
    library, findings = read_library(publication)
    messages = "\n".join(str(finding) for finding in findings)
    assert 'other.md:2:7: the slug "waiting-times" is also that of content/insights/waiting-times.md' in messages
    assert 'waiting-times.md:1:1: the slug "waiting-times" is also that of content/insights/other.md' in messages
    assert len(library.articles) == 6


def test_mistakes_in_the_vocabulary_have_their_place(publication: Path) -> None:
    (publication / "content" / "tags.yml").write_text("- name: queues\n- slug: nameless\n")
    _, findings = read_library(publication)
    assert any(str(finding).startswith("content/tags.yml:2:3: a tag without a name") for finding in findings)


def test_any_folder_of_markdown_can_be_read(publication: Path) -> None:
    articles, _ = read_articles(publication / "content" / "insights")
    assert "waiting-times" in {article.slug for article in articles}


def test_a_file_is_written_only_if_its_bytes_change(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file.md"
    assert write_file(path, b"one")
    before = path.stat().st_mtime_ns
    assert not write_file(path, b"one")
    assert path.stat().st_mtime_ns == before
    assert write_file(path, b"two")
    assert [each.name for each in path.parent.iterdir()] == ["file.md"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file.md"
    target.mkdir()
    (target / "inside").write_text("kept")
    with pytest.raises(StoreError, match=r"file\.md"):
        write_file(target, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["file.md"]
    assert (target / "inside").read_text() == "kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="check the folder's rights"):
        write_file(tmp_path / "file.md", b"new")


def test_the_project_is_found_from_any_folder_inside_it(publication: Path) -> None:
    assert find_root(publication / "content" / "insights") == publication.resolve()
    with pytest.raises(StoreError, match="not inside a publication"):
        find_root(Path("/"))
