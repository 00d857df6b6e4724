"""Any text whatever in titles, names, tags and bodies: never an error, never a malformed feed."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import feedparser
import jsonschema
import msgspec
from feed_cases import CASES, publication
from feed_rules import rule_breaks
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from insights.feeds import render_feeds
from insights.library import build_library
from insights.model import Article, Author, Edition, Image, Tag, Topic

RELAX_NG = etree.RelaxNG(etree.parse(CASES / "atom.rng"))
JSON_SCHEMA = json.loads((CASES / "json_feed.schema.json").read_text("utf-8"))

# Lone surrogates and control characters included; markup and XML's own delimiters more often than chance has them.
TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.lists(
        st.sampled_from(
            ["<", ">", "&", "]]>", "<![CDATA[", "&amp;", "</p>", '"', "\x00", "\ud800", "\ufffe", "é", " ", "\n"]
        ),
        max_size=12,
    ).map("".join),
)
MARKDOWN = st.one_of(
    TEXT,
    st.lists(
        st.sampled_from(
            [
                "\n",
                "\n\n",
                "- ",
                "1. ",
                "    ",
                "> ",
                "```\n",
                "`",
                "**",
                "*",
                "[a](b.md)",
                "![c](d.png)",
                "| a |\n| - |\n",
                "text",
                "<div>",
                "</div>",
                "<b>",
                "<table>",
                "<td>",
                "<a href='x'>",
                "<script>",
                "<!--",
                "&#0;",
                "[^1]",
                "[^1]: n\n",
                "## h\n",
            ]
        ),
        max_size=25,
    ).map("".join),
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1), timezones=st.timezones())


@st.composite
def any_article(draw: st.DrawFn, slug: str) -> Article:
    return Article(
        slug=slug,
        title=draw(TEXT),
        body=draw(MARKDOWN),
        date=draw(MOMENTS),
        updated=draw(st.none() | MOMENTS),
        topic=draw(st.none() | TEXT),
        tags=tuple(draw(st.lists(TEXT, max_size=3))),
        authors=tuple(draw(st.lists(TEXT, max_size=2))),
        description=draw(TEXT),
        image=draw(st.none() | TEXT.map(Image)),
        canonical=draw(st.none() | TEXT),
        guid=draw(st.none() | TEXT),
        aliases=tuple(draw(st.lists(TEXT, max_size=2))),
        path=f"content/insights/{slug}.md",
    )


# Not shrunk: an example is a whole site, and a smaller one is minutes away.
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(any_article("one"), any_article("two"), TEXT, TEXT)
def test_any_text_gives_well_formed_valid_feeds(one: Article, two: Article, name: str, about: str) -> None:
    parts = build_library(
        [one, two],
        topics=[Topic("t", one.topic or "t", about)],
        tags=[Tag("g", (*one.tags, name)[0], description=about)],
        authors=[Author("a", (*two.authors, name)[0])],
        editions=[Edition(1, datetime(2026, 1, 1, tzinfo=UTC), name, about, ("one",), one.body)],
    )
    site = dataclasses.replace(publication(), name=name, description=about, copyright=name)
    for path, data in render_feeds(parts, site):
        data.decode()
        if path.endswith(".json"):
            jsonschema.validate(json.loads(data), JSON_SCHEMA)
        else:
            root = etree.fromstring(data)
            if path.endswith("atom.xml"):
                assert RELAX_NG.validate(root), RELAX_NG.error_log
        if path in ("atom.xml", "feed.xml"):
            assert not feedparser.parse(data).bozo
            assert [found for found in rule_breaks(data) if not _is_authors_own(found)] == []


def _is_authors_own(found: str) -> bool:
    """What no care can mend: a name that holds a whole closing tag stays one in RSS (ContainsHTML)."""
    return found.startswith("ContainsHTML")


@settings(max_examples=30)
@given(st.lists(TEXT, min_size=1, max_size=8))
def test_ids_are_distinct_whatever_the_articles_claim(guids: list[str]) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    articles = [Article(f"a{index}", "T", "B\n", moment, guid=guid) for index, guid in enumerate(guids)]
    settings_ = msgspec.structs.replace(
        publication().settings, feeds=msgspec.structs.replace(publication().settings.feeds, entries=50)
    )
    feeds = dict(render_feeds(build_library(articles), dataclasses.replace(publication(), settings=settings_)))
    ids = [entry.findtext("{*}id") for entry in etree.fromstring(feeds["atom.xml"]).iterfind("{*}entry")]
    assert len(set(ids)) == len(guids)
