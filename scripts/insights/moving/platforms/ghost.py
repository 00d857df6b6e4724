"""Ghost: reads the JSON of Settings → Export, as it is or in a zip with `content/images` beside it.

Source: ghost.org/docs/migration/content, and the JSON that Ghost 5 and 6 write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import turbohtml
from turbohtml import Element

from insights.errors import SourceError
from insights.model import Author, Image, Topic
from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.moving.platforms.ghost_cards import plain_cards
from insights.moving.platforms.ghost_documents import lexical_html, mobiledoc_html
from insights.moving.rows import Row, rows, text_in
from insights.readers.dates import parse_date
from insights.text import slugify

_PLACEHOLDER = b"__GHOST_URL__"


def recognises(files: Files) -> bool:
    """Whether one of the files is Ghost's JSON."""
    return _find(files) is not None


def read(files: Files, site_url: str = "") -> Export:
    """The posts and pages; those for members only, or sent by email alone, come as drafts.

    Raises SourceError where the JSON is broken."""
    path = _find(files)
    if path is None:
        raise SourceError(files.name, "it holds no JSON of Ghost", "export again: Settings → Export content")
    site = (site_url or INSIDE).rstrip("/")
    data = _data(files, path, site)
    users = {text_in(user, "id"): user for user in rows(data, "users")}
    tags = {text_in(tag, "id"): tag for tag in rows(data, "tags")}
    linked_tags = _linked(rows(data, "posts_tags"), "tag_id")
    linked_authors = _linked(rows(data, "posts_authors"), "author_id")
    metas = {text_in(meta, "post_id"): meta for meta in rows(data, "posts_meta")}
    entries: list[Entry] = []
    for post in rows(data, "posts"):
        number = text_in(post, "id")
        names = [text_in(tags[tag], "name") for tag in linked_tags.get(number, []) if tag in tags]
        authors = linked_authors.get(number) or [text_in(post, "author_id")]
        people = tuple(text_in(users[each], "name") for each in authors if each in users)
        visible = tuple(name for name in names if not name.startswith("#"))
        entries.append(_entry(post, site, people, visible, metas.get(number, {})))
    return Export(
        platform="ghost",
        site_url=site_url.rstrip("/"),
        entries=tuple(entries),
        authors=tuple(_author(user) for user in users.values()),
        topics=tuple(
            Topic(text_in(tag, "slug"), text_in(tag, "name"), text_in(tag, "description")) for tag in tags.values()
        ),
        tags={text_in(tag, "name"): text_in(tag, "description") for tag in tags.values()},
        left_out=_left_out(data),
        roots=("content/", "data/content/"),
    )


def clean(entry: Entry, marks: Marks) -> str:
    """The post's HTML with cards as plain HTML; made from Lexical or Mobiledoc where the export has none."""
    html = entry.body
    if not html and entry.context.get("lexical"):
        html = lexical_html(entry.context["lexical"], marks)
    elif not html and entry.context.get("mobiledoc"):
        html = mobiledoc_html(entry.context["mobiledoc"], marks)
    document = turbohtml.parse(f"<body>{html}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    plain_cards(body, marks)
    return body.inner_html


def _find(files: Files) -> str | None:
    return next(
        (
            path
            for path in files.ending(".json")[:50]
            if b'"db"' in (head := files.read(path)[:2000]) or (b'"meta"' in head and b'"exported_on"' in head)
        ),
        None,
    )


def _data(files: Files, path: str, site: str) -> Row:
    """The tables of the export; Ghost writes its own address as a word, wherever it stands."""
    try:
        whole = json.loads(files.read(path).replace(_PLACEHOLDER, site.encode()))
        database = whole["db"][0] if "db" in whole else whole
        found = database["data"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise SourceError(f"{files.name}/{path}", f"the JSON cannot be read: {error}", "export again") from error
    return found if isinstance(found, dict) else {}


def _entry(post: Row, site: str, people: tuple[str, ...], names: tuple[str, ...], meta: Row) -> Entry:
    slug = text_in(post, "slug")
    url = f"{site}/{slug}/"
    published = _moment(post, "published_at")
    updated = _moment(post, "updated_at")
    image = text_in(post, "feature_image")
    is_public = text_in(post, "visibility") in ("", "public")
    return Entry(
        key=text_in(post, "id") or slug,
        title=text_in(post, "title"),
        body=text_in(post, "html"),
        url=url,
        base=url,
        slug=slugify(slug),
        kind=Kind.PAGE if text_in(post, "type") == "page" or post.get("page") in (1, True) else Kind.ARTICLE,
        guid=text_in(post, "id") or None,
        published=published,
        updated=updated if published and updated and (updated - published).days >= 1 else None,
        description=text_in(post, "custom_excerpt") or text_in(meta, "meta_description"),
        authors=people,
        topic=names[0] if names else None,
        tags=names[1:],
        image=Image(image, text_in(meta, "feature_image_alt")) if image else None,
        canonical=text_in(post, "canonical_url") or None,
        language=text_in(post, "locale") or None,
        is_draft=text_in(post, "status") not in ("published", "scheduled") or not is_public,
        context={"lexical": text_in(post, "lexical"), "mobiledoc": text_in(post, "mobiledoc")},
    )


def _author(user: Row) -> Author:
    return Author(
        slug=text_in(user, "slug"),
        name=text_in(user, "name"),
        description=text_in(user, "bio"),
        url=text_in(user, "website") or None,
    )


def _linked(links: tuple[Row, ...], name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in sorted(links, key=lambda link: _number(text_in(link, "sort_order"))):
        found.setdefault(text_in(link, "post_id"), []).append(text_in(link, name))
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _moment(post: Row, name: str) -> datetime | None:
    """Ghost's dates: RFC 3339 or MySQL's form, both UTC; in milliseconds since 1970 in exports of Ghost 0."""
    text = text_in(post, name)
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return parse_date(text) if text else None


def _left_out(data: Mapping[str, object]) -> tuple[LeftOut, ...]:
    members = rows(data, "members")
    paid = [post for post in rows(data, "posts") if text_in(post, "visibility") not in ("", "public")]
    sent = [post for post in rows(data, "posts") if text_in(post, "status") == "sent"]
    captions = [meta for meta in rows(data, "posts_meta") if text_in(meta, "feature_image_caption")]
    hidden = [tag for tag in rows(data, "tags") if text_in(tag, "name").startswith("#")]
    injected = [
        post
        for post in rows(data, "posts")
        if text_in(post, "codeinjection_head") or text_in(post, "codeinjection_foot")
    ]
    found = (
        LeftOut("members", len(members)),
        LeftOut("posts for members only: they come as drafts", len(paid), _titles(paid)),
        LeftOut("posts that were sent, never published: they come as drafts", len(sent), _titles(sent)),
        LeftOut("captions of lead pictures", len(captions)),
        LeftOut("internal tags", len(hidden), tuple(text_in(tag, "name") for tag in hidden[:3])),
        LeftOut("posts with injected code, which is not taken over", len(injected), _titles(injected)),
    )
    return tuple(left for left in found if left.count)


def _titles(posts: list[Row]) -> tuple[str, ...]:
    return tuple(text_in(post, "title") for post in posts[:3])
