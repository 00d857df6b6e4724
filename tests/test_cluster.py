"""Ingest on a real local Dask cluster of separate worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import PROJECT, copy_publication, run_insights

from insights.ingest import Request, Status, ingest
from insights.ingest.places import find_places, write_object
from insights.library import Library

TEXT = (PROJECT / "tests" / "sources" / "pilot-twin.txt").read_text(encoding="utf-8")
COUNT = 60


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_source_is_done_once_though_a_worker_is_killed(tmp_path: Path) -> None:
    from distributed import LocalCluster

    sources = tmp_path / "sources"
    sources.mkdir()
    for number in range(COUNT):
        text = TEXT.replace(
            "Why Your Second AI Project Is Harder Than Your First", f"Project number {number:02} of many"
        )
        (sources / f"{number:02}.txt").write_text(text, encoding="utf-8")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL") as cluster:
        victim = next(iter(cluster.workers.values())).pid
        request = Request(
            tmp_path / "out", tmp_path, datetime(2026, 1, 1, tzinfo=UTC), tmp_path, cluster=cluster.scheduler_address
        )
        outcomes = []
        for outcome in ingest(find_places([str(sources)]), Library(), request):
            outcomes.append(outcome)
            if len(outcomes) == 5:
                threading.Thread(target=os.kill, args=(victim, signal.SIGKILL)).start()
    assert [outcome.status for outcome in outcomes] == [Status.DRAFT] * COUNT
    assert len({outcome.path for outcome in outcomes}) == COUNT
    assert len(list((tmp_path / "out").glob("*.md"))) == COUNT


def test_articles_can_be_read_from_and_written_to_another_file_system() -> None:
    from upath import UPath

    folder = UPath("memory://sources")
    folder.mkdir(exist_ok=True)
    (folder / "note.txt").write_text(TEXT, encoding="utf-8")
    into = UPath("memory://articles")
    request = Request(into, Path("/"), datetime(2026, 1, 1, tzinfo=UTC), into, write=write_object)
    (outcome,) = ingest(find_places(["memory://sources"]), Library(), request)
    assert outcome.status is Status.DRAFT
    (path,) = into.glob("*.md")
    assert "## " in path.read_text(encoding="utf-8")


def test_articles_are_checked_on_a_cluster_as_they_are_here(tmp_path: Path) -> None:
    from distributed import LocalCluster

    publication = copy_publication(tmp_path / "publication")
    (first, *_) = sorted((publication / "content" / "insights").glob("*.md"))
    for number in range(400):  # more than one process would be asked to check
        first.with_name(f"{first.stem}-{number}.md").write_text(first.read_text(encoding="utf-8") + "\n\n\n#Crowded\n")
    here = run_insights(publication, "check", "--format", "json", "--jobs", "1")
    shutil.rmtree(publication / "build")  # where the first run keeps what it found
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL") as cluster:
        there = run_insights(publication, "check", "--format", "json", "--cluster", cluster.scheduler_address)
    assert there.stderr == here.stderr
    assert there.stdout == here.stdout
    assert here.stdout.count("heading") > 400


def test_cluster_that_does_not_answer_is_named(tmp_path: Path) -> None:
    publication = copy_publication(tmp_path / "publication")
    result = run_insights(
        publication,
        "ingest",
        str(PROJECT / "tests" / "sources"),
        "--cluster",
        "nowhere",
        DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s",
    )
    assert result.returncode == 2
    assert result.stderr.startswith("nowhere: no Dask scheduler answers there")


def test_site_that_a_cluster_makes_is_the_site_though_a_worker_is_killed(tmp_path: Path) -> None:
    from distributed import LocalCluster

    here, there = (copy_publication(tmp_path / name) for name in ("here", "there"))
    for publication in (here, there):
        (first, *_) = sorted((publication / "content" / "insights").glob("*.md"))
        for number in range(80):
            copied = first.read_text(encoding="utf-8").replace("title: ", f"title: Number {number} of ", 1)
            first.with_name(f"{first.stem}-{number}.md").write_text(copied, encoding="utf-8")
    moment = {"SOURCE_DATE_EPOCH": "1785000000"}
    assert run_insights(here, "build", **moment).returncode == 0
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL") as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killer = threading.Thread(target=kill_at_the_first_page, args=(there / "build" / "site" / "insights", victim))
        killer.start()
        built = run_insights(there, "build", "--cluster", cluster.scheduler_address, **moment)
        killer.join()
    assert (built.returncode, built.stderr) == (0, "")
    assert files_below(there / "site") == files_below(here / "site")


def kill_at_the_first_page(folder: Path, victim: int) -> None:
    while not any(folder.glob("*/index.html")):
        time.sleep(0.01)
    os.kill(victim, signal.SIGKILL)


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
