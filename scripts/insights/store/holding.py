"""Who writes holds the publication: one command at a time, however it ends; and records that are only added to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from insights.errors import StoreError
from insights.store.content import CONTENT
from insights.store.files import PART, RIGHTS

_RECORDS = ".insights"
_LOCK = "build/lock"


@contextmanager
def hold(root: Path, command: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Holds the publication, so that of two commands that write to it the second waits; `tell` says for whom.

    The system lets go when the process ends, in whatever way; what one that was killed left half-written is removed.
    Raises StoreError.
    """
    with _take(root / _LOCK, f"insights {command}, process {os.getpid()}", tell):
        for kept in (CONTENT, _RECORDS):
            for folder, _folders, names in os.walk(root / kept):
                for name in names:
                    if name.startswith(".") and name.endswith(PART):
                        Path(folder, name).unlink(missing_ok=True)
        yield


def _take(path: Path, holder: str, tell: Callable[[str], None]) -> IO[str]:
    """The lock's file, which holds the lock while it is open and says who does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
        _lock(file, tell)
        file.truncate(0)
        file.write(holder)
        file.flush()
    except OSError as error:
        raise StoreError(str(path), error.strerror or str(error), RIGHTS) from error
    return file


def _lock(file: IO[str], tell: Callable[[str], None]) -> None:
    try:
        import fcntl
    except ImportError:
        return  # Windows has no such lock; nor does it run two of our commands by accident, as a CI server does
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        tell(f"Waiting for {file.read() or 'another command'} to end …")
        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def open_ledger(path: Path) -> Iterator[tuple[str, Callable[[str], None]]]:
    """The ledger's text, and the function that adds a line to it and returns when the line is on disk.

    For who holds the publication. Raises StoreError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(str(path), error.strerror or str(error), RIGHTS) from error
    with file:
        file.seek(0)
        text = file.read()

        def record(line: str) -> None:
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError as error:
                raise StoreError(str(path), error.strerror or str(error), RIGHTS) from error

        if text and not text.endswith("\n"):
            # A crash cut the last line short. It must not run into the next one.
            record("\n")
        yield text, record
