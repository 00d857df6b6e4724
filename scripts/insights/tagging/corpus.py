"""Articles in numbers, as tagging reads them: their terms as weighted vectors, their titles, authors and days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insights.related.document import Document, terms_of
from insights.terms import Ids, Terms, text_ids

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MAX_SHARE = 0.5  # a term in more of the articles tells nothing


@dataclass(frozen=True, eq=False)
class Corpus:
    """Articles by slug, with the terms of each, and the distinct ids in its title.

    `counts` has a column for each term of `vocabulary` (ascending ids): how often it occurs. The rows of `vectors` and
    `titles` have length 1, or 0 where an article shares no term with another; `authors` has a 1 for each article and
    author.
    """

    documents: tuple[Document, ...]
    terms: tuple[Terms, ...]
    title_ids: tuple[Ids, ...]
    vocabulary: Ids
    counts: sparse.csr_matrix
    vectors: sparse.csr_matrix
    titles: sparse.csr_matrix
    authors: sparse.csr_matrix
    days: Floats

    def columns(self, ids: Ids) -> Ints:
        """The columns of these terms, -1 for one that no article has."""
        places = np.minimum(np.searchsorted(self.vocabulary, ids), max(0, len(self.vocabulary) - 1))
        return np.where(self.vocabulary[places] == ids, places, -1) if len(self.vocabulary) else np.full(len(ids), -1)


def build_corpus(documents: Iterable[Document]) -> Corpus:
    """The corpus of these articles, in any order; their slugs must differ."""
    ordered = tuple(sorted(documents, key=lambda document: document.slug))
    terms = tuple(map(terms_of, ordered))
    title_ids = tuple(np.unique(text_ids(document.title)) for document in ordered)
    vocabulary, counts = _table([each.ids for each in terms])
    counts.data = np.concatenate([np.empty(0), *(each.counts for each in terms)])
    names = sorted({name for document in ordered for name in document.authors})
    numbers = {name: number for number, name in enumerate(names)}
    authors = [np.array(sorted({numbers[name] for name in document.authors}), np.uint64) for document in ordered]
    return Corpus(
        documents=ordered,
        terms=terms,
        title_ids=title_ids,
        vocabulary=vocabulary,
        counts=counts,
        vectors=_weigh(counts),
        titles=_weigh(_table(title_ids)[1]),
        authors=_table(authors)[1],
        days=np.array([document.day for document in ordered], np.float64),
    )


def keep_largest(values: Floats, kept: int) -> Floats:
    """The values of each row with all but its `kept` largest set to 0; more are kept where some are equal."""
    if values.shape[1] <= kept:
        return values
    least = np.partition(values, -kept, axis=1)[:, -kept, None]
    return np.where(values >= least, values, 0.0)


def _table(rows: Sequence[Ids]) -> tuple[Ids, sparse.csr_matrix]:
    """The distinct ids in ascending order, and a matrix with a 1 for each row and id."""
    starts = np.cumsum([0, *map(len, rows)])
    ids, columns = np.unique(np.concatenate([np.empty(0, np.uint64), *rows]), return_inverse=True)
    return ids, sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), len(ids)))


def _weigh(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """(1 + log tf)·idf of the terms that two articles share and not most, in rows of length 1."""
    articles, terms = counts.shape
    spread = np.bincount(counts.indices, minlength=terms)
    is_telling = (spread >= 2) & (spread <= max(2, _MAX_SHARE * articles))
    rarity = np.where(is_telling, np.log((1 + articles) / (1 + spread)) + 1, 0.0)
    weights = np.log1p(counts.data) * rarity[counts.indices]
    owners = np.repeat(np.arange(articles), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(owners, weights * weights, articles))
    lengths[lengths == 0] = 1.0
    # A copy: what follows moves the entries, and the counts keep theirs.
    weighed = sparse.csr_matrix((weights / lengths[owners], counts.indices, counts.indptr), counts.shape, copy=True)
    weighed.eliminate_zeros()
    return weighed
