import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.text import fold, initials, nearest, reading_minutes, slugify


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


def test_long_slugs_end_at_a_word() -> None:
    assert slugify("word " * 40) == "-".join(["word"] * 16)


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert fold("Governance & Risk") == fold("governance and  risk")
    assert fold("Zofia Żuraw") == fold("zofia zuraw")


def test_the_nearest_name_is_found_and_a_far_one_is_not() -> None:
    assert nearest("machine-lerning", ["machine learning", "monitoring"]) == "machine learning"
    assert nearest("gardening", ["machine learning", "monitoring"]) is None


def test_reading_time_is_at_least_a_minute() -> None:
    assert reading_minutes("Short.") == 1
    assert reading_minutes("word " * 690) == 3


def test_initials_are_of_first_and_last_name() -> None:
    assert initials("Ada King Lovelace") == "AL"
    assert initials("Plato") == "P"
