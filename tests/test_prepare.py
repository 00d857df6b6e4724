import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from insights.library import build_library
from insights.model import Article, Reference, Related, Tag, Topic
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


def pages(parts: list[Article], related: dict[str, tuple[Related, ...]] | None = None) -> dict[str, SitePage]:
    library = build_library(parts, topics=[Topic("data", "Data")])
    return {page.path: page for page in Site(Frame(library, PUBLICATION, {}, {}, b""), related or {}, {}, {}).pages()}


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


def test_a_reference_that_matches_nothing_needs_no_article() -> None:
    assert Reference("Elsewhere").url is None


def test_words_for_mending_begin_with_terms_then_those_of_most_articles() -> None:
    topic, tag = Topic("data", "Data"), Tag("r-and-d", "R&D labs")
    written = [
        Article("a", "Queues of the desk", "x\n", START, description="Queues in 2020, <b>queues</b>."),
        Article("b", "The desk", "zymurgist\n", START, description="On queues"),
        Article("c", "Desk talk", "x\n", START),
    ]
    assert render_words(build_library(written, [topic], [tag])) == b"data labs desk queues talk"
