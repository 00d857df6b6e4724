"""Files read as text, and written whole or not at all; links of the file system that lead out of their folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from insights.errors import StoreError

PART = ".part"
RIGHTS = "check the folder's rights and the disk"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises StoreError if it cannot be read, or is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(str(path), error.strerror or str(error), "check that it exists and may be read") from error
    return decode_text(data, str(path))


def decode_text(data: bytes, name: str) -> str:
    """The text of UTF-8 bytes, with or without a mark at their start. Raises StoreError if they are none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StoreError(name, f"byte {error.start + 1} is not UTF-8", "save it as UTF-8") from error


def write_file(path: Path, data: bytes) -> bool:
    """Whether the file had to be written: it is left alone where it holds just these bytes.

    Written beside, flushed to disk, then renamed, so that nobody ever sees half a file. Raises StoreError.
    """
    return _write(path, (data,), os.fsync)


def write_output(path: Path, *parts: bytes | memoryview) -> bool:
    """As `write_file`, for what can be made again: not flushed to disk, which costs milliseconds a file.

    The file is the parts, one after another.
    """
    return _write(path, parts, lambda _descriptor: None)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside, to be written into: it becomes `folder`, which is missing or empty, when all is written.

    What a run that failed or was killed has written goes, at once or with the next run. Raises StoreError.
    """
    folder = folder.resolve()
    beside = folder.with_name(f".{folder.name}{PART}")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        yield beside
        _take_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _take_place(beside: Path, folder: Path) -> None:
    try:
        if folder.is_dir():
            folder.rmdir()
        beside.rename(folder)
    except OSError as error:
        raise StoreError(str(folder), error.strerror or str(error), RIGHTS) from error


def has_cases(path: Path) -> bool:
    """Whether the file system of this file, whose name has small letters, tells them from capitals."""
    return not path.with_name(path.name.upper()).exists()


def leads_out(path: Path) -> bool:
    """Whether it is a link of the file system to something outside its folder, which content must not show."""
    return os.path.islink(path) and not path.resolve().is_relative_to(path.parent.resolve())  # noqa: PTH114 (10,000)


def refuse_links_out(root: Path, *paths: str) -> None:
    """Raises StoreError for a path, relative to the project, that is a link to something outside its folder."""
    for path in paths:
        if leads_out(root / path):
            raise StoreError(path, "it is a link that leads out of its folder", "put what it leads to in its place")


def _write(path: Path, parts: Sequence[bytes | memoryview], flush: Callable[[int], None]) -> bool:
    try:
        if path.is_file() and _holds(path, parts):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=PART)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
                file.flush()
                flush(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(str(path), error.strerror or str(error), RIGHTS) from error
    return True


def _holds(path: Path, parts: Sequence[bytes | memoryview]) -> bool:
    """Whether a file is just these parts."""
    if path.stat().st_size != sum(map(len, parts)):
        return False
    with path.open("rb") as file:
        return all(file.read(len(part)) == part for part in parts)
