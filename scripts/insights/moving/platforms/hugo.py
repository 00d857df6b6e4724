"""Hugo: reads a site's folder: page bundles, front matter in YAML, TOML and JSON, languages, permalinks, shortcodes.

Source: gohugo.io/content-management (organization, multilingual, front-matter, urls, shortcodes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import PurePosixPath
from urllib.parse import quote

from insights.model import Image
from insights.moving.entry import INSIDE, Entry, Export, Kind, inside, join_address, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import (
    author_of,
    body_html,
    entry_of,
    front_matter,
    moment_of,
    settings_in,
    texts_of,
    zone_of,
)
from insights.moving.marks import Marks
from insights.moving.platforms.hugo_shortcodes import resolve_shortcodes
from insights.moving.rows import Row, row_in, text_in
from insights.readers.markdown_dialects import outside_code
from insights.text import slugify

_ENDINGS = (".toml", ".yaml", ".yml", ".json")
_SETTINGS = tuple(f"{name}{ending}" for name in ("hugo", "config") for ending in _ENDINGS)
_FOLDER = "config/_default/"
_PAGES = (".md", ".markdown", ".html")
_UNREAD = (".org", ".adoc", ".asciidoc", ".ad", ".rst", ".pandoc", ".pdc", ".ipynb")
_BLOGS = frozenset({"post", "posts", "blog", "articles", "article", "news", "insights", "writing"})
_MORE = re.compile(r"<!--\s*more\s*-->")
_TOKEN = re.compile(r":(\w+)")
_DATE_PARTS = {
    "year": "%Y", "month": "%m", "monthname": "%B", "day": "%d", "weekday": "%w", "weekdayname": "%A", "yearday": "%j",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Site:
    """What the settings say. `folders` of content, the longest first, and `languages` are languages; "" is the own."""

    url: str
    zone: tzinfo
    patterns: Row
    folders: Mapping[str, str]
    languages: Mapping[str, str]
    authors: tuple[str, ...]
    has_ugly_urls: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page stands: its path below the folder of content without its language, and that, "" the site's own."""

    path: PurePosixPath
    language: str

    @property
    def is_bundle(self) -> bool:
        """Whether it is the page of a folder, whose other files are its own."""
        return self.path.stem == "index" and len(self.path.parts) > 1

    @property
    def stem(self) -> str:
        """The name that its address is made of."""
        return self.path.parent.name if self.is_bundle else self.path.stem


def recognises(files: Files) -> bool:
    """Whether there is a file of Hugo's settings, and a folder `content`."""
    names = (*_SETTINGS, *(f"{_FOLDER}{name}" for name in _SETTINGS))
    return any(files.has(name) for name in names) and any(path.startswith("content/") for path in files.paths)


def read(files: Files, site_url: str = "") -> Export:
    """The regular pages of the content; section pages are counted as left out, other files come with their bundle."""
    site = _site(_settings(files), site_url)
    places = {path: place for path in files.paths if (place := _place(path, site))}
    pages = {path: place for path, place in places.items() if path.lower().endswith(_PAGES)}
    sections = [path for path, place in pages.items() if place.path.stem == "_index"]
    bundles = {place.path.parent for place in pages.values() if place.is_bundle}
    parts = [path for path, place in pages.items() if _is_part(place, bundles)]
    unread = [path for path in places if path.lower().endswith(_UNREAD)]
    entries = [
        _entry(path, place, *front_matter(files, path), site)
        for path, place in sorted(pages.items(), key=lambda pair: bool(pair[1].language))
        if path not in {*sections, *parts}
    ]
    found = {
        "section pages (_index.md)": sections,
        "texts that are part of another page's bundle": parts,
        "pages in other languages than Markdown and HTML": unread,
    }
    roots = ("static/", "assets/", *site.folders)
    return Export("hugo", site.url, tuple(entries), left_out=left_out(found), roots=roots)


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML: shortcodes resolved, the rest as Goldmark's Markdown."""
    text = _MORE.sub("", entry.body)
    text = outside_code(text, lambda part: resolve_shortcodes(part, marks))
    text = re.sub(r"\{\{([<%])/\*((?:(?!\{\{[<%]/\*).)*?)\*/([>%])\}\}", r"{{\1\2\3}}", text)
    return text if entry.key.endswith(".html") else body_html(text)


def _settings(files: Files) -> dict[str, object]:
    """The site's settings, names in lower case; in `config/_default` each table may have a file of its own."""
    found = dict(settings_in(files, *_SETTINGS))
    for path in files.ending(*_ENDINGS):
        name = path.removeprefix(_FOLDER).rpartition(".")[0]
        if path.startswith(_FOLDER) and "/" not in name and "." not in name:
            found |= settings_in(files, path) if name in ("hugo", "config") else {name: settings_in(files, path)}
    return {name.lower(): value for name, value in found.items()}


