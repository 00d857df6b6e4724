"""What ranking reads of an article, and what it keeps: a Document in words, a Profile in numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import PurePosixPath

import numpy as np
from dateutil.parser import parse as parse_date

from insights.frontmatter import parse_front_matter
from insights.library import Library, tags_of
from insights.model import EPOCH, Article, Series
from insights.terms import Ids, Terms, address_ids, count_terms, plain_text, term_id, text_ids, words

# How often a term counts for each time it stands there, against once in the body. Chosen on four collections; anything
# from 5 to 12 for titles measures the same.
TITLE_TIMES, AUTHOR_TIMES, ADDRESS_TIMES = 8, 2, 2
OPENING_WORDS = 4
_YES = ("true", "yes", "on")
_NUMBERS_AND_MONTHS = re.compile(
    r"\b[^\W\d]*+\d\w*+|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_LINKED_PATH = re.compile(r"\]\(([^()\s#?]+)(?:[#?][^()\s]*)?(?:\s+\"[^\"]*\")?\)")
_LAST_PART = re.compile(r"(?<![\w-])[\w-]++(?=(?:/|\.md|\.html)?\Z)")


@dataclass(frozen=True, slots=True)
class Document:
    """One article as ranking reads it. `links` are the slugs that its body links to, `pinned` those that its author
    wants shown first, whether or not they exist."""

    slug: str
    title: str
    body: str
    description: str = ""
    day: int = 0
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    topic: str = ""
    series: Series | None = None
    links: frozenset[str] = frozenset()
    pinned: tuple[str, ...] = ()
    is_draft: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What ranking knows of an article beside its terms. `day` counts from 1 January of year 1; `opening` are the
    title's first words.

    `pattern` is the same for titles that differ in numbers and months alone ("Digest, May 2026").
    """

    slug: str
    digest: bytes
    day: int
    title: Ids
    opening: tuple[int, ...]
    pattern: int
    links: frozenset[str]


def document_of(article: Article, library: Library) -> Document:
    """The article as ranking reads it, its topic and tags by the names that readers see."""
    topic = library.topic(article.topic) if article.topic else None
    return Document(
        slug=article.slug,
        title=article.title,
        body=article.body,
        description=article.description,
        day=(article.date or EPOCH).toordinal(),
        authors=article.authors,
        tags=tuple(tag.name for tag in tags_of(library, article)),
        topic=topic.name if topic else article.topic or "",
        series=article.series,
        links=linked_slugs(article.body),
        pinned=tuple(part for part in article.related if isinstance(part, str)),
        is_draft=article.is_draft,
    )


def parse_document(text: str, path: str) -> Document:
    """The document in any Markdown file; what its front matter lacks or spells in another way does no harm.

    The slug is the file's stem, or its folder's name for "index.md"; "author" and "summary" are read where there are
    no "authors" and no "description".
    """
    front, _ = parse_front_matter(text, path)
    values = front.values
    place = PurePosixPath(path)
    stem = place.parent.name if place.stem == "index" and place.parent.name else place.stem
    return Document(
        slug=stem,
        title=_text(values.get("title")) or stem.replace("-", " "),
        body=front.body,
        description=_text(values.get("description")) or _text(values.get("summary")),
        day=_day(_text(values.get("date"))),
        authors=_texts(values.get("authors")) or _texts(values.get("author")),
        tags=_terms(values.get("tags")),
        topic=_text(values.get("topic")),
        series=_series(values.get("series")),
        links=linked_slugs(front.body),
        pinned=_texts(values.get("related")),
        is_draft=_text(values.get("draft")).lower() in _YES,
    )


def linked_slugs(markdown: str) -> frozenset[str]:
    """The last path segment of each link in a Markdown text: the slug, where it links to an article."""
    paths = _LINKED_PATH.findall(markdown) if "](" in markdown else ()
    return frozenset(part[0] for path in paths if (part := _LAST_PART.search(path)))


def digest_of(document: Document) -> bytes:
    """A digest of all that a Profile depends on."""
    fields = (document.slug, document.title, document.body, document.description, str(document.day), *document.authors)
    return blake2b("\0".join(fields).encode(), digest_size=16).digest()


def terms_of(document: Document) -> Terms:
    """The terms of the document, and how much each counts."""
    body = text_ids(f"{plain_text(document.body)}\n{document.description}")
    # Each name by itself: the last word of one and the first of the next are no phrase.
    authors = [text_ids(plain_text(name).replace("-", " ")) for name in document.authors]
    parts = [(body, 1), (text_ids(document.title), TITLE_TIMES), (address_ids(document.body), ADDRESS_TIMES)]
    return count_terms([*parts, *((ids, AUTHOR_TIMES) for ids in authors)])


def profile_of(document: Document) -> Profile:
    """The document in numbers, but for its terms."""
    folded = document.title.lower()
    return Profile(
        slug=document.slug,
        digest=digest_of(document),
        day=document.day,
        title=np.unique(text_ids(document.title)),
        opening=tuple(term_id(word) for word in words(folded)[:OPENING_WORDS]),
        pattern=term_id(" ".join(words(_NUMBERS_AND_MONTHS.sub("#0", folded)))),
        links=document.links,
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names = (part.get("name") if isinstance(part, Mapping) else part for part in values)
    return tuple(name for name in map(_text, names) if name)


def _terms(value: object) -> tuple[str, ...]:
    """A list of terms; some systems write it as one text with commas."""
    return _texts([term.strip() for term in value.split(",")] if isinstance(value, str) else value)


def _day(value: str) -> int:
    try:
        return date.fromisoformat(value[:10]).toordinal()
    except ValueError:
        pass
    try:
        return parse_date(value, default=EPOCH).toordinal()
    except (ValueError, OverflowError):
        return EPOCH.toordinal()


def _series(value: object) -> Series | None:
    if not isinstance(value, Mapping):
        return None
    name, part = _text(value.get("name")), _text(value.get("part"))
    return Series(name, int(part)) if name and part.isdecimal() else None
