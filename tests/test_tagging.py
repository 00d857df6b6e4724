import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import run_insights
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.model import Tag
from insights.related import Document
from insights.tagging import (
    audit_tags,
    find_candidates,
    merge_article,
    merge_vocabulary,
    suggest_tags,
    vocabulary_of,
)

QUEUES = Tag("queues", "queues", ("backlog", "waiting times"), "Lines of people and of work.")
MODELS = Tag("models", "models", (), "Statistics and machine learning.")
HIRING = Tag("hiring", "hiring", (), "Finding people for work.")
TAGS = (QUEUES, MODELS, HIRING)
TEXTS = {
    "queues": "The desk had a backlog of forms and people stood in line for hours while clerks sorted paper.",
    "models": "We trained the network on old data and its error on the test set fell with every epoch.",
    "hiring": "Candidates came for interviews and the manager signed contracts with two engineers of five.",
}


def tagged_library(size: int = 24) -> list[Document]:
    """Articles whose tag can be told from words that are not in its label."""
    chance = random.Random(size)
    documents = []
    for number in range(size):
        name = sorted(TEXTS)[number % 3]
        body = " ".join(chance.sample(TEXTS[name].split(), 12))
        documents.append(Document(f"a{number:02}", f"Note {number}", body, day=number, tags=(name,)))
    return documents


NEW = Document("new", "A line of clerks", "People stood in line while clerks sorted forms of paper.", day=99)


def first(documents: list[Document], slug: str = "new") -> str:
    return suggest_tags(documents, TAGS, [slug])[slug][0].tag.name


def test_a_tag_is_learnt_from_the_articles_that_have_it() -> None:
    suggestion = suggest_tags([*tagged_library(), NEW], TAGS, ["new"])["new"][0]
    assert suggestion.tag is QUEUES
    assert suggestion.is_likely
    assert {"line", "clerks", "forms", "paper", "people", "sorted", "stood"}.issuperset(suggestion.words)
    assert suggestion.words


def test_without_a_tagged_article_names_aliases_and_descriptions_decide() -> None:
    documents = [
        Document("a", "One", "The waiting times grew."),
        Document("b", "Two", "Three models of one desk."),
        Document("c", "Else", "They search for people who want to do this work; finding them takes long."),
    ]
    found = suggest_tags(documents, TAGS, ["a", "b", "c"])
    assert [found[slug][0].tag.name for slug in "abc"] == ["queues", "models", "hiring"]
    assert found["a"][0].words == ("waiting times",)


def test_the_words_that_speak_for_a_tag_stand_in_the_article() -> None:
    documents = [*tagged_library(), NEW]
    for suggestion in suggest_tags(documents, TAGS, ["new"])["new"]:
        assert all(word in f"{NEW.title} {NEW.body}".lower() for word in suggestion.words)


@settings(max_examples=15, deadline=None)
@given(st.permutations([*tagged_library(15), NEW]), st.permutations(TAGS))
def test_the_order_of_articles_and_tags_changes_nothing(documents: list[Document], tags: list[Tag]) -> None:
    assert suggest_tags(documents, tags, ["new"]) == suggest_tags([*tagged_library(15), NEW], TAGS, ["new"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.lists(st.sampled_from(["queues", "models", "?"]))), max_size=14))
def test_any_articles_get_each_tag_once_at_most(entries: list[tuple[str, list[str]]]) -> None:
    documents = [Document(f"d{n}", text, text, tags=tuple(tags)) for n, (text, tags) in enumerate(entries)]
    wanted = [document.slug for document in documents if not document.tags]
    found = suggest_tags(documents, TAGS, wanted)
    assert sorted(found) == sorted(wanted)
    for suggestions in found.values():
        names = [suggestion.tag.name for suggestion in suggestions]
        assert sorted(names) == ["hiring", "models", "queues"]


def test_an_article_that_is_asked_about_teaches_nothing() -> None:
    documents = [*tagged_library(), replace(NEW, tags=("hiring",))]
    assert first(documents) == "queues"


def test_the_vocabulary_of_a_folder_is_what_two_articles_have() -> None:
    documents = [replace(NEW, slug=str(number), tags=("b", f"once-{number}", "a")) for number in range(2)]
    assert [tag.name for tag in vocabulary_of(documents)] == ["a", "b"]
    assert [tag.name for tag in vocabulary_of(documents, 1)] == ["a", "b", "once-0", "once-1"]


