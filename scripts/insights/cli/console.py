"""What several commands show: consoles, findings, and the moment that counts as now."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.errors import InsightsError
from insights.model import Finding, Level
from insights.text import counted, spelt_out

if TYPE_CHECKING:
    from rich.console import Console

_UNFOLDED = 10_000  # characters: a table in a file or a log has a line for each row
_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.ADVICE: "cyan"}


def __getattr__(name: str) -> Console:
    """`out` and `err`, made when they are asked for: rich takes longer to load than many a command to run."""
    if name not in ("out", "err"):
        raise AttributeError(name)
    return _console(is_err=name == "err")


@cache
def _console(*, is_err: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if is_err else sys.stdout
    return Console(stderr=is_err, highlight=False, soft_wrap=True, width=None if stream.isatty() else _UNFOLDED)


def now() -> datetime:
    """The present moment in UTC, or SOURCE_DATE_EPOCH where it is set.

    Raises InsightsError for one that is no number of seconds.
    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        os.environ.pop("SOURCE_DATE_EPOCH", None)  # libraries read it too, and know no empty one
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        what, fix = f'"{epoch[:40]}" is no moment', "write the seconds since 1970, or unset it"
        raise InsightsError("SOURCE_DATE_EPOCH", what, fix) from error


def hold(root: Path, command: str) -> AbstractContextManager[None]:
    """The publication held by this command alone; where it must wait, it says for whom."""
    from insights import store

    return store.hold(root, command, lambda message: say(message, is_err=True))


def say(text: str, *, is_err: bool = False) -> None:
    """Prints a text that may hold what others wrote, as it stands, and nothing in it steers the terminal."""
    click.echo(spelt_out(text), err=is_err)


def shown(text: str) -> str:
    """A text that others wrote, for a console: as it stands, without markup, and nothing in it steers the terminal."""
    from rich.markup import escape

    return escape(spelt_out(text))


def show_findings(findings: Iterable[Finding], console: Console) -> None:
    """Prints each finding: where, what, [rule], and its fix on a line of its own."""
    for finding in findings:
        colour = _COLOURS[finding.level]
        place = shown(f"{finding.path}:{finding.line}:{finding.column}")
        rule = shown(f"[{finding.rule}]")
        console.print(f"[bold]{place}[/]: [{colour}]{finding.level}[/]: {shown(finding.message)} [dim]{rule}[/]")
        if finding.fix:
            console.print(f"  [green]fix:[/] {shown(finding.fix)}")


def exit_code(findings: Iterable[Finding], *, is_strict: bool) -> int:
    """1 if a finding is an error, or where warnings count too, a warning; else 0."""
    failing = {Level.ERROR, Level.WARNING} if is_strict else {Level.ERROR}
    return int(any(finding.level in failing for finding in findings))


def summarise(findings: Iterable[Finding]) -> str:
    """How many findings of each level: "2 errors, 1 warning"; "no problems" for none."""
    levels = [finding.level for finding in findings]
    counts = [(levels.count(level), level.value) for level in Level]
    parts = [f"{count} advice" if name == Level.ADVICE else counted(count, name) for count, name in counts if count]
    return ", ".join(parts) or "no problems"
