"""Removes the page's own voice from the article: bylines, share bars, sign-up boxes, related links, credits.

Three kinds of evidence, each weighed against how much prose would go: what the page's author called an element, what
a short block says, and where it stands (before the first sentence, after the last). Changes the tree in place.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from turbohtml import Element

from insights.readers.dates import DATE_TEXT
from insights.readers.dom import (
    HEADINGS,
    LISTS,
    ancestors_of,
    element_before,
    is_inside,
    link_density,
    names_of,
    parent_of,
    text_of,
    unlike_share,
)
from insights.readers.phrases import (
    AFFILIATE,
    BYLINE_WORDS,
    CONTENTS,
    DISCLOSING,
    DISCLOSURE,
    FIRST_PERSON,
    NOISE_NAMES,
    NOISE_TEXT,
    POINTER,
    TAIL_HEADING,
)
from insights.readers.repetitions import remove_pull_quotes, remove_repeated

BLOCK_TAGS = "p,h1,h2,h3,h4,h5,h6,li,td,th,dt,dd,blockquote,pre,figcaption,div,section,address"
INNER_BLOCK = "p,h1,h2,h3,h4,h5,h6,li,td,th,dt,dd,blockquote,pre,figcaption,div,section,table,ul,ol"
MIN_TRIMMED = 1000
"""Characters of text below which nothing is trimmed by its place: a note of three lines has no head and tail."""
ITEM, QUOTES = frozenset({"li"}), frozenset({"blockquote"})
TABLE, CELLS = frozenset({"table"}), frozenset({"td", "th"})
KEEPERS = "blockquote,pre,table,math"
LINKED = 0.8
MAX_LABEL, MAX_SECTION = 60, 40
DECK = re.compile(r"excerpt|standfirst|(?<![a-z])(?:deck?|sub-?hed|sub-?title)(?![a-z])", re.I)
ENDS = '.!?…”"»。！？」』؟।'
"""How sentences end."""
_LETTER = re.compile(r"[^\W\d_]")
MIN_SAID = 30
"""The characters beside its links that make a linked line a sentence."""
EDGE_BLOCKS = 4
MAX_BIOGRAPHY = 700
MAX_BYLINE = 150
_BIOGRAPHY = re.compile(
    r"\W{0,3}(?:(?:is|was|has been|works|writes|covers|leads|serves|joined|reports|lives)\b|,? (?:a|an|the|our)\b)"
)


def remove_boilerplate(article: Element, title: str, authors: tuple[str, ...] = (), description: str = "") -> None:
    """Removes what is the page's and not the article's, and what its title and description say already."""
    _remove_named(article)
    _remove_contents_lists(article)
    _remove_sections(article)
    for block in leaf_blocks(article):
        if parent_of(block) is not None and _is_noise(block):
            block.extract()
    blocks = leaf_blocks(article)
    texts = {block: text_of(block) for block in blocks}
    remove_repeated(texts)
    remove_pull_quotes(texts)
    _remove_biographies(blocks, authors)
    _remove_portraits(article, authors)
    _trim_head(article, title, description, authors)
    if sum(len(block.text) for block in blocks if parent_of(block) is not None) >= MIN_TRIMMED:
        _trim_tail(article)


def _remove_biographies(blocks: list[Element], authors: tuple[str, ...]) -> None:
    """Removes what says who wrote the article ("Ida Marlowe is a …") from among its first and last blocks."""
    names = [name.lower() for name in authors if " " in name]
    for block in (*blocks[:EDGE_BLOCKS], *blocks[-EDGE_BLOCKS:]) if names else ():
        text = text_of(block).lower()
        if block.tag not in ("p", "div") or len(text) > MAX_BIOGRAPHY or parent_of(block) is None:
            continue
        for name in names:
            rest = text.partition(name)[2] if text.find(name) in range(4) else None
            if rest is not None and (len(rest) < len(name) or _BIOGRAPHY.match(rest)):
                block.extract()


def _remove_portraits(article: Element, authors: tuple[str, ...]) -> None:
    """Removes the pictures that are called after who wrote the article."""
    names = {name.lower() for name in authors if " " in name}
    for picture in article.select("img[alt]") if names else ():
        if (picture.attr("alt") or "").strip().lower() in names:
            picture.extract()


def leaf_blocks(article: Element) -> list[Element]:
    """The blocks that hold text and no other block, in their order."""
    return [
        block
        for block in article.select(BLOCK_TAGS)
        if (block.tag in ("p", "pre") or block.tag in HEADINGS or block.select_one(INNER_BLOCK) is None)
        and block.text.strip()
    ]


def _remove_named(article: Element) -> None:
    """Removes small elements whose names say that they are noise."""
    whole = max(1, len(article.text))
    lengths: Counter[str] = Counter()  # of all paragraphs of a name: the page's voice has few, a paywall's text many
    for paragraph in article.select("p[class]"):
        lengths[paragraph.attr("class") or ""] += len(paragraph.text)
    for element in article.select("[class],[id],[data-testid]"):
        if parent_of(element) is None or element.tag in ("a", "body", "b", "strong", "em", "i", "code", "blockquote"):
            continue
        names = element.attr("class") or "" if element.tag in HEADINGS else names_of(element)
        if (
            is_inside(element, QUOTES)
            or is_inside(element, CELLS, 2)
            or not _sounds_like_noise(f"{names} {element.attr('data-testid') or ''}")
        ):
            continue
        length = lengths[element.attr("class") or ""] if element.tag == "p" else len(element.text)
        if (length > 0.15 * whole and length > 250) or (CONTENTS.search(names) and link_density(element) < 0.2):
            continue
        if element.select_one(KEEPERS) is None:
            element.extract()


@lru_cache(maxsize=8192)
def _sounds_like_noise(names: str) -> bool:
    return bool(NOISE_NAMES.search(names))


def _remove_contents_lists(article: Element) -> None:
    """Removes lists of links within the page: the table of contents is the site's to make."""
    for listing in article.select("ul,ol"):
        if parent_of(listing) is None or is_inside(listing, LISTS):
            continue
        links = listing.select("a")
        within = [link for link in links if (link.attr("href") or "").startswith("#")]
        if len(within) >= 3 and len(within) >= 0.9 * len(links):
            linked = sum(len(text_of(link)) for link in within)
            if linked >= 0.75 * len(text_of(listing)):
                listing.extract()


