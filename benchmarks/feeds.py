"""Feeds at scale: 10,000 articles in 200 tag feeds, and how their cost grows.

    python benchmarks/feeds.py [--articles 10000] [--tags 200]

Prints CPU seconds, peak memory and bytes for a tenth of the articles and for all of them. The bodies are given as
HTML: on a site, Markdown is rendered once a page whether there are feeds or not. What that costs is measured apart,
on a sample. Exits with 1 if the whole takes over 10 s of CPU, over 400 MB, or grows faster than the articles do.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from insights.feeds import render_feeds
from insights.feeds.paging import MAX_DOCUMENT_BYTES
from insights.library import Library, build_library
from insights.model import Article, Author, Tag, Topic
from insights.render import render_html
from insights.settings import FeedSettings, Publication, Settings

MAX_SECONDS = 10.0
MAX_MEGABYTES = 400
MAX_GROWTH = 1.3
WORDS = (
    "queue waits staff model review answer contract letter claims desk handover vendor ledger shift budget measure"
    " customer invoice supervisor register spreadsheet meeting proof error owner audit"
).split()


def make_library(articles: int, tags: int) -> Library:
    """A library of articles of about 900 words, each with one of 12 topics, 1 of 20 authors and 4 of the tags."""
    chance = random.Random(articles)
    vocabulary = [Tag(f"tag-{number}", f"tag {number}") for number in range(tags)]
    topics = [Topic(f"topic-{number}", f"Topic {number}") for number in range(12)]
    authors = [Author(f"author-{number}", f"Author {number}") for number in range(20)]
    start = datetime(2015, 1, 1, tzinfo=UTC)
    made = (
        Article(
            slug=f"article-{number}",
            title=f"{' '.join(chance.choices(WORDS, k=6)).capitalize()} & {number}",
            body=make_body(chance),
            date=start + timedelta(hours=9 * number),
            topic=chance.choice(topics).name,
            tags=tuple(tag.name for tag in chance.sample(vocabulary, 4)),
            authors=(chance.choice(authors).name,),
            description=f"{' '.join(chance.choices(WORDS, k=24)).capitalize()}.",
            path=f"content/insights/article-{number}.md",
        )
        for number in range(articles)
    )
    return build_library(made, topics, vocabulary, authors)


def make_body(chance: random.Random) -> str:
    """A Markdown body with headings, paragraphs, links and a list."""
    parts = []
    for section in range(5):
        paragraph = " ".join(chance.choices(WORDS, k=80))
        points = "\n".join(f"- {' '.join(chance.choices(WORDS, k=12))}" for _ in range(4))
        parts.append(
            f"## Part {section}\n\nSee [the last one](article-1.md): {paragraph}.\n\n{points}\n\n**So** {paragraph}."
        )
    return "\n\n".join(parts) + "\n"


def make_publication() -> Publication:
    """A publication with the Markdown extensions that MkDocs has on."""
    return Publication(
        name="Bench & Sons",
        url="https://bench.example.org/",
        description="What we measure.",
        language="en",
        copyright="",
        settings=Settings(feeds=FeedSettings(hub="https://hub.example.org/")),
        markdown_extensions=("toc", "tables", "fenced_code", "footnotes"),
        markdown_configs={},
    )


def rendered_bodies(library: Library, publication: Publication) -> tuple[Mapping[str, str], float]:
    """A body as HTML for each article (from 20 rendered ones), and the CPU milliseconds of rendering one."""
    sample = library.articles[:20]
    began = time.process_time()
    bodies = [render_html(article.body, publication, f"insights/{article.slug}.md") for article in sample]
    milliseconds = (time.process_time() - began) * 1000 / len(sample)
    # Each body a string of its own, as on a site: shared ones would hide the memory they take.
    return {
        article.slug: f"{bodies[index % len(bodies)]}<p>{article.slug}</p>"
        for index, article in enumerate(library.articles)
    }, milliseconds


def measure(articles: int, tags: int) -> Iterator[float]:
    """CPU seconds, peak megabytes above the start, output megabytes, documents, ms a body of one render."""
    library = make_library(articles, tags)
    publication = make_publication()
    bodies, milliseconds = rendered_bodies(library, publication)
    size = documents = 0
    began = time.process_time()
    for path, data in render_feeds(library, publication, html_of=lambda article: bodies[article.slug]):
        if len(data) > MAX_DOCUMENT_BYTES:
            raise SystemExit(f"{path} has {len(data):,} bytes")
        size += len(data)
        documents += 1
    yield time.process_time() - began
    yield resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield size / 1e6
    yield documents
    yield milliseconds


def measure_apart(articles: int, tags: int) -> tuple[float, ...]:
    """The same in a process of its own, so that no measure sees the memory of another."""
    command = [sys.executable, __file__, "--measure", "--articles", str(articles), "--tags", str(tags)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(float(figure) for figure in done.stdout.split())


def main() -> int:
    """Measures, prints, judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--tags", type=int, default=200)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(*measure(options.articles, options.tags))
        return 0
    print(f"{'articles':>9} {'CPU s':>7} {'peak MB':>8} {'documents':>10} {'output MB':>10} {'ms/article':>11}")
    costs = []
    for articles in (options.articles // 10, options.articles // 2, options.articles):
        seconds, megabytes, output, documents, milliseconds = measure_apart(articles, options.tags)
        costs.append(seconds / articles)
        row = f"{articles:>9,} {seconds:>7.2f} {megabytes:>8.0f} {documents:>10,.0f} {output:>10.0f}"
        print(f"{row} {seconds * 1000 / articles:>11.2f}")
    growth = costs[-1] / costs[1]
    print(f"cost of an article against half the size: ×{growth:.2f} (linear: ×1.00; limit ×{MAX_GROWTH})")
    print(f"Markdown → HTML, not counted above: {milliseconds:.1f} ms an article")
    return 0 if seconds < MAX_SECONDS and megabytes < MAX_MEGABYTES and growth < MAX_GROWTH else 1


if __name__ == "__main__":
    raise SystemExit(main())
