"""Removes what leads away from an article: cards of other pages of its site, and links that share it.

Told by how they are built and not by what they say, so in every language. Changes the tree in place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from urllib.parse import urldefrag, urlsplit

from turbohtml import Element

from insights.readers.dom import (
    HEADINGS,
    ancestors_of,
    element_after,
    element_before,
    is_inside,
    link_density,
    parent_of,
    text_of,
)

_HEADINGS = ",".join(sorted(HEADINGS))
_BOXES = frozenset({"div", "article", "section", "aside", "li"})
_TABLE = frozenset({"table"})
_KEPT = "pre,code,blockquote,table,math"
MAX_CARD = 600
"""The characters of a card: a headline, a date, a summary."""
MOST = 2.0
"""How many times as long as all else cards may be: a page that is mostly cards is about them."""
MIN_HEADLINE, NEAR = 15, 3
MAX_SHARED = 60
"""The characters beside its links that a share bar has at most."""
SHARES = re.compile(
    r"//(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:share|home\?status|intent/)"
    r"|linkedin\.com/(?:sharearticle|sharing)|pinterest\.\w+/pin/create|reddit\.com/submit|tumblr\.com/share"
    r"|whatsapp\.com/send|wa\.me/\?|t\.me/share|telegram\.me/share|getpocket\.com/(?:save|edit)|plus\.google\.com/share"
    r"|xing\.com/(?:spi/|app/user\?op=share|social_plugins/share)|digg\.com/submit|delicious\.com/(?:save|post)"
    r"|stumbleupon\.com/submit|service\.weibo\.com/share|vk\.com/share|connect\.ok\.ru|line\.me/(?:r/msg|lineit)"
    r"|(?:b\.)?hatena\.ne\.jp/(?:add|entry)|news\.ycombinator\.com/submitlink|buffer\.com/add|bufferapp\.com/add"
    r"|instapaper\.com/(?:edit|hello)|flipboard\.com/|addtoany\.com/|addthis\.com/bookmark)|^(?:whatsapp:|mailto:\?)",
    re.I,
)
"""Where the links of share bars lead, as the networks document them."""


def remove_teasers(article: Element, host: str | None) -> None:
    """Removes groups of cards that lead to other pages of `host`, with the heading above them, and share links."""
    for link in article.select("a[href]"):
        if SHARES.search(link.attr("href") or "") and article in ancestors_of(link):
            _widest(link, _is_share_bar).extract()
    whole = len(text_of(article))
    for group in _groups_of_cards(article, host):
        length = sum(len(text_of(card)) for card in group)
        if article in ancestors_of(group[0]) and length <= MOST * (whole - length):
            whole -= length
            _remove_with_label(group)


def _widest(element: Element, holds: Callable[[Element], bool]) -> Element:
    """The widest element around one for which something still holds."""
    for around in ancestors_of(element):
        if not holds(around):
            break
        element = around
    return element


def _is_share_bar(box: Element) -> bool:
    links = box.select("a[href]")
    sharing = sum(bool(SHARES.search(link.attr("href") or "")) for link in links)
    text = text_of(box)
    return 2 * sharing >= len(links) and len(text) * (1 - link_density(box, len(text))) <= MAX_SHARED


def _groups_of_cards(article: Element, host: str | None) -> list[list[Element]]:
    """Siblings of one name, two or more, that are cards of different pages; the outermost groups first."""
    groups: dict[tuple[Element, str, str], dict[Element, str]] = defaultdict(dict)
    for link in _headlines(article):
        target = _target(link, host)
        for card in ancestors_of(link) if target else ():
            parent = parent_of(card)
            if card is article or parent is None or len(text_of(card)) > MAX_CARD:
                break
            if card.tag in _BOXES and card.select_one("img,p,div") is not None:
                groups[parent, card.tag, card.attr("class") or ""].setdefault(card, target or "")
    return [list(cards) for cards in reversed(groups.values()) if _are_cards(cards)]


def _headlines(article: Element) -> Iterator[Element]:
    """The links that are headings, and those whose page a linked picture leads to as well."""
    for link in article.select("a[href]"):
        is_heading = is_inside(link, HEADINGS, 3) or link.select_one(_HEADINGS) is not None
        if not is_inside(link, _TABLE) and (is_heading or _has_picture(link)):
            yield link


def _has_picture(link: Element) -> bool:
    """Whether a link has a picture, in it or in a link to the same page close by."""
    if link.select_one("img") is not None or len(text_of(link)) < MIN_HEADLINE:
        return False
    for around in islice(ancestors_of(link), NEAR):
        pictured = (each for each in around.select("a[href]") if each.select_one("img") is not None)
        if any(each.attr("href") == link.attr("href") for each in pictured):
            return len(text_of(around)) <= MAX_CARD
    return False


def _target(link: Element, host: str | None) -> str | None:
    """The page of the same site that a link leads to; None where it leads elsewhere."""
    address = urldefrag(link.attr("href") or "").url
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_here = parts.scheme in ("", "http", "https") and parts.netloc.lower().removeprefix("www.") in ("", host)
    return address if address and is_here else None


def _are_cards(cards: Mapping[Element, str]) -> bool:
    return len(set(cards.values())) == len(cards) > 1 and all(card.select_one(_KEPT) is None for card in cards)


def _remove_with_label(group: list[Element]) -> None:
    """Removes cards, and the heading before them where nothing else stands below it."""
    parent = parent_of(group[0])
    before = element_before(group[0])
    for card in group:
        card.extract()
    while parent is not None and before is None and not text_of(parent):
        before, emptied = element_before(parent), parent
        parent = parent_of(parent)
        emptied.extract()
    if before is not None and before.tag in HEADINGS and element_after(before) is None:
        before.extract()
