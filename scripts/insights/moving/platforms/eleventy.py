"""Eleventy: reads a project's folder: the data cascade of folders, permalinks, Liquid and Nunjucks of the common kind.

Source: 11ty.dev/docs (data-cascade, permalinks, dates, collections). Settings and data in JavaScript are not run: only
what they write as plain text is known.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut, inside, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import DATED_NAME, body_html, entry_of, front_matter, moment_of, texts_of
from insights.moving.marks import Marks
from insights.moving.platforms.liquid import resolve_liquid
from insights.moving.rows import Row, text_in
from insights.text import slugify

_SETTINGS = (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts")
_MARKDOWN = (".md", ".markdown", ".html")
_TEMPLATES = (".njk", ".liquid", ".11ty.js", ".hbs", ".ejs", ".pug", ".webc", ".mustache", ".haml")
_COLLECTIONS = frozenset({"all", "nav", "page", "pages", "post", "posts", "blog", "article", "articles"})
_BLOGS = frozenset({"post", "posts", "blog", "article", "articles"})
_PAIR = re.compile(
    r"\b(\w++)\s*+:\s*+(?:(?P<quote>[\"'`])(?P<text>.*?)(?P=quote)|\[(?P<list>[^\[\]]*)\]|(?P<flag>true|false))"
)
_FIELD = re.compile(r"\{\{-?\s*(?P<name>[\w.]+)\s*(?P<filters>(?:\|[^{}]*)?)\}\}")
_DATE_FORMAT = re.compile(r"date\w{0,40}+\s*+(?:[:(]\s*+)?[\"']([^\"']+)[\"']")


def recognises(files: Files) -> bool:
    """Whether there is a file of Eleventy's settings, or a package that needs Eleventy."""
    return _settings(files) is not None or (
        files.has("package.json") and b"@11ty/eleventy" in files.read("package.json")
    )


