"""How alike articles are: their terms as weighted vectors.

A term weighs 1/√(articles that have it), so a match on it counts the reciprocal of how many share it. No weight
depends on how many articles there are: an article that shares no term with another changes nothing for it. How many
have a term is counted in the *reference*, the oldest articles up to a round number, so that publishing the next
article moves no weight; and it is taken in steps, so that an edit moves few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from insights.related.document import OPENING_WORDS, Profile
from insights.terms import Ids, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAX_SHARED_BY = 128  # a term in more articles tells none of them apart, and would cost most of the time
_EXACT_UP_TO = 64
_MAX_COUNT = 65_535
_BLOCK = 256  # articles whose terms are weighed at a time
_PLACES = 1 << 18  # terms that are weighed at a time
# Between two steps lies a third or a half of the lower one. Up to 3 each number is a step: whether any, one or two
# articles share a term decides whether it counts in the length of an article.
_STEPS = np.array(sorted({0, 1, MAX_SHARED_BY + 1, *(step << power for power in range(40) for step in (2, 3))}))


@dataclass(frozen=True, eq=False)
class Vectors:
    """Rows of terms, one row after another: `starts` where each begins (and the last ends), the terms' columns in
    ascending order, and how much each counts there. Of each row its length, in which its terms are weighed."""

    starts: Ints
    columns: NDArray[np.int32]
    counts: NDArray[np.uint16]
    norms: Floats

    def span(self, row: int) -> slice:
        """Where a row's terms are."""
        return slice(self.starts[row], self.starts[row + 1])

    def places_with(self, is_wanted: Flags) -> Ints:
        """Where terms of the wanted columns are."""
        return np.flatnonzero(is_wanted[self.columns]) if is_wanted.any() else np.empty(0, np.int64)

    def rows_at(self, places: Ints) -> Ints:
        """The rows that have their terms at these places."""
        rows: Ints = np.searchsorted(self.starts, places, side="right") - 1
        return rows

    def places_of(self, rows: Ints) -> Ints:
        """Where the terms of these rows are, row after row."""
        spans = [np.arange(self.starts[row], self.starts[row + 1]) for row in rows.tolist()]
        return np.concatenate([np.empty(0, np.int64), *spans])


