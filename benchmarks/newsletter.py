"""How long an edition of 12 articles takes after start-up: `python benchmarks/newsletter.py`.

Asked: under 50 ms, for the files of one edition (HTML, text, message, fragments, an export for each service).
Exits with 1 if the median of the summaries exceeds that; whole articles are shown beside it.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from insights.library import Library
from insights.model import Edition
from insights.newsletter import render_edition
from insights.settings import Publication
from insights.store import read_library, read_publication

ARTICLES = 12
ROUNDS = 20
MAX_MS = 50.0


def main() -> int:
    """The exit code: 0 if an edition of summaries is fast enough."""
    root = Path(__file__).parent.parent
    library, _ = read_library(root)
    publication = read_publication(root)
    slugs = tuple(article.slug for article in library.articles)[:ARTICLES]
    edition = Edition(99, datetime(2026, 11, 22, tzinfo=UTC), "A full letter", "Twelve pieces", slugs, "Hello.\n")
    medians = {}
    for content in ("summary", "full"):
        newsletter = msgspec.structs.replace(publication.settings.newsletter, content=content)
        settings = msgspec.structs.replace(publication.settings, newsletter=newsletter)
        medians[content] = measure(edition, library, replace(publication, settings=settings))
    for content, median in medians.items():
        print(f"{len(slugs)} articles, {content}: {median:.1f} ms")
    return 0 if len(slugs) == ARTICLES and medians["summary"] < MAX_MS else 1


def measure(edition: Edition, library: Library, publication: Publication) -> float:
    """The median time of one rendering in milliseconds, after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        render_edition(edition, library, publication)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


if __name__ == "__main__":
    sys.exit(main())
