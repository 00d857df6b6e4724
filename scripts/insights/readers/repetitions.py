"""Removes what a page shows more than once: links and credits of one text, and sentences pulled out of the article."""

from __future__ import annotations

import re
from collections import Counter

from turbohtml import Element

from insights.readers.dom import link_density

REPEATED, MAX_LABEL, LINKED = 3, 60, 0.8
CREDIT = re.compile(r"\b(?:credit|photo(?:graph)?s?|images?|illustration|courtesy|source|via|by|getty)\b|©|/", re.I)
QUOTE_MARKS, QUOTE_ENDS = ("“", '"', "„", "«"), ("”", '"', "“", "»")
MIN_PULLED, MAX_PULLED, MOST_PULLED = 40, 400, 20
"""The characters of a sentence that is shown twice; a story with more lines of speech has none to be looked for."""


def remove_repeated(texts: dict[Element, str]) -> None:
    """Removes links and credits that stand three times and more: "Check price", "Credit: The Ledger"."""
    labels = {
        block: text
        for block, text in texts.items()
        if 0 < len(text) <= MAX_LABEL and block.tag in ("p", "div", "figcaption")
    }
    counts = Counter(labels.values())
    for block, text in labels.items():
        is_label = counts[text] >= REPEATED and block.select_one("img,code,math") is None
        is_credit = block.tag == "figcaption" and bool(CREDIT.search(text))
        if is_label and (is_credit or link_density(block, len(text)) > LINKED):
            block.extract()


def remove_pull_quotes(texts: dict[Element, str]) -> None:
    """Removes the quoted sentences that a longer paragraph holds word for word: the page shows them twice."""
    pulled = [
        (block, text)
        for block, text in texts.items()
        if block.tag not in ("pre", "td", "th", "li") and text.startswith(QUOTE_MARKS)
        if MIN_PULLED <= len(text) <= MAX_PULLED and text.endswith(QUOTE_ENDS)
    ]
    if not pulled or len(pulled) > MOST_PULLED:
        return
    spoken = list(map(_letters_of, texts.values()))
    for block, text in pulled:
        words = _letters_of(text)
        if any(words in other and len(words) < len(other) for other in spoken):
            block.extract()


def _letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
