from datetime import UTC, datetime

from insights.library import build_library, by_author, by_tag, by_topic, tags_of
from insights.model import Article, Author, Edition, Origin, Reference, Tag, Topic

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def article(slug: str, day: int = 1, **fields: object) -> Article:
    values = {"title": slug.title(), "body": "Text.\n", "date": datetime(2026, 5, day, tzinfo=UTC), **fields}
    return Article(slug=slug, path=f"content/insights/{slug}.md", **values)  # type: ignore[arg-type]


def test_articles_are_newest_first_whatever_their_order() -> None:
    parts = [article("b", 2), article("a", 2), article("c", 3)]
    assert [each.slug for each in build_library(parts).articles] == ["c", "a", "b"]
    assert build_library(reversed(parts)).articles == build_library(parts).articles


def test_terms_are_found_by_name_slug_and_alias() -> None:
    library = build_library(
        topics=[Topic("r-and-d", "R&D", aliases=("Research",))],
        tags=[Tag("machine-learning", "machine learning", ("ML",))],
        authors=[Author("zofia-zuraw", "Zofia Żuraw")],
    )
    assert library.topic("r&d") is library.topic("r-and-d") is library.topic("research") is library.topics[0]
    assert library.tag("ml") is library.tag("Machine-Learning") is library.tags[0]
    assert library.author("Zofia Zuraw") is library.authors[0]
    assert library.topic("cooking") is None


def test_a_name_goes_before_another_terms_alias() -> None:
    library = build_library(tags=[Tag("cost", "cost", ("budget",)), Tag("budget", "budget")])
    tag = library.tag("budget")
    assert tag is not None
    assert tag.name == "budget"


def test_readers_see_no_drafts_and_nothing_dated_later() -> None:
    parts = [article("a"), article("b", is_draft=True), article("c", date=datetime(2026, 7, 1, tzinfo=UTC))]
    editions = [Edition(1, NOW, "One"), Edition(2, datetime(2026, 7, 1, tzinfo=UTC), "Two")]
    live = build_library(parts, editions=editions).live(NOW)
    assert [each.slug for each in live.articles] == ["a"]
    assert [edition.number for edition in live.editions] == [1]


def test_a_reference_finds_its_article_by_address_or_title() -> None:
    origin = Origin(url="https://example.org/a")
    library = build_library([article("a", title="What the Best Have in Common", source=origin)])
    assert library.find_article(Reference("What the best have in common")) is library.articles[0]
    assert library.find_article(Reference("Another name", url="https://example.org/a")) is library.articles[0]
    assert library.find_article(Reference("Unknown")) is None


def test_groups_hold_each_article_once() -> None:
    library = build_library(
        [article("a", topic="data", tags=("ML", "machine learning", "new"), authors=("Ann", "Nobody"))],
        topics=[Topic("data", "Data"), Topic("empty", "Empty")],
        tags=[Tag("machine-learning", "machine learning", ("ML",))],
        authors=[Author("ann", "Ann")],
    )
    first = library.articles[0]
    assert by_topic(library) == {"data": [first], "empty": []}
    assert by_tag(library) == {"machine-learning": [first], "new": [first]}
    assert by_author(library) == {"ann": [first]}
    assert [tag.name for tag in tags_of(library, first)] == ["machine learning", "machine learning", "new"]
