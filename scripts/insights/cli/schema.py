"""`insights schema`: what is generated for editors and people: the JSON Schema, the pages of rules and settings."""

from __future__ import annotations

import click


@click.command()
@click.argument("what", type=click.Choice(["article", "rules", "settings"]), default="article")
def schema(what: str) -> None:
    """Print the JSON Schema of an article's front matter, or the page that documents the rules of the check, or that of
    the settings."""
    if what == "rules":
        from insights.check.documentation import rules_page

        click.echo(rules_page(), nl=False)
        return
    if what == "settings":
        from insights.cli.settings_page import settings_page

        click.echo(settings_page(), nl=False)
        return
    import json

    from insights.schema import article_schema

    click.echo(json.dumps(article_schema(), indent=2, ensure_ascii=False))
