"""What a page states about itself in machine-readable form: JSON-LD, meta tags; read once, asked by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TypeAlias

from turbohtml import Document

from insights.readers.dom import squeezed

ARTICLE_TYPES = (
    "Article",
    "BlogPosting",
    "Posting",
    "Report",
    "WebPage",
    "Review",
    "Recipe",
    "HowTo",
    "FAQPage",
    "Guide",
)
_WRAPPING = re.compile(r"\s*(?:(?:/\*|//)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?)?\s*")
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Statements:
    """The JSON-LD nodes that describe articles, articles first, and the meta tags by name in lower case."""

    articles: tuple[dict[str, Json], ...]
    by_id: dict[str, dict[str, Json]]
    metas: dict[str, tuple[str, ...]]
    text: str = ""

    def loose_dates(self) -> Iterator[str]:
        """The dates of publication in scripts that hold JSON-LD in another shape (escaped, malformed)."""
        for match in re.finditer(r'datePublished\\*"\s*:\s*\\*"([^"\\]{4,40})', self.text):
            yield match[1]

    def loose_names(self) -> Iterator[str]:
        """The names of the first author in scripts that hold JSON-LD in another shape."""
        match = re.search(r'author\\*"\s*:\s*+(?:\[\s*+)?\{[^{}]{0,200}?name\\*"\s*:\s*\\*"([^"\\]{2,60})', self.text)
        if match:
            yield match[1]

    def meta(self, *names: str) -> str:
        """The first value of the first of the names that the page gives; "" where it gives none."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value:
                    return value
        return ""

    def of_article(self, *keys: str) -> Iterator[str]:
        """The texts that the page's article nodes state under the keys, key by key."""
        for key in keys:
            for node in self.articles:
                value = node.get(key)
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, str) and part.strip():
                        yield squeezed(unescape(part))

    def bodies(self) -> Iterator[str]:
        """The texts of articles, line breaks kept (schema.org, articleBody)."""
        for node in self.articles:
            if isinstance(text := node.get("articleBody"), str):
                yield unescape(text)

    def people(self, key: str) -> tuple[str, ...]:
        """The names of the people or organisations under a key of the first article node that has any."""
        for node in self.articles:
            names = tuple(dict.fromkeys(name for name in self._names(node.get(key), 0) if name))
            if names:
                return names
        return ()

    def _names(self, value: Json, depth: int) -> Iterator[str]:
        if depth > 4:
            return
        if isinstance(value, str):
            if not value.startswith(("http:", "https:", "#")):
                yield squeezed(unescape(value))
        elif isinstance(value, list):
            for part in value:
                yield from self._names(part, depth + 1)
        elif isinstance(value, dict):
            name = value.get("name")
            if isinstance(name, (str, list)):
                yield from self._names(name, depth + 1)
            elif isinstance(identifier := value.get("@id"), str) and identifier in self.by_id:
                yield from self._names(self.by_id[identifier].get("name"), depth + 1)


def read_statements(document: Document, text: str = "") -> Statements:
    """The page's statements about itself; malformed ones are left out."""
    nodes = [node for value in _json_ld(document) for node in _nodes(value, 0)]
    by_id = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    articles = sorted(
        (node for node in nodes if _rank(node) < len(ARTICLE_TYPES)),
        key=_rank,
    )
    metas: dict[str, list[str]] = {}
    for meta in document.select("meta[content]"):
        value = squeezed(unescape(meta.attr("content") or ""))
        for attribute in ("property", "name", "itemprop"):
            for name in (meta.attr(attribute) or "").lower().split():
                metas.setdefault(name, []).append(value)
    return Statements(tuple(articles), by_id, {name: tuple(values) for name, values in metas.items()}, text)


def _json_ld(document: Document) -> Iterator[Json]:
    """The values of the page's JSON-LD, also of scripts in comments or CDATA, and with line breaks inside strings."""
    decoder = json.JSONDecoder(strict=False)
    for script in document.select("script[type='application/ld+json' i]"):
        text = script.text
        start = _WRAPPING.match(text)
        try:
            yield decoder.raw_decode(text, start.end() if start is not None else 0)[0]
        except (ValueError, RecursionError):
            continue


def _nodes(value: Json, depth: int) -> Iterator[dict[str, Json]]:
    """The typed nodes of JSON-LD, those of `@graph` and `mainEntity` included."""
    if depth > 4:
        return
    if isinstance(value, list):
        for part in value:
            yield from _nodes(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "author"):
            if isinstance(value.get(key), (dict, list)):
                yield from _nodes(value[key], depth + 1)


def _rank(node: dict[str, Json]) -> int:
    """How much a node's type says "this article": lower is more."""
    kinds = node.get("@type")
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    return min(
        (i for i, known in enumerate(ARTICLE_TYPES) for name in names if name.endswith(known)),
        default=len(ARTICLE_TYPES),
    )
