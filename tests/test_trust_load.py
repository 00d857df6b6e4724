"""Very many hostile articles at once: `benchmarks/faults.py load` does it with ten thousand."""

from __future__ import annotations

from pathlib import Path

from trust.load import build_many, check_many, ingest_many


def test_a_thousand_mistakes_are_all_told(tmp_path: Path) -> None:
    load = check_many(tmp_path / "p", 1000)
    assert load.told == 1000
    assert not load.has_traceback
    assert load.megabytes < 400


def test_every_article_with_a_mistake_is_told_and_built(tmp_path: Path) -> None:
    load = build_many(tmp_path / "p", 100)
    assert (load.told, load.done) == (100, 100)
    assert not load.has_traceback


def test_every_source_is_an_article_or_told(tmp_path: Path) -> None:
    load = ingest_many(tmp_path / "p", 200)
    assert load.told >= 20
    assert load.told + load.done == 200
    assert not load.has_traceback
