"""An index after some articles came, went or were rewritten: the same as one built anew, for a fraction of the work.

A rewritten article goes and comes again. What it has in common with others changes how many articles share a term and
so, where that passes a step, the weights of all that have the term.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from insights.related.document import Profile
from insights.related.index import Flags, Index, Ints, Vectors, factors_of, measure, narrow_counts, step_of, weigh
from insights.terms import Ids, Terms

GONE = -1


@dataclass(frozen=True, eq=False)
class Change:
    """What an index has become, and how: of each old row the new one (GONE for none), which rows are fresh, which have
    other weights than before (the fresh ones too), and in which titles a term weighs otherwise."""

    index: Index
    moved: Ints
    is_fresh: Flags
    is_reweighted: Flags
    is_retitled: Flags


def change_index(index: Index, gone: Collection[int], fresh: Sequence[tuple[Profile, Terms]]) -> Change:
    """The index without the rows that are gone and with the fresh articles, whose slugs no kept row has."""
    fresh = sorted(fresh, key=lambda entry: entry[0].slug)
    vocabulary, spread, columns = _widen(index, [terms.ids for _profile, terms in fresh])
    is_kept = np.ones(len(index.profiles), bool)
    is_kept[list(gone)] = False
    kept = np.flatnonzero(is_kept)
    slugs = np.array([profile.slug for profile in index.profiles], object)[kept]
    before = np.searchsorted(slugs, np.array([profile.slug for profile, _terms in fresh], object))
    moved = np.full(len(index.profiles), GONE)
    moved[kept] = np.arange(len(kept)) + np.searchsorted(before, np.arange(len(kept)), side="right")
    is_fresh = np.ones(len(kept) + len(fresh), bool)
    is_fresh[moved[kept]] = False
    profiles = [profile for profile, _terms in fresh]
    ordered = tuple(sorted([*(index.profiles[row] for row in kept.tolist()), *profiles], key=lambda one: one.slug))
    vectors = _splice(index.vectors, columns, kept, before, [_number(terms, vocabulary) for _profile, terms in fresh])
    return _reweigh(index, Index(ordered, vocabulary, spread, vectors), moved, is_fresh)


def _widen(index: Index, ids: Sequence[Ids]) -> tuple[Ids, NDArray[np.int32], NDArray[np.int32] | None]:
    """A vocabulary that has these terms too, its spread, and of each old column the new one; None where all stay."""
    known = index.vocabulary
    wanted = np.unique(np.concatenate([np.empty(0, np.uint64), *ids]))
    fresh = wanted[np.append(known, np.uint64(0))[np.searchsorted(known, wanted)] != wanted]
    if not len(fresh):
        return known, index.spread.copy(), None
    places = np.searchsorted(known, fresh)
    before = np.bincount(places, minlength=len(known)).astype(np.int32)[: len(known)]
    columns = np.arange(len(known), dtype=np.int32) + np.cumsum(before, dtype=np.int32)
    return np.insert(known, places, fresh), np.insert(index.spread, places, 0), columns


def _number(terms: Terms, vocabulary: Ids) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """The columns of an article's terms, and their counts."""
    return np.searchsorted(vocabulary, terms.ids).astype(np.int32), narrow_counts(terms.counts)


def _splice(
    old: Vectors,
    columns: NDArray[np.int32] | None,
    kept: Ints,
    before: Ints,
    fresh: Sequence[tuple[NDArray[np.int32], NDArray[np.uint16]]],
) -> Vectors:
    """The vectors of the kept rows, in their new columns, with each fresh one before that kept row; these have no
    length yet."""
    lengths = np.insert(np.diff(old.starts)[kept], before, [len(row) for row, _counts in fresh])
    starts = np.concatenate(([0], np.cumsum(lengths)))
    vectors = Vectors(
        starts,
        np.empty(starts[-1], np.int32),
        np.empty(starts[-1], np.uint16),
        np.insert(old.norms[kept], before, 1.0),
    )
    for row, (own, counts) in zip((before + np.arange(len(fresh))).tolist(), fresh, strict=True):
        vectors.columns[vectors.span(row)], vectors.counts[vectors.span(row)] = own, counts
    # Rows that follow each other, before and now, are copied in one go.
    firsts = np.unique(np.concatenate(([0], np.flatnonzero(np.diff(kept) != 1) + 1, before[before < len(kept)])))
    rows = np.arange(len(kept)) + np.searchsorted(before, np.arange(len(kept)), side="right")
    for first, last in pairwise([*firsts.tolist(), len(kept)] if len(kept) else ()):
        source = slice(old.starts[kept[first]], old.starts[kept[last - 1] + 1])
        target = slice(starts[rows[first]], starts[rows[last - 1] + 1])
        vectors.counts[target] = old.counts[source]
        if columns is None:
            vectors.columns[target] = old.columns[source]
        else:
            np.take(columns, old.columns[source], out=vectors.columns[target], mode="clip")
    return vectors


def _reweigh(old: Index, new: Index, moved: Ints, is_fresh: Flags) -> Change:
    """The change to the new index, whose spread and lengths are brought up to date."""
    vectors, before = new.vectors, new.spread.copy()
    rows = np.flatnonzero(moved != GONE)
    was_reference = np.zeros(len(new.profiles), bool)
    was_reference[moved[rows]] = old.is_reference[rows]
    left = old.is_reference.copy()
    left[rows] &= ~new.is_reference[moved[rows]]
    came = new.is_reference & ~was_reference
    less = np.searchsorted(
        new.vocabulary, old.vocabulary[old.vectors.columns[old.vectors.places_of(np.flatnonzero(left))]]
    )
    more = vectors.columns[vectors.places_of(np.flatnonzero(came))]
    np.subtract.at(new.spread, less, 1)
    np.add.at(new.spread, more, 1)
    is_other = np.zeros(len(before), bool)
    touched = np.concatenate((less, more))
    is_other[touched] = step_of(new.spread[touched]) != step_of(before[touched])
    stale = is_fresh | (was_reference != new.is_reference)
    stale[vectors.rows_at(vectors.places_with(is_other))] = True
    is_reweighted = is_fresh.copy()
    stale_rows = np.flatnonzero(stale)
    places, lengths = vectors.places_of(stale_rows), np.diff(vectors.starts)[stale_rows]
    owners = np.repeat(stale_rows, lengths)
    columns, counts = vectors.columns[places], vectors.counts[places]
    weights = weigh(counts, factors_of(before)[before[columns]]) / vectors.norms[owners]
    vectors.norms[stale_rows] = measure(columns, counts, new.spread, new.is_reference[owners], lengths)
    is_reweighted[owners[new.weights_at(places, owners) != weights]] = True
    return Change(new, moved, is_fresh, is_reweighted, new.titled(new.vocabulary[is_other]))
