"""Pelican: reads a site's folder: Markdown, reStructuredText and HTML with Pelican's metadata; settings are not run.

Source: docs.getpelican.com (content, settings: URL settings).
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

import turbohtml

from insights.errors import SourceError
from insights.moving.entry import INSIDE, Entry, Export, Kind, inside, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import (
    body_html,
    entry_of,
    front_matter,
    markdown_in_html,
    moment_of,
    without_abbreviations,
    zone_of,
)
from insights.moving.marks import Marks
from insights.moving.platforms.pelican_body import plain_markdown
from insights.moving.platforms.rst import rst_fields, rst_html
from insights.moving.rows import Row, text_in
from insights.readers.markdown_dialects import outside_code
from insights.text import slugify

_SETTINGS = ("pelicanconf.py", "publishconf.py")
# A regular expression of the settings is matched where no name can keep it busy: it has few
# repetitions, none of which stands in another, and a name few letters.
_NAME_CHARACTERS, _MOST_REPETITIONS = 255, 3
_REPETITION = re.compile(r"[*+]|\{\d*,")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_ENDINGS = (".md", ".markdown", ".mkd", ".rst", ".html", ".htm")
_METADATA = re.compile(r"\A(?:[A-Za-z][\w-]*[ \t]*:[^\n]*\n(?:[ ]{4,}[^\n]*\n)*)+")
_TERMS = frozenset({"tags", "authors"})


def recognises(files: Files) -> bool:
    """Whether there are Pelican's settings."""
    return files.has(_SETTINGS[0])


def read(files: Files, site_url: str = "") -> Export:
    """Articles and pages below PATH, with their addresses by the settings; hidden ones come as drafts."""
    settings: dict[str, object] = {}
    for name in _SETTINGS:
        if files.has(name):
            settings |= _constants(files.text(name), f"{files.name}/{name}")
    site = (site_url or text_in(settings, "SITEURL")).rstrip("/")
    root = f"{(text_in(settings, 'PATH') or 'content').strip('./')}/"
    entries: list[Entry] = []
    skipped: list[str] = []
    for path in files.ending(*_ENDINGS):
        place = PurePosixPath(path.removeprefix(root))
        if not path.startswith(root) or place.parts[0] in ("extra", "static", "theme"):
            continue
        fields, body = _fields(files, path)
        fields = {**dict(_named(settings, place)), **fields}
        status = text_in(fields, "status").lower()
        if not text_in(fields, "title") or status == "skip":
            skipped.append(path)
            continue
        entries.append(_entry(path, place, fields, body, settings, site))
    unread = [path for path in files.ending(".ipynb", ".adoc", ".asciidoc", ".org") if path.startswith(root)]
    found = {"files without a title, or to be skipped": skipped, "files in languages of Pelican's plugins": unread}
    return Export("pelican", site, tuple(entries), left_out=left_out(found), roots=(root,))


def clean(entry: Entry, marks: Marks) -> str:
    """The article's HTML: links by file name resolved, the rest as Markdown or reStructuredText."""
    if entry.key.endswith((".html", ".htm")):
        return plain_markdown(entry.body, marks)
    text = plain_markdown(entry.body, marks)
    if entry.key.endswith(".rst"):
        return rst_html(text, marks)
    return body_html(outside_code(text, lambda part: markdown_in_html(without_abbreviations(part, marks))))


def _constants(code: str, name: str) -> dict[str, object]:
    """What the settings assign as plain values: texts, numbers, lists."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise SourceError(name, f"line {error.lineno}: it is no Python: {error.msg}", "mend it") from error
    found: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def _fields(files: Files, path: str) -> tuple[dict[str, object], str]:
    """A file's metadata, names in lower case, and its body."""
    if path.endswith(".rst"):
        return rst_fields(files.text(path))
    if path.endswith((".html", ".htm")):
        return _html_fields(files.text(path))
    text = files.text(path).lstrip("\n")
    if text.startswith(("---\n", "+++\n", "{")):
        return front_matter(files, path)
    match = _METADATA.match(text)
    if match is None:
        return {}, text
    fields: dict[str, object] = {}
    name = ""
    for line in match[0].rstrip("\n").split("\n"):
        if line.startswith("    "):
            fields[name] = f"{fields[name]}, {line.strip()}" if name in _TERMS else f"{fields[name]} {line.strip()}"
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        fields[name] = value.strip()
    return fields, text[match.end() :]


def _html_fields(text: str) -> tuple[dict[str, object], str]:
    document = turbohtml.parse(text, positions=False)
    fields: dict[str, object] = {}
    for meta in document.select("meta[name]"):
        fields[(meta.attr("name") or "").lower()] = meta.attr("content") or meta.attr("contents") or ""
    if title := document.select_one("title"):
        fields["title"] = " ".join(title.text.split())
    body = document.select_one("body")
    return fields, body.inner_html if body is not None else ""


