"""Tags that an article might carry: terms of the vocabulary that its own text uses."""

from __future__ import annotations

import re

from insights.library import Library
from insights.model import Article
from insights.text import fold

_MENTIONS = 2  # in passing, everything is mentioned once
_SUGGESTED = 3


def suggest_tags(article: Article, library: Library) -> tuple[str, ...]:
    """At most three tags that an article does not carry but speaks of, most often mentioned first.

    A tag counts by its name and aliases, in the title and description as in the text.
    """
    carried = {tag.slug for term in article.tags if (tag := library.tag(term))}
    text = f" {fold(' '.join((article.title, article.description, article.body)))} "
    mentions: dict[str, int] = {}
    for tag in library.tags:
        terms = {fold(term) for term in (tag.name, *tag.aliases)} - {""}
        pattern = "|".join(re.escape(term) for term in sorted(terms, key=lambda term: (-len(term), term)))
        count = len(re.findall(rf"(?<!\w)(?:{pattern})(?!\w)", text)) if terms else 0
        if count >= _MENTIONS and tag.slug not in carried:
            mentions[tag.name] = count
    return tuple(sorted(mentions, key=lambda name: (-mentions[name], name))[:_SUGGESTED])
