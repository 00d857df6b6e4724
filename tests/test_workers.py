"""Processes that die while they read a source: told of that source, without harm to the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from insights.ingest.convert import Converted, failed
from insights.ingest.places import Place
from insights.workers import Workforce, run_all

COUNT = 20


def read_or_die(place: Place) -> tuple[Converted, ...]:
    """As a parser with a fault: one source ends the process that reads it."""
    if "poison" in place.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return (Converted(place.name),)


def die_the_first_time(place: Place) -> tuple[Converted, ...]:
    """As a process that the system ends while it reads a good source."""
    mark = Path(place.path or "")
    if place.name == "3" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return (Converted(place.name),)


def test_source_that_kills_its_worker_fails_alone() -> None:
    names = [f"{number}-poison" if number in (4, 11) else f"{number}" for number in range(COUNT)]
    with Workforce(2).open() as workers:
        results = [result for (result,) in run_all(map(Place, names), workers, read_or_die, failed)]
    assert [result.name for result in results] == names
    assert [result.name for result in results if result.error] == ["4-poison", "11-poison"]
    assert "the worker that read it died" in str(results[4].error)


def test_source_whose_worker_was_killed_is_read_again(tmp_path: Path) -> None:
    places = [Place(f"{number}", path=str(tmp_path / "killed")) for number in range(COUNT)]
    with Workforce(2).open() as workers:
        results = [result for (result,) in run_all(places, workers, die_the_first_time, failed)]
    assert (tmp_path / "killed").exists()
    assert [result.name for result in results if result.error] == []
    assert len(results) == COUNT


@pytest.mark.parametrize("work", ["pool", "shards", "aside"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_processes_of_a_command_end_with_it(work: str, number: signal.Signals, tmp_path: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-c", _AT_WORK, work, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    processes = 1 if work == "aside" else 2
    while len(list(tmp_path.iterdir())) < processes:
        time.sleep(0.01)
    if number == signal.SIGINT:
        os.killpg(command.pid, number)  # as a terminal does
    else:
        command.kill()
    _, errors = command.communicate(timeout=60)  # ends when nobody holds the other end of its pipes any more
    assert errors == b""


_AT_WORK = """
import os, sys, time
from pathlib import Path
from insights.site.shards import aside, in_shards
from insights.workers import Workforce

def stay(_item=None):
    Path(sys.argv[2], str(os.getpid())).touch()
    time.sleep(600)

sys.excepthook = lambda *error: None  # the command's own; each process that has one to tell would tell it
if sys.argv[1] == "pool":
    with Workforce(2).open() as workers:
        [workers.submit(stay, number) for number in range(4)][0]()
elif sys.argv[1] == "shards":
    list(in_shards(range(100), stay, 2))
else:
    with aside(stay, 2) as result:
        result()
"""


def test_a_command_does_not_wait_for_workers_that_it_has_ended() -> None:
    script = "import multiprocessing, time; from insights.workers import end_workers\nif __name__ == '__main__':\n"
    script += "    multiprocessing.Process(target=time.sleep, args=(600,)).start()\n    end_workers()"
    ended = subprocess.run([sys.executable, "-c", script], timeout=60, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
