"""Finds the article in a page: the container that holds the most prose, and the siblings that read like it.

The idea is that of the Readability family: a paragraph speaks for the elements around it, the nearest most, and links
speak against them. The vocabulary of names, the measure of prose and the joining are our own, fitted on pages with
human ground truth (`benchmarks/extraction.py`). Changes the tree in place: what cannot be the article is gone
afterwards. What is noise *inside* the article, `pruning` decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from turbohtml import Element

from insights.readers.dom import (
    HEADINGS,
    ancestors_of,
    child_elements,
    is_inside,
    link_density,
    names_of,
    parent_of,
    text_of,
    unlike_share,
)
from insights.readers.names import promise_of
from insights.readers.paragraphs import MOSTLY_LINKS, mark_paragraphs
from insights.readers.scores import Scores, prose_points

FURNITURE_ROLES = ",".join(
    f"[role={role}]" for role in ("alert", "alertdialog", "complementary", "dialog", "menu", "menubar", "navigation")
)
BYLINES = ",".join(
    ["[rel~=author]", "[itemprop*=author]"]
    + [f"[{name}*={word} i]" for name in ("class", "id") for word in ("byline", "author", "dateline", "writtenby")]
)
HOLDS_ARTICLE = "article,main,[itemprop=articleBody],[role=main]"
EMPTIED = "div,section,header,h1,h2,h3,h4,h5,h6"
KEPT_PARTS = frozenset({"div", "article", "section", "p", "ol", "ul", *HEADINGS})
TABLE_OR_CODE, QUOTES = frozenset({"table", "code"}), frozenset({"blockquote"})
NEVER_FURNITURE = frozenset({"body", "a", "figure", "picture", "img"})
"""A picture called a cover or a slide is the article's; what a `body` is called, its article is about."""
MIN_PARAGRAPH = 25
BETWEEN = frozenset({"pre", "blockquote", "figure", "table", "ul", "ol", "dl", "hr"})
"""What is the article's where it stands between two parts of it, as its headings are."""
TOP_CANDIDATES = 5
NEARLY = 0.75
"""The share of a score from which another is as good."""
RISES_FROM = 1 / 3
"""The share of the best score below which an ancestor holds other things too."""
MAX_BYLINE = 100
MAX_HEAD = 300
"""The characters that may stand between a picture and the article's text: a caption, a byline."""
MIN_LEAD_WIDTH = 200
ICONS = re.compile(r"avatar|logo|icon|gravatar|author|profile|sprite|pixel|spacer|/ads?/", re.I)
FRAME_SHARE, MOST_TEXT = 0.4, 0.5
MAX_SMALL = 200
MAX_CAPTIONS = 1000
"""A gallery with more text than this tells a story of its own."""
DESCENT = 0.72
WIDEN = 0.8
NOTICES = 500
"""The characters of running text that a page may have beside a short article: of cookies, of rights."""


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


def select_article(body: Element, title: str, strictness: Strictness) -> Element:
    """The container of the article, with those of its siblings that belong to it, in a new `div`."""
    _clear(body, title, strictness)
    scores = Scores(strictness.weighs_names)
    for paragraph in mark_paragraphs(body):
        text = text_of(paragraph)
        if len(text) >= MIN_PARAGRAPH:
            scores.add(paragraph, prose_points(text))
    article = Element("div")
    parts = _widened(_with_siblings(_best_container(body, scores), scores), body)
    for part in [*_lead_picture(parts[0]), *parts]:
        if part.tag not in KEPT_PARTS:
            part.tag = "div"  # a figure too: what stands before the text is weighed by `pruning` as any box is
        article.append(part)
    return article


def _clear(body: Element, title: str, strictness: Strictness) -> None:
    """Removes what cannot be the article: its title and byline, the page's furniture, empty shells."""
    for element in body.select(BYLINES):
        is_quoted = is_inside(element, QUOTES)
        if not is_quoted and _names_byline(element) and 0 < len(element.text.strip()) < MAX_BYLINE:
            element.extract()
            break
    for heading in body.select("h1,h2") if title else ():
        if unlike_share(title, heading.text) < 0.25:
            _remove_other_articles(heading)
            heading.extract()
            break
        if heading.tag == "h1" and unlike_share(heading.text, title) < 0.6:
            break  # the title in other words: a section that is called as the page is stays
    if strictness.strips_furniture:
        whole = len(body.text)
        for element in [*body.select(FURNITURE_ROLES), *body.select("[class],[id]")]:
            if _is_furniture(element) and body in ancestors_of(element) and not _holds_article(element, whole):
                whole -= len(element.text)
                element.extract()
    for element in reversed(body.select(EMPTIED)):
        if element.select_one(":not(br,hr)") is None and not element.text.strip():
            element.extract()


def _remove_other_articles(heading: Element) -> None:
    """Removes the articles that a page shows beside its own, each with a title like this one, as the reader scrolls."""
    own = next((around for around in ancestors_of(heading) if around.tag == "article"), None)
    for other in child_elements(parent_of(own) or own) if own is not None else ():
        if other is not own and other.tag == "article" and other.select_one(heading.tag) is not None:
            other.extract()


def _names_byline(element: Element) -> bool:
    return (
        promise_of(element).is_byline or element.attr("rel") == "author" or "author" in (element.attr("itemprop") or "")
    )