def _entry(path: str, place: PurePosixPath, fields: Row, body: str, settings: Row, site: str) -> Entry:
    zone = zone_of(text_in(settings, "TIMEZONE"))
    is_page = place.parts[0] == "pages"
    folder = place.parts[-2] if len(place.parts) > 1 and settings.get("USE_FOLDER_AS_CATEGORY", True) else ""
    category = text_in(fields, "category") or ("" if is_page else folder)
    date = moment_of(text_in(fields, "date"), zone)
    source = place.stem if text_in(settings, "SLUGIFY_SOURCE") == "basename" else text_in(fields, "title")
    slug = text_in(fields, "slug") or _slug(source)
    author = text_in(fields, "authors") or text_in(fields, "author") or text_in(settings, "AUTHOR")
    stated = {**fields, "category": None, "topic": category or None, "authors": _people(author), "author": None}
    address = _address(settings, "PAGE" if is_page else "ARTICLE", fields, (slug, date, category, author))
    entry = entry_of(path, stated, body, (site or INSIDE) + address, zone)
    default = text_in(settings, "DEFAULT_CATEGORY") or "misc"
    return replace(
        entry,
        kind=Kind.PAGE if is_page else Kind.ARTICLE,
        slug=slugify(slug),
        published=date,
        updated=moment_of(text_in(fields, "modified"), zone),
        topic=category if category and category.casefold() not in (default.casefold(), "misc") else None,
        guid=None if is_page or not site or date is None or entry.is_draft else _tag_uri(site, address, date),
        names=(inside(place.as_posix()), inside(place.name)),
    )


def _named(settings: Row, place: PurePosixPath) -> Iterator[tuple[str, str]]:
    """What a file's name and path say of it: the named groups of the settings' two regular expressions."""
    for setting, default, text in (
        ("FILENAME_METADATA", r"(?P<date>\d{4}-\d{2}-\d{2}).*", place.stem),
        ("PATH_METADATA", "", place.as_posix()),
    ):
        pattern = text_in(settings, setting) or default
        if _REPEATED_GROUP.search(pattern) or len(_REPETITION.findall(pattern)) > _MOST_REPETITIONS:
            continue
        with suppress(re.error):
            match = re.match(pattern, text[:_NAME_CHARACTERS])
            yield from ((name.lower(), value) for name, value in (match.groupdict() if match else {}).items() if value)


def _people(text: str) -> list[str]:
    """Names with a comma between them; with a semicolon where names hold commas themselves."""
    return [name.strip() for name in text.split(";" if ";" in text else ",") if name.strip()]


def _slug(title: str) -> str:
    """A title as Pelican makes a slug of it: no sign but letters, digits and hyphens."""
    text = unicodedata.normalize("NFKD", re.sub(r"<[^<>]*>", "", title)).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text)).strip().lower()


def _tag_uri(site: str, address: str, date: datetime) -> str:
    """The id of an entry in Pelican's feeds (RFC 4151), as feedgenerator makes it of address and day."""
    host = site.partition("://")[2].partition("/")
    path = f"/{host[2]}{address}" if host[2] else address
    return f"tag:{host[0].partition(':')[0]},{date:%Y-%m-%d}:{quote(path, safe='/%')}"


def _address(settings: Row, kind: str, fields: Row, known: tuple[str, datetime | None, str, str]) -> str:
    """A path on the site by ARTICLE_URL or PAGE_URL, or as the file itself says."""
    slug, date, category, author = known
    language = text_in(fields, "lang")
    is_other = bool(language) and language != (text_in(settings, "DEFAULT_LANG") or "en")
    name = f"{kind}_LANG_URL" if is_other else f"{kind}_URL"
    default = ("pages/" if kind == "PAGE" else "") + ("{slug}-{lang}.html" if is_other else "{slug}.html")
    if text_in(fields, "status").lower() == "draft":
        name, default = f"DRAFT_{name}", f"drafts/{default}"
    pattern = text_in(fields, "url") or text_in(settings, name) or default
    values: Mapping[str, object] = {
        "slug": slug,
        "lang": language,
        "date": date or datetime(1970, 1, 1, tzinfo=UTC),
        "category": _slug(category or text_in(settings, "DEFAULT_CATEGORY") or "misc"),
        "author": _slug((_people(author) or [""])[0]),
    }
    try:
        filled = pattern.format_map(values)
    except (KeyError, ValueError, IndexError):
        filled = default.format_map(values)
    return "/" + filled.lstrip("/").removesuffix("index.html")
