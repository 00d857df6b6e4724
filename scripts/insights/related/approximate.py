"""The candidates of each article by an approximate index, usearch's graph of near articles (`insights[approximate]`).

The graph wants vectors of one size. Here they are bits: each term of an article sets some, the more the more it weighs,
at places that its id alone decides, so what two articles share of their bits tells how alike they are. That is too
coarse where they share few terms, which hardly any other article has: such terms are looked up. What both lead to is
compared by the full vectors, as in the exact search; and then the candidates of the best candidates are, too.

Source of the graph: Malkov and Yashunin (2018), "Efficient and robust approximate nearest neighbor search using
Hierarchical Navigable Small World graphs".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insights.errors import SettingsError
from insights.related.index import Floats, Index
from insights.related.neighbours import NO_ARTICLE, Neighbours, keep_nearest, no_neighbours, telling_vectors
from insights.terms import Ids

_BITS, _SET_BITS = 8192, 256  # those that are set are few enough to meet seldom by chance
_FOUND = 32  # how many near articles the graph is asked for
_LINKS, _BREADTH = 16, 32  # of an article in the graph; how many are looked at on the way
_SHARED_BY = 64  # of a term that is looked up: how many articles have it at most
_FOLLOWED = 12  # the candidates whose own candidates are looked at, too
_COMPARED = 150  # with how many an article is compared at most
_BLOCK = 512
# Odd multipliers of a hash that spreads the ids of terms over the places (the finaliser of SplitMix64).
_STEP, _FIRST, _SECOND = (np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def find_approximately(index: Index) -> Neighbours:
    """Nearly the candidates of every article that `find_neighbours` gives: the same for the same articles.

    Raises SettingsError where usearch is not installed.
    """
    count = len(index.profiles)
    neighbours = no_neighbours(count)
    if count < 2:
        return neighbours
    telling, vectors = telling_vectors(index)
    factors = 1 / np.sqrt(np.maximum(index.spread[telling], 2))
    near = _search(_sign(vectors, index.vocabulary[telling], factors))
    shared_by = np.bincount(vectors.indices, minlength=len(telling))
    rare = vectors[:, np.flatnonzero(shared_by <= _SHARED_BY)].tocsr()
    neighbours = _compare(vectors, near + near.T, rare, rare.T)
    near = _matrix(neighbours.rows[:, :_FOLLOWED])
    return _compare(vectors, _matrix(neighbours.rows), near + near.T, near + near.T)


def _compare(
    vectors: sparse.csr_matrix, near: sparse.csr_matrix, ways: sparse.csr_matrix, back: sparse.csr_matrix
) -> Neighbours:
    """Of each row the nearest of those it has in `near` and of those to which its `ways` and `back` lead most."""
    count, near, ways, back = vectors.shape[0], near.tocsr(), ways.tocsr(), back.tocsr()
    neighbours = no_neighbours(count)
    own = np.zeros(vectors.shape[1])
    for start in range(0, count, _BLOCK):
        # What is near comes before all that ways lead to, where there is more than can be compared.
        found = 100 * near[start : start + _BLOCK] + ways[start : start + _BLOCK] @ back
        for row in range(start, min(start + _BLOCK, count)):
            span = slice(found.indptr[row - start], found.indptr[row - start + 1])
            others = found.indices[span]
            if len(others) > _COMPARED:
                others = others[np.argpartition(found.data[span], -_COMPARED)[-_COMPARED:]]
            terms = slice(vectors.indptr[row], vectors.indptr[row + 1])
            own[vectors.indices[terms]] = vectors.data[terms]
            keep_nearest(neighbours, row, others, vectors[others] @ own)
            own[vectors.indices[terms]] = 0.0
    return neighbours


def _matrix(others: NDArray[np.integer]) -> sparse.csr_matrix:
    """Rows × rows: which others each row has; NO_ARTICLE is none."""
    rows, places = np.nonzero(others != NO_ARTICLE)
    shape = (len(others), len(others))
    return sparse.csr_matrix((np.ones(len(rows)), (rows, others[rows, places])), shape)


def _sign(vectors: sparse.csr_matrix, ids: Ids, factors: Floats) -> NDArray[np.uint8]:
    """The bits of each row, eight in a byte; `ids` are those of the columns' terms, `factors` what each term weighs.

    A term's share of the bits goes by its factor squared and by its count once: an article has what both of two have
    in common as often as the one does that has it less often.
    """
    signatures = np.empty((vectors.shape[0], _BITS // 8), np.uint8)
    for start in range(0, len(signatures), _BLOCK):
        block = vectors[start : start + _BLOCK]
        owners = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
        shares = block.data * factors[block.indices]
        totals = np.bincount(owners, shares, block.shape[0])[owners]
        times = np.floor(_SET_BITS * shares / np.where(totals > 0, totals, 1.0) + 0.5).astype(np.int64)
        turns = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        keys = np.repeat(ids[block.indices], times) + turns.astype(np.uint64) * _STEP
        bits = np.zeros((block.shape[0], _BITS), bool)
        bits[np.repeat(owners, times), _spread(keys) % np.uint64(_BITS)] = True
        signatures[start : start + _BLOCK] = np.packbits(bits, axis=1)
    return signatures


def _spread(keys: Ids) -> Ids:
    keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
    keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
    spread: Ids = keys ^ (keys >> np.uint64(31))
    return spread


def _search(signatures: NDArray[np.uint8]) -> sparse.csr_matrix:
    """Rows × rows: which others the graph finds near each row, by the share of bits that both set (Tanimoto)."""
    graph = _graph()
    # One thread adds, in the order of the rows: with more of them the graph depends on which is first.
    graph.add(np.arange(len(signatures)), signatures, threads=1)
    found = graph.search(signatures, min(_FOUND, len(signatures)))
    is_found = np.arange(found.keys.shape[1]) < found.counts[:, None]
    return _matrix(np.where(is_found, found.keys.astype(np.int64), NO_ARTICLE))


def _graph() -> Any:
    try:
        from usearch.index import Index as Graph
    except ImportError as error:
        fix = "run `pip install 'insights[approximate]'`, or choose exact"
        raise SettingsError("related: index", "approximate needs usearch, which is not installed", fix) from error
    return Graph(
        ndim=_BITS,
        metric="tanimoto",
        dtype="b1",
        connectivity=_LINKS,
        expansion_add=_BREADTH,
        expansion_search=_BREADTH,
    )
