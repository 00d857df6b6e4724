"""Jekyll: reads a site's folder: `_posts`, `_drafts`, pages; permalinks; Liquid's tags of the common kind.

Source: jekyllrb.com/docs (posts, permalinks, front-matter, liquid), and kramdown's attribute lists.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import PurePosixPath
from urllib.parse import quote

from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut, inside, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import (
    DATED_NAME,
    author_of,
    body_html,
    entry_of,
    front_matter,
    markdown_in_html,
    settings_in,
    texts_of,
    title_in,
    without_abbreviations,
    zone_of,
)
from insights.moving.marks import Marks
from insights.moving.platforms.liquid import resolve_liquid
from insights.moving.rows import Row, row_in, rows, text_in
from insights.readers.markdown_dialects import outside_code
from insights.text import slugify

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
}
_DATE_PARTS = {
    "year": "%Y", "short_year": "%y", "month": "%m", "short_month": "%b", "long_month": "%B", "day": "%d",
    "short_day": "%a", "long_day": "%A", "y_day": "%j", "week": "%V", "hour": "%H", "minute": "%M", "second": "%S",
}  # fmt: skip
_ATTRIBUTES = re.compile(r"^[ ]{0,3}\{:(?!toc)[^{}\n]*\}[ \t]*$\n?|(?<=\S)\{:[^{}\n]*\}", re.MULTILINE)
_TABLE_OF_CONTENTS = re.compile(r"^[*\-1.]+ .*\n\{:\s*toc[^{}]*\}[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(r"\{::comment\}(?:(?!\{::comment\}).)*?\{:/(?:comment)?\}", re.DOTALL)
_EXTENSION = re.compile(r"\{::(?:nomarkdown|options)\b[^{}\n]*\}|\{:/(?:nomarkdown)?\}")
_MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html")
_UNREAD = (".textile", ".org", ".adoc", ".asciidoc", ".rst")


def recognises(files: Files) -> bool:
    """Whether there is a folder of posts."""
    return any("_posts/" in f"/{path}" and DATED_NAME.match(PurePosixPath(path).name) for path in files.paths)


def read(files: Files, site_url: str = "") -> Export:
    """Posts, drafts, and pages with front matter; layouts and collections are left out."""
    settings = settings_in(files, "_config.yml", "_config.yaml", "_config.toml")
    domain = f"https://{files.text('CNAME').strip()}" if files.has("CNAME") else ""
    site = (site_url or text_in(settings, "url") or domain).rstrip("/")
    prefix = "" if site_url else text_in(settings, "baseurl").rstrip("/")
    zone = zone_of(text_in(settings, "timezone"))
    people = _people(files)
    included = frozenset(texts_of(settings.get("include")))
    entries: list[Entry] = []
    for path in files.ending(*_MARKDOWN):
        parts = PurePosixPath(path).parts
        is_post, is_draft = "_posts" in parts[:-1], "_drafts" in parts[:-1]
        if not (is_post or is_draft) and any(part.startswith("_") and part not in included for part in parts):
            continue
        fields, body = front_matter(files, path)
        fields = {**_defaults(settings, path), **fields}
        if is_post or is_draft:
            entry = _post(path, fields, body, ((site or INSIDE), prefix), settings, zone)
            names = tuple(people.get(name, name) for name in entry.authors or author_of(settings))
            entries.append(replace(entry, authors=names, is_draft=entry.is_draft or is_draft))
        elif fields and body.strip() and not re.search(r"\{%\s*for\b", body):
            entries.append(_page(path, fields, body, (site or INSIDE) + prefix))
    return Export("jekyll", site and site + prefix, tuple(entries), left_out=_left_out(files, settings), roots=("",))


def clean(entry: Entry, marks: Marks) -> str:
    """The post's HTML: Liquid resolved, what kramdown adds to Markdown left out or kept as marks."""
    text = resolve_liquid(entry.body, marks)
    text = outside_code(text, lambda part: _plain_kramdown(part, marks))
    return text if entry.key.endswith(".html") else body_html(text)


def _plain_kramdown(text: str, marks: Marks) -> str:
    text = _HIDDEN.sub(lambda match: marks.keep("comment", match[0]), text)
    text = _ATTRIBUTES.sub("", _TABLE_OF_CONTENTS.sub("", _EXTENSION.sub("", text)))
    return markdown_in_html(without_abbreviations(text, marks))


def _left_out(files: Files, settings: Row) -> tuple[LeftOut, ...]:
    """The texts of collections, which a list or a mapping names, and posts in languages that are not read."""
    stated = settings.get("collections")
    texts = files.ending(*_MARKDOWN)
    found = {}
    for name in stated if isinstance(stated, (dict, list)) else ():
        if name != "posts":
            found[f'texts of the collection "{name}"'] = [path for path in texts if f"/_{name}/" in f"/{path}"]
    unread = [path for path in files.ending(*_UNREAD) if "_posts/" in path]
    return left_out({**found, "posts in other languages than Markdown and HTML": unread})


