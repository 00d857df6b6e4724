import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.text import clash_key, count_words, fold, initials, is_portable, nearest, reading_minutes, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Why Your AI Pilot Succeeded", "why-your-ai-pilot-succeeded"),
        ("R&D", "r-and-d"),
        ("Zofia Żuraw", "zofia-zuraw"),
        ("Größe", "grosse"),
        ("It’s what's left", "its-whats-left"),
        ("未知数", "未知数"),
        ("---", ""),
    ],
)
def test_slugs_are_readable_ascii_where_they_can_be(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slugify(slugify(text)) == slugify(text)
    assert len(slugify(text)) <= 80


@pytest.mark.parametrize("name", ["con", "Nul", "aux", "COM1", "lpt9", "prn"])
def test_no_slug_names_a_device_of_windows(name: str) -> None:
    assert not is_portable(name)
    assert slugify(name) == f"{name.lower()}-1"


@given(st.text())
def test_a_slug_is_a_name_on_every_system(text: str) -> None:
    assert is_portable(slugify(text))


@pytest.mark.parametrize(
    "name", ["con.md", "nul .txt", "a:b", "a?", "end.", "end ", "a\\b", "a/b", "\x1f", "COM¹.png", "ä" * 121]
)
def test_a_name_that_windows_has_not_is_not_portable(name: str) -> None:
    assert not is_portable(name)


@pytest.mark.parametrize("name", ["console.md", "a.con", ".hidden", "größe.png", "未知数.md", "com10.md", "ä" * 120])
def test_other_names_are_portable(name: str) -> None:
    assert is_portable(name)


@pytest.mark.parametrize(
    ("one", "other"), [("Foo.md", "foo.md"), ("caf\u00e9", "cafe\u0301"), ("STRASSE", "straße"), ("ΛΟΓΟΣ", "λογος")]
)
def test_names_that_some_file_system_takes_for_one_share_a_key(one: str, other: str) -> None:
    assert clash_key(one) == clash_key(other)
    assert clash_key(one) != clash_key(f"{other}x")


def test_long_slugs_end_at_a_word() -> None:
    assert slugify("word " * 40) == "-".join(["word"] * 16)


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert fold("Governance & Risk") == fold("governance and  risk")
    assert fold("Zofia Żuraw") == fold("zofia zuraw")


def test_the_nearest_name_is_found_and_a_far_one_is_not() -> None:
    assert nearest("machine-lerning", ["machine learning", "monitoring"]) == "machine learning"
    assert nearest("gardening", ["machine learning", "monitoring"]) is None


@given(st.text(st.sampled_from("ab1Z-_'’ .,\n\t“”–—…\xa0\x1c\x85\u2028éß中²½"), max_size=30))
def test_a_word_begins_with_a_letter_or_digit_and_may_have_hyphens_and_apostrophes(text: str) -> None:
    assert count_words(text) == len(re.findall(r"[^\W_][\w'’-]*", text))


def test_reading_time_is_at_least_a_minute() -> None:
    assert reading_minutes("Short.") == 1
    assert reading_minutes("word " * 690) == 3


def test_initials_are_of_first_and_last_name() -> None:
    assert initials("Ada King Lovelace") == "AL"
    assert initials("Plato") == "P"
