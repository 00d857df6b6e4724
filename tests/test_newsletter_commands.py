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


@pytest.mark.parametrize(
    "command", [("check",), ("check", "3"), ("build",), ("send", "--to", "a@b.example"), ("draft",)]
)
def test_newest_edition_that_cannot_be_read_stops_the_command_instead_of_giving_way_to_the_last(
    desk: Path, command: tuple[str, ...]
) -> None:
    (desk / "content" / "newsletter" / "3.md").write_text("---\nnumber: 3\nsubject: Two: a colon\n---\nHello.\n")
    result = run_insights(desk, "newsletter", *command)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("content/newsletter/3.md:3:13: error: ")
    assert run_insights(desk, "newsletter", "check", "2").returncode == 0


def test_draft_says_which_articles_it_could_not_read(desk: Path) -> None:
    (desk / "content" / "insights" / "half.md").write_text("---\ntitle: Two: a colon\ndate: 2026-04-02\n---\nText.\n")
    drafted = run_insights(desk, "newsletter", "draft")
    assert drafted.returncode == 0
    assert drafted.stderr.startswith("content/insights/half.md:2:11: error: ")


def test_draft_names_an_article_that_came_late_and_leaves_it_to_the_editor(desk: Path) -> None:
    late = (desk / "content" / "insights" / "night-shift.md").read_text().replace("2026-04-02", "2026-02-10")
    (desk / "content" / "insights" / "came-late.md").write_text(late)
    drafted = run_insights(desk, "newsletter", "draft")
    assert drafted.returncode == 0
    assert "though older than the last one: came-late." in drafted.stderr
    assert "came-late" not in (desk / "content" / "newsletter" / "3.md").read_text()


def test_host_with_letters_of_its_language_gives_emails_that_can_be_sent(desk: Path) -> None:
    settings = desk / "mkdocs.yml"
    site = next(line for line in settings.read_text().splitlines() if line.startswith("site_url:"))
    settings.write_text(settings.read_text().replace(site, "site_url: https://öl.example/blätter/"))
    result = run_insights(desk, "newsletter", "send", "2", "--to", "ada@example.org")
    assert result.returncode == 0, result.stderr
    message = next((desk / "build" / "outbox" / "2").glob("*.eml")).read_bytes()
    assert b"\r\nList-Archive: <https://xn--l-0ga.example/bl%C3%A4tter/newsletter/2/" in message


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("Small, Sons <a@b.example>", '"Small, Sons" <a@b.example>'),
        ("'\"Small, Sons\" <a@b.example>'", '"Small, Sons" <a@b.example>'),
        ("a@b.example", "a@b.example"),
        ("letters@", ""),
        ("ä@b.example", ""),
        ("Ada <a@b.example", ""),
    ],
)
def test_sender_is_one_address_or_named_as_none(desk: Path, sender: str, shown: str) -> None:
    settings = desk / "mkdocs.yml"
    known = next(line for line in settings.read_text().splitlines() if "sender:" in line)
    settings.write_text(settings.read_text().replace(known, f"{known.partition('sender:')[0]}sender: {sender}"))
    built = run_insights(desk, "newsletter", "build", "2")
    assert built.returncode == 0, built.stderr
    email = (desk / "site" / "newsletter" / "2" / "email.eml").read_bytes().decode()
    checked = run_insights(desk, "newsletter", "check", "2")
    assert ("[newsletter-sender]" in checked.stdout) == (shown == "")
    assert f"From: {shown or 'newsletter@'}" in email
