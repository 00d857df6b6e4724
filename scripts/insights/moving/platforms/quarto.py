"""Quarto: reads a website's project: posts with their folder's metadata, what code wrote where it is frozen.

Source: quarto.org/docs (websites, authoring, projects/code-execution). What Pandoc's Markdown means is in `pandoc`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath

from insights.errors import SourceError
from insights.model import Image
from insights.moving.entry import INSIDE, Entry, Export, Kind, inside, join_address, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import body_html, entry_of, front_matter, moment_of, settings_in, texts_of
from insights.moving.marks import Marks, Room
from insights.moving.platforms.pandoc import plain_markdown
from insights.moving.rows import Row, row_in, text_in
from insights.readers.front_matter_dialects import split_front_matter
from insights.text import slugify

_SETTINGS = ("_quarto.yml", "_quarto.yaml")
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+?)\s*>\}\}[ \t]*$", re.MULTILINE)
_CELL = re.compile(r"^```++[ \t]*+\{\w[^}\n]*\}", re.MULTILINE)


def recognises(files: Files) -> bool:
    """Whether there are settings of a Quarto project."""
    return any(files.has(name) for name in _SETTINGS)


def read(files: Files, site_url: str = "") -> Export:
    """The pages of Quarto Markdown; those with a date are articles. Listings are counted as left out."""
    settings = settings_in(files, *_SETTINGS)
    website = row_in(settings, "website") or row_in(settings, "book")
    site = (site_url or text_in(website, "site-url")).rstrip("/")
    entries: list[Entry] = []
    listings: list[str] = []
    unfrozen: list[str] = []
    for path in files.ending(".qmd", ".md"):
        parts = PurePosixPath(path).parts
        if any(part.startswith("_") for part in parts) or parts[-1] in ("README.md", "LICENSE.md"):
            continue
        fields, body = front_matter(files, path)
        fields = {**_folder_fields(files, path), **fields}
        if "listing" in fields:
            listings.append(path)
            continue
        if _CELL.search(body):
            frozen = _frozen(files, path)
            unfrozen += [] if frozen else [path]
            body = frozen or body
        entries.append(_entry(path, fields, _included(files, path, body, Room()), site or INSIDE))
    notebooks = files.ending(".ipynb", ".rmd", ".rmarkdown")
    found = {
        "listing pages": listings,
        "notebooks and R Markdown: make them .qmd first": notebooks,
        "pages whose code's results are not in _freeze: the code comes alone": unfrozen,
    }
    return Export("quarto", site, tuple(entries), left_out=left_out(found))


def clean(entry: Entry, marks: Marks) -> str:
    """The page's HTML, from Pandoc's Markdown."""
    return body_html(plain_markdown(entry.body, marks))


def _entry(path: str, fields: Row, body: str, site: str) -> Entry:
    name = PurePosixPath(path)
    stem = path.removesuffix(name.suffix)
    published = moment_of(fields.get("date"))
    is_article = published is not None or "posts/" in path
    categories = texts_of(fields.get("categories"))
    stated = {**fields, "tags": categories, "categories": None, "author": _names(fields.get("author"))}
    url = f"{site}/{stem}.html"
    folder = f"{site}/{stem.removesuffix('index')}" if name.stem == "index" else ""
    entry = entry_of(path, stated, body, folder or url)
    aliases = tuple(join_address(url, alias) for alias in texts_of(fields.get("aliases")))
    slug = name.parent.name if name.stem == "index" else name.stem
    subtitle = text_in(fields, "subtitle")
    image = text_in(fields, "image")
    return replace(
        entry,
        kind=Kind.ARTICLE if is_article else Kind.PAGE,
        title=entry.title or slug.replace("-", " ").capitalize(),
        slug=slugify(slug) or "index",
        published=published,
        updated=moment_of(fields.get("date-modified")),
        description=text_in(fields, "description") or subtitle,
        image=Image(join_address(inside(path), image), text_in(fields, "image-alt")) if image else None,
        guid=url if is_article and not site.startswith(INSIDE) else None,
        other_urls=(url, *aliases) if folder else aliases,
        names=(inside(path),),
    )


def _names(authors: object) -> list[str]:
    """The names of authors, each a text, or a mapping whose name may be in parts."""
    names: list[str] = []
    for author in authors if isinstance(authors, list) else [authors]:
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, dict):
            name = text_in(name, "literal") or f"{text_in(name, 'given')} {text_in(name, 'family')}".strip()
        names += [name] if isinstance(name, str) and name else []
    return names


def _folder_fields(files: Files, path: str) -> dict[str, object]:
    """What `_metadata.yml` of a page's folders say, the nearest last."""
    found: dict[str, object] = {}
    for folder in reversed(PurePosixPath(path).parents):
        place = "" if folder.as_posix() == "." else f"{folder.as_posix()}/"
        found |= {str(key).lower(): value for key, value in settings_in(files, f"{place}_metadata.yml").items()}
    return found


def _frozen(files: Files, path: str) -> str:
    """A page's Markdown with what its code wrote, as `freeze:` keeps it; pictures by where they are kept. "" if not."""
    stem = path.removesuffix(PurePosixPath(path).suffix)
    name = f"_freeze/{stem}/execute-results/html.json"
    if not files.has(name):
        return ""
    try:
        markdown = json.loads(files.read(name))["result"]["markdown"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{files.name}/{name}", f"it cannot be read: {error}", "render the project again") from error
    _, body = split_front_matter(str(markdown).lstrip("\n"), path)
    last = f"{PurePosixPath(stem).name}_files/"
    for opening in ("(", "(./", '"', '"./'):
        body = body.replace(opening + last, opening[0] + inside(f"_freeze/{stem}/"))
    return body


def _included(files: Files, path: str, body: str, room: Room, depth: int = 0) -> str:
    """The body with the files that it includes; what is not there stays, for its mark."""

    def include(match: re.Match[str]) -> str:
        name = PurePosixPath(join_address(inside(path), match[1]).removeprefix(f"{INSIDE}/")).as_posix()
        if depth > 3 or not files.has(name):
            return match[0]
        _, inner = front_matter(files, name)
        return _included(files, name, inner.strip("\n"), room, depth + 1) if room.takes(inner) else match[0]

    return _INCLUDE.sub(include, body)
