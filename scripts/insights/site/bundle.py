"""Pagefind's files: those of some pages are read as *parts*, one for each language; all parts together are written.

So the index of a site is made span by span, and a span whose pages are what they were is not made again. Pages are
numbered in the order of their paths, and facets have their values in order, where Pagefind goes by chance: two builds
give the same files everywhere.

A file is CBOR behind a mark, compressed. The words are in files of their own, in order; a facet's file is [name,
[[value, pages], …]]; the index of all is [version, pages, files of words, facets, orders, names of metadata fields]. It
has each file by its name, and one of words with the beginnings of its first and last word that tell it from others.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import msgspec

from insights.errors import RenderError
from insights.site.cbor import ARRAY, Value, decode, encode, encode_head
from insights.site.pagefind import REINSTALL
from insights.site.postings import Word, join_word, read_words, renumber_fields

ENTRY = "pagefind-entry.json"
COMMON = "common.json"
"""By language the words that the search does not look up: their entries are heavy, and find nearly every article."""
_MARK = b"pagefind_dcd"
_DIGITS, _INDEX_DIGITS = 7, 10  # of a digest, in the names of files: enough of them, as Pagefind has it
# Bytes of a file of words before it is compressed, at most: a third of that is what a reader loads to look up a word.
_FULL = 60_000
# Bytes of a word's entry from which it is common: a reader who looked it up would load 50 KB to learn that nearly every
# article has it. With all else, two such beside a word that no article has stay below 350 KB.
_HEAVY = 90_000
_LEVEL = 4  # of compression: the next gives files that are smaller by a 50th, in half as much time again


class Part(msgspec.Struct, frozen=True):
    """The index of some pages in one language, which are in the order of their paths: of each how many words it has
    and a digest of its fragment, which is what is shown of it; the fields of their metadata; of each word where it is;
    of each facet and value which of the pages have it."""

    language: str
    wasm: str | None
    pages: list[tuple[int, str]]
    fields: list[str]
    words: dict[str, Word]
    facets: dict[str, dict[str, list[int]]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What Pagefind made of some pages: the parts, the fragments by digest, and the files that are the same for all."""

    parts: tuple[Part, ...]
    fragments: Mapping[str, bytes]
    engine: Mapping[str, bytes]


def read_bundle(files: Mapping[str, bytes]) -> Bundle:
    """What Pagefind made, by path. Raises RenderError for files that this version of it does not make."""
    try:
        entry = json.loads(files[ENTRY])
        fragments: dict[str, bytes] = {}
        parts = [_read_part(files, name, language, fragments) for name, language in sorted(entry["languages"].items())]
    except (LookupError, TypeError, ValueError, AttributeError, OSError, msgspec.ValidationError) as error:
        raise RenderError("Pagefind", f"it made what nobody knows: {error}", REINSTALL) from error
    # It also has its own interface; ours replaces it.
    kept = [path for path in sorted(files) if path.endswith((".js", ".pagefind")) and "ui" not in path.split(".")[0]]
    return Bundle(tuple(parts), fragments, {path: files[path] for path in (*kept, ENTRY)})


def name_fragments(parts: Iterable[Part]) -> dict[str, str]:
    """The path of each fragment, with its digest."""
    return {
        f"fragment/{name}.pf_fragment": digest
        for language, group in _by_language(parts).items()
        for name, (_words, digest) in _named_pages(language, group)
    }