def _site(settings: Row, site_url: str) -> _Site:
    patterns = row_in(settings, "permalinks")
    languages = row_in(settings, "languages")
    own = (text_in(settings, "defaultcontentlanguage") or "en").lower()
    root = text_in(settings, "contentdir") or "content"
    folders = {f"{root.strip('/')}/": ""}
    codes = {own: ""}
    for name in languages:
        code = codes.setdefault(name.lower(), name.lower())
        row = {key.lower(): value for key, value in row_in(languages, name).items()}
        if folder := text_in(row, "contentdir").strip("/"):
            folders[f"{folder}/"] = code
    return _Site(
        url=(site_url or text_in(settings, "baseurl")).rstrip("/"),
        zone=zone_of(text_in(settings, "timezone")),
        patterns=row_in(patterns, "page") or patterns,
        folders=dict(sorted(folders.items(), key=lambda pair: -len(pair[0]))),
        languages=codes,
        authors=author_of(row_in(settings, "params")) or author_of(settings),
        has_ugly_urls=settings.get("uglyurls") is True,
    )


def _place(path: str, site: _Site) -> _Place | None:
    """Where a file stands, None outside of the content."""
    folder = next((folder for folder in site.folders if path.startswith(folder)), None)
    if folder is None:
        return None
    place = PurePosixPath(path.removeprefix(folder))
    stem, _, language = place.stem.rpartition(".")
    if stem and language.lower() in site.languages:
        return _Place(place.with_name(stem + place.suffix), site.languages[language.lower()])
    return _Place(place, site.folders[folder])


def _is_part(place: _Place, bundles: set[PurePosixPath]) -> bool:
    """Whether it belongs to the page of a folder (of `bundles`) around it."""
    own = place.path.parent
    return not bundles.isdisjoint(own.parents) or (own in bundles and not place.is_bundle)


def _entry(path: str, place: _Place, fields: Row, body: str, site: _Site) -> Entry:
    root = site.url or INSIDE
    url = root + _address(place, fields, site)
    section = place.path.parts[0]
    entry = entry_of(path, fields, body, url, site.zone)
    is_page = len(place.path.parts) == 1 or (entry.published is None and section not in _BLOGS)
    images = texts_of(fields.get("images"))
    return replace(
        entry,
        kind=Kind.PAGE if is_page else Kind.ARTICLE,
        slug=entry.slug or slugify(place.stem),
        authors=entry.authors or site.authors,
        topic=entry.topic or (None if is_page or section in _BLOGS else section.replace("-", " ").capitalize()),
        guid=text_in(fields, "guid") or (entry.url if site.url else None),
        image=entry.image or (Image(join_address(inside(path), images[0])) if images else None),
        language=place.language or entry.language,
        other_urls=tuple(
            root + alias if alias.startswith("/") else join_address(url.rstrip("/"), alias)
            for alias in texts_of(fields.get("aliases"))
        ),
        names=() if place.language else (inside(place.path.as_posix()), inside(place.stem)),
    )


def _address(place: _Place, fields: Row, site: _Site) -> str:
    """A page's path on the site: its own `url`, its section's pattern, or its place below the folder of content."""
    prefix = f"/{place.language}" if place.language else ""
    if given := text_in(fields, "url"):
        return given if given.startswith("/") else f"{prefix}/{given}"
    folder = place.path.parent.parent if place.is_bundle else place.path.parent
    pattern = text_in(site.patterns, place.path.parts[0]) if len(place.path.parts) > 1 else ""
    if pattern:
        path = _filled(pattern, fields, place, site.zone)
    else:
        path = "/".join([*folder.parts, text_in(fields, "slug") or place.stem])
    path = _urlized(path).strip("/")
    ending = ".html" if site.has_ugly_urls else "" if pattern and "." in path.rpartition("/")[2] else "/"
    return f"{prefix}/{quote(path, safe='/%+~@')}{ending}"


def _filled(pattern: str, fields: Row, place: _Place, zone: tzinfo) -> str:
    """A permalink pattern filled in; `:slug` falls back on the title, as Hugo's does."""
    moment = moment_of(fields.get("date") or fields.get("publishdate"), zone)
    title, slug, stem = text_in(fields, "title").replace("/", "-"), text_in(fields, "slug"), place.stem
    values = {name: f"{moment:{form}}" if moment else "" for name, form in _DATE_PARTS.items()}
    values |= {
        "section": place.path.parts[0], "sections": place.path.parts[0], "title": title, "slug": slug or title,
        "slugorfilename": slug or stem, "slugorcontentbasename": slug or stem, "filename": stem,
        "contentbasename": stem,
    }  # fmt: skip
    return _TOKEN.sub(lambda match: values.get(match[1], match[0]), pattern)


def _urlized(path: str) -> str:
    """A path as Hugo writes it: letters, digits and a few signs, a hyphen for what parts words, in lower case."""
    kept = re.sub(r"[^\w\s./#+~@%-]", "", path)
    return re.sub(r"\s*-\s*|\s+", "-", kept).lower()
