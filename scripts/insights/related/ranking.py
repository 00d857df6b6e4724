"""The ranking of a library's articles, kept so that an edit costs a fraction of ranking all again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from insights.related.change import GONE, Change, change_index
from insights.related.document import Document, digest_of, profile_of, terms_of
from insights.related.index import Flags, Floats, Index, Ints, build_index
from insights.related.neighbours import NO_ARTICLE, FindNeighbours, Neighbours, change_neighbours, find_neighbours
from insights.related.picks import Picks, pick_rows
from insights.related.score import score_rows, tell_titles

_MANY = 8  # one in so many articles: to rank all again costs no more than to change so many


@dataclass(frozen=True, eq=False)
class Ranking:
    """The articles, the candidates of each, and what is kept of each pair, and the candidates in list order."""

    index: Index
    neighbours: Neighbours
    told: Floats
    picks: Picks


def build_ranking(documents: Iterable[Document], find: FindNeighbours = find_neighbours) -> Ranking:
    """The ranking of these articles, in any order; their slugs must differ. `find` finds the candidates."""
    ordered = sorted(documents, key=lambda document: document.slug)
    return rank_index(build_index((profile_of(document), terms_of(document)) for document in ordered), find)


def rank_index(index: Index, find: FindNeighbours = find_neighbours) -> Ranking:
    """The ranking of the articles of an index."""
    neighbours = find(index)
    everything = np.arange(len(index.profiles))
    told = tell_titles(index, neighbours, everything)
    picks = pick_rows(index, neighbours, everything, score_rows(index, neighbours, told, everything))
    return Ranking(index, neighbours, told, picks)


def update_ranking(ranking: Ranking, documents: Iterable[Document]) -> Ranking:
    """The ranking of these articles, exactly as `build_ranking` gives it, with what an earlier ranking knows of them.

    It costs what has changed: articles that came, went or were rewritten, and those like them.
    """
    known = {profile.slug: profile.digest for profile in ranking.index.profiles}
    here = {document.slug: document for document in documents}
    gone = known.keys() - here.keys()
    edited = [one for one in here.values() if one.slug not in known or known[one.slug] != digest_of(one)]
    return change_ranking(ranking, gone, edited)[0]


def change_ranking(
    ranking: Ranking, gone: Iterable[str], edited: Iterable[Document]
) -> tuple[Ranking, frozenset[str] | None]:
    """The ranking without those slugs and with these documents, new or rewritten; and the slugs of the articles that
    weigh otherwise than before, None where that may be all."""
    profiles = ranking.index.profiles
    fresh = [(profile_of(document), terms_of(document)) for document in edited]
    left = {*gone, *(profile.slug for profile, _terms in fresh)}
    rows = [row for row, profile in enumerate(profiles) if profile.slug in left]
    if not rows and not fresh:
        return ranking, frozenset()
    change = None if (len(rows) + len(fresh)) * _MANY > len(profiles) else change_index(ranking.index, rows, fresh)
    if change is None or change.is_reweighted.sum() * _MANY > len(profiles):
        kept = [(profile, ranking.index.terms(row)) for row, profile in enumerate(profiles) if profile.slug not in left]
        return rank_index(build_index(sorted([*kept, *fresh], key=lambda entry: entry[0].slug))), None
    reweighted = np.flatnonzero(change.is_reweighted).tolist()
    return _follow(ranking, change), frozenset(change.index.profiles[row].slug for row in reweighted)


def _follow(ranking: Ranking, change: Change) -> Ranking:
    index = change.index
    neighbours, is_changed = change_neighbours(ranking.neighbours, change)
    kept = np.flatnonzero(change.moved != GONE)
    rows = change.moved[kept]
    told = np.zeros(neighbours.likeness.shape)
    told[rows] = ranking.told[kept]
    untold = np.flatnonzero(is_changed | _is_near(neighbours, change.is_fresh | change.is_retitled))
    told[untold] = tell_titles(index, neighbours, untold)
    is_changed[untold] = True
    is_changed |= _has_other_siblings(ranking.index, change)
    stale = np.flatnonzero(_is_near(neighbours, is_changed))
    moved = np.append(np.where(change.moved == GONE, NO_ARTICLE, change.moved), NO_ARTICLE).astype(np.int32)
    picks = Picks(np.full_like(neighbours.rows, NO_ARTICLE), np.full_like(told, -np.inf))
    picks.rows[rows], picks.scores[rows] = moved[ranking.picks.rows[kept]], ranking.picks.scores[kept]
    again = pick_rows(index, neighbours, stale, score_rows(index, neighbours, told, stale))
    picks.rows[stale], picks.scores[stale] = again.rows, again.scores
    return Ranking(index, neighbours, told, picks)


def _is_near(neighbours: Neighbours, is_it: Flags) -> Flags:
    """Which rows are it, or have one among their candidates."""
    is_candidate: Flags = np.any(np.append(is_it, False)[neighbours.rows], axis=1)  # the last stands for NO_ARTICLE
    return is_it | is_candidate


def _has_other_siblings(old: Index, change: Change) -> Flags:
    """Which rows' titles recur more or less often than before."""
    kept = np.flatnonzero(change.moved != GONE)
    siblings: Ints = np.full(len(change.index.profiles), -1)
    siblings[change.moved[kept]] = old.siblings[kept]
    return np.not_equal(siblings, change.index.siblings)
