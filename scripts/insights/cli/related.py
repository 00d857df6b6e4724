"""`insights related`: the related articles of each article."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 50), help="How many for each article.")
@click.option("--json", "as_json", is_flag=True, help="Print {slug: [slugs, best first]}.")
def related(folder: Path | None, count: int, as_json: bool) -> None:
    """Rank the related articles of each article in FOLDER, else in content/insights.

    FOLDER may be any folder of Markdown files with title, date, author and tags in their front matter. Drafts and
    articles dated after today are left out.
    """
    from insights.cli.console import now, out
    from insights.cli.documents import articles_folder, read_documents
    from insights.related import rank
    from insights.store import find_root

    today = now().date().toordinal()
    documents = read_documents([articles_folder(folder or find_root(Path.cwd()))]).values()
    ranked = rank((one for one in documents if not one.is_draft and one.day <= today), count)
    if as_json:
        click.echo(json.dumps(dict(sorted(ranked.items())), indent=1, ensure_ascii=False))
        return
    for slug, others in sorted(ranked.items()):
        out.print(f"[bold]{slug}[/]")
        for other in others:
            out.print(f"  {other}")
