"""`insights build`: content/ to site/."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.cli import Finished

if TYPE_CHECKING:
    from insights.site.progress import Progress

_SLOWEST = 10
_GARBAGE = 100_000  # objects: to look through what a build has loaded, which stays to its end, is in vain


@click.command()
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes.")
@click.option("--preview", is_flag=True, help="With drafts, and articles that wait for their day.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes render; all cores unless given.")
@click.option("--cluster", metavar="ADDRESS", help="Make the files on a Dask cluster: its scheduler's address.")
@click.option("--profile", is_flag=True, help="Say where the time went: by phase, and the slowest articles.")
@click.option(
    "--engine", type=click.Choice(["mkdocs", "zensical"]), default="mkdocs", show_default=True, help="What renders it."
)
def build(
    site_dir: Path | None, preview: bool, jobs: int | None, cluster: str | None, profile: bool, engine: str
) -> Finished:
    """Build the site, its feeds and its newsletters into site/.

    Only what has changed is made; the site is what a build from nothing gives, byte for byte. It is made beside the old
    one and takes its place when it is complete.
    """
    started = time.perf_counter()
    gc.set_threshold(_GARBAGE)
    gc.disable()  # until there is much to do: `in_shards`
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start a thread for each core, and use none
    from insights.cli.console import hold, now
    from insights.site.engines import INDEXING, build_site
    from insights.site.inputs import Run
    from insights.site.progress import Progress
    from insights.store import find_root
    from insights.text import counted

    root = find_root(Path.cwd())
    target = (site_dir or root / "site").absolute()
    progress = Progress()
    run = Run(root, now(), jobs or os.cpu_count() or 1, preview, cluster=cluster, progress=progress)
    with hold(root, "build"), show_progress(progress):
        if engine == "zensical":
            from insights.site.zensical import build_with_zensical

            built = build_with_zensical(run, target)
        else:
            built = build_site(run, target)
    if built.findings:
        from insights.cli.console import err, show_findings

        show_findings(built.findings, err)
    kept = built.pages - built.rendered
    searched, _cpu = progress.phases.get(INDEXING, (0.0, 0.0))
    seconds = f"{time.perf_counter() - started - searched:.1f} s"
    index = f", search index {searched:.1f} s" if searched else ""
    done = f"{built.rendered:,} rendered, {kept:,} kept, {seconds}{index}"
    click.echo(f"{counted(built.pages, 'page')} in {os.path.relpath(target)}/: {done}")
    if profile:
        _show_profile(progress)
    return Finished(run)


@contextmanager
def show_progress(progress: Progress) -> Iterator[None]:
    """A bar on a terminal, with the phase and a count; none where the build is over within a second."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from insights.cli.console import err

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Bar(*columns, console=err, transient=True)
    task = bar.add_task("", total=None)
    started = time.monotonic()

    def tell(phase: str, done: int, total: int) -> None:
        if time.monotonic() - started > 1:
            bar.start()
        bar.update(task, description=phase, completed=done, total=total or None)

    progress.tell = tell
    try:
        yield
    finally:
        bar.stop()


def _show_profile(progress: Progress) -> None:
    """Where the time went. An article's seconds are those of its Markdown, its page and its Markdown twin."""
    from insights.cli.console import out, shown

    out.print("\nPhase          wall s   CPU s")
    for name, (wall, cpu) in progress.phases.items():
        out.print(f"{name:12} {wall:8.2f}{cpu:8.2f}")
    if slowest := progress.slowest(_SLOWEST):
        out.print("\nSlowest articles      s")
        for path, seconds in slowest:
            out.print(f"{seconds:23.3f} {shown(path)}")
