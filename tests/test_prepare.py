import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from insights.library import build_library
from insights.model import Article, Origin, Page, Related, Series, Tag, Topic
from insights.settings import Publication, Settings
from insights.site.docs import write_docs
from insights.site.frame import Frame
from insights.site.pages import SitePage, dump_page
from insights.site.prepare import Site
from insights.site.sitemap import render_sitemap
from insights.site.tree import Made, Output
from insights.site.words import render_words

PUBLICATION = Publication(
    name="Review & Co",
    url="https://example.org/review/",
    description="About",
    language="en",
    copyright="",
    settings=Settings(),
    markdown_extensions=(),
    markdown_configs={},
)
START = datetime(2020, 1, 1, tzinfo=UTC)


def articles(count: int, **fields: object) -> list[Article]:
    return [
        Article(f"a{number:03}", f"Title {number}", "Text.\n", START + timedelta(days=number), topic="Data", **fields)  # type: ignore[arg-type]
        for number in range(count)
    ]


def pages(
    parts: list[Article], related: dict[str, tuple[Related, ...]] | None = None, **terms: object
) -> dict[str, SitePage]:
    library = build_library(parts, **{"topics": [Topic("data", "Data")], **terms})  # type: ignore[arg-type]
    site = Site(Frame(library, PUBLICATION, {}, {}, b""), related or {}, {}, {})
    return {page.path: page for page in site.pages(library)}


def slugs(cards: object) -> list[str]:
    return [card["href"].split("/")[1] for card in cards]  # type: ignore[attr-defined]


def test_an_article_page_holds_all_it_shows() -> None:
    related = {"a001": (Related("Title 0", "also about cost", "a000"), Related("Elsewhere", "named by the author"))}
    meta = pages(articles(3), related)["insights/a001.md"].meta
    assert meta["template"] == "article.html"
    assert meta["previous"] == {"title": "Title 0", "href": "insights/a000/"}
    assert meta["next"] == {"title": "Title 2", "href": "insights/a002/"}
    first, second = meta["related"]  # type: ignore[misc]
    assert (first["href"], first["reason"]) == ("insights/a000/", "also about cost")
    assert (second["title"], "href" in second) == ("Elsewhere", False)
    assert meta["canonical"] == "https://example.org/review/insights/a001/"


def test_listings_are_cut_from_the_oldest_so_that_a_new_article_changes_the_first_page_alone() -> None:
    before, after = pages(articles(130)), pages(articles(131))
    hub = [path for path in before if path.startswith("topics/data")]
    assert sorted(hub) == ["topics/data.md", "topics/data/page-1.md", "topics/data/page-2.md"]
    changed = [path for path in hub if dump_page(before[path]) != dump_page(after[path])]
    assert changed == ["topics/data.md"]


def test_every_article_stands_on_some_page_of_its_topic() -> None:
    for count in (0, 1, 39, 40, 79, 80, 81, 120, 200):
        listed = [
            card["href"]  # type: ignore[index,call-overload]
            for path, page in pages(articles(count)).items()
            if path.startswith("topics/data")
            for card in page.meta["cards"]  # type: ignore[union-attr]
        ]
        assert sorted(listed) == [f"insights/a{number:03}/" for number in range(count)]  # type: ignore[type-var]


def test_structured_data_cannot_end_its_script() -> None:
    hostile = Article("x", "</script><script>alert(1)</script>", "Text.\n", START)
    text = str(pages([hostile])["insights/x.md"].meta["json_ld"])
    assert "<" not in text
    graph = json.loads(text)["@graph"]
    assert graph[0]["headline"] == hostile.title


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text("abc", min_size=1), children, max_size=3),
)


@given(st.dictionaries(st.text("abcdef", min_size=1), json_values, max_size=5))
def test_front_matter_reads_back_as_it_was_whatever_it_holds(meta: dict[str, object]) -> None:
    text = dump_page(SitePage("x.md", meta, "Body")).decode()  # type: ignore[arg-type]
    front, _, body = text.removeprefix("---\n").partition("---\n")
    assert (yaml.safe_load(front) or {}) == {key: value for key, value in meta.items() if value not in (None, "")}
    assert body == "\nBody"


