"""Hundreds of Word documents, whole and damaged, ingested at once: each is an article or told in a line."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

from trust.documents import documents
from trust.strangers import ingest_strangers, reasons, words_said, words_shown
from trust.word import FEATURES, OLE, pack, parts_of

from insights.model import Source
from insights.readers.docx import read_docx

CPU_SECONDS, MEGABYTES = 60, 300  # for all of them in one process
_WITHOUT_TEXT = {"nothing", "empty-table"}
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


def test_documents_of_anyones_are_counted_with_the_words_that_arrived(tmp_path: Path) -> None:
    folder = tmp_path / "theirs/deep"
    folder.mkdir(parents=True)
    (folder / "a whole one.docx").write_bytes(pack(parts_of(FEATURES["plain"] + FEATURES["changes"])))
    (folder / "a whole one, again.docx").write_bytes(pack(parts_of(FEATURES["plain"] + FEATURES["changes"])))
    (folder / "empty.docx").write_bytes(pack(parts_of("")))
    (folder / "locked.docx").write_bytes(OLE)
    found = ingest_strangers(tmp_path / "theirs", tmp_path / "work", jobs=1)
    whole, empty, locked = found.documents
    assert (found.tracebacks, found.untold) == (0, ())
    assert (whole.name, whole.refusal, whole.words) == ("deep/a whole one, again.docx", "", whole.arrived)
    assert whole.words == 3 * 18 + len(["newto"])
    assert "no text" in empty.refusal
    assert "before 2007" in locked.refusal
    assert found.share() == 1
    assert list(reasons(found.documents).values()) == [1, 1]


def test_the_words_of_a_document_are_what_it_shows_each_said_once() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
    said = words_said(pack(parts_of(FEATURES["plain"] + FEATURES["text-box"] + hidden)))
    assert said["desk"] == 4, "a text box is said once, though it is written twice"
    assert "secret" not in said
    assert said - words_shown("---\ntitle: A desk\n---\n\nThe **de**sk coun\\*ts `people`.\n") == said - Counter(
        "the desk desk coun ts people".split()
    )
