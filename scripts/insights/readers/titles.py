"""Finds a page's title, without the site's name that pages put beside it ("Tea | The Daily Leaf")."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from turbohtml import Document, Element

from insights.readers.dom import child_elements, squeezed, text_of, unlike_share
from insights.readers.statements import Statements

_SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|–—·»:•/\\<>~]++|-++)\s+|(?<=\w):\s++(?=\S+$)")
TITLE_LIKENESS = 0.5
TITLE_TAGS = (("h1", 8), ("h2", 20), ("h3", 20), ("h4", 20))
LEAST_LIKENESS = 0.45
SITE_LENGTH = 4
"""How much longer than its host a site's name may be; a longer text only mentions it."""
NAMED_TITLES = ".entry-title,.post-title,.p-name,[itemprop~=headline]"
"""What themes call the title of an entry (hAtom, h-entry, schema.org)."""
H1_BONUS, ALMOST = 0.15, 0.99
"""How much likelier an `h1` is than a section's heading, unless that one says exactly what the page's name says."""


def title_headings(document: Document, statements: Statements) -> list[Element]:
    """The headings that may show the page's title: those like its name, likeliest first, then an `h1`."""
    stated = [statements.meta("og:title"), *list(statements.of_article("headline"))[:1]]
    element = document.select_one("title")
    if element is not None:
        stated.append(squeezed(element.text))
    named = document.select(NAMED_TITLES)
    found: list[tuple[float, Element]] = []
    for heading in [heading for tag, most in TITLE_TAGS for heading in document.select(tag)[:most]]:
        text = squeezed(heading.text)
        likeness = max((_likeness(text, s) for s in stated if s), default=0.0)
        if text and likeness > LEAST_LIKENESS:
            if heading.tag == "h1" or (len(named) == 1 and heading in named):
                likeness = max(likeness, min(likeness + H1_BONUS, ALMOST))
            found.append((round(-likeness, 3), heading))
    likely = [heading for _, heading in sorted(found, key=lambda pair: pair[0])]
    first = document.select_one("h1")
    return likely if first is None or first in likely else [*likely, first]


def find_titles(
    document: Document, statements: Statements, url: str | None, heading: Element | None
) -> Iterator[tuple[str, str]]:
    """The titles that a page may have, each with its rule, the best first; `heading` is the one that shows it."""
    site = statements.meta("og:site_name")
    element = document.select_one("head title") or document.select_one("title")
    page_title = without_site(text_of(element), site, url) if element is not None else ""
    stated = [page_title, without_site(statements.meta("og:title", "twitter:title"), site, url)]
    stated += [without_site(value, site, url) for value in list(statements.of_article("headline"))[:1]]
    shown = without_site(_text_of_title(heading, stated), site, url) if heading is not None else ""
    if shown and not names_site(shown, site, url) and any(_likeness(shown, s) > TITLE_LIKENESS for s in stated if s):
        yield shown, "heading that the title repeats"
    yield stated[2] if len(stated) > 2 else "", "JSON-LD headline"
    yield stated[1], "meta og:title"
    yield page_title, "title element"
    yield without_site(statements.meta("dc.title", "citation_title"), site, url), "meta dc.title"
    yield shown, "first heading"


def _text_of_title(heading: Element, stated: list[str]) -> str:
    """The text of a heading, without labels in elements of their own (a kicker, a date) that no stated title has."""
    text = squeezed(unescape(heading.text))
    for title in stated:
        rest = text
        for child in child_elements(heading):
            label = squeezed(unescape(child.text))
            if label and label not in title and (rest.startswith(label) or rest.endswith(label)):
                rest = squeezed(rest.removeprefix(label).removesuffix(label))
        if rest and rest == title:
            return rest
    return text


def _likeness(one: str, other: str) -> float:
    return 1 - (unlike_share(one, other) + unlike_share(other, one)) / 2


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def names_site(text: str, site: str, url: str | None) -> bool:
    """Whether a text is the name of the site: what the page calls it, or its host."""
    plain = _letters(text)
    host = _letters((urlsplit(url or "").hostname or "").removeprefix("www.").rpartition(".")[0])
    return bool(site and _likeness(site, text) > 0.85) or bool(
        plain and host and (plain == host or (len(plain) > 5 and plain in host))
    )


def without_site(title: str, site: str, url: str | None) -> str:
    """A page title without the site's name at its end or start ("Tea | The Daily Leaf")."""
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    host = _letters((urlsplit(url or "").hostname or "").removeprefix("www.").rpartition(".")[0])
    for index in (-1, 0):
        part = parts[index]
        plain = _letters(part)
        is_site = (site and unlike_share(site, part) < 0.2) or (
            plain and host and (plain in host or (host in plain and len(plain) < SITE_LENGTH * len(host)))
        )
        if is_site or (index == -1 and len(part.split()) <= 3 and len(title) - len(part) > 20 and " | " in title):
            start, end = (0, title.rfind(part)) if index == -1 else (title.find(part) + len(part), len(title))
            rest = title[start:end].strip(string.whitespace + "\u00a0|–—·»:•/\\<>~-")
            return rest or title
    return title
