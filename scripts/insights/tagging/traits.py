"""What speaks for a tag: twelve traits of an article and a tag, learnt from the articles that editors have tagged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insights.tagging.corpus import Corpus, Floats, Ints, keep_largest
from insights.tagging.labels import Labels

TRAITS = (
    "how common the tag is",
    "tags of the 25 articles most alike",
    "tags of the 10 most alike by title",
    "ridge regression",
    "its logarithm",
    "the author's habits",
    "the habits of the month",
    "the habits of the year",
    "label written",
    "words of the label written",
    "label in the title",
    "how often who writes the label has the tag",
)
_RIDGE = 0.15


@dataclass(frozen=True, eq=False)
class Lessons:
    """The tagged articles to learn from: their rows in the corpus, ascending; `has` holds a 1 for each one's tags."""

    corpus: Corpus
    labels: Labels
    rows: Ints
    has: Floats

    @cached_property
    def places(self) -> Ints:
        """Of each article its place among the rows, -1 where it is none of them."""
        places = np.full(len(self.corpus.documents), -1)
        places[self.rows] = np.arange(len(self.rows))
        return places

    @cached_property
    def ridge(self) -> tuple[Floats, Floats]:
        """The dual weights of a ridge regression of each tag, tagged articles × tags, and the diagonal for leaving out.

        Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", §3.4.1 and eq. 7.64.
        """
        vectors = self.corpus.vectors[self.rows]
        inverse = np.linalg.inv((vectors @ vectors.T).toarray() + _RIDGE * np.eye(len(self.rows)))
        return inverse @ (self.has - self.has.mean(axis=0)), np.diag(inverse)


@dataclass(frozen=True, eq=False)
class _Asked:
    """The rows asked about; `own` are the tags of those that are lessons themselves, to be left out of the answer."""

    rows: Ints
    places: Ints
    own: Floats
    prior: Floats

    @property
    def are_lessons(self) -> NDArray[np.bool_]:
        return self.places >= 0

    def without_self(self, values: Floats) -> Floats:
        """The values with 0 where a row meets itself; columns are the lessons."""
        values[np.flatnonzero(self.are_lessons), self.places[self.are_lessons]] = 0.0
        return values


def measure_traits(lessons: Lessons, rows: Ints) -> Floats:
    """The traits of these articles (rows) × tags × TRAITS. An article that is a lesson is told nothing of itself."""
    places = lessons.places[rows]
    is_lesson = places >= 0
    own = np.where(is_lesson[:, None], lessons.has[places], 0.0)
    prior = (lessons.has.sum(axis=0) - own + 0.1) / (len(lessons.rows) - is_lesson[:, None] + 1.0)
    asked = _Asked(rows, places, own, prior)
    ridge = _ridge(lessons, asked)
    labels, corpus = lessons.labels, lessons.corpus
    traits = (
        np.log(prior),
        _votes(lessons, asked, corpus.vectors, kept=25, power=2),
        _votes(lessons, asked, corpus.titles, kept=10, power=1),
        ridge,
        np.log(np.maximum(ridge, 0.0) + 0.01),
        _author_habits(lessons, asked),
        _time_habits(lessons, asked, days=60),
        _time_habits(lessons, asked, days=365),
        labels.mentions[rows],
        labels.parts[rows],
        labels.titles[rows],
        _label_habits(lessons, asked),
    )
    return np.stack(traits, axis=-1)


def _votes(lessons: Lessons, asked: _Asked, vectors: sparse.csr_matrix, kept: int, power: int) -> Floats:
    """The logarithm of each tag's share among the nearest lessons, weighted by likeness and drawn to the prior."""
    alike = asked.without_self((vectors[asked.rows] @ vectors[lessons.rows].T).toarray())
    weights = keep_largest(alike, kept) ** power
    total = weights.sum(axis=1, keepdims=True) + 1e-9
    pull = 0.3 * total / kept
    shares: Floats = np.log((weights @ lessons.has + pull * asked.prior) / (total + pull) + 1e-3)
    return shares


def _ridge(lessons: Lessons, asked: _Asked) -> Floats:
    weights, diagonal = lessons.ridge
    vectors = lessons.corpus.vectors
    fitted = (vectors[asked.rows] @ vectors[lessons.rows].T) @ weights
    places = asked.places[asked.are_lessons]
    mean = lessons.has.mean(axis=0)
    fitted[asked.are_lessons] = lessons.has[places] - mean - weights[places] / diagonal[places, None]
    return np.asarray(fitted + mean)


def _author_habits(lessons: Lessons, asked: _Asked) -> Floats:
    """How much more often than others the article's authors use each tag, as a logarithm."""
    authors = lessons.corpus.authors
    mine, theirs = authors[asked.rows], authors[lessons.rows]
    named = np.asarray(mine.sum(axis=1)).ravel()
    used = mine @ (theirs.T @ lessons.has) - asked.own * named[:, None]
    written = mine @ np.asarray(theirs.sum(axis=0)).ravel() - asked.are_lessons * named
    habits: Floats = np.log((used + 2 * asked.prior) / (written[:, None] + 2)) - np.log(asked.prior)
    return habits


def _time_habits(lessons: Lessons, asked: _Asked, days: int) -> Floats:
    """How much more often than at other times each tag is used around the article's day, as a logarithm."""
    dates = lessons.corpus.days
    apart = np.abs(dates[asked.rows][:, None] - dates[lessons.rows])
    weights = asked.without_self(np.exp(-apart / days))
    used = weights @ lessons.has + asked.prior
    habits: Floats = np.log(used / (weights.sum(axis=1, keepdims=True) + 1)) - np.log(asked.prior)
    return habits


def _label_habits(lessons: Lessons, asked: _Asked) -> Floats:
    """How much more often than others have the tag those articles that write its label, or do not, as this one."""
    writes = lessons.labels.mentions > 0
    lesson_writes, asked_writes = writes[lessons.rows], writes[asked.rows]
    habits = np.zeros_like(asked.own)
    for says in (True, False):
        same, is_asked = lesson_writes == says, asked_writes == says
        is_own = asked.are_lessons[:, None] & is_asked
        used = (lessons.has * same).sum(axis=0) - asked.own * is_own
        among = same.sum(axis=0) - is_own
        extra = (0.1, 0.2) if says else (0.0, 0.0)
        habit = np.log((used + asked.prior + extra[0]) / (among + 1 + extra[1])) - np.log(asked.prior)
        habits[is_asked] = habit[is_asked]
    return habits
