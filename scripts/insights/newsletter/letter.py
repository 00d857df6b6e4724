"""A letter: everything that the email of one edition says, with absolute URLs, before it has any layout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from insights.newsletter.body import fit_html, mark_url
from insights.plaintext import html_to_text
from insights.render import render_html, resolve_href
from insights.strings import Strings, fill
from insights.text import reading_minutes
from insights.urls import SUBSCRIBE, absolute, article_href, ascii_host, edition_href

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from insights.library import Library
    from insights.model import Article, Edition
    from insights.settings import Publication


@dataclass(frozen=True, slots=True)
class Picture:
    """A story's picture: absolute URL and what it shows."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Story:
    """One article as the letter tells it. `html` and `text` hold it whole, or nothing where the summary does."""

    slug: str
    title: str
    url: str
    topic: str
    byline: str
    summary: str
    picture: Picture | None = None
    html: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One edition, resolved: the lead is the first of `stories`.

    `list_id` is the list's name as RFC 2919 §2 builds it; `unsubscribe` is an address in which "{email}" stands for
    the reader's, or empty.
    """

    number: int
    language: str
    strings: Strings
    name: str
    publication: str
    tagline: str
    subject: str
    preheader: str
    date: datetime
    intro_html: str
    intro_text: str
    stories: tuple[Story, ...]
    home_url: str
    web_url: str
    subscribe_url: str
    sender: str
    postal_address: str
    list_id: str
    unsubscribe: str

    @property
    def spelled_date(self) -> str:
        """The edition's date as a reader reads it."""
        return self.strings.spell_date(self.date)

    @property
    def spelled_number(self) -> str:
        """The edition's number as a reader reads it."""
        return fill(self.strings.edition_number, number=self.number)

    @property
    def why(self) -> str:
        """Why it comes to whoever reads it."""
        return fill(self.strings.why_this_letter, name=self.name, publication=self.publication)

    def unsubscribe_url(self, recipient: str = "") -> str:
        """Where this reader leaves the list; without one, the address as a public copy of the email shows it."""
        return self.unsubscribe.replace("{email}", quote(recipient, safe=""))

    def summarised(self, kept: int) -> Letter:
        """The same letter with only its first `kept` stories told whole."""
        stories = (
            story if index < kept else replace(story, html="", text="") for index, story in enumerate(self.stories)
        )
        return replace(self, stories=tuple(stories))


def compose_letter(edition: Edition, library: Library, publication: Publication) -> Letter:
    """The letter of an edition; articles that the library does not have are left out (the check names them)."""
    settings = publication.settings.newsletter
    campaign = _campaign(settings.utm, edition.number)
    articles = [article for slug in dict.fromkeys(edition.articles) if (article := library.article(slug))]
    site = publication.url
    intro = fit_html(render_html(edition.intro, publication, f"newsletter/{edition.number}.md"), site, campaign)
    return Letter(
        number=edition.number,
        language=publication.language,
        strings=publication.strings,
        name=settings.name or publication.strings.newsletter,
        publication=publication.name,
        tagline=publication.settings.tagline or publication.description,
        subject=_one_line(edition.subject),
        preheader=_one_line(edition.preheader),
        date=edition.date,
        intro_html=intro,
        intro_text=html_to_text(intro),
        stories=tuple(_story(article, library, publication, campaign) for article in articles),
        home_url=mark_url(site, site, campaign),
        web_url=mark_url(absolute(site, edition_href(edition.number)), site, campaign),
        subscribe_url=mark_url(absolute(site, SUBSCRIBE), site, campaign),
        sender=_one_line(settings.sender or publication.settings.contact),
        postal_address=_one_line(settings.address),
        list_id=f"newsletter.{ascii_host(site)}",
        unsubscribe=settings.unsubscribe or _mail_unsubscribe(publication.settings.contact),
    )


def _story(article: Article, library: Library, publication: Publication, campaign: Mapping[str, str]) -> Story:
    path = f"insights/{article.slug}.md"
    site, strings = publication.url, publication.strings
    topic = library.topic(article.topic) if article.topic else None
    authors = [author.name if (author := library.author(name)) else name for name in article.authors]
    facts = [
        strings.spell_list(authors),
        strings.spell_date(article.date) if article.date else "",
        fill(strings.reading_time, count=reading_minutes(article.body)).replace(" ", "\u00a0"),
    ]
    is_whole = publication.settings.newsletter.content == "full"
    story = Story(
        slug=article.slug,
        title=article.title,
        url=mark_url(absolute(site, article_href(article.slug)), site, campaign),
        topic=topic.name if topic else article.topic or "",
        byline=" · ".join(fact for fact in facts if fact),
        summary=_one_line(article.description),
        picture=_picture(article, publication, path),
    )
    if not is_whole:
        return story
    html = fit_html(render_html(article.body, publication, path), site, campaign)
    return replace(story, html=html, text=html_to_text(html))


def _picture(article: Article, publication: Publication, path: str) -> Picture | None:
    """The article's lead picture, unless it may not be shown, or is an SVG, which Gmail and Outlook do not show."""
    image = article.image
    if image is None or not publication.shows(image.src) or urlsplit(image.src).path.lower().endswith(".svg"):
        return None
    return Picture(resolve_href(image.src, publication.url, path), image.alt)


def _campaign(utm: Mapping[str, str], number: int) -> dict[str, str]:
    """The query that marks the letter's links, with the edition as its campaign; empty where the setting is."""
    return {"utm_campaign": f"newsletter-{number}", **utm} if utm else {}


def _mail_unsubscribe(contact: str) -> str:
    """A mailto: address to leave the list by, from the publication's contact (an address, or a mailto: URL)."""
    address = contact.removeprefix("mailto:")
    if "@" not in address:
        return ""
    parts = urlsplit(f"mailto:{address}")
    query = urlencode([*parse_qsl(parts.query), ("subject", "unsubscribe")])
    return urlunsplit(("mailto", "", parts.path, query, ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())
