"""The hostile corpus as a library, and its feeds; shared by the tests of feeds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from insights.article import parse_article
from insights.feeds import render_feeds
from insights.library import Library, build_library
from insights.model import Article, Author, Edition, Tag, Topic
from insights.settings import Publication, parse_publication

CASES = Path(__file__).parent / "cases" / "feeds"
SIZES = {"assets/pictures/lead.PNG": 48_213, "assets/pictures/a.svg": 977}


@cache
def publication() -> Publication:
    """The publication of the corpus, three entries a document."""
    return parse_publication((CASES / "mkdocs.yml").read_text("utf-8"), "mkdocs.yml")


@cache
def articles() -> tuple[Article, ...]:
    """Every article of the corpus."""
    parsed = [
        parse_article(path.read_bytes().decode(), f"content/insights/{path.name}")
        for path in sorted((CASES / "insights").glob("*.md"))
    ]
    # One of them holds characters that are left out, and told.
    assert {finding.rule for _, findings in parsed for finding in findings} == {"field-steering"}
    return tuple(article for article, _ in parsed if article)


def library(members: tuple[Article, ...] | None = None) -> Library:
    """The corpus with its terms, or other articles with them."""
    members = articles() if members is None else members
    first = members[0].date if members else None
    edition = Edition(
        number=7,
        date=first,
        subject="R&D <b>letter</b>",
        preheader="A & B",
        articles=tuple(article.slug for article in members[:3]),
        intro="Hello & *welcome*, see [one](../insights/cdata.md).\n",
    )
    return build_library(
        members,
        topics=(
            Topic("r-and-d", "R&D <lab>", description="Research & <b>development</b>"),
            Topic("space", "Space"),
            Topic("language", "Language"),
            Topic("markup", "Markup"),
            Topic("empty", "Without articles"),
        ),
        tags=(Tag("links", "links"), Tag("品質", "品質"), Tag("code", "code", description="a < b")),
        authors=(Author("ada-byron", "Ada Byron"), Author("yamada", "山田 花子"), Author("sons", "Ben & Sons")),
        editions=(edition,) if first else (),
    )


@cache
def feeds() -> dict[str, bytes]:
    """Every feed document of the corpus by its path."""
    return dict(render_feeds(library(), publication(), SIZES))


def documents(suffix: str) -> list[str]:
    """The paths of the corpus's documents in one format: "xml" RSS, "atom", or "json"."""
    return [path for path in feeds() if _format_of(path) == suffix]


def _format_of(path: str) -> str:
    name = path.rpartition("/")[2]
    if name.startswith("atom"):
        return "atom"
    return {"json": "json", "opml": "opml"}.get(name.rpartition(".")[2], "rss")
