"""`insights schema`: the JSON Schema of front matter, for editors."""

from __future__ import annotations

import json

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of an article's front matter."""
    from insights.article import article_schema

    click.echo(json.dumps(article_schema(), indent=2, ensure_ascii=False))
