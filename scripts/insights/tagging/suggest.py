"""Tags for articles that have none, learnt from those that have; without any, from the words of the tags alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from insights.library import build_library
from insights.model import Tag
from insights.related.document import Document
from insights.tagging.corpus import Corpus, Floats, Ints, build_corpus
from insights.tagging.fitting import Departures, Fit, fit_departures, fit_weights
from insights.tagging.labels import Labels, match_labels, score_labels
from insights.tagging.traits import TRAITS, Lessons, measure_traits
from insights.tagging.words import find_words
from insights.text import slugify

# Fitted on three collections together, in the order of TRAITS; where a library has more to tell, they move.
USUAL_WEIGHTS = np.array([-0.35, 0.35, 0.15, 0.4, 0.55, 0.2, 0.4, 0.15, 0.1, 0.15, 0.1, 0.7])
USUAL_STRENGTH = 20.0
MIN_LESSONS = 10  # for the chance of a tag to be worth the name
MAX_LESSONS = 2000  # of the newest tagged articles: bounds time and memory, and tags mean what they mean now
_MAX_PAIRS = 600_000
_LABELS_AS_LESSONS = 32  # how many tagged articles it takes for the tags' own words to count a quarter
_BLOCK = 256
_LIKELY = np.log(0.5)  # one chance in three


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag for an article, the words of the article that speak for it, and whether it is likely enough to be set
    unseen."""

    tag: Tag
    words: tuple[str, ...]
    is_likely: bool


def vocabulary_of(documents: Iterable[Document], least: int = 2) -> tuple[Tag, ...]:
    """The tags that at least so many articles have, for a library without a vocabulary; by name."""
    used = Counter(tag for document in documents for tag in set(document.tags))
    return tuple(Tag(slugify(name), name) for name, times in sorted(used.items()) if times >= least)


def suggest_tags(
    documents: Iterable[Document], tags: Sequence[Tag], wanted: Iterable[str], count: int = 5
) -> dict[str, tuple[Suggestion, ...]]:
    """Up to `count` of the tags for each wanted article (slugs), the best first, by slug.

    All other documents that have tags are what is learnt from; the order of documents and tags changes nothing.
    """
    corpus = build_corpus(documents)
    tags = sorted(tags, key=lambda tag: (tag.name, tag.slug))
    asked = set(wanted)
    rows = np.array([row for row, one in enumerate(corpus.documents) if one.slug in asked], np.int64)
    if not tags or not len(rows):
        return {corpus.documents[row].slug: () for row in rows}
    labels = match_labels(corpus, tags)
    lessons = _lessons(corpus, tags, labels, frozenset(asked))
    odds, is_likely = _judge(lessons, tags, rows)
    suggestions = {}
    for place, row in enumerate(rows.tolist()):
        best = np.lexsort((np.arange(len(tags)), -np.round(odds[place], 9)))[:count]
        words = find_words(lessons, tags, row, best.tolist())
        suggestions[corpus.documents[row].slug] = tuple(
            Suggestion(tags[tag], words[tag], bool(is_likely[place, tag])) for tag in best.tolist()
        )
    return suggestions


def _lessons(corpus: Corpus, tags: Sequence[Tag], labels: Labels, asked: frozenset[str]) -> Lessons:
    known = build_library(tags=tags)
    by_name = {tag.name: column for column, tag in enumerate(tags)}
    by_slug = {tag.slug: column for column, tag in enumerate(tags)}
    taught: dict[int, list[int]] = {}
    for row, document in enumerate(corpus.documents):
        if document.slug not in asked and document.tags:
            found = [by_name[term] if term in by_name else _column(known.tag(term), by_slug) for term in document.tags]
            taught[row] = [column for column in found if column >= 0]
    newest = sorted(taught, key=lambda row: (-corpus.days[row], row))[:MAX_LESSONS]
    rows = sorted(newest)
    has = np.zeros((len(rows), len(tags)))
    for place, row in enumerate(rows):
        has[place, taught[row]] = 1.0
    return Lessons(corpus, labels, np.array(rows, np.int64), has)


def _column(tag: Tag | None, by_slug: Mapping[str, int]) -> int:
    return by_slug[tag.slug] if tag else -1


def _judge(lessons: Lessons, tags: Sequence[Tag], rows: Ints) -> tuple[Floats, Floats]:
    """How well each tag suits each of the rows, in an order of merit, and whether it is likely."""
    labels, taught = lessons.labels, len(lessons.rows) if lessons.has.any() else 0
    told = _standardise(score_labels(lessons.corpus, tags, labels, rows))
    says = (labels.titles[rows] == 1) | (labels.mentions[rows] >= np.log1p(3))
    if not taught:
        return told, says
    fit, departures = _fit(lessons)
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    odds = departures.odds(np.concatenate([fit.odds(measure_traits(lessons, block)) for block in blocks]))
    is_likely = odds >= _LIKELY if taught >= MIN_LESSONS else says
    share = (_LABELS_AS_LESSONS / (_LABELS_AS_LESSONS + taught)) ** 2
    return _standardise(odds) + share * told, is_likely


def _standardise(scores: Floats) -> Floats:
    """The scores of each row with mean 0 and deviation 1."""
    standard: Floats = (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)
    return standard


def _fit(lessons: Lessons) -> tuple[Fit, Departures]:
    """The weights of the traits in this library, from its tagged articles, evenly chosen where they are many."""
    step = -(-lessons.has.size // _MAX_PAIRS)
    places = np.arange(0, len(lessons.rows), step)
    traits = measure_traits(lessons, lessons.rows[places])
    has = lessons.has[places]
    fit = fit_weights(traits.reshape(-1, len(TRAITS)), has.ravel(), USUAL_WEIGHTS, USUAL_STRENGTH)
    return fit, fit_departures(fit.odds(traits), has)
