"""How often the related articles are those that authors linked to themselves, and what ranking costs.

    python benchmarks/related.py [--corpora FOLDER] [--articles 1000,10000,100000 [--index approximate]]

FOLDER holds collections, one article a line as JSON (../shared/corpora/related-dev). Relevant to an article
is every one that it links to or that links to it. The links are not in the text that is ranked; with `body_no_anchors`
neither are their words. nDCG@5 and hit@5, mean over the collections, beside what simpler ways give; coverage is the
share of articles that some list holds. Apart from these: how well an article's own links are found where those that
other articles make are known, which put articles that refer to it in front.

--articles ranks so many made-up articles of 550 words, adds, edits and removes one, and compares with full runs; each
number in a process of its own, so that its memory can be told. With --index approximate it tells instead what that
index costs beside the exact one, and which share of its lists it finds. Exits with 1 below a floor, or where two
differ.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from insights.related import (
    Document,
    Ranking,
    build_ranking,
    finder_of,
    list_related,
    rank,
    rank_index,
    update_ranking,
)
from insights.tagging.corpus import build_corpus
from insights.terms import STOP_WORDS

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "related-dev"
FLOORS = {"body_no_anchors": 0.55, "body": 0.65}
LEAST_COVERAGE = 0.97
LEAST_RECALL = 0.98
WORDS = 550
COMPARED_UP_TO = 20_000
SUBJECT_WORDS = 300


def read_collection(path: Path, field: str) -> tuple[list[Document], dict[str, set[str]]]:
    """The articles of a collection, and of each the relevant others. `links` of a document are its own."""
    documents = []
    relevant: dict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            day = date.fromisoformat(entry["date"][:10]).toordinal()
            authors = entry["author"] if isinstance(entry["author"], list) else [entry["author"] or ""]
            links = frozenset(() if entry.get("roundup") else entry["links"])
            text = (entry["title"], entry[field], entry["summary"] or "")
            document = Document(entry["id"], *text, day, tuple(authors), tuple(entry["tags"]), links=links)
            documents.append(document)
            for other in links:
                relevant[document.slug].add(other)
                relevant[other].add(document.slug)
    return documents, relevant


def rank_by_text(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """What is measured: no link is known."""
    return rank([replace(document, links=frozenset()) for document in documents], 5)


def by_chance(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """Any five."""
    return _best(documents, np.random.default_rng(0).random((len(documents), len(documents))))


def newest(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """The five newest."""
    days = np.array([document.day for document in documents], float)
    return _best(documents, np.tile(days, (len(documents), 1)))


def shared_tags(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """Those that share most tags, the newest first."""
    tags = [set(document.tags) for document in documents]
    days = np.array([document.day for document in documents], float)
    return _best(documents, np.array([[len(one & other) for other in tags] for one in tags]) + days / 1e6)


def tf_idf(documents: list[Document]) -> dict[str, tuple[str, ...]]:
    """Those most alike by the cosine of their words and word pairs."""
    corpus = build_corpus(documents)
    return _best(list(corpus.documents), (corpus.vectors @ corpus.vectors.T).toarray())


WAYS: dict[str, Callable[[list[Document]], dict[str, tuple[str, ...]]]] = {
    "by chance": by_chance,
    "newest": newest,
    "shared tags": shared_tags,
    "TF-IDF": tf_idf,
    "ranked": rank_by_text,
}


def _best(documents: list[Document], scores: np.ndarray) -> dict[str, tuple[str, ...]]:
    np.fill_diagonal(scores, -1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    return {one.slug: tuple(documents[other].slug for other in row) for one, row in zip(documents, order, strict=True)}


def score(ranked: dict[str, tuple[str, ...]], relevant: dict[str, set[str]]) -> tuple[float, float]:
    """Mean nDCG@5 and hit@5 over the articles that have a relevant other."""
    gains, hits = [], []
    for slug, wanted in relevant.items():
        if slug in ranked and wanted:
            found = [1 / math.log2(place + 2) for place, other in enumerate(ranked[slug]) if other in wanted]
            ideal = sum(1 / math.log2(place + 2) for place in range(min(5, len(wanted))))
            gains.append(sum(found) / ideal)
            hits.append(bool(found))
    return sum(gains) / len(gains), sum(hits) / len(hits)


def make_documents(count: int) -> list[Document]:
    """Made-up articles: words by Zipf's law, near half of them stop words, a third of the rest of one subject."""
    chance = np.random.default_rng(count)
    known = 30_000 + 2 * count
    shares = np.cumsum(1 / np.arange(1, known + 1))
    stops = np.array(sorted(STOP_WORDS), object)
    subjects = [chance.permutation(known)[:SUBJECT_WORDS].copy() for _ in range(max(20, count // 25))]
    documents = []
    for number in range(count):
        ranks = np.searchsorted(shares, chance.random(WORDS) * shares[-1])
        subject = subjects[chance.integers(len(subjects))]
        is_subject = chance.random(WORDS) < 0.3
        ranks[is_subject] = subject[(chance.random(is_subject.sum()) ** 2 * SUBJECT_WORDS).astype(int)]
        words = np.array([f"w{rank}" for rank in ranks], object)
        is_stop = chance.random(WORDS) < 0.45
        words[is_stop] = stops[chance.integers(len(stops), size=is_stop.sum())]
        title, body = " ".join(words[:10]), " ".join(words)
        authors = (f"Author {number % 200}",)
        documents.append(Document(f"a{number:06}", title, body, day=730_000 + number // 3, authors=authors))
    return documents


def measure_cost(count: int) -> bool:
    """Whether one article more, one edited, one removed give the lists of a full run; prints what all cost.

    With very many articles a full run alone is measured: it would take two more to compare.
    """
    documents = make_documents(count + 1)
    started = time.process_time()
    ranking = build_ranking(documents[:-1])
    before = list_related(ranking, 5)
    full = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    covered = len({other for others in before.values() for other in others}) / count
    print(
        f"{count:,} articles: {full:.1f} s CPU, {1000 * full / count:.2f} ms for each, {peak:.0f} MB at most, "
        f"coverage {covered:.3f}",
        flush=True,
    )
    if count > COMPARED_UP_TO:
        return True
    first, middle, rest = documents[0], documents[count // 2], documents[:-1]
    edited = replace(middle, body=f"{middle.body} {first.body[:200]}")
    is_same = True
    for name, changed in {
        "one more": documents,
        "one edited": [edited if one is middle else one for one in rest],
        "one retitled": [replace(one, title=first.title) if one is middle else one for one in rest],
        "one removed": [one for one in rest if one is not middle],
    }.items():
        started = time.process_time()
        after = list_related(update_ranking(ranking, changed), 5)
        seconds = time.process_time() - started
        is_right = after == rank(changed, 5)
        print(f"  {name}: {seconds:.2f} s, {'the same as' if is_right else 'NOT the same as'} a full run", flush=True)
        is_same &= is_right
    return is_same


def recall(exact: Ranking, other: Ranking, count: int) -> float:
    """Which share of what the exact lists hold, `count` articles each, the other's lists hold too."""
    lists, others = list_related(exact, count), list_related(other, count)
    found = sum(len(set(slugs) & set(others[slug])) for slug, slugs in lists.items())
    return found / max(1, sum(map(len, lists.values())))


def measure_approximate(count: int) -> bool:
    """Whether the approximate index finds what the exact one does; prints what each costs once the texts are read."""
    exact = build_ranking(make_documents(count))
    seconds, rankings = [], []
    for name in ("exact", "approximate"):
        started = time.process_time()
        rankings.append(rank_index(exact.index, finder_of(name)))
        seconds.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shares = [recall(*rankings, size) for size in (5, 20)]
    print(
        f"{count:,} articles: ranked in {seconds[0]:.1f} s CPU exactly, {seconds[1]:.1f} s approximately, "
        f"{peak:.0f} MB at most; recall of lists of 5 {shares[0]:.4f}, of 20 {shares[1]:.4f}",
        flush=True,
    )
    return min(shares) >= LEAST_RECALL


def measure_quality(folder: Path) -> bool:
    """Whether every score is at its floor; prints the scores."""
    is_good = True
    for field, floor in FLOORS.items():
        collections = [read_collection(path, field) for path in sorted(folder.glob("*.jsonl.gz"))]
        for way, function in WAYS.items():
            ranked = [function(documents) for documents, _ in collections]
            scores = [score(lists, relevant) for lists, (_, relevant) in zip(ranked, collections, strict=True)]
            shares = [len({other for others in lists.values() for other in others}) / len(lists) for lists in ranked]
            (mean, hit), covered = np.mean(scores, axis=0), np.mean(shares)
            each = "  ".join(f"{one:.3f} {other:.3f}" for one, other in scores)
            print(f"{field:16} {way:12} nDCG@5 {mean:.3f}  hit@5 {hit:.3f}  coverage {covered:.3f}   ({each})")
            is_good &= way != "ranked" or bool(mean >= floor and covered >= LEAST_COVERAGE)
    measure_links([read_collection(path, "body_no_anchors")[0] for path in sorted(folder.glob("*.jsonl.gz"))])
    return is_good


def measure_links(collections: list[list[Document]]) -> None:
    """Prints how well the links an article makes itself are found without and with those that others make to it."""
    for way, function in (("by text alone", rank_by_text), ("others' links known", lambda known: rank(known, 5))):
        scores = [
            score(function(documents), {one.slug: set(one.links) for one in documents}) for documents in collections
        ]
        mean, hit = np.mean(scores, axis=0)
        print(f"an article's own links, {way:20} nDCG@5 {mean:.3f}  hit@5 {hit:.3f}")


def main() -> int:
    """Prints what is measured; 1 where it is not as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--articles", default="", help="how many, as 1000,10000,100000")
    parser.add_argument("--index", default="exact", choices=("exact", "approximate"))
    options = parser.parse_args()
    if "," in options.articles:
        command = [sys.executable, __file__, "--index", options.index, "--articles"]
        return max(subprocess.run([*command, each], check=False).returncode for each in options.articles.split(","))
    if options.articles:
        measure = measure_cost if options.index == "exact" else measure_approximate
        return int(not measure(int(options.articles)))
    if not options.corpora.is_dir():
        print(f"{options.corpora} is not there: nothing measured")
        return 0
    return int(not measure_quality(options.corpora))


if __name__ == "__main__":
    sys.exit(main())
