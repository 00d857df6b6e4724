"""How likely it is that a person would link two articles: six traits of the pair, added up.

The weights were fitted to the links that authors made in four collections, each time on three to be right on the
fourth, and rounded: `benchmarks/related_weights.py` does it again. They are few, and the same for every library.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from insights.related.document import OPENING_WORDS
from insights.related.index import Flags, Floats, Index, Ints
from insights.related.neighbours import CANDIDATES, NO_ARTICLE, Neighbours

# In the order of `traits`: likeness, mutual rank, title told, days apart, recurring title nearby, same opening words.
WEIGHTS = np.array([0.7, 6.0, 2.5, -0.5, 0.35, -1.0])
CITED_BY_WEIGHT = 2.0  # of an article that links here; what the ranked article itself links to is never used
_RECURRING_DAYS = 30
_DECIMALS = 6
_BLOCK = 2048


def score_rows(index: Index, neighbours: Neighbours, told: Floats, rows: Ints) -> Floats:
    """The score of each candidate of these rows, in the candidates' order; -inf where there is no candidate.

    `told` is what `tell_titles` gives of every row.
    """
    scores = np.empty((len(rows), CANDIDATES))
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        found = np.round(traits(index, neighbours, told, block) @ WEIGHTS, _DECIMALS)
        found += CITED_BY_WEIGHT * _cited_by(index, neighbours, block)
        scores[start : start + _BLOCK] = np.where(neighbours.rows[block] == NO_ARTICLE, -np.inf, found)
    return scores


def traits(index: Index, neighbours: Neighbours, told: Floats, rows: Ints) -> Floats:
    """The six traits of each candidate of these rows: an array of rows × candidates × traits."""
    others = neighbours.rows[rows]
    apart = np.abs(index.days[rows][:, None] - index.days[others])
    recurring = np.log1p(index.siblings)
    columns = (
        np.log(neighbours.likeness[rows] + 0.01),
        1 / (3 + _mutual_ranks(neighbours, rows)),
        told[rows],
        np.log(apart + 7),
        (recurring[rows][:, None] + recurring[others]) * np.exp(-apart / _RECURRING_DAYS),
        _same_opening(index, rows, others),
    )
    return np.stack(columns, axis=-1)


def _mutual_ranks(neighbours: Neighbours, rows: Ints) -> Ints:
    """The better of two ranks, from 0: of the candidate among the row's, and of the row among the candidate's."""
    back = neighbours.rows[neighbours.rows[rows]] == rows[:, None, None]
    first = back.argmax(axis=2)
    ranks = np.where(np.take_along_axis(back, first[:, :, None], axis=2)[:, :, 0], first, CANDIDATES)
    return np.minimum(ranks, np.arange(CANDIDATES))


def tell_titles(index: Index, neighbours: Neighbours, rows: Ints) -> Floats:
    """Of each candidate of these rows: the share of one's title that the other's text tells, whichever is more."""
    first, second = np.repeat(rows, CANDIDATES), neighbours.rows[rows].ravel().astype(np.int64)
    real = np.flatnonzero(second != NO_ARTICLE)
    told = np.zeros(len(second))
    told[real] = np.maximum(
        _shares_told(index, first[real], second[real]), _shares_told(index, second[real], first[real])
    )
    return told.reshape(len(rows), CANDIDATES)


def _shares_told(index: Index, tellers: Ints, titled: Ints) -> Floats:
    """Of each pair, the share of the second's title that stands in the first's text."""
    rows, places = np.unique(titled, return_inverse=True)
    columns, weights = index.titles(rows)
    told = np.zeros(len(tellers))
    order = np.argsort(tellers, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(tellers[order])) + 1) if len(order) else []
    is_told = np.zeros(len(index.vocabulary) + 1, bool)
    vectors = index.vectors
    for pairs in groups:
        teller = tellers[pairs[0]]
        text = vectors.columns[vectors.span(teller)]
        is_told[text] = True
        others = places[pairs]
        told[pairs] = (is_told[columns[others]] * weights[others]).sum(axis=1)
        is_told[text] = False
    return told


def _same_opening(index: Index, rows: Ints, others: NDArray[np.int32]) -> Floats:
    """The share of four opening words that two titles have in common: numbers of one column rarely link each other."""
    openings = index.openings
    same = (openings[rows][:, None] == openings[others]) & (openings[others] != 0)
    shared: Floats = np.logical_and.accumulate(same, axis=2).sum(axis=2) / OPENING_WORDS
    return shared


def _cited_by(index: Index, neighbours: Neighbours, rows: Ints) -> Flags:
    """Whether each candidate of these rows links to the row's article."""
    others = neighbours.rows[rows].astype(np.int64)
    is_cited: Flags = (others != NO_ARTICLE) & index.link(others, rows[:, None])
    return is_cited
