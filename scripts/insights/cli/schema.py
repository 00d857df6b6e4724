"""`insights schema`: what editors and people read that is generated: the JSON Schema, the page of rules."""

from __future__ import annotations

import click


@click.command()
@click.argument("what", type=click.Choice(["article", "rules"]), default="article")
def schema(what: str) -> None:
    """Print the JSON Schema of an article's front matter, or the page that documents the RULES of the check."""
    if what == "rules":
        from insights.check.documentation import rules_page

        click.echo(rules_page(), nl=False)
        return
    import json

    from insights.schema import article_schema

    click.echo(json.dumps(article_schema(), indent=2, ensure_ascii=False))