def _remove_sections(article: Element) -> None:
    """Removes a heading like "Related articles" with the short and linked blocks under it."""
    blocks = leaf_blocks(article)
    lengths = [len(text_of(block)) for block in blocks]
    whole = sum(lengths)
    index = 0
    while index < len(blocks):
        block, is_short = blocks[index], lengths[index] < 60
        index += 1
        is_label = block.tag in HEADINGS or (is_short and block.tag in ("p", "div"))
        if not is_label or not TAIL_HEADING.match(text_of(block)):
            continue
        under = []
        for following in blocks[index:]:
            if following.tag in HEADINGS and _level(following) <= _level(block):
                break
            under.append(following)
        length = sum(len(text_of(b)) for b in under)
        in_tail = index + len(under) >= len(blocks) - 3
        linked = sum(len(text_of(b)) * min(1.0, link_density(b)) for b in under)
        if length > 0.2 * whole or (length > 1500 and linked < 0.5 * length):
            continue
        if in_tail or linked > 0.5 * length:
            end = blocks[index + len(under)] if index + len(under) < len(blocks) else None
            for noise in [block, *under, *_pictures_between(block, end)]:
                if parent_of(noise) is not None:
                    noise.extract()
            index += len(under)


def _pictures_between(block: Element, end: Element | None) -> list[Element]:
    """The pictures after a block and before another one, or the end."""
    found = []
    for node in block.following:
        if node is end:
            break
        if isinstance(node, Element) and node.tag in ("img", "picture"):
            found.append(node)
    return found


def _level(block: Element) -> int:
    return int(block.tag[1]) if block.tag in HEADINGS else 6


