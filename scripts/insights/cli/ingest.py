"""`insights ingest`: sources in, articles out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.workers import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insights.ingest import Outcome
    from insights.normalise import Normalised, Stated

_ASKED = 5  # with more sources than this, a person is not asked about each
_LISTED = 20  # of more sources, only those that want a look are listed
_ALWAYS_SHOWN = ("failed", "conflict")
_FORMATS = ["html", "text", "markdown", "docx", "odt", "eml", "feed"]


def _parse_date(_context: click.Context | None, _option: click.Parameter | None, value: str | None) -> datetime | None:
    """The moment that a person means by `value`. Raises BadParameter if it is no date with a year."""
    from insights.readers.pasted import parse_date

    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        found = parse_date(value)
        if found is None or found.year == 1:
            raise click.BadParameter("write it like 2026-03-28 (year-month-day)") from None
        return found
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--into", metavar="FOLDER", help="The folder for the articles, else content/insights.")
@click.option("--url", help="The address of the page that a saved source comes from.")
@click.option(
    "--url-index",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table of addresses (TSV): file name without ending, URL.",
)
@click.option("--keep-names", is_flag=True, help="Name each article's file as its source.")
@click.option("--jobs", type=click.IntRange(min=1), default=usable_cores, show_default="all cores")
@click.option("--cluster", metavar="ADDRESS", help="Convert on a Dask cluster: its scheduler's address.")
@click.option("--offline", is_flag=True, help="Ask no server: read addresses from the copies of the last time.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--explain", is_flag=True, help="Say for each field where its value was found.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="The sources' format; else it is sniffed.")
@click.option("--date", callback=_parse_date, help="The date of publication, where the source states none.")
@click.option("--topic", help="The topic, where the source states none.")
def ingest(  # noqa: PLR0913, PLR0917 (the command's options)
    sources: tuple[str, ...],
    into: str | None,
    url: str | None,
    url_index: Path | None,
    keep_names: bool,
    jobs: int,
    cluster: str | None,
    offline: bool,
    dry_run: bool,
    explain: bool,
    format_name: str | None,
    date: datetime | None,
    topic: str | None,
) -> None:
    """Turn SOURCES into articles: pages, pasted text, documents, feeds. Without any, what lies in content/inbox.

    A source is a file, a folder, a zip, an address, a file that lists addresses, or "-" for standard input.

    An article whose source states no date or no topic is written as a draft, unless you say them here or, on a
    terminal, when asked. Ingesting the same source again changes nothing.

    What was fetched is kept in content/sources/fetched, so that it can be ingested again without the network.
    """
    from contextlib import nullcontext
    from dataclasses import replace

    from insights.cli.console import err, hold, now
    from insights.fetch import Fetcher, FetchPolicy
    from insights.ingest import FETCHED, SOURCES, Request, keep_stem, leave_draft, name_by_title, parse_url_index
    from insights.ingest import ingest as run
    from insights.ingest.places import find_places, open_path, write_object
    from insights.library import Library
    from insights.normalise import Stated
    from insights.readers.limits import limits_of
    from insights.settings import FILE_NAME, IngestSettings
    from insights.store import ASSETS, INBOX, INSIGHTS, find_root, read_library, read_publication, read_text, write_file

    root = find_root(Path.cwd()) if into is None else Path.cwd()
    is_publication = (root / FILE_NAME).is_file()
    library = read_library(root)[0] if is_publication else Library()
    settings = read_publication(root).settings.ingest if is_publication else IngestSettings()
    limits = limits_of(settings)
    policy = FetchPolicy(max_bytes=settings.max_bytes, open_networks=settings.networks)
    copies = "build/fetched" if into or (dry_run and not offline) else FETCHED
    inbox = os.path.relpath(root / INBOX)
    places = list(find_places(sources or ([inbox] if Path(inbox).is_dir() else []), limits))
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    request = Request(
        into=open_path(into) if into else root / INSIGHTS,
        root=root,
        assets=open_path(into) / "assets" if into else root / ASSETS,
        assets_href="assets" if into else "../assets",
        bases=None if into else root / SOURCES,
        cluster=cluster,
        fetcher=Fetcher(policy, root / copies, offline),
        now=now(),
        stated=Stated(date, topic),
        url=url,
        urls=parse_url_index(read_text(url_index)) if url_index else {},
        format_name=format_name,
        limits=limits,
        jobs=jobs,
        name_file=keep_stem if keep_names else name_by_title,
        ask=_ask if is_terminal and len(places) <= _ASKED else leave_draft,
        write=(lambda _path, _data: True) if dry_run else write_object if into and "://" in into else write_file,
    )
    counts: Counter[str] = Counter()
    shown = []  # of ten thousand outcomes only those that the end tells of are kept in memory, and no articles
    with nullcontext() if into or dry_run else hold(root, "ingest"):
        for outcome in _with_progress(run(places, library, request), len(places)):
            if explain:
                _show_evidence(outcome)
            counts[outcome.status.value] += 1
            if outcome.findings or outcome.status in _ALWAYS_SHOWN or counts.total() <= _LISTED:
                shown.append(replace(outcome, normalised=None))
    _show(shown, counts)
    if dry_run:
        err.print("Dry run: nothing was written.")
    sys.exit(2 if counts["failed"] else 0)


def _with_progress(outcomes: Iterator[Outcome], total: int) -> Iterable[Outcome]:
    from rich.progress import track

    from insights.cli.console import err

    return track(outcomes, "Ingesting", total=total, console=err, transient=True, disable=not err.is_terminal)


def _ask(normalised: Normalised) -> Stated | None:
    """Asks on the terminal for the fields that the source does not state; empty answers leave the draft."""
    from insights.normalise import Stated
    from insights.text import spelt_out

    article = normalised.article
    click.echo(f"“{spelt_out(article.title)}”")
    date, topic = article.date, article.topic
    if date is None:
        when = "  When was it published (2026-03-28; empty: leave it a draft)"
        # Asked again after an answer that is no date.
        date = click.prompt(
            when, default="", show_default=False, value_proc=lambda answer: _parse_date(None, None, answer or None)
        )
    if topic is None:
        topic = click.prompt("  Its topic (empty: leave it a draft)", default="", show_default=False) or None
    return Stated(date, topic) if date or topic else None


def _show_evidence(outcome: Outcome) -> None:
    from insights.cli.console import out, shown

    if outcome.normalised is None:
        return
    out.print(f"[bold]{shown(outcome.path)}[/]")
    for evidence in outcome.normalised.evidence:
        out.print(f"  {evidence.field}: {shown(evidence.value)} [dim]({shown(evidence.rule)})[/]")


def _show(outcomes: list[Outcome], counts: Counter[str]) -> None:
    """Prints what is wrong, a table of the sources that ended otherwise than before, and how many ended how."""
    from rich.table import Table

    from insights.cli.console import err, out, show_findings, shown
    from insights.text import counted

    table = Table("outcome", box=None, pad_edge=False)
    table.add_column("source", overflow="fold")
    table.add_column("article, or why there is none", overflow="fold")
    for outcome in outcomes:
        show_findings(outcome.findings, out)
        if outcome.status == "failed":
            err.print(f"[red]{shown(outcome.source)}: {shown(outcome.reason)}[/]")
        if outcome.status in _ALWAYS_SHOWN or (outcome.status != "unchanged" and counts.total() <= _LISTED):
            table.add_row(outcome.status.value, shown(outcome.source), shown(outcome.reason or outcome.path))
    if table.row_count:
        out.print(table)
    summary = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    out.print(f"{counted(counts.total(), 'source')}: {summary}" if outcomes else "Nothing to ingest.")
