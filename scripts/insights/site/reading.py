"""The library as the site reads it: an article is parsed once, and again only when its file's bytes change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import msgspec

from insights.article import parse_article
from insights.errors import StoreError
from insights.library import Library, build_library
from insights.model import Article, Author, Edition, Finding, Page, Tag, Topic
from insights.site.cache import CACHE, Cache
from insights.site.inputs import Run, Stamp, digest, digest_code, stamp_files
from insights.site.shards import in_shards
from insights.store import (
    ASSETS,
    CONTENT,
    INSIGHTS,
    decode_content,
    duplicate_slugs,
    parse_terms,
    read_content,
    read_names,
)
from insights.text import count_words, minutes_of

UNREADABLE = b"unreadable"  # in place of a file's digest
_NONE = (b"", None)
_ARTICLE, _FACES, _TERMS = "article", "faces", "terms"
_MANY = 32  # one article in so many is read by itself sooner than all faces are written


class _Parsed(msgspec.Struct, frozen=True):
    """What a file says: the article, None where it gives none, the problems in it, how many words its body has, and
    digests of its face and of its body."""

    article: Article | None
    findings: tuple[Finding, ...]
    words: int = 0
    face: bytes = b""
    body: bytes = b""


class _Terms(msgspec.Struct, frozen=True):
    """What all other files say, and the problems in them."""

    topics: tuple[Topic, ...]
    tags: tuple[Tag, ...]
    authors: tuple[Author, ...]
    editions: tuple[Edition, ...]
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All of content/: the articles by path, `terms` with all but articles, the problems; of each article's file, by
    path, the digest, the number of words, a digest of the article's *face*, which is all that others show of it (all
    but its body, and the minutes that takes to read), and a digest of the body; how many were parsed for it."""

    articles: tuple[Article, ...]
    terms: Library
    findings: tuple[Finding, ...]
    digests: Mapping[str, bytes]
    words: Mapping[str, int]
    faces: Mapping[str, bytes]
    bodies: Mapping[str, bytes]
    parsed: int


# What each file said, by its path, with the file's digest.
_Known = dict[str, tuple[bytes, _Parsed]]
# JSON, not MessagePack: that would turn a moment's own time zone into UTC.
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Parsed).decode
_decode_faces = msgspec.json.Decoder(_Known).decode
_decode_terms = msgspec.json.Decoder(_Terms).decode


def read_content_again(
    root: Path, stamps: Mapping[str, Stamp], cache: Cache, run: Run, meanwhile: Callable[[], object]
) -> Reading:
    """What `store.read_library` gives; of the places of articles' fields it has the slug's alone, which nothing else
    needs from here on. While others parse, this process does something else `meanwhile`."""
    names = read_names(root)
    code = digest_code()
    start = f"{INSIGHTS}/"
    files = (path for path in stamps if path.startswith(start) and path.endswith(".md"))
    digests = {path: stamps[path].digest for path in files if "/" not in path[len(start) :]}
    known = run.kept.value("articles", code, lambda: _read_faces(root, cache))
    keys = {path: digest(code, each) for path, each in digests.items() if known.get(path, _NONE)[0] != each}
    rows = cache.read(_ARTICLE, keys)
    missing = [path for path in keys if path not in rows]
    made = in_shards(missing, lambda path: (path, *_parse(root, path)), run.jobs, meanwhile=meanwhile)
    for path, content, row in made:
        digests[path], rows[path] = content, row
    cache.write(_ARTICLE, ((path, digest(code, digests[path]), rows[path]) for path in missing))
    if known.keys() - digests.keys() or not known:
        cache.keep_only(_ARTICLE, digests)
    read = {path: (each, _decode(rows[path]) if path in rows else known[path][1]) for path, each in digests.items()}
    run.kept.keep("articles", code, read)
    if len(keys) * _MANY > len(digests):
        cache.write(_FACES, [("", code, _encode(_without_bodies(read)))])
    found = {path: each for path, (_digest, each) in read.items()}
    articles = tuple(each.article for each in found.values() if each.article)
    terms, findings = _read_terms(root, stamps, cache, run)
    findings += names
    findings += tuple(finding for each in found.values() if each.findings for finding in each.findings)
    return Reading(
        articles=articles,
        terms=terms,
        findings=tuple(sorted((*findings, *duplicate_slugs(articles)))),
        digests=digests,
        words={path: each.words for path, each in found.items()},
        faces={path: each.face for path, each in found.items()},
        bodies={path: each.body for path, each in found.items()},
        parsed=len(missing),
    )


