"""WordPress: reads its export. How that is written is in `wxr`, what a body means in `wordpress_body`.

Beside WordPress itself: authors of Co-Authors Plus, descriptions and main categories of Yoast SEO and Rank Math.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import unquote

from insights.errors import SourceError
from insights.model import Author, Image, Topic
from insights.moving.entry import Entry, Export, Kind, LeftOut, left_out, split_address
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.moving.old_feed import address_key
from insights.moving.platforms.wordpress_body import NEXT_PAGE, body_html, teaser_of
from insights.moving.platforms.wxr import Channel, Record, read_records
from insights.moving.rows import plain_text
from insights.text import slugify

_PUBLISHED = frozenset({"publish", "future"})
_DRAFTS = frozenset({"draft", "pending", "private"})
_CONTENT_TYPES = frozenset({"post", "page"})
_SILENT_TYPES = frozenset({"attachment", "wp_block", "nav_menu_item", "revision", "guest-author"})
_GALLERY_IDS = re.compile(r"\[gallery[^\[\]]*\bids=[\"']?([\d, ]+)")
_LINK = re.compile(r"(?<=\bhref=\")[^\"]+(?=\")")
_REUSED = re.compile(r'wp:block\s+\{[^{}]*"ref"\s*:\s*(\d+)')
_UNCATEGORISED = frozenset({"uncategorized", "uncategorised"})


def recognises(files: Files) -> bool:
    """Whether one of the files is WXR."""
    return any(b"wordpress.org/export/" in files.read(path)[:8192] for path in files.ending(".xml")[:20])


def read(files: Files, site_url: str = "") -> Export:
    """The posts and pages of every WXR file among the files: WordPress.com splits large exports.

    Raises SourceError where there is no item in them.
    """
    records: list[Record] = []
    channel = Channel(url=site_url.rstrip("/"))
    for path in files.ending(".xml"):
        records += read_records(files.read(path), channel)
    if not records:
        raise SourceError(files.name, "it holds no posts", "export again: Tools → Export → All content")
    site = _Site(
        channel,
        attachments={record["post_id"]: record for record in records if record["post_type"] == "attachment"},
        blocks={record["post_id"]: record["content"] for record in records if record["post_type"] == "wp_block"},
        guests={record["post_name"]: record["title"] for record in records if record["post_type"] == "guest-author"},
    )
    wanted = [
        record
        for record in records
        if record["post_type"] in _CONTENT_TYPES and record["status"] in _PUBLISHED | _DRAFTS
    ]
    return Export(
        platform="wordpress",
        site_url=channel.url,
        entries=tuple(_entry(record, site) for record in wanted),
        authors=tuple(Author(slugify(login), name) for login, name in sorted(channel.authors.items())),
        topics=tuple(Topic(slugify(name), name, text) for name, text in sorted(channel.categories.items())),
        tags=channel.tags,
        left_out=_left_out(records, wanted, site),
        hosts=tuple(sorted(set(_hosts(records, wanted)) - {""})),
    )


def clean(entry: Entry, marks: Marks) -> str:
    """The post's body as HTML: Gutenberg's blocks or the classic editor's text, shortcodes resolved."""
    return body_html(entry.body, entry.context, marks)


def _hosts(records: list[Record], wanted: list[Record]) -> Iterator[str]:
    """The hosts of its pictures (WordPress.com has one for them), and those where it once was: guids never change.

    A post that a plugin took from another site has the guid of that, which is no address by the post's number.
    """
    yield from (split_address(record["attachment_url"].strip()).hostname or "" for record in records)
    for record in wanted:
        parts = split_address(record["guid"].strip())
        if parts.query in (f"p={record['post_id']}", f"page_id={record['post_id']}"):
            yield parts.hostname or ""


@dataclass(slots=True)
class _Site:
    """What posts refer to: attachments and reused blocks by number, guest authors by post name."""

    channel: Channel
    attachments: Mapping[str, Record]
    blocks: Mapping[str, str]
    guests: Mapping[str, str]
    children: dict[str, list[str]] = field(default_factory=dict)
    pages_of_files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, record in self.attachments.items():
            self.children.setdefault(record["post_parent"], []).append(number)
            if image := _image(record):
                for page in (record["link"], f"{self.channel.url}/?attachment_id={number}"):
                    self.pages_of_files[address_key(page.strip())] = image.src

    def file_at(self, url: str) -> str:
        """The file that an attachment's page shows, where the address is that of one; else the address."""
        return self.pages_of_files.get(address_key(unescape(url)), url)


