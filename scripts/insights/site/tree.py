"""Two copies of the site, the live one and a spare: the spare is brought up to date, then they change places.

A file whose key in the ledger (`copies.py`) is still the same stays as it is, or is linked over from the other copy;
all others are made, and so is all of a copy that is not relied on.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from insights.errors import RenderError, StoreError
from insights.model import Finding
from insights.site.copies import Copy, Entry, Ledger, write_ledger
from insights.site.progress import Progress
from insights.site.shards import in_shards
from insights.store import RIGHTS

_WORKING_FOLDER, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of Linux


@dataclass(frozen=True, slots=True)
class Made:
    """A file's bytes; what was asked while they were made: of a docs path, whether the publication has it; and what was
    found wrong."""

    data: bytes
    asked: Mapping[str, bool] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its path, a digest of all that it is made from but for what it asks, how it is made."""

    path: str
    key: bytes
    make: Callable[[], Made]


# What was asked while a file was made, what was found wrong, and the seconds that it took.
MadeFile = tuple[dict[str, bool], tuple[Finding, ...], float]
Make = Callable[[Path, Sequence[Output]], Iterable[MadeFile]]


@dataclass(frozen=True, slots=True)
class Renewal:
    """A copy brought up to date: the entries of the files that stayed as they were, the keys of those that came, the
    folders, the times of those in which nothing came or went, what pages asked, what is wrong with them, made now or
    before, and which files were made."""

    copy: Copy
    kept: Mapping[str, Entry]
    fresh: Mapping[str, bytes]
    folders: Set[str]
    times: Mapping[str, int]
    asked: Mapping[str, dict[str, bool]]
    findings: Mapping[str, tuple[Finding, ...]]
    made: frozenset[str]

    def save(self, more: Mapping[str, bytes | None] | None = None) -> Copy:
        """The copy with its ledger, which is written; `more` are the keys of files that a tool of its own has made,
        None if removed."""
        root = self.copy.folder
        files = dict(self.kept)
        fresh: dict[str, bytes | None] = {**self.fresh, **(more or {})}
        for path, key in fresh.items():
            if key is None:
                files.pop(path, None)
            elif path not in files or files[path][0] != key:
                status = os.stat(f"{root}/{path}")  # noqa: PTH116 (30,000 Paths take a second)
                files[path] = (key, status.st_size, status.st_mtime_ns, status.st_ino)
        touched = _folders(more) if more else set()
        times = {
            name: self.times[name]
            if name in self.times and name not in touched
            else os.stat(f"{root}/{name}").st_mtime_ns  # noqa: PTH116
            for name in self.folders | _folders(path for path in more or () if path in files)
        }
        ledger = Ledger(files, times, dict(self.asked), dict(self.findings))
        write_ledger(self.copy.ledger_path, ledger)
        return replace(self.copy, ledger=ledger)


def renew(
    spare: Copy,
    live: Copy | None,
    outputs: Iterable[Output],
    answer: Callable[[str], bool],
    make: Make | None = None,
    progress: Progress | None = None,
    gone_from_live: Set[str] | None = None,
) -> Renewal:
    """Brings the spare copy to just these outputs; with `gone_from_live`, to what the live copy has, but for those
    files, and the outputs. It has no ledger until `Renewal.save`.

    `answer` says of a docs path whether the publication has it; `make` makes what is stale. Of two outputs with one
    path the later one counts.
    """
    wanted = {output.path: output for output in outputs}
    known, other = spare.ledger, (live and live.ledger) or Ledger()
    spare.ledger_path.unlink(missing_ok=True)
    if known is None:
        shutil.rmtree(spare.folder, ignore_errors=True)
        known = Ledger()
    keys = {}
    if gone_from_live is not None:
        keys = {path: entry[0] for path, entry in other.files.items() if path not in gone_from_live}
    keys |= {path: output.key for path, output in wanted.items()}
    kept = known.having(keys, answer)
    linked = other.having({path: keys[path] for path in keys.keys() - kept}, answer)
    gone = known.files.keys() - kept
    # Most edits leave the folders as they are, and to look for those of 30,000 files takes a while.
    folders = known.folders.keys() if keys.keys() == known.files.keys() else _folders(keys)
    _make_room(spare.folder, gone, known.folders.keys(), folders)
    if live:
        for path in linked:
            link_file(f"{live.folder}/{path}", f"{spare.folder}/{path}")
    stale = [output for path, output in wanted.items() if path not in kept and path not in linked]
    asked = {path: answers for path, answers in other.asked.items() if path in linked}
    asked |= {path: answers for path, answers in known.asked.items() if path in kept}
    wrong = {path: findings for path, findings in other.findings.items() if path in linked}
    wrong |= {path: findings for path, findings in known.findings.items() if path in kept}
    progress = progress or Progress()
    for output, (answers, findings, seconds) in zip(
        stale, progress.count((make or make_here)(spare.folder, stale), len(stale)), strict=True
    ):
        if answers:
            asked[output.path] = answers
        if findings:
            wrong[output.path] = findings
        progress.add(output.path.removesuffix("/index.html").removesuffix(".md"), seconds)
    stayed = dict(known.files)
    for path in gone:
        del stayed[path]
    fresh = [*linked, *(output.path for output in stale)]
    touched = _folders((*gone, *fresh))
    times = {folder: time for folder, time in known.folders.items() if folder in folders and folder not in touched}
    made = frozenset(output.path for output in stale)
    return Renewal(spare, stayed, {path: keys[path] for path in fresh}, folders, times, asked, wrong, made)


