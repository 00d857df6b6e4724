"""YAML of values that need neither quotes nor tags: what ruamel.yaml writes, in a fraction of its time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from insights.text import iso_date

_MAX_LENGTH = 1_000  # far below where a line would be folded
# A text that begins with a letter and goes on with nothing that YAML 1.1 or 1.2 could take for more than text.
# One that begins with a digit is text too if it has a letter that no number, exponent or moment has: a digest, a file.
_TEXT = re.compile(
    r"(?:[^\W\d_]|[0-9](?![xX])(?=[\w.-]*[acdfg-npqrsu-wyACDFG-NPQRSU-WY]))"
    r"(?:[\w'’“”„,.…()&%!?;+/=–—\"-]|:(?=/)| (?=\S))*"
)
_FLOW_TEXT = re.compile(r"[^\W\d_](?:[\w'’.…()&%+/–—-]| (?=\S))*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def plain_block(values: Mapping[str, object], indent: str = "") -> str | None:
    """The lines of a mapping of texts, moments, numbers, lists of texts and mappings of these; None where one of them
    is better left to a library."""
    lines = []
    for key, value in values.items():
        if isinstance(value, dict):
            nested = plain_block({key: part for key, part in value.items() if part is not None}, f"{indent}  ")
            text = f"\n{nested}" if nested else None
        else:
            written = _scalar(value) if not isinstance(value, (list, tuple)) else _flow(value)
            text = f" {written}\n" if written else None
        if text is None:
            return None
        lines.append(f"{indent}{key}:{text}")
    return "".join(lines) or None


def _scalar(value: object) -> str | None:
    match value:
        case str():
            return value if _is_plain(value, _TEXT) else None
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return iso_date(value)
        case _:
            return None


def _flow(values: list[object] | tuple[object, ...]) -> str | None:
    texts = [value for value in values if isinstance(value, str) and _is_plain(value, _FLOW_TEXT)]
    return f"[{', '.join(texts)}]" if texts and len(texts) == len(values) else None


def _is_plain(text: str, pattern: re.Pattern[str]) -> bool:
    return len(text) <= _MAX_LENGTH and bool(pattern.fullmatch(text)) and text.lower() not in _WORDS
