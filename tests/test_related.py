import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.library import build_library
from insights.model import Article, Reference, Series
from insights.related import (
    Document,
    build_ranking,
    change_ranking,
    decode_related,
    dump_state,
    list_related,
    load_state,
    parse_document,
    pin_first,
    rank,
    relate,
    relate_from,
    update_ranking,
)
from insights.strings import strings_of

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


def test_front_matter_of_other_systems_is_read_as_far_as_it_goes() -> None:
    one = parse_document(
        "---\ntitle: T\ndate: May 2, 2019\nauthor: {name: Ann}\ntags: a, b c\ndraft: true\n---\nB.", "x/y.md"
    )
    assert (one.slug, one.title, one.authors, one.tags, one.is_draft) == ("y", "T", ("Ann",), ("a", "b c"), True)
    assert one.day == parse_document("---\ndate: 2019-05-02 10:00:00 +0200\n---\n", "y.md").day
    assert parse_document("No front matter.", "two-words.md") == Document(
        "two-words", "two words", "No front matter.", day=719163
    )
    assert [parse_document("", path).slug for path in ("a/post/index.md", "index.md", "a/b.md")] == [
        "post",
        "index",
        "b",
    ]
    assert parse_document("---\ndate: soon\n---\n", "y.md").day == 719163


def test_articles_on_one_subject_find_each_other() -> None:
    ranked = rank(DOCUMENTS, 1)
    assert ranked == {"a0": ("a1",), "a1": ("a0",), "a2": ("a3",), "a3": ("a2",), "a4": ("a5",), "a5": ("a4",)}


@given(st.permutations(DOCUMENTS))
def test_the_order_of_the_articles_changes_nothing(documents: list[Document]) -> None:
    assert rank(documents, 3) == rank(DOCUMENTS, 3)


@given(st.lists(st.text(max_size=60), max_size=8), st.integers(0, 5))
def test_no_list_is_empty_repeats_or_holds_its_own_article(texts: list[str], count: int) -> None:
    documents = [Document(f"d{number}", text, text) for number, text in enumerate(texts)]
    for slug, others in rank(documents, count).items():
        assert len(others) == len(set(others)) == min(count, len(texts) - 1)
        assert slug not in others


WORDS = [f"{first}{second}" for first in ("queue", "desk", "model", "test") for second in "abcdefgh"]
LIBRARIES = st.lists(
    st.builds(
        lambda words, day: (" ".join(words), day), st.lists(st.sampled_from(WORDS), max_size=30), st.integers(1, 40)
    ),
    max_size=14,
)


def library_of(entries: list[tuple[str, int]]) -> list[Document]:
    return [Document(f"d{number:02}", text[:20], text, day=day) for number, (text, day) in enumerate(entries)]


@given(LIBRARIES, st.integers(0, 70))
def test_a_ranking_brought_up_to_date_is_that_of_a_full_run(entries: list[tuple[str, int]], known: int) -> None:
    documents = library_of(entries)
    updated = update_ranking(build_ranking(documents[:known]), documents)
    assert list_related(updated, 4) == rank(documents, 4)


def test_the_newest_article_of_many_is_added_without_reading_the_others_again() -> None:
    chance = random.Random(4)
    texts = [(" ".join(chance.choices(WORDS, k=25)), number) for number in range(142)]
    documents = library_of(texts)
    before = build_ranking(documents[:-1])
    after = update_ranking(before, documents)
    assert after.index.is_reference.sum() == before.index.is_reference.sum()
    assert list_related(after, 5) == rank(documents, 5)


def a_large_library(chance: random.Random, count: int) -> list[Document]:
    """Articles of forty subjects; some titles recur, some words are in nearly all."""
    words = [f"{first}{number}" for first in ("queue", "desk", "model", "test") for number in range(1000)]
    documents = []
    for number, place in enumerate(chance.sample(range(count), count)):
        subject = words[number % 40 * 100 : number % 40 * 100 + 100]
        body = " ".join([*chance.choices(subject, k=20), *chance.choices(words, k=8), "everywhere"])
        title = f"Digest {number}" if number % 9 == 0 else " ".join(chance.choices(subject, k=3))
        documents.append(Document(f"d{place:03}", title, body, day=1 + chance.randrange(count)))
    return documents


def edit_some(chance: random.Random, documents: list[Document]) -> list[Document]:
    """The library after a few articles were rewritten, retitled, moved in time, renamed, removed or added."""
    edited = list(documents)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(edited))
        one, other = edited[place], chance.choice(edited)
        edited[place : place + 1] = chance.choice(
            [
                [replace(one, body=f"{one.body} {other.body}")],
                [replace(one, body=" ".join(one.body.split()[: chance.randrange(9)]))],
                [replace(one, title=other.title)],
                [replace(one, day=other.day, links=frozenset({other.slug}))],
                [replace(one, slug=f"{one.slug}x{chance.random()}", body=f"{one.body} neverseen")],
                [],
                [one, replace(one, slug=f"{one.slug}-copy-{chance.random()}")],
            ]
        )
    return edited


@pytest.mark.parametrize("seed", range(12))
def test_edits_to_a_large_library_give_the_lists_of_a_full_run(seed: int) -> None:
    chance = random.Random(seed)
    documents = a_large_library(chance, chance.randint(90, 200))
    ranking = build_ranking(documents)
    for _ in range(3):
        documents = edit_some(chance, documents)
        ranking = update_ranking(ranking, documents)
        assert list_related(ranking, 4) == rank(documents, 4)