def test_the_sitemap_has_true_dates_and_no_page_that_asks_to_stay_out() -> None:
    built = pages([*articles(1), Article("b", "B", "Text.\n", START, canonical="https://example.com/b")])
    text = render_sitemap(built.values(), PUBLICATION).decode()
    assert "<loc>https://example.org/review/insights/a000/</loc>\n    <lastmod>2020-01-01</lastmod>" in text
    assert "insights/b/" not in text
    assert "search/" not in text


def test_the_docs_tree_is_written_only_where_it_changes_and_forgets_what_is_gone(tmp_path: Path) -> None:
    built = list(pages(articles(3)).values())
    assets = [Output("assets/a.css", b"key", lambda: Made(b"a{}"))]
    docs = tmp_path / "docs"

    def times() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in docs.rglob("*") if path.is_file()}

    write_docs(docs, built, assets)
    first = times()
    assert len(first) == len(built) + 1
    write_docs(docs, built, assets)
    assert times() == first
    write_docs(docs, [page for page in built if page.path != "insights/a000.md"], assets)
    assert first.items() - times().items() == {(path, first[path]) for path in [docs / "insights/a000.md"]}


def test_an_author_without_a_page_is_shown_without_a_link() -> None:
    meta = pages(articles(1, authors=("Guest Writer",)))["insights/a000.md"].meta
    (author,) = meta["authors"]  # type: ignore[misc]
    assert author["name"] == "Guest Writer"
    assert "href" not in author


def test_the_article_that_leads_the_home_page_is_the_newest_or_the_chosen_one_and_stands_there_once() -> None:
    home = pages(articles(3))["index.md"].meta
    assert (slugs([home["lead"]]), slugs(home["cards"])) == (["a002"], ["a001", "a000"])
    home = pages(articles(3), pages=[Page("index", "Home", lead="a001")])["index.md"].meta
    assert (slugs([home["lead"]]), slugs(home["cards"])) == (["a001"], ["a002", "a000"])


def test_the_list_of_topics_shows_the_newest_that_its_hub_does_not_begin_with() -> None:
    topics = [Topic("data", "Data", start_here=("a004", "a000", "gone"))]
    built = pages(articles(5), topics=topics)
    assert slugs(built["topics/data.md"].meta["start_here"]) == ["a004", "a000"]
    (entry,) = built["topics/index.md"].meta["topics"]  # type: ignore[misc]
    assert (slugs(entry["latest"]), entry["count_text"]) == (["a003", "a002", "a001"], "5 articles")
    built = pages(articles(1), topics=[Topic("data", "Data", start_here=("a000",))])
    (entry,) = built["topics/index.md"].meta["topics"]  # type: ignore[misc]
    assert slugs(entry["latest"]) == ["a000"]


def test_each_page_of_a_listing_names_its_own_address_and_its_neighbours() -> None:
    built = pages(articles(120))
    first, second = built["topics/data.md"].meta, built["topics/data/page-2.md"].meta
    assert first["canonical"] == "https://example.org/review/topics/data/"
    assert second["canonical"] == "https://example.org/review/topics/data/page-2/"
    assert (first["count"], second["count"]) == ("120 articles", None)
    assert first["pagination"] == {
        "previous": None,
        "next": {"title": "Older", "href": "topics/data/page-2/"},
        "place": "Page 1 of 3",
    }
    assert second["pagination"] == {
        "previous": {"title": "Newer", "href": "topics/data/"},
        "next": {"title": "Older", "href": "topics/data/page-1/"},
        "place": "Page 2 of 3",
    }
    assert pages(articles(40))["topics/data.md"].meta["pagination"] is None


