"""Finds when a page says it was published and updated: in its data, beside its title, in its URL.

A page that states no date has none: nothing is guessed from copyright years, server times or other articles' dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from dateutil import parser as date_parser
from turbohtml import Document, Element, Node, Text

from insights.model import Evidence
from insights.readers.dom import BLOCKS, ancestors_of, names_of, squeezed, text_of, unlike_share
from insights.readers.names import spoken
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
_PUBLISHED_LABEL = re.compile(
    r"\b(?:publi(?:shed|cation)|post(?:ed|\s+(?:time|date))|written|created|released|issued|date)\b", re.I
)
_SAYS_PUBLISHED = re.compile(r"^\W*(?:first |originally )?publi(?:shed|cation date)(?: on| at| date)?\W*$", re.I)
_UPDATED_LABEL = re.compile(r"\b(?:updat|modifi|revis|review|edited|last)", re.I)
_OTHER_LABEL = re.compile(
    r"\b(?:event|deadline|expires?|copyright|©|since|until|by|through|effective|beginning|starting|as of|born"
    r"|retrieved|accessed)\W*$",
    re.I,
)
_URL_DATE = re.compile(rf"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2]|{MONTHS})[/-](0?[1-9]|[12]\d|3[01])(?:/|[-_]|$)", re.I)
_NUMBERS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_ZONES = {"EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -8}
"""Hours from UTC, RFC 822 §5.1; a name that is not here is read as UTC."""
_ELSEWHERE = re.compile(
    r" (?:comments?|related|recommend(?:ed|ations?)?|footer|sidebar|teasers?|promos?|popular|recent|latest|nav|cookie) "
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
MONTHS_OF_YEAR = 12
TITLE_TAGS = (("h1", 8), ("h2", 20), ("h3", 20))
MOST_LOOKED_AT = 3000
NEAR_TITLE_NODES = 60
MOST_BEFORE_TITLE = 14
NEAR_TITLE_CHARACTERS = 1500
MAX_DATED_TEXT, MAX_BESIDE_DATE = 120, 60
MAX_LINKED_DATE = 60
MAX_LABEL = 40


def find_dates(
    document: Document, statements: Statements, url: str | None, heading: Element | None
) -> tuple[datetime | None, datetime | None, list[Evidence]]:
    """When the page was published and last updated, and the evidence; None where it does not say.

    `heading` is the one that shows the page's title.
    """
    is_day_first = writes_day_first(document, url)
    published = _first(_published(document, statements, url, heading), is_day_first)
    updated = _first(_updated(document, statements, heading), is_day_first)
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


def url_date(url: str | None) -> datetime | None:
    """The day that an address holds ("/2024/05/31/tea", "/2024/may/31/tea"), at midnight UTC."""
    match = _URL_DATE.search(url or "")
    if match is None:
        return None
    year, month, day = match[1], match[2], int(match[3])
    return parse_date(f"{year}-{int(month):02}-{day:02}" if month.isdigit() else f"{day} {month} {year}")


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


def parse_date(text: str, is_day_first: bool = False) -> datetime | None:
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
        is_day_first = bool(re.match(r"\d{1,2}\.\d{1,2}\.", text)) or (is_day_first and bool(_NUMBERS.match(text)))
        try:
            moment = date_parser.parse(text, default=datetime(1, 1, 1), dayfirst=is_day_first, tzinfos=_zone)
        except (ValueError, OverflowError):
            found = DATE_TEXT.search(text)
            if found is None or found[0] == text:
                return None
            return parse_date(found[0], is_day_first)
    if not EARLIEST <= moment.year <= 2100:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _zone(name: str | None, offset: int | None) -> int:
    return offset if offset is not None else 3600 * _ZONES.get(name or "", 0)


def _published(
    document: Document, statements: Statements, url: str | None, heading: Element | None
) -> Iterator[tuple[str, str]]:
    """The candidates in order: what the page shows by its title, what it states for machines, what stands elsewhere.

    A page that only says when it was updated was published then, for all that its reader can know.
    """
    around = frozenset(ancestors_of(heading)) if heading is not None else frozenset()
    shown = list(_near_title(heading, around))
    yield from ((text, rule) for kind, text, rule in shown if kind == "published")
    yield from _labelled(document, around, _SAYS_PUBLISHED)
    for value in statements.of_article("datePublished", "dateCreated", "uploadDate"):
        yield value, "JSON-LD datePublished"
    for name in PUBLISHED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"
    for value in statements.loose("datePublished"):
        yield value, "datePublished in a script"
    yield from _marked(
        document, around, "[itemprop~=datePublished],[property='schema:datePublished'],time[pubdate]", "microdata"
    )
    if day := url_date(url):
        yield day.date().isoformat(), "URL"
    yield from _labelled(document, around, _PUBLISHED_LABEL)
    yield from ((text, f"{rule}, of an update") for kind, text, rule in shown if kind == "updated")


def _updated(document: Document, statements: Statements, heading: Element | None) -> Iterator[tuple[str, str]]:
    for value in statements.of_article("dateModified"):
        yield value, "JSON-LD dateModified"
    for name in UPDATED_META:
        if value := statements.meta(name):
            yield value, f"meta {name}"
    around = frozenset(ancestors_of(heading)) if heading is not None else frozenset()
    yield from _marked(document, around, "[itemprop~=dateModified],[property='schema:dateModified']", "microdata")
    yield from ((text, rule) for kind, text, rule in _near_title(heading, around) if kind == "updated")
    yield from _labelled(document, around, _UPDATED_LABEL)


def _marked(document: Document, around: frozenset[Element], selector: str, rule: str) -> Iterator[tuple[str, str]]:
    for element in document.select(selector)[:5]:
        if not _is_elsewhere(element, around):
            yield element.attr("content") or _stated_by(element) or element.text, rule


def _stated_by(time: Element) -> str:
    """What a `time` states; where its day is one beside the day shown, as UTC has it, the day shown."""
    stated = time.attr("datetime") or ""
    moment, shown = parse_date(stated) if stated else None, parse_date(time.text)
    if moment is not None and shown is not None and 0 < abs((moment.date() - shown.date()).days) <= 1:
        return squeezed(time.text)
    return stated


def _is_elsewhere(node: Node, around: frozenset[Element] = frozenset()) -> bool:
    """Whether a node stands in another article's teaser, a comment, a footer; what is `around` the title is not."""
    for ancestor in ancestors_of(node):
        if ancestor in around or ancestor.tag in ("body", "main"):
            return False
        if ancestor.tag in ("footer", "aside", "nav", "figure", "blockquote", "pre", "code"):
            return True
        if ancestor.tag == "a" and len(ancestor.text) > MAX_LINKED_DATE:
            return True
        if _ELSEWHERE.search(spoken(names_of(ancestor))):
            return True
    return False