def test_an_edit_moves_the_weights_of_few_articles() -> None:
    documents = a_large_library(random.Random(4), 200)
    edited = replace(documents[150], body=f"{documents[150].body} {documents[20].body}")
    _ranking, moved = change_ranking(build_ranking(documents), [], [edited])
    assert moved is not None
    assert edited.slug in moved
    assert len(moved) < 25


def test_a_changed_and_a_removed_article_are_noticed() -> None:
    documents = library_of([(" ".join(WORDS[number : number + 9]), number) for number in range(20)])
    changed = [replace(documents[0], body=documents[9].body), *documents[2:]]
    assert list_related(update_ranking(build_ranking(documents), changed), 3) == rank(changed, 3)


@given(LIBRARIES, st.integers(1, 60))
def test_an_unrelated_article_moves_no_list_that_it_does_not_enter(entries: list[tuple[str, int]], day: int) -> None:
    documents = library_of(entries)
    before = rank(documents, 3)
    stranger = Document("stranger", "Zither", "xylophone zeppelin yodel", day=day)
    after = rank([*documents, stranger], 3)
    assert all(after[slug] == others for slug, others in before.items() if "stranger" not in after[slug])


def test_two_copies_of_one_text_do_not_stand_side_by_side() -> None:
    copies = [replace(DOCUMENTS[1], slug=f"copy-{number}") for number in range(3)]
    others = rank([*DOCUMENTS, *copies], 4)["a0"]
    alike = {"a1", *(copy.slug for copy in copies)}
    assert [other in alike for other in others] == [True, False, False, False]


def test_every_article_is_in_some_list() -> None:
    chance = random.Random(4)
    shares = [1 / (place + 1) for place in range(len(WORDS))]
    # Four of these are in the picks of some article and in the first two of none.
    documents = library_of(
        [(" ".join(chance.choices(WORDS, shares, k=8 + chance.randrange(12))), n) for n in range(30)]
    )
    assert {other for others in rank(documents, 2).values() for other in others} == {one.slug for one in documents}


def test_pinned_articles_come_first_and_unknown_references_wait() -> None:
    pinned = article(0, related=("a4", "a0", Reference("Not here yet", "Data"), "gone"))
    links = relate(build_library([pinned, *(article(number) for number in range(1, 6))]), 3)["a0"]
    assert [(link.slug, link.title) for link in links] == [("a4", "Title 4"), (None, "Not here yet"), ("a1", "Title 1")]
    assert [link.reason for link in links[:2]] == ["Chosen by the author", "Named by the author"]


def test_pinned_slugs_stand_first_in_a_folders_lists() -> None:
    text = "---\ntitle: T\nrelated: [a4, gone, a0, {title: Elsewhere}, a2]\n---\nBody."
    documents = [parse_document(text, "a0.md"), *DOCUMENTS[1:]]
    ranked = pin_first(documents, rank(documents, 3), 3)
    assert ranked["a0"][:2] == ("a4", "a2")
    assert ranked["a1"] == rank(documents, 3)["a1"]
    assert [len(others) for others in ranked.values()] == [3] * 6
    assert pin_first(documents, rank(documents, 1), 1)["a0"] == ("a4", "a2")


def test_reasons_are_in_the_language_that_is_asked_for() -> None:
    one, other = article(0, tags=("queues", "work", "desk")), article(1, tags=("queues", "work"), related=("a0",))
    links = relate(build_library([one, other]), 1, strings=strings_of("de", {}))
    assert [links[slug][0].reason for slug in ("a0", "a1")] == ["Auch über queues und work", "Vom Autor ausgewählt"]


def test_every_link_has_a_reason_that_a_reader_understands() -> None:
    def reason(one: Article, other: Article) -> str:
        return next(link.reason for link in relate(build_library([one, other]), 1)["a0"])

    series = [Series("Desk", part) for part in (1, 2)]
    assert reason(article(0, series=series[0]), article(1, series=series[1])) == "Next in the series Desk"
    assert reason(article(0, series=series[1]), article(1, series=series[0])) == "Part 1 of the same series"
    assert reason(article(0, tags=("queues",)), article(1, tags=("queues",))) == "Also about queues"
    assert reason(article(0), article(1)).startswith("Both discuss “")
    linking = Article("a1", "Title 1", "See [that](a0.md).\n", NOW)
    assert reason(article(0), linking) == "Refers to this article"


def states_agree(articles: list[Article], known: list[Article]) -> bool:
    state = load_state(b"".join(dump_state(relate_from(None, build_library(known), 3))))
    links = {slug: decode_related(row) for slug, row in relate_from(state, build_library(articles), 3).related.items()}
    return links == relate(build_library(articles), 3)


def test_a_run_that_begins_with_what_another_left_gives_what_a_full_run_gives() -> None:
    articles = [article(number, tags=("desk",) if number % 2 else ()) for number in range(6)]
    assert states_agree(articles, articles)
    assert states_agree(articles, articles[:4])
    assert states_agree(articles[2:], articles)
    assert states_agree([replace(articles[0], tags=("desk",)), *articles[1:]], articles)
    assert states_agree(articles, [])


def test_a_run_without_a_change_leaves_the_state_as_it_was() -> None:
    library = build_library(article(number) for number in range(6))
    state = relate_from(None, library, 3)
    assert relate_from(state, library, 3) is state


def test_a_damaged_or_foreign_state_is_not_read() -> None:
    state = relate_from(None, build_library(article(number) for number in range(6)), 3)
    data = b"".join(dump_state(state))
    damaged = [data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] for place in range(0, len(data), 97)]
    assert [load_state(one) for one in (b"", data[:-1], data + b"\0", b"{}" * 50, *damaged)] == [None] * (
        4 + len(damaged)
    )
