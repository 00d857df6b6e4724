"""Rules over the library as a whole: topics, editions and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from insights.library import Library
from insights.model import Edition, Finding, Position
from insights.text import nearest

LibraryRule = Callable[[Library], Iterator[Finding]]


def unknown_edition_article(library: Library) -> Iterator[Finding]:
    """Every article of an edition exists, and is no draft."""
    for edition in library.editions:
        for index, slug in enumerate(edition.articles):
            article = library.article(slug)
            place = edition.positions.get(f"articles[{index}]", Position(1, 1))
            if article is None:
                close = nearest(slug, (other.slug for other in library.articles))
                message, fix = f'no article has the slug "{slug}"', f'use "{close}"' if close else "remove it"
                yield Finding(edition.path, place.line, place.column, "edition-article", message, fix)
            elif article.is_draft:
                message, fix = f'"{slug}" is a draft', "publish it first, or remove it"
                yield Finding(edition.path, place.line, place.column, "edition-article", message, fix)


def duplicate_edition(library: Library) -> Iterator[Finding]:
    """No two editions have one number."""
    numbers: dict[int, list[Edition]] = defaultdict(list)
    for edition in library.editions:
        numbers[edition.number].append(edition)
    for number, same in sorted(numbers.items()):
        for edition in same if len(same) > 1 else ():
            others = ", ".join(sorted(other.path for other in same if other is not edition))
            place = edition.positions.get("number", Position(1, 1))
            message = f"number {number} is also that of {others}"
            yield Finding(edition.path, place.line, place.column, "edition-number", message, "number them in turn")


def unknown_start(library: Library) -> Iterator[Finding]:
    """A topic's start-here list and the home page's lead name articles that exist."""
    named = [(topic.path, slug) for topic in library.topics for slug in topic.start_here]
    named += [(page.path, page.lead) for page in library.pages if page.lead]
    for path, slug in named:
        if library.article(slug) is None:
            close = nearest(slug, (article.slug for article in library.articles))
            fix = f'use "{close}"' if close else "remove it"
            yield Finding(path, 1, 1, "article-unknown", f'no article has the slug "{slug}"', fix)


LIBRARY_RULES: tuple[LibraryRule, ...] = (unknown_edition_article, duplicate_edition, unknown_start)
