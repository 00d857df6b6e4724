"""What listings and pages show of articles, topics, tags and authors, as plain values for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from insights.library import Library, tags_of
from insights.model import Article, Author, Edition, Image, Related, Tag, Topic
from insights.settings import Publication
from insights.site.pages import Json, Meta
from insights.strings import Strings, fill
from insights.text import count_words, initials, iso_date, minutes_of
from insights.urls import article_href, author_href, edition_href, tag_href, topic_href


class Cards:
    """Articles as listings show them; `words` has the number of an article's words by its path, where it is known."""

    def __init__(self, library: Library, words: Mapping[str, int], strings: Strings) -> None:
        self._library, self._known_words, self._strings = library, words, strings
        self._words: dict[tuple[str, str], int] = {}
        self._cards: dict[tuple[str, str], dict[str, Json]] = {}

    def words(self, article: Article) -> int:
        """How many words an article has."""
        key = (article.slug, article.path)
        if key not in self._words:
            known = self._known_words.get(article.path)
            self._words[key] = count_words(article.body) if known is None else known
        return self._words[key]

    def card(self, article: Article) -> dict[str, Json]:
        """An article as a listing shows it."""
        key = (article.slug, article.path)
        if key not in self._cards:
            self._cards[key] = self._card(article)
        return self._cards[key]

    def cards(self, articles: Iterable[Article]) -> list[Json]:
        """Articles as a listing shows them, in the order given."""
        return [self.card(article) for article in articles]

    def related(self, related: Iterable[Related]) -> list[Json]:
        """Related articles with their reasons; one that is not in the library (yet) has no link."""
        shown: list[Json] = []
        for link in related:
            article = self._library.article(link.slug) if link.slug else None
            if article:
                shown.append({**self.card(article), "reason": link.reason})
            elif link.slug is None:
                topic = topic_link(link.topic, self._library)
                date = date_fields("date", link.date, self._strings)
                shown.append({"title": link.title, "topic": topic, "reason": link.reason, **date})
        return shown

    def _card(self, article: Article) -> dict[str, Json]:
        return {
            "title": article.title,
            "href": article_href(article.slug),
            "topic": topic_link(article.topic, self._library),
            "description": article.description,
            **date_fields("date", article.date, self._strings),
            "minutes": fill(self._strings.minutes, count=minutes_of(self.words(article))),
            "authors": [author_link(name, self._library) for name in article.authors],
        }


def date_fields(name: str, moment: datetime | None, strings: Strings) -> dict[str, Json]:
    """A date by its name, in the form that machines read, and as `<name>_text` in the form that people read."""
    return {name: iso_date(moment), f"{name}_text": strings.spell_date(moment)} if moment else {}


def topic_link(term: str | None, library: Library) -> Meta | None:
    """The name and, for a topic with a hub page, the address of a topic."""
    if term is None:
        return None
    topic = library.topic(term)
    return {"name": topic.name, "href": topic_href(topic.slug)} if topic else {"name": term}


def tag_links(article: Article, library: Library) -> list[Json]:
    """The names and addresses of an article's tags."""
    return [tag_link(tag) for tag in tags_of(library, article)]


def tag_link(tag: Tag) -> dict[str, Json]:
    """The name and address of a tag."""
    return {"name": tag.name, "href": tag_href(tag.slug)}


def author_link(name: str, library: Library) -> dict[str, Json]:
    """The name and, for an author with a page, the address of an author."""
    author = library.author(name)
    return {"name": author.name, "href": author_href(author.slug)} if author else {"name": name}


def author_portrait(name: str, library: Library, publication: Publication) -> dict[str, Json]:
    """An author as the card at an article's end shows them."""
    author = library.author(name) or Author(slug="", name=name)
    return {
        **author_link(name, library),
        "role": author.role,
        "description": author.description,
        "initials": initials(author.name),
        "image": picture(author.image, publication),
    }


def topic_entry(topic: Topic, count: int, strings: Strings) -> dict[str, Json]:
    """A topic as an index shows it; `count` is the number of its articles."""
    return {
        "name": topic.name,
        "href": topic_href(topic.slug),
        "description": topic.description,
        "count": count,
        "count_text": strings.article_count.of(count),
    }


def picture(image: Image | None, publication: Publication, folder: str = "") -> Mapping[str, Json] | None:
    """An image for a template, if it may be shown; a relative address is resolved against `folder` of the docs tree."""
    if image is None or not publication.shows(image.src):
        return None
    src = image.src if "://" in image.src else f"{folder}{image.src}"
    return {"src": src, "alt": image.alt, "width": image.width, "height": image.height}


def edition_entry(edition: Edition, strings: Strings) -> dict[str, Json]:
    """An edition as a list of editions shows it."""
    return {
        "number": fill(strings.edition_number, number=edition.number),
        "subject": edition.subject,
        "preheader": edition.preheader,
        "href": edition_href(edition.number),
        **date_fields("date", edition.date, strings),
    }
