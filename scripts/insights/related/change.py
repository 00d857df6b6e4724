"""An index after some articles came, went or were rewritten: the same as one built anew, for a fraction of the work.

A rewritten article goes and comes again. What it has in common with others changes how many articles share a term and
so, where that passes a step, the weights of all that have the term.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.related.document import Profile
from insights.related.index import Flags, Index, Ints, Vectors, narrow_counts, step_of, weigh
from insights.terms import Terms

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
    wide = _widen(index, np.concatenate([np.empty(0, np.uint64), *(terms.ids for _profile, terms in fresh)]))
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
    vectors = _splice(wide, kept, before, [terms for _profile, terms in fresh])
    changed = Index(ordered, wide.vocabulary, wide.spread, vectors)
    return _reweigh(wide, changed, moved, is_fresh)


def _widen(index: Index, ids: NDArray[np.uint64]) -> Index:
    """The same index over a vocabulary that has these terms too."""
    known = index.vocabulary
    places = np.searchsorted(known, ids)
    is_new = np.append(known, np.uint64(0))[places] != ids
    fresh = np.unique(ids[is_new])
    if not len(fresh):
        return index
    places = np.searchsorted(known, fresh)
    columns = np.arange(len(known)) + np.cumsum(np.bincount(places, minlength=len(known)))[: len(known)]
    old = index.vectors
    vectors = Vectors(old.starts, columns.astype(np.int32)[old.columns], old.counts, old.weights)
    return Index(index.profiles, np.insert(known, places, fresh), np.insert(index.spread, places, 0), vectors)


def _splice(index: Index, kept: Ints, before: Ints, fresh: Sequence[Terms]) -> Vectors:
    """The vectors of the kept rows, with each fresh one before that kept row; these weigh nothing yet."""
    old = index.vectors
    # Rows that follow each other are copied in one go.
    ends = np.unique(np.concatenate(([0], np.flatnonzero(np.diff(kept) != 1) + 1, before, [len(kept)])))
    columns, counts, weights, lengths = [], [], [], []
    waiting = list(zip(before.tolist(), fresh, strict=True))
    for start, end in zip(ends.tolist(), [*ends[1:].tolist(), len(kept)], strict=True):
        while waiting and waiting[0][0] == start:
            terms = waiting.pop(0)[1]
            columns.append(np.searchsorted(index.vocabulary, terms.ids).astype(np.int32))
            counts.append(narrow_counts(terms.counts))
            weights.append(np.zeros(len(terms.ids)))
            lengths.append(np.array([len(terms.ids)]))
        if start < end:
            first, last = kept[start], kept[end - 1] + 1
            span = slice(old.starts[first], old.starts[last])
            columns.append(old.columns[span])
            counts.append(old.counts[span])
            weights.append(old.weights[span])
            lengths.append(np.diff(old.starts[first : last + 1]))
    starts = np.concatenate(([0], np.cumsum(np.concatenate([np.empty(0, np.int64), *lengths]))))
    return Vectors(
        starts,
        np.concatenate([np.empty(0, np.int32), *columns]),
        np.concatenate([np.empty(0, np.uint16), *counts]),
        np.concatenate([np.empty(0), *weights]),
    )


def _reweigh(old: Index, new: Index, moved: Ints, is_fresh: Flags) -> Change:
    """The change to the new index, its spread and weights brought up to date; both have one vocabulary."""
    rows = np.flatnonzero(moved != GONE)
    was_reference = np.zeros(len(new.profiles), bool)
    was_reference[moved[rows]] = old.is_reference[rows]
    left = old.is_reference.copy()
    left[rows] &= ~new.is_reference[moved[rows]]
    came = new.is_reference & ~was_reference
    less = old.vectors.columns[old.vectors.places_of(np.flatnonzero(left))]
    more = new.vectors.columns[new.vectors.places_of(np.flatnonzero(came))]
    spread = old.spread.copy()
    np.subtract.at(spread, less, 1)
    np.add.at(spread, more, 1)
    is_other = np.zeros(len(spread), bool)
    touched = np.concatenate((less, more))
    is_other[touched] = step_of(spread[touched]) != step_of(old.spread[touched])
    stale = is_fresh | (was_reference != new.is_reference)
    stale[new.vectors.rows_with(is_other)] = True
    vectors, stale_rows = new.vectors, np.flatnonzero(stale)
    places = vectors.places_of(stale_rows)
    lengths = np.diff(vectors.starts)[stale_rows]
    counted = np.repeat(new.is_reference[stale_rows], lengths)
    weights = weigh(vectors.columns[places], vectors.counts[places], spread, counted, lengths)
    owners = np.repeat(stale_rows, lengths)
    is_reweighted = is_fresh.copy()
    is_reweighted[owners[vectors.weights[places] != weights]] = True
    vectors.weights[places] = weights  # ours: `_splice` has made it
    index = Index(new.profiles, new.vocabulary, spread, vectors)
    columns, _weights = index.titles
    is_retitled: Flags = np.any(np.append(is_other, False)[columns], axis=1)
    return Change(index, moved, is_fresh, is_reweighted, is_retitled)