def _entry(record: Record, site: _Site) -> Entry:
    channel, content = site.channel, record["content"]
    categories = [name for name in record.terms_of("category") if name.lower() not in _UNCATEGORISED]
    main = channel.numbered.get(record.meta("_yoast_wpseo_primary_category", "rank_math_primary_category"), "")
    categories.sort(key=lambda name: name != main)
    published = _moment(record)
    updated = _gmt(record["post_modified_gmt"])
    url = record["link"].strip() or f"{channel.url}/?p={record['post_id']}"
    return Entry(
        key=f"{record['post_type']} {record['post_id']}",
        title=plain_text(record["title"]),
        body=_LINK.sub(lambda match: site.file_at(match[0]), content),
        url=url,
        base=url,
        slug=slugify(unquote(record["post_name"]) or record["title"]),
        kind=Kind.PAGE if record["post_type"] == "page" else Kind.ARTICLE,
        other_urls=(
            *(_other_urls(record, url) if "?" not in url else ()),
            f"{channel.url}/?p={record['post_id']}",
            f"{channel.url}/?page_id={record['post_id']}",
        ),
        guid=record["guid"].strip() or None,
        published=published,
        updated=updated if updated and published and updated - published > timedelta(days=1) else None,
        description=plain_text(record["excerpt"]) or _search_text(record) or teaser_of(content),
        authors=_authors(record, site),
        topic=categories[0] if categories else None,
        tags=tuple(dict.fromkeys([*record.terms_of("post_tag"), *categories[1:]])),
        image=_image(site.attachments.get(record.meta("_thumbnail_id"))),
        language=channel.language,
        canonical=record.meta("_yoast_wpseo_canonical", "rank_math_canonical_url") or None,
        is_draft=record["status"] in _DRAFTS or bool(record["post_password"]),
        context=_context(record, site),
    )


def _other_urls(record: Record, url: str) -> Iterator[str]:
    """The later pages of a long post, and its addresses by former slugs, from which WordPress leads on itself."""
    for number in range(2, len(NEXT_PAGE.findall(record["content"])) + 2):
        yield f"{url.rstrip('/')}/{number}/"
    head, slug, tail = url.rpartition(record["post_name"])
    if slug:
        yield from (f"{head}{former}{tail}" for former in record.every_meta("_wp_old_slug") if former)


def _authors(record: Record, site: _Site) -> tuple[str, ...]:
    """The authors by Co-Authors Plus, where it named any; else whose account it is."""
    people = [(login, site.guests.get(name, "")) for kind, name, login in record.terms if kind == "author"]
    names = [guest or site.channel.authors.get(login, login) for login, guest in people or [(record["creator"], "")]]
    return tuple(dict.fromkeys(name for name in names if name))


def _search_text(record: Record) -> str:
    """The description for search engines, where it is no pattern ("%%excerpt%%") that others fill."""
    text = plain_text(record.meta("_yoast_wpseo_metadesc", "rank_math_description"))
    return "" if "%" in text else text


def _context(record: Record, site: _Site) -> dict[str, str]:
    """What the body refers to by number: pictures of galleries (JSON lists), reused blocks, footnotes."""
    content = record["content"]
    context: dict[str, str] = {}
    numbers = {number.strip() for ids in _GALLERY_IDS.findall(content) for number in ids.split(",")}
    own = site.children.get(record["post_id"], []) if "[gallery" in content else []
    for number in [*own, *sorted(numbers)]:
        attachment = site.attachments.get(number)
        if attachment and (image := _image(attachment)):
            context[f"picture {number}"] = json.dumps([image.src, image.alt, plain_text(attachment["excerpt"])])
    if own:
        context["gallery"] = ",".join(own)
    for number in _REUSED.findall(content):
        if number in site.blocks:
            context[f"block {number}"] = site.blocks[number]
    if notes := record.meta("footnotes"):
        context["footnotes"] = notes
    return context


def _image(attachment: Record | None) -> Image | None:
    if attachment is None:
        return None
    src = attachment["attachment_url"] or attachment["guid"]
    return Image(src, attachment.meta("_wp_attachment_image_alt")) if src else None


def _moment(record: Record) -> datetime | None:
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


def _left_out(records: list[Record], wanted: list[Record], site: _Site) -> tuple[LeftOut, ...]:
    kinds = {record["post_type"] for record in records} - _CONTENT_TYPES - _SILENT_TYPES
    others = {f'items of the type "{kind}"': [r for r in records if r["post_type"] == kind] for kind in sorted(kinds)}
    posts = [record for record in records if record["post_type"] in _CONTENT_TYPES]
    others["posts in the bin, and automatic drafts"] = [
        record for record in posts if record["status"] not in _PUBLISHED | _DRAFTS
    ]
    others["lead pictures, which the export does not name: export All content"] = [
        record for record in wanted if (number := record.meta("_thumbnail_id")) and number not in site.attachments
    ]
    comments = sum(record.comments for record in records)
    found = {what: [record["title"] or record["post_id"] for record in lacking] for what, lacking in others.items()}
    return (*([LeftOut("comments", comments)] if comments else []), *left_out(found))
