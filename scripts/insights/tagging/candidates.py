"""Terms that the vocabulary may lack: phrases that several articles are about and that no tag names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from insights.model import Tag
from insights.related.document import Document
from insights.tagging.words import readable_text
from insights.terms import pair_ids, spell_terms, word_ids, words

_MIN_ARTICLES = 3
_MAX_SHARE = 0.3  # of the articles: a phrase in more is the publication's own, no subject of it
_MIN_TIMES = 3  # in an article's text, or once in its title, for it to be about the phrase
_MIN_COHESION = 0.25
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that may become a tag, and the slugs of the articles that are about it, in order."""

    phrase: str
    slugs: tuple[str, ...]


def find_candidates(documents: Iterable[Document], tags: Sequence[Tag], count: int = 10) -> tuple[Candidate, ...]:
    """Up to `count` phrases of two words, those most worth a tag first.

    A phrase is worth more the more articles are about it, and the more its words keep each other's company.
    """
    ordered = sorted(documents, key=lambda document: document.slug)
    about: dict[int, list[Document]] = defaultdict(list)
    spread: Counter[int] = Counter()
    parts: dict[int, tuple[int, int]] = {}
    for document in ordered:
        ids = word_ids(readable_text(document))
        pairs = pair_ids(ids)
        kinds, places, times = np.unique(pairs, return_index=True, return_counts=True)
        titled = set(pair_ids(word_ids(document.title)).tolist())
        spread.update(np.unique(ids).tolist())
        spread.update(kinds.tolist())
        for pair, place, often in zip(kinds.tolist(), places.tolist(), times.tolist(), strict=True):
            if pair and (often >= _MIN_TIMES or pair in titled):
                about[pair].append(document)
                parts[pair] = (int(ids[place]), int(ids[place + 1]))
    taken = _taken_ids(ordered, tags)
    worth: dict[int, float] = {}
    for pair, found in about.items():
        cohesion = spread[pair] / min(spread[part] for part in parts[pair])
        is_new = not taken.intersection((pair, *parts[pair]))
        if is_new and _MIN_ARTICLES <= len(found) <= _MAX_SHARE * len(ordered) and cohesion >= _MIN_COHESION:
            worth[pair] = len(found) * cohesion
    best = sorted(worth, key=lambda pair: (-round(worth[pair], 9), pair))
    phrases = ((_spell(about[pair], pair), about[pair]) for pair in best)
    named = (Candidate(phrase, tuple(one.slug for one in found)) for phrase, found in phrases if phrase)
    return tuple(candidate for candidate, _ in zip(named, range(count), strict=False))


def _taken_ids(documents: Iterable[Document], tags: Iterable[Tag]) -> set[int]:
    """The ids that no candidate may have: of the tags' labels, and of people's names."""
    labels = {label for tag in tags for label in (tag.name, *tag.aliases)}
    labels.update(name for document in documents for name in document.authors)
    taken: set[int] = set()
    for label in labels:
        ids = word_ids(label.replace("-", " "))
        taken.update(ids.tolist() if len(ids) == 1 else pair_ids(ids).tolist())
    return taken - {0}


def _spell(documents: Iterable[Document], pair: int) -> str:
    """The phrase as most of the articles write it; "" if its words never stand side by side, or are numbers."""
    spelt = Counter(spell_terms(readable_text(document), [pair]).get(pair, "").lower() for document in documents)
    written = {
        phrase: times for phrase, times in spelt.items() if len(words(phrase)) == 2 and not _DIGIT.search(phrase)
    }
    return min(written, key=lambda phrase: (-written[phrase], phrase), default="")
