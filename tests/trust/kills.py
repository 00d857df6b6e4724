"""Commands killed in the middle: each time before another of their writes, renames, removals or sendings.

A killed process is one that the system ends at once (SIGKILL): nothing of it runs any more. What must hold then, and
after the same command has been run again, is said by `Case.after_kill` and `Case.after_rerun`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from aiosmtpd.controller import Controller
from conftest import PROJECT, copy_publication, run_insights

NOW = "1800000000"
# What a command says that has nothing left to do, where it was killed after its last step.
_DONE_BEFORE = ("are the same tag already", "of these readers has been sent")
READERS = tuple(f"reader{number}@example.org" for number in range(6))
_WATCHED = """
import io, os, signal, socket, sys, threading
limit, count, command = int(os.environ["KILL_AT"]), 0, os.getpid()
number = int(os.environ.get("KILL_WITH", signal.SIGKILL))
names = {"write", "flush", "fsync", "open", "rename", "replace", "unlink", "remove", "rmdir", "mkdir", "link", "chmod",
         "truncate", "send", "sendall", "sendto"}
owners = (io.FileIO, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper, socket.socket, type(sys))
def tell():
    sys.setprofile(None)
    if limit == 0:
        with open(os.environ["KILL_COUNT"], "w") as file:
            print(count, file=file)
def watch(frame, event, function):
    global count
    if event == "c_call" and function is os._exit and os.getpid() == command:
        tell()
    if event == "c_call" and function.__name__ in names and isinstance(function.__self__, owners):
        if os.getpid() != command:
            return  # a worker, which inherits all this
        count += 1
        if count == limit:
            os.kill(os.getpid(), number)
threading.setprofile(watch)
sys.setprofile(watch)
try:
    from insights.cli import main
    main()
finally:
    tell()
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A command with the publication it works on; both checks yield what is wrong.

    `around` gives what the command needs outside (a mail server, a hub): its arguments, and a view of what reached it.
    """

    name: str
    prepare: Callable[[Path], None]
    around: Callable[[Path], Iterator[tuple[Sequence[str], Counter[str]]]]


@dataclass
class Kills:
    """What came of killing: how often, and everything that was torn, lost or not finished by the next run."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_often(case: Case, folder: Path, times: int, seed: int = 1) -> Kills:
    """Kills the command at `times` random points, each in a publication of its own, and runs it again."""
    start = folder / "start"
    case.prepare(start)
    before = _tree(start)
    whole = _copy(start, folder / "whole")
    with contextmanager(case.around)(whole) as (arguments, reached):
        points = _count(whole, arguments, folder / "points")
    after, expected = _tree(whole), Counter(reached)
    kills = Kills()
    for point in sorted(random.Random(seed).sample(range(1, points + 1), min(times, points))):
        root = _copy(start, folder / f"killed-{point}")
        with contextmanager(case.around)(root) as (arguments, reached):
            result = run_watched(root, arguments, KILL_AT=str(point))
            where = f"{case.name}, killed at {point} of {points}"
            if result.returncode != -signal.SIGKILL:
                kills.wrong.append(f"{where}: ended with {result.returncode}")
            kills.count += 1
            kills.wrong += [f"{where}: {each}" for each in _torn(before, after, _tree(root))]
            again = run_watched(root, arguments, KILL_AT="0", KILL_COUNT=str(folder / "points"))
            is_done = again.returncode in (0, 1) or any(words in again.stderr for words in _DONE_BEFORE)
            if "Traceback" in again.stderr or not is_done:
                kills.wrong.append(f"{where}: the next run ended with {again.returncode}: {again.stderr[-300:]}")
            kills.wrong += [f"{where}, after the next run: {each}" for each in _unlike(after, _tree(root))]
            kills.wrong += [f"{where}: {each}" for each in _missed(case.name, expected, reached, again.stdout)]
        shutil.rmtree(root)
    return kills


def _count(root: Path, arguments: Sequence[str], path: Path) -> int:
    result = run_watched(root, arguments, KILL_AT="0", KILL_COUNT=str(path))
    if result.returncode not in (0, 1) or "Traceback" in result.stderr:
        raise AssertionError(f"{arguments}: {result.returncode}\n{result.stderr}")
    return int(path.read_text())


def run_watched(root: Path, arguments: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, which gets the signal KILL_WITH (SIGKILL) before its KILL_ATth change; 0 counts them only."""
    return subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments],
        cwd=root,
        env={**os.environ, "SOURCE_DATE_EPOCH": NOW, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _copy(start: Path, root: Path) -> Path:
    """A copy with the files' times, which ledgers of earlier builds name."""
    return Path(shutil.copytree(start, root, symlinks=True))


def _tree(root: Path) -> Mapping[str, bytes]:
    """What counts in a publication: its content, its site (but for the search index), its records."""
    paths = (path for name in ("content", "site", ".insights") for path in (root / name).rglob("*"))
    files = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if not name.startswith("site/pagefind/") and not name.endswith(".ledger")
    }


