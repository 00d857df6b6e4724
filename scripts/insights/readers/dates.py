"""Finds when a page says it was published and updated: in its data, beside its title, in its URL.

A page that states no date has none: nothing is guessed from copyright years, server times or other articles' dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from dateutil import parser as date_parser
from turbohtml import Document, Element, Node, Text

from insights.model import Evidence
from insights.readers.dom import ancestors_of, names_of, squeezed, unlike_share
from insights.readers.statements import Statements

MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE_TEXT = re.compile(
    rf"(?<![\w/])(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTHS},?\s+(?:19|20)\d\d"
    rf"|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19|20)\d\d)(?![\d/]|[a-su-z])",
    re.I,
)
_PUBLISHED_LABEL = re.compile(r"\b(?:publi(?:shed|cation)|posted|written|created|released|issued|date)\b", re.I)
_UPDATED_LABEL = re.compile(r"\b(?:updat|modifi|revis|review|edited|last)", re.I)
_OTHER_LABEL = re.compile(
    r"\b(?:event|deadline|expires?|copyright|©|since|until|by|through|effective|born|retrieved|accessed)\W*$", re.I
)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|[-_]|$)")
_ELSEWHERE = re.compile(
    r"comment|related|recommend|footer|sidebar|widget|teaser|promo|popular|recent|(?<![a-z])nav|cookie", re.I
)
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
EARLIEST = 1990
MOST_LOOKED_AT = 3000
NEAR_TITLE_NODES = 60
NEAR_TITLE_CHARACTERS = 1500


def find_dates(
    document: Document, statements: Statements, url: str | None
) -> tuple[datetime | None, datetime | None, list[Evidence]]:
    """When the page was published and last updated, and the evidence; None where it does not say."""
    published = _first(_published(document, statements, url))
    updated = _first(_updated(document, statements))
    evidence = []
    if published is not None:
        evidence.append(Evidence("published", published[1], published[2]))
    if updated is not None:
        evidence.append(Evidence("updated", updated[1], updated[2]))
    return published and published[0], updated and updated[0], evidence


def _first(candidates: Iterator[tuple[str, str]]) -> tuple[datetime, str, str] | None:
    for text, rule in candidates:
        moment = parse_date(text)
        if moment is not None:
            return moment, text, rule
    return None


def parse_date(text: str) -> datetime | None:
    """The moment that a text states, aware (UTC where it names no zone); None where it is no whole date."""
    text = squeezed(text)[:60]
    if not re.search(r"\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if not (
            DATE_TEXT.search(text) or re.search(rf"\d{{1,2}}\s+{MONTHS}\s+\d{{4}}|{MONTHS}\s+\d{{1,2}}", text, re.I)
        ):
            return None
        try:
            moment = date_parser.parse(
                text, default=datetime(1, 1, 1), dayfirst=bool(re.match(r"\d{1,2}\.\d{1,2}\.", text))
            )
        except (ValueError, OverflowError):
            found = DATE_TEXT.search(text)
            if found is None or found[0] == text:
                return None
            return parse_date(found[0])
    if not EARLIEST <= moment.year <= 2100:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _published(document: Document, statements: Statements, url: str | None) -> Iterator[tuple[str, str]]:
    """The candidates in order: what the page shows by its title, what it states for machines, what stands elsewhere.

    A page that only says when it was updated was published then, for all that its reader can know.
    """
    shown = list(_near_title(document, statements))
    yield from ((text, rule) for kind, text, rule in shown if kind == "published")
    for value in statements.of_article("datePublished", "dateCreated", "uploadDate"):
        yield value, "JSON-LD datePublished"
    for name in PUBLISHED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"
    for value in statements.loose("datePublished"):
        yield value, "datePublished in a script"
    yield from _marked(
        document, "[itemprop~=datePublished],[property='schema:datePublished'],time[pubdate]", "microdata"
    )
    if url and (match := _URL_DATE.search(url)):
        yield f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}", "URL"
    yield from _labelled(document, _PUBLISHED_LABEL, _UPDATED_LABEL)
    yield from _named(document)
    yield from ((text, f"{rule}, of an update") for kind, text, rule in shown if kind == "updated")


def _updated(document: Document, statements: Statements) -> Iterator[tuple[str, str]]:
    for value in statements.of_article("dateModified"):
        yield value, "JSON-LD dateModified"
    for name in UPDATED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"
    yield from _marked(document, "[itemprop~=dateModified],[property='schema:dateModified']", "microdata")
    yield from ((text, rule) for kind, text, rule in _near_title(document, statements) if kind == "updated")
    yield from _labelled(document, _UPDATED_LABEL, None)


def _marked(document: Document, selector: str, rule: str) -> Iterator[tuple[str, str]]:
    for element in document.select(selector)[:5]:
        if not _is_elsewhere(element):
            yield element.attr("content") or element.attr("datetime") or element.text, rule


def _is_elsewhere(node: Node) -> bool:
    """Whether a node stands in another article's teaser, a comment, a footer."""
    for ancestor in ancestors_of(node):
        if ancestor.tag in ("footer", "aside", "nav", "a", "figure", "blockquote", "pre", "code"):
            return True
        if ancestor.tag in ("body", "main"):
            return False
        if _ELSEWHERE.search(names_of(ancestor)):
            return True
    return False


