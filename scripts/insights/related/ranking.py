"""The related articles of each article: pinned ones first, then the nearest by their words, diversified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from insights.related.document import Document, profile_of
from insights.related.index import Index, build_index

_CANDIDATES = 30
_BLOCK = 256  # articles compared with all others at a time: bounds the memory
_FRESH_WEIGHT, _FRESH_DAYS = 0.05, 180.0
_DIVERSITY = 0.9  # how much likeness to the article counts, against likeness to those already chosen (MMR)
_NEARLY_SAME = 0.95
_DECIMALS = 9  # sums of the same numbers in another order differ after the 15th digit: rounding makes them equal

Scores = NDArray[np.float64]


def rank(documents: Iterable[Document], count: int) -> dict[str, tuple[str, ...]]:
    """The slugs of the `count` articles most related to each, best first; fewer only where there are not so many.

    The order of the documents changes nothing; ties go to the newer article, then by slug. Scored by the cosine of the
    articles' terms and a little for being of the same weeks; chosen by maximal marginal relevance (Carbonell and
    Goldstein, 1998), so that a run of release notes does not fill the list.
    """
    index = build_index([profile_of(document) for document in documents])
    found: dict[str, tuple[str, ...]] = {}
    for row, likeness in _rows(index):
        chosen = _choose(index, row, likeness, count)
        found[index.profiles[row].slug] = tuple(index.profiles[other].slug for other in chosen)
    return found


def _rows(index: Index) -> Iterator[tuple[int, Scores]]:
    """Each article's row number with its likeness to every article, 0 to 1."""
    transposed = index.vectors.T.tocsr()
    for start in range(0, len(index.profiles), _BLOCK):
        block = np.asarray((index.vectors[start : start + _BLOCK] @ transposed).todense())
        for offset, likeness in enumerate(block):
            yield start + offset, np.round(likeness, _DECIMALS)


def _choose(index: Index, row: int, likeness: Scores, count: int) -> list[int]:
    """The rows of the chosen articles, best first."""
    days = index.days
    score = likeness + _FRESH_WEIGHT * np.exp(-np.abs(days - days[row]) / _FRESH_DAYS)
    score[row] = -np.inf
    order = np.lexsort((np.arange(len(score)), -days, -np.round(score, _DECIMALS)))
    candidates = [int(other) for other in order[:_CANDIDATES] if other != row]
    between = np.asarray((index.vectors[candidates] @ index.vectors[candidates].T).todense())
    chosen: list[int] = []
    while candidates and len(chosen) < min(count, len(candidates)):
        worth = [
            _DIVERSITY * score[other]
            - (1 - _DIVERSITY) * max((between[place, taken] for taken in chosen), default=0.0)
            - (max((between[place, taken] for taken in chosen), default=0.0) > _NEARLY_SAME)
            if place not in chosen
            else -np.inf
            for place, other in enumerate(candidates)
        ]
        chosen.append(int(np.argmax(np.round(worth, _DECIMALS))))
    return [candidates[place] for place in chosen]


def shared_terms(one: Document, other: Document, common: Mapping[int, int], count: int) -> Sequence[str]:
    """The most distinctive words and phrases that two articles share, as the first one writes them.

    `common` says in how many articles a term occurs: the fewer, the more distinctive.
    """
    from insights.terms import plain_text, spell_terms

    first, second = profile_of(one).terms, profile_of(other).terms
    shared = np.intersect1d(first.ids, second.ids, assume_unique=True)
    ranked = sorted((common.get(int(term), 1), int(term)) for term in shared)[: count * 6]
    text = f"{one.title}\n{plain_text(one.body)}"
    spelt = spell_terms(text, (term for _, term in ranked))
    phrases = [spelt[term] for _, term in ranked if term in spelt]
    pairs = [phrase for phrase in phrases if " " in phrase]
    return [phrase.lower() for phrase in (*pairs, *(phrase for phrase in phrases if phrase not in " ".join(pairs)))][
        :count
    ]
