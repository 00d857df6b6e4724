"""Where sources are and how their bytes are read: files, folders, zips, lists of addresses, standard input, URLs."""

from __future__ import annotations

import posixpath
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import unquote

from insights.errors import SourceError
from insights.fetch import Fetcher
from insights.model import Source
from insights.readers.limits import LIMITS, Limits
from insights.store import leads_out
from insights.zips import UNREADABLE

_STANDARD_INPUT = "-"
_LIST_BYTES = 1_000_000
_PARTS_OF_PAGES = frozenset(
    ".avif .bmp .css .gif .ico .jpeg .jpg .js .map .mp3 .mp4 .png .svg .tif .tiff .ttf .webm .webp .woff .woff2"
    " .download".split()
)
"""Endings of what a page needs, and an archive of it holds; none of them is an article."""
_BESIDE_PAGES = ("_files", ".files", "-Dateien", "_fichiers", "_archivos", "_bestanden", "_file")
"""How browsers call the folder beside a page, in the languages of their makers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one source is, before it is read: a file, a member of a zip, an address, or bytes already at hand.

    `name` is what messages call it, `record` what the article's record does: its path inside the folder or zip that was
    given. `error` says why it cannot be read.
    """

    name: str
    path: str | None = None
    member: str | None = None
    url: str | None = None
    data: bytes | None = None
    record: str = ""
    error: SourceError | None = None


def find_places(names: Iterable[str], limits: Limits = LIMITS) -> Iterator[Place]:
    """The place of each source that the names stand for, in order; folders and zips by name, READMEs left out.

    A name is a file, a folder, a zip, a text file that lists addresses, an address, a path of another file system that
    fsspec knows ("s3://bucket/folder"), or "-" for standard input. What does not exist or cannot be opened is a place
    with an error.
    """
    for name in names:
        try:
            yield from _find(name, limits)
        except SourceError as error:
            yield Place(name, error=error)


def _find(name: str, limits: Limits) -> Iterator[Place]:
    if name == _STANDARD_INPUT:
        yield Place("standard input", data=sys.stdin.buffer.read(limits.max_bytes + 1))
    elif name.startswith(("http://", "https://")):
        yield Place(name, url=name)
    elif (path := open_path(name)).is_dir():
        for file in _files(path):
            try:
                _refuse_link_out(file)
                yield from _find_in_file(file, limits, file.relative_to(path).as_posix())
            except SourceError as error:
                yield Place(str(file), error=error)
    elif path.is_file():
        yield from _find_in_file(path, limits, path.name)
    else:
        raise SourceError(name, "there is no such file or folder", "check the path")


def load(place: Place, fetcher: Fetcher | None, urls: dict[str, str], limits: Limits = LIMITS) -> Source:
    """The source at a place. `urls` has the addresses of saved pages by their stem.

    Raises SourceError, or FetchError where it is an address; `fetcher` may be None where no place is one.
    """
    if place.error is not None:
        raise place.error
    if place.url is not None:
        if fetcher is None:
            raise SourceError(place.name, "it is an address, and nothing may be fetched here", "save the page first")
        fetched = fetcher.fetch(place.url)
        return Source(place.name, fetched.data, fetched.url, fetched.media_type)
    data = place.data if place.data is not None else _read(place, limits)
    if len(data) > limits.max_bytes:
        raise SourceError(place.name, f"it has over {limits.max_bytes:,} bytes", "split it, or save the text alone")
    return Source(place.name, data, urls.get(PurePosixPath(place.name).stem))


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        path = PurePosixPath(file.relative_to(folder).as_posix())
        if _may_be_source(path) and file.is_file() and not _belongs_to_page(file, folder):
            yield file


def _may_be_source(path: PurePosixPath) -> bool:
    """Whether a file of a folder or zip may be a source: not hidden, no README, no picture or style of a page."""
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not is_hidden and path.stem.lower() != "readme" and path.suffix.lower() not in _PARTS_OF_PAGES


def _belongs_to_page(file: Path, folder: Path) -> bool:
    """Whether a file lies in the folder that a browser saved beside a page ("Tea.html", "Tea_files")."""
    for around in file.relative_to(folder).parents:
        ending = next((each for each in _BESIDE_PAGES if around.name.endswith(each)), "")
        stem = around.name.removesuffix(ending)
        if ending and any((folder / around.parent / f"{stem}{suffix}").is_file() for suffix in (".html", ".htm")):
            return True
    return False


