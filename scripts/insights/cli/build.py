"""`insights build`: content/ to site/."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.command()
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes.")
@click.option("--preview", is_flag=True, help="With drafts, and articles that wait for their day.")
def build(site_dir: Path | None, preview: bool) -> None:
    """Build the site, its feeds and its newsletters into site/.

    The new site is built beside the old one and takes its place when it is complete.
    """
    from insights.cli.console import out
    from insights.site.engines import build_site
    from insights.store import find_root
    from insights.text import counted

    started = time.perf_counter()
    root = find_root(Path.cwd())
    target = site_dir or root / "site"
    page_count = build_site(root, target, preview)
    out.print(f"{counted(page_count, 'page')} in {target}/ after {time.perf_counter() - started:.1f} s")
