"""What listings and pages show of articles, topics, tags and authors, as plain values for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from insights.library import Library, tags_of
from insights.model import Article, Author, Image, Related, Tag, Topic
from insights.settings import Publication
from insights.site.pages import Json, Meta
from insights.text import initials, iso_date, reading_minutes, spell_date
from insights.urls import article_href, author_href, tag_href, topic_href


def card(article: Article, library: Library) -> dict[str, Json]:
    """An article as a listing shows it."""
    return {
        "title": article.title,
        "href": article_href(article.slug),
        "topic": topic_link(article.topic, library),
        "description": article.description,
        "date": iso_date(article.date) if article.date else None,
        "date_text": spell_date(article.date) if article.date else None,
        "minutes": reading_minutes(article.body),
        "authors": [author_link(name, library) for name in article.authors],
    }


def cards(articles: Iterable[Article], library: Library) -> list[Json]:
    """Articles as a listing shows them, in the order given."""
    return [card(article, library) for article in articles]


def related_cards(related: Iterable[Related], library: Library) -> list[Json]:
    """Related articles with their reasons; one that is not in the library (yet) has no link."""
    shown: list[Json] = []
    for link in related:
        article = library.article(link.slug) if link.slug else None
        if article:
            shown.append({**card(article, library), "reason": link.reason})
        elif link.slug is None:
            topic = topic_link(link.topic, library)
            date = {"date": iso_date(link.date), "date_text": spell_date(link.date)} if link.date else {}
            shown.append({"title": link.title, "topic": topic, "reason": link.reason, **date})
    return shown


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


def topic_entry(topic: Topic, count: int) -> dict[str, Json]:
    """A topic as an index shows it; `count` is the number of its articles."""
    return {
        "name": topic.name,
        "href": topic_href(topic.slug),
        "description": topic.description,
        "count": count,
    }


def picture(image: Image | None, publication: Publication, folder: str = "") -> Mapping[str, Json] | None:
    """An image for a template, if it may be shown; a relative address is resolved against `folder` of the docs tree."""
    if image is None or not publication.shows(image.src):
        return None
    src = image.src if "://" in image.src else f"{folder}{image.src}"
    return {"src": src, "alt": image.alt, "width": image.width, "height": image.height}
