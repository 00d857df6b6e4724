"""What a save costs in `insights serve`: from the saved body of an article to its page on disk.

    python benchmarks/serve.py [--articles 300 …] [--saves 10]

The articles are made up, of about 700 words. The preview is built by the functions that `insights serve` calls, which
keep in memory what the last build has loaded; the search index follows later, and is not counted. Prints seconds by the
clock and of CPU, the fewest of so many saves, and the megabytes that the process has held at most.

Exits with 1 if a save renders more than the saved page, or the page lacks what was saved.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from articles import make_publication

from insights.site.engines import PREVIEW, Built, build_site
from insights.site.inputs import Run
from insights.site.kept import Kept

ARTICLE = "article-7"


def measure(root: Path, saves: int) -> bool:
    """Prints what a save costs; whether each rendered the saved page alone, with what was saved."""
    kept, is_right = Kept(is_lasting=True), True

    def build() -> Built:
        now = datetime.now(UTC).replace(microsecond=0)
        run = Run(root, now, os.cpu_count() or 1, is_preview=True, is_hasty=True, kept=kept)
        built = build_site(run, root / PREVIEW)
        gc.freeze()
        return built

    build()
    costs = []
    for number in range(saves + 1):
        with (root / f"content/insights/{ARTICLE}.md").open("a", encoding="utf-8") as file:
            file.write(f"\nOne more sentence, for save {number}.\n")
        wall, cpu = time.perf_counter(), sum(os.times()[:4])
        built = build()
        costs.append((time.perf_counter() - wall, sum(os.times()[:4]) - cpu))
        page = (root / PREVIEW / f"insights/{ARTICLE}/index.html").read_text(encoding="utf-8")
        is_right &= f"for save {number}." in page and (number == 0 or built.rendered == 1)
    wall, cpu = (min(each) for each in zip(*costs[1:], strict=True))  # the first also links the second copy
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{wall:10.3f}{cpu:10.3f}{megabytes:8.0f}   the first {costs[0][0]:.2f} and {costs[0][1]:.2f}", flush=True)
    return is_right


def main() -> int:
    """Prints a row for each size; 1 where a save was not just a save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="+", default=[300])
    parser.add_argument("--saves", type=int, default=10)
    options = parser.parse_args()
    is_right = True
    print("articles    wall s     CPU s      MB")
    for count in options.articles:
        with tempfile.TemporaryDirectory() as name:
            make_publication(Path(name) / "publication", count)
            print(f"{count:8,}", end="")
            is_right &= measure(Path(name) / "publication", options.saves)
    return int(not is_right)


if __name__ == "__main__":
    sys.exit(main())
