"""The approximate index: it lists what the exact one lists, the same at every run, and says so where it is missing."""

import os
import random
import runpy
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from insights.errors import SettingsError
from insights.library import build_library
from insights.model import Article
from insights.related import Document, build_ranking, decode_related, finder_of, list_related, rank, rank_index
from insights.settings import RelatedSettings, parse_settings
from insights.site.relations import relate_again

PROJECT = Path(__file__).parent.parent
COLLECTIONS = PROJECT.parent / "shared" / "corpora" / "related-dev"
LEAST_RECALL = 0.98


@pytest.fixture
def usearch() -> None:
    if find_spec("usearch") is None:
        message = "!!! usearch is missing: the approximate index is not tested; `make test` installs it"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@pytest.fixture(scope="module")
def benchmark() -> dict[str, Any]:
    return runpy.run_path(str(PROJECT / "benchmarks" / "related.py"))


def assert_recall(benchmark: dict[str, Any], documents: list[Document]) -> None:
    exact = build_ranking(documents)
    approximate = rank_index(exact.index, finder_of("approximate"))
    shares = [benchmark["recall"](exact, approximate, count) for count in (5, 20)]
    assert min(shares) >= LEAST_RECALL, shares


@pytest.mark.usefixtures("usearch")
def test_of_many_articles_it_lists_what_the_exact_index_lists(benchmark: dict[str, Any]) -> None:
    assert_recall(benchmark, benchmark["make_documents"](1500))


@pytest.mark.usefixtures("usearch")
@pytest.mark.parametrize("name", ["18f", "camunda", "otel", "ropensci"])
def test_of_real_articles_it_lists_what_the_exact_index_lists(benchmark: dict[str, Any], name: str) -> None:
    path = COLLECTIONS / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip("the collections of real articles are not here")
    assert_recall(benchmark, benchmark["read_collection"](path, "body")[0])


@pytest.mark.usefixtures("usearch")
def test_neither_another_run_nor_another_order_changes_a_list(benchmark: dict[str, Any]) -> None:
    documents = benchmark["make_documents"](300)
    shuffled = random.Random(1).sample(documents, len(documents))
    lists = [
        list_related(build_ranking(each, finder_of("approximate")), 5) for each in (documents, documents, shuffled)
    ]
    assert lists[0] == lists[1] == lists[2]


@pytest.mark.usefixtures("usearch")
@pytest.mark.parametrize("count", range(4))
def test_few_and_empty_articles_are_ranked_as_by_the_exact_index(count: int) -> None:
    documents = [Document(f"a{number}", "", "queues at a desk" if number > 1 else "") for number in range(count)]
    assert list_related(build_ranking(documents, finder_of("approximate")), 3) == rank(documents, 3)


@pytest.mark.usefixtures("usearch")
def test_a_site_that_asks_for_it_gets_its_links_and_keeps_no_state(tmp_path: Path) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    texts = ["Queues grow at a busy desk.\n", "A busy desk has queues.\n", "Models outlive a vendor.\n"]
    library = build_library(Article(f"a{number}", f"Title {number}", text, day) for number, text in enumerate(texts))
    content = {article.path: article.slug.encode() for article in library.articles}
    links = relate_again(tmp_path, library, RelatedSettings(count=1, index="approximate"), content, b"")
    assert [link.slug for link in decode_related(links["a0"])] == ["a1"]
    assert list(tmp_path.iterdir()) == []


def test_where_the_extra_is_not_installed_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usearch.index", None)  # what Python itself keeps of a module that is not there
    with pytest.raises(SettingsError) as told:
        build_ranking([Document("a", "Queues", "Queues"), Document("b", "Desks", "Desks")], finder_of("approximate"))
    assert str(told.value) == (
        "related: index: approximate needs usearch, which is not installed\n"
        "  fix: run `pip install 'insights[approximate]'`, or choose exact"
    )


def test_an_index_of_another_name_is_no_setting() -> None:
    assert parse_settings({"related": {"index": "approximate"}}, "mkdocs.yml").related.index == "approximate"
    with pytest.raises(SettingsError, match="index"):
        parse_settings({"related": {"index": "fuzzy"}}, "mkdocs.yml")
