"""Ingests many pages with the real command's own function: how fast, and whether memory stays flat.

Run: `python benchmarks/ingest.py [COUNT] [--jobs N]`. The pages are made here, 100 KB each: a frame of menus around an
article of its own words. Memory is the peak of this process after the first tenth of the pages, and after all of them.
What is remembered of each article, to recognise it again, goes to disk; what grows at first is caches that fill.
With several jobs, the CPU time here against that of the workers says how far more of them would help: what is done
here is done by one (Amdahl's law). Unlike a clock, it says so on a busy machine too.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from insights.ingest import Request, Status, ingest
from insights.ingest.places import Place, find_places
from insights.library import Library

PAGE_BYTES = 100_000
MOST_GROWTH_KB = 7.0
"""Kilobytes that the peak may grow by a page; the caches that fill in the first 600 pages are most of it."""
WORDS = [first + second + third for first in "bcdfglmnprst" for second in "aeiou" for third in ("l", "n", "r", "st")]


def page(number: int) -> str:
    """A page with an article that no other page has."""
    chance = random.Random(number)
    sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(120)]
    paragraphs = "".join(f"<p>{' '.join(sentences[i : i + 6])}</p>" for i in range(0, 120, 6))
    head = f"<title>Page {number}</title><meta property='article:published_time' content='2024-05-31'>"
    article = f"<article><h1>Page {number}</h1>{paragraphs}</article>"
    menu = "".join(f"<li><a href='/section/{i}'>Section {i}</a></li>" for i in range(400))
    frame = f"<html><head>{head}</head><body><nav><ul>{menu}</ul></nav>{article}<footer>The foot</footer></body></html>"
    return frame.replace("</head>", f"<style>{' ' * (PAGE_BYTES - len(frame))}</style></head>")


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def counted(places: Iterator[Place], request: Request, count: int) -> tuple[int, float]:
    """How many articles came out, and the peak after a tenth of them."""
    done, early = 0, 0.0
    for outcome in ingest(places, Library(), request):
        done += outcome.status in (Status.DONE, Status.DRAFT)
        if done == max(1, count // 10):
            early = peak_megabytes()
    return done, early


def main() -> int:
    """Prints the figures; 1 where memory grows or an article is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pages").mkdir()
        for number in range(options.count):
            (root / "pages" / f"{number:05}.html").write_text(page(number), "utf-8")
        into = root / "articles"
        request = Request(into, root, datetime(2026, 1, 1, tzinfo=UTC), into / "assets", jobs=options.jobs)
        start = time.process_time(), time.perf_counter()
        done, early = counted(find_places([str(root / "pages")]), request, options.count)
        here, clock = time.process_time() - start[0], time.perf_counter() - start[1]
        workers = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    growth = (peak_megabytes() - early) * 1024 / (0.9 * options.count)
    print(
        f"{done} of {options.count} pages with {options.jobs} jobs: {options.count / clock:.0f} a second,"
        f" {options.count / (here + workers):.0f} a CPU second, {here / (here + workers):.0%} of it here;"
        f" peak {early:.0f} MB after a tenth, {peak_megabytes():.0f} MB at the end:"
        f" {growth:.1f} KB a page (at most {MOST_GROWTH_KB:g})"
    )
    return 1 if done < options.count or growth > MOST_GROWTH_KB else 0


if __name__ == "__main__":
    sys.exit(main())
