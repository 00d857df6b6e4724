"""The words by which misspelt queries of the search are mended."""

from __future__ import annotations

import re
from collections import Counter

from insights.library import Library

WORDS = "search/words.txt"
_MAX_WORDS = 5_000
_SHORTEST = 3


def render_words(library: Library) -> bytes:
    """The words of titles, descriptions and terms, those of most articles first, with a space between two.

    Pagefind answers exact beginnings alone; the reader's browser looks here for what a misspelt word was meant to be.
    """
    names = [
        *(topic.name for topic in library.topics),
        *(tag.name for tag in library.tags),
        *(author.name for author in library.authors),
    ]
    texts = [f"{article.title} {article.description}" for article in library.articles]
    counts = Counter(word for text in texts for word in sorted(set(_words(text))))
    named = [word for name in names for word in _words(name)]
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return " ".join(list(dict.fromkeys([*named, *ranked]))[:_MAX_WORDS]).encode()


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > _SHORTEST and not word.isdigit()]