@dataclass(frozen=True, eq=False)
class Index:
    """The articles by slug, and their vectors. Columns are the terms of `vocabulary` (ascending ids; some may be in no
    article any more), `spread` in how many articles of the reference each occurs."""

    profiles: tuple[Profile, ...]
    vocabulary: NDArray[np.uint64]
    spread: NDArray[np.int32]
    vectors: Vectors

    @cached_property
    def days(self) -> Ints:
        """The day of each article."""
        return np.array([profile.day for profile in self.profiles], np.int64)

    @cached_property
    def is_reference(self) -> Flags:
        """Whether each article is of the reference."""
        return reference_of(self.days)

    @cached_property
    def siblings(self) -> Ints:
        """To how many other articles of its title pattern each article belongs."""
        patterns = np.array([profile.pattern for profile in self.profiles], np.uint64)
        _, places, counts = np.unique(patterns, return_inverse=True, return_counts=True)
        return np.asarray(counts[places] - 1, np.int64)

    @cached_property
    def openings(self) -> NDArray[np.uint64]:
        """The ids of the first words of each title, 0 where it has fewer."""
        openings = np.zeros((len(self.profiles), OPENING_WORDS), np.uint64)
        for row, profile in enumerate(self.profiles):
            openings[row, : len(profile.opening)] = profile.opening
        return openings

    def titles(self, rows: Ints) -> tuple[Ints, Floats]:
        """Of the title of each of these rows the columns of its terms, and each term's share of the title's weight.

        Filled up with a column after the last. A constant in the divisor keeps short and common titles from counting
        as told everywhere.
        """
        ids = [self.profiles[row].title for row in rows.tolist()]
        lengths = np.array([len(title) for title in ids], np.int64)
        is_term = np.arange(lengths.max(initial=0)) < lengths[:, None]
        columns = np.full(is_term.shape, len(self.vocabulary), np.int64)
        columns[is_term] = np.searchsorted(self.vocabulary, np.concatenate([np.empty(0, np.uint64), *ids]))
        spread = step_of(np.append(self.spread, 0)[columns])
        weights = np.where(is_term, np.maximum(spread, 2.0) ** -0.3, 0.0)
        return columns, weights / (weights.sum(axis=1, keepdims=True) + 1.0)

    def titled(self, ids: Ids) -> Flags:
        """Which titles have any of these terms."""
        titles = [profile.title for profile in self.profiles]
        owners = np.repeat(np.arange(len(titles)), [len(title) for title in titles])
        is_titled = np.zeros(len(titles), bool)
        is_titled[owners[np.isin(np.concatenate([np.empty(0, np.uint64), *titles]), ids)]] = True
        return is_titled

    def link(self, rows: Ints, others: Ints) -> Flags:
        """Whether each row's text links to the other article."""
        return np.isin(rows * len(self.profiles) + others, self._links)

    @cached_property
    def _links(self) -> Ints:
        rows = {profile.slug: row for row, profile in enumerate(self.profiles)}
        linking = enumerate(profile.links for profile in self.profiles)
        pairs = [row * len(rows) + rows[slug] for row, links in linking for slug in links if slug in rows]
        return np.array(pairs, np.int64)

    @cached_property
    def factors(self) -> Floats:
        """What a term counts for, by how many articles of the reference share it."""
        return factors_of(self.spread)

    def weights(self, row: int) -> Floats:
        """The weight of each term of one article, in units of the article's length."""
        vectors, span = self.vectors, self.vectors.span(row)
        weighed = weigh(vectors.counts[span], self.factors[self.spread[vectors.columns[span]]])
        weights: Floats = weighed / vectors.norms[row]
        return weights

    def weights_at(self, places: Ints, rows: Ints) -> Floats:
        """The weight of the term at each of these places, which are in these rows.

        A block at a time, to bound what is made on the way.
        """
        vectors, weights = self.vectors, np.empty(len(places))
        for start in range(0, len(places), _PLACES):
            block = slice(start, start + _PLACES)
            shared_by = self.spread[vectors.columns[places[block]]]
            weighed = weigh(vectors.counts[places[block]], self.factors[shared_by])
            weights[block] = weighed / vectors.norms[rows[block]]
        return weights

    def terms(self, row: int) -> Terms:
        """The terms of one article."""
        span = self.vectors.span(row)
        return Terms(self.vocabulary[self.vectors.columns[span]], self.vectors.counts[span].astype(np.float64))


def reference_size(articles: int) -> int:
    """How many of the oldest articles the weights are counted in: all of up to 64, later all but at most a 32nd."""
    step = 1 if articles <= _EXACT_UP_TO else 1 << (articles.bit_length() - 6)
    return articles - articles % step


def reference_of(days: Ints) -> Flags:
    """Whether each article, by slug, is of the reference."""
    oldest = np.argsort(days, kind="stable")[: reference_size(len(days))]
    is_reference = np.zeros(len(days), bool)
    is_reference[oldest] = True
    return is_reference


def step_of(spread: NDArray[np.integer]) -> Ints:
    """The number as which a spread counts: the last step that is not above it."""
    steps: Ints = _STEPS[np.searchsorted(_STEPS, np.arange(spread.max(initial=0) + 1), side="right") - 1][spread]
    return steps


