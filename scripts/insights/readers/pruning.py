"""Removes what is not the article inside the article: forms, share bars, link lists, foreign frames, empty shells.

A box is weighed by what it holds (prose, links, pictures, fields) and by what its author called it; no name alone
removes prose. Changes the tree in place.
"""

from __future__ import annotations

import re
from collections import Counter

from turbohtml import Element

from insights.readers.dom import (
    LISTS,
    ancestors_of,
    child_elements,
    is_inside,
    link_density,
    names_of,
    parent_of,
    text_of,
)
from insights.readers.names import promise_of, spoken
from insights.readers.scores import comma_count
from insights.readers.selection import Strictness

PLAYERS = re.compile(
    r"//(?:[\w-]+\.)*(?:youtube(?:-nocookie)?|vimeo|dailymotion|twitch|loom|wistia|ted|spotify|soundcloud|bilibili|qq"
    r"|archive|wikimedia|datawrapper|codepen)\.\w+",
    re.I,
)
"""Hosts whose frames are part of what an article shows; other frames are advertisements and widgets."""
EMBEDS = "object,embed,iframe"
FIELDS = "input:not([disabled]),input:not([type=checkbox])"
"""What a reader fills in; the box of a task is disabled (GitHub Flavored Markdown §5.3)."""
MAX_SHARE_BAR = 500
_BUTTON = re.compile(r"(?<![a-z])(?:btn|buttons?|cta)(?![a-z])", re.I)
_BUTTON_SHAPE = ("rounded", "bg-", "px-", "py-")
BOXES = frozenset({"div", "section", "aside", "p"})
KEPT_IN_CALLS = "table,pre,blockquote,ul,ol,code"
MAX_CALL, MANY = 300, 3
"""The characters of a call to an action; three boxes of one name are entries of a list (products, places)."""
ENOUGH_COMMAS = 10
PROSE = 250
"""Characters from which a box speaks for itself, whatever it is called."""
SHORT_LINKED, PROSE_LINKED, MOSTLY_LINKED = 0.2, 0.35, 0.5
"""The share of links that makes noise of a few words, of a box of prose, of a sentence or a box named the article."""
MIN_SENTENCE, SENTENCE_ENDS = 60, (".", ":", "?", "!")
"""A sentence with a link in a box of its own is prose; a label that is a link is not."""
FIGURE, CODE = frozenset({"figure"}), frozenset({"code"})


def prune(article: Element, strictness: Strictness) -> None:
    """Removes the noise inside the article."""
    data_tables = {table for table in article.select("table") if is_data_table(table)}
    if strictness.prunes:
        _remove_calls(article)
        _prune_boxes(article, "form,fieldset", data_tables, strictness)
    for element in article.select(EMBEDS):
        if not _is_player(element):
            element.extract()
    article.remove(f"footer,link,{FIELDS},textarea,select,button")
    _prune_asides(article)
    _remove_share_bars(article)
    if strictness.weighs_names:
        for heading in article.select("h1,h2"):
            if promise_of(heading).weight < 0:
                heading.extract()
    if strictness.prunes:
        for tag in ("table", "ul", "div"):
            _prune_boxes(article, tag, data_tables, strictness)
    for paragraph in article.select("p"):
        if not paragraph.text.strip() and paragraph.select_one(f"img,video,audio,math,svg,{EMBEDS}") is None:
            paragraph.extract()
    _unwrap_layout_tables(article)


def _prune_asides(article: Element) -> None:
    """Removes what is short or linked; a note of some length is the author's, and so are footnotes."""
    for aside in article.select("aside:not([role=doc-footnote])"):
        length = len(text_of(aside))
        is_short = length < PROSE or link_density(aside, length) > SHORT_LINKED
        if is_short and aside.select_one("[role=doc-footnote]") is None:
            aside.extract()


def _remove_calls(article: Element) -> None:
    """Removes what calls to an action: a short box around a link that is drawn as a button, unless there are many."""
    lengths = {article: MAX_CALL + 1}  # of each box that is asked for, once: many links may stand in one
    boxes = dict.fromkeys(
        box
        for link in article.select("a[class]")
        if _is_button(link) and link.select_one("img") is None and (box := _call_around(link, lengths))
    )
    counts = Counter(_class_words(box) for box in boxes)
    for box in boxes:
        if counts[_class_words(box)] < MANY and box.select_one(KEPT_IN_CALLS) is None:
            box.extract()


def _is_button(link: Element) -> bool:
    """Whether a link is drawn as a button: it is called one, or has the shape of one in Tailwind's classes."""
    names = names_of(link)
    return bool(_BUTTON.search(names)) or all(part in names for part in _BUTTON_SHAPE)


