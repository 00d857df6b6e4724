"""A thousand mistakes at once are all told; `benchmarks/faults.py load` does it with ten thousand articles."""

from __future__ import annotations

from pathlib import Path

from trust.load import check_many


def test_a_thousand_mistakes_are_all_told(tmp_path: Path) -> None:
    load = check_many(tmp_path / "p", 1000)
    assert load.told == 1000
    assert not load.has_traceback
    assert load.megabytes < 400
