"""The ledger's file: read under a lock, and only ever added to, each line on disk before the next step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from insights.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


@contextmanager
def open_ledger(path: Path) -> Iterator[tuple[str, Callable[[str], None]]]:
    """The ledger's text, and the function that adds a line to it and returns when the line is on disk.

    Raises StoreError if another process has it open: two sendings at once would mail readers twice.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8", newline="\n") as file:
        _lock(file, path)
        file.seek(0)
        text = file.read()

        def record(line: str) -> None:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

        if text and not text.endswith("\n"):
            # A crash cut the last line short. It must not run into the next one.
            record("\n")
        yield text, record


def _lock(file: IO[str], path: Path) -> None:
    try:
        import fcntl
    except ImportError:
        return  # Windows has no such lock; nor does it run two of our commands by accident, as a CI server does
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(str(path), "another process is sending this edition", "wait until it has ended") from error
