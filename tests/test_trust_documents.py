"""Hundreds of Word documents, whole and damaged, ingested at once: each is an article or told in a line."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

from trust.documents import documents
from trust.word import FEATURES, pack, parts_of

from insights.model import Source
from insights.readers.docx import read_docx

CPU_SECONDS, MEGABYTES = 60, 300  # for all of them in one process
_WITHOUT_TEXT = {"nothing", "empty-table", "equation", "ruby"}
_INGEST = """
import resource, sys
from insights.cli import main
try:
    main()
finally:
    if sys.platform == "linux":
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        print("peak", int(status["VmHWM"].split()[0]) // 1024)
    else:
        print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024))
"""


def test_word_documents_of_every_kind_of_damage_are_read_or_told(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    written = dict(documents())
    assert len(written) >= 200
    for name, data in written.items():
        (folder / name).write_bytes(data)
    result = subprocess.run(
        [sys.executable, "-c", _INGEST, "ingest", "sources", "--into", "out", "--jobs", "1", "--keep-names"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
        check=False,
    )
    told = re.findall(r"^sources/(\S+?): (.+)$", result.stderr, re.MULTILINE)
    failed = {name for name, _ in told}
    made = {path.stem for path in (tmp_path / "out").glob("*.md")}
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert len(result.stderr.splitlines()) == len(told), "each in one line"
    assert not [reason for _, reason in told if re.search(r"\w+(?:Error|Exception)\b", reason)], told
    others = {name for name in written if name not in failed and Path(name).stem not in made}
    unchanged = re.search(r"(\d+) unchanged", result.stdout)  # the same bytes under another name
    assert len(others) == (int(unchanged[1]) if unchanged else 0), f"neither made nor told: {others}"
    assert failed.isdisjoint(f"feature-{name}.docx" for name in FEATURES.keys() - _WITHOUT_TEXT)
    assert failed.isdisjoint(f"mixed-{number}.docx" for number in range(24))
    assert int(result.stdout.rpartition("peak ")[2]) < MEGABYTES


def test_what_a_document_refers_to_and_does_not_hold_is_told_in_its_article() -> None:
    body = FEATURES["picture-that-is-missing"] + FEATURES["notes-that-are-missing"] + FEATURES["picture"]
    extract = read_docx(Source("a.docx", pack({**parts_of(body), "word/comments.xml": b"<w:"})))
    assert extract.body.count("The desk counts people who wait") == 2
    assert "![](image-1.png)" in extract.body or "![A gauge](image-1.png)" in extract.body
    for missing in ("a picture", "a note", "the comments"):
        assert f"<!-- not converted: {missing} that the document does not hold -->" in extract.body
