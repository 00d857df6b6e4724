import json
import random
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import run_insights
from hypothesis import given
from hypothesis import strategies as st
from judges import AXE, axe_violations, need

from insights.related import Document, build_ranking
from insights.related.clusters import find_clusters
from insights.related.report import Report, build_report
from insights.related.report_page import dump_report, render_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TODAY = date(2026, 3, 1)
SUBJECTS = {
    "Queues": "desk backlog forms people line clerks paper wait counter ticket bench window crowd hours".split(),
    "Models": "network train data error test epoch label weight layer sample loss batch score split drift".split(),
}


def library() -> list[Document]:
    """Two topics of four articles each; in one a later article takes up an earlier one."""
    chance = random.Random(7)
    documents = []
    for number in range(8):
        topic = sorted(SUBJECTS)[number % 2]
        links = frozenset({"a1", "a3", "gone", "a5"}) if number == 5 else frozenset()
        body = " ".join(chance.sample(SUBJECTS[topic], 8))
        day = date(2026, 1, 1 + number).toordinal()
        title = f"{topic} <b>{number}</b>"
        documents.append(Document(f"a{number}", title, body, day=day, topic=topic, links=links))
    return documents


def report(documents: list[Document]) -> Report:
    return build_report(documents, build_ranking(documents), 2, TODAY)


def test_articles_that_list_each_other_are_a_cluster() -> None:
    assert find_clusters([[1, 2], [2, 0], [0, 1], [4], [3], [6, 7], [5], [5, 6]]) == [[0, 1, 2], [5, 6, 7], [3, 4]]
    assert find_clusters([]) == []
    assert find_clusters([[], []]) == [[0], [1]]


@given(st.lists(st.lists(st.integers(0, 11), max_size=4, unique=True), max_size=12))
def test_every_article_is_in_one_cluster(lists: list[list[int]]) -> None:
    known = [[other for other in others if other < len(lists) and other != row] for row, others in enumerate(lists)]
    clusters = find_clusters(known)
    assert sorted(row for cluster in clusters for row in cluster) == list(range(len(lists)))


def test_clusters_follow_what_articles_are_about() -> None:
    clusters = report(library()).clusters
    assert [cluster.topics for cluster in clusters] == [("Models",), ("Queues",)]
    assert [sorted(cluster.slugs) for cluster in clusters] == [["a0", "a2", "a4", "a6"], ["a1", "a3", "a5", "a7"]]


def test_links_count_where_an_article_there_is_makes_them_to_another() -> None:
    found = report(library())
    assert found.places["a1"].linked_from == found.places["a1"].followed_up_by == ("a5",)
    assert [orphan.slug for orphan in found.orphans] == ["a7", "a6", "a5", "a4", "a2", "a0"]
    assert all(set(orphan.offered) < found.places.keys() - {orphan.slug} for orphan in found.orphans)
    assert set(found.hubs) <= {"a1", "a3"}
    assert len(found.hubs) == 2
    assert found.coverage == 1


def test_a_topic_that_nothing_follows_up_is_named() -> None:
    late = Document("late", "Ferries", "Boats cross water.", day=date(2026, 12, 1).toordinal(), topic="Boats")
    lacks = {subject.name: subject.lack for subject in report([*library(), late]).subjects}
    assert lacks == {
        "Models": "no article takes up an earlier one; silent for half a year while others went on",
        "Queues": "silent for half a year while others went on",
        "Boats": "one article alone",
    }


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("site", ["", "https://example.org/review/"])
def test_the_page_needs_no_other_file_and_escapes_what_it_shows(site: str) -> None:
    page = _Page(render_report(report(library()), site))
    assert not {"script", "link", "img", "iframe", "b"} & set(page.tags)
    hrefs = {value for name, value in page.attributes if name in ("href", "src")}
    assert all(href is not None and href.startswith(f"{site}insights/a") for href in hrefs)
    assert bool(hrefs) == bool(site)


def test_the_order_of_the_articles_does_not_change_the_report() -> None:
    assert dump_report(report(library()[::-1])) == dump_report(report(library()))


def test_an_empty_library_has_a_report() -> None:
    assert "Map of the library" in render_report(report([]))


def test_the_command_writes_the_page_and_the_same_facts(publication: Path) -> None:
    result = run_insights(publication, "related", "--report")
    assert result.returncode == 0, result.stderr
    facts = json.loads((publication / "build" / "related.json").read_text(encoding="utf-8"))
    assert sorted(facts["places"]) == ["counting-what-waits", "unbekannte-grossen", "waiting-times"]
    page = (publication / "build" / "related.html").read_text(encoding="utf-8")
    assert all(place["topic"] in page.replace("&amp;", "&") for place in facts["places"].values())


def test_the_command_writes_into_the_publications_build_folder_wherever_it_is_run(publication: Path) -> None:
    result = run_insights(publication / "content" / "insights", "related", "--report")
    assert result.returncode == 0, result.stderr
    assert (publication / "build" / "related.html").is_file()
    assert not (publication / "content" / "insights" / "build").exists()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_screen_and_has_no_barrier(browser: "Browser", tmp_path: Path, width: int) -> None:
    need(AXE.is_file(), "axe-core, of npm's packages,")
    path = tmp_path / "map.html"
    path.write_text(render_report(report(library()), "https://example.org/"), encoding="utf-8")
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_violations(page) == []
        page.close()
