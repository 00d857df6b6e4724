"""Three-way merge of an article's file: what ingest wrote, what an editor made of it, what the source says now."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_CONFLICT = b"<<<<<<< "


def merge(current: str, base: str, new: str) -> tuple[str, tuple[int, ...]]:
    """The merged text, and the lines of `current` at which both sides changed; the text is `current` if there are any.

    git does it, which every publication has at hand; without git all of it counts as a conflict.
    """
    git = shutil.which("git")
    if git is None:
        return current, (1,)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("current", "base", "new")]
        for path, text in zip(paths, (current, base, new), strict=True):
            path.write_bytes(text.encode())
        command = [git, "merge-file", "--stdout", "--quiet", *map(str, paths)]
        result = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (git, on files of our own)
    if result.returncode == 0:
        return result.stdout.decode(), ()
    return current, _conflicting_lines(result.stdout)


def _conflicting_lines(merged: bytes) -> tuple[int, ...]:
    """Where each conflict begins, as a line of the current text: the new side's lines and the marks do not count."""
    found: list[int] = []
    line, side = 0, "both"
    for text in merged.splitlines():
        if text.startswith(_CONFLICT):
            side = "current"
            found.append(line + 1)
        elif side == "current" and text.startswith(b"======="):
            side = "new"
        elif side == "new" and text.startswith(b">>>>>>> "):
            side = "both"
        elif side != "new":
            line += 1
    return tuple(found) or (1,)
