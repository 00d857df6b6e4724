"""The same article in the markup of widely used systems: its text, its structure, and what the page says about it.

Each page in `cases/readers/systems` is written after what the system makes; beside it stands what must become of it:
title, authors and day, one a line, an empty line, and the body.
"""

from pathlib import Path

import pytest

from insights.model import Source
from insights.readers.html import read_html
from insights.readers.proof import render

PAGES = sorted((Path(__file__).parent / "cases/readers/systems").glob("*.html"))
URL = "https://www.pages.example/notes/count-twice"
OF_THE_PAGE = (
    "Subscribe",
    "Share",
    "min read",
    "Teilen",
    "Partager",
    "Compartir",
    "Newsletter",
    "newsletter",
    "シェア",
    "شارك",
    "No Comments",
    "Related",
    "Leave a",
    "weigh the bread",
    "Brot",
    "le pain",
    "el pan",
    "Follow",
    "Edit source",
    "Cookie",
    "©",
)
OF_THE_ARTICLE = (
    "A shop that counts its stock", "Two people who count", "What a second count shows", "Lines that differ",
    "Nothing here needs a machine. A pencil", "What it costs", "The cost is an evening.", "A third count is for",
    "Start with the shelf", "Counted in 2023", "Who counts first?", "I stopped arguing", "Two lists of one shelf",
    "(lines / 30)", "Key takeaways",
)  # fmt: skip
LINKED_BY_THE_AUTHOR = {"ghost", "news-blocks", "notion"}
"""Where the author put a card of another article into the text."""


def told(path: Path) -> str:
    """What the reader makes of a page, as the expected files have it."""
    extract = read_html(Source(path.name, path.read_bytes(), URL))
    day = extract.published.date().isoformat() if extract.published else ""
    return f"{extract.title}\n{', '.join(extract.authors)}\n{day}\n\n{extract.body}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_page_of_a_system_gives_its_article(page):
    assert told(page) == page.with_suffix(".md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_nothing_of_the_page_is_in_its_article(page):
    shown = render(read_html(Source(page.name, page.read_bytes(), URL)).body)
    words = [word for word in OF_THE_PAGE if word in shown]
    assert words == (["weigh the bread"] if page.stem in LINKED_BY_THE_AUTHOR else [])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_paragraph_of_an_article_is_missing(page):
    html, body = page.read_text("utf-8"), read_html(Source(page.name, page.read_bytes(), URL)).body
    assert [words for words in OF_THE_ARTICLE if words in html and words not in body] == []
