"""A feed's entries → its documents: the newest for subscribers, all older ones in archives (RFC 5005).

Archives are counted from the oldest entry and hold the same number each, so that they stay as they are while new
entries arrive; the subscribers' document holds the rest. Every entry is in exactly one document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.feeds.entries import FeedLink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_DOCUMENT_BYTES = 500_000
_HEAD_BYTES = 6_000


@dataclass(frozen=True, slots=True)
class Page:
    """The keys of one document's entries, newest first; `number` counts archives from the oldest, 0 is subscribers'."""

    number: int
    entries: tuple[str, ...]
    archives: int


def split_pages(keys: Sequence[str], per_page: int) -> tuple[Page, ...]:
    """The pages of a feed, the subscribers' first, which holds from `per_page` to twice as many less one."""
    archives = max(0, len(keys) // per_page - 1)
    first = len(keys) - archives * per_page
    pages = [Page(0, tuple(keys[:first]), archives)]
    for number in range(archives, 0, -1):
        start = len(keys) - number * per_page
        pages.append(Page(number, tuple(keys[start : start + per_page]), archives))
    return tuple(pages)


def page_links(page: Page, current_url: str, archive_url: Callable[[int], str]) -> tuple[FeedLink, ...]:
    """The links from a page to the others, as an archived feed (RFC 5005 §4) and as a paged one (§3)."""
    number = page.number or page.archives + 1
    older = archive_url(number - 1) if number > 1 else None
    newer = archive_url(number + 1) if number < page.archives else None
    links = []
    if page.number:
        links.append(FeedLink("current", current_url))
    if older:
        links += [FeedLink("prev-archive", older), FeedLink("next", older)]
    if newer:
        links += [FeedLink("next-archive", newer), FeedLink("previous", newer)]
    elif page.number:
        links.append(FeedLink("previous", current_url))
    return tuple(links)


def fit_contents(sizes: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
    """Whether each entry may come with its content, so that the document stays below 500 KB.

    `sizes` has for each entry, newest first, its bytes without content and those of its content. The newest come
    first; one that does not fit is given by its summary.
    """
    budget = MAX_DOCUMENT_BYTES - _HEAD_BYTES - sum(brief for brief, _ in sizes)
    fits = []
    for _, content in sizes:
        fits.append(content <= budget)
        budget -= content if fits[-1] else 0
    return tuple(fits)
