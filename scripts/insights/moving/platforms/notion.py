"""Notion: reads the zip of Export → Markdown & CSV: pages whose names end with their ids, databases as CSV.

Source: notion.com/help/export-your-content, and the archives that Notion writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote

from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut, inside, join_address, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import body_html, entry_of, moment_of
from insights.moving.marks import Marks
from insights.moving.rows import Row, table_in, text_in
from insights.readers.markdown_dialects import box
from insights.text import slugify

_PAGE = re.compile(r"(?:^|/)(?P<title>[^/]*?) ?(?P<id>[0-9a-f]{32})\.md$")
_DATABASE = re.compile(r"(?:^|/)(?P<title>[^/]*?) ?(?P<id>[0-9a-f]{32})(?:_all)?\.csv$")
_PROPERTY = re.compile(r"^(?P<name>[^\s:#>*\[|`-][^:\n]{0,60}):[ \t]++(?P<value>.*)$")
_ASIDE = re.compile(
    r"<aside>\s*+(?:<img[^<>]*>|(?P<icon>[^\w\s<*\[(`\"'#-]{1,8}))?\s*+(?P<body>(?:(?!<aside>).)*?)</aside>", re.DOTALL
)
_BASE_LINK = re.compile(r"(?<!!)\[([^\[\]\n]*)\]\(((?:[^()\s]|\([^()\s]*\))++)(?<=\.csv)\)")
_RELATION = re.compile(r"[ ]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\.md\)")
_UNNAMED = re.compile(r"!\[[^\[\]\n]+\.\w{3,4}\](?=\((?:[^()\s]|\([^()\s]*\))*\))")
_ZONE = re.compile(r"\((?:GMT|UTC)(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\)")
_NAMES = {
    "date": ("date", "published", "publish date", "publication date", "published on", "created", "created time"),
    "updated": ("updated", "last edited time", "last edited", "last updated"),
    "authors": ("author", "authors", "writer", "by", "person", "created by"),
    "tags": ("tags", "tag", "keywords", "labels"),
    "topic": ("topic", "category", "section", "categories", "type"),
    "description": ("description", "summary", "excerpt", "abstract"),
    "slug": ("slug",),
    "status": ("status", "state", "stage"),
}
_DONE = frozenset("published done live complete completed public posted".split())
_ICONS = {"💡": "tip", "⚠": "warning", "❗": "warning", "🚨": "danger", "✅": "success", "❓": "question", "ℹ": "info"}


def recognises(files: Files) -> bool:
    """Whether pages are named as Notion names them."""
    return any(_PAGE.search(path) for path in files.paths)


def read(files: Files, site_url: str = "") -> Export:
    """The rows of databases as articles and other pages as pages; all as articles where there is no database."""
    site = site_url.rstrip("/")
    bases = {path.removesuffix(".csv").removesuffix("_all") + "/" for path in files.paths if _DATABASE.search(path)}
    folders = {folder.as_posix() for path in files.paths for folder in PurePosixPath(path).parents}
    entries: list[Entry] = []
    unplaced: Counter[str] = Counter()
    for path in files.ending(".md"):
        match = _PAGE.search(path)
        if match is None:
            continue
        title, properties, body = _parts(files.text(path))
        is_row = not bases or any(path.startswith(base) or f"/{base}" in path for base in _without_ids(bases, path))
        entry = _entry(path, match, title or match["title"], properties, (body, site))
        entry = replace(entry, context=dict(_tables(files, folders, path, body)))
        entries.append(replace(entry, kind=Kind.ARTICLE if is_row or entry.published else Kind.PAGE))
        known = {name for names in _NAMES.values() for name in names}
        unplaced.update(name for name in properties if name.lower() not in known)
    left = [LeftOut(f'properties "{name}"', count) for name, count in sorted(unplaced.items())]
    left += left_out({"rows of databases without a page of their own": _rows_without_pages(files, folders)})
    return Export("notion", site, tuple(entries), left_out=tuple(left), hosts=("notion.so",))


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML: callouts as boxes, databases without pages as tables, links to others as marks."""
    text = _UNNAMED.sub("![]", _ASIDE.sub(_box, entry.body))  # Notion calls a picture by its file's name
    text = _BASE_LINK.sub(lambda match: _shown(match, entry, marks), text)
    return body_html(text)


def _shown(match: re.Match[str], entry: Entry, marks: Marks) -> str:
    table = entry.context.get(match[2], "")
    return table if table and marks.room.takes(table) else marks.keep("database", match[0])