def test_a_tag_names_those_most_often_beside_it_and_not_itself() -> None:
    tagged = [
        Article(slug, slug, "Text.\n", START, tags=tags, path=slug)
        for slug, tags in (("a", ("one", "two")), ("b", ("one", "three")), ("c", ("one", "three")))
    ]
    tags = [Tag(name, name) for name in ("one", "two", "three")]
    meta = pages(tagged, tags=tags)["tags/one.md"].meta
    assert [tag["name"] for tag in meta["related_tags"]] == ["three", "two"]  # type: ignore[union-attr,index,call-overload]


def test_the_parts_of_a_series_stand_in_their_order() -> None:
    parts = [Article(f"p{part}", str(part), "Text.\n", START, series=Series("Row", 4 - part)) for part in (1, 2, 3)]
    built = pages(parts)
    assert slugs(built["series/row.md"].meta["cards"]) == ["p3", "p2", "p1"]
    assert built["series/row.md"].meta["description"] == "A series in 3 parts."
    box = built["insights/p2.md"].meta["series"]
    assert (box["place"], [part["current"] for part in box["parts"]]) == ("Part 2 of 3", [False, True, False])  # type: ignore[index,call-overload,union-attr]


def test_a_listing_changed_when_one_of_its_articles_did() -> None:
    later = START + timedelta(days=99)
    assert pages(articles(3, updated=later))["topics/data.md"].modified == later
    assert pages(articles(3))["topics/data.md"].modified == START + timedelta(days=2)


def test_an_article_that_first_appeared_elsewhere_leads_there() -> None:
    there = "https://elsewhere.example/x"
    source = Origin(url="https://source.example/x")
    metas = {
        canonical: pages([Article("x", "X", "Text.\n", START, canonical=canonical, source=source)])[
            "insights/x.md"
        ].meta
        for canonical in (None, there, "javascript:x")
    }
    own = "https://example.org/review/insights/x/"
    assert [meta["canonical"] for meta in metas.values()] == [own, there, own]
    assert [bool(meta["source"]) for meta in metas.values()] == [True, False, True]
    main = [json.loads(str(meta["json_ld"]))["@graph"][0]["mainEntityOfPage"] for meta in metas.values()]
    assert main == [own, there, own]


def test_a_reference_that_matches_nothing_is_shown_with_what_its_source_says_of_it() -> None:
    related = {"a000": (Related("Elsewhere", "Named by the author", None, "Data", START),)}
    (card,) = pages(articles(1), related)["insights/a000.md"].meta["related"]  # type: ignore[misc]
    topic = {"name": "Data", "href": "topics/data/"}
    date = {"date": "2020-01-01", "date_text": "1 January 2020"}
    assert card == {"title": "Elsewhere", "topic": topic, "reason": "Named by the author", **date}


def test_a_citation_keeps_signs_that_bibtex_reads_as_commands() -> None:
    hostile = Article("x", "50 % of R&D_#1 {\\x}", "Text.\n", START, authors=("Ann & Co", "Bo"))
    cite = pages([hostile])["insights/x.md"].meta["cite"]
    assert "title = {{50 \\% of R\\&D\\_\\#1 \\{\\textbackslash x\\}}}" in cite["bibtex"]  # type: ignore[index,call-overload,operator]
    assert "author = {Ann \\& Co and Bo}" in cite["bibtex"]  # type: ignore[index,call-overload,operator]
    assert cite["plain"].startswith("Ann & Co, Bo, “50 % of R&D_#1 {\\x}”, Review & Co, 1 January 2020, https://")  # type: ignore[index,call-overload,union-attr]


def test_words_for_mending_begin_with_terms_then_those_of_most_articles() -> None:
    topic, tag = Topic("data", "Data"), Tag("r-and-d", "R&D labs")
    written = [
        Article("a", "Queues of the desk", "x\n", START, description="Queues in 2020, <b>queues</b>."),
        Article("b", "The desk", "zymurgist\n", START, description="On queues"),
        Article("c", "Desk talk", "x\n", START),
    ]
    assert render_words(build_library(written, [topic], [tag])) == b"data labs desk queues talk"
