"""Sources and pictures made to be slow, deep or large: refused in one line, or done, with little time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import run_insights
from trust.bombs import PICTURES, PROSE, SOURCES, laughs, matryoshka, overlapping, packed

from insights.check import check_text
from insights.ingest.images import prepare_picture
from insights.moving.markdown_files import title_in

CPU_SECONDS, MEGABYTES = 5, 300  # of processor time: a busy machine changes nothing
_LONGEST = 600
# What it holds at most is read from its own status: its rusage would count what it held as a fork of the test runner.
_READ = """
import resource, sys
from insights.ingest.convert import Reading, convert
from insights.ingest.places import Place
for each in convert(Place(sys.argv[1], path=sys.argv[1]), Reading()):
    if each.error:
        print(each.error, file=sys.stderr)
if sys.platform == "linux":
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(int(status["VmHWM"].split()[0]) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024))
"""


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_made_to_be_large_is_done_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(SOURCES[name]())
    result = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < MEGABYTES
    assert "Traceback" not in result.stderr
    told = result.stderr.splitlines()
    assert len(told) <= 2, "what is wrong, and what to do"
    assert all(len(line) < _LONGEST for line in told)
    assert not told or name in told[0]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_made_to_be_large_is_refused_in_one_line(name: str) -> None:
    if name in ("many-texts.png", "many-frames.gif"):  # small pictures in many pieces
        assert prepare_picture(PICTURES[name]).width <= 3000
        return
    with pytest.raises(ValueError, match=r"megapixels|no picture that can be read") as refused:
        prepare_picture(PICTURES[name])
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < _LONGEST


def test_archives_of_archives_are_not_unfolded(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "nested.zip").write_bytes(matryoshka(12))
    (folder / "overlapping.zip").write_bytes(overlapping(60_000))
    (folder / "ratio.zip").write_bytes(packed({"a.txt": b" " * 300_000_000}))
    (folder / "outside.zip").write_bytes(packed({"../../a.txt": PROSE.encode() * 9, "/etc/b.txt": PROSE.encode() * 9}))
    (folder / "laughs.opml").write_bytes((laughs("opml") + "<opml>&l9;</opml>").encode())
    result = run_insights(tmp_path, "ingest", str(folder), "--into", str(tmp_path / "out"))
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2), result.stderr
    for name in ("overlapping.zip", "ratio.zip"):
        assert any(name in line for line in result.stderr.splitlines()), result.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(folder)]
    assert all(path.is_relative_to(tmp_path / "out") for path in written)


def test_patterns_that_grew_with_the_cube_of_a_run_of_spaces_are_done() -> None:
    spaces = " " * 10_000
    assert check_text(f"---\ntitle: A\n---\n\nText.\n\n<!-- check: ignore link-text:{spaces}\n", "a.md").ignores == ()
    assert title_in(f"# A heading {spaces} ## {{ #id }}{spaces}") == "A heading"
