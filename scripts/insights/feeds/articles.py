"""Articles and editions → entries: what their front matter and body say, clean and complete for a feed."""

from __future__ import annotations

import html
import re
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from insights.feeds.entries import Category, Entry, Person, Picture
from insights.feeds.ids import article_id, as_uri, distinct_moment, edition_id
from insights.model import EPOCH
from insights.render import clean_text, fold_lines, one_line, render_html, resolve_href
from insights.urls import absolute, article_href, ascii_url, author_href, edition_href

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insights.feeds.members import FiledArticle
    from insights.library import Library
    from insights.model import Edition, Image, Tag, Topic
    from insights.settings import Publication

_MAX_SUMMARY_BYTES = 800
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# The system's own table of media types differs between machines, and with it the bytes of feeds.
_MEDIA_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}


def article_entry(filed: FiledArticle, publication: Publication, sizes: Mapping[str, int], body: str) -> Entry:
    """The article as feeds show it.

    `sizes` has the length in bytes of files by their path in the site; `body` is the rendered body.
    """
    article = filed.article
    url = absolute(publication.url, article_href(article.slug))
    entry_id = article_id(article, publication)
    picture = _picture(article.image, f"insights/{article.slug}.md", publication, sizes) if article.image else None
    published = (article.date or EPOCH).astimezone(UTC)
    return Entry(
        id=entry_id,
        uri=as_uri(entry_id, publication),
        url=url,
        title=one_line(article.title) or article.slug,
        summary=_summary(article.description, body) or one_line(article.title) or article.slug,
        content=with_picture(body, picture) if publication.settings.feeds.content == "full" else "",
        published=published,
        updated=distinct_moment(article.updated or published, entry_id),
        authors=_people(filed, publication),
        categories=_categories(filed, publication),
        picture=picture,
        original=_original(article.canonical or "", url),
        language=_language(article.language or "", publication.language),
    )


def edition_entry(edition: Edition, library: Library, publication: Publication) -> Entry:
    """The newsletter as its feed shows it: its introduction, then each chosen article that is live."""
    entry_id = edition_id(edition, publication)
    parts = [render_html(edition.intro, publication, f"newsletter/{edition.number}.md")]
    for slug in edition.articles:
        if article := library.article(slug):
            url = html.escape(absolute(publication.url, article_href(slug)))
            title, description = (
                html.escape(one_line(text), quote=False) for text in (article.title, article.description)
            )
            parts.append(f'<h2><a href="{url}">{title}</a></h2>\n<p>{description}</p>')
    body = fold_lines("\n".join(parts))
    title = one_line(edition.subject) or edition.slug
    published = edition.date.astimezone(UTC)
    return Entry(
        id=entry_id,
        uri=entry_id,
        url=absolute(publication.url, edition_href(edition.number)),
        title=title,
        summary=_summary(edition.preheader, body) or title,
        content=body if publication.settings.feeds.content == "full" else "",
        published=published,
        updated=distinct_moment(published, entry_id),
    )


def _summary(description: str, body: str) -> str:
    """The description, or else how the text begins; at most 800 bytes."""
    text = one_line(description)
    if not text:
        start = re.sub(r"<(pre|table|sup|h\d)\b.*?</\1>", " ", body[:8000], flags=re.DOTALL)
        text = one_line(html.unescape(re.sub(r"<[^>]*>?", " ", start)).replace(" .", ".").replace(" ,", ","))
        text = text if len(text) <= 300 else f"{text[:300].rpartition(' ')[0] or text[:300]} …"
    if len(text.encode()) <= _MAX_SUMMARY_BYTES:
        return text
    cut = text.encode()[: _MAX_SUMMARY_BYTES - 4].decode(errors="ignore")
    return f"{cut.rpartition(' ')[0] or cut} …"


def _original(canonical: str, url: str) -> str | None:
    original = ascii_url(clean_text(canonical).strip()) if canonical else ""
    return original if original.startswith(("http://", "https://")) and original != url else None


def _language(stated: str, of_the_feed: str) -> str | None:
    """The language where it is not the feed's; one that is no BCP 47 tag is no use to anyone."""
    return stated if _LANGUAGE.fullmatch(stated) and stated.lower() != of_the_feed.lower() else None


def _people(filed: FiledArticle, publication: Publication) -> tuple[Person, ...]:
    people = {}
    for name, author in filed.authors:
        if shown := one_line(author.name if author else name):
            people[shown] = Person(shown, absolute(publication.url, author_href(author.slug)) if author else None)
    return tuple(people.values())


def _categories(filed: FiledArticle, publication: Publication) -> tuple[Category, ...]:
    topics, tags = absolute(publication.url, "topics/"), absolute(publication.url, "tags/")
    categories = [_category(filed.topic, topics)] if filed.topic else []
    categories += (_category(tag, tags) for tag in filed.tags)
    return tuple(dict.fromkeys(category for category in categories if category.term and category.label))


@lru_cache(maxsize=4096)
def _category(term: Topic | Tag, scheme: str) -> Category:
    return Category(quote(term.slug), one_line(term.name), scheme)


def _picture(image: Image, path: str, publication: Publication, sizes: Mapping[str, int]) -> Picture | None:
    address = resolve_href(image.src, publication.url, path) if publication.shows(image.src) else ""
    url = ascii_url(clean_text(address).strip())
    if not url.startswith(("http://", "https://")):
        return None
    suffix = urlsplit(url).path.rpartition(".")[2].lower()
    size = sizes.get(url.removeprefix(publication.url)) if url.startswith(publication.url) else None
    return Picture(url, one_line(image.alt), _MEDIA_TYPES.get(suffix), size, image.width, image.height)


def with_picture(body: str, picture: Picture | None) -> str:
    """The body, begun by the lead picture unless it shows it already: many readers ignore media:content."""
    if picture is None or html.escape(picture.url) in body:
        return body
    image = f'<img src="{html.escape(picture.url)}" alt="{html.escape(picture.alt)}">'
    return fold_lines(f"<p>{image}</p>\n{body}")
