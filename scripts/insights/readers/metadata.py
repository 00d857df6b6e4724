"""What a page says about its article, with the evidence: title, authors, dates, description, tags, language, image.

Precedence is written in the order of each function's candidates: what the page states for machines, then what it
shows to people beside the title. Nothing is invented: a field without evidence stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from turbohtml import Document

from insights.model import Evidence, Image
from insights.readers.authors import find_authors
from insights.readers.dom import squeezed, text_of
from insights.readers.escaping import absolute
from insights.readers.page_dates import find_dates
from insights.readers.statements import Statements, read_statements
from insights.readers.titles import find_titles, title_headings


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
    headings = title_headings(document, statements)
    heading = headings[0] if headings else None
    title = _chosen("title", find_titles(document, statements, url, heading), evidence)
    authors = find_authors(document, statements, url, heading, evidence)
    published, updated, dates = find_dates(document, statements, url, headings)
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
        yield from map(str.strip, re.split("[,;]", value))


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
