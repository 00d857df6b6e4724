"""What a page says about its article, with the evidence: title, authors, dates, description, tags, language, image.

Precedence is written in the order of each function's candidates: what the page states for machines, then what it
shows to people beside the title. Nothing is invented: a field without evidence stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from turbohtml import Document, Element, Text

from insights.model import Evidence, Image
from insights.readers.dates import DATE_TEXT, find_dates, title_heading
from insights.readers.dom import ancestors_of, names_of, squeezed, text_of, unlike_share
from insights.readers.escaping import absolute
from insights.readers.statements import Statements, read_statements

_SEPARATOR = re.compile(r"\s+[|–—·»:•/\\<>~]+\s+|\s+-+\s+|(?<=\w):\s+(?=\S+$)")
_NOT_NAMES = re.compile(
    r"https?:|www\.|@|^(?:the |our )?(?:admin|administrator|webmaster|editors?|editorial|staff(?: writer)?|guest"
    r"|authors?|contributors?"
    r"|posts?|comments?|user|none|null|undefined|unknown|team|super ?user|root)$|\b(?:min read|read more|see all"
    r"|learn more|view (?:all|profile|bio|more)"
    r"|more (?:from|by|posts)|follow|share|updated|published|subscribe|twitter|facebook|linkedin|instagram|reviews"
    r"|written by)\b",
    re.I,
)
_PERSON = re.compile(
    r"^(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir)\.?\s+)?[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:(?:van|von|de|der|den|la|le|di|da|del|bin"
    r"|al)\s+)*[A-ZÀ-Þ][\w’'.-]*){1,3}$"
)
_AUTHOR_LABEL = re.compile(
    r"^\W*(?:(?:article |words |written |posted |story |text |post )?by|authors?|writer)\W*$", re.I
)
_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|words|reviewed|medically reviewed|story|text|authored?"
    r"|report(?:ed)?)\s+)?(?:by|von|par|por|di)\b[\s:]*",
    re.I,
)
_ROLE = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|,?\s+(?:on|in|at|for|published|updated|posted|last|is an?|senior|staff|contribut|editor"
    r"|writer|reporter|author|correspondent|managing|associate|chief|ceo|founder)\b).*$",
    re.I | re.DOTALL,
)
_BYLINE_NAMES = re.compile(r"(?<![a-z])(?:byline|author|writer|writtenby|p-author|contributor)", re.I)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|footer|sidebar|widget|teaser|promo|popular|recent|(?<![a-z])nav|bio|card", re.I
)
_BYLINE_SELECTOR = ",".join(
    f"[{attribute}*={word}]"
    for attribute in ("class", "id")
    for word in ("author", "Author", "byline", "Byline", "writer", "contributor")
)
MAX_NAME = 60
MOST_LOOKED_AT = 3000
TITLE_LIKENESS = 0.5
MAX_AUTHORS = 8
AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "citation_author",
    "byl",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of an Extract that are not its body."""

    title: str | None
    description: str | None
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    topic: str | None
    tags: tuple[str, ...]
    canonical: str | None
    language: str | None
    image: Image | None
    evidence: tuple[Evidence, ...]


def read_metadata(document: Document, url: str | None, text: str = "") -> Metadata:
    """What the page states about its article, read before the page is changed."""
    statements = read_statements(document, text)
    evidence: list[Evidence] = []
    heading = title_heading(document, statements)
    title = _chosen("title", _titles(document, statements, url, heading), evidence)
    authors = _authors(document, statements, url, heading, evidence)
    published, updated, dates = find_dates(document, statements, url, heading)
    evidence += dates
    return Metadata(
        title=title,
        description=_chosen("description", _descriptions(statements), evidence),
        authors=authors,
        published=published,
        updated=updated,
        topic=_chosen("topic", _topics(statements), evidence),
        tags=_tags(document, statements, evidence),
        canonical=_chosen("canonical", _canonicals(document, statements, url), evidence),
        language=_chosen("language", _languages(document, statements), evidence),
        image=_image(statements, url, evidence),
        evidence=tuple(evidence),
    )


