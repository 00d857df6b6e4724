"""The page of settings, generated from the structs that type them."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator

import msgspec
from msgspec import inspect as types

from insights.settings import Settings
from insights.strings import ENGLISH, Strings

_INTRODUCTION = """\
# Settings

<!-- Written by `insights schema settings > docs/settings.md`; a test compares. -->

In `mkdocs.yml`, `site_name`, `site_url`, `site_description`, `copyright`, `theme: language:` and `theme: logo:` say
whose site it is. All else stands under `plugins: insights:`, and all of it may be left out:

```yaml
plugins:
  insights:
    tagline: Plain notes
    related:
      count: 5
```
"""
_CHOICE = re.compile(r"\^\(([\w|-]+)\)\$")


def settings_page() -> str:
    """The page as Markdown: each group of settings, what it is for, and what each takes; the texts of the interface."""
    parts = [_INTRODUCTION, *_section("Everywhere", Settings)]
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            parts += _section(f"`{field.name}:`", field.type)
    parts.append("## `strings:`\n\nThe texts of the interface, each by its name. What is in braces is filled in.\n")
    parts.append(_table(("text", "in English"), _texts()))
    return "\n".join(parts)


def _section(heading: str, struct: type[msgspec.Struct]) -> list[str]:
    about = inspect.cleandoc(struct.__doc__ or "")
    rows = ((f"`{each.name}`", _takes(each.type), _written(each)) for each in _fields(struct))
    return [f"## {heading}\n\n{about}\n", _table(("setting", "takes", "where it is left out"), rows)]


def _fields(struct: type[msgspec.Struct]) -> tuple[types.Field, ...]:
    found = types.type_info(struct)
    return found.fields if isinstance(found, types.StructType) else ()


def _takes(kind: types.Type) -> str:  # noqa: PLR0911 (one for each kind)
    match kind:
        case types.UnionType(types=(first, types.NoneType())):
            return _takes(first)
        case types.BoolType():
            return "true or false"
        case types.IntType(ge=least, le=most):
            return f"{least:,} to {most:,}" if most else f"a number from {least}"
        case types.StrType(pattern=str(pattern)) if choice := _CHOICE.fullmatch(pattern):
            return ", ".join(f"`{each}`" for each in choice[1].split("|") if each)
        case types.StrType():
            return "a text"
        case types.VarTupleType(item_type=types.StructType(fields=fields)):
            return f"a list of `{{{', '.join(field.name for field in fields)}}}`"
        case types.VarTupleType():
            return "a list of texts"
        case types.DictType():
            return "texts by name"
    return "settings, see below"


def _written(field: types.Field) -> str:
    """A setting's value where nobody sets it; nothing for an empty one."""
    is_plain = field.default not in (msgspec.NODEFAULT, None, "", ()) and not isinstance(field.default, msgspec.Struct)
    return f"`{json.dumps(field.default)}`" if is_plain else ""


def _texts() -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(Strings):
        value = msgspec.to_builtins(getattr(ENGLISH, field.name))
        yield f"`{field.name}`", value if isinstance(value, str) else f"`{json.dumps(value)}`"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines) + "\n"
