from pathlib import Path

import pytest
from conftest import PROJECT, run_insights


def write(publication: Path, name: str, *lines: str, body: str = "Text.") -> None:
    text = "\n".join(["---", "title: New", "date: 2026-01-01", "topic: Operations", *lines, "---", body, ""])
    (publication / "content" / "insights" / name).write_text(text, encoding="utf-8")


def test_a_clean_publication_has_no_problems(publication: Path) -> None:
    result = run_insights(publication, "check")
    assert result.returncode == 0
    assert "5 articles" in result.stdout


def test_our_own_content_has_no_problems() -> None:
    result = run_insights(PROJECT, "check", "--strict")
    assert (result.returncode, result.stdout) == (0, result.stdout)
    assert "no problems" in result.stdout


@pytest.mark.parametrize(
    ("lines", "body", "expected"),
    [
        (["tags: [queus]"], "Text.", 'new.md:5:8: error: unknown tag "queus" [tag-unknown]\n  fix: use "queues"'),
        (["tags: [waiting]"], "Text.", 'new.md:5:8: warning: "waiting" is not the tag\'s name [tag-alias]'),
        (["related: [waiting-time]"], "Text.", 'new.md:5:11: error: no article has the slug "waiting-time"'),
        (["updated: 2025-01-01"], "Text.", "new.md:5:10: error: it was updated before it was published"),
        (["authors: [Zofia Zurav]"], "Text.", 'fix: use "Zofia Żuraw", or add content/authors/zofia-zurav.md'),
        ([], "See [this](waiting-time.md).", 'new.md:6:12: error: "waiting-time.md" leads nowhere [link-broken]'),
        ([], "See [this](../topics/ops.md).", '"../topics/ops.md" leads nowhere'),
    ],
)
def test_a_mistake_is_shown_with_place_and_fix(publication: Path, lines: list[str], body: str, expected: str) -> None:
    write(publication, "new.md", *lines, body=body)
    result = run_insights(publication, "check")
    assert expected in result.stdout
    assert result.returncode == (0 if "warning" in expected or "authors" in expected else 1)


def test_an_unknown_topic_names_the_nearest_and_the_page_to_add(publication: Path) -> None:
    path = publication / "content" / "insights" / "waiting-times.md"
    path.write_text(path.read_text(encoding="utf-8").replace("topic: Operations\ntags", "topic: Operation\ntags"))
    result = run_insights(publication, "check")
    assert 'waiting-times.md:5:8: error: unknown topic "Operation" [topic-unknown]' in result.stdout
    assert 'fix: use "Operations", or add content/topics/operation.md' in result.stdout
    assert result.returncode == 1


def test_links_in_code_are_left_alone(publication: Path) -> None:
    write(publication, "new.md", body="Write `[this](nowhere.md)`:\n\n```md\n[this](nowhere.md)\n```")
    assert run_insights(publication, "check").returncode == 0


def test_editions_and_hubs_name_articles_that_exist(publication: Path) -> None:
    (publication / "content" / "newsletter" / "2.md").write_text(
        "---\nnumber: 1\ndate: 2026-04-01\nsubject: Two\narticles: [waiting-times, nope, a-draft]\n---\nHello.\n"
    )
    output = run_insights(publication, "check").stdout
    assert 'content/newsletter/2.md:5:27: error: no article has the slug "nope" [edition-article]' in output
    assert '2.md:5:33: error: "a-draft" is a draft' in output
    assert "2.md:2:9: error: number 1 is also that of content/newsletter/1.md [edition-number]" in output
