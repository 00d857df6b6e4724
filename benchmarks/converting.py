"""Markdown to HTML: what it costs by the compiled renderer and by Python-Markdown, and how much the first can do.

    python benchmarks/converting.py [--articles 200]

The texts are made-up articles of 700 words, those of content/, and real ones from ../shared/corpora as ingest would
write them (left out where that folder is absent). Of each kind: how many texts are compiled throughout, how many but
for some blocks, how many not at all; CPU milliseconds for one text by either way; and for all that a build does with
one (its page's HTML and its feed's). Exits with 1 where the two ways differ, where a made-up article is not compiled
throughout, or where of the others less than MIN_SHARE are compiled at least in part.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from articles import PROJECT, make_publication
from mkdocs.config import load_config

from insights.commonmark import cut
from insights.converter import Converter
from insights.frontmatter import parse_front_matter
from insights.readers.markdown import canonical_markdown
from insights.render import clean_html, render_html
from insights.site.texts import Opener
from insights.store import read_publication

CORPORA = PROJECT.parent / "shared" / "corpora" / "related-dev"
PATH = "insights/a.md"
EACH = 60  # real articles of a collection
MIN_SHARE = 0.8


def read_bodies(folder: Path) -> list[str]:
    """The bodies of the articles below a folder."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((folder / "content/insights").glob("*.md")))
    return [parse_front_matter(text, "article")[0].body for text in texts]


def read_real() -> Iterator[tuple[str, list[str]]]:
    """Each collection of real articles, in our canonical form."""
    for archive in sorted(CORPORA.glob("*.jsonl.gz")):
        with gzip.open(archive, "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line, _ in zip(lines, range(EACH), strict=False)]
        yield archive.name.partition(".")[0], [canonical_markdown(record["body"])[0] for record in records]


def milliseconds(convert: Callable[[str], object], texts: list[str]) -> float:
    """CPU time for one text, the second time that all are converted."""
    for _ in range(2):
        started = time.process_time()
        for text in texts:
            convert(text)
        spent = time.process_time() - started
    return spent * 1000 / len(texts)


def main() -> int:
    """Prints a line for each kind of text; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args()
    publication, config = read_publication(PROJECT), load_config(str(PROJECT / "mkdocs.yml"))
    names, configs = publication.markdown_extensions, publication.markdown_configs
    fast, reference = (Converter(names, configs, is_fast=is_fast) for is_fast in (True, False))
    opener = Opener(config, is_fast=True)

    def page_and_feed(text: str) -> None:
        opened = opener.convert(PATH, text)
        if opened and opener.is_same_in_feeds(opened):
            clean_html(opened.close(str), publication, PATH)
        else:
            render_html(text, publication, PATH)

    with tempfile.TemporaryDirectory() as folder:
        make_publication(Path(folder), options.articles)
        kinds = [("made up", read_bodies(Path(folder))), ("content/", read_bodies(PROJECT)), *read_real()]
    print("texts            number  compiled  in part  not   compiled ms  Python-Markdown ms  page and feed ms")
    is_right = True
    for kind, texts in kinds:
        runs = [cut(text) for text in texts]
        whole = sum(bool(each) and all(run.is_shared for run in each or ()) for each in runs)
        none = runs.count(None)
        costs = [milliseconds(convert, texts) for convert in (fast.convert, reference.convert, page_and_feed)]
        counts = f"{len(texts):6}{whole:10}{len(texts) - whole - none:9}{none:5}"
        print(f"{kind:17}{counts}{costs[0]:14.3f}{costs[1]:20.3f}{costs[2]:18.3f}", flush=True)
        is_right &= all(fast.convert(text) == reference.convert(text) for text in texts)
        is_right &= whole == len(texts) if kind == "made up" else len(texts) - none >= MIN_SHARE * len(texts)
    return int(not is_right)


if __name__ == "__main__":
    sys.exit(main())
