"""The search index: Pagefind over the built pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from insights.errors import RenderError

_FIX = "reinstall it: make clean site"


def build_search_index(site_dir: Path) -> int:
    """How many pages the index in `site_dir`/pagefind/ holds. Raises RenderError where Pagefind fails.

    Pagefind runs as a command: its Python client waits for ever on a service that has died.
    """
    from pagefind.service import get_executable

    command = [str(get_executable()), "--site", str(site_dir), "--output-path", str(site_dir / "pagefind")]
    try:
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    except OSError as error:
        raise RenderError("Pagefind", error.strerror or str(error), _FIX) from error
    indexed = re.search(r"Indexed (\d+) pages?", run.stdout)
    if run.returncode or indexed is None:
        lines = [line.strip() for line in f"{run.stdout}\n{run.stderr}".splitlines() if line.strip()]
        panic = next((index for index, line in enumerate(lines) if "panicked" in line), len(lines) - 1)
        raise RenderError(str(site_dir), f"Pagefind failed: {' '.join(lines[panic : panic + 2])}", _FIX)
    # It also writes its own interface; ours replaces it.
    for path in sorted((site_dir / "pagefind").glob("pagefind-*ui*")):
        path.unlink()
    return int(indexed[1])
