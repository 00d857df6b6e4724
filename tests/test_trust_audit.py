"""`make audit`: its bill of materials is whole and asks no index; what is wrong ends it with 1, and is told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

# What pip-audit writes, and exits with.
_CLEAN = ("", "No known vulnerabilities found", 0)
_HOLE = (
    "Name   Version ID           Fix Versions\n------ ------- ------------ ------------\n"
    "jinja2 3.1.2   PYSEC-2025-1 3.1.6",
    "Found 1 known vulnerability in 1 package",
    1,
)
_UNKNOWN = ("", "ERROR:pip_audit._cli:odd: Dependency not found on PyPI and could not be audited: odd (1.0)", 1)
_OFFLINE = ("", "ERROR:pip_audit._cli:Failed to connect to the vulnerability service", 1)
_PROGRAM = """#!/usr/bin/env bash
cat <<'END'
{out}
END
echo {err!r} >&2
exit {code}
"""
_PYTHON = """#!/usr/bin/env bash
[ "$1" = -m ] || exit 0
mkdir -p "$3/bin" && cp {fakes}/pip {fakes}/pip-audit "$3/bin/"
"""


def write_program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def audit(root: Path, answer: tuple[str, str, int], pip: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the audit of a copy of the locks: its venv's pip exits with `pip`, and its pip-audit answers."""
    fakes = root / "fakes"
    for folder in (fakes, root / "scripts", root / ".venv/bin"):
        folder.mkdir(parents=True)
    for name in ("scripts/setup.sh", "scripts/bill.py", "pyproject.toml", "package-lock.json"):
        shutil.copy(PROJECT / name, root / name)
    shutil.copytree(PROJECT / "requirements", root / "requirements")
    write_program(root / ".venv/bin/python", f'#!/usr/bin/env bash\nexec {sys.executable} "$@"\n')
    write_program(fakes / "pip", f"#!/usr/bin/env bash\nexit {pip}\n")
    out, err, code = answer
    write_program(fakes / "pip-audit", _PROGRAM.format(out=out, err=err, code=code))
    write_program(fakes / "python", _PYTHON.format(fakes=fakes))
    # No index can be asked: its address leads nowhere.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "1", "PYTHON": str(fakes / "python")}
    return subprocess.run(
        ["bash", str(root / "scripts/setup.sh"), "audit"],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("answer", "pip", "told"),
    [
        (_HOLE, 0, "Found 1 known vulnerability in 1 package"),
        (_UNKNOWN, 0, "could not be audited: odd (1.0)"),
        (_OFFLINE, 0, "Failed to connect"),
        (_CLEAN, 1, "Not audited: pip-audit cannot be installed"),
    ],
    ids=["hole", "not-audited", "offline", "not-installed"],
)
def test_what_is_wrong_ends_the_audit_with_one_and_is_told(
    tmp_path: Path, answer: tuple[str, str, int], pip: int, told: str
) -> None:
    result = audit(tmp_path / "project", answer, pip)
    assert result.returncode == 1
    assert told in result.stderr
    assert "PyPI has to be reachable" in result.stderr
    assert answer[0] in result.stdout, "the table of holes is shown"
    bill = json.loads((tmp_path / "project/build/insights.cdx.json").read_text(encoding="utf-8"))
    assert len(bill["components"]) > 500, "the bill is made all the same"


def test_an_audit_that_finds_nothing_ends_with_none_and_says_so(tmp_path: Path) -> None:
    result = audit(tmp_path / "project", _CLEAN)
    assert (result.returncode, result.stderr) == (0, "")
    assert "No known vulnerabilities found" in result.stdout


def test_the_bill_lists_every_locked_package_with_version_and_digests() -> None:
    command = [sys.executable, str(PROJECT / "scripts/bill.py")]
    first, second = (subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second
    bill = json.loads(first)
    assert {key: bill[key] for key in ("bomFormat", "specVersion", "version")} == {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    }  # fmt: skip
    parts = {part["bom-ref"]: part for part in bill["components"]}
    assert len(parts) == len(bill["components"]), "each is named once"
    lengths = {"SHA-256": 64, "SHA-512": 128}
    for ref, part in parts.items():
        assert part["type"] == "library"
        assert part["purl"] == ref
        assert re.fullmatch(r"pkg:(pypi|npm)/\S+@\S+", ref)
        assert part["hashes"], ref
        assert all(re.fullmatch(f"[0-9a-f]{{{lengths[each['alg']]}}}", each["content"]) for each in part["hashes"])
    digests = {each["content"] for part in parts.values() for each in part["hashes"]}
    for lock in ("site", "test"):
        text = (PROJECT / f"requirements/{lock}.lock").read_text(encoding="utf-8")
        assert set(re.findall(r"sha256:([0-9a-f]{64})", text)) <= digests
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE):
            assert f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{version}" in parts
    locked = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert sum(ref.startswith("pkg:npm/") for ref in parts) == len(
        {(path.rpartition("node_modules/")[2], each["version"]) for path, each in locked.items() if path}
    )
    assert parts[f"pkg:pypi/nh3@{parts_version(parts, 'nh3')}"]["licenses"] == [{"license": {"name": "MIT"}}]


def parts_version(parts: dict[str, dict[str, str]], name: str) -> str:
    return next(part["version"] for part in parts.values() if part["name"] == name)
