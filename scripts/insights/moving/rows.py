"""Fields of exports that are JSON or YAML, read safely: what is missing or of another kind is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Row: TypeAlias = Mapping[str, object]


def text_in(row: Row, name: str) -> str:
    """A field's text; numbers as text, "" for anything else."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def row_in(row: Row, name: str) -> Row:
    """A field that is a mapping; an empty one for anything else."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def rows(row: Row, name: str) -> tuple[Row, ...]:
    """A field that is a list of mappings; what is no mapping in it is left out."""
    value = row.get(name)
    return tuple(part for part in value if isinstance(part, dict)) if isinstance(value, list) else ()
