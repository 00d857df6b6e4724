"""The admin page over a publication whose every word is hostile, in a real browser: a sample of what
`benchmarks/faults.py admin` does with all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from trust.admin import is_blind, read_admin, write_desk
from trust.outputs import scan
from trust.payloads import sample
from trust.reading import page_names, read_unguarded
from trust.trial import Trial, build, report

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
def test_what_the_admin_page_shows_and_writes_is_shown_and_never_runs(tmp_path: Path, browser: Browser) -> None:
    payloads, trial = sample(41), Trial()
    benign_port = write_desk(tmp_path / "benign", ())
    benign = build(tmp_path / "benign")
    assert is_blind(tmp_path / "benign", benign_port, browser) == [], "what no admin page may do is noticed"

    port = write_desk(tmp_path / "hostile", payloads)
    site = build(tmp_path / "hostile")
    before = set(page_names(site))
    expected = read_admin(tmp_path / "hostile", port, browser, trial, payloads)
    build(tmp_path / "hostile")
    scan(site, benign, trial)
    read_unguarded(site, browser, trial, sorted(set(page_names(site)) - before), expected)
    assert trial.counts["articles written in admin"] == trial.told["admin text"] == 2
    assert trial.counts["admin options"] > 3 * len(payloads)
    assert not trial.found(), report(trial)
    assert trial.literal_share() >= 0.99, report(trial)
