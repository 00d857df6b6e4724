"""Floors for what is suggested and ranked, on the collections with human ground truth, where they are at hand."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PROJECT = Path(__file__).parent.parent
COLLECTIONS = PROJECT.parent / "shared" / "corpora" / "related-dev"

pytestmark = pytest.mark.usefixtures("collections")


@pytest.fixture(scope="module")
def collections() -> None:
    if not COLLECTIONS.is_dir():
        pytest.skip("the collections with human ground truth are not here")


def benchmark(name: str) -> dict[str, Any]:
    return runpy.run_path(str(PROJECT / "benchmarks" / f"{name}.py"))


@pytest.mark.parametrize(
    ("trial", "recall", "precision"),
    [("a fifth hidden", 0.93, 0.87), ("the newest fifth hidden", 0.88, 0.63), ("no article tagged", 0.54, 0.42)],
)
def test_suggested_tags_are_those_that_editors_chose(trial: str, recall: float, precision: float) -> None:
    tags = benchmark("tags")
    documents = tags["read_collection"](COLLECTIONS / "camunda.jsonl.gz")
    scores = []
    for name, hidden in tags["make_trials"](documents):
        if name == trial:
            found = tags["suggest"](hidden)
            scores += [
                (len(wanted.intersection(found[slug])) / len(wanted), found[slug][0] in wanted)
                for slug, wanted in hidden.truth.items()
            ]
    measured = np.mean(scores, axis=0)
    assert (measured >= (recall, precision)).all(), measured


@pytest.mark.parametrize(("field", "floor"), [("body_no_anchors", 0.54), ("body", 0.67)])
def test_related_articles_are_those_that_authors_linked(field: str, floor: float) -> None:
    related = benchmark("related")
    documents, relevant = related["read_collection"](COLLECTIONS / "otel.jsonl.gz", field)
    ranked = related["rank"](documents, 5)
    assert related["score"](ranked, relevant)[0] >= floor
    slugs = {document.slug for document in documents}
    assert all(len(set(others)) == 5 and slug not in others for slug, others in ranked.items())
    assert len({other for others in ranked.values() for other in others} & slugs) >= 0.97 * len(slugs)
