"""The other engine, Zensical: it renders the same docs tree with the same templates, at the same addresses.

It runs no plugins and reads neither tags nor navigation here: prepare and finish do all of that.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Container, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from insights.errors import RenderError
from insights.settings import FILE_NAME
from insights.site.copies import open_copy
from insights.site.engines import BUILD, Built
from insights.site.inputs import THEME, Run
from insights.site.pages import Json
from insights.site.tree import exchange
from insights.store import read_text, write_output

_SETTINGS = "zensical.yml"
_SITE = "zensical"


def build_with_zensical(run: Run, site_dir: Path) -> Built:
    """Builds the whole site into `site_dir`; what Zensical keeps of earlier builds is not relied on.

    Raises RenderError where Zensical is missing or fails; the old site then stays as it was.
    """
    from insights.site.build import prepare
    from insights.site.outputs import finish

    if find_spec("zensical") is None:
        raise RenderError("Zensical", "it is not installed", 'run `.venv/bin/pip install "zensical>=0.0.70"`')
    root = run.root
    prepared = prepare(run)
    prepared.write_docs()
    spare = open_copy(root / BUILD / _SITE, root / BUILD / "zensical.ledger")
    shutil.rmtree(spare.folder, ignore_errors=True)
    settings = root / BUILD / _SETTINGS
    write_output(settings, render_settings(read_text(root / FILE_NAME), root, prepared.theme).encode())
    _run_zensical(settings)
    _remove_own_files(spare.folder, prepared.list_docs())
    finish(prepared, spare.folder)
    write_output(spare.ledger_path, b"")  # no ledger: the next build with MkDocs makes every file
    exchange(spare, open_copy(site_dir, root / BUILD / "site.live.ledger"))
    shutil.rmtree(spare.folder, ignore_errors=True)
    pages = len(prepared.pages)
    return Built(prepared.findings, pages, prepared.parsed, prepared.prepared, pages, pages)


def render_settings(text: str, root: Path, theme: Mapping[str, Json]) -> str:
    """mkdocs.yml as Zensical needs it below build/: with the docs tree, our templates' values, and no plugins.

    Everything else stays as it is written, tags of YAML included.
    """
    document: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    fields = {key.value: (key, value) for key, value in document.value}
    extra = _node({"insights": theme})
    if "extra" in fields:
        extra.value = [*fields["extra"][1].value, *extra.value]
    own = {"docs_dir": _node("docs"), "site_dir": _node(_SITE), "extra": extra}
    fields |= {name: (_node(name), value) for name, value in own.items()}
    fields.pop("plugins", None)
    for key, value in fields["theme"][1].value:
        if key.value == "custom_dir":
            value.value = str(root / THEME)
    document.value = list(fields.values())
    return yaml.serialize(document, allow_unicode=True)


def _node(value: Json) -> Any:
    return yaml.compose(json.dumps(value), Loader=yaml.SafeLoader)


def _run_zensical(settings: Path) -> None:
    command = [sys.executable, "-m", "zensical", "build", "--config-file", str(settings), "--clean"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    if run.returncode:
        message = run.stderr.strip().rpartition("\n")[2].removeprefix("RuntimeError: ").removeprefix("Error: ")
        place = re.search(r"\(in (\S+?:\d+)\)$", message)
        where = f"{THEME}/{place[1]}" if place else FILE_NAME
        raise RenderError(where, f"Zensical failed: {message}", "mend it, and build again")


def _remove_own_files(site_dir: Path, docs: Container[str]) -> None:
    """Removes what the underlying theme adds: our pages use none of it."""
    for path in sorted(site_dir.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.suffix != ".html" and path.relative_to(site_dir).as_posix() not in docs:
            path.unlink()
