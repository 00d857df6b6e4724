"""What mkdocs.yml says, as the pipeline reads it."""

from __future__ import annotations

import re

import pytest

from insights.errors import SettingsError
from insights.settings import Publication, parse_publication

NAMED = "site_name: A\nsite_url: https://a.example/x/\n"


def parsed(text: str) -> Publication:
    return parse_publication(NAMED + text, "mkdocs.yml")


@pytest.mark.parametrize("written", ["https://a.example/x", "https://a.example/x/", "https://a.example/x//"])
def test_the_address_ends_with_one_slash(written: str) -> None:
    assert parse_publication(f"site_name: A\nsite_url: {written}\n", "mkdocs.yml").url == "https://a.example/x/"


@pytest.mark.parametrize(
    "plugins",
    [
        "plugins: [{insights: {tagline: T}}]",
        "plugins: {insights: {tagline: T}}",
        "plugins: [x, {insights: {tagline: T}}]",
    ],
)
def test_plugins_are_read_in_each_form_that_mkdocs_takes(plugins: str) -> None:
    assert parsed(plugins).settings.tagline == "T"


@pytest.mark.parametrize("plugins", ["", "plugins: [insights]", "plugins: [{insights: null}]", "plugins: [x]"])
def test_without_settings_all_are_the_usual_ones(plugins: str) -> None:
    publication = parsed(plugins)
    assert (publication.settings.related.count, publication.language, publication.strings.search) == (3, "en", "Search")


def test_extensions_stand_in_the_order_in_which_mkdocs_loads_them() -> None:
    written = "markdown_extensions: [footnotes, {toc: {toc_depth: 2}}, {insights.markup: {hosts: [Pictures.example]}}]"
    publication = parsed(written)
    assert publication.markdown_extensions == ("toc", "tables", "fenced_code", "footnotes", "insights.markup")
    assert publication.markdown_configs["toc"] == {"toc_depth": 2}
    as_mapping = parsed("markdown_extensions: {footnotes: {}, toc: {toc_depth: 2}}")
    assert as_mapping.markdown_extensions == ("toc", "tables", "fenced_code", "footnotes")
    assert as_mapping.markdown_configs == {"toc": {"toc_depth": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site_name: A", "site_url is missing\n  fix: add `site_url: https://insights.example.org/`"),
        ("site_url: https://a.example/", "site_name is missing"),
        ("site_name: [", "mend the YAML"),
        (f"{NAMED}plugins: {{insights: {{realted: {{}}}}}}", 'unknown field `realted`\n  fix: use "related"'),
        (f"{NAMED}plugins: {{insights: {{related: {{count: 99}}}}}}", "plugins: insights: Expected `int` <= 20"),
        (f"{NAMED}plugins: {{insights: {{zzzz: 1}}}}", "fix: docs/settings.md lists them"),
    ],
)
def test_a_mistake_is_told_with_its_fix(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        parse_publication(text, "mkdocs.yml")
