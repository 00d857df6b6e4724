"""Ingest: sources in, article files out; each source once, one bad source never stopping the others.

Reading and converting are pure and run on all cores; naming, comparing with what is there and writing happen here,
in the order of the sources, so that the result is the same with any number of jobs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path

from insights.errors import InsightsError, SourceError
from insights.library import Library
from insights.model import Article, Extract, Finding, Source
from insights.normalise import Normalised, Stated, fingerprint, normalise, seal
from insights.readers import read
from insights.store import read_articles, read_text, write_file

_MAX_BYTES = 60_000_000
_IN_FLIGHT = 4  # sources under way for each worker: enough to keep it busy, few enough to keep memory flat


class Status(StrEnum):
    """What became of a source."""

    DONE = "done"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DRAFT = "draft"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: the article's file where there is one, and what is wrong with it."""

    source: str
    status: Status
    path: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    normalised: Normalised | None = None


def name_by_title(_source: Source, slug: str) -> str:
    """The article's slug, for `Request.name_file`."""
    return slug


def keep_stem(source: Source, slug: str) -> str:
    """The source's own file stem, for `Request.name_file`; the slug where there is none."""
    return Path(source.name).stem or slug


def leave_draft(_normalised: Normalised) -> Stated | None:
    """Nothing, for `Request.ask`: what a source does not state stays open."""
    return None


@dataclass(frozen=True, slots=True)
class Request:
    """Where the articles go and what the person who ingests says of the sources.

    `into` is a folder; `urls` maps a source's stem to its page's address; `ask` may complete an article that lacks a
    date or topic; `now` is written as the date of retrieval.
    """

    into: Path
    root: Path
    now: datetime
    stated: Stated = field(default_factory=Stated)
    urls: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    format_name: str | None = None
    jobs: int = 1
    name_file: Callable[[Source, str], str] = name_by_title
    ask: Callable[[Normalised], Stated | None] = leave_draft
    write: Callable[[Path, bytes], bool] = write_file


def find_sources(paths: Iterable[str]) -> Iterator[str]:
    """Every file named, and every file inside the folders named, sorted; hidden files and READMEs left out.

    Raises SourceError for a path that does not exist.
    """
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.is_file() and not hidden and file.stem.lower() != "readme":
                    yield str(file)
        elif path.is_file():
            yield name
        else:
            raise SourceError(name, "there is no such file or folder", "check the path")


def ingest(paths: Iterable[str], library: Library, request: Request) -> Iterator[Outcome]:
    """The outcome of each source, in their order, as each is done."""
    folder = _relative(request.into, request.root)
    shelf = _Shelf(request.into)
    for name, source, result in _convert_all(paths, request):
        if isinstance(result, InsightsError) or source is None:
            yield Outcome(name, Status.FAILED, reason=result.what if isinstance(result, InsightsError) else "")
            continue
        for extract in result:
            yield _shelve(extract, source, library, request, folder, shelf)


class _Shelf:
    """The articles that the target folder holds, by slug and by source."""

    def __init__(self, folder: Path) -> None:
        articles, _ = read_articles(folder) if folder.is_dir() else ((), ())
        self.by_slug = {article.slug: article for article in articles}
        self.by_source = {key: article for article in articles if (key := _source_key(article))}
        self.folder = folder

    def path(self, slug: str) -> Path:
        return self.folder / f"{slug}.md"

    def free_slug(self, slug: str, own: Article | None) -> str:
        """The slug, or the first of slug-2, slug-3 … that no other article's file has."""
        candidate, number = slug, 1
        while (self.path(candidate).exists() or candidate in self.by_slug) and (not own or own.slug != candidate):
            number += 1
            candidate = f"{slug}-{number}"
        return candidate

    def put(self, article: Article) -> None:
        self.by_slug[article.slug] = article
        if key := _source_key(article):
            self.by_source[key] = article


