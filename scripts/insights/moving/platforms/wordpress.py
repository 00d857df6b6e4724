"""WordPress: reads WXR 1.0 to 1.2, the XML of Tools → Export. What a body means is in `wordpress_body`.

Source: wp-admin/includes/export.php writes the format; there is no other specification.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from lxml import etree

from insights.errors import SourceError
from insights.model import Author, Image, Topic
from insights.moving.entry import Entry, Export, Kind, LeftOut
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.moving.platforms.wordpress_body import NEXT_PAGE, body_html, teaser_of
from insights.text import slugify

_PUBLISHED = frozenset({"publish", "future"})
_DRAFTS = frozenset({"draft", "pending", "private"})
_CONTENT_TYPES = frozenset({"post", "page"})
_SILENT_TYPES = frozenset({"attachment", "wp_block", "nav_menu_item", "revision"})
_GALLERY_IDS = re.compile(r"\[gallery[^\[\]]*\bids=[\"']?([\d, ]+)")
_REUSED = re.compile(r'wp:block\s+\{[^{}]*"ref"\s*:\s*(\d+)')
_UNCATEGORISED = frozenset({"uncategorized", "uncategorised"})


@dataclass(slots=True)
class _Record:
    """One `<item>`: its single texts by local name, its terms, its post meta."""

    texts: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)  # domain, nicename, name
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")


def recognises(files: Files) -> bool:
    """Whether one of the files is WXR."""
    return any(b"wordpress.org/export/" in files.read(path)[:8192] for path in files.ending(".xml")[:20])


def read(files: Files, site_url: str = "") -> Export:
    """The posts and pages of every WXR file among the files: WordPress.com splits large exports.

    Raises SourceError where there is no item in them.
    """
    records: list[_Record] = []
    channel = _Channel(url=site_url.rstrip("/"))
    for path in files.ending(".xml"):
        records += _records(files.read(path), channel)
    if not records:
        raise SourceError(files.name, "it holds no posts", "export again: Tools → Export → All content")
    attachments = {record["post_id"]: record for record in records if record["post_type"] == "attachment"}
    children: dict[str, list[str]] = {}
    for number, record in attachments.items():
        children.setdefault(record["post_parent"], []).append(number)
    blocks = {record["post_id"]: record["content"] for record in records if record["post_type"] == "wp_block"}
    wanted = [
        record
        for record in records
        if record["post_type"] in _CONTENT_TYPES and record["status"] in _PUBLISHED | _DRAFTS
    ]
    entries = tuple(_entry(record, channel, attachments, children, blocks) for record in wanted)
    return Export(
        platform="wordpress",
        site_url=channel.url,
        entries=entries,
        authors=tuple(Author(slugify(login), name) for login, name in sorted(channel.authors.items())),
        topics=tuple(Topic(slugify(name), name, text) for name, text in sorted(channel.categories.items())),
        tags=channel.tags,
        left_out=_left_out(records),
    )


def clean(entry: Entry, marks: Marks) -> str:
    """The post's body as HTML: Gutenberg's blocks or the classic editor's text, shortcodes resolved."""
    return body_html(entry.body, entry.context, marks)


@dataclass(slots=True)
class _Channel:
    """What the files say of the site."""

    url: str = ""
    language: str | None = None
    authors: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


def _records(data: bytes, channel: _Channel) -> Iterator[_Record]:
    """Each item of a file, and the site's own terms into `channel`; control characters and a cut end are passed over.

    Raises nothing: a file cut short gives the items before the cut.
    """
    tags = ("{*}item", "{*}author", "{*}category", "{*}tag", "{*}base_blog_url", "{*}language", "{*}link")
    for _, element in etree.iterparse(
        io.BytesIO(data), tag=tags, recover=True, huge_tree=True, resolve_entities=False, no_network=True
    ):
        parent = element.getparent()
        if parent is not None and _local(parent) == "channel":
            if _local(element) == "item":
                yield _record(element)
            else:
                _note_term(element, channel)
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _note_term(element: etree._Element, channel: _Channel) -> None:
    name = _local(element)
    texts = {_local(child): child.text or "" for child in element}
    if name == "author":
        login = texts.get("author_login", "")
        channel.authors[login] = texts.get("author_display_name") or login
    elif name == "category" and texts.get("cat_name"):
        channel.categories[texts["cat_name"]] = _plain(texts.get("category_description", ""))
    elif name == "tag" and texts.get("tag_name"):
        channel.tags[texts["tag_name"]] = _plain(texts.get("tag_description", ""))
    elif name == "base_blog_url" or (name == "link" and not channel.url):
        channel.url = (element.text or "").strip().rstrip("/") or channel.url
    elif name == "language":
        channel.language = (element.text or "").strip() or None


def _record(item: etree._Element) -> _Record:
    record = _Record()
    for child in item:
        name = _local(child)
        if name == "category":
            record.terms.append((child.get("domain", "category"), child.get("nicename", ""), child.text or ""))
        elif name == "postmeta":
            pair = [part.text or "" for part in child]
            record.meta[pair[0] if pair else ""] = pair[1] if len(pair) > 1 else ""
        elif name == "comment":
            record.comments += 1
        elif name == "encoded":
            space = etree.QName(child).namespace or ""
            record.texts["excerpt" if "excerpt" in space else "content"] = child.text or ""
        else:
            record.texts[name] = child.text or ""
    return record


