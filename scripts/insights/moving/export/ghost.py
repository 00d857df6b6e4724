"""Ghost: the JSON that Settings → Import takes, its pictures beside it, and redirects from the addresses here.

Source: ghost.org/docs/migration/custom (JSON structure), ghost.org/docs/config (redirects.yaml).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from insights.frontmatter import dump_front_matter
from insights.model import Article, Page
from insights.moving.export.outgoing import (
    Outgoing,
    body_html,
    docs_path,
    former_addresses,
    old_address,
    target_of,
    utc,
)
from insights.text import slugify

_HOST = "__GHOST_URL__"
_VERSION = "5.0.0"
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg"})
_MAX_ALT, _MAX_EXCERPT = 191, 300  # characters (schema.js of Ghost 5): a post with more keeps out the whole import
Row = dict[str, object]


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`ghost.json`, `content/images` and `content/files`, and `redirects.yaml`."""
    tables = _tables(outgoing)
    exported = {"db": [{"meta": {"exported_on": _milliseconds(outgoing.now), "version": _VERSION}, "data": tables}]}
    yield "ghost.json", (json.dumps(exported, ensure_ascii=False, indent=1) + "\n").encode()
    yield "redirects.yaml", dump_front_matter({"301": _redirects(outgoing)}).replace("---\n", "").encode()
    for path in outgoing.assets:
        yield _asset(path), outgoing.read(path)


def _tables(outgoing: Outgoing) -> dict[str, list[Row]]:
    library = outgoing.library
    tags = _tags(outgoing)
    names = dict.fromkeys(name for article in library.articles for name in article.authors)
    users = {name: f"{number:024x}" for number, name in enumerate(names, 1)}
    tables: dict[str, list[Row]] = {
        "posts": [], "posts_meta": [], "posts_tags": [], "posts_authors": [],
        "tags": [tag for _, tag in tags.values()],
        "users": [_user(outgoing, name, number) for name, number in users.items()],
    }  # fmt: skip
    for number, text in enumerate(outgoing.texts, 1):
        key = f"{number:024x}"
        tables["posts"].append(_post(outgoing, text, key))
        if not isinstance(text, Article):
            continue
        if text.image and text.image.alt:
            tables["posts_meta"].append({"post_id": key, "feature_image_alt": text.image.alt[:_MAX_ALT]})
        terms = [name for name in (outgoing.topic_of(text), *outgoing.tags_of(text)) if name]
        for order, name in enumerate(dict.fromkeys(terms)):
            tables["posts_tags"].append({"post_id": key, "tag_id": tags[name][0], "sort_order": order})
        for order, name in enumerate(text.authors):
            tables["posts_authors"].append({"post_id": key, "author_id": users[name], "sort_order": order})
    return tables


def _tags(outgoing: Outgoing) -> dict[str, tuple[str, Row]]:
    """Ghost's id and row for each topic and tag in use: Ghost has tags alone, of which the first is the main one."""
    described = {tag.name: tag.description for tag in outgoing.library.tags}
    described |= {topic.name: topic.description for topic in outgoing.library.topics}
    used = [outgoing.topic_of(article) for article in outgoing.library.articles]
    used += [name for article in outgoing.library.articles for name in outgoing.tags_of(article)]
    rows: dict[str, tuple[str, Row]] = {}
    for number, name in enumerate(dict.fromkeys(name for name in used if name), 1):
        key = f"{number:024x}"
        row: Row = {"id": key, "name": name, "slug": slugify(name), "description": described.get(name) or None}
        rows[name] = (key, row)
    return rows


def _user(outgoing: Outgoing, name: str, key: str) -> Row:
    author = outgoing.library.author(name)
    slug = author.slug if author else slugify(name)
    host = outgoing.publication.url.partition("://")[2].partition("/")[0]
    return {
        "id": key,
        "name": name,
        "slug": slug,
        "email": f"{slug}@{host}",
        "bio": (author.description if author else "") or None,
        "website": author.url if author else None,
    }


def _post(outgoing: Outgoing, text: Article | Page, key: str) -> Row:
    html = body_html(outgoing, text, _address)
    card = {"root": {"children": [{"type": "html", "version": 1, "html": html}], "type": "root", "version": 1}}
    row: Row = {
        "id": key,
        "title": text.title,
        "slug": text.slug,
        "html": html,
        "lexical": json.dumps(card, ensure_ascii=False),
        "type": "post" if isinstance(text, Article) else "page",
        "status": "published",
        "visibility": "public",
        "custom_excerpt": text.description[:_MAX_EXCERPT] or None,
        "published_at": None,
    }
    if isinstance(text, Article):
        waits = text.date is not None and text.date > outgoing.now
        is_draft = text.is_draft or text.date is None
        row |= {
            "status": "draft" if is_draft else "scheduled" if waits else "published",
            "published_at": _stamp(text.date),
            "updated_at": _stamp(text.updated or text.date),
            "canonical_url": text.canonical,
            "locale": text.language,
            "feature_image": _picture(text),
        }
    return row


def _picture(article: Article) -> str | None:
    if article.image is None:
        return None
    target = target_of(article.image.src, docs_path(article))
    return _address(target[0]) if target else article.image.src


def _address(path: str) -> str:
    """Where Ghost serves what stands at a docs path here."""
    return f"{_HOST}/{PurePosixPath(path).stem}/" if path.endswith(".md") else f"{_HOST}/{_asset(path)}"


def _asset(path: str) -> str:
    folder = "images" if PurePosixPath(path).suffix.lower() in _PICTURES else "files"
    return f"content/{folder}/{path.removeprefix('assets/')}"


def _redirects(outgoing: Outgoing) -> dict[str, str]:
    """Addresses here, and former ones, with where they lead on Ghost."""
    pairs = {}
    for text in outgoing.texts:
        for address in (old_address(text), *former_addresses(text)):
            if address.strip("/") != text.slug:
                pairs[address] = f"/{text.slug}/"
    return pairs


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _stamp(moment: datetime | None) -> str | None:
    there = utc(moment)
    return f"{there:%Y-%m-%dT%H:%M:%S}.000Z" if there else None
