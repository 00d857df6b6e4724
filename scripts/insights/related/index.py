"""How alike articles are: their terms as weighted vectors, and of each article the candidates nearest to it.

A term weighs 1/√(articles that have it), so a match on it counts the reciprocal of how many share it. No weight
depends on how many articles there are: an article that shares no term with another changes nothing for it. How many
have a term is counted in the *reference*, the oldest articles up to a round number, so that publishing the next
article moves no weight either.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insights.related.document import OPENING_WORDS, Profile

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_SHARED_BY = 128  # a term in more articles tells none of them apart, and would cost most of the time
_EXACT_UP_TO = 64


@dataclass(frozen=True, eq=False)
class Index:
    """The articles as vectors, by slug. Columns are the terms of `vocabulary` (ascending ids), `spread` in how many
    reference articles each occurs. A row of `vectors` has its terms' weights, in units of the article's length."""

    profiles: tuple[Profile, ...]
    vocabulary: NDArray[np.uint64]
    spread: Ints
    vectors: sparse.csr_matrix
    reference: frozenset[bytes]

    @cached_property
    def days(self) -> Ints:
        """The day of each article."""
        return np.array([profile.day for profile in self.profiles], np.int64)

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

    @cached_property
    def titles(self) -> tuple[Ints, Floats]:
        """Of each title the columns of its terms, and each term's share of the title's weight.

        Filled up with a column after the last. A constant in the divisor keeps short and common titles from counting
        as told everywhere.
        """
        lengths = np.array([len(profile.title) for profile in self.profiles], np.int64)
        is_term = np.arange(lengths.max(initial=0)) < lengths[:, None]
        columns = np.full(is_term.shape, len(self.vocabulary), np.int64)
        ids = [profile.title for profile in self.profiles]
        columns[is_term] = np.searchsorted(self.vocabulary, np.concatenate(ids) if ids else [])
        weights = np.where(is_term, np.maximum(np.append(self.spread, 0)[columns], 2.0) ** -0.3, 0.0)
        return columns, weights / (weights.sum(axis=1, keepdims=True) + 1.0)


def reference_size(articles: int) -> int:
    """How many of the oldest articles the weights are counted in: all of up to 64, later all but at most a 32nd."""
    step = 1 if articles <= _EXACT_UP_TO else 1 << (articles.bit_length() - 6)
    return articles - articles % step


def reference_of(profiles: Sequence[Profile]) -> frozenset[bytes]:
    """The digests of the reference articles."""
    oldest = sorted(profiles, key=lambda profile: (profile.day, profile.slug))
    return frozenset(profile.digest for profile in oldest[: reference_size(len(profiles))])


def build_index(profiles: Sequence[Profile]) -> Index:
    """The index of these articles, in any order."""
    ordered = tuple(sorted(profiles, key=lambda profile: profile.slug))
    reference = reference_of(ordered)
    lengths = np.array([len(profile.terms.ids) for profile in ordered], np.int64)
    ids = np.concatenate([profile.terms.ids for profile in ordered]) if ordered else np.empty(0, np.uint64)
    vocabulary, columns = np.unique(ids, return_inverse=True)
    counts = np.concatenate([profile.terms.counts for profile in ordered]) if ordered else np.empty(0)
    is_reference = np.array([profile.digest in reference for profile in ordered], bool)
    counted = np.repeat(is_reference, lengths)
    spread = np.bincount(columns[counted], minlength=len(vocabulary))
    weights = _weigh(columns, counts, spread, counted, lengths)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    vectors = sparse.csr_matrix((weights, columns.astype(np.int32), starts), shape=(len(ordered), len(vocabulary)))
    return Index(ordered, vocabulary, spread, vectors, reference)


def insert_profile(index: Index, profile: Profile) -> tuple[Index, int]:
    """The index with one more article, which must be outside the reference, and the row it stands in."""
    row = bisect_left(index.profiles, profile.slug, key=lambda known: known.slug)
    old = index.vectors
    fresh = np.setdiff1d(profile.terms.ids, index.vocabulary, assume_unique=True)
    places = np.searchsorted(index.vocabulary, fresh)
    vocabulary = np.insert(index.vocabulary, places, fresh)
    spread = np.insert(index.spread, places, 0)
    moved = np.arange(len(index.vocabulary)) + np.searchsorted(fresh, index.vocabulary)
    columns = np.searchsorted(vocabulary, profile.terms.ids)
    lengths = np.array([len(columns)])
    weights = _weigh(columns, profile.terms.counts, spread, np.zeros(len(columns), bool), lengths)
    start = old.indptr[row]
    indices = np.insert(moved.astype(np.int32)[old.indices], start, columns)
    starts = np.concatenate((old.indptr[: row + 1], old.indptr[row:] + len(columns)))
    shape = (len(index.profiles) + 1, len(vocabulary))
    vectors = sparse.csr_matrix((np.insert(old.data, start, weights), indices, starts), shape=shape)
    profiles = (*index.profiles[:row], profile, *index.profiles[row:])
    return Index(profiles, vocabulary, spread, vectors, index.reference), row


def _weigh(columns: Ints, counts: Floats, spread: Ints, counted: NDArray[np.bool_], lengths: Ints) -> Floats:
    """The weight of each term of each article.

    Its length is that of the terms some other reference article has: a term nobody shares would only make an article
    with rare words look unlike everything.
    """
    weights = np.log1p(counts) / np.sqrt(np.maximum(spread, 2))[columns]
    weights[spread[columns] > MAX_SHARED_BY] = 0.0
    shared = np.where(spread[columns] - counted >= 1, weights, 0.0)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    norms = np.sqrt(np.bincount(owners, shared * shared, len(lengths)))
    norms[norms == 0] = 1.0
    return weights / norms[owners]
