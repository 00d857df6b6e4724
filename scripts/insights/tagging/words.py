"""Which words of an article speak for a tag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from insights.model import Tag
from insights.related.document import Document
from insights.tagging.labels import label_ids
from insights.tagging.traits import Lessons
from insights.terms import Ids, plain_text, spell_terms

_SHOWN = 3
_CONSIDERED = 12


def find_words(lessons: Lessons, tags: Sequence[Tag], row: int, columns: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Up to three words or phrases of an article for each of these tags (columns), the most telling first.

    First a label of the tag, if the article writes it; then the terms that weigh most in the ridge regression.
    """
    document = lessons.corpus.documents[row]
    text = readable_text(document)
    chosen: dict[int, list[int]] = {}
    for column in columns:
        labels = [label_ids(label)[1] for label in (tags[column].name, *tags[column].aliases)]
        own = lessons.corpus.terms[row].ids
        written = [ids for ids in labels if len(ids) and np.isin(ids, own).all()]
        chosen[column] = [*(int(part) for ids in written for part in ids), *_heaviest(lessons, row, column)]
    spelt = spell_terms(text, (term for terms in chosen.values() for term in terms))
    return {column: _distinct(spelt[term] for term in terms if term in spelt) for column, terms in chosen.items()}


def readable_text(document: Document) -> str:
    """All that a reader sees of an article as plain text: its title, body and description."""
    return f"{document.title}\n{plain_text(document.body)}\n{document.description}"


def _heaviest(lessons: Lessons, row: int, column: int) -> list[int]:
    """The ids of the article's terms that speak most for a tag: of each its weight here times that in the lessons."""
    if not lessons.has[:, column].any():
        return []
    vectors = lessons.corpus.vectors
    own = vectors[row]
    weights, _ = lessons.ridge
    worth = np.round(own.data * (vectors[lessons.rows][:, own.indices].T @ weights[:, column]), 9)
    order = np.argsort(-worth, kind="stable")[:_CONSIDERED]
    ids: Ids = lessons.corpus.vocabulary[own.indices[order[worth[order] > 0]]]
    found: list[int] = ids.tolist()
    return found


def _distinct(phrases: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for phrase in phrases:
        said = set(phrase.lower().split())
        if not any(said & set(known.split()) for known in kept):
            kept.append(phrase.lower())
    return tuple(kept[:_SHOWN])
