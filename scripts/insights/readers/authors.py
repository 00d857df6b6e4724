"""Finds who wrote a page: in its data, beside its title, in what its author called a byline.

A name without evidence is no author: a site's own name is one only where no rule finds a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from turbohtml import Document, Element, Text

from insights.model import Evidence
from insights.readers.dates import DATE_TEXT
from insights.readers.dom import ancestors_of, names_of, squeezed
from insights.readers.names import spoken
from insights.readers.statements import Statements
from insights.readers.titles import names_site

_NOT_NAMES = re.compile(
    r"https?:|www\.|@|^(?:the |our )?(?:admin|administrator|webmaster|editors?|editorial|staff(?: writer)?|guest"
    r"|authors?|contributors?|view|about|info|more(?: info)?|mehr|weiterlesen|plus|ver más"
    r"|posts?|comments?|user|none|null|undefined|unknown|team|super ?user|root)$|\b(?:min read|read more|see all"
    r"|learn more|view (?:all|profile|bio|more)"
    r"|more (?:from|by|posts)|follow|share|updated|published|subscribe|twitter|facebook|linkedin|instagram|reviews"
    r"|written by)\b",
    re.I,
)
_NAME_ABROAD = re.compile(r"[\u0370-\u1bff\u3040-\uffdc][\w’'.・·-]*(?: [\u0370-\u1bff\u3040-\uffdc][\w’'.・·-]*){0,3}")
"""A name in letters that know no capitals, or other ones than Latin has."""
MAX_NAME_ABROAD = 30
_PERSON = re.compile(
    r"^(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir)\.?\s+)?[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:(?:van|von|de|der|den|la|le|di|da|del|bin"
    r"|al)\s+)*[A-ZÀ-Þ][\w’'.-]*){1,3}$"
)
_AUTHOR_LABEL = re.compile(
    r"^\W*(?:(?:article |words |written |posted |submitted |created |story |text |post )?by|authors?|writer"
    r"|von|par|por|di|door|autor(?:in|es)?|auteure?|autore)\W*$",
    re.I,
)
_BY = re.compile(
    r"^\W*(?:(?:written|posted|submitted|created|published|words|reviewed|medically reviewed|story|text|authored?"
    r"|report(?:ed)?)\s+)?(?:by|von|par|por|di)\b[\s:]*",
    re.I,
)
_ROLE = re.compile(
    r"(?:[|•·–—]|\s-\s|(?:,|(?<!\s))\s++(?:on|in|at|for|published|updated|posted|last|is an?|senior|staff|contribut"
    r"|editor|writer|reporter|author|correspondent|managing|associate|chief|ceo|founder)\b).*$",
    re.I | re.DOTALL,
)
_BYLINE_NAMES = re.compile(r"(?<![a-z])(?:byline|author|writer|writtenby|p-author|contributor)", re.I)
_ELSEWHERE = re.compile(
    r" (?:comments?|related|recommend(?:ed|ations?)?|footer|sidebar|teasers?|promos?|popular|recent|latest|nav|bio"
    r"|cards?) "
)
_PLACEHOLDER = re.compile(r"^\w+(?:\.\w+){2,}$|[{}\[\]%]")
"""What a template leaves where nobody filled it in ("page.head.extra.author")."""
_BYLINE_SELECTOR = ",".join(
    f"[{attribute}*={word}]"
    for attribute in ("class", "id")
    for word in ("author", "Author", "byline", "Byline", "writer", "contributor")
)
MAX_NAME = 60
MOST_LOOKED_AT = 3000
MAX_AUTHORS = 8
AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "og:article:author", "dc.creator",
    "dcterms.creator", "citation_author", "byl",
)  # fmt: skip

AUTHOR_LINKS = (
    "a[rel~=author],a[href*='/author/'],a[href*='/authors/'],a[href*='/auteur/'],a[href*='/autor/'],a[href*='/autore/'],"
    ".p-author,.vcard .fn,[data-hook=user-name],[data-testid=authorName]"
)
"""Microformats, what systems link authors by, and the marks of Wix and Medium."""


def find_authors(
    document: Document, statements: Statements, url: str | None, heading: Element | None, evidence: list[Evidence]
) -> tuple[str, ...]:
    """The names of the first rule that finds people; a site's own name only where no rule finds others."""
    site = statements.meta("og:site_name")
    own: tuple[tuple[str, ...], str] | None = None
    title = set(split_names(heading.text)) if heading is not None else set()  # a card of facts names its subject
    for texts, rule in _author_candidates(document, statements, heading):
        found = dict.fromkeys(name for text in texts for name in split_names(text))
        names = tuple(_without_site(name, site, url) for name in found if name not in title)[:MAX_AUTHORS]
        if names and all(names_site(name, site, url) for name in names):
            own = own or (names, rule)
        elif names:
            evidence.append(Evidence("authors", ", ".join(names), rule))
            return names
    if own is not None:
        evidence.append(Evidence("authors", ", ".join(own[0]), own[1]))
        return own[0]
    return ()


def _without_site(name: str, site: str, url: str | None) -> str:
    """A name without the site's behind it ("Ida Marlowe, Corner News")."""
    person, _, rest = name.rpartition(", ")
    return person if person and names_site(rest, site, url) else name


