"""Removes what leads away from an article: cards of other pages of its site, and links that share it.

Told by how they are built and not by what they say, so in every language. Changes the tree in place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
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
_BOXES, _TABLE = frozenset({"div", "article", "section", "aside", "li"}), frozenset({"table"})
_KEPT = "pre,code,blockquote,table,math"
MAX_CARD = 600
"""The characters of a card: a headline, a date, a summary."""
MOST = 2.0
"""How many times as long as all else cards may be: a page that is mostly cards is about them."""
MIN_HEADLINE, NEAR = 15, 3
"""The characters of a headline that is no heading, and the boxes around it in which a picture leads to its page too."""
MAX_SHARED = 40
"""The characters that a share bar has beside its links."""
SHARES = re.compile(
    r"//(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:share|home\?status|intent/)"
    r"|linkedin\.com/(?:sharearticle|sharing)|pinterest\.\w+/pin/create|reddit\.com/submit|tumblr\.com/share"
    r"|whatsapp\.com/send|wa\.me/\?|t\.me/share|telegram\.me/share|getpocket\.com/(?:save|edit)|plus\.google\.com/share"
    r"|xing\.com/(?:spi/|app/user\?op=share|social_plugins/share)|digg\.com/submit|delicious\.com/(?:save|post)"
    r"|stumbleupon\.com/submit|service\.weibo\.com/share|vk\.com/share|connect\.ok\.ru|line\.me/(?:r/msg|lineit)"
    r"|hatena\.ne\.jp/(?:add|entry)|news\.ycombinator\.com/submitlink|buffer(?:app)?\.com/add"
    r"|instapaper\.com/(?:edit|hello)|addtoany\.com/|addthis\.com/bookmark)|^(?:whatsapp:|mailto:\?)",
    re.I,
)
"""Where the links of share bars lead, as the networks document them."""


def remove_teasers(article: Element, host: str | None) -> None:
    """Removes share links, and cards that lead to other pages of `host`, with the heading above them."""
    _remove_share_links(article)
    whole = len(text_of(article))
    for group in _groups_of_cards(article, host):
        length = sum(len(text_of(card)) for card in group)
        if article in ancestors_of(group[0]) and length <= MOST * (whole - length):
            whole -= length
            _remove_with_label(group)


def _remove_share_links(article: Element) -> None:
    """Removes links that share the page, and the widest box around each that holds little else."""
    is_bar = cache(_is_share_bar)  # many links may stand in one box
    for link in article.select("a[href]"):
        if not SHARES.search(link.attr("href") or ""):
            continue
        bar = link
        for around in ancestors_of(link):
            if around is article or not is_bar(around):
                break
            bar = around
        bar.extract()


def _is_share_bar(box: Element) -> bool:
    links = box.select("a[href]")
    sharing = sum(bool(SHARES.search(link.attr("href") or "")) for link in links)
    text = text_of(box)
    return 2 * sharing >= len(links) and len(text) * (1 - link_density(box, len(text))) <= MAX_SHARED


def _groups_of_cards(article: Element, host: str | None) -> list[list[Element]]:
    """Siblings of one name, two or more, that are cards of different pages; the outermost groups first."""
    length_of = cache(lambda box: len(text_of(box)))
    groups: dict[tuple[Element, str, str], dict[Element, str]] = defaultdict(dict)
    for link in _headlines(article):
        target = _target(link, host)
        for card in ancestors_of(link) if target else ():
            parent = parent_of(card)
            if card is article or parent is None or length_of(card) > MAX_CARD:
                break
            if card.tag in _BOXES and card.select_one("img,p,div") is not None:
                groups[parent, card.tag, card.attr("class") or ""].setdefault(card, target or "")
    return [list(cards) for cards in reversed(groups.values()) if _are_cards(cards)]


def _headlines(article: Element) -> Iterator[Element]:
    """The links that are headings, and those to a page to which a picture close by leads as well."""
    pictured_in = cache(_pictured_in)
    for link in article.select("a[href]"):
        is_heading = is_inside(link, HEADINGS, NEAR) or link.select_one(_HEADINGS) is not None
        is_caption = len(text_of(link)) >= MIN_HEADLINE and any(
            link.attr("href") in pictured_in(around) for around in islice(ancestors_of(link), NEAR)
        )
        if (is_heading or is_caption) and not is_inside(link, _TABLE):
            yield link


def _pictured_in(box: Element) -> frozenset[str | None]:
    """Where the pictures of a card lead; nowhere for what is longer than a card."""
    if len(text_of(box)) > MAX_CARD:
        return frozenset()
    return frozenset(link.attr("href") for link in box.select("a[href]") if link.select_one("img") is not None)


def _target(link: Element, host: str | None) -> str | None:
    """The page of the same site that a link leads to; None where it leads elsewhere."""
    try:
        address = urldefrag(link.attr("href") or "").url
        parts = urlsplit(address)
    except ValueError:
        return None
    is_here = parts.scheme in ("", "http", "https") and parts.netloc.lower().removeprefix("www.") in ("", host)
    return address if address and is_here else None


def _are_cards(cards: Mapping[Element, str]) -> bool:
    return len(set(cards.values())) == len(cards) > 1 and all(card.select_one(_KEPT) is None for card in cards)


def _remove_with_label(group: list[Element]) -> None:
    """Removes cards, the boxes they leave empty, and the heading before them if nothing else stands below it."""
    parent, before = parent_of(group[0]), element_before(group[0])
    for card in group:
        card.extract()
    while parent is not None and before is None and not text_of(parent):
        before, emptied, parent = element_before(parent), parent, parent_of(parent)
        emptied.extract()
    if before is not None and before.tag in HEADINGS and element_after(before) is None:
        before.extract()
