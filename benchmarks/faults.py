"""What the publication withstands: hostile text by every way in and every way out, and being killed, load.

    python benchmarks/faults.py payloads [--count 100] [--folder DIR]
    python benchmarks/faults.py payloads --count 0          (all of them)
    python benchmarks/faults.py admin [--count 100]         (0 is all of them here, too)
    python benchmarks/faults.py kills [--count 10]
    python benchmarks/faults.py load [--count 10000]
    python benchmarks/faults.py documents --documents DIR   (anyone's: Word, OpenDocument, email, pages)

`payloads` carries hostile texts through HTML pages, pasted text, Word files, a feed, the issue form, Markdown files and
every field of front matter; builds the site by the real command; scans each page, email and feed text by parsers that
sanitise nothing; and loads each in a real Chromium in which every call of a script is noted and no policy protects.
Then it builds again without the sanitiser, and loads under the policy what differs. First of all it plants pages that
do what no page may, and sees that each is noticed. Exits with 1 for anything that runs, loads from elsewhere or is
lost, and for anything planted that is not noticed.

`admin` makes each of them an article, a topic, a tag and an author of a publication with its admin page on, and looks
at what Decap CMS, with decap-server, makes of them in Chromium: list, menus, form and pictures, with the policy and
without. Articles are written there, too, and what the site makes of them is looked at as above.

`kills` ends ingest, check --fix, tags merge, import, build, newsletter send and feeds ping by SIGKILL, each at a random
one of their writes, renames, removals and sendings, and runs them again. Exits with 1 for a file that is torn, lost or
left over, a site that is neither the old nor the new one as a whole, a reader who is sent an edition twice or not at
all.

`load` checks and builds many hostile articles at once, each with a mistake, and ingests as many sources, some of which
are none. Exits with 1 for a mistake that is not told, a good one that is not done, a traceback, or memory that grows by
over 60 KB an article.

`documents` ingests all documents below a folder by the real command, and counts which of their words are in the
articles: the words of Word and OpenDocument texts are read from their XML by no reader of ours. Exits with 1 for a
traceback, for a document that is neither an article nor told in a line, or where more than 1 % of the words are lost.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from conftest import CHROMIUM_ARGUMENTS, copy_publication, find_chromium, run_insights  # noqa: E402
from trust.admin import is_blind, read_admin, write_desk  # noqa: E402
from trust.control import CONTROLS, blind_eyes  # noqa: E402
from trust.kills import CASES, kill_often  # noqa: E402
from trust.load import build_many, check_many, ingest_many  # noqa: E402
from trust.outputs import scan  # noqa: E402
from trust.payloads import Payload, generate, sample  # noqa: E402
from trust.reading import changed_pages, page_names, read_all, read_guarded, read_unguarded  # noqa: E402
from trust.strangers import ingest_strangers, reasons  # noqa: E402
from trust.trial import Trial, build, report, write_publication  # noqa: E402

MIN_LITERAL = 0.99
MAX_KILOBYTES_EACH = 60
MIN_ARRIVED = 0.99
WORST = 12
UNSAFE_EVERY = 3
A_BATCH = 240
"""Payloads to a publication: small enough that several are tried side by side."""


def measure_payloads(folder: Path, count: int, jobs: int) -> bool:
    """Whether nothing ran, loaded or was lost, and all that was planted was noticed; prints the figures.

    `jobs` publications are tried side by side.
    """
    benign = copy_publication(folder / "benign")
    run_insights(benign, "build").check_returncode()
    with _chromium() as browser:
        shutil.rmtree(folder / "control", ignore_errors=True)
        blind = blind_eyes(benign / "site", folder / "control", browser)
    print(f"{len(CONTROLS)} pages that do what no page may: {len(blind)} not noticed {' '.join(blind)}", flush=True)

    payloads = sample(count) if count else generate()
    batches = _batches(payloads)
    whole, stopped, unguarded = Trial(), Trial(), Trial()
    with ProcessPoolExecutor(jobs) as pool:
        tries = [pool.submit(_try_batch, folder, number, batch) for number, batch in enumerate(batches)]
        for done, each in enumerate(as_completed(tries), start=1):
            for total, part in zip((whole, stopped, unguarded), each.result(), strict=True):
                total.add(part)
            print(f"  {done} of {len(batches)} batches, {len(whole.found())} found", file=sys.stderr, flush=True)
    print(f"{len(payloads):,} payloads\n{report(whole)}")
    print(
        f"without the sanitiser, under the policy: {stopped.counts['pages loaded']:,} pages that then differ, "
        f"{len(stopped.executed)} executed, {len(stopped.violations):,} stopped\n"
        f"with neither: {unguarded.counts['pages loaded']:,} pages, {len(unguarded.executed):,} executed"
    )
    is_literal = whole.literal_share() >= MIN_LITERAL
    return not blind and not whole.found() and is_literal and not stopped.executed and bool(unguarded.executed)


def _batches(payloads: Sequence[Payload]) -> list[Sequence[Payload]]:
    count = -(-len(payloads) // A_BATCH)
    return [payloads[number::count] for number in range(count)]


def _try_batch(folder: Path, number: int, payloads: Sequence[Payload]) -> tuple[Trial, Trial, Trial]:
    """What is found in a site; without the sanitiser, under the policy; and with neither.

    What was found is kept in the folder: a run that was ended goes on where it was. The second is asked of every third
    batch, the last of the first alone.
    """
    kept = folder / f"batch-{number}.json"
    if kept.is_file():
        return msgspec.json.decode(kept.read_bytes(), type=tuple[Trial, Trial, Trial])
    root = folder / f"batch-{number}"
    shutil.rmtree(root, ignore_errors=True)
    expected = write_publication(root, payloads)
    whole, stopped, unguarded = trials = Trial(), Trial(), Trial()
    with _chromium() as browser:
        scan(build(root), folder / "benign/site", whole)
        read_all(root / "site", browser, whole, expected)
        if number % UNSAFE_EVERY == 0:
            shutil.rmtree(root / "build")  # it remembers what was sanitised
            unsafe = build(root, is_sanitised=False)
            names = changed_pages(unsafe, root / "site")
            read_guarded(unsafe, browser, stopped, names)
            read_unguarded(unsafe, browser, unguarded, names if number == 0 else ())
    shutil.rmtree(root)
    kept.write_bytes(msgspec.json.encode(trials))
    return trials


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def measure_admin(folder: Path, count: int) -> bool:
    """Whether nothing ran, loaded or was lost in the admin page or by it, and all that was planted was noticed."""
    benign = folder / "benign-admin"
    shutil.rmtree(benign, ignore_errors=True)
    port = write_desk(benign, ())
    build(benign)
    whole = Trial()
    with _chromium() as browser:
        blind = is_blind(benign, port, browser)
        print(f"an admin page that does what it may not: {len(blind)} not noticed {' '.join(blind)}", flush=True)
        payloads = sample(count) if count else generate()
        batches = _batches(payloads)
        for number, batch in enumerate(batches):
            whole.add(_try_admin(folder, number, batch, browser))
            print(f"  {number + 1} of {len(batches)} batches, {len(whole.found())} found", file=sys.stderr, flush=True)
    print(f"{len(payloads):,} payloads\n{report(whole)}")
    return not blind and not whole.found() and whole.literal_share() >= MIN_LITERAL


def _try_admin(folder: Path, number: int, payloads: Sequence[Payload], browser: Browser) -> Trial:
    """What is found in an admin page, and in the pages of the articles that are written there; kept as of a batch."""
    kept = folder / f"admin-{number}.json"
    if kept.is_file():
        return msgspec.json.decode(kept.read_bytes(), type=Trial)
    root, trial = folder / f"admin-{number}", Trial()
    shutil.rmtree(root, ignore_errors=True)
    port = write_desk(root, payloads)
    site = build(root)
    before = set(page_names(site))
    expected = read_admin(root, port, browser, trial, payloads)
    build(root)
    scan(site, folder / "benign-admin/site", trial)
    read_unguarded(site, browser, trial, sorted(set(page_names(site)) - before), expected)
    shutil.rmtree(root)
    kept.write_bytes(msgspec.json.encode(trial))
    return trial


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
    """Whether every mistake is told, every good article done, and a further one takes little; prints the figures."""
    is_good = True
    for run in (check_many, build_many, ingest_many):
        name = run.__name__.removesuffix("_many")
        quarter, whole = (run(folder / f"{name}-{size}", size) for size in (count // 4, count))
        growth = (whole.megabytes - quarter.megabytes) * 1024 / (count - count // 4)
        print(
            f"{name}: {count:,} hostile articles: {whole.told:,} mistakes told, {whole.done:,} done, "
            f"{whole.seconds:.0f} s of processor time, {whole.megabytes} MB, {growth:.0f} KB for each further article",
            flush=True,
        )
        told = whole.told + whole.done if run is ingest_many else min(whole.told, whole.done)
        is_good &= told == count and not whole.has_traceback and growth <= MAX_KILOBYTES_EACH
    return is_good


def measure_documents(documents: Path, folder: Path, jobs: int) -> bool:
    """Whether each document is an article, with its words, or told in a line; prints the figures, and the worst."""
    found = ingest_strangers(documents, folder, jobs)
    made = [each for each in found.documents if not each.refusal]
    print(
        f"{len(found.documents):,} documents: {len(made):,} articles, {len(found.documents) - len(made):,} refused, "
        f"{found.tracebacks} tracebacks, {len(found.untold)} neither; {found.seconds:.0f} s of processor time, "
        f"{found.megabytes} MB; {found.share():.2%} of {sum(each.words for each in made):,} words arrived"
    )
    for reason, count in reasons(found.documents).items():
        print(f"  {count:,} refused: {reason}")
    for each in sorted(made, key=lambda each: each.arrived - each.words)[:WORST]:
        print(f"  {each.words - each.arrived:,} of {each.words:,} words lost: {each.name}")
    return not found.tracebacks and not found.untold and found.share() >= MIN_ARRIVED


def main() -> int:
    """Runs the measurement that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what", nargs="?", choices=["payloads", "admin", "kills", "load", "documents"], default="payloads"
    )
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2, help="publications of hostile texts tried side by side")
    parser.add_argument("--folder", type=Path, help="keep what is found there, to go on with it")
    parser.add_argument("--documents", type=Path, help="the folder of documents to ingest")
    options = parser.parse_args()
    if options.what == "documents" and not (options.documents and options.documents.is_dir()):
        parser.error("say which: --documents FOLDER")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.what == "documents":
            return 0 if measure_documents(options.documents, folder / "documents", options.jobs) else 1
        if options.what == "load":
            return 0 if measure_load(folder, options.count) else 1
        if options.what == "kills":
            return 0 if measure_kills(folder, options.count) else 1
        if options.what == "admin":
            return 0 if measure_admin(folder, options.count) else 1
        return 0 if measure_payloads(folder, options.count, options.jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
