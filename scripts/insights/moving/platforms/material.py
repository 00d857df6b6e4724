"""Material for MkDocs with its blog plugin: reads a project's folder; posts as articles, other pages as pages.

Source: squidfunk.github.io/mkdocs-material (plugins/blog, reference), facelessuser.github.io/pymdown-extensions.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from pymdownx.slugs import slugify as pymdownx_slug  # type: ignore[import-untyped]

from insights.model import Author
from insights.moving.entry import INSIDE, Entry, Export, Kind, inside, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import body_html, entry_of, front_matter, moment_of, settings_in, texts_of, title_in
from insights.moving.marks import Marks
from insights.moving.platforms.pymdownx import plain_markdown
from insights.moving.rows import Row, row_in, text_in
from insights.text import slugify

_SETTINGS = ("mkdocs.yml", "mkdocs.yaml")
_DATE_PARTS = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d"}
_SNIPPET = re.compile(r"^[ \t]*-+8<-+[ \t]+\"([^\"\n:]+)\"[ \t]*$", re.MULTILINE)


def recognises(files: Files) -> bool:
    """Whether MkDocs' settings name the blog plugin."""
    return any(files.has(name) and _blog(settings_in(files, name)) is not None for name in _SETTINGS)


def read(files: Files, site_url: str = "") -> Export:
    """The posts, and every other Markdown page below `docs_dir` as a page."""
    settings = settings_in(files, *_SETTINGS)
    blog = _blog(settings) or {}
    root = f"{text_in(settings, 'docs_dir') or 'docs'}/"
    site = (site_url or text_in(settings, "site_url")).rstrip("/")
    place = "" if text_in(blog, "blog_dir") == "." else f"{(text_in(blog, 'blog_dir') or 'blog').strip('/')}/"
    posts = (
        root + posixpath.normpath((text_in(blog, "post_dir") or "{blog}/posts").replace("{blog}", place or ".")) + "/"
    )
    authors = _authors(files, root + place)
    former = _former_urls(settings, site or INSIDE)
    entries: list[Entry] = []
    for path in files.ending(".md"):
        if not path.startswith(root) or path == f"{root}{place}index.md":
            continue
        fields, body = front_matter(files, path)
        title = text_in(fields, "title") or title_in(body)
        context = dict(_snippets(files, body, root))
        stated = {**fields, "title": title, "date": _date(fields, "created"), "updated": _date(fields, "updated")}
        if path.startswith(posts):
            entry = _post(path, stated, body, (site or INSIDE, place), blog)
            people = tuple(authors[name].name if name in authors else name for name in texts_of(fields.get("authors")))
            entry = replace(entry, authors=people)
        else:
            entry = _page(path, root, stated, body, site or INSIDE)
        name = path.removeprefix(root)
        others = (*entry.other_urls, *former.get(name, ()))
        entries.append(replace(entry, context=context, names=(inside(name),), other_urls=others))
    notebooks = files.ending(".ipynb")
    left, writers = left_out({"notebooks": notebooks}), tuple(authors.values())
    return Export("material", site, tuple(entries), writers, left_out=left, roots=(root, f"{root}{place}"))


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML: what Python-Markdown's extensions add to Markdown in the forms that the common reader knows."""
    return body_html(plain_markdown(entry.body, marks, entry.context))


def _blog(settings: Row) -> Row | None:
    """The blog plugin's options; None where it is not among the plugins."""
    return _plugins(settings).get("blog")


def _former_urls(settings: Row, site: str) -> dict[str, tuple[str, ...]]:
    """Former addresses by the file to which mkdocs-redirects leads from them."""
    maps = row_in(_plugins(settings).get("redirects", {}), "redirect_maps")
    found: dict[str, tuple[str, ...]] = {}
    for old, new in maps.items():
        target = str(new).partition("#")[0]
        found[target] = (*found.get(target, ()), f"{site}/{_page_path(str(old))}")
    return found


def _plugins(settings: Row) -> dict[str, Row]:
    """The options of each plugin, by its name without a theme's before it."""
    plugins = settings.get("plugins")
    pairs = list(plugins.items()) if isinstance(plugins, dict) else []
    for part in plugins if isinstance(plugins, list) else []:
        pairs += part.items() if isinstance(part, dict) else [(part, {})]
    return {str(name).rpartition("/")[2]: options if isinstance(options, dict) else {} for name, options in pairs}


def _authors(files: Files, folder: str) -> dict[str, Author]:
    people = row_in(settings_in(files, f"{folder}.authors.yml"), "authors")
    return {
        key: Author(slugify(key), text_in(row, "name") or key, description=text_in(row, "description"))
        for key, row in people.items()
        if isinstance(row, dict)
    }


def _snippets(files: Files, body: str, root: str) -> Iterator[tuple[str, str]]:
    """The files that a page includes, by the names it gives them."""
    for name in dict.fromkeys(_SNIPPET.findall(body)):
        for path in (name, f"{root}{name}", f"includes/{name}", f"snippets/{name}"):
            if files.has(path):
                yield name, files.text(path)
                break


def _date(fields: Row, part: str) -> datetime | None:
    """`date:` is one date, or a mapping of created and updated. Dates without a zone are UTC."""
    stated = fields.get("date")
    if isinstance(stated, dict):
        return moment_of(stated.get(part), UTC)
    return moment_of(stated, UTC) if part == "created" else None


def _post(path: str, fields: Row, body: str, place: tuple[str, str], blog: Row) -> Entry:
    title, date = text_in(fields, "title"), fields.get("date")
    slug = text_in(fields, "slug") or pymdownx_slug(case="lower")(title, text_in(blog, "post_slugify_separator") or "-")
    form = text_in(blog, "post_url_date_format") or "yyyy/MM/dd"
    day = f"{date:{re.sub('yyyy|yy|MM|dd', lambda m: _DATE_PARTS[m[0]], form)}}" if isinstance(date, datetime) else ""
    categories = texts_of(fields.get("categories"))
    values = {
        "date": day,
        "slug": slug,
        "file": PurePosixPath(path).stem,
        "categories": "/".join(map(slugify, categories)),
    }
    pattern = text_in(blog, "post_url_format") or "{date}/{slug}"
    address = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], ""), pattern).strip("/")
    url = f"{place[0]}/{place[1]}{address}/"
    entry = entry_of(path, fields, body, url)
    is_known = not place[0].startswith(INSIDE)
    return replace(entry, slug=slugify(slug), guid=entry.guid or (url if is_known else None), image=entry.image)


def _page_path(name: str) -> str:
    """Where MkDocs puts the page of a file: "guide/setup/", "" for the front page."""
    place = re.sub(r"(?:^|(?<=/))(?:index|README)$", "", name.removesuffix(".md")).strip("/")
    return f"{place}/" if place else ""


def _page(path: str, root: str, fields: Row, body: str, site: str) -> Entry:
    name = _page_path(path.removeprefix(root))
    entry = entry_of(path, fields, body, f"{site}/{name}")
    stem = PurePosixPath(name.strip("/") or "index").name
    title = entry.title or stem.replace("-", " ").capitalize()
    return replace(entry, kind=Kind.PAGE, slug=slugify(stem), title=title, published=None)
