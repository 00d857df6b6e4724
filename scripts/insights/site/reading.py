"""The library as the site reads it: an article is parsed once, and again only when its file's bytes change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from insights.article import parse_article
from insights.library import Library
from insights.model import Article, Finding
from insights.site.cache import Cache
from insights.site.inputs import Stamp, digest, digest_code
from insights.site.shards import in_shards
from insights.store import INSIGHTS, decode_content, duplicate_slugs, read_content, read_terms
from insights.text import count_words

_KIND = "article"


class _Parsed(msgspec.Struct, frozen=True):
    """What a file says: the article, None where it gives none, the problems in it, how many words its body has, and a
    digest of its face."""

    article: Article | None
    findings: tuple[Finding, ...]
    words: int = 0
    face: bytes = b""


@dataclass(frozen=True, slots=True)
class Reading:
    """All of content/ with its problems; of each article's file the digest, the number of words and a digest of the
    article's *face*, which is all of it but its body, by path; how many were parsed for it."""

    library: Library
    findings: tuple[Finding, ...]
    digests: Mapping[str, bytes]
    words: Mapping[str, int]
    faces: Mapping[str, bytes]
    parsed: int


# JSON, not MessagePack: that would turn a moment's own time zone into UTC.
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Parsed).decode


def read_library_again(root: Path, stamps: Mapping[str, Stamp], cache: Cache, jobs: int) -> Reading:
    """What `store.read_library` gives."""
    code = digest_code()
    digests = {path: stamp.digest for path, stamp in stamps.items() if _is_article(path)}
    rows = cache.read(_KIND, {path: digest(code, each) for path, each in digests.items()})
    missing = [path for path in digests if path not in rows]
    for path, content, row in in_shards(missing, lambda path: (path, *_parse(root, path)), jobs):
        digests[path], rows[path] = content, row
    cache.write(_KIND, ((path, digest(code, digests[path]), rows[path]) for path in missing))
    cache.keep_only(_KIND, digests)
    parsed = [_decode(rows[path]) for path in digests]
    articles = [each.article for each in parsed if each.article]
    terms, findings = read_terms(root)
    found = [*findings, *(finding for each in parsed for finding in each.findings), *duplicate_slugs(articles)]
    words = {path: each.words for path, each in zip(digests, parsed, strict=True)}
    faces = {path: each.face for path, each in zip(digests, parsed, strict=True)}
    return Reading(terms.replace_articles(articles), tuple(sorted(found)), digests, words, faces, len(missing))


def _is_article(path: str) -> bool:
    return path.startswith(f"{INSIGHTS}/") and path.endswith(".md") and path.count("/") == INSIGHTS.count("/") + 1


def _parse(root: Path, path: str) -> tuple[bytes, bytes]:
    """The digest and the row of one file. The digest is of the very bytes that were parsed, whatever was stamped."""
    data = read_content(root, path)
    if isinstance(data, Finding):
        return b"unreadable", _encode(_Parsed(None, (data,)))
    text, problem = decode_content(data, path)
    article, findings = (None, (problem,)) if problem else parse_article(text, path)
    if article is None:
        return digest(data), _encode(_Parsed(None, findings))
    face = digest(_encode(replace(article, body="", body_line=1, positions={})))
    return digest(data), _encode(_Parsed(article, findings, count_words(article.body), face))
