"""Hostile text by every way in, and what leaves by every way out, in a real browser: a sample of what
`benchmarks/faults.py payloads` does with all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import copy_publication, run_insights
from trust.control import blind_eyes
from trust.outputs import scan
from trust.payloads import FAMILIES, generate, sample
from trust.reading import page_names, read_all, read_guarded, read_unguarded
from trust.scan import find_hits
from trust.trial import HOST, Trial, build, report, write_publication

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAMPLE = 20


def test_payloads_are_many_of_every_family_and_each_is_named() -> None:
    payloads = generate()
    assert len(payloads) >= 3000
    assert len({payload.text for payload in payloads}) == len({payload.id for payload in payloads}) == len(payloads)
    assert {payload.family for payload in payloads} == set(FAMILIES)
    assert payloads == generate()


def test_the_scan_reads_an_address_as_a_browser_does() -> None:
    assert list(find_hits('<a href="&#106;ava&Tab;script:x">y</a>', HOST))
    assert not list(find_hits('<a href="&amp;#106;avascript:x">y</a>', HOST)), "a relative address with odd letters"


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that nobody hostile wrote."""
    root = copy_publication(tmp_path_factory.mktemp("benign") / "publication")
    assert run_insights(root, "build").returncode == 0
    return root / "site"


@pytest.mark.browser
def test_what_no_page_may_do_is_noticed_where_it_is_planted(tmp_path: Path, benign: Path, browser: Browser) -> None:
    assert blind_eyes(benign, tmp_path / "control", browser) == []


@pytest.mark.browser
def test_hostile_text_is_shown_and_never_runs(tmp_path: Path, benign: Path, browser: Browser) -> None:
    root = tmp_path / "hostile"
    expected = write_publication(root, sample(SAMPLE))
    trial = Trial()
    scan(build(root), benign, trial)
    read_all(root / "site", browser, trial, expected)
    assert trial.counts["pages loaded"] > 100, "every way in has left a page"
    assert not trial.found(), report(trial)
    assert trial.literal_share() >= 0.99, report(trial)


@pytest.mark.browser
def test_the_policy_stops_what_the_sanitiser_would_let_through(tmp_path: Path, browser: Browser) -> None:
    root = tmp_path / "hostile"
    write_publication(root, (*sample(3), next(payload for payload in generate() if payload.family == "handler")))
    unsafe = build(root, is_sanitised=False)
    stopped, unguarded = Trial(), Trial()
    read_guarded(unsafe, browser, stopped, page_names(unsafe))
    assert not stopped.executed, report(stopped)
    read_unguarded(unsafe, browser, unguarded, page_names(unsafe))
    assert unguarded.executed, "with neither wall, the watch sees scripts run"
