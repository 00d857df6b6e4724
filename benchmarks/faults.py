"""What the publication withstands: hostile text by every way in and every way out, and being killed, load.

    python benchmarks/faults.py payloads [--count 100] [--folder DIR]
    python benchmarks/faults.py payloads --count 0          (all of them: an hour of two cores)
    python benchmarks/faults.py kills [--count 10]
    python benchmarks/faults.py load [--count 10000]

`payloads` carries hostile texts through HTML pages, pasted text, Word files, a feed, the issue form, Markdown files and
every field of front matter; builds the site by the real command; scans each page, email and feed text by parsers that
sanitise nothing; and loads each in a real Chromium in which every call of a script is noted and no policy protects.
Then it builds again without the sanitiser, and loads that under the policy. Exits with 1 for anything that runs, loads
from elsewhere or is lost.

`kills` ends ingest, check --fix, tags merge, build, newsletter send and feeds ping by SIGKILL, each time at a random
one of their writes, renames, removals and sendings, and runs them again. Exits with 1 for a file that is torn, lost or
left over, a site that is neither the old nor the new one as a whole, a reader who is sent an edition twice or not at
all.

`load` checks many hostile articles at once, each with a mistake. Exits with 1 for a mistake that is not told, a
traceback, or memory that grows by over 60 KB an article.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from conftest import CHROMIUM_ARGUMENTS, copy_publication, find_chromium, run_insights  # noqa: E402
from trust.kills import CASES, kill_often  # noqa: E402
from trust.load import check_many  # noqa: E402
from trust.payloads import generate, sample  # noqa: E402
from trust.trial import Trial, build, read_all, report, scan, write_publication  # noqa: E402

MIN_LITERAL = 0.99
MAX_KILOBYTES_EACH = 60
UNSAFE_COUNT = 200


def measure_payloads(folder: Path, count: int, browser: Browser) -> bool:
    """Whether nothing ran, loaded or was lost; prints the figures."""
    benign = copy_publication(folder / "benign")
    run_insights(benign, "build").check_returncode()
    payloads = sample(count) if count else generate()
    root = folder / "hostile"
    expected = write_publication(root, payloads)
    trial = Trial()
    scan(build(root), benign / "site", trial)
    read_all(root / "site", browser, trial, expected)
    print(f"{len(payloads):,} payloads\n{report(trial)}", flush=True)
    found = [*trial.executed, *trial.hits, *trial.requests, *trial.malformed, *trial.violations]

    root = folder / "unsafe"
    write_publication(root, sample(min(len(payloads), UNSAFE_COUNT)))
    stopped = Trial()
    read_all(build(root, is_sanitised=False), browser, stopped, is_enforced=True)
    print(
        f"without the sanitiser, under the policy: {stopped.counts['pages loaded']:,} pages, "
        f"{len(stopped.executed)} executed, {len(stopped.violations):,} stopped"
    )
    return not found and trial.literal_share() >= MIN_LITERAL and not stopped.executed


def measure_kills(folder: Path, count: int) -> bool:
    """Whether nothing was torn or lost; prints the figures. `count` is shared by the commands."""
    wrong: list[str] = []
    for number, case in enumerate(CASES):
        kills = kill_often(case, folder / str(number), -(-count // len(CASES)))
        wrong += kills.wrong
        print(f"{case.name}: killed {kills.count} times, {len(kills.wrong)} wrong", flush=True)
    print("\n".join(wrong))
    return not wrong


def measure_load(folder: Path, count: int) -> bool:
    """Whether every mistake is told, and what a further article takes in memory is little; prints the figures."""
    quarter, whole = (check_many(folder / str(size), size) for size in (count // 4, count))
    growth = (whole.megabytes - quarter.megabytes) * 1024 / (count - count // 4)
    print(
        f"{count:,} hostile articles: {whole.told:,} mistakes told, {whole.seconds:.0f} s of processor time, "
        f"{whole.megabytes} MB, {growth:.0f} KB for each further article"
    )
    return whole.told == count and not whole.has_traceback and growth <= MAX_KILOBYTES_EACH


def main() -> int:
    """Runs the measurement that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["payloads", "kills", "load"], default="payloads")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="keep what is made there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.what == "load":
            return 0 if measure_load(folder, options.count) else 1
        if options.what == "kills":
            return 0 if measure_kills(folder, options.count) else 1
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
            is_clean = measure_payloads(folder, options.count, browser)
            browser.close()
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
