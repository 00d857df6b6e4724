"""`insights import`: a publication of another system in, as a whole."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from insights.moving.platforms import PLATFORMS
from insights.text import is_web, spelt_out
from insights.workers import usable_cores

_KNOWN = "\b\n" + "\n".join(f"{name:12}{what}" for name, what in PLATFORMS.items())


def _web(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if value and not is_web(value):
        raise click.BadParameter("write it like https://old.example")
    return value


@click.command("import", epilog=_KNOWN)
@click.argument("source")
@click.option("--from", "platform_name", type=click.Choice(list(PLATFORMS)), help="The system; else it is recognised.")
@click.option(
    "--into", type=click.Path(file_okay=False, exists=True, path_type=Path), help="The publication, else this folder's."
)
@click.option("--dry-run", is_flag=True, help="Say what would come and what would be lost; write nothing.")
@click.option("--jobs", type=click.IntRange(min=1), default=usable_cores, show_default="all cores")
@click.option(
    "--files",
    "uploads",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="A copy of the old site's pictures and files (wp-content/uploads).",
)
@click.option("--fetch/--no-fetch", default=True, help="Fetch pictures that are not in the export from the old site.")
@click.option("--url", default="", callback=_web, help="The old site's address, where the export does not say it.")
@click.option("--feed", "old_feed", default="", help="The old site's feed, a file or its address: takes its ids.")
@click.option("--topic", help="The topic of articles whose source states none.  [default: Unsorted]")
def import_(  # noqa: PLR0913, PLR0917 (the command's options)
    source: str,
    platform_name: str | None,
    into: Path | None,
    dry_run: bool,
    jobs: int,
    uploads: Path | None,
    fetch: bool,
    url: str,
    old_feed: str,
    topic: str | None,
) -> None:
    """Move a whole publication in from another system: SOURCE is its export (a file, a zip or a folder) or its address.

    Articles keep their dates, authors, tags, pictures, old addresses (as redirects) and feed ids. Importing again
    continues, and takes over what has changed there; what you have edited here is merged.
    """
    from contextlib import nullcontext

    from rich.progress import track

    from insights.cli.console import err, hold, now, out
    from insights.errors import StoreError
    from insights.fetch import Fetcher, FetchPolicy
    from insights.moving.files import open_files
    from insights.moving.old_feed import read_feeds, with_feed_ids
    from insights.moving.platforms import platform, sniff
    from insights.moving.run import Destination, plan
    from insights.moving.terms import write_terms
    from insights.moving.vocabulary import UNSORTED
    from insights.moving.web import open_site, read_feed_at
    from insights.store import TAGS, find_root, read_library, read_publication, write_file

    root = find_root(into or Path.cwd())
    visitor = Fetcher(FetchPolicy(pause_seconds=0.3), root / "build" / "fetched")
    with err.status(f"Reading {source}"):
        files = open_site(source, visitor) if "://" in source else open_files(source)
        export = platform(platform_name or sniff(files)).read(files, url)
        if old_feed:
            feeds = (
                read_feed_at(old_feed, visitor)
                if "://" in old_feed
                else [open_files(old_feed).read(Path(old_feed).name)]
            )
            export = with_feed_ids(export, read_feeds(feeds))
    write = (lambda _path, _data: True) if dry_run else write_file
    total, is_quiet = len(export.entries), not err.is_terminal
    with nullcontext() if dry_run else hold(root, "import"):
        library, findings = read_library(root)
        for finding in (one for one in findings if one.path == TAGS):  # new tags would be added to what is no list
            raise StoreError(f"{finding.path}:{finding.line}:{finding.column}", finding.message, finding.fix)
        here = Destination(root, read_publication(root), library, now(), jobs, topic or UNSORTED, dry_run, write)
        move = plan(export, files, here, uploads, visitor if fetch and not dry_run else None)
        write_terms(move.vocabulary, root, write)
        for _ in track(move.outcomes(), "Moving in", total, console=err, transient=True, disable=is_quiet):
            pass
    for line in move.report.lines():
        out.print(spelt_out(line), markup=False)
    _show_end(move.report.statuses, dry_run)
    sys.exit(2 if move.report.failed else 0)


def _show_end(statuses: Mapping[str, int], dry_run: bool) -> None:
    from insights.cli.console import err, out
    from insights.text import counted

    summary = ", ".join(f"{count:,} {status}" for status, count in sorted(statuses.items()))
    out.print(f"\n{counted(sum(statuses.values()), 'entry').replace('entrys', 'entries')}: {summary or 'none'}")
    if dry_run:
        err.print("Dry run: nothing was written.")
    else:
        out.print("Next: insights check")
