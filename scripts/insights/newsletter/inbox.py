"""What would go wrong with an edition in an inbox, as findings in its file or in mkdocs.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import lxml.html

from insights.model import Edition, Finding, Level
from insights.newsletter.drafting import INTRO_TO_WRITE
from insights.newsletter.letter import Letter, compose_letter
from insights.newsletter.message import is_one_click, parse_mailbox
from insights.newsletter.rendering import MAX_HTML_BYTES, Email, email_templates, render_email
from insights.settings import FILE_NAME
from insights.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jinja2

    from insights.library import Library
    from insights.settings import Publication

# Phones show some 40 characters of a subject, webmail some 70, and about 110 of the preheader behind it.
_MAX_SUBJECT = 70
_MAX_PREHEADER = 130
_GMAIL_CLIPS_AT = 102 * 1024


def check_edition(
    edition: Edition, library: Library, publication: Publication, templates: jinja2.Environment | None = None
) -> tuple[Finding, ...]:
    """Every problem that this edition would have in an inbox, by place. `library` is what readers may see."""
    letter = compose_letter(edition, library, publication)
    email = render_email(letter, templates or email_templates())
    findings = [
        *_check_sender(letter),
        *_check_words(edition, letter),
        *_check_articles(edition, library),
        *_check_size(edition, email),
        *_check_pictures(edition, email),
    ]
    return tuple(sorted(findings))


def _check_sender(letter: Letter) -> Iterator[Finding]:
    if not letter.postal_address:
        yield _setting(
            "newsletter-address",
            "the newsletter has no postal address, which the law of many countries asks for",
            "add `address: …` under `newsletter:` in the settings of `insights`",
        )
    if parse_mailbox(letter.sender) is None:
        yield _setting(
            "newsletter-sender",
            f'the sender "{letter.sender}" is no email address' if letter.sender else "the newsletter has no sender",
            "add `sender: Our insights <letters@example.org>` under `newsletter:`",
        )
    if not letter.unsubscribe:
        yield _setting(
            "newsletter-unsubscribe",
            "readers have no way to unsubscribe",
            "add `unsubscribe: https://…{email}` under `newsletter:`",
        )
    elif not is_one_click(letter.unsubscribe):
        yield _setting(
            "newsletter-one-click",
            "unsubscribing is not one click, which large mail services ask of senders to many (RFC 8058)",
            "give an https:// address as `unsubscribe`, or send through an email service, which adds its own",
            Level.ADVICE,
        )


def _check_words(edition: Edition, letter: Letter) -> Iterator[Finding]:
    if len(letter.subject) > _MAX_SUBJECT:
        message = f"the subject has {len(letter.subject)} characters; inboxes cut it at about {_MAX_SUBJECT}"
        yield _finding(edition, "subject", "subject-long", message, "say it in fewer words", Level.WARNING)
    if letter.subject.isupper() or "!!" in letter.subject:
        message = "a subject in capitals or with several exclamation marks looks like spam to filters"
        yield _finding(edition, "subject", "subject-shouting", message, "say it in a calm voice", Level.WARNING)
    if not letter.preheader:
        message = "without a preheader inboxes show the masthead behind the subject"
        yield _finding(edition, "preheader", "preheader-missing", message, "add `preheader: …`", Level.WARNING)
    elif len(letter.preheader) > _MAX_PREHEADER:
        message = f"the preheader has {len(letter.preheader)} characters; inboxes cut it at about 110"
        yield _finding(edition, "preheader", "preheader-long", message, "say it in fewer words", Level.ADVICE)
    if not edition.intro.strip() or INTRO_TO_WRITE in edition.intro:
        message = "the introduction is not written yet"
        yield _finding(edition, "intro", "intro-missing", message, "write it below the front matter", Level.WARNING)


def _check_articles(edition: Edition, library: Library) -> Iterator[Finding]:
    if not edition.articles:
        yield _finding(edition, "articles", "edition-empty", "the edition has no articles", "add `articles: [a-slug]`")
    slugs = [article.slug for article in library.articles]
    seen: set[str] = set()
    for index, slug in enumerate(edition.articles):
        name = f"articles[{index}]"
        if library.article(slug) is None:
            close = nearest(slug, slugs)
            fix = f'use "{close}"' if close else "publish the article, or take it out"
            message = f'no published article has the slug "{slug}"'
            yield _finding(edition, name, "edition-article", message, fix)
        elif slug in seen:
            message = f'"{slug}" is in the edition twice'
            yield _finding(edition, name, "edition-article-twice", message, "take one of them out", Level.WARNING)
        seen.add(slug)
        earlier = [other.number for other in library.editions if slug in other.articles and other.date < edition.date]
        if earlier:
            message = f'"{slug}" was in edition {max(earlier)} already'
            yield _finding(edition, name, "edition-article-told", message, "take it out", Level.ADVICE)


def _check_size(edition: Edition, email: Email) -> Iterator[Finding]:
    size = len(email.html_for("").encode())
    if email.summarised:
        message = f"whole articles would exceed {MAX_HTML_BYTES // 1000} KB, so these are summaries: " + ", ".join(
            email.summarised
        )
        yield _finding(edition, "articles", "email-shortened", message, "choose fewer articles", Level.WARNING)
    if size > MAX_HTML_BYTES:
        clipped = "Gmail will clip it" if size > _GMAIL_CLIPS_AT else "Gmail clips at 102 KB"
        message = f"the email has {size / 1000:.0f} KB of HTML even with summaries; {clipped}"
        yield _finding(edition, "articles", "email-size", message, "choose fewer articles")


def _check_pictures(edition: Edition, email: Email) -> Iterator[Finding]:
    document = lxml.html.document_fromstring(email.html_for(""))
    for image in document.iter("img"):
        source = image.get("src", "")
        if not image.get("alt"):
            message = f"the picture {source} has no description, which is all that readers see where pictures are off"
            yield _finding(edition, "articles", "picture-alt", message, "describe it in its article", Level.WARNING)
        if urlsplit(source).scheme != "https":
            message = f"the picture {source} is not loaded over https, so many inboxes will not show it"
            yield _finding(edition, "articles", "picture-scheme", message, "use an https:// address", Level.WARNING)


def _finding(edition: Edition, name: str, rule: str, message: str, fix: str, level: Level = Level.ERROR) -> Finding:
    place = edition.positions.get(name) or edition.positions.get(name.partition("[")[0])
    line, column = (place.line, place.column) if place else (1, 1)
    return Finding(edition.path, line, column, rule, message, fix, level)


def _setting(rule: str, message: str, fix: str, level: Level = Level.ERROR) -> Finding:
    return Finding(FILE_NAME, 1, 1, rule, message, fix, level)
