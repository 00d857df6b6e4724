"""One file's front matter: split from the body, read with the place of every field, edited, written.

This module knows YAML, neither types nor articles. YAML is read without resolving types (`title: No` stays "No"):
`fields.py` says what a value is. Tags, anchors and aliases are refused: front matter needs none, and an alias can blow
up in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import yaml

from insights.model import Finding, Position
from insights.plain_yaml import plain_block
from insights.text import iso_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MAX_DEPTH = 8
_MAX_CHARACTERS = 100_000


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
    block = f"---\n{stream.getvalue()}---\n"
    return (block.replace("\n", "\r\n") if "\r\n" in match[0] else block) + text[match.end() :]


def edit_yaml(text: str, edit: Callable[[Any], None]) -> str:
    """The text of a YAML document after `edit` has changed its value in place; comments and order stay."""
    writer = _writer(is_flush_left=bool(re.search(r"^- ", text, re.MULTILINE)))
    value = writer.load(text.replace("\r\n", "\n"))
    edit(value)
    stream = StringIO()
    writer.dump(value, stream)
    return stream.getvalue().replace("\n", "\r\n") if "\r\n" in text else stream.getvalue()


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
