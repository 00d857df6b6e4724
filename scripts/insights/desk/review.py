"""What the desk tells an author about what they changed: what to mend, and how each article will look to readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from insights.desk.checking import Mended, Scope, find_problems, mend_files
from insights.library import Library, tags_of
from insights.model import Article, Edition, Finding, Related
from insights.newsletter.letter import compose_letter
from insights.newsletter.preview import render_preview
from insights.newsletter.rendering import email_templates, render_email
from insights.related import finder_of, relate
from insights.related.document import document_of
from insights.settings import Publication
from insights.store import read_library
from insights.tagging import suggest_tags

_OWN_TEMPLATES = "overrides/newsletter"
_FITTING_TAGS = 3


@dataclass(frozen=True, slots=True)
class Note:
    """One article that was changed: the links below it, and tags that it might carry."""

    article: Article
    related: tuple[Related, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What was found in a scope. `email` is the plain text of a letter of its articles, `email_page` a page that shows
    it as mail programs do; both are empty where no article was changed."""

    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    mended: tuple[Mended, ...] = ()
    email: str = ""
    email_page: str = ""


def review(
    root: Path, publication: Publication, scope: Scope, now: datetime, dead_links: Iterable[Finding] = ()
) -> Review:
    """The review of what is in the scope; drafts and what waits for its day are shown as if they were out."""
    _, findings = find_problems(root, publication, scope, now, dead_links)
    library = read_library(root)[0]
    changed = [article for article in library.articles if scope.holds(article.path)]
    shown = _with(library.live(now), changed, now)
    settings = publication.settings.related
    related = relate(shown, settings.count, finder_of(settings.index), publication.strings) if changed else {}
    tags = _fitting_tags(library, changed)
    notes = tuple(Note(one, tuple(related.get(one.slug, ())), tags[one.slug]) for one in changed)
    mended = tuple(mend_files(root, publication, scope, now))
    if not changed:
        return Review(notes, findings, mended)
    return Review(notes, findings, mended, *_email(root, publication, shown, changed, now))


def _fitting_tags(library: Library, changed: list[Article]) -> dict[str, tuple[str, ...]]:
    """At most three likely tags that each changed article does not carry, the best first, by slug."""
    documents = [document_of(article, library) for article in library.articles]
    found = suggest_tags(documents, library.tags, [article.slug for article in changed]) if changed else {}
    fitting = {}
    for article in changed:
        carried = {tag.slug for tag in tags_of(library, article)}
        likely = [one.tag for one in found[article.slug] if one.is_likely and one.tag.slug not in carried]
        fitting[article.slug] = tuple(tag.name for tag in likely[:_FITTING_TAGS])
    return fitting


def _with(live: Library, changed: list[Article], now: datetime) -> Library:
    slugs = {article.slug for article in changed}
    others = [article for article in live.articles if article.slug not in slugs]
    return live.replace_articles([*others, *Library(articles=tuple(changed)).preview(now).articles])


def _email(
    root: Path, publication: Publication, library: Library, changed: list[Article], now: datetime
) -> tuple[str, str]:
    """The letter of the next edition, had it these articles alone: its plain text, and a page that shows it."""
    own = root / _OWN_TEMPLATES
    templates = email_templates(own if own.is_dir() else None)
    number = max((edition.number for edition in library.editions), default=0) + 1
    edition = Edition(
        number=number,
        date=now,
        subject=changed[0].title,
        preheader=changed[0].description,
        articles=tuple(article.slug for article in changed),
    )
    letter = compose_letter(edition, library, publication)
    email = render_email(letter, templates)
    return email.text_for(letter.unsubscribe_url()), render_preview(email, letter, templates)
