"""Commands killed in the middle, and two at once: a sample of what `benchmarks/faults.py kills` does 200 times."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_publication
from trust.kills import CASES, Case, kill_often

from insights.site.copies import Copy
from insights.site.tree import exchange
from insights.store import hold

_SAMPLE = {
    "ingest": 4,
    "check --fix": 2,
    "tags merge": 3,
    "import": 4,
    "build": 2,
    "newsletter send": 3,
    "feeds ping": 2,
}
_EXCHANGE = """
import sys
from pathlib import Path
from insights.site.copies import Copy
from insights.site.tree import exchange
root = Path(sys.argv[1])
watched = ("os.rename", "os.remove", "shutil.rmtree")
sys.addaudithook(lambda event, _: event in watched and not (root / "site").is_dir() and print(event))
exchange(Copy(root / "spare", root / "spare.ledger", None), Copy(root / "site", root / "live.ledger", None))
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_killed_command_tears_nothing_and_the_next_run_finishes(tmp_path: Path, case: Case) -> None:
    kills = kill_often(case, tmp_path, _SAMPLE[case.name], seed=20)
    assert kills.count == _SAMPLE[case.name]
    assert not kills.wrong, "\n".join(kills.wrong)


def _two_copies(root: Path) -> None:
    for name in ("spare", "site"):
        (root / name).mkdir()
        (root / name / "index.html").write_text(name)
        (root / f"{'live' if name == 'site' else name}.ledger").write_text(name)


def test_the_sites_change_places(tmp_path: Path) -> None:
    _two_copies(tmp_path)
    spare = Copy(tmp_path / "spare", tmp_path / "spare.ledger", None)
    live = Copy(tmp_path / "site", tmp_path / "live.ledger", None)
    exchange(spare, live)
    assert (tmp_path / "site/index.html").read_text() == "spare"
    assert (tmp_path / "spare/index.html").read_text() == "site"
    assert (tmp_path / "live.ledger").read_text() == "spare"


def test_there_is_no_moment_without_a_site(tmp_path: Path) -> None:
    _two_copies(tmp_path)
    result = subprocess.run(
        [sys.executable, "-c", _EXCHANGE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    # Elsewhere folders cannot change places in one step; there the next build puts back what it finds aside.
    assert result.stdout == "" or sys.platform != "linux"


def test_a_second_command_waits_and_says_for_whom(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    told: list[str] = []
    with hold(root, "build", told.append):
        command = [sys.executable, "-m", "insights", "check", "--fix"]
        second = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert second.stderr is not None
        line = second.stderr.readline()
        assert line == f"Waiting for insights build, process {os.getpid()} to end …\n"
        assert second.poll() is None
    _, rest = second.communicate()
    assert "Mended" in rest
    assert not told


def test_what_a_killed_command_left_half_written_goes(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    left = root / "content/insights/.x1y2.part"
    left.write_text("half")
    with hold(root, "build", lambda _message: None):
        assert not left.exists()