def _without_bodies(read: _Known) -> _Known:
    return {
        path: (content, msgspec.structs.replace(each, article=each.article and replace(each.article, body="")))
        for path, (content, each) in read.items()
    }


def _read_faces(root: Path, cache: Cache) -> _Known:
    """What is kept of all articles together: nine tenths of it are bodies, of which an edit shows few."""
    row = cache.get(_FACES, "", digest_code())
    known = _decode_faces(row) if row else {}
    kind = _filed({path: content for path, (content, _each) in known.items()}, root)
    for _content, each in known.values():
        if each.article:
            object.__delattr__(each.article, "body")
            object.__setattr__(each.article, "__class__", kind)
    return known


def _filed(digests: Mapping[str, bytes], root: Path) -> type[Article]:
    """The kind of article that reads its body when somebody asks for it; `digests` are those of the files, by path."""
    cache = lru_cache(lambda: Cache(root / CACHE))

    def read_body(path: str) -> str:
        row = cache().get(_ARTICLE, path, digest(digest_code(), digests[path]))
        if row is None:
            content, row = _parse(root, path)
            if content != digests[path]:
                raise StoreError(path, "it changed while the site was built", "build again")
        article = _decode(row).article
        return article.body if article else ""

    class Filed(Article):
        __slots__ = ()

        def __getattr__(self, name: str) -> str:  # called for what is not there
            if name != "body":
                raise AttributeError(name)
            body = read_body(self.path)
            object.__setattr__(self, name, body)
            return body

    return Filed


def _read_terms(root: Path, stamps: Mapping[str, Stamp], cache: Cache, run: Run) -> tuple[Library, tuple[Finding, ...]]:
    """A library of all but the articles, and the problems in its files."""
    key = _key_of_terms(stamps)

    def read() -> tuple[Library, tuple[Finding, ...]]:
        row = cache.get(_TERMS, "", key)
        if row is not None:
            known = _decode_terms(row)
            return build_library(
                (), known.topics, known.tags, known.authors, known.editions, known.pages
            ), known.findings
        library, findings = parse_terms(root)
        terms = _Terms(library.topics, library.tags, library.authors, library.editions, library.pages, findings)
        if _key_of_terms(stamp_files(root, stamps)) == key:  # nobody has changed a file meanwhile
            cache.write(_TERMS, [("", key, _encode(terms))])
        return library, findings

    return run.kept.value("terms", key, read)


def _key_of_terms(stamps: Mapping[str, Stamp]) -> bytes:
    others = (f"{ASSETS}/", f"{INSIGHTS}/")
    paths = (path for path in stamps if path.startswith(f"{CONTENT}/") and not path.startswith(others))
    return digest(digest_code(), *(part for path in paths for part in (path, stamps[path].digest)))


def _parse(root: Path, path: str) -> tuple[bytes, bytes]:
    """The digest and the row of one file. The digest is of the very bytes that were parsed, whatever was stamped."""
    data = read_content(root, path)
    if isinstance(data, Finding):
        return UNREADABLE, _encode(_Parsed(None, (data,)))
    text, problem = decode_content(data, path)
    article, findings = (None, (problem,)) if problem else parse_article(text, path)
    if article is None:
        return digest(data), _encode(_Parsed(None, findings))
    words = count_words(article.body)
    face = digest(_encode(replace(article, body="", body_line=1, positions={})), str(minutes_of(words)))
    article = replace(article, positions={name: place for name, place in article.positions.items() if name == "slug"})
    return digest(data), _encode(_Parsed(article, findings, words, face, digest(article.body)))
