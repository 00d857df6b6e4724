"""How often the related articles are those that authors linked to themselves.

    python benchmarks/related.py [CORPORA]

CORPORA is a folder of collections, one article a line as JSON (../shared/corpora/related-dev). Relevant to an article
is every one that it links to or that links to it. The links are not in the text that is ranked; with `body_no_anchors`
neither are their words. nDCG@5 and hit@5, mean over the collections. Exits with 1 below a floor.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

from insights.related import Document, rank

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "related-dev"
FLOORS = {"body_no_anchors": 0.45, "body": 0.50}


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


def main() -> int:
    """Prints the scores; 1 where one is below its floor."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA
    if not folder.is_dir():
        print(f"{folder} is not there: nothing measured")
        return 0
    is_below = False
    for field, floor in FLOORS.items():
        started = time.process_time()
        scores = []
        for path in sorted(folder.glob("*.jsonl.gz")):
            documents, relevant = read_collection(path, field)
            scores.append(score(rank(documents, 5), relevant))
        mean, hit = (sum(values) / len(values) for values in zip(*scores, strict=True))
        print(f"{field:16} nDCG@5 {mean:.3f} (floor {floor}) hit@5 {hit:.3f} CPU {time.process_time() - started:.1f} s")
        is_below |= mean < floor
    return int(is_below)


if __name__ == "__main__":
    sys.exit(main())