def _near_title(heading: Element | None, around: frozenset[Element]) -> list[tuple[str, str, str]]:
    """(kind, date, rule) of the dates by the title: "published" ones, labelled first and bare last; then "updated"."""
    if heading is None:
        return []
    found: dict[str, list[str]] = {"labelled": [], "bare": [], "updated": []}
    for label, text in _dates_around(heading, around):
        if _OTHER_LABEL.search(label):
            continue
        if _PUBLISHED_LABEL.search(label) and not _UPDATED_LABEL.search(label[-12:]):
            found["labelled"].append(text)
        else:
            found["updated" if _UPDATED_LABEL.search(label) else "bare"].append(text)
    published = [("published", text, "text by the title") for text in (*found["labelled"], *found["bare"])]
    return published + [("updated", text, "text by the title") for text in found["updated"]]


def title_heading(document: Document, statements: Statements) -> Element | None:
    """The heading that shows the page's title: the `h1` to `h3` most like what the page calls itself."""
    stated = [statements.meta("og:title"), *list(statements.of_article("headline"))[:1]]
    element = document.select_one("title")
    if element is not None:
        stated.append(squeezed(element.text))
    best, best_likeness = None, 0.45
    for heading in [heading for tag, most in TITLE_TAGS for heading in document.select(tag)[:most]]:
        text = squeezed(heading.text)
        likeness = max((1 - (unlike_share(s, text) + unlike_share(text, s)) / 2 for s in stated if s), default=0.0)
        if text and likeness > best_likeness + 0.001:
            best, best_likeness = heading, likeness
    return best or document.select_one("h1")


def _dates_around(heading: Element, around: frozenset[Element]) -> Iterator[tuple[str, str]]:
    """(label, date) pairs of the short texts after a heading, then of those just before it, nearest first."""
    yield from _dated_texts(_texts_of(heading.following, NEAR_TITLE_NODES), around)
    before = _texts_of(heading.preceding, MOST_BEFORE_TITLE)[::-1]
    yield from reversed(list(_dated_texts(before, around)))


def _texts_of(nodes: Iterable[Node], most: int) -> list[tuple[Text, str]]:
    """The first nodes that show a text, with their squeezed texts."""
    found: list[tuple[Text, str]] = []
    characters = 0
    for node in nodes:
        if not isinstance(node, Text) or not (text := squeezed(node.data)):
            continue
        parent = node.parent
        if isinstance(parent, Element) and parent.tag in ("script", "style", "noscript", "template"):
            continue
        characters += len(text)
        if len(found) >= most or characters > NEAR_TITLE_CHARACTERS:
            break
        found.append((node, text))
    return found


def _dated_texts(texts: list[tuple[Text, str]], around: frozenset[Element]) -> Iterator[tuple[str, str]]:
    label = ""
    for node, text in texts:
        found = DATE_TEXT.search(text)
        if found and len(text) <= MAX_DATED_TEXT and not _is_in_prose(node, text, found):
            parent = node.parent
            time = parent if isinstance(parent, Element) and parent.tag == "time" else None
            if time is not None or not _is_elsewhere(node, around):
                yield (
                    (label + " " + text[: found.start()])[-60:],
                    (_stated_by(time) if time is not None else "") or found[0],
                )
        label = text if len(text) < MAX_LABEL and not found else ""


def _is_in_prose(node: Text, text: str, found: re.Match[str]) -> bool:
    """Whether a date stands in a sentence: in its own text, or in the item or paragraph that a link cuts in pieces."""
    if len(text) - len(found[0]) > MAX_BESIDE_DATE:
        return True
    block = next((each for each in ancestors_of(node) if each.tag in BLOCKS), None)
    return block is not None and block.tag in ("li", "p") and len(text_of(block)) > MAX_DATED_TEXT


def _labelled(document: Document, around: frozenset[Element], label: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Dates after a label anywhere in the page ("Published: 3 May 2024"), in short texts of their own."""
    for element in document.select("p,span,div,time,em,small")[:MOST_LOOKED_AT]:
        if len(element) > 6:
            continue
        text = element.text
        if len(text) > 100 or not (found := DATE_TEXT.search(text)) or _is_elsewhere(element, around):
            continue
        before = squeezed(text[: found.start()])
        is_update = label is not _UPDATED_LABEL and _UPDATED_LABEL.search(before)
        if len(before) < MAX_LABEL and label.search(before) and not is_update:
            yield found[0], "labelled text"
