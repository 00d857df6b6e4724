"""What the systems that keep Markdown files share: their front matter as an Entry, their settings, tags in the text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
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
_FENCE = re.compile(
    r"^(?P<indent>[ >]*)(?P<mark>```++|~~~++)[^\n]*\n.*?(?:^[ >]*(?P=mark)[`~]*[ \t]*$|\Z)", re.M | re.S
)
_INLINE_CODE = re.compile(r"(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_HEADING_ID = re.compile(r"<h([1-6])>((?:(?!<h[1-6]>)[^{\n]|\{(?!:?\s*#))*+)\{:?\s*+#([\w:.-]++)[^{}<]*\}</h\1>")
_LONE_TOKEN = re.compile("^[ \t]*(\ue000\\d+\ue001)[ \t]*$", re.MULTILINE)
_NOTE = re.compile(r"(?<!\\)\^\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]")
_ATTRIBUTES = re.compile(r"(?<=[)\]`\ue005])\{[^{}\n]*\}")
_FENCE_HEAD = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>```+|~~~+)[ \t]*"
    r"(?:\{[ ]*\.(?P<class>[\w+#-]++)(?P<more>[^}\n]*)\}|(?P<name>[\w+#.-]++)(?P<rest>[^\n`]*))$",
    re.MULTILINE,
)
_FENCE_TITLE = re.compile(r"\b(?:title|filename)=(?:\"([^\"\n]*)\"|'([^'\n]*)')")
_HIGHLIGHT = re.compile(r"(?<!=)==(?=\S)([^=\n]+?)(?<=\S)==(?!=)")
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
    """The HTML of a Markdown body; `{#id}` after a heading is its id, a mark alone on its line a paragraph."""
    text = _LONE_TOKEN.sub(r"\n\1\n", text)
    html = _HEADING_ID.sub(
        lambda match: f'<h{match[1]} id="{match[3]}">{match[2].rstrip()}</h{match[1]}>', markdown_html(text)
    )
    return html.replace('<hr class="footnotes-sep" />\n', "").replace('<hr class="footnotes-sep">\n', "")


def inline_html(text: str) -> str:
    """The HTML of Markdown within one paragraph."""
    html: str = _INLINE.renderInline(text)
    return html


def _series(stated: Row) -> Series | None:
    name, part = text_in(stated, "name"), text_in(stated, "part")
    return Series(name, int(part)) if name and part.isdecimal() and int(part) else None


def box(kind: str, title: str, text: str) -> str:
    """A box as MkDocs writes it, which the common reader knows: `!!! kind "title"` and the text below, indented."""
    if not text.strip():
        title, text = "", title
    lines = "\n".join(f"    {line}" if line else "" for line in text.strip("\n").split("\n"))
    quoted = title.replace('"', "'")
    return f"\n\n!!! {kind.lower()}" + (f' "{quoted}"' if title else "") + f"\n{lines}\n\n"


def notes_below(text: str) -> str:
    """Pandoc's notes in the text (`^[note]`) as references, the notes at the end; only outside code."""
    notes: list[str] = []

    def refer(match: re.Match[str]) -> str:
        notes.append(match[1])
        return f"[^inline-{len(notes)}]"

    text = outside_code(text, lambda part: _NOTE.sub(refer, part))
    return text + "".join(f"\n\n[^inline-{number}]: {note}" for number, note in enumerate(notes, 1))


def plain_fences(text: str) -> str:
    """The text with each fence of code naming its language alone; the title that it gives its code stands above it."""

    def plain(match: re.Match[str]) -> str:
        found = _FENCE_TITLE.search(match["more"] or match["rest"] or "")
        title = f"{match['indent']}*{found[1] or found[2]}*\n\n" if found else ""
        return f"{title}{match['indent']}{match['mark']}{match['class'] or match['name']}"

    return _FENCE_HEAD.sub(plain, text)


def without_attributes(text: str) -> str:
    """The text without attribute lists after links, pictures and spans: `{ width="300" }`, `{.external}`."""
    return _ATTRIBUTES.sub("", text)


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


def with_highlights(text: str) -> str:
    """What is marked with a highlighter (`==this==`) as strong text: Markdown has no other mark for it."""
    return _HIGHLIGHT.sub(r"<strong>\1</strong>", text)


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


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The Markdown with `change` made to what is no block or span of code."""
    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [_outside_spans(text[end : fence.start()], change), fence[0]]
        end = fence.end()
    return "".join([*parts, _outside_spans(text[end:], change)])


def _outside_spans(text: str, change: Callable[[str], str]) -> str:
    """Spans are held back as tokens, so that `change` sees what stands around them in one piece."""
    spans: list[str] = []

    def hold(match: re.Match[str]) -> str:
        spans.append(match[0])
        return f"\ue004{len(spans) - 1}\ue005"

    changed = change(_INLINE_CODE.sub(hold, text))
    return re.sub("\ue004(\\d+)\ue005", lambda match: spans[int(match[1])], changed)
