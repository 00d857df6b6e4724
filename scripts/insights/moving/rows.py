"""Fields of exports that are JSON, YAML or CSV, read safely: what is missing or of another kind is empty."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TypeAlias

import turbohtml

from insights.errors import SourceError
from insights.moving.files import Files

_MAX_CELL = 16 * 1024**2
"""Characters of a cell of CSV: a post may stand in one, and Python's own bound is 131,072."""
Row: TypeAlias = Mapping[str, object]


def table_in(files: Files, path: str) -> list[list[str]]:
    """The rows of a CSV file, its head first. Raises SourceError where it is none, or a cell is too large."""
    csv.field_size_limit(_MAX_CELL)
    try:
        return list(csv.reader(io.StringIO(files.text(path), newline="")))
    except csv.Error as error:
        raise SourceError(f"{files.name}/{path}", f"it cannot be read as CSV: {error}", "export it again") from error


def text_in(row: Row, name: str) -> str:
    """A field's text; numbers as text, "" for anything else."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def plain_text(html: str) -> str:
    """A text that may hold markup without it, on one line."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(turbohtml.parse(f"<body>{html}</body>", positions=False).text.split())


def row_in(row: Row, name: str) -> Row:
    """A field that is a mapping; an empty one for anything else."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def rows(row: Row, name: str) -> tuple[Row, ...]:
    """A field that is a list of mappings; what is no mapping in it is left out."""
    value = row.get(name)
    return tuple(part for part in value if isinstance(part, dict)) if isinstance(value, list) else ()
