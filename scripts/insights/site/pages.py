"""A page of the docs tree: everything its template shows stands in its own front matter.

Front matter is written as JSON, a line a field: YAML reads it, and nothing in it can be misread or come alive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"
Meta: TypeAlias = Mapping[str, Json]

# YAML 1.1 §5.1: characters that a YAML stream must not hold as they are; JSON allows them.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page before rendering: its path in the docs tree ("insights/foo.md"), its front matter, its Markdown.

    `modified` is when what it shows last changed, where that is known. `key` is a digest of all that its file is made
    from, where somebody has made one: a page with the key of an earlier build need not be looked at. Search engines may
    list it where it `is_listed`.
    """

    path: str
    meta: Meta
    body: str = ""
    modified: datetime | None = None
    key: bytes | None = None
    is_listed: bool = True

    @property
    def href(self) -> str:
        """The page's address relative to the site's root; "" for the home page."""
        return self.path.removesuffix(".md").removesuffix("index").rstrip("/") + "/" if self.path != "index.md" else ""


class LaterMeta(Mapping[str, Json]):
    """Front matter that is made when it is first looked at."""

    def __init__(self, make: Callable[[], Meta]) -> None:
        self._make: Callable[[], Meta] | None = make
        self._meta: Meta = {}

    def _made(self) -> Meta:
        if self._make:
            self._meta, self._make = self._make(), None
        return self._meta

    def __getitem__(self, name: str) -> Json:
        return self._made()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())


def dump_page(page: SitePage) -> bytes:
    """The page's file for the engine; fields without a value are left out, empty lists stay for templates to count."""
    return f"---\n{dump_meta(page.meta)}\n---\n\n{page.body}".encode()


def dump_meta(meta: Meta) -> str:
    """Front matter as it is written, between its marks."""
    return "\n".join(f"{key}: {_dump(value)}" for key, value in meta.items() if value not in (None, ""))


def load_page(text: str) -> tuple[dict[str, Any], str]:
    """The front matter and the Markdown in a page's file."""
    front, _, body = text.removeprefix("---\n").partition("\n---\n\n")
    lines = (line.partition(": ") for line in front.split("\n"))
    fields = ",".join(f'"{key}":{value}' for key, _, value in lines)
    meta: dict[str, Any] = _decode(f"{{{fields}}}")
    return meta, body


_decode = msgspec.json.Decoder().decode


def _dump(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
