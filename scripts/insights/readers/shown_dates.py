"""The dates that a page shows to people, each with what stands before it: by the title, after a label, in an element
named a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from turbohtml import Document, Element, Node, Text

from insights.readers.dates import DATE_TEXT, parse_date
from insights.readers.dom import BLOCKS, ancestors_of, names_of, squeezed, text_of
from insights.readers.names import spoken

PUBLISHED_LABEL = re.compile(
    r"\b(?:publi(?:shed|cation|ée?|cado)|pubblicato|veröffentlicht|gepubliceerd|post(?:ed|\s+(?:time|date))"
    r"|written|created|released|issued|date)\b",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")  # in each date: it is found in a tenth of the time
SAYS_PUBLISHED = re.compile(r"^\W*(?:first |originally )?publi(?:shed|cation date)(?: on| at| date)?\W*$", re.I)
UPDATED_LABEL = re.compile(
    r"\b(?:updat|modifi|revis|review|edited|last|aktualisier|mise? à jour|actualiza|aggiornat|atualizad|bijgewerkt)",
    re.I,
)
_OTHER_LABEL = re.compile(
    r"\b(?:event|deadline|expires?|copyright|©|since|until|by|through|effective|beginning|starting|as of|born"
    r"|retrieved|accessed)\W*$",
    re.I,
)
_TO = re.compile(r"\s*(?:[-–—]|to|until|through)\s*", re.I)
_ELSEWHERE = re.compile(
    r" (?:comments?|related|recommend(?:ed|ations?)?|footer|sidebar|teasers?|promos?|popular|recent|latest|nav|cookie) "
)
MOST_LOOKED_AT = 3000
MOST_NAMED = 500
NEAR_TITLE_NODES = 60
MOST_BEFORE_TITLE = 14
NEAR_TITLE_CHARACTERS = 1500
MAX_DATED_TEXT, MAX_BESIDE_DATE = 120, 60
MAX_LINKED_DATE = 60
MAX_LABEL = 40
MAX_LINE = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """The dates beside a page's title: those of publication, labelled ones first, and those of updates."""

    around: frozenset[Element]
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()


def shown_by_title(headings: Sequence[Element]) -> Shown:
    """The dates by the likeliest heading; where none are, those by the first other `h1` that has some."""
    for heading in [*headings[:1], *(heading for heading in headings[1:] if heading.tag == "h1")]:
        shown = _near(heading)
        if shown.published or shown.updated:
            return shown
    return Shown(frozenset(ancestors_of(headings[0])) if headings else frozenset())


def _near(heading: Element) -> Shown:
    around = frozenset(ancestors_of(heading))
    found: dict[str, list[str]] = {"labelled": [], "bare": [], "updated": []}
    for label, text in _dates_around(heading, around):
        if _OTHER_LABEL.search(label):
            continue
        if PUBLISHED_LABEL.search(label) and not UPDATED_LABEL.search(label[-12:]):
            found["labelled"].append(text)
        else:
            found["updated" if UPDATED_LABEL.search(label) else "bare"].append(text)
    return Shown(around, (*found["labelled"], *found["bare"]), tuple(found["updated"]))


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
        if found and len(text) <= MAX_DATED_TEXT and not _is_in_prose(node, text, found) and not _is_span(text, found):
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


def _is_span(text: str, found: re.Match[str]) -> bool:
    """Whether a date is one end of a time ("12 May 2024 - 17 May 2024")."""
    after = DATE_TEXT.search(text, found.end())
    return after is not None and bool(_TO.fullmatch(text[found.end() : after.start()]))


def labelled(document: Document, around: frozenset[Element], label: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Dates after a label anywhere in the page ("Published: 3 May 2024"), in short texts of their own."""
    for element in document.select("p,span,div,time,em,small")[:MOST_LOOKED_AT]:
        if len(element) > 6:
            continue
        text = element.text
        found = DATE_TEXT.search(text) if len(text) <= MAX_LINE and _YEAR.search(text) else None
        if found is None or _is_span(text, found) or _is_elsewhere(element, around):
            continue
        before = squeezed(text[: found.start()])
        is_update = label is not UPDATED_LABEL and UPDATED_LABEL.search(before)
        if len(before) < MAX_LABEL and label.search(before) and not is_update:
            yield found[0], "labelled text"


def named(document: Document, around: frozenset[Element]) -> Iterator[tuple[str, str]]:
    """The one day that stands first in all elements called a date; a page that shows several dates has none."""
    days = set()
    for element in document.select("[class*=date],[class*=Date],[class*=published],[class*=posted]")[:MOST_NAMED]:
        text = element.text
        if len(text) > MAX_LINE or not (found := DATE_TEXT.search(text)) or _is_elsewhere(element, around):
            continue
        if not UPDATED_LABEL.search(spoken(names_of(element)) + text[: found.start()]):
            days.add(found[0])
    if len(days) == 1:
        yield days.pop(), "element named a date"


def marked(document: Document, around: frozenset[Element], selector: str, rule: str) -> Iterator[tuple[str, str]]:
    """The dates of the first elements that the page marks so."""
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
