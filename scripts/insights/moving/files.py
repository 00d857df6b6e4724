"""The files of an export: a folder, a zip (Notion's zips in a zip too) or one file, read by path within limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from insights.errors import SourceError
from insights.zips import UNREADABLE

_MAX_FILES = 200_000
_MAX_BYTES = 20 * 1024**3
_MAX_FILE_BYTES = 4 * 1024**3
_HIDDEN_CONTENT = frozenset({".obsidian", ".eleventy.js", ".authors.yml"})
_NOT_CONTENT = frozenset({"node_modules", "__MACOSX", "_site"})


@dataclass(frozen=True, slots=True)
class Files:
    """An export's files: what the user called it, the paths by name, and how one is read.

    `problems` tells what was wrong with some while they were read, each with its path.
    """

    name: str
    paths: tuple[str, ...]
    read: Callable[[str], bytes]
    problems: list[str] = field(default_factory=list)
    _present: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_present", frozenset(self.paths))

    def text(self, path: str) -> str:
        """A file's text: UTF-8, what is not becomes U+FFFD."""
        return self.read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n")

    def has(self, path: str) -> bool:
        """Whether there is a file of just this path."""
        return path in self._present

    def ending(self, *suffixes: str) -> tuple[str, ...]:
        """The paths that end with one of these suffixes."""
        return tuple(path for path in self.paths if path.lower().endswith(suffixes))


def open_files(name: str) -> Files:
    """The files of the export at a path. Raises SourceError where there is none, or a zip is broken or a bomb."""
    path = Path(name)
    if path.is_dir():
        paths = tuple(sorted(found.relative_to(path).as_posix() for found in _walk(path)))
        return Files(name, paths, lambda inner: _read(path / inner))
    if not path.is_file():
        raise SourceError(name, "there is no such file or folder", "give the export's zip, file or folder")
    if zipfile.is_zipfile(path):
        return _stripped(_open_zip(name, path))
    return Files(name, (path.name,), lambda _inner: _read(path))


def _walk(folder: Path) -> Iterator[Path]:
    for child in sorted(folder.iterdir()):
        if not _is_content(child.name):
            continue
        if child.is_dir() and not child.is_symlink():
            yield from _walk(child)
        elif child.is_file():
            yield child


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error), "check that it may be read") from error


def _open_zip(name: str, file: Path | io.BytesIO) -> Files:
    """The files of a zip. Notion packs parts of at most 5 GB into one zip: theirs; but no zip is unfolded in those."""
    files = _files_of(name, file)
    if not files.paths or not all(path.lower().endswith(".zip") for path in files.paths):
        return files
    parts = [_files_of(f"{name}/{path}", io.BytesIO(files.read(path))) for path in files.paths]
    owners = {path: part for part in parts for path in part.paths}
    return Files(name, tuple(sorted(owners)), lambda path: owners[path].read(path))


def _files_of(name: str, file: Path | io.BytesIO) -> Files:
    try:
        archive = zipfile.ZipFile(file)
    except UNREADABLE as error:
        raise SourceError(name, f"the zip cannot be read: {error}", "pack it again") from error
    members = [each for each in archive.infolist() if not each.is_dir() and _is_content(each.filename)]
    size = sum(each.file_size for each in members)
    if len(members) > _MAX_FILES or size > _MAX_BYTES:
        raise SourceError(name, f"the zip holds {len(members):,} files of {size:,} bytes", "unpack it, give the folder")
    return Files(name, tuple(sorted(each.filename for each in members)), lambda path: _member(name, archive, path))


def _member(name: str, archive: zipfile.ZipFile, path: str) -> bytes:
    """The bytes of a file in the zip that is called `name`."""
    try:
        if archive.getinfo(path).file_size > _MAX_FILE_BYTES:
            raise SourceError(f"{name}/{path}", "it is too large", "unpack the zip, and take it out")
        return archive.read(path)
    except UNREADABLE as error:
        raise SourceError(f"{name}/{path}", str(error), "pack it again") from error


def _is_content(path: str) -> bool:
    """Whether a path is one within the export, and of what people wrote: programs' own folders are hidden."""
    return not path.startswith("/") and not any(
        part in _NOT_CONTENT or (part.startswith(".") and part not in _HIDDEN_CONTENT) for part in path.split("/")
    )


def _stripped(files: Files) -> Files:
    """The same files without the one folder that a zip holds them all in."""
    tops = {path.partition("/")[0] for path in files.paths}
    if len(tops) != 1 or not all("/" in path for path in files.paths):
        return files
    top = f"{tops.pop()}/"
    if top == "_posts/":
        return files
    return Files(files.name, tuple(path.removeprefix(top) for path in files.paths), lambda path: files.read(top + path))
