"""The search index: Pagefind over the built pages, a *span* of neighbours at a time; an edit indexes what it changes.

Pagefind holds all pages that it is given in memory, and makes its index anew at every change of one. So it is given
some hundred at a time, what it finds is kept in the cache, and `bundle.py` joins it to one index for the reader. Only
what has `data-pagefind-body` is found.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from insights.site.bundle import ENTRY, Part, merge_parts, name_fragments, read_bundle
from insights.site.cache import Cache
from insights.site.inputs import Run, digest, digest_code
from insights.site.pagefind import Pagefind, run_pagefind
from insights.site.shards import in_shards
from insights.store import write_output

BUNDLE = "pagefind"
INDEX_ENTRY = f"{BUNDLE}/{ENTRY}"
_SPAN, _ENGINE = "search span", "search engine"
_LEAST = 64  # pages of a span, which has twice as many on average: with fewer, more is to be joined
_TOGETHER = 4  # spans that one process of Pagefind indexes in turn: to begin takes it a sixth of what a span does
_MARK, _BODY = b"data-pagefind", b"data-pagefind-body"
_IN_INDEX = re.compile(rb"<[^<>]*\s%b[\s=>]" % _BODY)


class _Found(msgspec.Struct, frozen=True):
    """What Pagefind found in a span: its parts, one for each language, and by digest what is shown of each page."""

    parts: list[Part] = []
    shown: dict[str, bytes] = {}


_encode = msgspec.msgpack.Encoder().encode
_decode_found = msgspec.msgpack.Decoder(_Found).decode
_decode_files = msgspec.msgpack.Decoder(dict[str, bytes]).decode


@dataclass(frozen=True, slots=True)
class _Span:
    """Some pages, in the order of their paths, and a digest of all that they are made from."""

    pages: tuple[str, ...]
    key: bytes

    @property
    def name(self) -> str:
        """The first page's path."""
        return self.pages[0]


class SearchIndex:
    """The index of a site whose pages are these; `keys` has of each path a digest of all that the page is made from."""

    def __init__(self, keys: Mapping[str, bytes], cache: Cache, run: Run) -> None:
        self._cache, self._run = cache, run
        self._spans = list(_cut(keys))
        self._keys = {span.name: span.key for span in self._spans}
        self._engine = _decode_files(cache.get(_ENGINE, "", digest_code()) or _encode({}))
        rows = cache.read(_SPAN, self._keys) if self._engine else {}
        self._found = {name: _decode_found(row) for name, row in rows.items()}

    def write(self, site_dir: Path, key: bytes, in_place: Mapping[str, bytes] | None = None) -> dict[str, bytes | None]:
        """Indexes the pages of `site_dir` that are not indexed yet, and adds the files of the index.

        `in_place` are files there of an earlier index, by path, with their keys: those of this one stay, the others
        are removed. Returns the key of each file of the index by path: one of its own for what is shown of a page and
        for those of words and facets, `key` for all others; None for one that was removed.
        Raises RenderError where Pagefind fails.
        """
        self._index([span for span in self._spans if span.name not in self._found], site_dir)
        in_place = in_place or {}
        there = {path.removeprefix(f"{BUNDLE}/"): old for path, old in in_place.items()}
        joined, named = merge_parts(self._parts(), self._engine, digest_code(), there)
        fragments = self._fragments()
        shown = {path: data for found in self._found.values() for path, data in found.shown.items()}
        files = {f"{BUNDLE}/{path}": data for path, data in joined.items()}
        files |= {path: shown[digest_.hex()] for path, digest_ in fragments.items() if in_place.get(path) != digest_}
        for path, data in files.items():
            write_output(site_dir / path, data)
        keys = fragments | {f"{BUNDLE}/{path}": new for path, new in named.items()}
        gone = in_place.keys() - keys.keys() - files.keys()
        for path in gone:
            (site_dir / path).unlink()
        return dict.fromkeys(gone) | dict.fromkeys(files, key) | keys

    def _index(self, spans: Sequence[_Span], site_dir: Path) -> None:
        """Indexes these spans, and keeps what was found."""
        groups = [spans[start : start + _TOGETHER] for start in range(0, len(spans), _TOGETHER)]
        results = chain.from_iterable(in_shards(groups, partial(_index_spans, site_dir), self._run.jobs, few=2))
        rows = []
        for span, (row, engine) in zip(spans, self._run.progress.count(results, len(spans)), strict=True):
            rows.append((span.name, span.key, row))
            self._found[span.name] = _decode_found(row)
            self._engine |= engine
        self._cache.write(_SPAN, rows)
        self._cache.write(_ENGINE, [("", digest_code(), _encode(self._engine))])
        self._cache.keep_only(_SPAN, self._keys)

    def _parts(self) -> list[Part]:
        return [part for span in self._spans if span.name in self._found for part in self._found[span.name].parts]

    def _fragments(self) -> dict[str, bytes]:
        """The path of each page's file, with the digest of what it holds."""
        named = name_fragments(self._parts()).items()
        return {f"{BUNDLE}/{path}": bytes.fromhex(digest_) for path, digest_ in named}


def build_search_index(site_dir: Path, cache: Cache, run: Run) -> None:
    """Indexes a site of which nothing is known but its pages. Raises RenderError where Pagefind fails."""
    shutil.rmtree(site_dir / BUNDLE, ignore_errors=True)
    paths = [path.relative_to(site_dir).as_posix() for path in site_dir.rglob("*.html")]
    index = SearchIndex({path: digest((site_dir / path).read_bytes()) for path in paths}, cache, run)
    index.write(site_dir, b"")


def _cut(keys: Mapping[str, bytes]) -> Iterator[_Span]:
    """The spans of these pages. Where they end follows from paths, so that a page that is added changes few of them."""
    pages: list[str] = []
    for path in sorted(keys):
        pages.append(path)
        if len(pages) >= _LEAST and int.from_bytes(digest(path)) % _LEAST == 0:
            yield _span(pages, keys)
            pages = []
    if pages:
        yield _span(pages, keys)


def _span(pages: Sequence[str], keys: Mapping[str, bytes]) -> _Span:
    return _Span(tuple(pages), digest(digest_code(), *(part for path in pages for part in (path, keys[path]))))


def _index_spans(site_dir: Path, spans: Sequence[_Span]) -> list[tuple[bytes, dict[str, bytes]]]:
    """The row of each span, and Pagefind's files that are the same for every site."""
    with run_pagefind() as pagefind:
        return [_index_span(site_dir, span, pagefind) for span in spans]


def _index_span(site_dir: Path, span: _Span, pagefind: Pagefind) -> tuple[bytes, dict[str, bytes]]:
    pages = ((path, (site_dir / path).read_bytes()) for path in span.pages)
    found = [(path, _without_head(html)) for path, html in pages if _is_in_index(html)]
    if not found:
        return _encode(_Found()), {}
    bundle = read_bundle(pagefind.index(found))
    return _encode(_Found(list(bundle.parts), dict(bundle.fragments))), dict(bundle.engine)


def _without_head(page: bytes) -> bytes:
    """A page without its head, if nothing is said to Pagefind there: that is a third of an article's."""
    start = page.find(b"<head>")
    end = page.find(b"</head>", start)
    return page if start < 0 or end < 0 or _MARK in page[start:end] else page[:start] + page[end:]


def _is_in_index(page: bytes) -> bool:
    return _BODY in page and _IN_INDEX.search(page) is not None