def _tables(files: Files, folders: Set[str], path: str, body: str) -> Iterator[tuple[str, str]]:
    """The databases to which a page links, as tables by the links' addresses; but for those whose rows are pages."""
    for title, href in dict.fromkeys(match.groups() for match in _BASE_LINK.finditer(body)):
        name = unquote(join_address(inside(path), href)).removeprefix(f"{INSIDE}/")
        if files.has(name) and not _has_pages(folders, name):
            head, *rows = table_in(files, name) or [[]]
            cells = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
            top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
            yield href, f"\n\n**{title}**\n\n<table><tr>{top}</tr>{''.join(cells)}</table>\n\n"


def _has_pages(folders: Set[str], base: str) -> bool:
    """Whether the rows of a database (the path of its CSV) are pages: they lie in a folder of its name."""
    folder = base.removesuffix(".csv").removesuffix("_all")
    return folder in folders or folder[:-32].rstrip() in folders


def _without_ids(bases: set[str], path: str) -> set[str]:
    """The folders of databases; newer exports leave the id out of a folder's name."""
    return {base for each in bases for base in (each, re.sub(r" ?[0-9a-f]{32}/$", "/", each)) if base in path}


def _parts(text: str) -> tuple[str, dict[str, str], str]:
    """A page's title, its properties by name, and its body."""
    lines = text.lstrip("\n").split("\n")
    title = ""
    if lines and lines[0].startswith("# "):
        title = lines.pop(0)[2:].strip()
    while lines and not lines[0].strip():
        lines.pop(0)
    properties: dict[str, str] = {}
    count = 0
    for line in lines:
        match = _PROPERTY.match(line)
        if match is None:
            break
        properties[match["name"].strip()] = _RELATION.sub("", match["value"]).strip()
        count += 1
    is_block = count > 0 and (count == len(lines) or not lines[count].strip())
    return (title, properties, "\n".join(lines[count:])) if is_block else (title, {}, "\n".join(lines))


def _entry(path: str, match: re.Match[str], title: str, properties: dict[str, str], text: tuple[str, str]) -> Entry:
    body, site = text
    lowered: Row = {name.lower(): value for name, value in properties.items()}
    stated = {
        field: next((text_in(lowered, name) for name in names if text_in(lowered, name)), "")
        for field, names in _NAMES.items()
    }
    date = _moment(stated.pop("date"))
    updated = _moment(stated.pop("updated"))
    topic = stated.pop("topic")
    tags = [tag.strip() for tag in stated.pop("tags").split(",") if tag.strip()]
    fields = {
        **stated,
        "title": title,
        "tags": tags,
        "topic": [part.strip() for part in topic.split(",")] if topic else None,
    }
    fields["status"] = None
    name = re.sub(r"[^\w]+", "-", title, flags=re.ASCII).strip("-")
    url = f"{site}/{name}-{match['id']}" if site else f"{INSIDE}/{match['id']}"
    entry = entry_of(path, fields, body, url)
    return replace(
        entry,
        published=date,
        updated=updated if updated and date and (updated - date).days >= 1 else None,
        slug=entry.slug or slugify(title),
        is_draft=bool(stated["status"]) and stated["status"].casefold() not in _DONE,
        other_urls=(f"{site}/{match['id']}",) if site else (),
        names=(inside(match["id"]), inside(f"{name}-{match['id']}"), inside(path)),
    )


def _moment(text: str) -> datetime | None:
    """Notion's "May 14, 2019 9:30 AM (GMT+2)"; the first day of a span; UTC where no zone is named."""
    text = text.partition("→")[0].strip()
    zone = _ZONE.search(text)
    found = moment_of(_ZONE.sub("", text).strip())
    if found is None or zone is None:
        return found
    offset = timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"] or 0))
    return found.replace(tzinfo=timezone(-offset if zone["sign"] == "-" else offset))


def _box(match: re.Match[str]) -> str:
    kind = _ICONS.get((match["icon"] or "").rstrip("\ufe0f"), "note")
    return box(kind, "", match["body"].strip())


def _rows_without_pages(files: Files, folders: Set[str]) -> list[str]:
    """Names of rows for which the export has no page: Notion leaves out those that are empty."""
    titles = {_begun(match["title"]) for path in files.ending(".md") if (match := _PAGE.search(unquote(path)))}
    found: list[str] = []
    for path in files.ending(".csv"):
        match = _DATABASE.search(path)
        if match is None or (not path.endswith("_all.csv") and files.has(path.removesuffix(".csv") + "_all.csv")):
            continue
        if not _has_pages(folders, path):
            continue
        for row in table_in(files, path)[1:]:
            name = row[0].strip() if row else ""
            if _begun(name) and _begun(name) not in titles:
                found.append(name)
    return found


def _begun(title: str) -> str:
    """How a title begins, as it does in a file's name too: Notion cuts those, and leaves signs out."""
    return re.sub(r"[^\w]+", " ", title).strip()[:40].strip()
