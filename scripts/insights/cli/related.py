"""`insights related`: the related articles of each article."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from insights.related.report import Report


_REPORT = Path("build/related.html")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 50), help="How many for each article.")
@click.option(
    "--index",
    default="exact",
    show_default=True,
    type=click.Choice(["exact", "approximate"]),
    help="What finds the candidates; approximate needs the extra of that name.",
)
@click.option("--json", "as_json", is_flag=True, help="Print {slug: [slugs, best first]}.")
@click.option(
    "--report",
    "report_path",
    is_flag=False,
    flag_value=_REPORT,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="[FILE]",
    help="Write a map of clusters, hubs, orphans and gaps (build/related.html), and the same as JSON beside it.",
)
def related(folder: Path | None, count: int, index: str, as_json: bool, report_path: Path | None) -> None:
    """Rank the related articles of each article in FOLDER, else in content/insights.

    FOLDER may be any folder of Markdown files with title, date, author and tags in their front matter. Drafts and
    articles dated after today are left out.
    """
    from insights.cli.console import now, out, shown
    from insights.cli.documents import articles_folder, read_documents
    from insights.related import build_ranking, finder_of, list_related, pin_first
    from insights.store import find_root
    from insights.text import counted, plain_json

    today = now().date()
    found = read_documents([articles_folder(folder or find_root(Path.cwd()))]).values()
    documents = [one for one in found if not one.is_draft and one.day <= today.toordinal()]
    ranking = build_ranking(documents, finder_of(index))
    if report_path:
        from insights.related.report import build_report

        _write_report(build_report(documents, ranking, count, today), report_path)
        return
    ranked = pin_first(documents, list_related(ranking, count), count)
    if as_json:
        click.echo(plain_json(dict(sorted(ranked.items()))))
        return
    for slug, others in sorted(ranked.items()):
        out.print(f"[bold]{shown(slug)}[/]")
        for other in others:
            out.print(f"  {shown(str(other))}")
    listed = {other for others in ranked.values() for other in others}
    out.print(f"\n{len(listed):,} of {counted(len(ranked), 'article')} are in some list.")


def _write_report(report: Report, path: Path) -> None:
    from insights.errors import InsightsError
    from insights.related.report_page import dump_report, render_report
    from insights.store import find_root, read_publication, write_output

    try:
        root = find_root(Path.cwd())
        site = read_publication(root).url
    except InsightsError:
        root, site = Path.cwd(), ""  # a folder of Markdown files alone: its articles have no address
    path = root / path if path == _REPORT else path
    facts = path.with_suffix(".json")
    write_output(path, render_report(report, site).encode())
    write_output(facts, dump_report(report))
    click.echo(f"{path} is the page, {facts} the same facts.")
