"""Source → Extracts, on as many processes or machines as there are; the same function everywhere, the order kept."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TypeAlias

from insights.errors import InsightsError, SourceError
from insights.ingest.places import Place, load
from insights.model import Extract, Source
from insights.readers import read

_IN_FLIGHT = 4  # sources under way for each worker: enough to keep it busy, few enough to keep memory flat
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Converted:
    """What one source gave: an article's extract, or why there is none. `hash` is the source's SHA-256."""

    name: str
    url: str | None = None
    hash: str = ""
    extract: Extract | None = None
    is_fetched: bool = False
    error: InsightsError | None = None


_Future: TypeAlias = "Future[tuple[Converted, ...]]"


def convert(place: Place, urls: dict[str, str], url: str | None, format_name: str | None) -> tuple[Converted, ...]:
    """One Converted for each article in the source at `place`: several for a feed. Never raises for a bad source."""
    try:
        source = load(place, None, urls)
        if source.url is None and url is not None:
            source = replace(source, url=url)
        return convert_source(source, format_name)
    except InsightsError as error:
        return (Converted(place.name, error=error),)


def convert_source(source: Source, format_name: str | None) -> tuple[Converted, ...]:
    """One Converted for each article in a source that is at hand. Never raises for a bad source."""
    try:
        extracts = read(source, format_name)
    except InsightsError as error:
        return (Converted(source.name, error=error),)
    except (RecursionError, MemoryError) as error:
        reason = f"it is too deep or too large to read ({type(error).__name__})"
        return (Converted(source.name, error=SourceError(source.name, reason, "save the text alone")),)
    if len(extracts) == 1:
        digest = hashlib.sha256(source.data).hexdigest()
        return (Converted(source.name, source.url, digest, extracts[0]),)
    return tuple(
        Converted(
            source.name,
            extract.canonical or f"{source.url or source.name}#{extract.guid or number}",
            hashlib.sha256(repr(extract).encode()).hexdigest(),
            extract,
        )
        for number, extract in enumerate(extracts, 1)
    )


def convert_all(
    places: Iterable[Place], executor: Executor | None, urls: dict[str, str], url: str | None, format_name: str | None
) -> Iterator[tuple[Converted, ...]]:
    """What each place gave, in the order of the places; `executor` None converts here, one after the other."""
    work = partial(convert, urls=urls, url=url, format_name=format_name)
    if executor is None:
        yield from map(work, places)
        return
    queue = iter(places)
    workers = getattr(executor, "_max_workers", None) or 8
    waiting = deque((place, executor.submit(work, place)) for place in islice(queue, workers * _IN_FLIGHT))
    while waiting:
        place, future = waiting.popleft()
        waiting.extend((place, executor.submit(work, place)) for place in islice(queue, 1))
        yield _result(place, future, partial(executor.submit, work, place))


def _result(place: Place, future: _Future, again: Callable[[], _Future]) -> tuple[Converted, ...]:
    """What a worker gave. `convert` never raises, so an exception is the worker's own end: the source is tried anew."""
    problem: BaseException | None = None
    for _ in range(_TRIES):
        try:
            return future.result()
        except (Exception, CancelledError) as error:
            problem = error
            with suppress(Exception):
                future = again()
    reason = f"the worker that read it died ({type(problem).__name__})"
    return (Converted(place.name, error=SourceError(place.name, reason, "ingest it alone, with --jobs 1")),)


@contextmanager
def open_executor(jobs: int, cluster: str | None) -> Iterator[Executor | None]:
    """Where to convert: a Dask cluster by its address, processes of this machine, or None for this process.

    A cluster runs a source again elsewhere when the worker that had it dies. Raises SourceError without the extra.
    """
    if cluster is not None:
        try:
            from distributed import Client
        except ImportError as error:
            fix = "install the extra: pip install 'insights[cluster]'"
            raise SourceError(cluster, "a cluster needs Dask", fix) from error
        with Client(cluster) as client:  # type: ignore[no-untyped-call]
            yield client.get_executor(pure=False, retries=3)
    elif jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            yield pool
    else:
        yield None
