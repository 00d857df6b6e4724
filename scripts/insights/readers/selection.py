"""Finds the article in a page: scores containers by the prose in them, and joins the best one's siblings.

The method is the one of Arc90's Readability and its descendants (paragraphs score for length and commas; their
containers inherit it, halved a level; names and link density correct it), on one tree, with our own joining rules.
Changes the tree in place: what cannot be the article is gone afterwards. What is noise *inside* the article,
`pruning` decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from turbohtml import Element, Text

from insights.readers.dom import (
    ancestors_of,
    child_elements,
    is_inside,
    is_phrasing,
    link_density,
    names_of,
    parent_of,
    squeezed,
    text_of,
    unlike_share,
)

UNLIKELY = re.compile(
    r"-ad-|ai2html|banner|breadcrumbs|combx|comment|community|cover-wrap|disqus|extra|footer|gdpr|header|legends|menu"
    r"|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental|ad-break|agegate|pagination"
    r"|pager|popup|yom-remote",
    re.I,
)
MAYBE = re.compile(r"and|article|body|column|content|main|mathjax|shadow", re.I)
POSITIVE = re.compile(r"article|body|content|entry|hentry|h-entry|main|page|pagination|post|text|blog|story", re.I)
NEGATIVE = re.compile(
    r"-ad-|hidden|^hid$| hid$| hid |^hid |banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain"
    r"|promo|related|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget",
    re.I,
)
BYLINE = re.compile(r"byline|author|dateline|writtenby|p-author", re.I)
COMMAS = re.compile(r"[,،﹐︐︑⹁⸴⸲，]")
UNLIKELY_ROLES = frozenset({"menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog"})
SCORED = frozenset({"section", "h2", "h3", "h4", "h5", "h6", "p", "td", "pre"})
EMPTIED = frozenset({"div", "section", "header", "h1", "h2", "h3", "h4", "h5", "h6"})
BLOCK_CHILDREN = "blockquote,dl,div,img,ol,p,pre,table,ul"
TABLE_OR_CODE = frozenset({"table", "code"})
START_SCORES = {
    **dict.fromkeys(("div",), 5.0),
    **dict.fromkeys(("pre", "td", "blockquote"), 3.0),
    **dict.fromkeys(("address", "ol", "ul", "dl", "dd", "dt", "li", "form"), -3.0),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), -5.0),
}
LEAST_SCORE = 5.0
"""Containers that score less are never chosen: their link density, dear to compute, does not matter."""
SCORED_ANCESTORS = 5
TOP_CANDIDATES = 5
MAX_BYLINE = 100
ARTICLE_INSIDE = "article,main,[itemprop=articleBody],[role=main]"
DESCENT = 0.75
WIDEN = 0.65


@dataclass(frozen=True, slots=True)
class Strictness:
    """Which rules apply; a page that leaves too little text is read again with fewer."""

    strips_unlikely: bool = True
    weighs_names: bool = True
    prunes: bool = True


STRICTNESS = (
    Strictness(),
    Strictness(strips_unlikely=False),
    Strictness(strips_unlikely=False, weighs_names=False),
    Strictness(strips_unlikely=False, weighs_names=False, prunes=False),
)


@dataclass(slots=True)
class Selection:
    """The article's element, cut out of the page, and the byline's text met on the way."""

    article: Element
    byline: str = ""


def name_weight(element: Element, strictness: Strictness) -> int:
    """What an element's class and id promise: 25 for each that sounds like an article, -25 for each like noise."""
    if not strictness.weighs_names:
        return 0
    weight = 0
    for name in (element.attr("class"), element.attr("id")):
        if name:
            weight += _weight_of(name)
    return weight


def select_article(body: Element, title: str, strictness: Strictness) -> Element:
    """The container of the article, with those of its siblings that belong to it, in a new `div`."""
    selection = Selection(Element("div"))
    paragraphs = _clear(body, title, strictness, selection)
    scores = _score(paragraphs, strictness)
    parts = _with_siblings(_best_container(body, scores, strictness), scores)
    for part in _widened(parts, body):
        if part.tag not in ("div", "article", "section", "p", "ol", "ul"):
            part.tag = "div"
        selection.article.append(part)
    return selection.article