def _torn(before: Mapping[str, bytes], after: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[str]:
    """Files that are neither as before nor as after; a site that is not one of the two as a whole."""
    for name in sorted({*before, *now}):
        data = now.get(name)
        if name.endswith(".part") or name.startswith("site/"):
            continue
        if data is None and name in after:
            yield f"{name} is lost"
        elif data is not None and data not in (before.get(name), after.get(name)):
            yield f"{name} is torn"
    sites = [{name: tree[name] for name in tree if name.startswith("site/")} for tree in (before, after, now)]
    if sites[2] not in sites[:2]:
        yield "the site is neither the old one nor the new one"


def _unlike(after: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted({*after, *now}):
        if after.get(name) != now.get(name):
            yield f"{name} is {'missing' if name not in now else 'left over' if name not in after else 'different'}"


def _missed(name: str, expected: Counter[str], reached: Counter[str], output: str) -> Iterator[str]:
    """Who was not reached, or twice; a reader in doubt is named instead, and a hub may be told again."""
    for who in expected:
        if reached[who] == 0 and f"{who}: in doubt" not in output:
            yield f"{who} was never reached"
        elif reached[who] > 1 and name == "newsletter send":
            yield f"{who} was reached {reached[who]} times"


def _prepare_ingest(root: Path) -> None:
    copy_publication(root)
    inbox = root / "content/inbox"
    inbox.mkdir(exist_ok=True)
    for number in range(4):
        text = f"Notes on queue {number}\n\n" + f"The desk has {number} waiting people and a single clerk. " * 12
        (inbox / f"notes-{number}.txt").write_text(text)


def _prepare_fix(root: Path) -> None:
    copy_publication(root)
    for number in range(6):
        text = (
            f"---\ntitle: Links {number}\ndate: 2026-01-0{number + 1}\ntopic: Operations\n"
            f"description: Says enough of what it holds to be read by someone.\n---\n\n"
            f"See [the desk](https://example.org/desk?utm_source=letter&id={number}) for more on this."
            "\n\n## A part\n\nIt goes on for a while, and ends here.   \n"
        )
        (root / f"content/insights/links-{number}.md").write_text(text)


def _prepare_merge(root: Path) -> None:
    copy_publication(root)
    for number in range(6):
        text = f"---\ntitle: Tag {number}\ndate: 2026-01-0{number + 1}\ntags: [research, backlog]\n---\n\nText.\n"
        (root / f"content/insights/tag-{number}.md").write_text(text)


def _prepare_build(root: Path) -> None:
    copy_publication(root)
    result = run_insights(root, "build", "--jobs", "1", SOURCE_DATE_EPOCH=NOW)
    if result.returncode:
        raise AssertionError(result.stderr)
    path = root / "content/insights/waiting-times.md"
    path.write_text(path.read_text().replace("---\n", "---\nlanguage: fr\n", 1) + "\nOne more paragraph.\n")


def _prepare_import(root: Path) -> None:
    copy_publication(root)
    posts = root / "old/_posts"
    posts.mkdir(parents=True)
    (root / "old/_config.yml").write_text("url: https://old.example\n")
    (root / "old/desk.png").write_bytes((PROJECT / "tests/cases/moving/sites/hugo/static/img/gauge.png").read_bytes())
    for number in range(4):
        text = f"---\ntitle: Post {number}\ntags: [waiting {number}]\n---\n\nText. ![The desk](/desk.png)\n"
        (posts / f"2026-01-0{number + 1}-post-{number}.md").write_text(text)


def _prepare_send(root: Path) -> None:
    shutil.copytree(PROJECT / "tests/cases/newsletter/publication", root)


def _prepare_ping(root: Path) -> None:
    copy_publication(root)
    result = run_insights(root, "build", "--jobs", "1", SOURCE_DATE_EPOCH=NOW)
    if result.returncode:
        raise AssertionError(result.stderr)


def _alone(*arguments: str) -> Callable[[Path], Iterator[tuple[Sequence[str], Counter[str]]]]:
    def around(_root: Path) -> Iterator[tuple[Sequence[str], Counter[str]]]:
        yield arguments, Counter()

    return around


class _Box:
    def __init__(self, taken: Counter[str]) -> None:
        self.taken = taken

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 (aiosmtpd's)
        self.taken.update(envelope.rcpt_tos)  # type: ignore[attr-defined]
        return "250 taken"


def _with_mail_server(_root: Path) -> Iterator[tuple[Sequence[str], Counter[str]]]:
    taken: Counter[str] = Counter()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(_Box(taken), hostname="127.0.0.1", port=port)
    controller.start()
    readers = [part for reader in READERS for part in ("--to", reader)]
    try:
        yield ("newsletter", "send", "--smtp", f"smtp://127.0.0.1:{port}", *readers), taken
    finally:
        controller.stop()


class _Hub(BaseHTTPRequestHandler):
    told: Counter[str]

    def do_POST(self) -> None:
        form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.told.update(value for key, value in form if key == "hub.url")
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


def _with_hub(root: Path) -> Iterator[tuple[Sequence[str], Counter[str]]]:
    told: Counter[str] = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Hub", (_Hub,), {"told": told}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = root / "mkdocs.yml"
    hub = f"    feeds: {{hub: 'http://127.0.0.1:{server.server_port}/'}}\n    menu:\n"
    settings.write_text(settings.read_text().replace("    menu:\n", hub, 1))
    try:
        yield ("feeds", "ping", "--send"), told
    finally:
        server.shutdown()
        server.server_close()


CASES = (
    Case("ingest", _prepare_ingest, _alone("ingest", "content/inbox", "--topic", "Operations", "--date", "2026-01-01")),
    Case("check --fix", _prepare_fix, _alone("check", "--fix")),
    Case("tags merge", _prepare_merge, _alone("tags", "merge", "backlog", "queues")),
    Case("import", _prepare_import, _alone("import", "old", "--no-fetch", "--jobs", "1")),
    Case("build", _prepare_build, _alone("build", "--jobs", "1")),
    Case("newsletter send", _prepare_send, _with_mail_server),
    Case("feeds ping", _prepare_ping, _with_hub),
)
