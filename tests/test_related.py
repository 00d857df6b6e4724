from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from insights.library import build_library
from insights.model import Article, Reference, Series
from insights.related import Document, rank, relate

TEXTS = (
    "Queues grow when a busy desk has no slack, and waiting times follow the load.",
    "A busy desk needs slack: waiting times and queues follow the load of the day.",
    "Model evaluation needs a test set that outlives the model and its vendor.",
    "A vendor changes the model; the test set and the evaluation stay with you.",
    "Spreadsheets hold requirements that nobody wrote down anywhere else.",
    "Write requirements down: a spreadsheet of formulas is where nobody looks.",
)
DOCUMENTS = [
    Document(f"a{number}", text.split(",", maxsplit=1)[0], text, day=number) for number, text in enumerate(TEXTS)
]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def article(number: int, **fields: object) -> Article:
    date = NOW + timedelta(days=number)
    return Article(f"a{number}", f"Title {number}", TEXTS[number] + "\n", date, **fields)  # type: ignore[arg-type]


def test_articles_on_one_subject_find_each_other() -> None:
    ranked = rank(DOCUMENTS, 1)
    assert ranked == {"a0": ("a1",), "a1": ("a0",), "a2": ("a3",), "a3": ("a2",), "a4": ("a5",), "a5": ("a4",)}


@given(st.permutations(DOCUMENTS))
def test_the_order_of_the_articles_changes_nothing(documents: list[Document]) -> None:
    assert rank(documents, 3) == rank(DOCUMENTS, 3)


@given(st.lists(st.text(max_size=60), max_size=8), st.integers(1, 5))
def test_no_list_is_empty_repeats_or_holds_its_own_article(texts: list[str], count: int) -> None:
    documents = [Document(f"d{number}", text, text) for number, text in enumerate(texts)]
    for slug, others in rank(documents, count).items():
        assert len(others) == len(set(others)) == min(count, len(texts) - 1)
        assert slug not in others


def test_pinned_articles_come_first_and_unknown_references_wait() -> None:
    pinned = article(0, related=("a4", Reference("Not here yet", "Data"), "gone"))
    links = relate(build_library([pinned, *(article(number) for number in range(1, 6))]), 3)["a0"]
    assert [(link.slug, link.title) for link in links] == [("a4", "Title 4"), (None, "Not here yet"), ("a1", "Title 1")]
    assert [link.reason for link in links[:2]] == ["Chosen by the author", "Named by the author"]


def test_every_link_has_a_reason_that_a_reader_understands() -> None:
    def reason(one: Article, other: Article) -> str:
        return next(link.reason for link in relate(build_library([one, other]), 1)["a0"])

    series = [Series("Desk", part) for part in (1, 2)]
    assert reason(article(0, series=series[0]), article(1, series=series[1])) == "Part 2 of the same series"
    assert reason(article(0, tags=("queues",)), article(1, tags=("queues",))) == "Also about queues"
    assert reason(article(0), article(1)).startswith("Both discuss “")
    linking = Article("a1", "Title 1", "See [that](a0.md).\n", NOW)
    assert reason(article(0), linking) == "Refers to this article"
