"""Proves that Markdown renders to the text it was written from, as mdformat proves before it writes."""

from __future__ import annotations

import re
import unicodedata

import markdown
import turbohtml

EXTENSIONS = (
    "tables", "footnotes", "attr_list", "def_list", "admonition", "md_in_html", "sane_lists", "abbr", "toc",
    "pymdownx.superfences", "pymdownx.highlight", "pymdownx.tilde", "pymdownx.tasklist",
)  # fmt: skip
"""What the site's mkdocs.yml turns on, as far as it changes how text is read."""


def renders_same(text: str, html: str) -> bool:
    """Whether Markdown, rendered as our site does, shows the words of the HTML, in their order, and nothing else.

    White space, punctuation that typography may change, notes' numbers and alternative texts are not compared.
    """
    return shown_words(render(text)) == shown_words(html)


def render(text: str) -> str:
    """Markdown as our site shows it."""
    return markdown.markdown(text, extensions=list(EXTENSIONS))


def shown_words(html: str) -> list[str]:
    """The words that an HTML fragment shows, letters and digits, in their order; notes and their marks left out."""
    document = turbohtml.parse(f"<body>{html}</body>", positions=False)
    document.remove("script,style,template,noscript,svg,iframe,video,audio,.footnote,sup")
    text = unicodedata.normalize("NFKC", document.text)
    return re.findall(r"\w", text)
