"""`insights build`: content/ to site/."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click


@click.command()
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes.")
@click.option("--preview", is_flag=True, help="With drafts, and articles that wait for their day.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes render; all cores unless given.")
@click.option(
    "--engine", type=click.Choice(["mkdocs", "zensical"]), default="mkdocs", show_default=True, help="What renders it."
)
def build(site_dir: Path | None, preview: bool, jobs: int | None, engine: str) -> None:
    """Build the site, its feeds and its newsletters into site/.

    Only what has changed is made; the site is what a build from nothing gives, byte for byte. It is made beside the old
    one and takes its place when it is complete.
    """
    started = time.perf_counter()
    from insights.cli.console import err, hold, now, out, show_findings
    from insights.site.engines import build_site
    from insights.site.inputs import Run
    from insights.site.zensical import build_with_zensical
    from insights.store import find_root
    from insights.text import counted

    root = find_root(Path.cwd())
    target = (site_dir or root / "site").absolute()
    run = Run(root, now(), jobs or os.cpu_count() or 1, preview)
    with hold(root, "build"):
        built = build_with_zensical(run, target) if engine == "zensical" else build_site(run, target)
    show_findings(built.findings, err)
    kept = built.pages - built.rendered
    seconds = time.perf_counter() - started
    done = f"{built.rendered:,} rendered, {kept:,} kept, {seconds:.1f} s"
    out.print(f"{counted(built.pages, 'page')} in {site_dir or target}/: {done}")