def build_index(entries: Iterable[tuple[Profile, Terms]]) -> Index:
    """The index of these articles, which come in the order of their slugs."""
    profiles, lengths, ids, counts = _gather(entries)
    days = np.array([profile.day for profile in profiles], np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    counted = np.repeat(reference_of(days), lengths)
    vocabulary, columns = _number(ids)
    del ids
    spread = np.bincount(columns[counted], minlength=len(vocabulary)).astype(np.int32)
    norms = measure(columns, counts, spread, counted, lengths)
    return Index(profiles, vocabulary, spread, Vectors(starts, columns, counts, norms))


def _gather(entries: Iterable[tuple[Profile, Terms]]) -> tuple[tuple[Profile, ...], Ints, Ids, NDArray[np.uint16]]:
    """The profiles, of each how many terms it has, and the ids and counts of all terms, one article after another."""
    profiles: list[Profile] = []
    lengths: list[int] = []
    ids, counts = bytearray(), bytearray()  # they grow in place: arrays put together would be held twice
    for profile, terms in entries:
        profiles.append(profile)
        lengths.append(len(terms.ids))
        ids += terms.ids.data
        counts += narrow_counts(terms.counts).data
    return tuple(profiles), np.array(lengths, np.int64), np.frombuffer(ids, np.uint64), np.frombuffer(counts, np.uint16)


def _number(ids: Ids) -> tuple[Ids, NDArray[np.int32]]:
    """The distinct ids in ascending order, and the place of each id there.

    By their first four bits, a sixteenth at a time: to sort takes several times the memory of what is sorted.
    """
    parts = (ids >> np.uint64(60)).astype(np.uint8)
    columns = np.empty(len(ids), np.int32)
    vocabulary: list[Ids] = []
    known = 0
    for part in range(16):
        places = np.flatnonzero(parts == part)
        distinct, inverse = np.unique(ids[places], return_inverse=True)
        columns[places] = inverse + known
        vocabulary.append(distinct)
        known += len(distinct)
    return np.concatenate(vocabulary), columns


def _blocks(lengths: Ints) -> Iterator[tuple[slice, slice]]:
    """Where the terms of some articles at a time are, and which articles these are: bounds what is made on the way."""
    starts = np.concatenate(([0], np.cumsum(lengths)))
    for first in range(0, len(lengths), _BLOCK):
        last = min(first + _BLOCK, len(lengths))
        yield slice(starts[first], starts[last]), slice(first, last)


def narrow_counts(counts: Floats) -> NDArray[np.uint16]:
    """How much terms count, in two bytes each: whoever says a word more often says it often enough."""
    return np.minimum(counts, _MAX_COUNT).astype(np.uint16)


def factors_of(spread: NDArray[np.int32]) -> Floats:
    """What a term counts for, by its spread, from 0 to the largest of these."""
    spreads = np.arange(spread.max(initial=0) + 1)
    return np.where(spreads > MAX_SHARED_BY, 0.0, 1 / np.sqrt(np.maximum(step_of(spreads), 2)))


def weigh(counts: NDArray[np.uint16], factors: Floats) -> Floats:
    """What terms weigh that count so much, before the article's length is taken from it."""
    weights: Floats = np.log1p(counts.astype(np.float64)) * factors
    return weights


def measure(
    columns: NDArray[np.integer], counts: NDArray[np.uint16], spread: NDArray[np.int32], counted: Flags, lengths: Ints
) -> Floats:
    """The length of each article, of which so many terms follow one another; `counted` says of each term whether its
    article is of the reference.

    It is that of the terms some other reference article has: a term nobody shares would only make an article with rare
    words look unlike everything.
    """
    factors = factors_of(spread)
    norms = np.empty(len(lengths))
    for span, rows in _blocks(lengths):
        owners = np.repeat(np.arange(len(lengths[rows])), lengths[rows])
        shared_by = spread[columns[span]]
        weighed = weigh(counts[span], factors[shared_by])
        shared = np.where(shared_by - counted[span] >= 1, weighed, 0.0)
        norms[rows] = np.sqrt(np.bincount(owners, shared * shared, len(lengths[rows])))
    norms[norms == 0] = 1.0
    return norms
