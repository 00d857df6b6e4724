"""The next edition: the articles published since the last one, and a file for an editor to finish."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from insights.frontmatter import dump_front_matter
from insights.model import EPOCH, Edition

if TYPE_CHECKING:
    from datetime import datetime

    from insights.library import Library
    from insights.model import Article

# What a draft's introduction says until an editor writes one; the check looks for it.
INTRO_TO_WRITE = "Write the introduction here: what these articles have in common, and which one to read first."

_FIRST_EDITION_ARTICLES = 6
_PREHEADER_CHARACTERS = 110


def draft_edition(library: Library, now: datetime) -> Edition:
    """The next edition: every article published by `now` and since the last edition, newest first.

    A first edition takes the six newest articles. With nothing new, the edition has no articles.
    """
    last = max((edition.date for edition in library.editions), default=EPOCH)
    fresh = [article for article in _untold(library, now) if article.date and article.date >= last]
    chosen = fresh if library.editions else fresh[:_FIRST_EDITION_ARTICLES]
    number = max((edition.number for edition in library.editions), default=0) + 1
    return Edition(
        number=number,
        date=now.replace(hour=0, minute=0, second=0, microsecond=0),
        subject=chosen[0].title if chosen else f"Newsletter {number}",
        preheader=_join([article.title for article in chosen[1:]]),
        articles=tuple(article.slug for article in chosen),
        intro=f"{INTRO_TO_WRITE}\n",
        path=f"content/newsletter/{number}.md",
    )


def find_passed_over(library: Library, now: datetime) -> list[Article]:
    """The articles that are in no edition though their dates lie between the last two, newest first.

    They were left out, or they came late; an editor knows which.
    """
    before_last, last = [EPOCH, EPOCH, *sorted(edition.date for edition in library.editions)][-2:]
    return [article for article in _untold(library, now) if article.date and before_last <= article.date < last]


def dump_edition(edition: Edition) -> str:
    """The edition's file: its front matter, then the introduction."""
    values: dict[str, object] = {
        "number": edition.number,
        "date": edition.date,
        "subject": edition.subject,
        "preheader": edition.preheader,
        "articles": list(edition.articles),
    }
    return f"{dump_front_matter(values)}\n{edition.intro}"


def _untold(library: Library, now: datetime) -> list[Article]:
    told = {slug for edition in library.editions for slug in edition.articles}
    return [article for article in library.live(now).articles if article.slug not in told]


def _join(titles: list[str]) -> str:
    return textwrap.shorten(" · ".join(titles), _PREHEADER_CHARACTERS, placeholder=" …")
