"""A page of the docs tree: everything its template shows stands in its own front matter.

Front matter is written as JSON, a line a field: YAML reads it, and nothing in it can be misread or come alive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
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

    `stated` is the front matter, and `text` the Markdown, or how they are made: an article's take longer to make than
    to say whether they have changed. `modified` is when what it shows last changed, where that is known. `key` is a
    digest of all that it is made from, where somebody has made one: a page with the key of an earlier build need not
    be looked at. Search engines may list it where it `is_listed`.
    """

    path: str
    stated: Meta | Callable[[], Meta]
    text: str | Callable[[], str] = ""
    modified: datetime | None = None
    key: bytes | None = None
    is_listed: bool = True

    @property
    def meta(self) -> Meta:
        """Its front matter."""
        return self.stated() if callable(self.stated) else self.stated

    @property
    def body(self) -> str:
        """Its Markdown."""
        return self.text() if callable(self.text) else self.text

    @property
    def href(self) -> str:
        """The page's address relative to the site's root; "" for the home page."""
        return self.path.removesuffix(".md").removesuffix("index").rstrip("/") + "/" if self.path != "index.md" else ""


def shown_meta(page: SitePage) -> dict[str, Any]:
    """The front matter without fields that have no value; empty lists stay for templates to count."""
    return {key: value for key, value in page.meta.items() if value not in (None, "")}


def dump_page(page: SitePage) -> bytes:
    """The page's file for the engine."""
    lines = "\n".join(f"{key}: {_dump(value)}" for key, value in shown_meta(page).items())
    return f"---\n{lines}\n---\n\n{page.body}".encode()


def dump_meta(meta: Meta) -> bytes:
    """Front matter in a form of which a digest can be made."""
    return _encode(meta)


_encode = msgspec.json.Encoder().encode


def _dump(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
