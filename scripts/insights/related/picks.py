"""From candidates that score to lists that read well: varied, never empty, and with a place for every article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.related.index import Floats, Index, Ints
from insights.related.neighbours import NO_ARTICLE, Neighbours

_VARIED = 10  # how many of a list's first are chosen to differ
_SAMENESS_COST = 0.5  # what full likeness to an article already picked takes from a score
_NEARLY_SAME = 0.8
_BLOCK = 1024


@dataclass(frozen=True, eq=False)
class Picks:
    """Of each article the candidates in the order of its list (NO_ARTICLE where there are fewer), and their scores."""

    rows: NDArray[np.int32]
    scores: Floats


def pick_rows(index: Index, neighbours: Neighbours, rows: Ints, scores: Floats) -> Picks:
    """The candidates of these rows from best to worst: the first ten by maximal marginal relevance, no near-copies.

    Ties go to the newer article, then by slug. Source: Carbonell and Goldstein (1998), "The use of MMR".
    """
    candidates = neighbours.rows[rows]
    order = np.lexsort((candidates, -index.days[candidates], -scores))
    picked, worth = np.take_along_axis(candidates, order, axis=1), np.take_along_axis(scores, order, axis=1)
    for start in range(0, len(rows), _BLOCK):
        first = (slice(start, start + _BLOCK), slice(_VARIED))
        places, is_copy = _pick_apart(worth[first], _likeness_between(neighbours, picked[first]))
        picked[first] = np.where(is_copy, NO_ARTICLE, np.take_along_axis(picked[first], places, axis=1))
        worth[first] = np.where(is_copy, -np.inf, np.take_along_axis(worth[first], places, axis=1))
    to_front = np.argsort(picked == NO_ARTICLE, axis=1, kind="stable")
    return Picks(np.take_along_axis(picked, to_front, axis=1), np.take_along_axis(worth, to_front, axis=1))


def _likeness_between(neighbours: Neighbours, pool: NDArray[np.int32]) -> Floats:
    """How alike the articles of each pool are: rows × pool × pool, 0 where neither is a candidate of the other."""
    between = np.zeros((*pool.shape, pool.shape[1]))
    candidates, likeness = neighbours.rows[pool], neighbours.likeness[pool]
    for place in range(pool.shape[1]):
        same = candidates == pool[:, place, None, None]
        same &= (pool[:, place] != NO_ARTICLE)[:, None, None]
        between[:, :, place] = np.where(same, likeness, 0.0).sum(axis=2)
    return np.maximum(between, between.swapaxes(1, 2))


def _pick_apart(scores: Floats, between: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """The places of each pool in the order picked, by score less for being like one picked before; and which of them
    are nearly the same as one picked before: these come last."""
    count, size = scores.shape
    everyone = np.arange(count)
    nearest = np.zeros_like(scores)
    left = np.where(np.isneginf(scores), -1e9, scores)
    picked, is_copy = np.zeros((count, size), np.int64), np.zeros((count, size), bool)
    for step in range(size):
        worth = np.round(left - _SAMENESS_COST * nearest - 1e3 * (nearest > _NEARLY_SAME), 6)
        chosen = worth.argmax(axis=1)
        picked[:, step], is_copy[:, step] = chosen, nearest[everyone, chosen] > _NEARLY_SAME
        nearest = np.maximum(nearest, between[everyone, chosen])
        left[everyone, chosen] = -np.inf
    return picked, is_copy


def list_rows(index: Index, neighbours: Neighbours, picks: Picks, count: int) -> list[list[int]]:
    """The list of each article: its first picks, filled up with the articles nearest in time, at last with near-copies.

    An article in nobody's list takes the last place of the list where that costs least, from one that others list too.
    """
    lists = picks.rows[:, :count].copy()
    if count:
        _house_unlisted(lists, picks)
    filled = [[other for other in row if other != NO_ARTICLE] for row in lists.tolist()]
    wanted = min(count, len(filled) - 1)
    for row, others in enumerate(filled):
        if len(others) < wanted:
            is_alike = np.isin(np.arange(len(filled)), neighbours.rows[row])
            near = np.lexsort((-index.days, np.abs(index.days - index.days[row]), is_alike))
            others.extend(other for other in near.tolist() if other != row and other not in lists[row])
            del others[wanted:]
    return filled


def _house_unlisted(lists: NDArray[np.int32], picks: Picks) -> None:
    """Gives every article a place that is in somebody's picks but in no list, where there is room to."""
    count = lists.shape[1]
    listed = np.bincount(lists[lists != NO_ARTICLE], minlength=len(lists))
    owners, places = np.nonzero(picks.rows[:, count:] != NO_ARTICLE)
    others = picks.rows[owners, places + count]
    losses = picks.scores[owners, count - 1] - picks.scores[owners, places + count]
    wanted = np.flatnonzero(listed[others] == 0)
    housed: set[int] = set()
    for option in wanted[np.lexsort((owners[wanted], others[wanted], losses[wanted]))]:
        owner, other = owners[option], others[option]
        last = lists[owner, -1]
        if listed[other] == 0 and listed[last] > 1 and owner not in housed:
            lists[owner, -1] = other
            listed[other], listed[last] = 1, listed[last] - 1
            housed.add(int(owner))