def _near_title(document: Document, statements: Statements) -> list[tuple[str, str, str]]:
    """(kind, date, rule) of the dates by the title: "published" ones, labelled first and bare last; then "updated"."""
    heading = title_heading(document, statements)
    if heading is None:
        return []
    found: dict[str, list[str]] = {"labelled": [], "bare": [], "updated": []}
    for label, text in _dates_around(heading):
        if _OTHER_LABEL.search(label):
            continue
        if _PUBLISHED_LABEL.search(label) and not _UPDATED_LABEL.search(label[-12:]):
            found["labelled"].append(text)
        else:
            found["updated" if _UPDATED_LABEL.search(label) else "bare"].append(text)
    published = [("published", text, "text by the title") for text in (*found["labelled"], *found["bare"])]
    return published + [("updated", text, "text by the title") for text in found["updated"]]


def title_heading(document: Document, statements: Statements) -> Element | None:
    """The heading that shows the page's title: the `h1` or `h2` most like what the page calls itself."""
    stated = [statements.meta("og:title"), *list(statements.of_article("headline"))[:1]]
    element = document.select_one("title")
    if element is not None:
        stated.append(squeezed(element.text))
    best, best_likeness = None, 0.45
    for heading in [*document.select("h1")[:8], *document.select("h2")[:4]]:
        text = squeezed(heading.text)
        likeness = max((1 - (unlike_share(s, text) + unlike_share(text, s)) / 2 for s in stated if s), default=0.0)
        if text and likeness > best_likeness + 0.001:
            best, best_likeness = heading, likeness
    return best or document.select_one("h1")


def _dates_around(heading: Element) -> Iterator[tuple[str, str]]:
    """(label, date) pairs of the short texts after a heading, then of those just before it, nearest first."""
    for nodes, most in ((heading.following, NEAR_TITLE_NODES), (heading.preceding, 14)):
        seen, characters, label = 0, 0, ""
        for node in nodes:
            if not isinstance(node, Text):
                continue
            text = squeezed(node.data)
            parent = node.parent
            if not text or (isinstance(parent, Element) and parent.tag in ("script", "style", "noscript", "template")):
                continue
            seen += 1
            characters += len(text)
            if seen > most or characters > NEAR_TITLE_CHARACTERS:
                break
            if len(text) <= 120 and (found := DATE_TEXT.search(text)) and not _is_in_prose(text, found):
                time = parent if isinstance(parent, Element) and parent.tag == "time" else None
                if time is not None or not _is_elsewhere(node):
                    stated = time.attr("datetime") if time is not None else None
                    yield (label + " " + text[: found.start()])[-60:], stated or found[0]
            label = text if len(text) < 40 else ""


def _is_in_prose(text: str, found: re.Match[str]) -> bool:
    return len(text) - len(found[0]) > 60


def _labelled(document: Document, label: re.Pattern[str], but: re.Pattern[str] | None) -> Iterator[tuple[str, str]]:
    """Dates after a label anywhere in the page ("Published: 3 May 2024"), in short texts of their own."""
    for element in document.select("p,span,div,time,em,small")[:MOST_LOOKED_AT]:
        if len(element) > 6:
            continue
        text = element.text
        if len(text) > 100 or not (found := DATE_TEXT.search(text)) or _is_elsewhere(element):
            continue
        before = squeezed(text[: found.start()])
        if len(before) < 40 and label.search(before) and not (but and but.search(before)):
            yield found[0], "labelled text"


def _named(document: Document) -> Iterator[tuple[str, str]]:
    """Dates in short elements that their author called a date ("post-date", "published")."""
    for element in document.select("[class*=date],[class*=Date],[class*=publish],[class*=time],time,[class*=meta]")[
        :MOST_LOOKED_AT
    ]:
        text = squeezed(element.text)
        if len(text) < 60 and (found := DATE_TEXT.search(text)) and not _is_elsewhere(element):
            yield element.attr("datetime") or found[0], "element named a date"
