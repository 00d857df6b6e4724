"""What the systems that keep Markdown files share: their front matter as an Entry, their settings, tags in the text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from markdown_it import MarkdownIt

from insights.errors import SourceError
from insights.model import Image, Series
from insights.moving.closings import Closings
from insights.moving.entry import Entry, Kind, inside, join_address
from insights.moving.files import Files
from insights.moving.marks import Marks, comment_of
from insights.moving.rows import Row, row_in, text_in
from insights.readers.dates import parse_date
from insights.readers.front_matter_dialects import DATE_FIELDS, extract_fields, split_front_matter
from insights.readers.markdown import markdown_html
from insights.text import slugify

_INLINE = MarkdownIt("commonmark", {"html": True})
_LONE_TOKEN = re.compile("^[ \t]*(\ue000\\d+\ue001)[ \t]*$", re.MULTILINE)
_ABBREVIATION = re.compile(r"^\*\[([^\]\n]+)\]:[ \t]*(.*)$\n?", re.MULTILINE)
_MARKDOWN_IN = re.compile(r"^(?P<open>[ ]*<(?P<name>\w+)\b[^>\n]*\bmarkdown\b[^>\n]*>)[ \t]*\n", re.MULTILINE)
_MARKDOWN_END = re.compile(r"^[ ]*</(?P<name>\w+)>", re.MULTILINE)
_FIRST_HEADING = re.compile(
    r"\A\s*+#[ \t]++(.+?)(?<![ \t])[ \t]*+(?<!#)#*+[ \t]*+(?:\{[^{}\n]*\})?[ \t]*+$", re.MULTILINE
)
DATED_NAME = re.compile(r"^(?P<date>\d{4}-\d{1,2}-\d{1,2})[-_](?P<slug>.+)$")


class _AnyTag(yaml.SafeLoader):
    """YAML of settings with tags of other programs (`!!python/name:…`, `!ENV`): what they stand for is not needed."""


_AnyTag.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def settings_in(files: Files, *names: str) -> Row:
    """The settings of the first of these files that there is; an empty mapping where none can be read."""
    for name in names:
        if files.has(name):
            text = files.text(name)
            try:
                value = tomllib.loads(text) if name.endswith(".toml") else yaml.load(text, _AnyTag)  # noqa: S506 (a SafeLoader)
            except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
                raise SourceError(f"{files.name}/{name}", f"it cannot be read: {error}", "mend it") from error
            return value if isinstance(value, dict) else {}
    return {}


def zone_of(name: str) -> tzinfo:
    """The zone of a name as "Europe/Oslo"; UTC where there is none of that name."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def front_matter(files: Files, path: str) -> tuple[dict[str, object], str]:
    """A file's front matter, keys in lower case, and its body.

    Front matter that cannot be read becomes a comment in the body of a draft, and one of the files' problems.
    """
    text = files.text(path).lstrip("\n")
    try:
        mapping, body = split_front_matter(text, path)
    except SourceError as error:
        files.problems.append(f"{path}: {error.what}")
        _, block, body = re.split(r"^(?:---|\+\+\+)[ \t]*$\n?", text, maxsplit=2, flags=re.MULTILINE)
        return {"draft": True}, f"{comment_of(block)}\n\n{body}"
    return dict(mapping), body


def entry_of(path: str, fields: Mapping[str, object], body: str, url: str, zone: tzinfo = UTC) -> Entry:
    """The entry of a Markdown file; times without a zone are in `zone`. Names of terms are as written."""
    moments = {name: moment for name in DATE_FIELDS if (moment := moment_of(fields.get(name), zone))}
    fields = {**fields, **moments}
    stated = extract_fields(fields, body, None)
    base = inside(path)
    draft = fields.get("draft") is True or fields.get("published") is False or fields.get("publish") is False
    status = text_in(fields, "status").lower()
    image = Image(join_address(base, stated.image.src), stated.image.alt) if stated.image else None
    series = fields.get("series")
    others = [each for name in ("aliases", "redirect_from") for each in texts_of(fields.get(name))]
    return Entry(
        key=path,
        title=stated.title or "",
        body=body,
        url=url,
        base=base,
        slug=slugify(text_in(fields, "slug")),
        kind=Kind.ARTICLE,
        other_urls=tuple(join_address(url, other) for other in others if "/" in other),
        guid=stated.guid,
        published=stated.published,
        updated=stated.updated,
        description=" ".join((stated.description or "").split()),
        authors=stated.authors,
        topic=stated.topic,
        tags=stated.tags,
        image=image,
        series=_series(series) if isinstance(series, dict) else None,
        canonical=stated.canonical if "canonical" in " ".join(fields) else None,
        language=stated.language,
        is_draft=draft or status in ("draft", "hidden"),
    )


def author_of(settings: Row) -> tuple[str, ...]:
    """Whom a site's settings name as its author: a name, or a mapping with one."""
    name = text_in(settings, "author") or text_in(row_in(settings, "author"), "name")
    return (name,) if name else ()


def title_in(body: str) -> str:
    """The text of a heading with which a body begins, "" where it does not."""
    match = _FIRST_HEADING.match(body)
    return re.sub(r"[*_`]", "", match[1]) if match else ""


def body_html(text: str) -> str:
    """The HTML of a Markdown body; a mark alone on its line is a paragraph."""
    return markdown_html(_LONE_TOKEN.sub(r"\n\1\n", text))


def inline_html(text: str) -> str:
    """The HTML of Markdown within one paragraph."""
    html: str = _INLINE.renderInline(text)
    return html


def _series(stated: Row) -> Series | None:
    name, part = text_in(stated, "name"), text_in(stated, "part")
    return Series(name, int(part)) if name and part.isdecimal() and int(part) else None


def without_abbreviations(text: str, marks: Marks) -> str:
    """The text with each abbreviation that it explains (`*[HTML]: …`) as a mark: it has no form here."""
    return _ABBREVIATION.sub(lambda match: f"\n{marks.keep('abbreviation', match[0])}\n\n", text)


def markdown_in_html(text: str) -> str:
    """The text with empty lines around Markdown in an element that says it holds some: they tell it everywhere."""
    parts: list[str] = []
    end = 0
    closings = Closings(_MARKDOWN_END, text)
    for match in _MARKDOWN_IN.finditer(text):
        closing = closings.after(match["name"], match.end())
        if closing is not None and match.start() >= end:
            inside = re.sub(r"^(?=[ ]*<figcaption)", "\n", text[match.end() : closing.start()], flags=re.MULTILINE)
            parts += [text[end : match.start()], f"{match['open']}\n\n{inside.rstrip()}\n\n{closing[0]}"]
            end = closing.end()
    return "".join([*parts, text[end:]])


def moment_of(value: object, zone: tzinfo = UTC) -> datetime | None:
    """A field's moment; one without a zone is in `zone`, a day its first moment there. None for anything else."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    found = parse_date(value) if isinstance(value, str) else None
    is_local = found is not None and not re.search(r"(?:[+-]\d\d:?\d\d|Z|UTC|GMT.*)\s*\)?$", str(value).strip())
    return found.replace(tzinfo=zone) if found and is_local else found


def texts_of(value: object) -> list[str]:
    """A field's texts, whether it is one or a list of them."""
    parts = value if isinstance(value, list) else [value]
    return [str(part) for part in parts if isinstance(part, (str, int, float)) and not isinstance(part, bool)]
