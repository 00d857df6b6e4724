"""Ingest: sources in, article files out; each source once, one bad source never stopping the others.

Reading and converting are pure and run on all cores or on a cluster (`convert`); naming, comparing with what is there
(`shelf`) and writing happen here, in the order of the sources, so that the result is the same with any number of jobs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath

from insights.errors import FetchError, InsightsError
from insights.fetch import Fetcher
from insights.ingest.convert import Converted, Reading, convert, convert_source, failed
from insights.ingest.images import bring_pictures
from insights.ingest.merge import merge
from insights.ingest.places import Place, load
from insights.ingest.shelf import Shelf
from insights.library import Library
from insights.model import Article, Finding, Level, Origin
from insights.normalise import Normalised, Stated, fingerprint, normalise, seal
from insights.readers.limits import LIMITS, Limits
from insights.store import read_text, write_file
from insights.workers import Workforce, run_all

SOURCES = "content/sources"
FETCHED = f"{SOURCES}/fetched"


class Status(StrEnum):
    """What became of a source."""

    DONE = "done"
    DRAFT = "draft"
    UPDATED = "updated"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article of a source: its file where there is one, and what is wrong with it."""

    source: str
    status: Status
    path: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    normalised: Normalised | None = None


def name_by_title(_source_name: str, slug: str) -> str:
    """The article's slug, for `Request.name_file`."""
    return slug


def keep_stem(source_name: str, slug: str) -> str:
    """The source's own file stem, for `Request.name_file`; the slug where it has none."""
    return PurePosixPath(source_name).stem or slug


def leave_draft(_normalised: Normalised) -> Stated | None:
    """Nothing, for `Request.ask`: what a source does not state stays open."""
    return None


@dataclass(frozen=True, slots=True)
class Request:
    """Where the articles go and what the person who ingests says of the sources.

    `into` is a folder, `assets` one for pictures, which articles reach as `assets_href`; `bases` is for the record of
    what was written, by which later changes on both sides merge. `urls` maps a source's stem to its page's address;
    `ask` may complete an article that lacks a date or topic; `now` is written as the date of retrieval; `cluster` is
    the address of a Dask scheduler.
    """

    into: Path
    root: Path
    now: datetime
    assets: Path
    assets_href: str = "../assets"
    bases: Path | None = None
    stated: Stated = field(default_factory=Stated)
    urls: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    format_name: str | None = None
    limits: Limits = LIMITS
    jobs: int = 1
    cluster: str | None = None
    fetcher: Fetcher | None = None
    name_file: Callable[[str, str], str] = name_by_title
    ask: Callable[[Normalised], Stated | None] = leave_draft
    write: Callable[[Path, bytes], bool] = write_file


def ingest(places: Iterable[Place], library: Library, request: Request) -> Iterator[Outcome]:
    """The outcome of each source, in their order, as each is done."""
    yield from shelve(_converted(places, request), library, request)


def shelve(converted: Iterable[tuple[Converted, ...]], library: Library, request: Request) -> Iterator[Outcome]:
    """The outcome of each article that was found in a source: named, compared with what is there, and written."""
    folder = _relative(request.into, request.root)
    with Shelf(request.into, request.bases) as shelf:
        for result in chain.from_iterable(converted):
            if result.extract is None:
                yield Outcome(result.name, Status.FAILED, reason=_why(result.error))
            else:
                yield _shelve(result, library, request, shelf, folder)


def _why(error: InsightsError | None) -> str:
    """What kept a source out, and what to do instead, in a line."""
    return "; ".join(filter(None, (error.what, error.fix))) if error else "nothing was found in it"


def parse_url_index(text: str) -> dict[str, str]:
    """The page's address for each source's stem, from lines of stem, tab, URL."""
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {pair[0].strip(): pair[1].strip() for pair in pairs}


def _converted(places: Iterable[Place], request: Request) -> Iterator[tuple[Converted, ...]]:
    """What each place gave. Addresses are fetched here, one after the other, as politeness to a host needs."""
    work = partial(convert, reading=_reading(request))
    with Workforce(request.jobs, request.cluster).open() as workers:
        batch: list[Place] = []
        for place in places:
            if place.url is None and place.data is None:
                batch.append(place)
                continue
            yield from run_all(batch, workers, work, failed)
            batch = []
            yield _convert_here(place, request)
        yield from run_all(batch, workers, work, failed)


def _reading(request: Request) -> Reading:
    return Reading(request.urls, request.url, request.format_name, request.limits)


def _convert_here(place: Place, request: Request) -> tuple[Converted, ...]:
    try:
        source = load(place, request.fetcher, request.urls, request.limits)
    except InsightsError as error:
        return (Converted(place.name, error=error),)
    results = convert_source(replace(source, url=source.url or request.url), _reading(request))
    return tuple(replace(result, is_fetched=place.url is not None) for result in results)


def _shelve(result: Converted, library: Library, request: Request, shelf: Shelf, folder: str) -> Outcome:
    normalised = _normalised(result, library, request, request.stated, folder)
    present = shelf.find(normalised.article)
    if present and _has_same_source(present, normalised.article) and request.stated == Stated():
        return _unchanged(present, normalised.article, result.name, folder)
    if normalised.article.is_draft and (answer := request.ask(normalised)):
        normalised = _normalised(result, library, request, answer, folder)
    if present:
        return _update(present, normalised, result, request, shelf)
    slug = shelf.free_slug(normalised.article.slug)
    article = replace(normalised.article, slug=slug, path=f"{folder}/{slug}.md")
    article, findings = _with_pictures(article, result, request)
    findings = (*normalised.findings, *findings, *_alike(article, shelf))
    _write(article, request, shelf)
    status = Status.DRAFT if article.is_draft else Status.DONE
    return Outcome(result.name, status, article.path, findings=findings, normalised=normalised)