def _post(path: str, fields: Row, body: str, place: tuple[str, str], settings: Row, zone: tzinfo) -> Entry:
    site = "".join(place)
    name = PurePosixPath(path)
    match = DATED_NAME.match(name.stem)
    stem = match["slug"] if match else name.stem
    folders = [part for part in name.parts[:-1] if part not in ("_posts", "_drafts")]
    categories = texts_of(fields.get("categories")) or texts_of(fields.get("category"))
    if len(categories) == 1 and isinstance(fields.get("categories"), str):
        categories = categories[0].split()
    categories = [*folders, *categories]
    tags = fields.get("tags")
    header = row_in(fields, "header")  # of the theme Minimal Mistakes
    picture = next((header[name] for name in ("teaser", "overlay_image", "image") if header.get(name)), None)
    stated = {
        **fields,
        "image": fields.get("image") or picture,
        "categories": categories,
        "tags": tags.split() if isinstance(tags, str) and "," not in tags else tags,
    }
    entry = entry_of(path, stated, body, site, zone)
    published = entry.published
    if published is None and match:
        year, month, day = (int(part) for part in match["date"].split("-"))
        published = datetime(year, month, day, tzinfo=zone)
    slug = text_in(fields, "slug") or stem
    address = _address(fields, settings, published, categories, slug)
    url = site + quote(address, safe="/%:")
    title = entry.title or title_in(body) or stem.replace("-", " ").capitalize()
    feed_id = site + quote(posixpath.join(posixpath.dirname(address.rstrip("/")), slug), safe="/%:")
    guid = entry.guid or (None if site.startswith(INSIDE) else feed_id)  # jekyll-feed: `post.id | absolute_url`
    return replace(
        entry,
        title=title,
        url=url,
        slug=slugify(slug),
        published=published,
        guid=guid,
        topic=categories[0] if categories else None,
        other_urls=tuple(site + _rooted(each) for each in texts_of(fields.get("redirect_from"))),
        names=(inside(f"post_url/{PurePosixPath(path).stem}"), inside(address.lstrip("/"))),
    )


def _page(path: str, fields: Row, body: str, site: str) -> Entry:
    name = PurePosixPath(path)
    given = text_in(fields, "permalink")
    stem = path.removesuffix(name.suffix)
    address = given or ("/" + stem.removesuffix("index") if name.stem == "index" else f"/{stem}.html")
    entry = entry_of(path, fields, body, site + _rooted(address))
    slug = slugify(PurePosixPath(given.strip("/")).stem if given.strip("/") else stem)
    return replace(entry, kind=Kind.PAGE, slug=slug or "index", title=entry.title or name.stem.capitalize())


def _address(fields: Row, settings: Row, date: datetime | None, categories: list[str], slug: str) -> str:
    pattern = text_in(fields, "permalink") or text_in(settings, "permalink") or "date"
    pattern = _STYLES.get(pattern, pattern)
    folders = dict.fromkeys(category.lower() for category in categories)
    values = {"categories": "/".join(folders), "title": slug, "slug": slugify(slug)}
    values["slugified_categories"] = "/".join(dict.fromkeys(map(slugify, folders)))
    values |= {name: f"{date:{form}}" if date else "" for name, form in _DATE_PARTS.items()}
    values |= {"i_month": str(date.month) if date else "", "i_day": str(date.day) if date else ""}
    values["output_ext"] = ".html"
    path = re.sub(r":([a-z_]+)", lambda match: values.get(match[1], match[0]), pattern)
    return _rooted(re.sub(r"/{2,}", "/", path))


def _rooted(path: str) -> str:
    return "/" + path.lstrip("/")


def _defaults(settings: Row, path: str) -> dict[str, object]:
    """The values that `defaults:` gives files of a path."""
    found: dict[str, object] = {}
    for rule in rows(settings, "defaults"):
        scope = row_in(rule, "scope")
        kind = "posts" if "_posts/" in path else "drafts" if "_drafts/" in path else "pages"
        if path.startswith(text_in(scope, "path")) and text_in(scope, "type") in ("", kind):
            found.update({name.lower(): value for name, value in row_in(rule, "values").items()})
    return found


def _people(files: Files) -> dict[str, str]:
    """Names by the keys of `_data/authors.yml`."""
    data = settings_in(files, "_data/authors.yml", "_data/authors.yaml")
    return {key: text_in(value, "name") or key for key, value in data.items() if isinstance(value, dict)}
