"""Very many hostile articles at once, each with a mistake that must be told."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from conftest import copy_publication

from insights.frontmatter import dump_front_matter
from trust.carriers import one_line
from trust.payloads import generate

# A process counts as its own peak what it held as a fork of its parent, before it became another program: the command
# is started by a small one, not by a test runner that has grown.
_LAUNCHER = """
import resource, subprocess, sys
subprocess.call([sys.executable, "-m", "insights", "check"])
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a check of many articles gave: those that have their error told, peak memory in MB, processor seconds."""

    told: int
    megabytes: int
    seconds: float
    has_traceback: bool


def check_many(root: Path, count: int) -> Load:
    """Checks `count` articles of hostile text, in each of which a tag that nobody knows is an error."""
    copy_publication(root)
    for number, payload in enumerate(islice(cycle(generate()), count)):
        line = one_line(payload.text) or "empty"
        fields = {"title": f"{number} {line}", "date": "2026-01-01", "topic": f"No topic {number}", "description": line}
        text = payload.text.replace("\x00", "")
        page = f"{dump_front_matter(fields)}\n{text}\n\n{text}\n"
        (root / f"content/insights/load-{number}.md").write_text(page, encoding="utf-8", newline="")
    command = [sys.executable, "-c", _LAUNCHER]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    assert process.stdout is not None
    told, has_traceback, line = 0, False, b""
    for line in process.stdout:
        told += b"[topic-unknown]" in line
        has_traceback |= b"Traceback" in line
    process.wait()
    peak = int(line.removeprefix(b"peak "))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load(told, peak // (1024 if sys.platform == "linux" else 1024 * 1024), seconds, has_traceback)