def link_file(source: Path | str, target: Path | str) -> None:
    """The file under another name, too: a hard link, or a copy on a file system that has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def exchange(spare: Copy, live: Copy) -> None:
    """Puts the spare copy in the place of the live one as a whole, and the live one in its place."""
    aside = spare.folder.with_name(f".{spare.folder.name}.aside")
    try:
        live.folder.parent.mkdir(parents=True, exist_ok=True)
        if not _swap(spare.folder, live.folder):
            if live.folder.exists():
                live.folder.rename(aside)
            spare.folder.rename(live.folder)
            if aside.exists():
                aside.rename(spare.folder)
        ledger_aside = spare.ledger_path.with_suffix(".aside")
        if live.ledger_path.exists():
            live.ledger_path.replace(ledger_aside)
        spare.ledger_path.replace(live.ledger_path)
        if ledger_aside.exists():
            ledger_aside.replace(spare.ledger_path)
    except OSError as error:
        where, fix = str(live.folder), "close what uses it"
        raise RenderError(where, f"cannot be replaced: {error.strerror}", fix) from error


def _swap(one: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step, so that there is no moment without a site: renameat2(2)."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        names = (os.fsencode(one), os.fsencode(other))
        return bool(libc.renameat2(_WORKING_FOLDER, names[0], _WORKING_FOLDER, names[1], _EXCHANGE) == 0)
    except (OSError, AttributeError):
        return False  # a system, or a C library, that does not know it


def recover(spare_folder: Path, live_folder: Path) -> None:
    """Ends an exchange that was cut short: a live copy that was put aside, and never replaced, comes back."""
    aside = spare_folder.with_name(f".{spare_folder.name}.aside")
    if aside.exists():
        if live_folder.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(live_folder)


def _make_room(root: Path, gone: Iterable[str], old: Set[str], needed: Set[str]) -> None:
    """Removes files, and the folders that are not needed any more; makes those that are missing."""
    for name in gone:
        os.unlink(f"{root}/{name}")  # noqa: PTH108 (30,000 Paths take a second)
    for name in sorted(old - needed, reverse=True):
        (root / name).rmdir()
    for name in sorted(needed - old):
        os.makedirs(f"{root}/{name}", exist_ok=True)  # noqa: PTH103


def _folders(paths: Iterable[str]) -> set[str]:
    """Every folder above these paths; the root is "."."""
    folders = {"."}
    waiting = {path.rpartition("/")[0] for path in paths} - {""}
    while waiting:
        folders |= waiting
        waiting = {folder.rpartition("/")[0] for folder in waiting} - {""}
    return folders


def make_here(folder: Path, outputs: Sequence[Output], jobs: int = 1) -> Iterator[MadeFile]:
    """Makes each output in `folder`, by so many processes of this machine; in their order."""
    return in_shards(outputs, partial(_make, folder), jobs)


def _make(root: Path, output: Output) -> MadeFile:
    started = time.perf_counter()
    made = output.make()
    path = f"{root}/{output.path}"
    try:
        with open(path, "xb") as file:  # noqa: PTH123 (30,000 Paths take a second)
            file.write(made.data)
    except OSError as error:
        raise StoreError(path, error.strerror or str(error), RIGHTS) from error
    return dict(made.asked), made.findings, time.perf_counter() - started
