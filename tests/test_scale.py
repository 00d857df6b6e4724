"""What a build of a made-up publication does, in counts: the same on every machine, with few articles and with many."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import PROJECT

from insights.site.engines import Built, build_site
from insights.site.inputs import Run

NOW = datetime(2027, 1, 1, tzinfo=UTC)
ARTICLE = "content/insights/article-7.md"
FRESH = "content/insights/fresh.md"

# Articles parsed, pages prepared, pages rendered, files made.
Counts = tuple[int, int, int, int]
COUNTS: dict[int, dict[str, Counts]] = {
    80: {
        "everything": (80, 189, 189, 772),
        "a sentence more": (1, 1, 1, 29),
        "nothing": (0, 0, 0, 0),
        "another title": (1, 22, 13, 44),
        "an article more": (1, 13, 7, 20),
        "an article less": (0, 12, 0, 0),
    },
    160: {
        "everything": (160, 271, 271, 1034),
        "a sentence more": (1, 1, 1, 29),
        "nothing": (0, 0, 0, 0),
        "another title": (1, 20, 11, 42),
        "an article more": (1, 13, 7, 20),
        "an article less": (0, 12, 0, 0),
    },
}


def build(root: Path) -> Counts:
    built: Built = build_site(Run(root, NOW, jobs=2), root / "site")
    return built.parsed, built.prepared, built.rendered, built.made


@pytest.mark.parametrize("count", COUNTS)
def test_what_an_edit_costs_does_not_grow_with_the_articles(tmp_path: Path, count: int) -> None:
    root = tmp_path / "publication"
    runpy.run_path(str(PROJECT / "benchmarks/articles.py"))["make_publication"](root, count)
    article, fresh = root / ARTICLE, root / FRESH
    found = {"everything": build(root)}
    for _ in range(2):  # the first edit also links the second copy of the site
        with article.open("a", encoding="utf-8") as file:
            file.write("\nOne more sentence.\n")
        found["a sentence more"] = build(root)
    found["nothing"] = build(root)
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("title: ", "title: Zither ", 1), encoding="utf-8")
    found["another title"] = build(root)
    fresh.write_text("---\ntitle: Fresh\ndate: 2026-12-01\ntopic: Topic 3\n---\n\nWords on it.\n", encoding="utf-8")
    found["an article more"] = build(root)
    fresh.unlink()
    found["an article less"] = build(root)
    assert found == COUNTS[count]
