"""The quick environment of templates gives what Jinja and MkDocs give by themselves, and escapes every value."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, TemplateSyntaxError
from mkdocs.utils import normalize_url
from mkdocs.utils.templates import url_filter

from insights.site.templates import Templates

FILES = {
    "row.html": "{% set label = label ~ '!' %}<li>{{ label | e }} {{ row.name | e }}</li>\n",
    "rows.html": "{#- Takes `rows`. -#}\n{% for row in rows %}{% include 'row.html' %}{% endfor %}{{ label }}",
    "frame.html": "{% set label = 'a<b' %}{% block main %}{% endblock %}[{% include 'rows.html' %}]{{ row }}",
    "page.html": "{% extends 'frame.html' %}"
    "{% block main %}{% set rows = meta.rows %}{% include 'rows.html' %}{% endblock %}",
    "macro.html": "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}{{ bold(title) }}",
    "uses.html": "{% include 'macro.html' %}{% include name %}{% include 'none.html' ignore missing %}",
    "values.html": "{{ title }} {{ title | e }} {{ title | e | e }} {{ title | safe }} {{ number | e }} {{ none | e }}"
    " {{ missing | e }} {{ meta.missing }} {{ meta.items is callable }} {{ meta.get('title') }}"
    " {{ meta.title | upper | e }} {{ row.rows[0].name }} {{ row.rows[0].rows[0].name.missing }} {{ title.upper() }}"
    " {% for item in rows if item.name != row.name %}{{ item.name.strip() }}{{ item.no.b if item.no }}{% endfor %}",
    "switched.html": "{% autoescape false %}{{ title }} {{ title | e }}{% endautoescape %} {{ title }}",
    "tree.html": "<{{ row.name | e }}{% for row in row.rows %}{% include 'tree.html' %}{% endfor %}>",
    "wrong.html": "text\n{% include 'broken.html' %}",
    "broken.html": "text\ntext\n{% if %}",
}
VALUES: dict[str, Any] = {
    "title": "<script>'\"&",
    "number": 1,
    "none": None,
    "name": "values.html",
    "rows": [{"name": "x & y"}, {"name": "<i>"}],
    "row": {"name": "r", "rows": [{"name": "s", "rows": [{"name": "t"}]}, {"name": "u"}]},
    "meta": {"title": "t<", "rows": [{"name": "in"}]},
}


def environments() -> tuple[Environment, Environment]:
    plain = Environment(loader=DictLoader(FILES), autoescape=True)
    plain.filters["url"] = url_filter
    return plain, Templates(plain)


@pytest.mark.parametrize(
    "name",
    ["row.html", "rows.html", "frame.html", "page.html", "tree.html", "uses.html", "values.html", "switched.html"],
)
def test_a_template_gives_what_it_gives_to_jinja(name: str) -> None:
    plain, quick = (env.get_template(name).render(VALUES) for env in environments())
    assert quick == plain
    assert quick


def test_every_value_is_escaped_with_or_without_the_filter() -> None:
    shown = environments()[1].get_template("values.html").render(VALUES)
    escaped = "&lt;script&gt;&#39;&#34;&amp;"
    assert shown.startswith(f"{escaped} {escaped} {escaped} <script>'\"& 1 None")


def test_a_value_that_equals_another_of_another_type_is_not_taken_for_it() -> None:
    template = environments()[1].from_string("{{ a | e }} {{ b | e }} {{ c | e }}")
    assert template.render(a=1, b=True, c=1.0) == "1 True 1.0"


def test_a_mistake_in_an_included_file_is_told_with_its_name_and_line() -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        environments()[1].get_template("wrong.html")
    assert (caught.value.name, caught.value.lineno) == ("broken.html", 3)


parts = st.sampled_from(["insights", "a", "b", "topics", "feed.xml", "..", ".", "", "a b", "é", "page-2"])
paths = st.builds(lambda names, end: "/".join(names) + end, st.lists(parts, max_size=4), st.sampled_from(["", "/"]))
odd = st.sampled_from(
    ["https://a.example/b", "mailto:a@b.c", "#x", "/x", "?q", "a/#x", "a\\b", "./", "../a/", "insights/a"]
)
pages = st.sampled_from(["", "insights/a/", "insights/b/", "a/", "topics/a/page-2/", "x.html", "a/x.html", "é/"])


@settings(max_examples=400)
@example([("insights/b/", "insights/a/"), ("insights/a", "insights/a/"), ("insights/ab/", "insights/a/")])
@given(st.lists(st.tuples(paths | odd, pages), min_size=1, max_size=6))
def test_an_address_is_as_mkdocs_writes_it(pairs: list[tuple[str, str]]) -> None:
    for path, page_url in pairs:
        context: Mapping[str, Any] = {"page": SimpleNamespace(url=page_url), "base_url": ".", "path": path}
        shown = environments()[1].from_string("{{ path | url | safe }}").render(context)
        assert shown == normalize_url(path, context["page"], ".")
    context = {"page": None, "base_url": "/base", "path": pairs[0][0]}
    assert environments()[1].from_string("{{ path | url | safe }}").render(context) == normalize_url(
        pairs[0][0], None, "/base"
    )
