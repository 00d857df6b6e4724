"""An edition as its editor makes it: drafted, checked, previewed and built by the commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import run_insights

from insights.article import parse_edition
from insights.newsletter.drafting import INTRO_TO_WRITE

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
NEWS = """\
---
title: What the night shift knows
date: 2026-04-02
topic: {topic}
description: Three questions to ask before the handover.
---

Ask the people who were there.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A publication with an article that no edition has told of."""
    root = tmp_path / "publication"
    shutil.copytree(CASE, root)
    topic = next((root / "content" / "topics").glob("*.md")).stem
    (root / "content" / "insights" / "night-shift.md").write_text(NEWS.format(topic=topic))
    return root


def test_editor_drafts_writes_checks_previews_and_builds_an_edition(desk: Path) -> None:
    drafted = run_insights(desk, "newsletter", "draft")
    assert drafted.returncode == 0, drafted.stderr
    assert drafted.stdout.startswith("content/newsletter/3.md: ")
    path = desk / "content" / "newsletter" / "3.md"
    edition, findings = parse_edition(path.read_text(), "content/newsletter/3.md")
    assert findings == ()
    assert edition is not None
    assert (edition.number, edition.articles[0], edition.subject) == (3, "night-shift", "What the night shift knows")

    unwritten = run_insights(desk, "newsletter", "check")
    assert "content/newsletter/3.md" in unwritten.stdout
    assert "[intro-missing]" in unwritten.stdout

    path.write_text(path.read_text().replace(INTRO_TO_WRITE, "Good morning. One piece this week."))
    written = run_insights(desk, "newsletter", "check", "3")
    assert written.returncode == 0, written.stdout
    assert "[intro-missing]" not in written.stdout

    shown = run_insights(desk, "newsletter", "preview", "--no-browser")
    preview = Path(shown.stdout.strip()).read_text()
    assert "One piece this week." in preview

    built = run_insights(desk, "newsletter", "build")
    folder = desk / "site" / "newsletter" / "3"
    assert built.returncode == 0, built.stderr
    assert {"email.html", "email.txt", "email.eml", "fragments", "exports"} <= {each.name for each in folder.iterdir()}
    assert "One piece this week." in (folder / "email.txt").read_text()


def test_draft_overwrites_nothing_and_says_when_there_is_no_news(desk: Path) -> None:
    assert run_insights(desk, "newsletter", "draft").returncode == 0
    path = desk / "content" / "newsletter" / "3.md"
    written = path.read_text()
    again = run_insights(desk, "newsletter", "draft")
    assert again.returncode == 2
    assert "nothing was published since the last edition" in again.stderr
    assert path.read_text() == written
    assert not (desk / "content" / "newsletter" / "4.md").exists()


def test_number_without_an_edition_names_those_that_there_are(desk: Path) -> None:
    result = run_insights(desk, "newsletter", "check", "7")
    assert result.returncode == 2
    assert "content/newsletter/7.md" in result.stderr
    assert "2, 1" in result.stderr