def _chosen(field: str, candidates: Iterator[tuple[str, str]], evidence: list[Evidence]) -> str | None:
    for value, rule in candidates:
        if value:
            evidence.append(Evidence(field, value, rule))
            return value
    return None


def _titles(
    document: Document, statements: Statements, url: str | None, heading: Element | None
) -> Iterator[tuple[str, str]]:
    site = statements.meta("og:site_name")
    element = document.select_one("head title") or document.select_one("title")
    page_title = without_site(text_of(element), site, url) if element is not None else ""
    stated = [page_title, without_site(statements.meta("og:title", "twitter:title"), site, url)]
    stated += [without_site(value, site, url) for value in list(statements.of_article("headline"))[:1]]
    shown = without_site(squeezed(unescape(heading.text)), site, url) if heading is not None else ""
    if shown and not _names_site(shown, site, url) and any(_likeness(shown, s) > TITLE_LIKENESS for s in stated if s):
        yield shown, "heading that the title repeats"
    yield stated[2] if len(stated) > 2 else "", "JSON-LD headline"
    yield stated[1], "meta og:title"
    yield page_title, "title element"
    yield without_site(statements.meta("dc.title", "citation_title"), site, url), "meta dc.title"
    yield shown, "first heading"


def _likeness(one: str, other: str) -> float:
    return 1 - (unlike_share(one, other) + unlike_share(other, one)) / 2


def _names_site(text: str, site: str, url: str | None) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    host = (
        re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0]) if url else ""
    )
    return bool(site and _likeness(site, text) > 0.85) or bool(
        plain and host and (plain == host or (len(plain) > 5 and plain in host))
    )


def without_site(title: str, site: str, url: str | None) -> str:
    """A page title without the site's name at its end or start ("Tea | The Daily Leaf")."""
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    host = (
        re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0]) if url else ""
    )
    for index in (-1, 0):
        part = parts[index]
        plain = re.sub(r"[^a-z0-9]", "", part.lower())
        names_site = (site and unlike_share(site, part) < 0.2) or (plain and host and (plain in host or host in plain))
        if names_site or (index == -1 and len(part.split()) <= 3 and len(title) - len(part) > 20 and " | " in title):
            start, end = (0, title.rfind(part)) if index == -1 else (title.find(part) + len(part), len(title))
            rest = re.sub(r"^[\s|–—·»:•/\\<>~-]+|[\s|–—·»:•/\\<>~-]+$", "", title[start:end])
            return rest or title
    return title


def _descriptions(statements: Statements) -> Iterator[tuple[str, str]]:
    yield statements.meta("description"), "meta description"
    yield statements.meta("og:description", "twitter:description", "dc.description"), "meta og:description"
    yield next(statements.of_article("description"), ""), "JSON-LD description"


def _topics(statements: Statements) -> Iterator[tuple[str, str]]:
    yield statements.meta("article:section", "parsely-section"), "meta article:section"
    yield next(statements.of_article("articleSection"), ""), "JSON-LD articleSection"


def _tags(document: Document, statements: Statements, evidence: list[Evidence]) -> tuple[str, ...]:
    candidates = (
        ("meta article:tag", statements.metas.get("article:tag", ())),
        ("JSON-LD keywords", tuple(_split_keywords(statements.of_article("keywords")))),
        ("rel=tag", tuple(text_of(link) for link in document.select("a[rel~=tag]"))),
        (
            "meta keywords",
            tuple(
                _split_keywords(iter([statements.meta("news_keywords", "parsely-tags", "sailthru.tags", "keywords")]))
            ),
        ),
    )
    for rule, values in candidates:
        tags = tuple(dict.fromkeys(squeezed(value) for value in values if 0 < len(squeezed(value)) <= 50))
        if tags:
            evidence.append(Evidence("tags", ", ".join(tags), rule))
            return tags
    return ()


