"""Sheets of every article under content/: read anew where a file's bytes have changed, on all cores where many have."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import msgspec

from insights.assets import PICTURES, drawing_size, refuse_asset
from insights.check import Asset, Collection, Sheet, asset_path, build_collection, check_text
from insights.check.collection import page_sheet
from insights.errors import StoreError
from insights.library import Library, build_library
from insights.model import Author, Edition, Finding, Page, Topic
from insights.settings import Publication
from insights.store import (
    CONTENT,
    INSIGHTS,
    decode_content,
    duplicate_slugs,
    read_article_files,
    read_content,
    read_terms,
    write_output,
)
from insights.workers import ALL_CORES, WorkerDiedError, Workforce, run_all

_CACHE = "build/check.msgpack"
_WORTH_PROCESSES = 300  # files; fewer are done before a second process has started
_BATCH = 200
_MEASURED_FROM_BYTES = 100_000  # smaller pictures are not too wide in practice: only those without a size are measured
_ORIENTATION, _LAST_UPRIGHT = 0x0112, 4  # Exif 2.3, 4.6.4: from 5 on the picture lies on its side, and browsers turn it
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Reading:
    """The collection on disk, with what was found while reading it."""

    collection: Collection
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The sheets of one version of the rules, by the hash of path and bytes."""

    rules: str
    sheets: dict[str, Sheet]


def read_collection(root: Path, publication: Publication, now: datetime, workforce: Workforce = ALL_CORES) -> Reading:
    """The collection of a project; `workforce` makes the sheets, where there are many to make.

    Sheets are kept in build/check.msgpack, by the content of their files and of the rules; the rules of the collection
    (topics, tags, links) are applied anew each time, so that no change of the vocabulary can be missed.
    """
    library, findings = read_terms(root)
    sheets, more = _read_sheets(root, workforce)
    articles = [sheet.article for sheet in sheets if sheet.article]
    library = build_library(articles, library.topics, library.tags, library.authors, library.editions, library.pages)
    found = {*findings, *more, *duplicate_slugs(articles)}
    unsized = {asset_path(picture.href) for sheet in sheets for picture in sheet.pictures if not picture.is_sized}
    assets, pages = list(_assets(root, unsized)), list(_read_pages(root, library))
    collection = build_collection(sheets, library, assets, now, publication, pages)
    return Reading(collection, tuple(sorted(found)))


def _read_sheets(root: Path, workforce: Workforce) -> tuple[list[Sheet], list[Finding]]:
    rules = _fingerprint_of_rules()
    remembered = _load(root / _CACHE, rules)
    keys: dict[str, str] = {}
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for path, data in read_article_files(root):
        if isinstance(data, Finding):
            findings.append(data)
            continue
        key = hashlib.blake2b(path.encode() + b"\0" + data, digest_size=16).hexdigest()
        if key not in remembered:
            text, problem = decode_content(data, path)
            if problem:
                findings.append(problem)
                continue
            texts[path] = text
        keys[path] = key
    fresh = dict(zip(texts, _check_all(texts, workforce), strict=True))
    sheets = {path: fresh[path] if path in fresh else remembered[key] for path, key in keys.items()}
    if fresh or len(keys) != len(remembered):
        kept = _Remembered(rules, {keys[path]: sheet for path, sheet in sheets.items()})
        with suppress(StoreError):  # on a full disk, or where nothing may be written, the next run reads all again
            write_output(root / _CACHE, msgspec.msgpack.encode(kept))
    return list(sheets.values()), findings


def _check_all(texts: Mapping[str, str], workforce: Workforce) -> list[Sheet]:
    if len(texts) < _WORTH_PROCESSES:
        return [check_text(text, path) for path, text in texts.items()]
    pairs = list(texts.items())
    batches = [pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH)]
    with workforce.open() as workers:
        packed = run_all(batches, workers, _check_batch, _lost)
        return list(chain.from_iterable(msgspec.msgpack.decode(each, type=list[Sheet]) for each in packed))


def _check_batch(pairs: Sequence[tuple[str, str]]) -> bytes:
    """The sheets of some texts, packed: msgpack crosses between processes many times faster than pickle."""
    return msgspec.msgpack.encode([check_text(text, path) for path, text in pairs])


def _lost(pairs: Sequence[tuple[str, str]], error: WorkerDiedError) -> bytes:
    paths = f"{pairs[0][0]} … {pairs[-1][0]}"
    raise StoreError(paths, "the process that checked these files died", "check them one by one") from error


def _load(path: Path, rules: str) -> dict[str, Sheet]:
    """The remembered sheets; none where the file is missing, damaged, or of other rules."""
    try:
        data = path.read_bytes()
        if rules.encode() not in data[:100]:
            return {}
        remembered = msgspec.msgpack.decode(data, type=_Remembered)
    except (OSError, msgspec.MsgspecError):
        return {}
    return remembered.sheets if remembered.rules == rules else {}


def _fingerprint_of_rules() -> str:
    """A hash of the code that sheets depend on."""
    files = sorted((_PACKAGE / "check").glob("*.py"))
    others = ("article.py", "schema.py", "fields.py", "frontmatter.py", "model.py", "text.py", "readers/pasted.py")
    files += [_PACKAGE / name for name in others]
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read_pages(root: Path, library: Library) -> Iterator[Sheet]:
    """The sheets of the pages that gave something; what is wrong with the others is told already."""
    pages: list[Topic | Author | Edition | Page]
    pages = [*library.topics, *library.authors, *library.editions, *library.pages]
    for page in pages:
        data = read_content(root, page.path)
        if not isinstance(data, Finding):
            text, problem = decode_content(data, page.path)
            if not problem:
                yield page_sheet(text, page.path)


def _assets(root: Path, unsized: Set[str | None]) -> Iterable[Asset]:
    """The files of content/assets and those that lie beside articles, notes, Markdown and hidden ones apart.

    `unsized` are the paths of pictures whose size an article does not say.
    """
    content = root / CONTENT
    assets = content / "assets"  # what lies beside articles is never published
    for start in (assets, root / INSIGHTS):
        for folder, folders, names in os.walk(start):
            folders.sort()
            for name in sorted(names):
                is_note = name.endswith(".md") and (start != assets or name.startswith("README"))
                if is_note or name.startswith("."):
                    continue
                path = Path(folder, name)
                try:
                    size = path.stat().st_size
                    drawing = path.read_bytes() if path.suffix.lower() == ".svg" else b""
                except OSError:
                    continue  # gone since it was listed, or without rights: who shows it is told that it is missing
                refusal = refuse_asset(name, drawing) if start == assets else None
                relative = path.relative_to(content).as_posix()
                is_measured = drawing or size >= _MEASURED_FROM_BYTES or relative in unsized
                yield Asset(relative, size, _pixels(path, drawing) if is_measured else None, refusal)


def _pixels(path: Path, drawing: bytes) -> tuple[int, int] | None:
    """A picture's width and height, from the head of its file; None for what is none."""
    if path.suffix.lower() not in PICTURES:
        return drawing_size(drawing) if drawing else None
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            is_turned = picture.format in ("JPEG", "WEBP") and picture.getexif().get(_ORIENTATION, 1) > _LAST_UPRIGHT
            return picture.size[::-1] if is_turned else picture.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
