"""Finds the article in a page: the container that holds the most prose, and the siblings that read like it.

The idea is that of the Readability family: a paragraph speaks for the elements around it, the nearest most, and links
speak against them. The vocabulary of names, the measure of prose and the joining are our own, fitted on pages with
human ground truth (`benchmarks/extraction.py`). Changes the tree in place: what cannot be the article is gone
afterwards. What is noise *inside* the article, `pruning` decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from turbohtml import Element

from insights.readers.dom import (
    HEADINGS,
    ancestors_of,
    child_elements,
    is_inside,
    link_density,
    parent_of,
    text_of,
    unlike_share,
)
from insights.readers.names import promise_of
from insights.readers.paragraphs import mark_paragraphs

FURNITURE_ROLES = ",".join(
    f"[role={role}]" for role in ("alert", "alertdialog", "complementary", "dialog", "menu", "menubar", "navigation")
)
BYLINES = ",".join(
    ["[rel~=author]", "[itemprop*=author]"]
    + [f"[{name}*={word} i]" for name in ("class", "id") for word in ("byline", "author", "dateline", "writtenby")]
)
HOLDS_ARTICLE = "article,main,[itemprop=articleBody],[role=main]"
EMPTIED = "div,section,header,h1,h2,h3,h4,h5,h6"
TABLE_OR_CODE = frozenset({"table", "code"})
START_SCORES = {
    **dict.fromkeys(("div",), 5.0),
    **dict.fromkeys(("blockquote", "pre", "td"), 3.0),
    **dict.fromkeys(("address", "dd", "dl", "dt", "form", "li", "ol", "ul"), -3.0),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), -5.0),
}
COMMAS = ",،、，﹐"
MIN_PARAGRAPH = 25
SPEAKS_FOR = (1.0, 0.5, 1 / 6, 1 / 9, 1 / 12)
"""How much of a paragraph's points the elements around it get, nearest first."""
TOP_CANDIDATES = 5
MAX_BYLINE = 100
DESCENT = 0.72
WIDEN = 0.8


@dataclass(frozen=True, slots=True)
class Strictness:
    """Which rules apply; a page that leaves too little text is read again with fewer."""

    strips_furniture: bool = True
    weighs_names: bool = True
    prunes: bool = True


STRICTNESS = (
    Strictness(),
    Strictness(strips_furniture=False),
    Strictness(strips_furniture=False, weighs_names=False),
    Strictness(strips_furniture=False, weighs_names=False, prunes=False),
)


class Scores:
    """The points of containers; a score is points less the share of links, worked out when asked for."""

    def __init__(self, strictness: Strictness) -> None:
        self._weighs_names = strictness.weighs_names
        self._points: dict[Element, float] = {}
        self._scores: dict[Element, float] = {}

    def add(self, paragraph: Element, points: float) -> None:
        """Gives a paragraph's points to the elements around it."""
        for element, share in zip(ancestors_of(paragraph), SPEAKS_FOR, strict=False):
            if parent_of(element) is None:
                break
            held = self._points.get(element)
            self._points[element] = (self._start(element) if held is None else held) + points * share

    def of(self, element: Element, absent: float = 0.0) -> float:
        """The score of an element; `absent` where no paragraph speaks for it."""
        if element not in self._points:
            return absent
        score = self._scores.get(element)
        if score is None:
            points = self._points[element]
            score = self._scores[element] = points * (1 - link_density(element)) if points > 0 else points
        return score

    def best(self, count: int) -> list[Element]:
        """The elements of the highest scores, best first; links only lower a score, so most need not be asked."""
        found: list[tuple[float, Element]] = []
        for element, points in sorted(self._points.items(), key=lambda item: -item[1]):
            if len(found) >= count and points <= found[count - 1][0]:
                break
            found.append((self.of(element), element))
            found.sort(key=lambda pair: -pair[0])
        return [element for _, element in found[:count]]

    def start(self, element: Element) -> None:
        """Counts an element as spoken for, with no more than its tag and names promise."""
        self._points.setdefault(element, self._start(element))
        self._scores.setdefault(element, self._points[element])

    def _start(self, element: Element) -> float:
        weight = promise_of(element).weight if self._weighs_names else 0
        return START_SCORES.get(element.tag, 0.0) + weight


def select_article(body: Element, title: str, strictness: Strictness) -> Element:
    """The container of the article, with those of its siblings that belong to it, in a new `div`."""
    _clear(body, title, strictness)
    scores = Scores(strictness)
    for paragraph in mark_paragraphs(body):
        text = text_of(paragraph)
        if len(text) >= MIN_PARAGRAPH:
            scores.add(paragraph, prose_points(text))
    article = Element("div")
    for part in _widened(_with_siblings(_best_container(body, scores), scores), body):
        if part.tag not in ("div", "article", "section", "p", "ol", "ul"):
            part.tag = "div"
        article.append(part)
    return article


