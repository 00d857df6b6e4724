"""`insights serve`: a preview that follows every save."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
def serve(address: str, open_browser: bool) -> None:
    """Preview the site: every save in content/ or overrides/ shows at once, drafts too."""
    from mkdocs.commands.serve import serve as serve_with_mkdocs

    from insights.store import find_root

    root = find_root(Path.cwd())
    click.echo(f"Preview at http://{address}/ (Ctrl-C ends it)")
    serve_with_mkdocs(str(root / "mkdocs.yml"), dev_addr=address, open_in_browser=open_browser)
