"""The judges of built pages: axe-core in a browser, and the Nu HTML Checker over files. Both come from npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECT = Path(__file__).parent.parent
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
VNU = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def need(is_there: bool, judge: str) -> None:
    """Skips the test on a machine that lacks the judge, but never in CI."""
    if not is_there:
        message = f"!!! {judge} is missing: `make test` installs it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def axe_violations(page: Page, rules: Sequence[str] = AXE_RULES) -> list[str]:
    """What axe finds by these rules: rule and first element of each violation. The page's policy stays in force."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_script())
    found = page.evaluate(
        "rules => axe.run({ resultTypes: ['violations'], runOnly: rules }).then(({ violations }) => violations)",
        list(rules),
    )
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found]


def nu_messages(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """The errors and warnings of the Nu HTML Checker in each file (folders: every HTML file inside) that has any."""
    command = ["java", "-jar", str(VNU), "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html"]
    run = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=True)
    found: dict[Path, list[str]] = {}
    for message in json.loads(run.stdout)["messages"]:
        kind = message.get("subType") or message["type"]
        path = Path(message["url"].removeprefix("file:"))
        line = f"{kind}: {message['message']} ({message.get('extract', '')[:120]})"
        found.setdefault(path, []).append(line)
    return found


def has_nu() -> bool:
    """Whether the Nu HTML Checker can run."""
    return VNU.is_file() and shutil.which("java") is not None


@cache
def _axe_script() -> str:
    return AXE.read_text(encoding="utf-8")
