"""Very many hostile articles and sources at once: each mistake must be told, each good one done, in little memory."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from conftest import copy_publication

from insights.frontmatter import dump_front_matter
from trust.carriers import one_line
from trust.payloads import Payload, generate

# A process counts as its own peak what it held as a fork of its parent, before it became another program: the command
# is started by a small one, not by a test runner that has grown.
_LAUNCHER = """
import resource, subprocess, sys
subprocess.call([sys.executable, "-m", "insights", *sys.argv[1:]])
print("\\npeak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_BROKEN_EACH = 10
_NO_SOURCE = b"\x00\x01\x02 neither text nor a document"


@dataclass(frozen=True, slots=True)
class Load:
    """What a command made of many: mistakes told, articles done, peak memory in MB, processor seconds."""

    told: int
    done: int
    megabytes: int
    seconds: float
    has_traceback: bool


def check_many(root: Path, count: int) -> Load:
    """Checks `count` articles of hostile text, in each of which a topic that nobody knows is an error."""
    _write_articles(root, count)
    return _run(root, rb"\[topic-unknown\]", lambda: count, "check")


def build_many(root: Path, count: int) -> Load:
    """Builds the same articles, each with a field of the front matter that nobody knows."""
    _write_articles(root, count)
    return _run(
        root, rb"\[field-unknown\]", lambda: len(list((root / "site/insights").glob("load-*/index.html"))), "build"
    )


def ingest_many(root: Path, count: int) -> Load:
    """Ingests `count` hostile texts, of which every tenth is no text at all."""
    copy_publication(root)
    inbox = root / "content/inbox"
    inbox.mkdir()
    before = len(list((root / "content/insights").iterdir()))
    for number, payload in _payloads(count):
        text = f"Notes on load {number}\n\n{payload.text}\n\nThe desk has {number} people who wait.\n".encode()
        (inbox / f"load-{number}.txt").write_bytes(text if number % _BROKEN_EACH else _NO_SOURCE)
    arguments = ("ingest", "content/inbox", "--topic", "Operations", "--date", "2026-01-01")
    return _run(
        root,
        rb"^content/inbox/load-\d+\.txt: ",
        lambda: len(list((root / "content/insights").iterdir())) - before,
        *arguments,
    )


def _payloads(count: int) -> list[tuple[int, Payload]]:
    return list(enumerate(islice(cycle(generate()), count)))


def _write_articles(root: Path, count: int) -> None:
    copy_publication(root)
    for number, payload in _payloads(count):
        line = one_line(payload.text) or "empty"
        fields = {"title": f"{number} {line}", "date": "2026-01-01", "topic": f"No topic {number}", "description": line}
        text = payload.text.replace("\x00", "")
        page = f"{dump_front_matter({**fields, 'unknown': 'field'})}\n{text}\n\n{text}\n"
        (root / f"content/insights/load-{number}.md").write_text(page, encoding="utf-8", newline="")


def _run(root: Path, mark: bytes, count_done: Callable[[], int], *arguments: str) -> Load:
    """Runs the command and reads its output line by line: a line that matches `mark` tells of a mistake."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        [sys.executable, "-c", _LAUNCHER, *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    told, has_traceback, line = 0, False, b""
    for line in process.stdout:
        told += re.search(mark, line) is not None
        has_traceback |= b"Traceback" in line
    process.wait()
    peak = int(line.removeprefix(b"peak "))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    megabytes = peak // (1024 if sys.platform == "linux" else 1024 * 1024)
    return Load(told, count_done(), megabytes, seconds, has_traceback)
