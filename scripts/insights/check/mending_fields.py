"""An article's text with its front matter mended: names of fields, forms of values, canonical names of terms.

Only what can mean one thing alone is changed: "03/04/2026" is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath

from insights.check.collection import Collection
from insights.check.fields import clean_line
from insights.frontmatter import FrontMatter, edit_front_matter, parse_front_matter
from insights.model import Author, Tag
from insights.readers.pasted import parse_date, split_site_suffix
from insights.schema import SYNONYMS, ArticleFields
from insights.text import fold, slugify

_FIELDS = tuple(ArticleFields.__struct_fields__)
_TRUTH = {"yes": True, "y": True, "on": True, "no": False, "n": False, "off": False, "true": True, "false": False}
_UNQUOTED = re.compile(r"^(?P<key>title|description): (?P<value>[^\"'\[{>|&*!%@`#\s][^\n]*: [^\n]*)$", re.MULTILINE)
_NUMBERS_ONLY = re.compile(r"(?P<first>\d{1,2})[./-](?P<second>\d{1,2})[./-](?P<year>\d{4})")


def mend_fields(text: str, path: str, collection: Collection) -> str:
    """The text with its front matter mended; as it is where that cannot be read even so."""
    front, problems = parse_front_matter(text, path)
    if problems and text.startswith("---\n"):
        head, fence, rest = text[4:].partition("\n---")
        quoted = _UNQUOTED.sub(lambda match: f"{match['key']}: {_quoted(match['value'].strip())}", head)
        text = f"---\n{quoted}{fence}{rest}" if fence else text
        front, problems = parse_front_matter(text, path)
    if problems:
        return text
    text = _rename_keys(text, front)
    front, _ = parse_front_matter(text, path)
    changes = _changes(front, path, collection)
    return edit_front_matter(text, changes) if changes else text


def _rename_keys(text: str, front: FrontMatter) -> str:
    """The text with fields of other systems under our names, where ours is not taken."""
    lines = text.split("\n")
    taken = {key for key in front.values if key in _FIELDS}
    for key in front.values:
        plain = key.strip().lower().replace("-", "_").replace(" ", "_")
        name = plain if plain in _FIELDS else SYNONYMS.get(plain)
        if key in _FIELDS or name is None or name in taken:
            continue
        place = front.positions[f"{key}:"]
        line = lines[place.line - 1]
        if line.startswith(key):
            lines[place.line - 1] = name + line[len(key) :]
            taken.add(name)
    return "\n".join(lines)


def _changes(front: FrontMatter, path: str, collection: Collection) -> dict[str, object]:
    changes: dict[str, object] = {}
    values = front.values
    for field, mended in (
        ("title", _title(values.get("title"), collection)),
        ("date", _moment(values.get("date"))),
        ("updated", _moment(values.get("updated"))),
        ("topic", _topic(values.get("topic"), collection)),
        ("tags", _terms(values.get("tags"), lambda term: _name(collection.library.tag(term), term))),
        ("authors", _terms(values.get("authors"), lambda term: _name(collection.library.author(term), term))),
        ("related", _terms(values.get("related"), lambda term: term.removesuffix(".md"))),
        ("draft", _truth(values.get("draft"))),
    ):
        if mended is not None and mended != values.get(field):
            changes[field] = mended
    slug = values.get("slug")
    if isinstance(slug, str) and slugify(slug) == PurePosixPath(path).stem:
        changes["slug"] = None
    return changes


def _title(value: object, collection: Collection) -> str | None:
    if not isinstance(value, str):
        return None
    title = clean_line(value)
    if re.fullmatch(r"[“‘„«][^“”‘’„«»]+[”’“»]", title):
        title = title[1:-1].strip()
    split = split_site_suffix(title)
    return split[0] if split and collection.name and fold(split[1]) == fold(collection.name) else title


def _moment(value: object) -> datetime | None:
    """The day of a date in words or in figures, where it can be one day alone; None for what is right or unclear."""
    if not isinstance(value, str) or re.match(r"\d{4}-\d{2}-\d{2}", value):
        return None
    if match := _NUMBERS_ONLY.fullmatch(value.strip()):
        first, second = int(match["first"]), int(match["second"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if first > 12 else (second, first)
        value = f"{match['year']}-{month:02}-{day:02}"
    elif not re.search(r"\b\d{4}\b", value) or not re.search(r"\b\d{1,2}\b", value):
        return None
    found = parse_date(value)
    return found if found and found.year > 1 and not (found.hour or found.minute) else None


def _topic(value: object, collection: Collection) -> str | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return None
    topic = collection.library.topic(value)
    return topic.name if topic else value


def _terms(value: object, name_of: Callable[[str], str]) -> list[object] | None:
    """The list with each term under its own name and once; a text is cut at its commas."""
    if isinstance(value, str):
        value = [part.strip() for part in re.split(r"[,;]", value) if part.strip()]
    if not isinstance(value, list):
        return None
    terms: dict[str, object] = {}
    for part in value:
        if not isinstance(part, str):
            terms.setdefault(repr(part), part)
        else:
            name = name_of(part.strip())
            terms.setdefault(fold(name), name)
    return list(terms.values())


def _name(term: Tag | Author | None, written: str) -> str:
    return term.name if term else written


def _truth(value: object) -> bool | None:
    """True or false for a word that means it; None for what is right already."""
    if not isinstance(value, str) or value in ("true", "false"):
        return None
    return _TRUTH.get(value.strip().lower())


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