def _shelve(
    extract: Extract, source: Source, library: Library, request: Request, folder: str, shelf: _Shelf
) -> Outcome:
    stated = request.stated
    result = normalise(extract, source, library, stated, folder, request.now)
    slug = request.name_file(source, result.article.slug)
    result = replace(result, article=replace(result.article, slug=slug, path=f"{folder}/{slug}.md"))
    key = _source_key(result.article)
    present = shelf.by_source.get(key) if key else None
    if present and _is_same(present, result.article) and stated == Stated():
        return Outcome(source.name, Status.UNCHANGED, f"{folder}/{present.slug}.md")
    if result.article.is_draft and (answer := request.ask(result)):
        result = normalise(extract, source, library, answer, folder, request.now)
    if present:
        return _update(present, result, source, request, shelf)
    slug = shelf.free_slug(slug, None)
    article = replace(result.article, slug=slug, path=f"{folder}/{slug}.md")
    request.write(shelf.path(slug), seal(article).encode())
    shelf.put(article)
    status = Status.DRAFT if article.is_draft else Status.DONE
    return Outcome(source.name, status, article.path, findings=result.findings, normalised=result)


def _update(present: Article, result: Normalised, source: Source, request: Request, shelf: _Shelf) -> Outcome:
    """Writes the article again where nobody has edited its file since ingest wrote it; else leaves it alone."""
    path = shelf.path(present.slug)
    place = result.article.path.rpartition("/")[0] + f"/{present.slug}.md"
    article = replace(result.article, slug=present.slug, path=place)
    current = read_text(path)
    if present.source is None or present.source.written != fingerprint(current):
        if _is_same(present, article):
            return Outcome(source.name, Status.UNCHANGED, place)
        message = "its source has changed, and so has the article: nothing was written"
        finding = article.finding("source", "source-conflict", message, "carry the source's changes over by hand")
        return Outcome(source.name, Status.CONFLICT, place, message, (finding,))
    text = seal(article)
    if fingerprint(text) == fingerprint(current):
        return Outcome(source.name, Status.UNCHANGED, place)
    request.write(path, text.encode())
    shelf.put(article)
    return Outcome(source.name, Status.UPDATED, place, findings=result.findings, normalised=result)


def _is_same(present: Article, new: Article) -> bool:
    return bool(present.source and new.source and present.source.hash == new.source.hash)


def _convert_all(
    paths: Iterable[str], request: Request
) -> Iterator[tuple[str, Source | None, tuple[Extract, ...] | InsightsError]]:
    work = partial(_convert, url=request.url, urls=request.urls, format_name=request.format_name)
    if request.jobs <= 1:
        yield from map(work, paths)
        return
    with ExitStack() as stack:
        pool = stack.enter_context(ProcessPoolExecutor(request.jobs))
        queue = iter(paths)
        waiting = [pool.submit(work, path) for path in islice(queue, request.jobs * _IN_FLIGHT)]
        while waiting:
            first = waiting.pop(0)
            waiting.extend(pool.submit(work, path) for path in islice(queue, 1))
            yield first.result()


def _convert(
    name: str, url: str | None, urls: dict[str, str], format_name: str | None
) -> tuple[str, Source | None, tuple[Extract, ...] | InsightsError]:
    """Reads and converts one source; its error, if any, is returned, since it must not end the others."""
    try:
        source = Source(name, _read_bytes(Path(name)), urls.get(Path(name).stem, url))
        return name, source, read(source, format_name)
    except InsightsError as error:
        return name, None, error


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SourceError(
                str(path), f"the source has over {_MAX_BYTES:,} bytes", "split it, or save the text alone"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error), "check that it exists and may be read") from error


def _source_key(article: Article) -> str | None:
    if article.source is None:
        return None
    return article.source.url or (f"file:{article.source.file}" if article.source.file else None)


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()


def parse_url_index(text: str) -> dict[str, str]:
    """The page's address for each source's stem, from lines of stem, tab, URL."""
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {pair[0].strip(): pair[1].strip() for pair in pairs}
