"""What a site is made from, by digest: every file people write, the theme, the settings, the code and its libraries.

A file is read again only where its size, times or inode differ from what they were, or where they say too little.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

import insights
from insights.errors import StoreError
from insights.settings import FILE_NAME
from insights.site.kept import Kept
from insights.site.progress import Progress
from insights.store import CONTENT

THEME = "overrides"
_INBOX = f"{CONTENT}/inbox/"
_ADMIN = "node_modules/decap-cms/package.json"
_DIGEST_BYTES = 16
# A file that changed this shortly before it was read may have changed again since without another time stamp: FAT
# counts in steps of two seconds.
_UNSURE_NS = 2_500_000_000
_encode = msgspec.msgpack.Encoder().encode  # tells texts from bytes, and where each ends


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be built: a project as readers see it at `now`, by `jobs` processes; a preview shows drafts, too.

    With the address of a Dask `cluster` its workers make the files. A hasty build may leave the search index as an
    earlier build made it. `kept` is what earlier builds of this process have left in memory.
    """

    root: Path
    now: datetime
    jobs: int = 1
    is_preview: bool = False
    is_hasty: bool = False
    cluster: str | None = None
    progress: Progress = field(default_factory=Progress)
    kept: Kept = field(default_factory=Kept)


class Stamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it was read: `seen` is its size, times and inode, or empty where those cannot be relied on."""

    seen: tuple[int, ...]
    digest: bytes


def digest(*parts: bytes | str) -> bytes:
    """A digest of these parts, in which one cannot run into the next."""
    return blake2b(_encode(parts), digest_size=_DIGEST_BYTES).digest()


def stamp_files(root: Path, known: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The stamp of each file under content/ (but for the inbox) and of the theme, by its path, sorted.

    `known` are the stamps of an earlier run: a file that looks as it did then is not read.
    """
    stamps = {}
    for path in sorted(_files(root)):
        try:
            status = os.stat(f"{root}/{path}")  # noqa: PTH116 (10,000 Paths take a second)
            seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            old = known.get(path)
            if old and old.seen == seen:
                stamps[path] = old
                continue
            is_sure = max(status.st_mtime_ns, status.st_ctime_ns) < time.time_ns() - _UNSURE_NS
            with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123
                stamps[path] = Stamp(seen if is_sure else (), digest(file.read()))
        except FileNotFoundError:
            continue
        except OSError as error:  # whoever needs the file says so
            stamps[path] = Stamp((), digest(error.strerror or str(error)))
    return stamps


def digest_stamps(stamps: Mapping[str, Stamp], folders: Iterable[str]) -> bytes:
    """A digest of all files below these folders: their paths and their bytes."""
    starts = tuple(folders)
    return digest(*(part for path, stamp in stamps.items() if path.startswith(starts) for part in (path, stamp.digest)))


def digest_settings(settings: str) -> bytes:
    """A digest of the code and of the text of mkdocs.yml, which is `settings`.

    Where that reads environment variables, those that it names count too.
    """
    named = set(re.findall(r"\w+", settings)) if "!ENV" in settings else set()
    environment = (f"{name}={os.environ[name]}" for name in sorted(named) if name in os.environ)
    return digest(digest_code(), settings, *environment)


def digest_common(stamps: Mapping[str, Stamp], settings: str) -> bytes:
    """A digest of what every page depends on: code, settings, theme."""
    return digest(digest_settings(settings), digest_stamps(stamps, (f"{THEME}/",)))


@cache
def digest_code() -> bytes:
    """A digest of our own files, of Python's version, and of the names and versions of all installed packages."""
    package = Path(insights.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.suffix in {".py", ".j2", ".css", ".json"})
    own = (part for path in files for part in (str(path.relative_to(package)), path.read_bytes()))
    installed = {
        path.name
        for folder in map(Path, sys.path)
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith(".dist-info")
    }
    return digest(*own, sys.version, *sorted(installed))


def _files(root: Path) -> Iterator[str]:
    for folder in (CONTENT, THEME):
        yield from _files_below(root, folder)
    for path in (FILE_NAME, _ADMIN):
        if (root / path).is_file():
            yield path


def _files_below(root: Path, folder: str) -> Iterator[str]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_dir():
                    yield from () if f"{path}/" == _INBOX else _files_below(root, path)
                elif entry.is_file():
                    yield path
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(folder, error.strerror or str(error), "check the folder's rights") from error