def read(files: Files, site_url: str = "") -> Export:
    """Markdown and HTML with front matter; templates in other languages are layouts and lists, and are left out."""
    settings = _settings(files)
    code = files.text(settings) if settings else ""
    match = re.search(r"\binput\s*:\s*[\"']\.?/?([^\"']*)[\"']", code)
    root = f"{match[1].strip('/')}/" if match and match[1].strip("/.") else ""
    site = (site_url or _site_url(files, root)).rstrip("/")
    entries: list[Entry] = []
    dropped: Counter[str] = Counter()
    for path in files.ending(*_MARKDOWN):
        if not _is_content(path, root):
            continue
        fields, body = front_matter(files, path)
        fields = {**dict(_folder_fields(files, path, root)), **fields}
        if not body.strip() or text_in(fields, "permalink").endswith((".xml", ".json", ".txt", ".js")):
            continue
        dropped.update(tag for tag in texts_of(fields.get("tags")) if tag.lower() in _COLLECTIONS)
        entries.append(_entry(path, root, fields, body, site or INSIDE))
    templates = [
        path for path in files.ending(*_TEMPLATES) if not any(part.startswith("_") for part in path.split("/"))
    ]
    left = list(left_out({"templates in other languages than Markdown and HTML": templates}))
    left += [LeftOut(f'tags "{name}", which only make a list', count) for name, count in sorted(dropped.items())]
    return Export("eleventy", site, tuple(entries), left_out=tuple(left), roots=(root, "public/", "static/", "src/"))


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML: Liquid and Nunjucks resolved, the rest as Markdown."""
    text = resolve_liquid(entry.body, marks)
    return text if entry.key.endswith(".html") else body_html(text)


def _settings(files: Files) -> str | None:
    return next((name for name in _SETTINGS if files.has(name)), None)


def _is_content(path: str, root: str) -> bool:
    parts = PurePosixPath(path).parts
    is_hidden = any(part.startswith(("_", ".")) for part in parts[:-1])
    return (
        path.startswith(root) and not is_hidden and parts[-1].lower() not in ("readme.md", "license.md", "changelog.md")
    )


def _entry(path: str, root: str, fields: Row, body: str, site: str) -> Entry:
    name = PurePosixPath(path.removeprefix(root))
    dated = DATED_NAME.match(name.stem)
    stem = dated["slug"] if dated else name.stem
    tags = texts_of(fields.get("tags"))
    stated = {**fields, "tags": [tag for tag in tags if tag.lower() not in _COLLECTIONS]}
    published = moment_of(fields.get("date")) or (moment_of(dated["date"]) if dated else None)
    address = _address(name, stem, fields, published)
    entry = entry_of(path, stated, body, f"{site}{address}" if address else inside(path))
    is_post = bool(published or {tag.lower() for tag in tags} & _BLOGS or set(name.parts[:-1]) & _BLOGS)
    slug = PurePosixPath(stem if stem != "index" else name.parent.name or "index").name
    return replace(
        entry,
        title=entry.title or slug.replace("-", " ").capitalize(),
        kind=Kind.ARTICLE if is_post else Kind.PAGE,
        slug=entry.slug or slugify(slug),
        published=published,
        guid=entry.guid or (entry.url if is_post and not entry.url.startswith(INSIDE) else None),
        is_draft=entry.is_draft or address is None,
        names=(inside(path.removeprefix(root)), inside(slug)),
    )


def _address(name: PurePosixPath, stem: str, fields: Row, date: datetime | None) -> str | None:
    """A page's path on the site: its permalink filled in, or its place; None where it is not written at all.

    A place keeps the date in a file's name; `page.fileSlug` and `page.filePathStem` (`stem`) are without it.
    """
    pattern = fields.get("permalink")
    if pattern is False:
        return None
    folder = name.parent
    place = "" if folder.as_posix() == "." else f"{folder.as_posix()}/"
    own = place if name.stem in ("index", folder.name) else f"{place}{name.stem}/"
    if not isinstance(pattern, str) or not pattern.strip():
        return f"/{own}"
    slug = stem if stem != "index" else folder.name
    values = {"page.fileSlug": slug, "page.filePathStem": f"/{place}{stem}", "title": text_in(fields, "title")}

    def fill(match: re.Match[str]) -> str:
        value = values.get(match["name"], text_in(fields, match["name"].lower()))
        if match["name"] in ("page.date", "date") and date:
            form = _DATE_FORMAT.search(match["filters"])
            value = date.astimezone(UTC).strftime(form[1] if form and "%" in form[1] else "%Y-%m-%d")
        return slugify(value) if "slug" in match["filters"] else value

    filled = re.sub(r"/{2,}", "/", "/" + _FIELD.sub(fill, pattern).strip().lstrip("/"))
    return re.sub(r"(?:^|(?<=/))index\.html$", "", filled)


def _folder_fields(files: Files, path: str, root: str) -> Iterator[tuple[str, object]]:
    """What the data files of a page's folders say, the nearest last; in lower case, as front matter."""
    folders = [folder.as_posix() for folder in reversed(PurePosixPath(path).parents)]
    for folder in folders:
        if not f"{folder}/".startswith(root) and root.strip("/") != folder:
            continue
        place = "" if folder == "." else f"{folder}/"
        for ending in (".json", ".11tydata.json", ".11tydata.js", ".11tydata.cjs", ".11tydata.mjs"):
            name = f"{place}{PurePosixPath(folder).name}{ending}"
            if files.has(name):
                yield from _data(files.text(name), name.endswith("json"))


def _data(text: str, is_json: bool) -> Iterator[tuple[str, object]]:
    if is_json:
        try:
            value = json.loads(text)
        except ValueError:
            return
        yield from ((str(key).lower(), part) for key, part in value.items()) if isinstance(value, dict) else ()
        return
    for match in _PAIR.finditer(text):
        if match["list"] is not None:
            yield match[1].lower(), re.findall(r"[\"'`]([^\"'`]*)[\"'`]", match["list"])
        else:
            yield match[1].lower(), match["text"] if match["flag"] is None else match["flag"] == "true"


def _site_url(files: Files, root: str) -> str:
    """The site's address as its global data name it: `_data/metadata.js`, `_data/site.json`."""
    for path in files.ending("metadata.js", "metadata.json", "site.js", "site.json", "meta.js", "meta.json"):
        if path.startswith(f"{root}_data/") or path.startswith("_data/"):
            match = re.search(r"\burl[\"']?\s*:\s*[\"'`](https?://[^\"'`]+)[\"'`]", files.text(path))
            if match:
                return match[1]
    return ""