def prose_points(text: str) -> float:
    """How much a text reads like prose: its commas, and its length up to a few lines."""
    return 2 + comma_count(text) + min(len(text) // 100, 3)


def comma_count(text: str) -> int:
    """The commas of a text, those of Arabic and Chinese included."""
    return sum(text.count(comma) for comma in COMMAS)


def _clear(body: Element, title: str, strictness: Strictness) -> None:
    """Removes what cannot be the article: its title and byline, the page's furniture, empty shells."""
    for element in body.select(BYLINES):
        if _names_byline(element) and 0 < len(element.text.strip()) < MAX_BYLINE:
            element.extract()
            break
    for heading in body.select("h1,h2") if title else ():
        if unlike_share(title, heading.text) < 0.25:
            heading.extract()
            break
    if strictness.strips_furniture:
        for element in [*body.select(FURNITURE_ROLES), *body.select("[class],[id]")]:
            if parent_of(element) is not None and _is_furniture(element) and not _holds_article(element, body):
                element.extract()
    for element in reversed(body.select(EMPTIED)):
        if element.select_one(":not(br,hr)") is None and not element.text.strip():
            element.extract()


def _names_byline(element: Element) -> bool:
    return (
        promise_of(element).is_byline or element.attr("rel") == "author" or "author" in (element.attr("itemprop") or "")
    )


def _is_furniture(element: Element) -> bool:
    if element.matches(FURNITURE_ROLES):
        return True
    if not promise_of(element).is_furniture or element.tag in HEADINGS or element.tag in ("body", "a"):
        return False
    return not is_inside(element, TABLE_OR_CODE, 4)


def _holds_article(element: Element, body: Element) -> bool:
    """Whether an element of an unlikely name is the page's frame all the same."""
    return element.select_one(HOLDS_ARTICLE) is not None and len(element.text) > 0.4 * len(body.text)


def _best_container(body: Element, scores: Scores) -> Element:
    """The container of the most prose, or an ancestor that holds several nearly as good."""
    ranked = scores.best(TOP_CANDIDATES)
    if not ranked or ranked[0] is body:
        return body
    top = _common_container(ranked, scores, body)
    parent = parent_of(top)
    while parent is not None and parent is not body and len(child_elements(parent)) == 1:
        top, parent = parent, parent_of(parent)
    scores.start(top)
    return top


def _common_container(ranked: list[Element], scores: Scores, body: Element) -> Element:
    """The nearest ancestor of the best that holds three others scoring at least three quarters as much."""
    top = ranked[0]
    best = scores.of(top)
    if best <= 0:
        return top
    others = [set(ancestors_of(other)) for other in ranked[1:] if scores.of(other) >= 0.75 * best]
    if len(others) < 3:
        return top
    for ancestor in ancestors_of(top):
        if ancestor is body:
            break
        if sum(ancestor in lineage for lineage in others) >= 3:
            return ancestor
    return top


def _with_siblings(top: Element, scores: Scores) -> list[Element]:
    """The container and those of its siblings that read like the same article, in their order."""
    parent = parent_of(top)
    if top.tag == "body" or parent is None:
        return [top]
    share = 0.2 * scores.of(top)
    threshold = max(10.0, share)
    top_class = top.attr("class")
    joined = []
    for sibling in child_elements(parent):
        bonus = share if top_class and sibling.attr("class") == top_class else 0.0
        if sibling is top or scores.of(sibling, float("-inf")) + bonus >= threshold or _is_prose(sibling):
            joined.append(sibling)
    return joined


def _is_prose(sibling: Element) -> bool:
    if sibling.tag != "p":
        return False
    text = text_of(sibling)
    if len(text) > 80:
        return link_density(sibling, len(text)) < 0.25
    return (text.endswith(".") or ". " in text) and sibling.select_one("a") is None


def _widened(parts: list[Element], body: Element) -> list[Element]:
    """The parts chosen, or the one element that holds nearly all running text where they hold far less."""
    prose = _measure_prose(body)
    core = body
    while True:
        child = max(child_elements(core), key=lambda e: prose.get(e, 0), default=None)
        if child is None or not prose.get(child, 0) or prose.get(child, 0) < DESCENT * prose.get(core, 0):
            break
        core = child
    own = sum(prose.get(part, 0) or (len(text_of(part)) if part.tag == "p" else 0) for part in parts)
    return [core] if own < WIDEN * prose.get(core, 0) and core not in parts else parts


def _measure_prose(body: Element) -> dict[Element, int]:
    """The characters of running text inside each element that has any: paragraphs and sentences in lists, few links."""
    prose: dict[Element, int] = {}
    for block in body.select("p,li,dd,pre,blockquote,td"):
        if block.tag not in ("p", "pre") and block.select_one("p,li,pre,td") is not None:
            continue
        text = text_of(block)
        if len(text) < 40 or (len(text) < 80 and text[-1] not in '.!?:;…”"'):
            continue
        if (block.tag in ("li", "td") and len(text) < 60) or link_density(block, len(text)) > 0.5:
            continue
        for ancestor in ancestors_of(block):
            prose[ancestor] = prose.get(ancestor, 0) + len(text)
    return prose