def test_a_phrase_that_recurs_and_is_no_tag_is_a_candidate() -> None:
    texts = ["Exit interview", "Our exit interviews", "The exit interview again", "Lunch", "Rain", "Snow", "Wind"]
    documents = [Document(f"d{n}", f"{text} {n}", f"{text} and the data contract.") for n, text in enumerate(texts)]
    documents += [Document(f"e{n}", f"Text {word}", f"Of {word}.") for n, word in enumerate("uvwxyz")]
    found = find_candidates(documents, TAGS)
    assert [(one.phrase, one.slugs) for one in found] == [("exit interview", ("d0", "d1", "d2"))]
    assert find_candidates(documents, [*TAGS, Tag("exits", "exits", ("exit interviews",))]) == ()


def test_the_audit_finds_four_kinds_and_says_what_to_merge() -> None:
    tags = [Tag(name.lower(), name) for name in ("queues", "Queue", "lonely", "nowhere", "everything", "notes")]
    documents = [Document(f"d{n}", "T", "B", tags=("everything", "notes" if n % 2 else "queues")) for n in range(20)]
    documents += [Document("q0", "T", "B", tags=("Queue",)), Document("q1", "T", "B", tags=("Queue",))]
    documents.append(Document("l", "T", "B", tags=("queues", "lonely")))
    assert [(one.kind, one.tag, one.into) for one in audit_tags(documents, tags)] == [
        ("unused", "nowhere", ""),
        ("single-use", "lonely", "queues"),
        ("near-synonym", "Queue", "queues"),
        ("over-broad", "everything", ""),
        ("over-broad", "notes", ""),
        ("over-broad", "queues", ""),
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("robotic process automation", "RPA", True),
        ("user-centered design", "user centered design", True),
        ("modelling", "modeling", True),
        ("unconf17", "unconf18", False),
        ("release 2020", "release 2021", False),
        ("DMN", "CMMN", False),
        ("open data", "open source", False),
        ("Markdown", "R Markdown", False),
        ("API", "api", True),
    ],
)
def test_tags_that_mean_the_same_are_told_by_their_labels(one: str, other: str, is_same: bool) -> None:
    documents = [Document(f"d{n}", "T", "B", tags=(name,)) for n, name in enumerate((one, one, one, other, other))]
    kinds = [problem.kind for problem in audit_tags(documents, vocabulary_of(documents))]
    assert kinds == (["near-synonym"] if is_same else [])


VOCABULARY = """\
# The terms, most used first.
- name: queues
  slug: queues
  # as readers say
  aliases: [waiting]
  description: Lines.
- name: Back log
  slug: backlog
  aliases: [pile]
- name: models
"""


def test_a_merged_tag_becomes_an_alias_and_the_rest_of_the_file_stays() -> None:
    old, new = Tag("backlog", "Back log", ("pile",)), Tag("queues", "queues", ("waiting",))
    assert merge_vocabulary(VOCABULARY, old, new) == VOCABULARY.replace(
        "- name: Back log\n  slug: backlog\n  aliases: [pile]\n", ""
    ).replace("[waiting]", "[waiting, Back log, backlog, pile]")
    assert "aliases: [queues, waiting]" in merge_vocabulary(VOCABULARY, new, Tag("models", "models"))


def test_an_article_gets_the_merged_tag_once_and_in_its_place() -> None:
    text = "---\ntitle: T # kept\ntags: [Back log, models, waiting]\n---\nBody.\n"
    old, new = Tag("backlog", "Back log"), Tag("queues", "queues", ("waiting",))
    merged = merge_article(text, ["Back log", "models", "waiting"], old, new)
    assert merged == text.replace("[Back log, models, waiting]", "[queues, models]")
    assert merge_article(text, ["models", "waiting"], old, new) is text


