"""One file's front matter: split from the body, read with the place of every field, typed, edited, written.

This module knows YAML and types, not articles: which fields there are is said by the `msgspec.Struct` it is given.
YAML is read without resolving types (`title: No` stays "No"); the struct's annotations decide. Tags, anchors and
aliases are refused: front matter needs none, and an alias can blow up in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

import msgspec
import yaml

from insights.model import Finding, Level, Position
from insights.plain_yaml import plain_block
from insights.text import iso_date, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MAX_DEPTH = 8
_MAX_CHARACTERS = 100_000

Fields = TypeVar("Fields", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The untyped fields of one file (strings, lists, mappings; None where empty), where each stands, and the body.

    `positions` has one entry for each field ("topic") and list entry ("tags[1]"), at its value, and one for each key
    ("topic:"); `body_line` is the number of the body's first line.
    """

    values: Mapping[str, object]
    positions: Mapping[str, Position]
    body: str
    body_line: int


class _ProblemError(Exception):
    def __init__(self, line: int, column: int, rule: str, message: str, fix: str) -> None:
        self.place = (line, column)
        self.rule, self.message, self.fix = rule, message, fix


def parse_front_matter(text: str, path: str) -> tuple[FrontMatter, tuple[Finding, ...]]:
    """The front matter and body of a file's text; what cannot be read is a Finding, and the values are then empty."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = _FENCE.match(text)
    if match is None:
        opened = text.startswith("---\n")
        finding = Finding(
            path,
            1,
            1,
            "front-matter-open" if opened else "front-matter-missing",
            "the front matter is not closed" if opened else "the file has no front matter",
            'end it with a line "---"' if opened else 'begin the file with "---", its fields, and "---"',
        )
        return FrontMatter({}, {}, text, 1), (finding,)
    body_line = text.count("\n", 0, match.end()) + 1
    body = text[match.end() :]
    try:
        values, positions = _read_yaml(match[1])
    except _ProblemError as problem:
        line, column = problem.place
        finding = Finding(path, line, column, problem.rule, problem.message, problem.fix)
        return FrontMatter({}, {}, body, body_line), (finding,)
    return FrontMatter(values, positions, body, body_line), ()


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
            try:
                values[info.name] = msgspec.convert(_with_dates(raw, types[info.name]), types[info.name], strict=False)
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


def dump_front_matter(values: Mapping[str, object]) -> str:
    """The fields as a YAML block between fences, in the order given; empty values (None, "", [], {}) are left out."""
    shown = {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}
    block = plain_block(shown)
    if block is None:
        stream = StringIO()
        _writer().dump({key: yaml_value(value) for key, value in shown.items()}, stream)
        block = stream.getvalue()
    return f"---\n{block}---\n"


def edit_front_matter(text: str, changes: Mapping[str, object]) -> str:
    """The file's text with some fields set (None removes one); comments, order and the body stay as they are."""
    match = _FENCE.match(text)
    if match is None:
        return dump_front_matter(changes) + "\n" + text
    from ruamel.yaml.comments import CommentedMap

    writer = _writer(is_flush_left=bool(re.search(r"^- ", match[1], re.MULTILINE)))
    fields = writer.load(match[1]) or CommentedMap()
    for key, value in changes.items():
        if value is None:
            fields.pop(key, None)
        else:
            fields[key] = yaml_value(value)
    stream = StringIO()
    writer.dump(fields, stream)
    return f"---\n{stream.getvalue()}---\n{text[match.end() :]}"


def edit_yaml(text: str, edit: Callable[[Any], None]) -> str:
    """The text of a YAML document after `edit` has changed its value in place; comments and order stay."""
    writer = _writer(is_flush_left=bool(re.search(r"^- ", text, re.MULTILINE)))
    value = writer.load(text)
    edit(value)
    stream = StringIO()
    writer.dump(value, stream)
    return stream.getvalue()


