"""What is costly to make and depends on one article alone, kept under build/: parsed articles, HTML for feeds.

A row goes by its kind and name, and holds for one key only: a digest of all that its value was made from. A cache that
is missing, damaged or of another version costs time, nothing else.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from insights.errors import StoreError

CACHE = "build/cache.db"
_FEW = 500  # rows that are asked for one by one sooner than all of their kind
_COLUMNS = "kind TEXT, name TEXT, key BLOB, crc INTEGER, value BLOB"
_SCHEMA = f"CREATE TABLE IF NOT EXISTS kept ({_COLUMNS}, PRIMARY KEY (kind, name))"


class Cache:
    """A file of rows. Bytes that were damaged on disk are found by their checksum."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._owner = _here()
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def read(self, kind: str, keys: Mapping[str, bytes]) -> dict[str, bytes]:
        """The values, by name, that hold for the keys given."""
        if len(keys) < _FEW:
            return {name: value for name, key in keys.items() if (value := self.get(kind, name, key)) is not None}
        rows = self._ask("SELECT name, key, crc, value FROM kept WHERE kind = ?", (kind,))
        return {name: value for name, key, crc, value in rows if keys.get(name) == key and _is_whole(key, crc, value)}

    def get(self, kind: str, name: str, key: bytes) -> bytes | None:
        """The value of this name, if it holds for the key given."""
        rows = self._ask("SELECT crc, value FROM kept WHERE kind = ? AND name = ? AND key = ?", (kind, name, key))
        return next((value for crc, value in rows if _is_whole(key, crc, value)), None)

    def names(self, kind: str, keys: Mapping[str, bytes]) -> set[str]:
        """The names whose values hold for the keys given, if they are whole."""
        if len(keys) < _FEW:
            return set(self.read(kind, keys))
        rows = self._ask("SELECT name, key FROM kept WHERE kind = ?", (kind,))
        return {name for name, key in rows if keys.get(name) == key}

    def write(self, kind: str, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Keeps each (name, key, value); what a name had before is gone."""
        kept = ((kind, name, key, zlib.crc32(value, zlib.crc32(key)), value) for name, key, value in rows)
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", kept)
        except sqlite3.DatabaseError:
            self._connection = self._open(is_damaged=True)

    def keep_only(self, kind: str, names: Collection[str]) -> None:
        """Forgets all other names."""
        gone = [
            (kind, name) for (name,) in self._ask("SELECT name FROM kept WHERE kind = ?", (kind,)) if name not in names
        ]
        try:
            with self._connection:
                self._connection.executemany("DELETE FROM kept WHERE kind = ? AND name = ?", gone)
        except sqlite3.DatabaseError:
            self._connection = self._open(is_damaged=True)

    def _ask(self, question: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if self._owner != _here():  # a connection must not be used across a fork, or by another thread
            self._owner, self._connection = _here(), self._connect()
        try:
            return self._connection.execute(question, values).fetchall()
        except sqlite3.DatabaseError:
            self._connection = self._open(is_damaged=True)
            return []

    def _open(self, is_damaged: bool = False) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if is_damaged:
                self._connection.close()
                self._path.unlink(missing_ok=True)
            try:
                return self._connect()
            except sqlite3.DatabaseError:
                self._path.unlink(missing_ok=True)
                return self._connect()
        except (OSError, sqlite3.Error) as error:
            is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            what = os.strerror(errno.ENOSPC) if is_full else str(error)
            raise StoreError(str(self._path), what, "check the folder's rights and the disk") from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60)
        try:
            # Made again at any time: nobody waits for the disk, and nothing lies beside the file.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute(_SCHEMA)
            connection.execute("SELECT kind, name, key, crc, value FROM kept LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _here() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


def _is_whole(key: bytes, crc: int, value: object) -> bool:
    return isinstance(value, bytes) and zlib.crc32(value, zlib.crc32(key)) == crc