def _author_candidates(
    document: Document, statements: Statements, heading: Element | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    yield statements.people("author"), "JSON-LD author"
    for name in AUTHOR_META:
        yield statements.metas.get(name, ()), f"meta {name}"
    for number in "12":
        if statements.meta(f"twitter:label{number}").lower() in ("written by", "author", "by"):
            yield (statements.meta(f"twitter:data{number}"),), f"meta twitter:data{number}"
    yield _texts(document, "[itemprop~=author] [itemprop~=name]"), "microdata author"
    yield _texts(document, "[itemprop~=author]"), "microdata author"
    yield tuple(_by_texts(heading)), "text by the title"
    yield _texts(document, AUTHOR_LINKS), "rel=author"
    yield tuple(_bylines(document)), "byline"
    yield tuple(_labelled_names(document, statements)), "text after a label"
    yield tuple(statements.loose_names()), "author in a script"


def _texts(document: Document, selector: str) -> tuple[str, ...]:
    """The texts of the first match and of those beside it; later matches are other articles' or comments'."""
    found: list[Element] = []
    for element in document.select(selector)[:40]:
        text = element.attr("content") or spaced_text(element)
        if _is_elsewhere(element) or not any(True for _ in split_names(text)):
            continue
        if found and not _are_beside(found[-1], element):
            break
        found.append(element)
    return tuple(dict.fromkeys(element.attr("content") or spaced_text(element) for element in found))


def _are_beside(one: Element, other: Element) -> bool:
    return bool(set(list(ancestors_of(one))[:2]) & set(list(ancestors_of(other))[:2]))


def spaced_text(element: Element) -> str:
    """The text of an element with a space between its text nodes: names and labels in bylines stand in spans."""
    return squeezed(" ".join(element.strings))


def _is_elsewhere(element: Element) -> bool:
    for ancestor in ancestors_of(element):
        if ancestor.tag in ("footer", "aside", "nav", "blockquote", "figure"):
            return True
        if ancestor.tag in ("body", "main", "article"):
            return False
        if _ELSEWHERE.search(spoken(names_of(ancestor))):
            return True
    return False


def _bylines(document: Document) -> Iterator[str]:
    """The first short element that its author called a byline and that holds a person's name."""
    for element in document.select(_BYLINE_SELECTOR):
        if (
            not _BYLINE_NAMES.search(names_of(element))
            or not 2 < len(element.text.strip()) < 150
            or _is_elsewhere(element)
        ):
            continue
        names = [name for name in split_names(spaced_text(element)) if _PERSON.match(name) or _is_abroad(name)]
        if names:
            yield from names
            return


def _is_abroad(name: str) -> bool:
    return len(name) <= MAX_NAME_ABROAD and _NAME_ABROAD.fullmatch(name) is not None


def _by_texts(heading: Element | None) -> Iterator[str]:
    """The texts beside the title that start with "By", or that follow a text that is just that."""
    if heading is None:
        return
    for nodes, most in ((heading.following, 40), (heading.preceding, 12)):
        waits = False
        texts = (squeezed(node.data) for node in nodes if isinstance(node, Text))
        for text in islice((text for text in texts if text), most):
            if waits:
                yield text
                return
            waits = bool(_AUTHOR_LABEL.match(text))
            is_byline = not waits and len(text) < 80 and _BY.match(text)
            names = [name for name in split_names(text) if _PERSON.match(name)] if is_byline else []
            if names:
                yield from names
                return


def _labelled_names(document: Document, statements: Statements) -> Iterator[str]:
    """A name after "Written by" or "Author:" anywhere in the page, in a block of its own."""
    lowered = statements.text.lower()
    if not any(label in lowered for label in ("written by", "article by", "words by", "author:", "authors:")):
        return
    for element in document.select("p,div,span,h2,h3,h4,h5,h6,em,strong")[:MOST_LOOKED_AT]:
        if len(element) > 4 or len(element.text) > 80 or _is_elsewhere(element):
            continue
        text = spaced_text(element)
        if re.match(r"\W*(?:(?:article |words |written )by|authors?:)", text, re.I):
            names = [
                name for name in split_names(re.sub(r"^\W*authors?:", "", text, flags=re.I)) if _PERSON.match(name)
            ]
            if names:
                yield from names
                return


def split_names(text: str) -> Iterator[str]:
    """The names in a byline, without "By", dates, roles and addresses."""
    text = _BY.sub("", squeezed(text))
    found = DATE_TEXT.search(text)
    if found:
        text = text[: found.start()]
    for part in re.split(r";|\band\b|&|\bund\b|\bet\b|,\s+(?=[A-Z][a-z]+ [A-Z])", text):
        name = _ROLE.sub("", part).strip(" ,.|·•-–—:")
        if (
            1 < len(name) <= MAX_NAME
            and not _NOT_NAMES.search(name)
            and not _PLACEHOLDER.search(name)
            and not re.search(r"\d{3}", name)
            and len(name.split()) <= 6
            and not (name.islower() and " " in name)  # "by adding sources"
        ):
            yield name
