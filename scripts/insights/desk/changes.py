"""What a branch changed, asked of git: files with their changed lines, and files that are gone."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from insights.errors import StoreError

_HUNK = re.compile(r"^@@ -\d+(?:,(?P<gone>\d+))? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")
# Said in full: what people set for their own eyes (diff.mnemonicPrefix, color.ui) changes what git prints.
_DIFF = (
    "diff", "--unified=0", "--no-renames", "--relative", "--no-ext-diff", "--no-textconv", "--no-color",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_NAMES = ("diff", "--name-only", "--no-renames", "--relative", "-z")
_LITERALLY = ("--literal-pathspecs",)
_PATHS_AT_ONCE = 500  # a command line holds no more
_CANDIDATES = ("origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Changes:
    """The lines (counted from 1) that each file has anew since `base`, a commit, and the files that came and went."""

    base: str
    lines: Mapping[str, frozenset[int]]
    removed: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()


def read_changes(root: Path, base: str | None = None) -> Changes:
    """What the working tree changed since it left `base` (the main branch by default), new files included.

    Paths are relative to `root`. Raises StoreError where this is no git repository, or has no such branch.
    """
    start = merge_base(root, base)
    lines: dict[str, set[int]] = {}
    path = ""
    left = 0  # lines of a hunk: one that was added may begin with "++ " itself
    # Names from a repository are data: quotePath is off and nothing is passed through a shell.
    for line in run_git(root, *_DIFF, start, "--").split("\n"):
        if left:
            left -= not line.startswith("\\")
        elif line.startswith("+++ "):
            path = line[4:].rstrip("\t").removeprefix("b/")
            if path != "/dev/null":
                lines.setdefault(path, set())
        elif match := _HUNK.match(line):
            first, count = int(match["start"]), int(match["count"] or 1)
            left = int(match["gone"] or 1) + count
            if path != "/dev/null":
                lines[path].update(range(first, first + count))
    new = _names(run_git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    for name in new:
        count = (root / name).read_bytes().count(b"\n") + 1 if (root / name).is_file() else 0
        lines[name] = set(range(1, count + 1))
    removed, added = (_names(run_git(root, *_NAMES, f"--diff-filter={kind}", start, "--")) for kind in "DA")
    return Changes(
        base=start,
        lines={name: frozenset(numbers) for name, numbers in sorted(lines.items())},
        removed=tuple(removed),
        added=frozenset((*added, *new)),
    )


def _names(listed: str) -> list[str]:
    return sorted(name for name in listed.split("\0") if name)


def merge_base(root: Path, base: str | None) -> str:
    """The commit at which the branch left `base`. Raises StoreError."""
    names = [base] if base else [f"origin/{name}" for name in [os.environ.get("GITHUB_BASE_REF")] if name]
    for name in names or _CANDIDATES:
        try:
            return run_git(root, "merge-base", "HEAD", "--end-of-options", name).strip()
        except StoreError:
            continue
    what = f'git knows no common commit with "{base}"' if base else "git knows no main branch to compare with"
    raise StoreError(str(root), what, "name the branch: --since origin/main; in CI, fetch the whole history")


def files_at(root: Path, commit: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The path and bytes of each of the files that a commit has; those that it lacks are left out."""
    wanted = sorted(set(paths))
    for start in range(0, len(wanted), _PATHS_AT_ONCE):
        some = wanted[start : start + _PATHS_AT_ONCE]
        there = _names(run_git(root, *_LITERALLY, "ls-tree", "-z", "--name-only", commit, "--", *some))
        if not there:
            continue
        packed = _git(root, *_LITERALLY, "archive", "--format=tar", commit, "--", *there)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                if member.isfile() and (file := archive.extractfile(member)):
                    yield member.name, file.read()


def run_git(root: Path, *arguments: str) -> str:
    """What git prints. Raises StoreError with git's own words where it fails."""
    return _git(root, *arguments).decode("utf-8", "replace")


def _git(root: Path, *arguments: str) -> bytes:
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *arguments]
    try:
        result = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (a list, no shell)
    except OSError as error:
        raise StoreError(str(root), f"git cannot be run: {error.strerror}", "install git") from error
    if result.returncode:
        message = result.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise StoreError(str(root), f"git {arguments[0]}: {message}", "run this in a clone of the repository")
    return result.stdout
