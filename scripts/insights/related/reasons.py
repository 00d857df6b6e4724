"""Why two articles belong together, in words that a reader understands; never a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import numpy as np

from insights.related.document import Document, digest_of
from insights.related.index import Index
from insights.strings import Strings, fill
from insights.terms import plain_text, spell_terms

_NAMED = 2  # how many tags or phrases a reason names
_CONSIDERED = 12


def explain(
    index: Index, documents: Mapping[str, Document], row: int, others: Iterable[int], strings: Strings
) -> dict[int, str]:
    """The reason for each of the other rows to be related to this one, in the language of `strings`."""
    one = documents[index.profiles[row].slug]
    reasons: dict[int, str] = {}
    unsaid: list[int] = []
    for other in others:
        reasons[other] = _stated_reason(one, documents[index.profiles[other].slug], strings)
        if not reasons[other]:
            unsaid.append(other)
    if not unsaid:
        return reasons
    shared = _telling_terms(index, row, unsaid)
    text = f"{one.title}\n{plain_text(one.body)}\n{one.description}"
    spelt = spell_terms(text, (term for terms in shared.values() for term in terms))
    for other, terms in shared.items():
        phrases = distinct_phrases([spelt[term].lower() for term in terms if term in spelt])
        reasons[other] = _word_reason(one, documents[index.profiles[other].slug], phrases, strings)
    return reasons


def stated_facts(document: Document) -> bytes:
    """A digest of all that a ranking and its reasons take from an article."""
    series = document.series
    facts = (
        document.topic,
        *document.tags,
        "\0",
        *sorted(document.links),
        *((series and (series.name, str(series.part))) or ()),
    )
    return blake2b(digest_of(document) + "\0".join(facts).encode(), digest_size=16).digest()


def _stated_reason(one: Document, other: Document, strings: Strings) -> str:
    """The reason that the articles state themselves, by series, link or tags; "" if they state none."""
    if one.series and other.series and one.series.name == other.series.name:
        is_next = other.series.part == one.series.part + 1
        pattern = strings.next_in_series if is_next else strings.same_series
        return fill(pattern, series=one.series.name, part=other.series.part)
    if one.slug in other.links:
        return strings.follows_up if other.day > one.day else strings.refers
    if other.slug in one.links:
        return strings.referred
    tags = [tag for tag in one.tags if tag in other.tags][:_NAMED]
    return fill(strings.same_tags, tags=strings.spell_list(tags)) if tags else ""


def _word_reason(one: Document, other: Document, phrases: list[str], strings: Strings) -> str:
    if phrases:
        quoted = [fill(strings.quoted, phrase=phrase) for phrase in phrases]
        return fill(strings.same_phrases, phrases=strings.spell_list(quoted))
    if one.topic and one.topic == other.topic:
        return fill(strings.same_topic, topic=one.topic)
    authors = [name for name in one.authors if name in other.authors]
    return fill(strings.same_author, author=authors[0]) if authors else strings.same_time


def _telling_terms(index: Index, row: int, others: Iterable[int]) -> dict[int, list[int]]:
    """The ids of the terms that make an article and each of the others alike, the most telling first."""
    vectors = index.vectors
    span = vectors.span(row)
    # With a last column that no article has, for what would stand after all of this one's.
    own, weights = np.append(vectors.columns[span], -1), index.weights(row)
    found: dict[int, list[int]] = {}
    for other in others:
        columns = vectors.columns[vectors.span(other)]
        places = np.searchsorted(own[:-1], columns)
        shared = np.flatnonzero(own[places] == columns)
        alike = np.round(weights[places[shared]] * index.weights(other)[shared], 9)
        order = np.argsort(-alike, kind="stable")[:_CONSIDERED]
        found[other] = index.vocabulary[columns[shared[order[alike[order] > 0]]]].tolist()
    return found


def distinct_phrases(phrases: list[str]) -> list[str]:
    """Up to two phrases, pairs of words before single ones, none inside another."""
    kept: list[str] = []
    for phrase in sorted(phrases, key=lambda phrase: " " not in phrase):
        if len(kept) < _NAMED and not any(set(phrase.split()) & set(known.split()) for known in kept):
            kept.append(phrase)
    return kept
