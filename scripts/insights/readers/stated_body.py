"""Finds the article in a page's data where the page shows next to nothing: its script would draw it in a browser.

JSON-LD may state the text (schema.org, articleBody); single-page applications carry the article as HTML in the state
that they start from (`<script type="application/json">`: Next.js, Nuxt, Gatsby).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape

import turbohtml
from turbohtml import Document, Element

from insights.readers.statements import Json, Statements, read_statements

SHOWN = 200
"""The characters of text below which a page shows no article."""
STATED = 300
"""The characters from which a text in a page's data is an article."""
_STATE = "script[type='application/json'],script#__NEXT_DATA__,script#__NUXT_DATA__"
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
MAX_DEPTH = 40


def stated_article(text: str) -> Element | None:
    """The article that the data of a page hold, of its HTML; None where they hold none of some length.

    HTML in the state of an application comes before JSON-LD, whose text has lost its structure.
    """
    document = turbohtml.parse(text, positions=False)
    html = max(_texts_of_state(document), key=len, default="")
    if len(html) < STATED:
        html = next(_marked_up(read_statements(document)), "")
    body = turbohtml.parse(html, positions=False).select_one("body") if html else None
    return body if body is not None and len(body.text) >= STATED else None


def _texts_of_state(document: Document) -> Iterator[str]:
    """The HTML texts in the state of an application."""
    for script in document.select(_STATE):
        try:
            state = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        yield from (text for text in _strings(state, 0) if _PARAGRAPH.search(text))


def _strings(value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)) and depth < MAX_DEPTH:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part, depth + 1)


def _marked_up(statements: Statements) -> Iterator[str]:
    """The texts of JSON-LD articles as HTML, a paragraph a line."""
    for text in statements.bodies():
        if _PARAGRAPH.search(text):
            yield text
        elif len(text) >= STATED:
            yield "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