def test_the_commands_suggest_write_audit_and_merge(publication: Path) -> None:
    insights = publication / "content" / "insights"
    (insights / "queues-everywhere.md").write_text(
        "---\ntitle: Queues everywhere\ndate: 2026-03-02\ntopic: Operations\n---\nQueues here, queueing there.\n"
    )
    asked = run_insights(publication, "tags", "suggest", "--json", "--write")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["queues-everywhere"] == ["queues", "R&D"]
    assert "tags: [queues]\n" in (insights / "queues-everywhere.md").read_text()
    audit = json.loads(run_insights(publication, "tags", "audit", "--json").stdout)
    assert [problem["tag"] for problem in audit["problems"]] == []
    merged = run_insights(publication, "tags", "merge", "queues", "R&D")
    assert merged.returncode == 0, merged.stderr
    assert "tags: [R&D]\n" in (insights / "counting-what-waits.md").read_text(encoding="utf-8")
    assert "aliases: [research, queues, queueing, waiting]" in (publication / "content" / "tags.yml").read_text()
    assert run_insights(publication, "check", "--strict").stdout.count("tag-") == 0
    assert run_insights(publication, "build").returncode == 0
    assert "tags/r-and-d/" in (publication / "site" / "tags" / "queues" / "index.html").read_text()


def test_a_file_that_is_named_is_asked_about_alone_even_where_it_has_tags(publication: Path) -> None:
    insights = publication / "content" / "insights"
    for slug in ("one", "two"):
        text = f"---\ntitle: Queues {slug}\ndate: 2026-03-02\ntopic: Operations\n---\nQueues here, queueing there.\n"
        (insights / f"{slug}.md").write_text(text)

    def asked(*paths: str) -> set[str]:
        return set(json.loads(run_insights(publication, "tags", "suggest", "--json", *paths).stdout))

    assert asked() == asked("content/insights") == {"one", "two", "a-draft", "not-yet"}
    assert asked("content/insights/one.md") == {"one"}
    assert asked("content/insights/counting-what-waits.md") == {"counting-what-waits"}


def test_files_with_windows_line_ends_are_edited_in_place_and_keep_them(publication: Path) -> None:
    content = publication / "content"
    article, vocabulary = content / "insights" / "counting-what-waits.md", content / "tags.yml"
    untagged = content / "insights" / "queues-everywhere.md"
    untagged.write_text("---\ntitle: Queues everywhere\ndate: 2026-03-02\ntopic: Operations\n---\nQueues, queueing.\n")
    for path in (article, vocabulary, untagged):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = article.read_bytes()
    assert run_insights(publication, "tags", "suggest", "--write").returncode == 0
    assert untagged.read_bytes().count(b"---\r\n") == 2
    assert b"\r\ntags: [queues]\r\n---\r\nQueues" in untagged.read_bytes()
    assert run_insights(publication, "tags", "merge", "queues", "R&D").returncode == 0
    assert article.read_bytes() == before.replace(b"tags: [queues, R&D]", b"tags: [R&D]")
    assert vocabulary.read_bytes().count(b"\n") == vocabulary.read_bytes().count(b"\r\n") > 0


def test_two_tags_that_differ_in_case_alone_are_merged(publication: Path) -> None:
    vocabulary = publication / "content" / "tags.yml"
    before = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(f"{before}- name: Queues\n", encoding="utf-8")
    assert run_insights(publication, "tags", "merge", "Queues", "queues").returncode == 0
    assert vocabulary.read_text(encoding="utf-8") == before


def test_a_merge_that_makes_no_sense_says_why(publication: Path) -> None:
    for names, message in (
        (("queues", "querries"), 'There is no tag "querries"'),
        (("quees", "R&D"), 'Did you mean "queues"?'),
        (("waiting", "queues"), "are the same tag already"),
    ):
        result = run_insights(publication, "tags", "merge", *names)
        assert result.returncode == 2
        assert message in result.stderr


def test_any_folder_of_markdown_files_is_enough(tmp_path: Path) -> None:
    for document in [*tagged_library(), NEW]:
        front = f"---\ntitle: {document.title}\ndate: 2026-01-01\nauthor: A\ntags: [{', '.join(document.tags)}]\n---\n"
        (tmp_path / f"{document.slug}.md").write_text(front + document.body)
    (tmp_path / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nLine of clerks.\n")
    (tmp_path / "later.md").write_text("---\ntitle: Later\ndate: 2999-01-01\n---\nLine of clerks.\n")
    suggested = json.loads(run_insights(tmp_path, "tags", "suggest", ".", "--json").stdout)
    assert sorted(suggested) == ["draft", "later", "new"]
    assert suggested["new"][0] == "queues"
    ranked = json.loads(run_insights(tmp_path, "related", ".", "--json").stdout)
    assert sorted(ranked) == sorted(document.slug for document in [*tagged_library(), NEW])
    assert all(len(set(others) - {slug, "draft", "later"}) == 5 for slug, others in ranked.items())
