"""What the tags' own words say of an article: where it writes a tag's name or one of its aliases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from insights.model import Tag
from insights.tagging.corpus import Corpus, Floats, Ints, keep_largest
from insights.terms import Ids, pair_ids, text_ids, word_ids

_NEIGHBOURS = 20
_DESCRIPTION_SHARE = 0.3
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Labels:
    """Of each article (row) and tag (column), all from 0: `mentions`, the logarithm of one more than how often the
    article writes a label of the tag; `parts`, how much it writes the words of one; `titles`, the share of a label's
    words that its title has."""

    mentions: Floats
    parts: Floats
    titles: Floats


def match_labels(corpus: Corpus, tags: Sequence[Tag]) -> Labels:
    """How each article writes each tag: by the label, name or alias, that matches best."""
    shape = (len(corpus.documents), len(tags))
    found = Labels(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    by_term = corpus.counts.tocsc()
    titles = [set(ids.tolist()) for ids in corpus.title_ids]
    for column, tag in enumerate(tags):
        for label in (tag.name, *tag.aliases):
            words, phrase = label_ids(label)
            if not len(words):
                continue
            columns = corpus.columns(phrase)
            if columns.min() >= 0:
                times = np.asarray(by_term[:, columns].min(axis=1).todense()).ravel()
                found.mentions[:, column] = np.maximum(found.mentions[:, column], np.log1p(times))
            found.parts[:, column] = np.maximum(found.parts[:, column], _overlap(corpus, by_term, words))
            wanted = words.tolist()
            shares = [sum(word in title for word in wanted) / len(wanted) for title in titles]
            found.titles[:, column] = np.maximum(found.titles[:, column], shares)
    return found


def _overlap(corpus: Corpus, by_term: sparse.csc_matrix, ids: Ids) -> Floats:
    """How much each article writes these terms: the mean logarithm of how often, rare terms counting for more."""
    columns = corpus.columns(ids)
    known = columns[columns >= 0]
    spread = np.where(columns >= 0, np.append(np.diff(by_term.indptr), 0)[columns], 0)
    rarity = np.log((1 + len(corpus.documents)) / (1 + spread))
    overlap: Floats = np.log1p(by_term[:, known].toarray()) @ rarity[columns >= 0] / max(rarity.sum(), 1e-9)
    return overlap


def score_labels(corpus: Corpus, tags: Sequence[Tag], labels: Labels, rows: Ints) -> Floats:
    """How well each tag suits each of these articles by its own words alone; the higher the better.

    A label that few articles write tells more; what an article's neighbours write counts as well; last, the words of
    the tag's description.
    """
    scores = labels.mentions + 0.3 * labels.parts + labels.titles
    scores += _DESCRIPTION_SHARE * _match_descriptions(corpus, tags)
    spread = (labels.mentions > 0).mean(axis=0)
    scores *= 1 - np.log(spread + 1 / max(1, len(scores)))
    around = np.zeros((len(rows), len(tags)))
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        alike = (corpus.vectors[block] @ corpus.vectors.T).toarray()
        alike[np.arange(len(block)), block] = 0.0
        nearest = keep_largest(alike, _NEIGHBOURS)
        around[start : start + _BLOCK] = nearest @ scores / (nearest.sum(axis=1, keepdims=True) + 1e-9)
    told: Floats = scores[rows] + around
    return told


def label_ids(label: str) -> tuple[Ids, Ids]:
    """The ids of a label's words, and those which an article must have that writes it: its pairs where it has them."""
    ids = word_ids(label.replace("-", " "))
    words, pairs = ids[ids != 0], pair_ids(ids)
    is_phrase = len(pairs) > 0 and bool((pairs != 0).all())
    return words, pairs if is_phrase else words


def _match_descriptions(corpus: Corpus, tags: Sequence[Tag]) -> Floats:
    """How much each article writes the words of each tag's description."""
    by_term = corpus.counts.tocsc()
    return np.column_stack([_overlap(corpus, by_term, np.unique(text_ids(tag.description))) for tag in tags])