def _refuse_link_out(file: Path) -> None:
    if "://" not in str(file) and leads_out(file):  # other file systems have no links
        raise SourceError(str(file), "it is a link that leads out of its folder", "put the file in its place")


def _find_in_file(file: Path, limits: Limits, record: str) -> Iterator[Place]:
    if file.suffix.lower() == ".zip":
        yield from _find_in_zip(file, limits, record)
    elif addresses := _listed_addresses(file):
        yield from (Place(address, url=address) for address in addresses)
    else:
        yield Place(str(file), path=str(file), record=record)


def _find_in_zip(file: Path, limits: Limits, record: str) -> Iterator[Place]:
    """The members of a zip. Raises SourceError where it holds too many, or unpacks to too much."""
    try:
        with file.open("rb") as opened, zipfile.ZipFile(opened) as archive:
            members = sorted((each for each in archive.infolist() if not each.is_dir()), key=lambda each: each.filename)
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(str(file), f"the zip cannot be read: {error}", "pack it again") from error
    size = sum(each.file_size for each in members)
    if len(members) > limits.max_archive_files or size > limits.max_unpacked_bytes:
        message = f"the zip holds {len(members):,} files that unpack to {size:,} bytes"
        raise SourceError(str(file), message, "split it into smaller ones")
    for member in members:
        if _may_be_source(PurePosixPath(member.filename)):
            name = f"{file}/{member.filename}"
            yield Place(name, path=str(file), member=member.filename, record=f"{record}/{member.filename}")


def read_beside(place: Place, href: str, limits: Limits = LIMITS) -> bytes | None:
    """The file that a source names by a relative address, from its own folder or zip; None where there is none."""
    relative = unquote(re.split(r"[?#]", href)[0])
    if not place.path or not relative or relative.startswith("/") or re.match(r"[a-z][a-z0-9+.-]*:", href, re.I):
        return None
    own = PurePosixPath(place.member or open_path(place.path).name)
    target = posixpath.normpath(own.parent / relative)
    if target.startswith(".."):
        return None
    if place.member is None:
        folder = open_path(place.path).parent
        file = folder / target
        if "://" not in place.path and not file.resolve().is_relative_to(folder.resolve()):
            return None
        beside = Place(target, path=str(file))
    else:
        beside = Place(target, path=place.path, member=target)
    try:
        data = _read(beside, limits)
    except SourceError:
        return None
    return data if len(data) <= limits.max_bytes else None


def _listed_addresses(file: Path) -> list[str]:
    """The addresses in a text file that holds nothing else, a line each; empty lines and "#" comments may stand."""
    if file.suffix.lower() not in {".txt", ".urls", ".lst"} or file.stat().st_size > _LIST_BYTES:
        return []
    lines = [line.strip() for line in file.read_bytes().decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    is_list = bool(lines) and all(line.startswith(("http://", "https://")) and " " not in line for line in lines)
    return lines if is_list else []


def _read(place: Place, limits: Limits) -> bytes:
    path = open_path(place.path or "")
    try:
        if place.member is None:
            with path.open("rb") as file:
                return file.read(limits.max_bytes + 1)
        with path.open("rb") as file, zipfile.ZipFile(file) as archive, archive.open(place.member) as member:
            return member.read(limits.max_bytes + 1)
    except UNREADABLE as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(place.name, reason, "check that it exists and may be read") from error


def write_object(path: Path, data: bytes) -> bool:
    """As `store.write_file`, for a path of another file system: object stores put whole objects in one step."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def open_path(name: str) -> Path:
    """The path that a name stands for: a local one, or with a protocol ("s3://…") one of another file system.

    Raises SourceError where the package that knows other file systems is missing.
    """
    if "://" not in name:
        return Path(name)
    try:
        from upath import UPath
    except ImportError as error:
        fix = "install the extra: pip install 'insights[cluster]'"
        raise SourceError(name, "paths of other file systems need universal-pathlib", fix) from error
    path: Any = UPath(name)  # what pathlib.Path does, it does
    return cast("Path", path)
