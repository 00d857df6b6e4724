"""The copies of the site, and the *ledger* of each: of every file the key it was made for, its size, time and inode.

A copy that is not just as its ledger says is not relied on.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from insights.model import Finding
from insights.site.kept import Kept
from insights.store import write_output

_MAGIC = b"insights ledger 3\n"

Entry = tuple[bytes, int, int, int]  # of a file: its key, size, mtime (ns) and inode


class Ledger(msgspec.Struct, frozen=True):
    """What a copy of the site holds: each file's entry, each folder's mtime (ns), what pages asked, what is wrong."""

    files: dict[str, Entry] = {}
    folders: dict[str, int] = {}
    asked: dict[str, dict[str, bool]] = {}
    findings: dict[str, tuple[Finding, ...]] = {}

    def having(self, keys: Mapping[str, bytes], answer: Callable[[str], bool]) -> set[str]:
        """The paths of the files that are what would be made now for these keys."""
        files = self.files
        had = {path for path, key in keys.items() if path in files and files[path][0] == key}
        if len(had) < len(self.asked):
            asked = [(path, self.asked[path]) for path in had if path in self.asked]
        else:
            asked = [(path, answers) for path, answers in self.asked.items() if path in had]
        for path, answers in asked:
            for target, was in answers.items():
                if answer(target) is not was:
                    had.discard(path)
        return had


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the site: its folder, the file of its ledger, and the ledger, None where it cannot be relied on."""

    folder: Path
    ledger_path: Path
    ledger: Ledger | None


def open_copy(folder: Path, ledger_path: Path, kept: Kept | None = None, other: Copy | None = None) -> Copy:
    """The copy in this folder, every file of it looked at; one that this process has left there is known.

    A file that is one with that of the `other` copy, as which it was looked at, is not looked at again.
    """

    def read() -> Ledger | None:
        ledger = _read_ledger(ledger_path)
        seen = other.ledger.files if other and other.ledger and _share_disk(folder, other.folder) else {}
        return ledger if ledger and _is_just(folder, ledger, seen) else None

    kept = kept or Kept()
    return Copy(folder, ledger_path, kept.value(f"ledger of {folder}", _seen(ledger_path), read))


def _share_disk(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def keep_copy(copy: Copy, kept: Kept) -> None:
    """Lets `open_copy` know what is in this folder from now on."""
    kept.keep(f"ledger of {copy.folder}", _seen(copy.ledger_path), copy.ledger)


def _seen(path: Path) -> tuple[int, ...]:
    """What tells whether a ledger is still the one that was written; nobody writes one beside its copy."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Writes the ledger of a copy, with its checksum."""
    body = msgspec.msgpack.encode(ledger)
    write_output(path, _MAGIC + zlib.crc32(body).to_bytes(4) + body)


def _read_ledger(path: Path) -> Ledger | None:
    """The ledger, if it is whole."""
    try:
        data = path.read_bytes()
        start = len(_MAGIC) + 4
        body = data[start:]
        if data[: start - 4] != _MAGIC or zlib.crc32(body).to_bytes(4) != data[start - 4 : start]:
            return None
        return msgspec.msgpack.decode(body, type=Ledger)
    except (OSError, msgspec.DecodeError):
        return None


def _is_just(folder: Path, ledger: Ledger, seen: Mapping[str, Entry]) -> bool:
    """Whether every file and folder is as the ledger says, of which files with these entries have been `seen`.

    Whoever writes to such a file has written to both copies, and whoever puts another one in its place changes the
    folder's time. The inodes of a copy that came from elsewhere, such as a cache, are put right.
    """
    stat, start, files = os.stat, f"{folder}/", ledger.files
    try:
        for name, entry in files.items():
            if seen.get(name) == entry:
                continue
            status = stat(start + name)
            key, size, mtime, inode = entry
            if status.st_size != size or status.st_mtime_ns != mtime:
                return False
            if status.st_ino != inode:
                files[name] = (key, size, mtime, status.st_ino)
        return all(stat(start + name).st_mtime_ns == mtime for name, mtime in ledger.folders.items())
    except OSError:
        return False
