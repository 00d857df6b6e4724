"""Removes what is not the article inside the article: forms, share bars, link lists, advertisements, empty shells.

Changes the tree in place; it never removes prose because of one name alone.
"""

from __future__ import annotations

import re

from turbohtml import Element

from insights.readers.dom import HEADINGS, child_elements, is_inside, link_density, text_of
from insights.readers.selection import COMMAS, Strictness, name_weight

VIDEOS = re.compile(
    r"//(?:www\.)?(?:(?:dailymotion|youtube|youtube-nocookie|player\.vimeo|v\.qq|bilibili|live\.bilibili)\.com"
    r"|(?:archive|upload\.wikimedia)\.org|player\.twitch\.tv)",
    re.I,
)
SHARING = re.compile(r"(?:\b|_)(?:share|sharedaddy)(?:\b|_)", re.I)
AD_WORDS = re.compile(r"^(?:ad(?:vertising|vertisement)?|pub(?:licité)?|werb(?:ung)?|广告|Реклама|Anuncio)$", re.I)
LOADING_WORDS = re.compile(r"^(?:loading|正在加载|Загрузка|chargement|cargando)(?:…|\.\.\.)?$", re.I)
FIGURE, CODE, TABLE = frozenset({"figure"}), frozenset({"code"}), frozenset({"table"})
TEXTISH = "span,li,td,blockquote,dl,div,img,ol,p,pre,table,ul"


def prune(article: Element, strictness: Strictness) -> None:
    """Removes the noise inside the article."""
    data_tables = {table for table in article.select("table") if is_data_table(table)}
    for tag in ("form", "fieldset"):
        _prune_doubtful(article, tag, data_tables, strictness)
    for element in article.select("object,embed,iframe"):
        if not _is_video(element):
            element.extract()
    article.remove("footer,link,aside")
    for top in child_elements(article):
        for element in top.select("[class],[id]"):
            if SHARING.search(f"{element.attr('class', '')} {element.attr('id', '')}") and len(element.text) < 500:
                element.extract()
    article.remove("input,textarea,select,button")
    for heading in article.select("h1,h2"):
        if name_weight(heading, strictness) < 0:
            heading.extract()
    for tag in ("table", "ul", "div"):
        _prune_doubtful(article, tag, data_tables, strictness)
    for paragraph in article.select("p"):
        if not paragraph.text.strip() and not paragraph.select("img,embed,object,iframe,video,audio,math,svg"):
            paragraph.extract()
    _unwrap_layout_tables(article)


def _is_video(element: Element) -> bool:
    return any(VIDEOS.search(element.attr(name) or "") for name in element.attrs) or (
        element.tag == "object" and bool(VIDEOS.search(element.inner_html))
    )


def is_data_table(table: Element) -> bool:  # noqa: PLR0911 - one line a sign
    """Whether a table holds data: it says so (caption, headers, summary), or is larger than any layout."""
    if table.attr("role") == "presentation" or table.attr("datatable") == "0":
        return False
    if table.attr("summary"):
        return True
    caption = table.select_one("caption")
    if caption is not None and caption.children:
        return True
    if table.select_one("col,colgroup,tfoot,thead,th") is not None:
        return True
    if table.select_one("table") is not None:
        return False
    rows = table.select("tr")
    columns = max((len(row.select("td")) for row in rows), default=0)
    if len(rows) == 1 or columns == 1:
        return False
    return len(rows) >= 10 or columns > 4 or len(rows) * columns > 10


def _prune_doubtful(article: Element, tag: str, data_tables: set[Element], strictness: Strictness) -> None:
    if not strictness.prunes:
        return
    for element in reversed(article.select(tag)):
        if element.parent is not None and _is_doubtful(element, tag, data_tables, strictness):
            element.extract()


def _is_doubtful(element: Element, tag: str, data_tables: set[Element], strictness: Strictness) -> bool:
    """Whether an element looks fishy: more pictures, links, fields or short bits than prose."""
    if element in data_tables or any(table in data_tables for table in element.select("table")):
        return False
    if is_inside(element, TABLE) and any(a in data_tables for a in _tables_around(element)):
        return False
    if is_inside(element, CODE):
        return False
    weight = name_weight(element, strictness)
    if weight < 0:
        return True
    text = text_of(element)
    if len(COMMAS.findall(text)) >= 10:
        return False
    is_list = tag == "ul" or _list_share(element, len(text)) > 0.9
    is_fishy = _looks_fishy(element, text, weight, is_list)
    return is_fishy and not (is_list and _is_image_list(element))


def _tables_around(element: Element) -> list[Element]:
    found = []
    parent = element.parent
    while isinstance(parent, Element):
        if parent.tag == "table":
            found.append(parent)
        parent = parent.parent
    return found


def _list_share(element: Element, length: int) -> float:
    if element.tag in ("ul", "ol"):
        return 1.0
    if not length:
        return 0.0
    return sum(len(text_of(listing)) for listing in element.select("ul,ol")) / length


def _looks_fishy(element: Element, text: str, weight: int, is_list: bool) -> bool:
    embeds = [e for e in element.select("object,embed,iframe") if not _is_video(e)]
    if len(embeds) < len(element.select("object,embed,iframe")):
        return False
    if AD_WORDS.match(text) or LOADING_WORDS.match(text):
        return True
    length = len(text)
    paragraphs, images = len(element.select("p")), len(element.select("img"))
    items = len(element.select("li")) - 100
    density = link_density(element, length)
    in_figure = is_inside(element, FIGURE)
    headings = sum(len(text_of(h)) for h in element.select(",".join(sorted(HEADINGS)))) / length if length else 0.0
    return (
        (not in_figure and images > 1 and paragraphs / images < 0.5)
        or (not is_list and items > paragraphs)
        or len(element.select("input")) > paragraphs // 3
        or (
            not is_list
            and not in_figure
            and headings < 0.9
            and length < 25
            and (images == 0 or images > 2)
            and density > 0
        )
        or (not is_list and weight < 25 and density > 0.2)
        or (weight >= 25 and density > 0.5)
        or (len(embeds) == 1 and length < 75)
        or len(embeds) > 1
        or (images == 0 and not _textish_length(element))
    )


def _textish_length(element: Element) -> int:
    return sum(len(text_of(part)) for part in element.select(TEXTISH))


def _is_image_list(element: Element) -> bool:
    if any(len(child_elements(child)) > 1 for child in child_elements(element)):
        return False
    items = len(element.select("li"))
    return len(element.select("img")) == items


def _unwrap_layout_tables(article: Element) -> None:
    """Puts the content of a one-cell table in its place."""
    for table in article.select("table"):
        cells = table.select("td,th")
        if len(cells) == 1 and table.parent is not None:
            cell = cells[0]
            blocks = cell.select("p,div,ul,ol,table,blockquote,pre,h2,h3,h4")
            cell.tag = "div" if blocks else "p"
            table.replace_with(cell)
