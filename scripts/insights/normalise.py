"""Extract → Article: what a source states, put into our vocabulary and our form. Nothing is invented.

A field that the source does not state stays empty; an article without a date or a topic becomes a draft, with a
Finding that says what is missing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from insights.article import dump_article
from insights.library import Library
from insights.model import Article, Evidence, Extract, Finding, Level, Origin, Reference
from insights.text import nearest, slugify


@dataclass(frozen=True, slots=True)
class Stated:
    """What the person who ingests says of a source; it goes before what the source says."""

    date: datetime | None = None
    topic: str | None = None
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class Normalised:
    """An article ready to be written, what is wrong with it, and why each field has its value."""

    article: Article
    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]


def normalise(extract: Extract, origin: Origin, library: Library, stated: Stated, folder: str) -> Normalised:
    """The article that an extract makes, for the folder `folder` (relative to the project).

    Topic, tags and authors get the library's names where it knows them by name, slug or alias; tags it does not know
    are left out, each with a Finding.
    """
    title = extract.title or _title_of_name(origin.url or origin.file or "")
    slug = stated.slug or slugify(title) or "untitled"
    topic = stated.topic or extract.topic
    known_topic = library.topic(topic) if topic else None
    if known_topic is None and stated.topic is None:
        known_topic = next((found for tag in extract.tags if (found := library.topic(tag))), None)
    tags = {tag.name: None for term in extract.tags if (tag := library.tag(term))}
    date = stated.date or extract.published
    article = Article(
        slug=slug,
        title=title,
        body=extract.body,
        date=date,
        updated=extract.updated if extract.updated and extract.updated != date else None,
        topic=known_topic.name if known_topic else topic,
        tags=tuple(tags),
        authors=tuple(author.name if (author := library.author(name)) else name for name in extract.authors),
        description=extract.description or "",
        image=extract.image,
        source=origin,
        canonical=extract.canonical,
        guid=extract.guid,
        language=extract.language,
        series=extract.series,
        aliases=extract.aliases,
        related=tuple(_pin(reference, library, slug) for reference in extract.references),
        is_draft=extract.is_draft,
        path=f"{folder}/{slug}.md",
    )
    if extract.title is None or date is None or topic is None:
        article = replace(article, is_draft=True)
    return Normalised(article, tuple(_findings(article, extract, library)), extract.evidence)


def fingerprint(text: str) -> str:
    """The SHA-256 of an article's file, its own record of what ingest wrote left out."""
    return hashlib.sha256(re.sub(r"^  (?:written|retrieved): .*\n", "", text, flags=re.MULTILINE).encode()).hexdigest()


def seal(article: Article) -> str:
    """The article's file with the fingerprint of its own text in `source.written`, so that later edits show."""
    if article.source is None:
        return dump_article(article)
    blank = "f" * 64  # put in at once and filled in afterwards: to write YAML takes longer than to read the article
    text = dump_article(replace(article, source=replace(article.source, written=blank)))
    return text.replace(f"\n  written: {blank}\n", f"\n  written: {fingerprint(text)}\n", 1)


def _pin(reference: Reference, library: Library, own_slug: str) -> str | Reference:
    article = library.find_article(reference)
    return article.slug if article and article.slug != own_slug else reference


def _title_of_name(name: str) -> str:
    stem = PurePosixPath(name.rstrip("/").rpartition("/")[2]).stem
    return re.sub(r"[-_]+", " ", stem).strip().capitalize() or "Untitled"


def _findings(article: Article, extract: Extract, library: Library) -> list[Finding]:
    findings = []
    if extract.title is None:
        message = "the source states no title: the file's name stands in"
        findings.append(article.finding("title", "title-missing", message, "write the headline", Level.WARNING))
    missing = [name for name, value in (("date", article.date), ("topic", article.topic)) if value is None]
    if missing:
        message = f"written as a draft: the source states no {' and no '.join(missing)}"
        options = " ".join(f"--{name} {'YYYY-MM-DD' if name == 'date' else 'NAME'}" for name in missing)
        fix = f"ingest it with {options}, or write the field and remove `draft: true`"
        findings.append(article.finding("draft", "draft-incomplete", message, fix, Level.WARNING))
    if article.topic and library.topics and library.topic(article.topic) is None:
        close = nearest(article.topic, [topic.name for topic in library.topics])
        fix = f'use "{close}", or ' if close else ""
        findings.append(
            article.finding(
                "topic",
                "topic-unknown",
                f'unknown topic "{article.topic}"',
                f"{fix}add content/topics/{slugify(article.topic)}.md",
                Level.WARNING,
            )
        )
    unknown = [term for term in extract.tags if library.tag(term) is None]
    if unknown and library.tags:
        message = f"tags that are not in the vocabulary were left out: {', '.join(unknown)}"
        findings.append(article.finding("tags", "tag-unknown", message, "add them to content/tags.yml", Level.ADVICE))
    return findings
