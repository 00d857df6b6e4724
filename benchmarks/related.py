"""How often the related articles are those that authors linked to themselves, and what ranking costs.

    python benchmarks/related.py [--corpora FOLDER] [--articles 1000,10000,100000]

FOLDER holds collections, one article a line as JSON (../shared/corpora/related-dev). Relevant to an article
is every one that it links to or that links to it. The links are not in the text that is ranked; with `body_no_anchors`
neither are their words. nDCG@5 and hit@5, mean over the collections; coverage is the share of articles that some list
holds. --articles ranks so many made-up articles of 550 words, adds one more, and compares with a full run of all; each
number in a process of its own, so that its memory can be told.
Exits with 1 below a floor, or where the two differ.
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
from datetime import date
from pathlib import Path

import numpy as np

from insights.related import Document, build_ranking, list_related, rank, update_ranking
from insights.terms import STOP_WORDS

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "related-dev"
FLOORS = {"body_no_anchors": 0.55, "body": 0.65}
WORDS = 550
COMPARED_UP_TO = 20_000
SUBJECT_WORDS = 300


def read_collection(path: Path, field: str) -> tuple[list[Document], dict[str, set[str]]]:
    """The articles of a collection, and of each the relevant others."""
    documents = []
    relevant: dict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            day = date.fromisoformat(entry["date"][:10]).toordinal()
            authors = entry["author"] if isinstance(entry["author"], list) else [entry["author"] or ""]
            documents.append(
                Document(entry["id"], entry["title"], entry[field], entry["summary"] or "", day, tuple(authors))
            )
            for other in [] if entry.get("roundup") else entry["links"]:
                relevant[entry["id"]].add(other)
                relevant[other].add(entry["id"])
    return documents, relevant


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
    """Whether one article more gives the lists of a full run; prints what both cost.

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
    started = time.process_time()
    after = list_related(update_ranking(ranking, documents), 5)
    more = time.process_time() - started
    is_same = after == rank(documents, 5)
    print(f"  one more: {more:.2f} s, {'the same as' if is_same else 'NOT the same as'} a full run")
    return is_same


def measure_quality(folder: Path) -> bool:
    """Whether every score is at its floor; prints the scores."""
    is_good = True
    for field, floor in FLOORS.items():
        scores = []
        for path in sorted(folder.glob("*.jsonl.gz")):
            documents, relevant = read_collection(path, field)
            ranked = rank(documents, 5)
            covered = len({other for others in ranked.values() for other in others}) / len(ranked)
            scores.append((*score(ranked, relevant), covered))
            print(f"  {path.name.partition('.')[0]:14} nDCG@5 {scores[-1][0]:.3f} hit@5 {scores[-1][1]:.3f}")
        mean, hit, covered = (sum(values) / len(values) for values in zip(*scores, strict=True))
        print(f"{field:16} nDCG@5 {mean:.3f} (floor {floor}) hit@5 {hit:.3f} coverage {covered:.3f}")
        is_good &= mean >= floor
    return is_good


def main() -> int:
    """Prints what is measured; 1 where it is not as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--articles", default="", help="how many, as 1000,10000,100000")
    options = parser.parse_args()
    if "," in options.articles:
        command = [sys.executable, __file__, "--articles"]
        return max(subprocess.run([*command, each], check=False).returncode for each in options.articles.split(","))
    if options.articles:
        return int(not measure_cost(int(options.articles)))
    if not options.corpora.is_dir():
        print(f"{options.corpora} is not there: nothing measured")
        return 0
    return int(not measure_quality(options.corpora))


if __name__ == "__main__":
    sys.exit(main())
