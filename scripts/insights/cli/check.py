"""`insights check`: what is wrong in content/, and how to mend it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
def check(strict: bool) -> None:
    """List what is wrong in content/: path:line:column, the rule, and the fix.

    Exits with 1 if there is an error.
    """
    from insights.check import check_library
    from insights.cli.console import now, out, show_findings, summarise
    from insights.model import Level
    from insights.store import find_root, read_library
    from insights.text import counted

    root = find_root(Path.cwd())
    library, findings = read_library(root)
    findings = tuple(sorted({*findings, *check_library(library, now())}))
    show_findings(findings)
    out.print(f"{counted(len(library.articles), 'article')}: {summarise(findings)}")
    failing = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    sys.exit(1 if any(finding.level in failing for finding in findings) else 0)