def _is_noise(block: Element) -> bool:
    """Whether a short block says nothing of the article's."""
    if block.tag in ("pre", "td", "th", "blockquote", "figcaption") or not _says_nothing(block):
        return False
    return block.select_one("img,iframe,video") is None and not is_inside(block, TABLE)


def _says_nothing(block: Element) -> bool:
    text = text_of(block).lower()
    if len(text) > 600 or not _LETTER.search(text):
        return False
    if len(text) <= 200 and block.tag != "li" and NOISE_TEXT.match(text):
        return True
    if len(text) <= 250 and not text.endswith(".") and POINTER.match(text) and link_density(block, len(text)) > 0.4:
        return True
    return block.tag != "li" and _discloses(text)


def _discloses(text: str) -> bool:
    if not any(word in text for word in DISCLOSING):
        return False
    return bool(DISCLOSURE.search(text) or (AFFILIATE.search(text) and FIRST_PERSON.search(text)))


def _is_sentence(block: Element) -> bool:
    text = text_of(block)
    return block.tag in ("p", "li", "blockquote", "div", "td", "pre") and (
        len(text) > 100 or (len(text) > 50 and text[-1] in ENDS)
    )


def _trim_head(article: Element, title: str, description: str, authors: tuple[str, ...]) -> None:
    """Removes title, byline, the deck that is the description, and a section's link before the first sentence."""
    for block in leaf_blocks(article)[:8]:
        text = text_of(block)
        repeats_title = bool(title) and block.tag in HEADINGS and same_title(title, text)
        repeats_description = bool(description) and DECK.search(names_of(block)) and same_title(description, text)
        is_label = block.tag == "li" and len(text) < MAX_SECTION and NOISE_TEXT.match(text.lower())
        is_section = len(text) < MAX_SECTION and block.tag != "li" and link_density(block, len(text)) > LINKED
        if repeats_title or repeats_description or is_label or is_section or _is_byline(text, authors):
            block.extract()
        elif _is_sentence(block):
            break
        elif block.tag in HEADINGS and DECK.search(names_of(block)):
            block.tag = "p"  # what stands below a title heads no section


def _is_byline(text: str, authors: tuple[str, ...]) -> bool:
    """Whether a line holds nothing but names of the authors, dates, and the words between them."""
    if len(text) > MAX_BYLINE:
        return False
    rest = text.lower()
    for name in authors:
        rest = rest.replace(name.lower(), " ")
    rest = BYLINE_WORDS.sub(" ", DATE_TEXT.sub(" ", rest))
    return any(map(str.isalnum, text)) and not any(map(str.isalnum, rest))


def same_title(title: str, text: str) -> bool:
    """Whether a heading says what the title says, or begins it."""
    return unlike_share(title, text) < 0.1 and unlike_share(text, title) < 0.3


def _just_before(item: Element) -> list[Element]:
    """The element before the outermost list around an item: the list's heading, if it has one."""
    around = [ancestor for ancestor in ancestors_of(item) if ancestor.tag in LISTS]
    before = element_before(around[-1]) if around else None
    return [before] if before is not None else []


def _trim_tail(article: Element) -> None:
    """Removes link lists, labels and credits that stand after the last sentence."""
    for block in reversed(leaf_blocks(article)):
        if parent_of(block) is None:
            continue
        text = text_of(block)
        density = link_density(block, len(text))
        if block.tag in ("pre", "td", "th", "blockquote") or block.select_one("img") is not None:
            break
        if any(b.tag in HEADINGS for b in _just_before(block)) or (block.tag in HEADINGS and is_inside(block, ITEM)):
            break
        is_said = text.endswith(".") and (1 - density) * len(text) > MIN_SAID
        is_pointer = (density > 0.8 and not is_said) or (density > 0.5 and len(text) < 120 and block.tag != "li")
        if block.tag in HEADINGS or is_pointer or (text.endswith(":") and len(text) < MAX_LABEL):
            block.extract()
        else:
            break
