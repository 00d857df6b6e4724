"""Hugo: reads a site's folder: page bundles, front matter in YAML, TOML and JSON, permalinks, shortcodes.

Source: gohugo.io/content-management (organization, front-matter, urls, shortcodes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut, inside, join_address
from insights.moving.files import Files
from insights.moving.markdown_files import (
    DATED_NAME,
    body_html,
    entry_of,
    front_matter,
    outside_code,
    settings_in,
    texts_of,
    zone_of,
)
from insights.moving.marks import Marks
from insights.moving.platforms.hugo_shortcodes import resolve_shortcodes
from insights.moving.rows import Row, row_in, text_in
from insights.text import slugify

_SETTINGS = (
    "hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml",
    "config/_default/hugo.toml", "config/_default/config.toml", "config/_default/hugo.yaml",
    "config/_default/config.yaml",
)  # fmt: skip
_MORE = re.compile(r"<!--\s*more\s*-->")
_TOKEN = re.compile(r":(\w+)")


def recognises(files: Files) -> bool:
    """Whether there is a file of Hugo's settings, and a folder `content`."""
    return any(files.has(name) for name in _SETTINGS) and any(path.startswith("content/") for path in files.paths)


def read(files: Files, site_url: str = "") -> Export:
    """The regular pages below `content`; section pages are counted as left out, other files come with their bundle."""
    settings = settings_in(files, *_SETTINGS)
    site = (site_url or text_in(settings, "baseURL") or text_in(settings, "baseurl")).rstrip("/")
    zone = zone_of(text_in(settings, "timeZone") or text_in(settings, "timezone"))
    patterns = row_in(settings, "permalinks")
    patterns = row_in(patterns, "page") or patterns
    entries: list[Entry] = []
    sections: list[str] = []
    for path in files.ending(".md", ".markdown", ".html"):
        if not path.startswith("content/"):
            continue
        if PurePosixPath(path).name.startswith("_index."):
            sections.append(path)
            continue
        fields, body = front_matter(files, path)
        url = (site or INSIDE) + _address(path, fields, patterns)
        entry = entry_of(path, fields, body, url, zone)
        entries.append(_completed(entry, path, fields, site))
    left_out = (LeftOut("section pages (_index.md)", len(sections), tuple(sections[:3])),) if sections else ()
    return Export("hugo", site, tuple(entries), left_out=left_out, roots=("static/", "assets/", "content/"))


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML: shortcodes resolved, the rest as Goldmark's Markdown."""
    text = _MORE.sub("", entry.body)
    text = outside_code(text, lambda part: resolve_shortcodes(part, marks))
    text = re.sub(r"\{\{([<%])/\*((?:(?!\{\{[<%]/\*).)*?)\*/([>%])\}\}", r"{{\1\2\3}}", text)
    return text if entry.key.endswith(".html") else body_html(text)


def _completed(entry: Entry, path: str, fields: Mapping[str, object], site: str) -> Entry:
    """The entry with what only Hugo's places and names tell: kind, slug, resources, the feed's guid."""
    from dataclasses import replace

    parts = PurePosixPath(path).parts[1:]
    stem = _stem(path)
    is_page = len(parts) == 1 or (len(parts) == 2 and stem == parts[0] and entry.published is None)
    image = entry.image
    if image is None and (texts := texts_of(fields.get("images"))):
        from insights.model import Image

        image = Image(join_address(inside(path), texts[0]))
    topic = entry.topic or (None if is_page else parts[0].replace("-", " ").capitalize())
    return replace(
        entry,
        kind=Kind.PAGE if is_page else Kind.ARTICLE,
        slug=entry.slug or slugify(stem),
        topic=topic if fields.get("categories") or fields.get("topic") else (None if parts[0] in _BLOGS else topic),
        guid=text_in(fields, "guid") or (entry.url if site else None),
        image=image,
        names=(inside("/".join(parts)), inside(stem)),
    )


_BLOGS = frozenset({"post", "posts", "blog", "articles", "article", "news", "insights", "writing"})


def _stem(path: str) -> str:
    file = PurePosixPath(path)
    stem = re.sub(r"\.[a-z]{2}(?:-[a-z]{2})?$", "", file.stem)
    return file.parent.name if stem == "index" else stem


def _address(path: str, fields: Row, patterns: Row) -> str:
    """A page's path on the site: its own `url`, its section's pattern, or its place below `content`."""
    given = text_in(fields, "url")
    if given:
        return "/" + given.lstrip("/")
    parts = PurePosixPath(path).parts[1:]
    stem = _stem(path)
    pattern = text_in(patterns, parts[0]) if len(parts) > 1 else ""
    if pattern:
        return _filled(pattern, fields, parts[0], stem)
    slug = text_in(fields, "slug") or stem
    folders = [part.lower().replace(" ", "-") for part in parts[:-1]]
    if PurePosixPath(path).stem.startswith("index"):
        folders = folders[:-1]
    return "/" + "/".join([*folders, slug.lower().replace(" ", "-")]) + "/"


def _filled(pattern: str, fields: Row, section: str, stem: str) -> str:
    """A permalink pattern filled in; `:slug` falls back on the title, as Hugo's does."""
    title = slugify(text_in(fields, "title"))
    slug = text_in(fields, "slug")
    date = fields.get("date")
    moment = date if isinstance(date, datetime) else None
    if moment is None and (match := DATED_NAME.match(str(date or "") + "-x")):
        moment = datetime.fromisoformat(match["date"])
    values = {
        "year": f"{moment:%Y}" if moment else "", "month": f"{moment:%m}" if moment else "",
        "day": f"{moment:%d}" if moment else "", "section": section, "sections": section,
        "title": title, "slug": slug or title, "slugorfilename": slug or stem, "filename": stem,
        "contentbasename": stem, "slugorcontentbasename": slug or stem,
    }  # fmt: skip
    path = _TOKEN.sub(lambda match: values.get(match[1], match[0]), pattern)
    return "/" + path.strip("/") + ("" if "." in path.rpartition("/")[2] else "/")
