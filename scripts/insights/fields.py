"""Front matter typed: its values as a struct, or what is wrong with them, with the place and in plain words.

Which fields there are, and of which type, is said by the `msgspec.Struct` that is given; nothing here knows articles.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import msgspec

from insights.frontmatter import FrontMatter
from insights.model import Finding, Level
from insights.text import nearest, without_steering

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

Fields = TypeVar("Fields", bound=msgspec.Struct)


def read_fields(
    front: FrontMatter, fields: type[Fields], path: str, hints: Mapping[str, str]
) -> tuple[Fields | None, tuple[Finding, ...]]:
    """The fields as `fields`, and every problem in them; None if a field that is required is missing or wrong.

    A wrong optional field takes its default, so that one mistake does not hide the article. `hints` says for a
    field, or for what it is called elsewhere, what to write.
    """
    infos = _infos(fields)
    types = _hints(fields)
    findings: list[Finding] = []
    values: dict[str, object] = {}
    for key, raw in front.values.items():
        info = infos.get(key)
        if info is None:
            place = front.positions[f"{key}:"]
            close = nearest(key, infos)
            meant = f'use "{close}"' if close else hints.get(key.lower())
            fix = meant or f"remove it; the fields are: {', '.join(infos)}"
            findings.append(
                Finding(path, place.line, place.column, "field-unknown", f'unknown field "{key}"', fix, Level.WARNING)
            )
        elif raw is not None:
            plain = _plain(raw)
            if plain != raw:
                place = front.positions[key]
                message = f'"{key}" holds characters that turn, move or hide text: they are left out'
                findings.append(
                    Finding(path, place.line, place.column, "field-steering", message, "remove them", Level.WARNING)
                )
            try:
                values[info.name] = msgspec.convert(
                    _with_dates(plain, types[info.name]), types[info.name], strict=False
                )
            except msgspec.ValidationError as error:
                place = front.positions.get(key + _error_path(str(error)), front.positions[key])
                fix = hints.get(key, "")
                message = f'"{key}": {_plain_message(str(error))}'
                findings.append(Finding(path, place.line, place.column, "field-invalid", message, fix))
    for info in infos.values():
        if info.required and info.name not in values:
            if front.values.get(info.encode_name) is None:
                message, fix = f'the field "{info.encode_name}" is missing', hints.get(info.encode_name, "")
                findings.append(Finding(path, 1, 1, "field-missing", message, fix))
            return None, tuple(findings)
    return fields(**values), tuple(findings)


def _plain(raw: object) -> object:
    """The value without characters that would reorder or hide what stands around it, on a page or in a header."""
    if isinstance(raw, dict):
        return {key: _plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_plain(value) for value in raw]
    return without_steering(raw) if isinstance(raw, str) else raw


def _with_dates(raw: object, annotation: Any) -> object:
    """Widens a bare date to midnight UTC where the field takes a datetime, which RFC 3339 wants in full."""
    if isinstance(raw, dict):
        structs = [part for part in (annotation, *_flatten(annotation)) if _is_struct(part)]
        hints = {key: hint for part in structs for key, hint in _hints(part).items()}
        return {key: _with_dates(value, hints.get(key)) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_with_dates(value, annotation) for value in raw]
    if isinstance(raw, str) and any(part is datetime for part in _flatten(annotation)):
        if _DATE.fullmatch(raw):
            return f"{raw}T00:00:00Z"
        return re.sub(r"^(\S{10}[ T]\d\d:\d\d)(?=$|Z|[+-])", r"\1:00", raw)
    return raw


@cache
def _infos(fields: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {info.encode_name: info for info in msgspec.structs.fields(fields)}


@cache
def _hints(fields: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(fields, include_extras=True)


@cache
def _flatten(annotation: Any) -> tuple[Any, ...]:
    parts = get_args(annotation)
    return (annotation, *(nested for part in parts for nested in _flatten(part)))


def _is_struct(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, msgspec.Struct)


def _error_path(message: str) -> str:
    match = re.search(r" - at `\$([^`]*)`", message)
    return match[1] if match else ""


def _plain_message(message: str) -> str:
    message = re.sub(r" - at `\$[^`]*`", "", message)
    for technical, plain in (
        ("Invalid RFC3339 encoded datetime", "not a date"),
        ("Expected `datetime` with a timezone component", "a time without its zone"),
        ("Expected `bool`, got `str`", "neither true nor false"),
        ("Expected `array`, got `str`", "a list is expected"),
        ("Expected `array`, got `object`", "a list is expected"),
        ("Expected `str`, got `array`", "one value is expected, not a list"),
        ("Expected `str`, got `object`", "a text is expected; put it in quotes if it holds a colon"),
        ("Expected `int`, got `str`", "a whole number is expected"),
        ("Expected `str` of length >= 1", "it is empty"),
    ):
        message = message.replace(technical, plain)
    return message[:1].lower() + message[1:]
