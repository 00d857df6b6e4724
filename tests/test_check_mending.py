"""`--fix` never changes what an article means, and a second time changes nothing: whatever is written."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_check_cases import CASES, NAMES, NOW, PUBLICATION, SITE

from insights.article import parse_article
from insights.check import Collection
from insights.check.mending import mend_text
from insights.desk.reading import read_collection
from insights.render import render_html

PATH = "content/insights/example.md"
HEAD = "---\ntitle: Waiting for it\ndate: 2026-02-01\ntopic: Operations\n---\n"
WORDS = st.sampled_from(
    ["a desk", "it’s “so”", "80 %\u00a0 and", "x_y_z", "1. one", "a\u00adb", "**bold**", "\u200bthin", "a  "]
)
LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["#", "##", "####", "######", "# #"]), WORDS),
    st.builds("{}{} {}".format, st.sampled_from(["", "  ", "    "]), st.sampled_from("-*+•▪"), WORDS),
    st.builds("> {}".format, WORDS),
    st.builds(
        "[{}](https://small.example.org/review/insights/{}/?utm_source=x&b=1)".format, WORDS, st.just("waiting-times")
    ),
    st.builds("`code \u00a0 {}`".format, WORDS),
    st.sampled_from(
        ["```", "~~~", "    indented \u00a0 code", "| a | b |", "|---|---|", "| • x | y |", "<!-- note -->"]
    ),
    st.sampled_from(
        ["<div>", "</div>", "[^1]", "[^1]: Note.", "Term", ": Meaning", "!!! note", "***", "Waiting for it"]
    ),
    WORDS,
    st.just(""),
    st.text(alphabet="ab #*-_`[]()<>!|\\\u00a0\u200b•\t.", max_size=12),
)
BODIES = st.lists(LINES, min_size=1, max_size=14).map("\n".join)


@cache
def collection() -> Collection:
    with TemporaryDirectory() as name:  # what is remembered of the sheets is written beside content/
        (Path(name) / "content").symlink_to(SITE / "content")
        return read_collection(Path(name), PUBLICATION, NOW).collection


def mend(text: str) -> str:
    return mend_text(text, PATH, collection(), lambda body: render_html(body, PUBLICATION, "insights/example.md"))


def meaning(text: str) -> tuple[list[str], list[str], list[str], int]:
    """What a reader gets of an article: its words, its code, the texts of its links, and how many pictures."""
    article, _ = parse_article(text, PATH)
    assert article is not None
    root = lxml.html.fragment_fromstring(render_html(article.body, PUBLICATION, "insights/example.md") or "<p/>", "div")
    title = re.findall(r"\w+", article.title.casefold())
    words = re.findall(r"\w+", re.sub("[\u00ad\u200b]", "", root.text_content()).casefold())
    while words[: len(title)] == title:  # it stands above the text: a first line that repeats it says nothing
        words = words[len(title) :]
    code = [element.text_content() for element in root.iter("code")]
    links = [re.sub(r"\W+", "", element.text_content()) for element in root.iter("a")]
    return words, code, links, len(list(root.iter("img")))


@settings(max_examples=150, deadline=None)
@given(BODIES)
@example("\u200b\n\\ \n- a desk")
def test_mending_keeps_what_an_article_means_and_ends_after_one_pass(body: str) -> None:
    text = f"{HEAD}{body}\n"
    once = mend(text)
    assert meaning(once) == meaning(text)
    assert mend(once) == once


@pytest.mark.parametrize("name", NAMES)
def test_mending_a_known_mistake_keeps_what_the_article_means(name: str) -> None:
    text = (CASES / f"{name}.md").read_text(encoding="utf-8")
    once = mend(text)
    if parse_article(text, PATH)[0] is None:  # its front matter is broken: nothing else may change
        assert once.split("\n---\n")[1:] == text.split("\n---\n")[1:]
    else:
        assert meaning(once) == meaning(text)
