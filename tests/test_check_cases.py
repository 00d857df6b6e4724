"""The catalogue of mistakes: an article a case, beside it the findings expected and, where it can be mended, the
mended article. `UPDATE_CASES=1 pytest tests/test_check_cases.py` writes them anew, for a person to read."""

import gzip
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import PROJECT, SHARED

from insights.article import dump_article
from insights.check import (
    MANUSCRIPT_CHECKS,
    RULES,
    Collection,
    advise_on_wording,
    apply_ignores,
    build_collection,
    check_collection,
    check_text,
    read_manuscript,
)
from insights.check.mending import mend_text
from insights.desk.reading import read_collection
from insights.library import build_library
from insights.model import Article, Finding, Level
from insights.render import render_html
from insights.store import read_publication

CASES = PROJECT / "tests" / "cases" / "check"
SITE = PROJECT / "tests" / "site"
NAMES = sorted(path.stem for path in CASES.glob("*.md") if not path.stem.endswith(".fixed"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PUBLICATION = read_publication(SITE)

Check = Callable[[str, str], list[Finding]]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("site")
    (root / "content").symlink_to(SITE / "content")
    return read_collection(root, PUBLICATION, NOW).collection


def with_text(collection: Collection, text: str, path: str) -> Collection:
    sheets = [*collection.sheets, check_text(text, path)]
    old = collection.library
    articles = [sheet.article for sheet in sheets if sheet.article]
    library = build_library(articles, old.topics, old.tags, old.authors, old.editions, old.pages)
    return build_collection(sheets, library, collection.assets.values(), NOW, PUBLICATION)


def findings_in(collection: Collection, text: str, path: str) -> list[Finding]:
    whole = with_text(collection, text, path)
    found = {*check_collection(whole), *advise_on_wording(read_manuscript(text, path)[0], path)}
    return [finding for finding in apply_ignores(found, whole.sheets) if finding.path == path]


def mended(collection: Collection, text: str, path: str) -> str:
    whole = with_text(collection, text, path)
    return mend_text(text, path, whole, lambda body: render_html(body, PUBLICATION, path.removeprefix("content/")))


def listed(findings: list[Finding]) -> str:
    lines = (
        f"{finding.line}:{finding.column}: {finding.level}: {finding.message} [{finding.rule}]\n  fix: {finding.fix}"
        for finding in findings
    )
    return "\n".join([*lines, ""])


def compare(path: Path, text: str) -> None:
    if os.environ.get("UPDATE_CASES"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_gives_just_these_findings(collection: Collection, name: str) -> None:
    text = (CASES / f"{name}.md").read_text(encoding="utf-8")
    compare(CASES / f"{name}.findings", listed(findings_in(collection, text, f"content/insights/{name}.md")))


@pytest.mark.parametrize("name", NAMES)
def test_mending_changes_what_is_safe_and_a_second_time_nothing(collection: Collection, name: str) -> None:
    text = (CASES / f"{name}.md").read_text(encoding="utf-8")
    path = f"content/insights/{name}.md"
    once = mended(collection, text, path)
    fixed = CASES / f"{name}.fixed.md"
    if once != text or fixed.exists():
        compare(fixed, once)
    assert mended(collection, once, path) == once
    before, after = findings_in(collection, text, path), findings_in(collection, once, path)
    assert len(after) <= len(before)


def test_the_catalogue_has_sixty_mistakes() -> None:
    assert len(NAMES) >= 60


def example(rule_id: str, fragment: str) -> str:
    fields = {"title": "Example", "date": "2026-02-01", "topic": "Operations", "description": f"{'A reason. ' * 8}"}
    body = fragment
    if RULES[rule_id].group in ("Front matter", "The collection"):
        fields |= dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in fragment.split("\n"))
        body = "Some text that stands for the article."
    if fragment.startswith("---"):
        return f"{fragment}\n"
    head = "\n".join(f"{key}: {value}" for key, value in fields.items())
    return f"---\n{head}\n---\n{body}\n"


def seen_in_cases() -> set[str]:
    return {rule for path in CASES.glob("*.findings") for rule in re.findall(r"\[([\w-]+)\]$", path.read_text(), re.M)}


@pytest.mark.parametrize("rule_id", [check.rule.id for check in MANUSCRIPT_CHECKS])
def test_the_bad_example_of_a_rule_breaks_it_and_the_good_one_does_not(collection: Collection, rule_id: str) -> None:
    rule, path = RULES[rule_id], "content/insights/example.md"
    bad = {finding.rule for finding in findings_in(collection, example(rule_id, rule.bad), path)}
    good = {finding.rule for finding in findings_in(collection, example(rule_id, rule.good), path)}
    assert rule_id in bad
    assert rule_id not in good


def test_every_rule_is_shown_by_a_case_or_is_about_files() -> None:
    shown = seen_in_cases() | {check.rule.id for check in MANUSCRIPT_CHECKS}
    other = {rule.id for rule in RULES.values() if rule.group in ("Files", "Wording")}
    elsewhere = {"article-alike", "edition-article", "edition-number", "article-unknown", "link-dead"}
    elsewhere |= {"link-site", "setting-idle", "asset-refused", "image-heavy", "image-unused"}
    assert set(RULES) - shown - other - elsewhere == set()


def test_a_hundred_problems_of_one_article_are_all_listed_in_order(collection: Collection) -> None:
    body = "\n\n".join(f"See [the wait](nowhere-{number}.md)." for number in range(100))
    text = f"---\ntitle: Example\ndate: 2026-02-01\ntopic: Operations\ndescription: {'A reason. ' * 8}\n---\n{body}\n"
    found = findings_in(collection, text, "content/insights/example.md")
    assert [finding.line for finding in found] == [7 + 2 * number for number in range(100)]
    assert {finding.rule for finding in found} == {"link-broken"}


def real_articles(count: int) -> list[tuple[str, str]]:
    """Real posts with our front matter, an equal share of each collection."""
    archives = sorted((SHARED / "corpora" / "related-dev").glob("*.jsonl.gz"))
    found = []
    for archive in archives:
        with gzip.open(archive, "rt", encoding="utf-8") as lines:
            for record in [json.loads(line) for line in lines][:: max(1, 200 // count)][: count // len(archives)]:
                article = Article(
                    slug="example",
                    title=record["title"],
                    body=record["body"],
                    date=datetime.fromisoformat(record["date"][:10]).replace(tzinfo=UTC),
                    topic="Operations",
                    description=record["summary"] or "",
                    path="content/insights/example.md",
                )
                found.append((record["id"], dump_article(article)))
    return found


def test_200_real_articles_have_no_false_errors() -> None:
    articles = real_articles(200)
    if not articles:
        pytest.skip("the collections of real articles are not here")
    assert len(articles) == 200
    errors = [
        (name, str(finding))
        for name, text in articles
        for finding in check_text(text, "content/insights/example.md").findings
        if finding.level == Level.ERROR
    ]
    assert errors == []


def test_mending_real_articles_twice_changes_nothing_more(collection: Collection) -> None:
    articles = real_articles(200)[::10]
    if not articles:
        pytest.skip("the collections of real articles are not here")
    bare = replace(collection, sheets=())
    for name, text in articles:
        path = "content/insights/example.md"

        def render(body: str) -> str:
            return render_html(body, PUBLICATION, "insights/example.md")

        once = mend_text(text, path, bare, render)
        assert mend_text(once, path, bare, render) == once, name
