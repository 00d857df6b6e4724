"""Front matter of other systems (YAML, TOML, JSON, lines as Pelican's and Pandoc's) → the fields of an Extract."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import yaml

from insights.errors import SourceError
from insights.model import Evidence, Extract, Image
from insights.readers.dates import parse_date

_NAMES = {
    "title": ("title", "headline"),
    "description": ("description", "summary", "excerpt", "abstract", "subtitle", "lead"),
    "authors": ("authors", "author", "byline"),
    "published": (
        "date",
        "published",
        "publishdate",
        "pubdate",
        "created",
        "created_at",
        "published_at",
        "date_published",
        "date created",
    ),
    "updated": ("updated", "lastmod", "modified", "last_modified_at", "updated_at", "date_modified", "date modified"),
    "topic": ("topic", "category", "categories", "section"),
    "tags": ("tags", "keywords", "tag"),
    "canonical": ("canonical", "canonical_url", "canonicalurl", "permalink", "link"),
    "guid": ("guid", "id", "uuid"),
    "language": ("language", "lang", "locale"),
    "image": (
        "image",
        "cover",
        "cover_image",
        "coverimage",
        "thumbnail",
        "featured_image",
        "featuredimage",
        "feature_image",
        "hero",
        "banner",
    ),
}
DATE_FIELDS = frozenset({*_NAMES["published"], *_NAMES["updated"]})
"""The fields that hold a moment."""
_MAX_CHARACTERS = 100_000
_FENCED = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PELICAN = re.compile(r"\A(?:(?:title|date|author|tags|category|summary|slug|modified)[ \t]*:[^\n]*\n)+(?:\n|\Z)", re.I)
_PANDOC = re.compile(
    r"\A%[ \t](?P<title>[^\n]*)(?:\n%[ \t]*(?P<author>[^\n]*))?(?:\n%[ \t]*(?P<date>[^\n]*))?(?:\n|\Z)"
)


def split_front_matter(text: str, name: str) -> tuple[Mapping[str, object], str]:
    """The front matter's mapping (keys in lower case) and the text after it; an empty mapping where there is none.

    Raises SourceError where it is fenced as front matter but cannot be read.
    """
    if match := _FENCED.match(text):
        return _parsed(match[1], match[2], name), text[match.end() :]
    if text.startswith("{") and re.match(r"\{\s*\"", text):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except json.JSONDecodeError:
            return {}, text
        return _lowered(value), text[end:]
    if match := _PELICAN.match(text):
        pairs = (line.partition(":") for line in match[0].strip().split("\n"))
        return {key.strip().lower(): value.strip() for key, _, value in pairs}, text[match.end() :]
    if match := _PANDOC.match(text):
        return {key: value.strip() for key, value in match.groupdict("").items()}, text[match.end() :]
    return {}, text


class _Loader(yaml.SafeLoader):
    """YAML without aliases: nine of them in nine steps unfold to more than any memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias is not allowed")
        return super().compose_node(parent, index)


def _parsed(fence: str, block: str, name: str) -> Mapping[str, object]:
    if len(block) > _MAX_CHARACTERS:
        what = f"the front matter has over {_MAX_CHARACTERS:,} characters"
        raise SourceError(name, what, "close it with a line of its three marks")
    try:
        return _lowered(tomllib.loads(block) if fence == "+++" else yaml.load(block, _Loader))  # noqa: S506 (it is safe)
    except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        detail = " ".join(str(error).split())
        raise SourceError(
            name, f"the front matter cannot be read: {detail}", "quote values that hold a colon"
        ) from error


def _lowered(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        return {}
    pairs = {str(key).lower(): part for key, part in value.items()}
    for nested in ("taxonomies", "extra", "params"):  # Zola and Hugo keep terms a level deeper
        inner = pairs.pop(nested, None)
        if isinstance(inner, dict):
            pairs = {str(key).lower(): part for key, part in inner.items()} | pairs
    return pairs


def extract_fields(mapping: Mapping[str, object], body: str, title: str | None) -> Extract:
    """The Extract of a body and its front matter; `title` is the body's own, used where the front matter has none."""
    stated = {field: _value(mapping, names) for field, names in _NAMES.items()}
    evidence = [Evidence(field, str(value), f"front matter {name}") for field, (name, value) in stated.items() if name]
    if not stated["title"][0] and title:
        evidence.append(Evidence("title", title, "first heading"))
    topics = tuple(_terms(stated["topic"][1]))
    tags = (*_terms(stated["tags"][1]), *topics[1:])
    image, alt = _text(stated["image"][1]), stated["image"][1]
    return Extract(
        body=body,
        title=_text(stated["title"][1]) or title,
        description=_text(stated["description"][1]),
        authors=tuple(_terms(stated["authors"][1])),
        published=_moment(stated["published"][1]),
        updated=_moment(stated["updated"][1]),
        topic=topics[0] if topics else None,
        tags=tuple(dict.fromkeys(tags)),
        canonical=canonical if (canonical := _text(stated["canonical"][1])) and "://" in canonical else None,
        guid=_text(stated["guid"][1]),
        language=_text(stated["language"][1]),
        image=Image(image, str(alt.get("alt") or "") if isinstance(alt, dict) else "") if image else None,
        evidence=tuple(evidence),
    )


def _value(mapping: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, object]:
    for name in names:
        if mapping.get(name) not in (None, "", [], {}):
            return name, mapping[name]
    return "", None


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        value = next((value[key] for key in ("src", "url", "image", "path", "name", "relative") if key in value), None)
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value).strip() or None if isinstance(value, (str, int, float)) else None


def _terms(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in re.split("[,;]", value) if part.strip())
    elif isinstance(value, list):
        for part in value:
            term = part.get("name") or part.get("title") if isinstance(part, dict) else part
            if isinstance(term, (str, int)) and str(term).strip():
                yield str(term).strip()
    elif isinstance(value, dict) and isinstance(value.get("name"), str):
        yield str(value["name"])


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return parse_date(value) if isinstance(value, str) else None