def _is_furniture(element: Element) -> bool:
    if element.matches(FURNITURE_ROLES):
        return True
    if element.tag in HEADINGS or element.tag in NEVER_FURNITURE:
        return False
    promise = promise_of(element)
    is_furniture = (
        promise.is_furniture
        or (promise.is_perhaps_furniture and len(element.text) < MAX_SMALL)
        or (promise.is_show and len(element.text) > MAX_CAPTIONS)
    )
    return is_furniture and not is_inside(element, TABLE_OR_CODE, 4)


def _holds_article(element: Element, whole: int) -> bool:
    """Whether an element of an unlikely name is the frame of a page of `whole` characters all the same."""
    length = len(element.text)
    if length > FRAME_SHARE * whole and (element.matches(HOLDS_ARTICLE) or element.select_one(HOLDS_ARTICLE)):
        return True
    return length > MOST_TEXT * whole and promise_of(element).is_layout and link_density(element) < MOSTLY_LINKS


def _best_container(body: Element, scores: Scores) -> Element:
    """The container of the most prose, or an ancestor that holds several nearly as good."""
    ranked = scores.best(TOP_CANDIDATES)
    if not ranked or ranked[0] is body:
        return body
    top = _rising_container(_common_container(ranked, scores, body), scores, body)
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
    others = [set(ancestors_of(other)) for other in ranked[1:] if scores.of(other) >= NEARLY * best]
    if len(others) < 3:
        return top
    for ancestor in ancestors_of(top):
        if ancestor is body:
            break
        if sum(ancestor in lineage for lineage in others) >= 3:
            return ancestor
    return top


def _rising_container(top: Element, scores: Scores, body: Element) -> Element:
    """The first ancestor that scores more than the one below it: more of the article stands beside the best part."""
    scores.start(top)
    best = last = scores.of(top)
    for ancestor in ancestors_of(top):
        score = scores.of(ancestor, last)
        if ancestor is body or score < RISES_FROM * best:
            break
        if score > last:
            return ancestor
        last = score
    return top


def _with_siblings(top: Element, scores: Scores) -> list[Element]:
    """The container and those of its siblings that read like the same article, in their order."""
    parent = parent_of(top)
    if top.tag == "body" or parent is None:
        return [top]
    share = 0.2 * scores.of(top)
    threshold = max(10.0, share)
    top_class = top.attr("class")
    joined: list[Element] = []
    between: list[Element] = []
    for sibling in child_elements(parent):
        score = scores.of(sibling, float("-inf"))
        if top_class and sibling.attr("class") == top_class:
            score = float("inf") if score >= NEARLY * scores.of(top) else score + share
        if sibling is top or score >= threshold or _is_prose(sibling):
            is_under = sibling.tag == "p" or top.tag in ("ul", "ol")  # a box brings headings of its own
            kept = [each for each in between if is_under or each.tag not in HEADINGS] if joined else []
            joined += [*kept, sibling]
            between = []
        elif sibling.tag in HEADINGS or sibling.tag in BETWEEN or sibling.select_one("pre") is not None:
            between.append(sibling)
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
    most = prose.get(core, 0)
    return [core] if own < WIDEN * most and own < most - NOTICES and core not in parts else parts


def _lead_picture(first: Element) -> list[Element]:
    """The picture that the page's `article` shows last before its text, if it is a figure outside the part chosen."""
    outside: Element = first
    if outside.matches(HOLDS_ARTICLE):
        return []
    for around in ancestors_of(first):
        for sibling in outside.previous_siblings:
            if not isinstance(sibling, Element):
                continue
            if len(text_of(sibling)) > MAX_HEAD:
                return []
            shown = [sibling] if sibling.tag in ("figure", "img") else sibling.select("figure,img")
            if picture := next((each for each in shown if _is_large(each)), None):
                return [picture] if picture.tag == "figure" else []
        if around.matches(HOLDS_ARTICLE):
            break
        outside = around
    return []


def _is_large(picture: Element) -> bool:
    """Whether a picture is more than an icon or a portrait, as far as the page says."""
    image = picture if picture.tag == "img" else picture.select_one("img")
    if image is None or not image.attr("src") or ICONS.search(names_of(image) + (image.attr("src") or "")):
        return False
    width = image.attr("width") or ""
    return not width.isdigit() or int(width) >= MIN_LEAD_WIDTH


def _measure_prose(body: Element) -> dict[Element, int]:
    """The characters of running text inside each element that has any: paragraphs and sentences in lists, few links."""
    inside: dict[Element, int] = {}  # of the blocks directly in it: many stand in one, and share what is around them
    for block in body.select("p,li,dd,pre,blockquote,td"):
        if block.tag not in ("p", "pre") and block.select_one("p,li,pre,td") is not None:
            continue
        text = text_of(block)
        if len(text) < 40 or (len(text) < 80 and text[-1] not in '.!?:;…”"'):
            continue
        if (block.tag in ("li", "td") and len(text) < 60) or link_density(block, len(text)) > 0.5:
            continue
        if (parent := parent_of(block)) is not None:
            inside[parent] = inside.get(parent, 0) + len(text)
    prose = dict(inside)
    for parent, length in inside.items():
        for ancestor in ancestors_of(parent):
            prose[ancestor] = prose.get(ancestor, 0) + length
    return prose
