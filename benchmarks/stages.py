"""What each stage of a build costs: CPU milliseconds an article, and how that grows.

    python benchmarks/stages.py [--articles 300 1000]

The articles are those of `build.py`. Every stage runs from nothing, one after another, in one process, so that a figure
is that of its room alone; a build spreads most of them over all cores. "begin" is what a build loads whatever there is
to do, in milliseconds for all; "write" is what it takes to write what the others have made.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles import make_publication

NOW = datetime(2100, 1, 1, tzinfo=UTC)
KINDS: dict[str, Callable[[str], bool]] = {
    "cards": lambda path: path.startswith("assets/cards/"),
    "twins": lambda path: path.startswith("insights/") and path.endswith(".md"),
    "feeds": lambda path: path.endswith((".xml", ".rss", ".json")) and ("feed" in path or "atom" in path),
    "articles": lambda path: path.startswith("insights/") and path.endswith(".html"),
    "listings": lambda path: path.endswith(".html"),
    "others": lambda _path: True,
}


def cpu() -> float:
    """CPU seconds so far, those of ended processes included."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class Bill:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What happens within it is the stage's."""
        before = cpu()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + cpu() - before


def run_stages(root: Path) -> dict[str, float]:
    """CPU seconds of each stage for this publication, and the megabytes that building it took at most."""
    bill = Bill()
    with bill.stage("begin"):
        from mkdocs.config import load_config

        from insights.site.build import prepare
        from insights.site.cache import CACHE, Cache
        from insights.site.inputs import Run
        from insights.site.outputs import finishing_outputs, page_outputs
        from insights.site.rendering import Renderer, environment_of
        from insights.site.search import build_search_index
        from insights.site.texts import Texts
    run = Run(root, NOW)
    prepared = prepare(run)
    names = {"Reading": "load", "Relating": "relate", "Preparing": "prepare"}
    bill.seconds |= {names[phase]: seconds for phase, (_wall, seconds) in run.progress.phases.items()}
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    plugin: Any = config.plugins["insights"]
    plugin.prepared = prepared
    with Cache(root / CACHE) as cache:
        with bill.stage("markdown"):
            texts = Texts(prepared, cache, config, run)
        with bill.stage("list"):
            config = config.plugins.on_config(config)
            renderer = Renderer(config, environment_of(config), prepared.list_docs(), texts)
            outputs = {each.path: each for each in page_outputs(prepared, renderer)}
            outputs |= {each.path: each for each in finishing_outputs(prepared, cache, texts.html_of)}
        for path, output in outputs.items():
            with bill.stage(next(kind for kind, has in KINDS.items() if has(path))):
                data = output.make().data
            with bill.stage("write"):
                write(root / "site" / path, data)
    with Cache(root / CACHE) as cache, bill.stage("search"):
        build_search_index(root / "site", cache, run)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from insights.desk.checking import Scope, find_problems
    from insights.store import read_publication

    with bill.stage("check"):
        find_problems(root, read_publication(root), Scope(), NOW)
    return bill.seconds | {"peak": peak}


def write(path: Path, data: bytes) -> None:
    """Writes a new file, as a build does."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
    path.write_bytes(data)


def measure(articles: int) -> tuple[dict[str, float], float]:
    """The stages' CPU seconds, and the megabytes that their process had at most."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "publication"
        make_publication(root, articles)
        command = [sys.executable, __file__, "--run", str(root)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rows = (line.split() for line in done.stdout.splitlines())
    figures = {stage: float(figure) for stage, figure in rows}
    return figures, figures.pop("peak")


def main() -> None:
    """Prints a row for each stage, a column for each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        for stage, seconds in run_stages(options.run).items():
            print(stage, seconds)
        return
    sizes = {articles: measure(articles) for articles in options.articles}
    print("CPU ms an article" + "".join(f"{articles:>12,}" for articles in sizes))
    for stage in next(iter(sizes.values()))[0]:
        figures = (seconds[stage] * 1000 / (1 if stage == "begin" else count) for count, (seconds, _) in sizes.items())
        print(f"{stage:17}" + "".join(f"{figure:12.2f}" for figure in figures))
    print("peak MB          " + "".join(f"{peak:12.0f}" for _seconds, peak in sizes.values()))


if __name__ == "__main__":
    main()