def parse_yaml(text: str) -> tuple[object, Mapping[str, Position]]:
    """The untyped value of a YAML document and the position of each part of it ("[2].name").

    Raises ValueError, with the line and column in its text, if the document is malformed or uses tags or aliases.
    """
    try:
        return _compose(text, 1)
    except _ProblemError as problem:
        line, column = problem.place
        raise ValueError(f"{line}:{column}: {problem.message}") from problem


def _read_yaml(text: str) -> tuple[dict[str, object], dict[str, Position]]:
    value, positions = _compose(text, 2)
    if value is None:
        return {}, {}
    if not isinstance(value, dict):
        raise _ProblemError(
            2, 1, "front-matter-invalid", "the front matter is not a list of fields", 'write "field: value"'
        )
    return value, positions


def _compose(text: str, first_line: int) -> tuple[Any, dict[str, Position]]:
    if len(text) > _MAX_CHARACTERS and first_line > 1:
        message = f"the front matter has over {_MAX_CHARACTERS:,} characters"
        raise _ProblemError(1, 1, "front-matter-invalid", message, "move long text into the body")
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise _ProblemError(
            line,
            column,
            "front-matter-invalid",
            f"the front matter is not valid YAML: {problem}",
            'put values that hold ": ", "#" or quotes in quotes',
        ) from error
    reader = _Nodes(first_line)
    return (None if node is None else reader.value(node, "", 0)), reader.positions


class _Nodes:
    """Turns YAML nodes into untyped values, noting where each stands."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.positions: dict[str, Position] = {}
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, name: str, depth: int) -> Any:
        place = self.positions[name] = self._place(node)
        # An alias composes to the very node it names: refusing it also ends alias bombs and cycles.
        if id(node) in self._seen:
            raise self._problem(place, "an alias is not allowed", 'put a value that begins with "*" in quotes')
        self._seen.add(id(node))
        if depth > _MAX_DEPTH:
            raise self._problem(place, "it is nested too deep", f"use at most {_MAX_DEPTH} levels")
        if isinstance(node, yaml.ScalarNode):
            is_empty = not node.style and node.value in ("", "~", "null")
            return None if is_empty else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, f"{name}[{index}]", depth + 1) for index, child in enumerate(node.value)]
        fields: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            full = f"{name}.{key}" if name else key
            key_place = self.positions[f"{full}:"] = self._place(key_node)
            if key in fields:
                raise self._problem(key_place, f'the field "{key}" is given twice', "keep one of them")
            fields[key] = self.value(child, full, depth + 1)
        return fields

    def _place(self, node: yaml.Node) -> Position:
        return Position(node.start_mark.line + self.first_line, node.start_mark.column + 1)

    def _problem(self, place: Position, message: str, fix: str) -> _ProblemError:
        return _ProblemError(place.line, place.column, "front-matter-invalid", message, fix)


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


def yaml_value(value: object) -> object:
    """The value in the form that is written as people write YAML: dates bare, lists of texts in one line."""
    if isinstance(value, datetime):
        text = iso_date(value)
        return date.fromisoformat(text) if _DATE.fullmatch(text) else value
    if isinstance(value, str) and value.isprintable() and not value[0].isalnum():
        # ruamel writes some text plain that libyaml then reads as something else: "[?x]", "[:x]".
        from ruamel.yaml.scalarstring import SingleQuotedScalarString

        return SingleQuotedScalarString(value)
    if isinstance(value, dict):
        return {key: yaml_value(part) for key, part in value.items() if part not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        from ruamel.yaml.comments import CommentedSeq

        sequence = CommentedSeq(yaml_value(part) for part in value)
        if all(isinstance(part, str) for part in value):
            sequence.fa.set_flow_style()
        return sequence
    return value


def _writer(is_flush_left: bool = False) -> Any:
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 4096
    writer.preserve_quotes = True
    if not is_flush_left:
        writer.indent(mapping=2, sequence=4, offset=2)
    timestamp = "tag:yaml.org,2002:timestamp"
    writer.representer.add_representer(
        datetime, lambda representer, moment: representer.represent_scalar(timestamp, moment.isoformat())
    )
    return writer