def _normalised(result: Converted, library: Library, request: Request, stated: Stated, folder: str) -> Normalised:
    assert result.extract is not None  # noqa: S101 (the caller has seen to it)
    name = result.record or PurePosixPath(result.name).name
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # as it is where the locale lacks letters
    origin = Origin(url=result.url, file=None if result.url else name, retrieved=request.now, hash=result.hash)
    normalised = normalise(result.extract, origin, library, stated, folder)
    slug = request.name_file(result.name, normalised.article.slug)
    article = replace(normalised.article, slug=slug, path=f"{folder}/{slug}.md")
    return replace(normalised, article=article, findings=(*normalised.findings, *_losses(article.path, result)))


def _losses(path: str, result: Converted) -> tuple[Finding, ...]:
    if not result.lost:
        return ()
    message = f'the article does not show all that its source shows, from "{result.lost}" on'
    fix = "compare it with the source, and put in what is missing"
    return (Finding(path, 1, 1, "text-lost", message, fix, Level.WARNING),)


def _with_pictures(article: Article, result: Converted, request: Request) -> tuple[Article, tuple[Finding, ...]]:
    """The article with the pictures that came inside its source or, for a fetched page, that the page shows."""
    attached = {each.name: each.data for each in result.extract.attachments} if result.extract else {}

    def find(src: str) -> bytes | None:
        if src in attached:
            return attached[src]
        if request.fetcher and result.is_fetched and src.startswith(("http://", "https://")):
            with suppress(FetchError):
                return request.fetcher.fetch(src).data
        return None

    if not attached and not result.is_fetched:
        return article, ()
    article, files, findings = bring_pictures(article, find, f"{request.assets_href}/{article.slug}")
    for name, data in files.items():
        request.write(request.assets / article.slug / name, data)
    return article, findings


def _write(article: Article, request: Request, shelf: Shelf) -> None:
    """Writes the record of what is written, then the article's file: a run that is cut short between the two finds an
    article that is as before, and writes both again."""
    data = seal(article).encode()
    if base := shelf.base(article.slug):
        request.write(base, data)
    request.write(shelf.path(article.slug), data)
    shelf.put(article)


def _unchanged(present: Article, new: Article, name: str, folder: str) -> Outcome:
    """The same bytes again; told where they come under another name or from another address."""
    path = f"{folder}/{present.slug}.md"
    old, now = present.source, new.source
    if old and now and (old.url, old.file) != (now.url, now.file):
        message = f"the same source as before, then called {old.url or old.file}"
        finding = Finding(path, 1, 1, "source-renamed", message, "nothing, the article is the same", Level.ADVICE)
        return Outcome(name, Status.UNCHANGED, path, findings=(finding,))
    return Outcome(name, Status.UNCHANGED, path)


def _update(present: Article, result: Normalised, source: Converted, request: Request, shelf: Shelf) -> Outcome:
    """Takes over what changed in the source: as a whole where nobody has edited the article's file, else by merging."""
    slug = present.slug
    article = replace(result.article, slug=slug, path=result.article.path.rpartition("/")[0] + f"/{slug}.md")
    article, _ = _with_pictures(article, source, request)
    path = shelf.path(slug)
    current = read_text(path)
    text = seal(article)
    if fingerprint(text) == fingerprint(current):
        return Outcome(source.name, Status.UNCHANGED, article.path)
    if present.source and present.source.written == fingerprint(current):
        _write(article, request, shelf)
        return Outcome(source.name, Status.UPDATED, article.path, findings=result.findings, normalised=result)
    base = shelf.base(slug)
    before = read_text(base) if base and base.is_file() else None
    if fingerprint(before) == fingerprint(text) if before is not None else _has_same_source(present, article):
        return Outcome(source.name, Status.UNCHANGED, article.path)
    merged, conflicts = merge(current, before, text) if before is not None else (current, (1,))
    if conflicts:
        message = "its source has changed, and so has the article, in the same place: nothing was written"
        fix = "carry the source's change over by hand; `--dry-run --into` another folder shows it"
        findings = tuple(Finding(article.path, line, 1, "source-conflict", message, fix) for line in conflicts)
        return Outcome(source.name, Status.CONFLICT, article.path, message, findings)
    request.write(path, merged.encode())
    if base:
        request.write(base, text.encode())
    shelf.put(article)
    return Outcome(source.name, Status.MERGED, article.path, findings=result.findings, normalised=result)


def _alike(article: Article, shelf: Shelf) -> tuple[Finding, ...]:
    alike = shelf.find_alike(article.body)
    if alike is None:
        return ()
    slug, likeness = alike
    message = f'{likeness:.0%} of its text is that of "{slug}"'
    fix = "keep one of them, or give this one a `canonical:` address"
    return (Finding(article.path, 1, 1, "article-alike", message, fix, Level.WARNING),)


def _has_same_source(present: Article, new: Article) -> bool:
    return bool(present.source and new.source and present.source.hash == new.source.hash)


def _relative(path: Path, root: Path) -> str:
    if "://" in str(path):
        return str(path)
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()
