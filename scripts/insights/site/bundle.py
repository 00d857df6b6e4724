"""Pagefind's files, rewritten to be the same for the same site: it writes the values of a facet in an order of chance.

A file is CBOR (RFC 8949) behind a mark, compressed; Pagefind uses arrays, texts and whole numbers of it. A facet's file
is [name, [[value, pages], …]], named by its bytes; the index of all is [version, pages, chunks, [[facet, file], …], …].
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec

from insights.errors import RenderError

_MARK = b"pagefind_dcd"
_NUMBER, _TEXT, _ARRAY = 0, 3, 4
_FACETS = 3  # the place of the facets in the index of all
_LONG = 24  # from here on a number takes 1, 2, 4 or 8 bytes more

Value: TypeAlias = "int | str | list[Value]"


def settle_bundle(folder: Path) -> None:
    """Puts languages and the values of each facet in order, and names the files by what they hold now.

    Raises RenderError for files that are not what this version of Pagefind writes.
    """
    entry_path = folder / "pagefind-entry.json"
    try:
        entry = json.loads(entry_path.read_text(encoding="utf-8"))
        for language in entry["languages"].values():
            language["hash"] = _settle_language(folder, language["hash"])
    except (LookupError, TypeError, ValueError, AttributeError, OSError, msgspec.ValidationError) as error:
        fix = "reinstall it: make clean site"
        raise RenderError(str(folder), f"Pagefind wrote what nobody knows: {error}", fix) from error
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    entry_path.write_text(text, encoding="utf-8")


def _settle_language(folder: Path, name: str) -> str:
    """The new name of the index of all pages in a language."""
    path = folder / f"pagefind.{name}.pf_meta"
    index = _read(path)
    facets: list[Value] = []
    for facet, old in sorted(msgspec.convert(index[_FACETS], list[tuple[str, str]])):
        old_path = folder / "filter" / f"{old}.pf_filter"
        facet_name, values = msgspec.convert(_read(old_path), tuple[str, list[tuple[str, list[int]]]])
        data = _pack([facet_name, [[value, [*pages]] for value, pages in sorted(values)]])
        new = _name_like(old, data)
        old_path.unlink()
        (folder / "filter" / f"{new}.pf_filter").write_bytes(data)
        facets.append([facet, new])
    index[_FACETS] = facets
    data = _pack(index)
    path.unlink()
    new = _name_like(name, data)
    (folder / f"pagefind.{new}.pf_meta").write_bytes(data)
    return new


def _name_like(name: str, data: bytes) -> str:
    """A name for these bytes: a language and as many digits of a digest as the old name has."""
    language, _, digits = name.rpartition("_")
    return f"{language}_{hashlib.sha256(data).hexdigest()[: len(digits)]}"


def _read(path: Path) -> list[Value]:
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(_MARK):
        raise ValueError(f"{path.name} has no mark")
    value, end = _decode(data, len(_MARK))
    if end != len(data) or not isinstance(value, list):
        raise ValueError(f"{path.name} is longer than its value")
    return value


def _pack(value: Value) -> bytes:
    return gzip.compress(_MARK + b"".join(_encode(value)), mtime=0)


def _decode(data: bytes, place: int) -> tuple[Value, int]:
    """The value at a place, and where it ends."""
    kind, number = data[place] >> 5, data[place] & 31
    place += 1
    if number >= _LONG:
        size = 1 << (number - _LONG)
        number = int.from_bytes(data[place : place + size])
        place += size
    if kind == _NUMBER:
        return number, place
    if kind == _TEXT:
        return data[place : place + number].decode(), place + number
    if kind != _ARRAY:
        raise ValueError(f"a value of type {kind}")
    values: list[Value] = []
    for _ in range(number):
        value, place = _decode(data, place)
        values.append(value)
    return values, place


def _encode(value: Value) -> Iterator[bytes]:
    if isinstance(value, int):
        yield _head(_NUMBER, value)
    elif isinstance(value, str):
        data = value.encode()
        yield _head(_TEXT, len(data)) + data
    else:
        yield _head(_ARRAY, len(value))
        for each in value:
            yield from _encode(each)


def _head(kind: int, number: int) -> bytes:
    if number < _LONG:
        return bytes([kind << 5 | number])
    power = next(power for power in range(4) if number < 1 << (8 << power))
    return bytes([kind << 5 | _LONG + power]) + number.to_bytes(1 << power)