def merge_parts(
    parts: Sequence[Part], engine: Mapping[str, bytes], code: bytes, there: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of the index of all pages but for the fragments, by path, and the keys of those that are named by what
    they hold: a digest of that and of the `code` that made it. The ones that are `there`, with this key, are not made
    again. Nothing for no pages.

    `engine` are the files that are the same for all, of which those of languages that no page has are left out.
    """
    if not parts:
        return {}, {}
    others = {f"wasm.{name}.pagefind" for name in ("unknown", *(part.wasm for part in parts))}
    files = {name: data for name, data in engine.items() if not name.startswith("wasm.") or name in others}
    about = json.loads(files[ENTRY])
    about["languages"] = {}
    common: dict[str, list[str]] = {}
    named: dict[str, bytes] = {}
    for language, group in _by_language(parts).items():
        made = _NamedFiles(language, code, there)
        data, common[language] = _write_language(language, group, about["version"], made)
        name = f"{language}_{_digest(data)[:_INDEX_DIGITS]}"
        files |= made.files | {f"pagefind.{name}.pf_meta": _pack(data)}
        named |= made.keys
        count = sum(len(part.pages) for part in group)
        about["languages"][language] = {"hash": name, "wasm": group[0].wasm, "page_count": count}
    return files | {ENTRY: _dump_json(about), COMMON: _dump_json(common)}, named


def _dump_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _by_language(parts: Iterable[Part]) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.language].append(part)
    return dict(sorted(groups.items()))


def _named_pages(language: str, parts: Iterable[Part]) -> Iterator[tuple[str, tuple[int, str]]]:
    names = _Names(language)
    return ((names.take(page[1]), page) for part in parts for page in part.pages)


def _read_part(files: Mapping[str, bytes], name: str, language: Mapping[str, Any], fragments: dict[str, bytes]) -> Part:
    _version, pages, chunks, facets, orders, fields = msgspec.convert(
        _read(files[f"pagefind.{language['hash']}.pf_meta"]),
        tuple[str, list[tuple[str, int]], list[tuple[str, str, str]], list[tuple[str, str]], list[Any], list[str]],
    )
    if orders:
        raise ValueError("it sorts by data-pagefind-sort, which the search does not: take it out of the templates")
    shown = [files[f"fragment/{page}.pf_fragment"] for page, _words in pages]
    digests = [_digest(data) for data in shown]
    fragments.update(zip(digests, shown, strict=True))
    words = {
        word: where for *_edges, chunk in chunks for word, where in read_words(_open(files[f"index/{chunk}.pf_index"]))
    }
    found: dict[str, dict[str, list[int]]] = {}
    for facet, file in facets:
        values = msgspec.convert(_read(files[f"filter/{file}.pf_filter"])[1], list[tuple[str, list[int]]])
        found[facet] = dict(sorted(values))
    counts = [words_of for _page, words_of in pages]
    return Part(name, language["wasm"], list(zip(counts, digests, strict=True)), fields, words, found)


def _write_language(language: str, parts: Sequence[Part], version: str, made: _NamedFiles) -> tuple[bytes, list[str]]:
    """The index of all pages in a language, and its common words; other files that it needs are added to `made`."""
    starts = list(accumulate((len(part.pages) for part in parts), initial=0))
    pages: list[Value] = [[name, count] for name, (count, _digest) in _named_pages(language, parts)]
    fields = sorted({field for part in parts for field in part.fields})
    words = list(_words(parts, starts, fields))
    chunks: list[tuple[str, str, bytes]] = list(_chunks(words))
    listed: list[Value] = []
    for place, (first, last, data) in enumerate(chunks):
        start = _beginning(first, chunks[place - 1][1]) if place else first[:1]
        end = _beginning(last, chunks[place + 1][0]) if place + 1 < len(chunks) else last
        listed.append([start, end if end >= start else last, made.add("index/{}.pf_index", data)])
    facets: list[Value] = []
    for facet, values in sorted(_facets(parts, starts).items()):
        data = encode([facet, [[value, [*having]] for value, having in sorted(values.items())]])
        facets.append([facet, made.add("filter/{}.pf_filter", data)])
    common = [text for text, entry in words if len(entry) > _HEAVY]
    return encode([version, pages, listed, facets, [], [*fields]]), common


def _words(parts: Sequence[Part], starts: Sequence[int], fields: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Each word, in order, with its entry."""
    gathered: dict[str, list[tuple[int, Word]]] = defaultdict(list)
    for part, start in zip(parts, starts, strict=False):
        numbers = {number: fields.index(field) for number, field in enumerate(part.fields)}
        is_same = all(number == other for number, other in numbers.items())
        for text, word in part.words.items():
            gathered[text].append((start, word if is_same else renumber_fields(word, numbers)))
    for text in sorted(gathered):
        yield text, join_word(text, gathered[text])


def _chunks(words: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str, bytes]]:
    """The files of words: of each the first word, the last one, and its bytes.

    Where the second half of one ends follows from words, so that an entry that grows changes few files.
    """
    texts: list[str] = []
    entries: list[bytes] = []
    size = 0
    for text, entry in words:
        if entries and (size + len(entry) > _FULL or (size > _FULL // 2 and _is_edge(text))):
            yield _chunk(texts, entries)
            texts, entries, size = [], [], 0
        texts.append(text)
        entries.append(entry)
        size += len(entry)
    if entries:
        yield _chunk(texts, entries)


def _is_edge(word: str) -> bool:
    return zlib.crc32(word.encode()) % 4 == 0


def _chunk(texts: Sequence[str], entries: Sequence[bytes]) -> tuple[str, str, bytes]:
    return texts[0], texts[-1], b"".join((encode_head(ARRAY, 1), encode_head(ARRAY, len(entries)), *entries))


def _facets(parts: Sequence[Part], starts: Sequence[int]) -> dict[str, dict[str, list[int]]]:
    facets: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for part, start in zip(parts, starts, strict=False):
        for facet, values in part.facets.items():
            for value, pages in values.items():
                facets[facet][value] += [start + page for page in pages]
    return facets


def _beginning(word: str, other: str) -> str:
    """The beginning of a word that tells it from another."""
    same = next((place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), None)
    return word[: (min(len(word), len(other)) if same is None else same) + 1]


class _Names:
    """Names for files by what they hold: a language and as many digits of a digest as no other file has."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._taken: dict[str, str] = {}

    def take(self, digest: str) -> str:
        """The name of a file with this digest."""
        digits = _DIGITS
        while self._taken.setdefault(digest[:digits], digest) != digest:
            digits += 1
        return f"{self._language}_{digest[:digits]}"


class _NamedFiles:
    """Files named by what they hold: those made, and the keys of all; one that is there with its key is not made."""

    def __init__(self, language: str, code: bytes, there: Mapping[str, bytes]) -> None:
        self._names, self._code, self._there = _Names(language), code, there
        self.files: dict[str, bytes] = {}
        self.keys: dict[str, bytes] = {}

    def add(self, pattern: str, data: bytes) -> str:
        """The name of a file that holds these bytes; with it the pattern becomes its path."""
        digest = _digest(data)
        name = self._names.take(digest)
        path = pattern.format(name)
        self.keys[path] = hashlib.sha256(self._code + digest.encode()).digest()
        if self._there.get(path) != self.keys[path]:
            self.files[path] = _pack(data)
        return name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(data: bytes) -> list[Value]:
    data = _open(data)
    value, end = decode(data, 0)
    if end != len(data) or not isinstance(value, list):
        raise ValueError("a file is longer than its value")
    return value


def _open(data: bytes) -> bytes:
    data = gzip.decompress(data)
    if not data.startswith(_MARK):
        raise ValueError("a file has no mark")
    return data[len(_MARK) :]


def _pack(data: bytes) -> bytes:
    return gzip.compress(_MARK + data, _LEVEL, mtime=0)
