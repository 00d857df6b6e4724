"""Of each article the candidates to be related: those most alike, found through the terms that few articles share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from insights.related.change import GONE, Change
from insights.related.index import MAX_SHARED_BY, Flags, Floats, Index, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CANDIDATES = 40
NO_ARTICLE = -1
_BLOCK = 64  # articles compared with all others at a time: bounds the memory
_DECIMALS = 9  # sums of the same numbers in another order differ after the 15th digit: rounding makes them equal


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Of each article its candidates, most alike first: row numbers (NO_ARTICLE where there are fewer), likenesses."""

    rows: NDArray[np.int32]
    likeness: Floats


class FindNeighbours(Protocol):
    """A way to find the candidates of every article."""

    def __call__(self, index: Index) -> Neighbours:
        """Of each article of the index the candidates."""


def find_neighbours(index: Index) -> Neighbours:
    """The candidates of every article."""
    count, (_, vectors) = len(index.profiles), telling_vectors(index)
    transposed = vectors.T.tocsr()
    neighbours = no_neighbours(count)
    for start in range(0, count, _BLOCK):
        product = vectors[start : start + _BLOCK] @ transposed
        for row in range(start, min(start + _BLOCK, count)):
            span = slice(product.indptr[row - start], product.indptr[row - start + 1])
            keep_nearest(neighbours, row, product.indices[span], product.data[span])
    return neighbours


def telling_vectors(index: Index) -> tuple[Ints, csr_matrix]:
    """The columns of the terms that can make articles alike, and the vectors in these columns alone."""
    from scipy import sparse  # takes longer to load than a change to make

    vectors = index.vectors
    shared_by = np.bincount(vectors.columns, minlength=len(index.vocabulary))
    is_telling = (shared_by >= 2) & (index.spread <= MAX_SHARED_BY)
    telling = np.flatnonzero(is_telling)
    places = vectors.places_with(is_telling)
    columns = (np.cumsum(is_telling, dtype=np.int32) - 1)[vectors.columns[places]]
    count, starts = len(index.profiles), np.searchsorted(places, vectors.starts)
    weights = index.weights_at(places, np.repeat(np.arange(count, dtype=np.int32), np.diff(starts)))
    return telling, sparse.csr_matrix((weights, columns, starts), (count, len(telling)))


def change_neighbours(old: Neighbours, change: Change) -> tuple[Neighbours, Flags]:
    """The candidates after a change, and of which rows it changed them.

    Rows with other weights are compared with all others. Of any other row, what was no candidate is none now, unless it
    has other weights, or one that stood before it is gone: then that row is compared with all others, too.
    """
    index, is_stale = change.index, change.is_reweighted
    neighbours = no_neighbours(len(index.profiles))
    kept = np.flatnonzero(change.moved != GONE)
    rows = change.moved[kept]
    moved = np.append(np.where(change.moved == GONE, NO_ARTICLE, change.moved), NO_ARTICLE)
    moved[np.append(is_stale[change.moved] & (change.moved != GONE), False)] = NO_ARTICLE
    neighbours.rows[rows] = moved[old.rows[kept]]
    neighbours.likeness[rows] = np.where(neighbours.rows[rows] == NO_ARTICLE, 0.0, old.likeness[kept])
    least = np.zeros(len(index.profiles))  # what comes after the last of a full list is not known
    least[rows] = np.where(old.rows[kept, -1] == NO_ARTICLE, 0.0, old.likeness[kept, -1])
    is_changed = is_stale.copy()
    is_changed[rows] |= ((neighbours.rows[rows] == NO_ARTICLE) & (old.rows[kept] != NO_ARTICLE)).any(axis=1)
    entering: dict[int, list[tuple[int, float]]] = {row: [] for row in np.flatnonzero(is_changed & ~is_stale).tolist()}
    for row, others, likeness in _compare(index, np.flatnonzero(is_stale)):
        keep_nearest(neighbours, row, others, likeness)
        enters = np.flatnonzero((likeness >= least[others]) & ~is_stale[others])
        for other, alike in zip(others[enters].tolist(), likeness[enters].tolist(), strict=True):
            entering.setdefault(other, []).append((row, alike))
    unsure = []
    for row, pairs in entering.items():
        fresh, alike = np.array([pair[0] for pair in pairs], np.int32), np.array([pair[1] for pair in pairs])
        stays = neighbours.rows[row] != NO_ARTICLE
        if least[row] and stays.sum() + (alike > least[row]).sum() < CANDIDATES:
            unsure.append(row)
        likeness = np.concatenate((neighbours.likeness[row][stays], alike))
        keep_nearest(neighbours, row, np.concatenate((neighbours.rows[row][stays], fresh)), likeness)
        is_changed[row] = True
    for row, others, likeness in _compare(index, np.array(unsure, np.int64)):
        keep_nearest(neighbours, row, others, likeness)
    return neighbours, is_changed


def _compare(index: Index, rows: Ints) -> Iterator[tuple[int, Ints, Floats]]:
    """Each of these rows with the others that are like it, and how much: what a product of all with all would say."""
    if not len(rows):
        return
    vectors, count = index.vectors, len(index.profiles)
    is_wanted = np.zeros(len(index.vocabulary), bool)
    is_wanted[vectors.columns[vectors.places_of(rows)]] = True
    is_wanted &= index.spread <= MAX_SHARED_BY
    places = vectors.places_with(is_wanted)
    places = places[np.argsort(vectors.columns[places], kind="stable")]
    columns, owners = vectors.columns[places], vectors.rows_at(places)
    weights = index.weights_at(places, owners)
    for row in rows.tolist():
        span = vectors.span(row)
        terms = vectors.columns[span][is_wanted[vectors.columns[span]]]
        own = index.weights(row)[is_wanted[vectors.columns[span]]]
        starts, ends = np.searchsorted(columns, terms), np.searchsorted(columns, terms, side="right")
        shared = np.concatenate([np.empty(0, np.int64), *map(np.arange, starts.tolist(), ends.tolist())])
        parts = np.repeat(own, ends - starts) * weights[shared]
        likeness: Floats = np.round(np.bincount(owners[shared], parts, count), _DECIMALS)
        others: Ints = np.flatnonzero(likeness)
        yield row, others, likeness[others]


def no_neighbours(count: int) -> Neighbours:
    """So many articles without candidates."""
    return Neighbours(np.full((count, CANDIDATES), NO_ARTICLE, np.int32), np.zeros((count, CANDIDATES)))


def keep_nearest(neighbours: Neighbours, row: int, others: NDArray[np.integer], likeness: Floats) -> None:
    """Writes the nearest of the others into a row; of equals, those first by slug."""
    likeness = np.round(likeness, _DECIMALS)
    kept = np.flatnonzero((likeness > 0) & (others != row) & (others != NO_ARTICLE))
    if len(kept) > CANDIDATES:
        least = np.partition(likeness[kept], -CANDIDATES)[-CANDIDATES]
        kept = kept[likeness[kept] >= least]
    kept = kept[np.lexsort((others[kept], -likeness[kept]))][:CANDIDATES]
    neighbours.rows[row] = NO_ARTICLE
    neighbours.likeness[row] = 0.0
    neighbours.rows[row, : len(kept)] = others[kept]
    neighbours.likeness[row, : len(kept)] = likeness[kept]
