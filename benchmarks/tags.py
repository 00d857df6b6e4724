"""How often the suggested tags are those that editors chose themselves.

    python benchmarks/tags.py [--corpora FOLDER]

FOLDER holds collections, one article a line as JSON (../shared/corpora/related-dev). Three trials: the tags
of each fifth of the articles are hidden in turn; those of the newest fifth; those of all, the tags' names alone
being known. Five tags are suggested, of those that two articles with tags have (in the third trial: that two articles
would have). R@5 is the share of an article's tags that is among the five, P@1 how often the first is one of them: means
over the articles, then over the collections. Beside it what simpler ways give. Exits with 1 below a floor.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from insights.model import Tag
from insights.related import Document
from insights.tagging import suggest_tags, vocabulary_of
from insights.tagging.corpus import build_corpus, keep_largest
from insights.tagging.labels import match_labels

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "related-dev"
FLOORS = {"a fifth hidden": (0.825, 0.835), "the newest fifth hidden": (0.75, 0.70), "no article tagged": (0.48, 0.53)}
FOLDS = 5
NEIGHBOURS = 10


@dataclass(frozen=True)
class Trial:
    """Articles as an editor finds them: those in `hidden` have lost their tags, which `truth` keeps by slug."""

    documents: Sequence[Document]
    hidden: frozenset[str]
    tags: Sequence[Tag]
    truth: dict[str, frozenset[str]]


def read_collection(path: Path) -> list[Document]:
    """The tagged articles of a collection; all of them where none is tagged."""
    documents = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            day = date.fromisoformat(entry["date"][:10]).toordinal()
            authors = entry["author"] if isinstance(entry["author"], list) else [entry["author"] or ""]
            text = (entry["title"], entry["body"], entry["summary"] or "")
            documents.append(Document(entry["id"], *text, day, tuple(authors), tuple(entry["tags"])))
    return [document for document in documents if document.tags]


def hide(documents: Sequence[Document], hidden: frozenset[str]) -> Trial:
    """The trial in which these articles have no tags."""
    seen = [replace(one, tags=()) if one.slug in hidden else one for one in documents]
    tags = vocabulary_of(seen) or vocabulary_of(documents)
    names = {tag.name for tag in tags}
    truth = {one.slug: names.intersection(one.tags) for one in documents if one.slug in hidden}
    return Trial(seen, hidden, tags, {slug: frozenset(wanted) for slug, wanted in truth.items() if wanted})


def make_trials(documents: Sequence[Document]) -> Iterator[tuple[str, Trial]]:
    """Each trial by its name; the fifths are the same in every run."""
    shuffled = np.random.default_rng(0).permutation(len(documents))
    for fold in range(FOLDS):
        yield "a fifth hidden", hide(documents, frozenset(documents[place].slug for place in shuffled[fold::FOLDS]))
    newest = sorted(documents, key=lambda one: (one.day, one.slug))[-(len(documents) // FOLDS) :]
    yield "the newest fifth hidden", hide(documents, frozenset(one.slug for one in newest))
    yield "no article tagged", hide(documents, frozenset(one.slug for one in documents))


def suggest(trial: Trial) -> dict[str, list[str]]:
    """What is measured."""
    suggestions = suggest_tags(trial.documents, trial.tags, trial.hidden)
    return {slug: [suggestion.tag.name for suggestion in found] for slug, found in suggestions.items()}


def most_used(trial: Trial) -> dict[str, list[str]]:
    """The same five for every article."""
    used = Counter(tag for document in trial.documents for tag in document.tags)
    best = sorted((tag.name for tag in trial.tags), key=lambda name: (-used[name], name))[:5]
    return dict.fromkeys(trial.hidden, best)


def label_words(trial: Trial) -> dict[str, list[str]]:
    """The tags that an article's title has, then those it writes most often."""
    corpus = build_corpus(trial.documents)
    tags = list(trial.tags)
    found = match_labels(corpus, tags)
    return _best(trial, [one.slug for one in corpus.documents], found.titles + found.mentions)


def nearest(trial: Trial) -> dict[str, list[str]]:
    """The tags of the ten articles most alike."""
    corpus = build_corpus(trial.documents)
    names = {tag.name: column for column, tag in enumerate(trial.tags)}
    has = np.zeros((len(corpus.documents), len(names)))
    for row, document in enumerate(corpus.documents):
        has[row, [names[tag] for tag in document.tags if tag in names]] = 1
    alike = (corpus.vectors @ corpus.vectors.T).toarray() * [bool(one.tags) for one in corpus.documents]
    return _best(trial, [one.slug for one in corpus.documents], keep_largest(alike, NEIGHBOURS) @ has)


def _best(trial: Trial, slugs: Sequence[str], scores: np.ndarray) -> dict[str, list[str]]:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    return {
        slug: [trial.tags[column].name for column in best]
        for slug, best in zip(slugs, order, strict=True)
        if slug in trial.hidden
    }


def measure(folder: Path) -> bool:
    """Whether every figure is at its floor; prints them all."""
    ways = {"most used": most_used, "label words": label_words, "nearest articles": nearest, "suggested": suggest}
    figures: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl.gz")):
        documents = read_collection(path)
        scores: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for name, trial in make_trials(documents) if documents else ():
            for way, function in ways.items():
                found = function(trial)
                scores[name, way] += [
                    (len(wanted.intersection(found[slug])) / len(wanted), found[slug][0] in wanted)
                    for slug, wanted in trial.truth.items()
                ]
        for key, pairs in scores.items():
            figures[key].append(
                (float(np.mean([pair[0] for pair in pairs])), float(np.mean([pair[1] for pair in pairs])))
            )
    is_good = True
    for (name, way), means in figures.items():
        recall, precision = np.mean(means, axis=0)
        each = "  ".join(f"{one:.3f} {other:.3f}" for one, other in means)
        print(f"{name:24} {way:17} R@5 {recall:.3f}  P@1 {precision:.3f}   ({each})")
        if way == "suggested":
            is_good &= recall >= FLOORS[name][0] and precision >= FLOORS[name][1]
    return is_good


def main() -> int:
    """Prints what is measured; 1 where it is not as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    options = parser.parse_args()
    if not options.corpora.is_dir():
        print(f"{options.corpora} is not there: nothing measured")
        return 0
    return int(not measure(options.corpora))


if __name__ == "__main__":
    sys.exit(main())
