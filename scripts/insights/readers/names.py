"""What an element's class and id promise: the page's author named its parts, and the words they use are few.

The vocabulary is our own count: over the named elements of 299 pages, how often the text of an element with a word in
its name is the article's, and how often the page's ("footer": 3 against 238; "entry": 68 against 40). Names are read
word by word (`siteHeader-nav_2` is "site header nav"), so that "download" holds no "ad".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from turbohtml import Element

from insights.readers.dom import HEADINGS

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HASH = re.compile(r"\b[A-Za-z]*\d+[A-Za-z][A-Za-z0-9]*")
"""What a build makes of a name ("d983ad0") holds letters that are no word."""
_FURNITURE = re.compile(
    r" (?:footer|colophon|masthead|header|banner|nav|navbar|navigation|subnav|menu|submenu|megamenu|sidebar"
    r"|flyout|breadcrumb|pagination|pager|social|shar(?:e|ing)\b|sharedaddy|addtoany|comment|respond\b|repl(?:y|ies)\b"
    r"|disqus|discussion\b|related\b|recirc|recommend|trending|popular|newsletter|subscri|signup|cta\b"
    r"|promo(?!ted )|sponsor|advert|cookie|consent|gdpr|modal|popup|tooltip|login|search\b|copyright\b|legal\b|remark\b"
    r"|no ?print\b|print (?:none|hidden)\b|hidden print\b"
    r"|rss\b|agegate|carousel|slider|swiper|cover\b|remote\b)"
)
"""Words whose elements are the page's: at least nine times of ten in the count, common spellings joined."""
_ARTICLE = re.compile(r" (?:article|body|column|content|entry|main|post(?! type))")
_FOLDED = re.compile(r" (?:accordion|collaps|faqs?\b|question|toggle)")
_HEADS = re.compile(r" (?:header|banner)\b")
"""The question above an answer that folds away is a header too, though not the page's."""
_PERHAPS = re.compile(r" (?:ads?|drawers?|skip)\b")
"""Words of the page's small things ("skip to content"), and of boxes of prose too ("skip-item")."""
_SHOW = re.compile(r" (?:gallery|galleries|slideshow|lightbox)\b")
_PROMISES = re.compile(
    r" (?:article|blog|body|content|entry|hentry|hfeed|main|page|pages|post|prose|richtext|rte|story|typography)\b"
)
_WARNS = re.compile(
    r" (?:banner|byline|carousel|combx|comment|comments|contact|cookie|copyright|cta|disclaimer|disclosure|footer"
    r"|hidden|links|masthead|meta|metadata|modal|newsletter|outbrain|pagination|popular|popup|promo"
    r"|recommended|related|respond|scroll|share|sharing|sidebar|signup|social|sponsor|sponsored|subscribe|taboola|tags"
    r"|trending)\b"
)
_UTILITY = re.compile(
    r" (?:(?:overflow|backface|empty) hidden|scroll [mp][trblxyse]?|(?:object|bg|background) cover)(?= )"
)
"""Names that say how a box looks and not what it is (Tailwind, Bootstrap)."""
_LAYOUT = re.compile(r" sidebar")
_BYLINE = re.compile(r" (?:byline|author|authors|dateline|writtenby)\b")


@dataclass(frozen=True, slots=True)
class Promise:
    """What names say an element is, and a weight (25 a name, for or against the article).

    `is_perhaps_furniture`: a few words. `is_layout`: what a page's frame is called too. `is_show`: a gallery.
    """

    is_furniture: bool = False
    is_perhaps_furniture: bool = False
    is_layout: bool = False
    is_byline: bool = False
    is_show: bool = False
    weight: int = 0


_NOTHING = Promise()
_ARTICLE_BODY = Promise(weight=50)


def promise_of(element: Element) -> Promise:
    """What the class and id of an element promise."""
    if element.attr("itemprop") == "articleBody":
        return _ARTICLE_BODY
    class_name = element.attr("class")
    identifier = None if element.tag in HEADINGS else element.attr("id")  # a heading's is what the heading says
    return _promise(class_name or "", identifier or "") if class_name or identifier else _NOTHING


@lru_cache(maxsize=8192)
def _promise(class_name: str, identifier: str) -> Promise:
    names = [_UTILITY.sub(" ", spoken(name)) for name in (class_name, identifier) if name]
    both = "".join(names)
    if _FOLDED.search(both):
        both = _HEADS.sub(" ", both)
    return Promise(
        is_furniture=bool(_FURNITURE.search(both)) and not _ARTICLE.search(both),
        is_perhaps_furniture=bool(_PERHAPS.search(both)) and not _ARTICLE.search(both),
        is_layout=bool(_LAYOUT.search(both)),
        is_byline=bool(_BYLINE.search(both)),
        is_show=bool(_SHOW.search(both)),
        weight=sum(25 * bool(_PROMISES.search(name)) - 25 * bool(_WARNS.search(name)) for name in names),
    )


def spoken(name: str) -> str:
    """The words of a name in lower case, a space before each and one at the end."""
    return "".join(f" {word}" for word in _WORD.findall(_HASH.sub(" ", name))).lower() + " "