def _split_keywords(values: Iterator[str]) -> Iterator[str]:
    for value in values:
        yield from re.split(r"\s*[,;]\s*", value)


def _canonicals(document: Document, statements: Statements, url: str | None) -> Iterator[tuple[str, str]]:
    link = document.select_one("link[rel~=canonical][href]")
    yield _web_address(link.attr("href") if link is not None else "", url), "link rel=canonical"
    yield _web_address(statements.meta("og:url"), url), "meta og:url"


def _web_address(href: str | None, url: str | None) -> str:
    address = absolute(href or "", url)
    return address if address.startswith(("http://", "https://")) else ""


def _languages(document: Document, statements: Statements) -> Iterator[tuple[str, str]]:
    root = document.root
    language = (root.attr("lang") or root.attr("xml:lang") or "") if root is not None else ""
    yield (
        (language if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", language) else "").replace("_", "-"),
        "html lang",
    )
    yield next(statements.of_article("inLanguage"), ""), "JSON-LD inLanguage"
    yield statements.meta("og:locale").replace("_", "-"), "meta og:locale"


def _image(statements: Statements, url: str | None, evidence: list[Evidence]) -> Image | None:
    address = _web_address(statements.meta("og:image", "og:image:url", "twitter:image", "twitter:image:src"), url)
    if not address:
        return None
    evidence.append(Evidence("image", address, "meta og:image"))
    sizes = [statements.meta(f"og:image:{name}") for name in ("width", "height")]
    width, height = (int(size) if size.isdigit() and len(size) < 6 else None for size in sizes)
    return Image(address, statements.meta("og:image:alt", "twitter:image:alt"), width, height)


def _authors(
    document: Document, statements: Statements, url: str | None, heading: Element | None, evidence: list[Evidence]
) -> tuple[str, ...]:
    """The names of the first rule that finds people; a site's own name only where no rule finds others."""
    site = statements.meta("og:site_name")
    own: tuple[tuple[str, ...], str] | None = None
    for texts, rule in _author_candidates(document, statements, heading):
        names = tuple(dict.fromkeys(name for text in texts for name in split_names(text)))[:MAX_AUTHORS]
        if names and all(_names_site(name, site, url) for name in names):
            own = own or (names, rule)
        elif names:
            evidence.append(Evidence("authors", ", ".join(names), rule))
            return names
    if own is not None:
        evidence.append(Evidence("authors", ", ".join(own[0]), own[1]))
        return own[0]
    return ()


def _author_candidates(
    document: Document, statements: Statements, heading: Element | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    yield statements.people("author"), "JSON-LD author"
    for name in AUTHOR_META:
        yield statements.metas.get(name, ()), f"meta {name}"
    if statements.meta("twitter:label1").lower() in ("written by", "author", "by"):
        yield (statements.meta("twitter:data1"),), "meta twitter:data1"
    yield _texts(document, "[itemprop~=author] [itemprop~=name]"), "microdata author"
    yield _texts(document, "[itemprop~=author]"), "microdata author"
    yield tuple(_by_texts(heading)), "text by the title"
    yield _texts(document, "a[rel~=author],a[href*='/author/'],a[href*='/authors/'],.p-author,.vcard .fn"), "rel=author"
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
        if _ELSEWHERE.search(names_of(ancestor)):
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
        names = [name for name in split_names(spaced_text(element)) if _PERSON.match(name)]
        if names:
            yield from names
            return


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
    for part in re.split(r"\s*(?:;|\band\b|&|\bund\b|\bet\b)\s*|,\s+(?=[A-Z][a-z]+ [A-Z])", text):
        name = _ROLE.sub("", part).strip(" ,.|·•-–—:")
        if (
            1 < len(name) <= MAX_NAME
            and not _NOT_NAMES.search(name)
            and not re.search(r"\d{3}", name)
            and len(name.split()) <= 6
        ):
            yield name
