"""The weights of the traits that rank related articles, fitted anew, and how they do where they were not fitted.

    python benchmarks/related_weights.py [--corpora FOLDER]

Prints the weights that fit all collections (without the links' words), which `related/score.py` rounds, and nDCG@5 and
hit@5 of each collection by weights from the others. Exits with 1 if those lie far from the weights in use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from related import CORPORA, read_collection, score
from scipy.optimize import minimize

from insights.related import build_ranking
from insights.related.neighbours import NO_ARTICLE
from insights.related.score import WEIGHTS, traits

FIELDS = ("body_no_anchors", "body")
DOUBT = 0.3
LARGEST_LOSS = 0.01  # of nDCG@5, from weights that were fitted on the collection to weights that were not

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """The candidates of a collection's articles: rows × candidates × traits; which are relevant, which are there."""

    slugs: Sequence[str]
    others: NDArray[np.int32]
    traits: Floats
    is_relevant: Floats
    relevant: dict[str, set[str]]

    def measure(self, weights: Floats) -> tuple[float, float]:
        """nDCG@5 and hit@5 of the candidates in the order that the weights give."""
        scores = np.where(self.others == NO_ARTICLE, -np.inf, self.traits @ weights)
        best = np.take_along_axis(self.others, np.argsort(-scores, axis=1, kind="stable")[:, :5], axis=1)
        ranked = {
            slug: tuple(self.slugs[other] for other in row if other != NO_ARTICLE)
            for slug, row in zip(self.slugs, best, strict=True)
        }
        return score(ranked, self.relevant)


def read_pairs(path: Path, field: str) -> Pairs:
    """The candidates of every article of a collection."""
    documents, relevant = read_collection(path, field)
    ranking = build_ranking(replace(document, links=frozenset()) for document in documents)
    slugs = [profile.slug for profile in ranking.index.profiles]
    others = ranking.neighbours.rows
    found = traits(ranking.index, ranking.neighbours, ranking.told, np.arange(len(slugs)))
    is_relevant = [
        [float(other != NO_ARTICLE and slugs[other] in relevant.get(slug, ())) for other in row]
        for slug, row in zip(slugs, others, strict=True)
    ]
    return Pairs(slugs, others, found, np.array(is_relevant), relevant)


def fit(collections: Sequence[Pairs]) -> Floats:
    """The weights that make relevant candidates likeliest, every collection counting alike.

    Source: Cao et al. (2007), "Learning to rank: from pairwise approach to listwise approach", top-one probability.
    """
    everything = np.concatenate([pairs.traits[pairs.others != NO_ARTICLE] for pairs in collections])
    spread = everything.std(axis=0)
    lists = []
    for pairs in collections:
        has_any = pairs.is_relevant.any(axis=1)
        wanted = pairs.is_relevant[has_any] / pairs.is_relevant[has_any].sum(axis=1, keepdims=True)
        lists.append((pairs.traits[has_any] / spread, wanted, pairs.others[has_any] != NO_ARTICLE))

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = DOUBT * float(weights @ weights), 2 * DOUBT * weights
        for values, wanted, is_there in lists:
            scores = np.where(is_there, values @ weights, -1e9)
            chance = np.exp(scores - scores.max(axis=1, keepdims=True))
            chance /= chance.sum(axis=1, keepdims=True)
            total -= 100 / len(wanted) * float((wanted * np.log(chance + 1e-12)).sum())
            slope = slope - 100 / len(wanted) * np.einsum("rc,rct->t", wanted - chance, values)
        return total, slope

    fitted: Floats = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x / spread
    return fitted


def main() -> int:
    """Prints the weights and figures; 1 where weights fitted elsewhere lose too much."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    folder = parser.parse_args().corpora
    if not folder.is_dir():
        print(f"{folder} is not there: nothing measured")
        return 0
    paths = sorted(folder.glob("*.jsonl.gz"))
    known = {path: {field: read_pairs(path, field) for field in FIELDS} for path in paths}
    print("fitted on all:", np.round(fit([known[path][FIELDS[0]] for path in paths]), 2), "in use:", WEIGHTS)
    is_good = True
    elsewhere = {path: fit([known[other][FIELDS[0]] for other in paths if other != path]) for path in paths}
    for field in FIELDS:
        apart = np.mean([known[path][field].measure(elsewhere[path]) for path in paths], axis=0)
        used = np.mean([known[path][field].measure(WEIGHTS) for path in paths], axis=0)
        print(f"{field:16} nDCG@5, hit@5: {apart.round(3)} by weights from the others, {used.round(3)} by those in use")
        is_good &= bool(used[0] - apart[0] <= LARGEST_LOSS)
    return int(not is_good)


if __name__ == "__main__":
    sys.exit(main())