def _clear(body: Element, title: str, strictness: Strictness, selection: Selection) -> list[Element]:
    """Removes what cannot be the article, makes paragraphs of bare text; returns the elements to score."""
    scored: list[Element] = []
    seeks_title = bool(title)
    gone: set[Element | None] = {None}
    for element in list(body.iter_elements()):
        if parent_of(element) in gone:
            gone.add(element)
            continue
        tag, names = element.tag, names_of(element)
        if _is_byline(element, names, selection):
            selection.byline = selection.byline or text_of(element)
            gone.add(element.extract())
        elif seeks_title and tag in ("h1", "h2") and unlike_share(title, element.text) < 0.25:
            seeks_title = False
            gone.add(element.extract())
        elif (strictness.strips_unlikely and _is_unlikely(element, names) and not _holds_article(element, body)) or (
            tag in EMPTIED and _is_empty(element)
        ):
            gone.add(element.extract())
        else:
            _gather(element, scored)
    return scored


def measure_prose(body: Element) -> dict[Element, int]:
    """The characters of running text inside each element that has any: paragraphs and sentences in lists, few links."""
    prose: dict[Element, int] = {}
    for block in body.select("p,li,dd,pre,blockquote,td"):
        if block.tag not in ("p", "pre") and block.select_one("p,li,pre,td") is not None:
            continue
        text = text_of(block)
        if len(text) < 40 or (len(text) < 80 and text[-1] not in '.!?:;…”"'):
            continue
        if block.tag in ("li", "td") and len(text) < 60:
            continue
        if link_density(block, len(text)) > 0.5:
            continue
        for ancestor in ancestors_of(block):
            prose[ancestor] = prose.get(ancestor, 0) + len(text)
    return prose


def _holds_article(element: Element, body: Element) -> bool:
    """Whether an element of an unlikely name is the page's frame all the same."""
    return element.select_one(ARTICLE_INSIDE) is not None and len(element.text) > 0.4 * len(body.text)


def _widened(parts: list[Element], body: Element) -> list[Element]:
    """The parts chosen, or the one element that holds nearly all running text where they hold far less."""
    prose = measure_prose(body)
    core = body
    while True:
        child = max(child_elements(core), key=lambda e: prose.get(e, 0), default=None)
        if child is None or not prose.get(child, 0) or prose.get(child, 0) < DESCENT * prose.get(core, 0):
            break
        core = child
    own = sum(prose.get(part, 0) or _own_prose(part) for part in parts)
    return [core] if own < WIDEN * prose.get(core, 0) and core not in parts else parts


def _own_prose(part: Element) -> int:
    return len(text_of(part)) if part.tag == "p" else 0


def _is_byline(element: Element, names: str, selection: Selection) -> bool:
    if selection.byline:
        return False
    if (
        not _sounds_like_byline(names)
        and element.attr("rel") != "author"
        and "author" not in (element.attr("itemprop") or "")
    ):
        return False
    return 0 < len(element.text.strip()) < MAX_BYLINE


def _is_unlikely(element: Element, names: str) -> bool:
    if element.attr("role") in UNLIKELY_ROLES:
        return True
    return _sounds_unlikely(names) and element.tag not in ("body", "a") and not is_inside(element, TABLE_OR_CODE, 4)


@lru_cache(maxsize=4096)
def _sounds_unlikely(names: str) -> bool:
    return bool(UNLIKELY.search(names) and not MAYBE.search(names))


@lru_cache(maxsize=4096)
def _sounds_like_byline(names: str) -> bool:
    return bool(BYLINE.search(names))


@lru_cache(maxsize=4096)
def _weight_of(name: str) -> int:
    return 25 * bool(POSITIVE.search(name)) - 25 * bool(NEGATIVE.search(name))


def _is_empty(element: Element) -> bool:
    return not element.text.strip() and all(child.tag in ("br", "hr") for child in child_elements(element))


def _gather(element: Element, scored: list[Element]) -> None:
    """Adds an element to those to score; a `div` of bare text becomes a paragraph, or gets paragraphs."""
    if element.tag in SCORED:
        scored.append(element)
    if element.tag != "div":
        return
    scored.extend(_wrap_phrasing(element))
    children = child_elements(element)
    if len(children) == 1 and children[0].tag == "p" and not _has_bare_text(element) and link_density(element) < 0.25:
        element.replace_with(children[0])
        scored.append(children[0])
    elif not element.select(BLOCK_CHILDREN):
        element.tag = "p"
        scored.append(element)


def _has_bare_text(element: Element) -> bool:
    return any(isinstance(child, Text) and child.data.strip() for child in element.children)