def _call_around(link: Element, lengths: dict[Element, int]) -> Element | None:
    """The widest box around a link that holds no more than a call."""
    found = None
    for around in ancestors_of(link):
        if around not in lengths:
            lengths[around] = len(text_of(around))
        if lengths[around] > MAX_CALL:
            break
        found = around
    return found if found is not None and found.tag in BOXES else None


def _class_words(box: Element) -> str:
    return spoken(box.attr("class") or box.tag)


def _remove_share_bars(article: Element) -> None:
    for top in child_elements(article):
        for element in top.select("[class*=share i],[id*=share i]"):
            if " share " in spoken(names_of(element)) and len(element.text) < MAX_SHARE_BAR:
                element.extract()


def _is_player(element: Element) -> bool:
    if any(PLAYERS.search(element.attr(name) or "") for name in element.attrs):
        return True
    return element.tag == "object" and bool(PLAYERS.search(element.inner_html))


def is_data_table(table: Element) -> bool:
    """Whether a table holds data: it says so (caption, header, columns), or has the shape of it, and is no frame."""
    if table.attr("role") == "presentation":
        return False
    if table.attr("summary") or table.select_one("caption,col,colgroup,thead,tfoot,th") is not None:
        return True
    if table.select_one("table,form,h1,h2") is not None:
        return False
    rows = table.select("tr")
    columns = max((len(row.select("td")) for row in rows), default=0)
    return len(rows) > 1 and columns > 1 and (len(rows) >= 10 or len(rows) * columns > 10)


def _prune_boxes(article: Element, tags: str, data_tables: set[Element], strictness: Strictness) -> None:
    for element in reversed(article.select(tags)):
        if element.parent is not None and _is_noise(element, data_tables, strictness):
            element.extract()


def _is_noise(element: Element, data_tables: set[Element], strictness: Strictness) -> bool:
    """Whether a box looks like the page's: more pictures, links, fields or short bits than prose."""
    if data_tables and (
        element in data_tables
        or any(table in data_tables for table in element.select("table"))
        or any(around in data_tables for around in ancestors_of(element))
    ):
        return False
    if is_inside(element, CODE):
        return False
    weight = promise_of(element).weight if strictness.weighs_names else 0
    text = text_of(element)
    if weight < 0 and (len(text) < PROSE or link_density(element, len(text)) > SHORT_LINKED):
        return True
    if comma_count(text) >= ENOUGH_COMMAS or element.select_one(EMBEDS) is not None:
        return False
    if element.tag == "ul" or _list_share(element, len(text)) > 0.9:
        return False  # what links a list may hold, `boilerplate` decides by where it stands
    return _holds_no_prose(element, text, weight)


def _holds_no_prose(element: Element, text: str, weight: int) -> bool:
    length, paragraphs = len(text), len(element.select("p"))
    images = len(element.select("img"))
    if not length and not images:
        return True
    if len(element.select(FIELDS)) > paragraphs // 3:
        return True
    density = link_density(element, length)
    is_prose = weight > 0 or _is_sentence(element, text)
    if density > (MOSTLY_LINKED if is_prose else SHORT_LINKED if length < PROSE else PROSE_LINKED):
        return not _introduces_links(element, length)
    if is_inside(element, FIGURE):
        return False
    if images > 1 and paragraphs < images / 2:
        return True
    return length < 25 and density > 0 and images not in {1, 2}


def _is_sentence(element: Element, text: str) -> bool:
    """Whether a box holds a sentence or two that stand by no picture."""
    if len(text) < MIN_SENTENCE or not text.endswith(SENTENCE_ENDS):
        return False
    around = parent_of(element)
    return around is None or around.select_one("img") is None


def _introduces_links(element: Element, length: int) -> bool:
    """Whether a box holds prose beside its lists of links: release notes do, and what to read next does not."""
    lists = [listing for listing in element.select("ul,ol") if not is_inside(listing, LISTS)]
    beside = length - sum(len(text_of(listing)) for listing in lists)
    linked = sum(len(text_of(link)) for link in element.select("a") if not is_inside(link, LISTS))
    if not lists or beside < MIN_SENTENCE or linked > PROSE_LINKED * beside:
        return False
    paragraphs = (text_of(paragraph) for paragraph in element.select("p") if not is_inside(paragraph, LISTS))
    return any(len(text) >= MIN_SENTENCE and text.endswith(SENTENCE_ENDS) for text in paragraphs)


def _list_share(element: Element, length: int) -> float:
    lists = element.select("ul,ol")
    return sum(len(text_of(listing)) for listing in lists) / length if lists and length else 0.0


def _unwrap_layout_tables(article: Element) -> None:
    """Puts the content of a one-cell table in its place."""
    for table in article.select("table"):
        cells = table.select("td,th")
        if len(cells) == 1 and table.parent is not None:
            cell = cells[0]
            cell.tag = "p" if cell.select_one("p,div,ul,ol,table,blockquote,pre,h2,h3,h4") is None else "div"
            table.replace_with(cell)
