"""The benchmark that tells rooms apart runs: nobody else calls their functions one after another."""

from __future__ import annotations

import subprocess
import sys

from conftest import PROJECT


def test_every_stage_of_a_build_is_measured() -> None:
    command = [sys.executable, str(PROJECT / "benchmarks/stages.py"), "--articles", "12"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: float(line.split()[-1]) for line in done.stdout.splitlines()[1:]}
    asked = {"load", "check", "relate", "prepare", "markdown", "articles", "listings", "feeds", "cards", "search"}
    assert asked <= rows.keys()
    assert all(rows[stage] > 0 for stage in asked)
