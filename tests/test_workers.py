"""Processes that die while they read a source: told of that source, without harm to the others."""

from __future__ import annotations

import os
import signal
from pathlib import Path

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
