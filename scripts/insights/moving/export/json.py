"""JSON Feed 1.1 of everything: what any reader of feeds takes in, and under `_insights` all that only we know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from insights.model import Article
from insights.moving.export.outgoing import Outgoing, asset_files, body_html, page_address
from insights.text import iso_date
from insights.urls import absolute, article_href

_ABOUT = "https://jsonfeed.org/version/1.1"
_PRIVATE = frozenset({"positions", "body_line"})


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`publication.json`, and the publication's files."""
    publication, library = outgoing.publication, outgoing.library
    feed = {
        "version": _ABOUT,
        "title": publication.name,
        "home_page_url": publication.url,
        "description": publication.description,
        "language": publication.language,
        "items": [_item(outgoing, article) for article in library.articles],
        "_insights": {
            "topics": [_plain(asdict(topic)) for topic in library.topics],
            "tags": [_plain(asdict(tag)) for tag in library.tags],
            "authors": [_plain(asdict(author)) for author in library.authors],
            "editions": [_plain(asdict(edition)) for edition in library.editions],
            "pages": [_plain(asdict(page)) for page in library.pages],
        },
    }
    yield "publication.json", (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
    yield from asset_files(outgoing, "")


def _item(outgoing: Outgoing, article: Article) -> dict[str, object]:
    """JSON Feed 1.1, items; `_insights` is the article's whole front matter and its Markdown."""
    url = outgoing.publication.url
    item: dict[str, object] = {
        "id": outgoing.id_of(article),
        "url": absolute(url, article_href(article.slug)),
        "title": article.title,
        "summary": article.description,
        "content_html": body_html(outgoing, article, lambda path: url + page_address(path)),
        "date_published": iso_date(article.date) if article.date else None,
        "date_modified": iso_date(article.updated) if article.updated else None,
        "authors": [{"name": name} for name in article.authors],
        "tags": [name for name in (outgoing.topic_of(article), *outgoing.tags_of(article)) if name],
        "language": article.language,
        "_insights": _plain(asdict(article)),
    }
    return {name: value for name, value in item.items() if value not in (None, "", [])}


def _plain(value: object) -> object:
    """A value as JSON has it; what is empty, and places in files, are left out."""
    if isinstance(value, dict):
        pairs = {str(name): _plain(part) for name, part in value.items() if name not in _PRIVATE}
        return {name: part for name, part in pairs.items() if part not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value