def _wrap_phrasing(element: Element) -> list[Element]:
    """Wraps each run of phrasing content between blocks in a paragraph; returns the paragraphs."""
    made: list[Element] = []
    paragraph: Element | None = None
    for child in list(element.children):
        if is_phrasing(child):
            if paragraph is not None:
                paragraph.append(child)
            elif not _is_space(child):
                paragraph = Element("p")
                child.replace_with(paragraph)
                paragraph.append(child)
                made.append(paragraph)
        elif paragraph is not None:
            _trim_end(paragraph)
            paragraph = None
    return made


def _is_space(node: object) -> bool:
    if isinstance(node, Text):
        return not node.data.strip()
    return not isinstance(node, Element) or node.tag == "br"


def _trim_end(paragraph: Element) -> None:
    while (children := paragraph.children) and _is_space(children[-1]):
        children[-1].extract()


def _score(paragraphs: list[Element], strictness: Strictness) -> dict[Element, float]:
    """The scores of the containers of the paragraphs, corrected by link density."""
    scores: dict[Element, float] = {}
    seen: set[int] = set()  # by id: elements made here share their hashes, and a set of them would be quadratic
    for paragraph in paragraphs:
        if parent_of(paragraph) is None or id(paragraph) in seen:
            continue
        seen.add(id(paragraph))
        text = text_of(paragraph)
        if len(text) < 25:
            continue
        points = 2 + len(COMMAS.findall(text)) + min(len(text) // 100, 3)
        for level, ancestor in enumerate(ancestors_of(paragraph)):
            if level >= SCORED_ANCESTORS or parent_of(ancestor) is None:
                break
            if ancestor not in scores:
                scores[ancestor] = START_SCORES.get(ancestor.tag, 0.0) + name_weight(ancestor, strictness)
            divider = 1 if level == 0 else 2 if level == 1 else level * 3
            scores[ancestor] += points / divider
    return {
        element: score * (1 - link_density(element)) if score >= LEAST_SCORE else score
        for element, score in scores.items()
    }


def _best_container(body: Element, scores: dict[Element, float], strictness: Strictness) -> Element:
    """The container of the most prose, or an ancestor that holds several nearly as good."""
    ranked = sorted(scores, key=lambda element: -scores[element])[:TOP_CANDIDATES]
    if not ranked or ranked[0] is body:
        return body
    top = _common_container(ranked, scores, body)
    scores.setdefault(top, START_SCORES.get(top.tag, 0.0) + name_weight(top, strictness))
    top = _rising_container(top, scores, body)
    parent = parent_of(top)
    while parent is not None and parent is not body and len(child_elements(parent)) == 1:
        top, parent = parent, parent_of(parent)
    scores.setdefault(top, START_SCORES.get(top.tag, 0.0) + name_weight(top, strictness))
    return top


def _common_container(ranked: list[Element], scores: dict[Element, float], body: Element) -> Element:
    """The nearest ancestor of the best that holds three others scoring at least three quarters as much."""
    top = ranked[0]
    if scores[top] <= 0:
        return top
    others = [list(ancestors_of(other)) for other in ranked[1:] if scores[other] / scores[top] >= 0.75]
    if len(others) < 3:
        return top
    for ancestor in ancestors_of(top):
        if ancestor is body:
            break
        if sum(ancestor in lineage for lineage in others) >= 3:
            return ancestor
    return top


def _rising_container(top: Element, scores: dict[Element, float], body: Element) -> Element:
    """The first ancestor that scores more than the one below it, while scores stay above a third."""
    last = scores[top]
    threshold = last / 3
    for ancestor in ancestors_of(top):
        if ancestor is body:
            break
        if ancestor not in scores:
            continue
        if scores[ancestor] < threshold:
            break
        if scores[ancestor] > last:
            return ancestor
        last = scores[ancestor]
    return top


def _with_siblings(top: Element, scores: dict[Element, float]) -> list[Element]:
    """The container and those of its siblings that read like the same article, in their order."""
    parent = parent_of(top)
    if top.tag == "body" or parent is None:
        return [top]
    threshold = max(10.0, scores[top] * 0.2)
    top_class = top.attr("class")
    joined = []
    for sibling in child_elements(parent):
        bonus = scores[top] * 0.2 if top_class and sibling.attr("class") == top_class else 0.0
        if sibling is top or scores.get(sibling, float("-inf")) + bonus >= threshold or _is_prose(sibling):
            joined.append(sibling)
    return joined


def _is_prose(sibling: Element) -> bool:
    if sibling.tag != "p":
        return False
    text = squeezed(sibling.text)
    density = link_density(sibling)
    if len(text) > 80:
        return density < 0.25
    return len(text) > 0 and density == 0 and bool(re.search(r"\.( |$)", text))
