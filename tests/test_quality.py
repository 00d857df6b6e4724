"""Floors for what is suggested and ranked: on a made-up library, and on real ones where they are at hand."""

import runpy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from insights.related import Document, rank
from insights.tagging import suggest_tags, vocabulary_of

PROJECT = Path(__file__).parent.parent
COLLECTIONS = PROJECT.parent / "shared" / "corpora" / "related-dev"


@pytest.fixture(scope="module")
def collections() -> None:
    if not COLLECTIONS.is_dir():
        pytest.skip("the collections with human ground truth are not here")


def benchmark(name: str) -> dict[str, Any]:
    return runpy.run_path(str(PROJECT / "benchmarks" / f"{name}.py"))


@pytest.mark.usefixtures("collections")
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


@pytest.mark.usefixtures("collections")
@pytest.mark.parametrize(("field", "floor"), [("body_no_anchors", 0.54), ("body", 0.67)])
def test_related_articles_are_those_that_authors_linked(field: str, floor: float) -> None:
    related = benchmark("related")
    documents, relevant = related["read_collection"](COLLECTIONS / "otel.jsonl.gz", field)
    ranked = related["rank_by_text"](documents)
    assert related["score"](ranked, relevant)[0] >= floor
    slugs = {document.slug for document in documents}
    assert all(len(set(others)) == 5 and slug not in others for slug, others in ranked.items())
    assert len({other for others in ranked.values() for other in others} & slugs) >= 0.97 * len(slugs)


def made_up_library() -> list[Document]:
    """Twelve subjects of 14 articles, three of four words their subject's; each has the subject's tag and the one
    of its author, neither written in it."""
    chance = Random(12)
    documents = []
    for number in range(168):
        subject, author = number % 12, number % 5
        own = [f"s{subject}x{chance.randrange(60)}" for _ in range(90)]
        body = " ".join(chance.sample([*own, *(f"w{chance.randrange(400)}" for _ in range(30))], 120))
        tags = (f"subject-{subject}", f"desk-{author}")
        documents.append(Document(f"a{number:03}", body[:40], body, "", number, (f"Author {author}",), tags))
    return documents


def test_articles_of_one_made_up_subject_are_related() -> None:
    documents = made_up_library()
    subject = {one.slug: one.tags[0] for one in documents}
    ranked = rank(documents, 5)
    assert np.mean([subject[slug] == subject[other] for slug, others in ranked.items() for other in others]) >= 0.95
    assert {other for others in ranked.values() for other in others} == subject.keys()


def test_tags_of_made_up_subjects_and_authors_are_found() -> None:
    documents = made_up_library()
    hidden = {one.slug: set(one.tags) for one in documents[::7]}
    seen = [replace(one, tags=()) if one.slug in hidden else one for one in documents]
    found = suggest_tags(seen, vocabulary_of(seen), hidden)
    names = {slug: [one.tag.name for one in suggestions] for slug, suggestions in found.items()}
    assert np.mean([len(tags.intersection(names[slug])) / len(tags) for slug, tags in hidden.items()]) >= 0.97
    assert np.mean([set(names[slug][:2]) == tags for slug, tags in hidden.items()]) >= 0.9
