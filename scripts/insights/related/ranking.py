"""The ranking of a library's articles, kept so that one more article costs a fraction of ranking all again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from insights.related.document import Document, Profile, digest_of, profile_of
from insights.related.index import Floats, Index, Ints, build_index, insert_profile, reference_of
from insights.related.neighbours import NO_ARTICLE, Neighbours, find_neighbours, insert_neighbour
from insights.related.picks import Picks, pick_rows
from insights.related.score import score_rows, tell_titles


@dataclass(frozen=True, eq=False)
class Ranking:
    """The articles, the candidates of each, and what is kept of each pair, and the candidates in list order."""

    index: Index
    neighbours: Neighbours
    told: Floats
    picks: Picks


def build_ranking(documents: Iterable[Document]) -> Ranking:
    """The ranking of these articles, in any order; their slugs must differ."""
    return _rank_profiles(tuple(map(profile_of, documents)))


def update_ranking(ranking: Ranking, documents: Iterable[Document]) -> Ranking:
    """The ranking of these articles, exactly as `build_ranking` gives it, with what an earlier ranking knows of them.

    Articles that were added after the newest cost a fraction of a full run. Where one was changed, removed, or added
    among the oldest, only the texts that changed are read again.
    """
    known = {profile.slug: profile for profile in ranking.index.profiles}
    profiles: list[Profile] = []
    added: list[Profile] = []
    for document in documents:
        profile = known.pop(document.slug, None)
        if profile is None:
            added.append(profile_of(document))
        elif profile.digest != digest_of(document):
            known[document.slug] = profile
            profiles.append(profile_of(document))
        else:
            profiles.append(profile)
    everything = (*profiles, *added)
    if not known and not added:
        return ranking
    if known or reference_of(everything) != ranking.index.reference:
        return _rank_profiles(everything)
    for profile in sorted(added, key=lambda profile: profile.slug):
        ranking = _insert(ranking, profile)
    return ranking


def _rank_profiles(profiles: tuple[Profile, ...]) -> Ranking:
    index = build_index(profiles)
    neighbours = find_neighbours(index)
    everything = np.arange(len(profiles))
    told = tell_titles(index, neighbours, everything)
    picks = pick_rows(index, neighbours, everything, score_rows(index, neighbours, told, everything))
    return Ranking(index, neighbours, told, picks)


def _insert(ranking: Ranking, profile: Profile) -> Ranking:
    index, row = insert_profile(ranking.index, profile)
    neighbours, changed = insert_neighbour(index, ranking.neighbours, row)
    told = np.insert(ranking.told, row, 0.0, axis=0)
    told[changed] = tell_titles(index, neighbours, changed)
    stale = _stale_rows(index, neighbours, changed, row)
    fresh = pick_rows(index, neighbours, stale, score_rows(index, neighbours, told, stale))
    old = ranking.picks
    rows = np.insert(old.rows + (old.rows >= row), row, NO_ARTICLE, axis=0)
    scores = np.insert(old.scores, row, -np.inf, axis=0)
    rows[stale], scores[stale] = fresh.rows, fresh.scores
    return Ranking(index, neighbours, told, Picks(rows, scores))


def _stale_rows(index: Index, neighbours: Neighbours, changed: Ints, row: int) -> Ints:
    """The rows to score anew: whose candidates changed or whose title recurs once more, and all that these stand in."""
    pattern = index.profiles[row].pattern
    siblings = [place for place, profile in enumerate(index.profiles) if profile.pattern == pattern]
    touched = np.zeros(len(index.profiles) + 1, bool)
    touched[changed] = True
    touched[siblings] = True
    touched[-1] = False  # NO_ARTICLE
    return np.flatnonzero(touched[:-1] | touched[neighbours.rows].any(axis=1))
