"""Source → Extracts, on as many processes or machines as there are; the same function everywhere, the order kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from insights.errors import InsightsError, SourceError
from insights.ingest.images import inline_picture, picture_addresses
from insights.ingest.places import Place, load, read_beside
from insights.model import Attachment, Extract, Source
from insights.readers import read
from insights.readers.limits import LIMITS, Limits
from insights.readers.proof import MAX_PROVED, lost_words
from insights.workers import WorkerDiedError

_MAX_PICTURES = 200
_MAX_BLOCKS = 20_000  # paragraphs apart and cells: Python-Markdown tries every pattern in each
_MAX_MARKS = 20_000  # links and tags: Python-Markdown tries every pattern at each


@dataclass(frozen=True, slots=True)
class Converted:
    """What one source gave: an article's extract, or why there is none. `hash` is the source's SHA-256.

    `record` is what the article's record calls the source. `lost` is the start of what the source shows and the
    extract's body, as rendered, does not.
    """

    name: str
    url: str | None = None
    hash: str = ""
    extract: Extract | None = None
    is_fetched: bool = False
    record: str = ""
    lost: str = ""
    error: InsightsError | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of all sources: pages' addresses by their stem or for all, their format, and their bounds."""

    urls: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    format_name: str | None = None
    limits: Limits = LIMITS


def convert(place: Place, reading: Reading) -> tuple[Converted, ...]:
    """One Converted for each article in the source at `place`: several for a feed. Never raises for a bad source."""
    try:
        source = load(place, None, reading.urls, reading.limits)
        results = convert_source(replace(source, url=source.url or reading.url), reading)
    except InsightsError as error:
        return (Converted(place.name, error=error),)
    return tuple(
        replace(each, record=place.record, extract=_with_pictures_beside(each.extract, place, reading.limits))
        for each in results
    )


def _with_pictures_beside(extract: Extract | None, place: Place, limits: Limits) -> Extract | None:
    """The extract with the pictures that its body holds, or names by relative addresses: the source's folder or zip."""
    if extract is None or "![" not in extract.body:
        return extract
    attached = {each.name for each in extract.attachments}
    found = []
    for address in picture_addresses(extract.body):
        if address in attached:
            continue
        data = inline_picture(address) if address.startswith("data:") else read_beside(place, address, limits)
        if data is not None:
            found.append(Attachment(address, data, ""))
    return replace(extract, attachments=(*extract.attachments, *found[:_MAX_PICTURES])) if found else extract


def convert_source(source: Source, reading: Reading) -> tuple[Converted, ...]:
    """One Converted for each article in a source that is at hand. Never raises for a bad source."""
    try:
        extracts = [_proved(extract) for extract in read(source, reading.format_name, reading.limits)]
    except InsightsError as error:
        return (Converted(source.name, error=error),)
    except (RecursionError, MemoryError) as error:
        reason = f"it is too deep or too large to read ({type(error).__name__})"
        return (Converted(source.name, error=SourceError(source.name, reason, "save the text alone")),)
    except Exception as error:  # a parser may stumble over a damaged source in ways of its own: the others go on
        reason = f"it is damaged: {type(error).__name__}: {' '.join(str(error).split())}"
        return (Converted(source.name, error=SourceError(source.name, reason, "save it again, or its text alone")),)
    if len(extracts) == 1:
        digest = hashlib.sha256(source.data).hexdigest()
        extract, lost = extracts[0]
        return (Converted(source.name, source.url, digest, extract, lost=lost),)
    return tuple(
        Converted(
            source.name,
            extract.canonical or f"{source.url or source.name}#{extract.guid or number}",
            hashlib.sha256(repr(extract).encode()).hexdigest(),
            extract,
            lost=lost,
        )
        for number, (extract, lost) in enumerate(extracts, 1)
    )


def _proved(extract: Extract) -> tuple[Extract, str]:
    """The extract, without what it is proved by, and what its body has lost; a book is not rendered for it."""
    if not extract.shown:
        return extract, ""
    body = extract.body
    marks = body.count("](") + body.count("<")
    blocks = body.count("\n\n") + body.count("|")
    is_short = len(body) <= MAX_PROVED and blocks <= _MAX_BLOCKS and marks <= _MAX_MARKS
    lost = lost_words(extract.shown, extract.body) if is_short else ""
    return replace(extract, shown=""), lost


def failed(place: Place, error: WorkerDiedError) -> tuple[Converted, ...]:
    """What a place gave whose worker died."""
    reason = f"the worker that read it died ({error})"
    return (Converted(place.name, error=SourceError(place.name, reason, "save its text alone")),)
