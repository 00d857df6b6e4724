"""Finds when a page says it was published and updated: in its data, beside its title, in its URL.

A page that states no date has none: nothing is guessed from copyright years, server times or other articles' dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from turbohtml import Document, Element

from insights.model import Evidence
from insights.readers.dates import parse_date, url_date
from insights.readers.shown_dates import (
    PUBLISHED_LABEL,
    SAYS_PUBLISHED,
    UPDATED_LABEL,
    Shown,
    labelled,
    marked,
    named,
    shown_by_title,
)
from insights.readers.statements import Statements

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date",
    "datepublished", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "pubdate",
    "article.published", "published-date", "article:published", "dc.date.issued", "dcterms.created", "dc.date.created",
    "dcterms.issued", "dcterms.date", "dc.date", "citation_publication_date", "citation_online_date", "citation_date",
    "bt:pubdate", "cxenseparse:recs:publishtime", "shareaholic:article_published_time", "rnews:datepublished",
    "published", "date",
)  # fmt: skip
UPDATED_META = (
    "article:modified_time", "og:updated_time", "og:modified_time", "article:modified", "dcterms.modified",
    "datemodified", "last-modified", "lastmod", "article.updated", "shareaholic:article_modified_time", "revised",
)  # fmt: skip
MONTHS_OF_YEAR = 12


def find_dates(
    document: Document, statements: Statements, url: str | None, headings: Sequence[Element]
) -> tuple[datetime | None, datetime | None, list[Evidence]]:
    """When the page was published and last updated, and the evidence; None where it does not say.

    `headings` are those that may show the page's title, the likeliest first.
    """
    is_day_first = writes_day_first(document, url)
    shown = shown_by_title(headings)
    published = _first(_published(document, statements, url, shown), is_day_first)
    updated = _first(_updated(document, statements, shown), is_day_first)
    evidence = []
    if published is not None:
        evidence.append(Evidence("published", published[1], published[2]))
    if updated is not None:
        evidence.append(Evidence("updated", updated[1], updated[2]))
    return published and published[0], updated and updated[0], evidence


def _first(candidates: Iterator[tuple[str, str]], is_day_first: bool) -> tuple[datetime, str, str] | None:
    for text, rule in candidates:
        moment = parse_date(text, is_day_first)
        if moment is not None:
            return moment, text, rule
    return None


def writes_day_first(document: Document, url: str | None) -> bool:
    """Whether 03/10/2023 is in October on this page: its address says so, or else the region of its language.

    Without a region, English is read as in the United States (Unicode CLDR, likely subtags: en → en-Latn-US).
    """
    day = url_date(url)
    if day is not None and day.day <= MONTHS_OF_YEAR and f"{day:%d/%m/%Y}" in document.text:
        return True
    root = document.root
    language = (
        ((root.attr("lang") or root.attr("xml:lang") or "") if root is not None else "").lower().replace("_", "-")
    )
    return bool(language) and language not in ("en", "en-us")


def _published(document: Document, statements: Statements, url: str | None, shown: Shown) -> Iterator[tuple[str, str]]:
    """The candidates in order: what data and address both say, what the page shows by its title, what its data says.

    A page that only says when it was updated was published then, for all that its reader can know. It also outweighs
    JSON-LD, where many systems put the day on which the page was first made; what made it an article is a meta tag.
    """
    stated = list(_stated(statements))
    day = url_date(url)
    yield from ((value, f"{rule}, as in the URL") for value, rule in stated if day is not None and _is_on(value, day))
    yield from ((text, "text by the title") for text in shown.published)
    yield from labelled(document, shown.around, SAYS_PUBLISHED)
    if not any(rule.startswith("meta") for _, rule in stated):
        yield from _by_update(shown)
    yield from stated
    for value in statements.loose_dates():
        yield value, "datePublished in a script"
    yield from marked(
        document, shown.around, "[itemprop~=datePublished],[property='schema:datePublished'],time[pubdate]", "microdata"
    )
    if day is not None:
        yield day.date().isoformat(), "URL"
    yield from labelled(document, shown.around, PUBLISHED_LABEL)
    yield from _by_update(shown)
    yield from named(document, shown.around)


def _stated(statements: Statements) -> Iterator[tuple[str, str]]:
    """What the page says for machines about its publication."""
    for value in statements.of_article("datePublished", "dateCreated", "uploadDate"):
        yield value, "JSON-LD datePublished"
    for name in PUBLISHED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"


def _is_on(text: str, day: datetime) -> bool:
    moment = parse_date(text)
    return moment is not None and moment.date() == day.date()


def _by_update(shown: Shown) -> Iterator[tuple[str, str]]:
    """The dates of updates, save those in figures that may be read in two ways: they are too little to go by."""
    for text in shown.updated:
        if parse_date(text, is_day_first=True) == parse_date(text, is_day_first=False):
            yield text, "text by the title, of an update"


def _updated(document: Document, statements: Statements, shown: Shown) -> Iterator[tuple[str, str]]:
    for value in statements.of_article("dateModified"):
        yield value, "JSON-LD dateModified"
    for name in UPDATED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"
    yield from marked(document, shown.around, "[itemprop~=dateModified],[property='schema:dateModified']", "microdata")
    yield from ((text, "text by the title") for text in shown.updated)
    yield from labelled(document, shown.around, UPDATED_LABEL)
