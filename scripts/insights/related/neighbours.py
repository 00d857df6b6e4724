"""Of each article the candidates to be related: those most alike, found through the terms that few articles share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.related.index import MAX_SHARED_BY, Floats, Index, Ints

CANDIDATES = 40
NO_ARTICLE = -1
_BLOCK = 512  # articles compared with all others at a time: bounds the memory
_DECIMALS = 9  # sums of the same numbers in another order differ after the 15th digit: rounding makes them equal


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Of each article its candidates, most alike first: row numbers (NO_ARTICLE where there are fewer), likenesses."""

    rows: NDArray[np.int32]
    likeness: Floats


def find_neighbours(index: Index) -> Neighbours:
    """The candidates of every article."""
    shared_by = np.bincount(index.vectors.indices, minlength=len(index.vocabulary))
    telling = np.flatnonzero((shared_by >= 2) & (index.spread <= MAX_SHARED_BY))
    vectors = index.vectors[:, telling].tocsr()
    transposed = vectors.T.tocsr()
    count = len(index.profiles)
    neighbours = _no_neighbours(count)
    for start in range(0, count, _BLOCK):
        product = vectors[start : start + _BLOCK] @ transposed
        for row in range(start, min(start + _BLOCK, count)):
            span = slice(product.indptr[row - start], product.indptr[row - start + 1])
            _keep_nearest(neighbours, row, product.indices[span], product.data[span])
    return neighbours


def insert_neighbour(index: Index, neighbours: Neighbours, row: int) -> tuple[Neighbours, Ints]:
    """The candidates after `row` was inserted into the index, and the rows whose candidates that changed."""
    count = len(index.profiles)
    widened = _no_neighbours(count)
    others = np.delete(np.arange(count), row)
    widened.rows[others] = neighbours.rows + (neighbours.rows >= row)
    widened.likeness[others] = neighbours.likeness
    span = slice(index.vectors.indptr[row], index.vectors.indptr[row + 1])
    vector = np.zeros(len(index.vocabulary))
    vector[index.vectors.indices[span]] = index.vectors.data[span]
    likeness = np.round(index.vectors @ vector, _DECIMALS)
    _keep_nearest(widened, row, np.arange(count), likeness)
    last, least = widened.rows[:, -1], widened.likeness[:, -1]
    enters = (likeness > 0) & ((likeness > least) | ((likeness == least) & (row < last)))
    enters[row] = False
    changed = np.flatnonzero(enters)
    for other in changed.tolist():
        rows = np.append(widened.rows[other], row)
        _keep_nearest(widened, other, rows, np.append(widened.likeness[other], likeness[other]))
    return widened, np.append(changed, row)


def _no_neighbours(count: int) -> Neighbours:
    return Neighbours(np.full((count, CANDIDATES), NO_ARTICLE, np.int32), np.zeros((count, CANDIDATES)))


def _keep_nearest(neighbours: Neighbours, row: int, others: NDArray[np.integer], likeness: Floats) -> None:
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