def _entry(
    record: _Record,
    channel: _Channel,
    attachments: Mapping[str, _Record],
    children: Mapping[str, list[str]],
    blocks: Mapping[str, str],
) -> Entry:
    terms = {domain: [name for kind, _, name in record.terms if kind == domain] for domain, _, _ in record.terms}
    categories = [name for name in terms.get("category", []) if name.lower() not in _UNCATEGORISED]
    thumbnail = attachments.get(record.meta.get("_thumbnail_id", ""))
    content = record["content"]
    published = _moment(record)
    updated = _gmt(record["post_modified_gmt"])
    slug = unquote(record["post_name"]) or record["title"]
    pages = len(NEXT_PAGE.findall(content)) + 1
    url = record["link"].strip() or f"{channel.url}/?p={record['post_id']}"
    is_private = record["status"] in _DRAFTS or bool(record["post_password"])
    return Entry(
        key=f"{record['post_type']} {record['post_id']}",
        title=_plain(record["title"]),
        body=content,
        url=url,
        base=url,
        slug=slugify(slug),
        kind=Kind.PAGE if record["post_type"] == "page" else Kind.ARTICLE,
        other_urls=(
            *(f"{url.rstrip('/')}/{number}/" for number in range(2, pages + 1) if "?" not in url),
            f"{channel.url}/?p={record['post_id']}",
            f"{channel.url}/?page_id={record['post_id']}",
        ),
        guid=record["guid"].strip() or None,
        published=published,
        updated=updated if updated and published and updated - published > timedelta(days=1) else None,
        description=_plain(record["excerpt"]) or teaser_of(content),
        authors=tuple(name for name in [channel.authors.get(record["creator"], record["creator"])] if name),
        topic=categories[0] if categories else None,
        tags=tuple(dict.fromkeys([*terms.get("post_tag", []), *categories[1:]])),
        image=_image(thumbnail),
        language=channel.language,
        canonical=record.meta.get("_yoast_wpseo_canonical") or None,
        is_draft=is_private,
        context=_context(record, attachments, children, blocks),
    )


def _context(
    record: _Record,
    attachments: Mapping[str, _Record],
    children: Mapping[str, list[str]],
    blocks: Mapping[str, str],
) -> dict[str, str]:
    """What the body refers to by number: pictures of galleries (JSON lists), reused blocks, footnotes."""
    content = record["content"]
    context: dict[str, str] = {}
    numbers = {number.strip() for ids in _GALLERY_IDS.findall(content) for number in ids.split(",")}
    own = children.get(record["post_id"], []) if "[gallery" in content else []
    for number in [*own, *sorted(numbers)]:
        if number in attachments and (image := _image(attachments[number])):
            context[f"picture {number}"] = json.dumps([image.src, image.alt, _plain(attachments[number]["excerpt"])])
    if own:
        context["gallery"] = ",".join(own)
    for number in _REUSED.findall(content):
        if number in blocks:
            context[f"block {number}"] = blocks[number]
    if record.meta.get("footnotes"):
        context["footnotes"] = record.meta["footnotes"]
    return context


def _image(attachment: _Record | None) -> Image | None:
    if attachment is None:
        return None
    src = attachment["attachment_url"] or attachment["guid"]
    return Image(src, attachment.meta.get("_wp_attachment_image_alt", "")) if src else None


def _moment(record: _Record) -> datetime | None:
    """The post's own date in its own zone, which is what the local and the GMT time differ by."""
    gmt = _gmt(record["post_date_gmt"])
    local = _gmt(record["post_date"])
    if gmt is None:
        if local is not None:
            return local
        try:
            return parsedate_to_datetime(record["pubDate"])
        except (TypeError, ValueError):
            return None
    if local is None or abs(local - gmt) > timedelta(hours=15):
        return gmt
    minutes = round((local - gmt).total_seconds() / 60)
    return gmt.astimezone(timezone(timedelta(minutes=minutes))) if minutes else gmt


def _gmt(text: str) -> datetime | None:
    """MySQL's date as UTC; None for its zero date."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _left_out(records: list[_Record]) -> tuple[LeftOut, ...]:
    found: list[LeftOut] = []
    comments = sum(record.comments for record in records)
    if comments:
        found.append(LeftOut("comments", comments))
    others = Counter(
        record["post_type"] for record in records if record["post_type"] not in _CONTENT_TYPES | _SILENT_TYPES
    )
    for kind, count in sorted(others.items()):
        names = [record["title"] for record in records if record["post_type"] == kind]
        found.append(LeftOut(f'items of the type "{kind}"', count, tuple(names[:3])))
    binned = [
        record["title"] or record["post_id"]
        for record in records
        if record["post_type"] in _CONTENT_TYPES and record["status"] not in _PUBLISHED | _DRAFTS
    ]
    if binned:
        found.append(LeftOut("posts in the bin, and automatic drafts", len(binned), tuple(binned[:3])))
    return tuple(found)


def _plain(html: str) -> str:
    """A field that may hold markup, as text."""
    import turbohtml

    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(turbohtml.parse(f"<body>{html}</body>", positions=False).text.split())


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
