"""`insights check`: what is wrong in content/, and how to mend it."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.workers import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from insights.desk.checking import Scope
    from insights.model import Finding
    from insights.settings import Publication

_FORMATS = ["text", "json", "github", "gitlab", "sarif"]


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--changed", is_flag=True, help="Only what this branch changed since it left the main branch.")
@click.option("--since", metavar="BRANCH", help="Only what changed since the branch (or commit) was left.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and show the changes.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing.")
@click.option("--online", is_flag=True, help="Ask other sites whether the links to them still work.")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option("--jobs", type=click.IntRange(min=1), default=usable_cores, show_default="all cores")
@click.option("--cluster", metavar="ADDRESS", help="Read the articles on a Dask cluster: its scheduler's address.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--explain", metavar="RULE", help="Show a rule with an example of each kind, and stop.")
def check(  # noqa: PLR0913, PLR0917 (the command's options)
    paths: tuple[str, ...],
    changed: bool,
    since: str | None,
    fix: bool,
    diff: bool,
    online: bool,
    strict: bool,
    jobs: int,
    cluster: str | None,
    format_name: str,
    explain: str | None,
) -> None:
    """List what is wrong in content/, or in PATHS: path:line:column, the rule, and the fix.

    Exits with 1 if there is an error. Advice on wording is given for PATHS and for lines that a branch changed.
    """
    from insights.cli.console import exit_code, hold, now
    from insights.desk.changes import read_changes
    from insights.desk.checking import Scope, find_problems
    from insights.store import find_root, read_publication
    from insights.workers import Workforce

    if explain:
        _explain(explain)
        return
    gc.disable()  # a run keeps what it makes until it ends: searching it for garbage takes a third of the time
    root = find_root(Path.cwd())
    publication = read_publication(root)
    scope = Scope(_relative(paths, root), read_changes(root, since) if changed or since else None)
    moment = now()
    if fix:
        with hold(root, "check --fix"):
            _mend(root, publication, scope, moment, is_written=True)
    elif diff:
        _mend(root, publication, scope, moment, is_written=False)
    dead_links = ask_others(root, publication, scope, moment) if online else ()
    reading, findings = find_problems(root, publication, scope, moment, dead_links, Workforce(jobs, cluster))
    _show(findings, format_name, len(reading.collection.sheets))
    sys.exit(exit_code(findings, is_strict=strict))


def _relative(paths: tuple[str, ...], root: Path) -> tuple[str, ...]:
    """The paths relative to the project. Raises StoreError for one outside it."""
    from insights.errors import StoreError

    found = []
    for path in paths:
        full = Path(path).resolve()
        if not full.is_relative_to(root):
            raise StoreError(path, "this is outside the publication", f"give a path inside {root}")
        found.append(full.relative_to(root).as_posix())
    return tuple("" if path == "." else path for path in found) if "." not in found else ()


def _mend(root: Path, publication: Publication, scope: Scope, moment: datetime, is_written: bool) -> None:
    from rich.syntax import Syntax

    from insights.cli.console import err
    from insights.desk.checking import mend_files
    from insights.store import write_file
    from insights.text import counted, spelt_out

    mended = list(mend_files(root, publication, scope, moment))
    for file in mended:
        if err.is_terminal:
            err.print(Syntax(spelt_out(file.diff()), "diff", background_color="default"))
        else:
            click.echo(spelt_out(file.diff()), err=True, nl=False)
        if is_written:
            write_file(root / file.path, file.after.encode())
    verb = "Mended" if is_written else "Would mend"
    err.print(f"{verb} {counted(len(mended), 'file')}.")


def ask_others(root: Path, publication: Publication, scope: Scope, moment: datetime) -> tuple[Finding, ...]:
    """The findings for the links in the scope that other sites no longer answer."""
    from insights.cli.console import err
    from insights.desk.checking import dead, external_links
    from insights.desk.online import POLICY, find_dead
    from insights.desk.reading import read_collection
    from insights.text import counted

    collection = read_collection(root, publication, moment).collection
    links = external_links((*collection.sheets, *collection.pages), scope)
    err.print(
        f"Following {counted(len(links), 'link')} to other sites; what answered within a week is not asked again."
    )
    policy = replace(POLICY, open_networks=publication.settings.check.networks)
    errors = find_dead(links, root, moment, policy)
    return tuple(finding for url, error in errors.items() for finding in dead(error, links[url]))


def _show(findings: Iterable[Finding], format_name: str, articles: int) -> None:
    from insights.check.formats import as_github, as_gitlab, as_json, as_sarif
    from insights.cli.console import out, show_findings, summarise
    from insights.text import counted

    formats = {"json": as_json, "github": as_github, "gitlab": as_gitlab, "sarif": as_sarif}
    if format_name in formats:
        click.echo(formats[format_name](findings))
        return
    if out.is_terminal:
        show_findings(findings, out)
    elif findings:
        click.echo("\n".join(map(_plain, findings)))
    out.print(f"{counted(articles, 'article')}: {summarise(findings)}")


def _plain(finding: Finding) -> str:
    """The finding as `show_findings` shows it, without colours: for tens of thousands of them in a file."""
    from insights.text import spelt_out

    place = f"{finding.path}:{finding.line}:{finding.column}"
    text = f"{place}: {finding.level}: {finding.message} [{finding.rule}]"
    return spelt_out(f"{text}\n  fix: {finding.fix}" if finding.fix else text)


def _explain(rule_id: str) -> None:
    from insights.check import RULES
    from insights.text import nearest

    rule = RULES.get(rule_id)
    if rule is None:
        close = nearest(rule_id, RULES)
        hint = f'Did you mean "{close}"?' if close else "docs/rules.md lists them."
        raise click.UsageError(f'There is no rule "{rule_id}". {hint}')
    click.echo(f"{rule.id} ({rule.level.value}): {rule.summary}\n\nNot so:\n\n{rule.bad}\n\nBut so:\n\n{rule.good}")
