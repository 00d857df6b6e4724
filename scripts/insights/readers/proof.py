"""Proves that Markdown renders to the text it was written from, as mdformat proves before it writes."""

from __future__ import annotations

import re
import unicodedata

import turbohtml
from turbohtml import Element

EXTENSIONS = (
    "tables", "footnotes", "attr_list", "def_list", "admonition", "md_in_html", "sane_lists", "abbr", "toc",
    "pymdownx.betterem", "pymdownx.superfences", "pymdownx.highlight", "pymdownx.tilde", "pymdownx.tasklist",
)  # fmt: skip
"""What the site's mkdocs.yml turns on, as far as it changes how text is read."""
MAX_PROVED = 500_000
"""Characters above which a text is a book and not proved: what rendering it costs grows by the square."""
EXCERPT = 60
ALIKE, MOST_ADDED = 20, 1000
"""How many letters tell a place in the text, and how far on it is looked for."""
STEP = 64
_NOTE_PLACE = re.compile(r"fn|ftn|note|ref|cite", re.I)
_NOTE_MARK = re.compile(r"^\W*\d{0,3}\W*$")
_UNSHOWN = "script,style,template,noscript,svg,iframe,video,audio,object,sup,.footnote-backref"


def lost_words(shown: str, text: str) -> str:
    """The first letters that a source shows and its Markdown does not; "" where none are lost.

    `shown` is from `shown_words`. White space, punctuation that typography may change, notes' numbers and alternative
    texts are not compared. What Markdown says besides, such as the label of an embedded film's link, is no loss.
    """
    rendered = shown_words(render(text))
    here = there = 0
    while here < len(shown):
        step = STEP if shown[here : here + STEP] == rendered[there : there + STEP] else 1
        if shown[here] != rendered[there : there + 1]:
            there = rendered.find(shown[here : here + ALIKE], there, there + MOST_ADDED)
            if there < 0:
                return shown[here : here + EXCERPT]
        here, there = here + step, there + step
    return ""


def render(text: str) -> str:
    """Markdown as our site shows it."""
    import markdown

    return markdown.markdown(text, extensions=list(EXTENSIONS))


def shown_words(html: str | Element) -> str:
    """The letters and digits that HTML shows, in their order; the marks of notes, and links back to them, left out."""
    source = html if isinstance(html, str) else html.inner_html
    document = turbohtml.parse(f"<body>{source}</body>", positions=False)
    document.remove(_UNSHOWN)
    for link in document.select("a[href^='#']"):
        if _NOTE_MARK.match(link.text) and _NOTE_PLACE.search(link.attr("href") or ""):
            link.extract()
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", document.text))
