"""Names of files that some machine cannot hold, or takes for one: found here, on whatever machine this is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from insights.model import Finding
from insights.text import clash_key, is_plain_name, is_portable

_FIX = "rename it: small letters, digits and hyphens are safe everywhere"


def find_odd_names(root: Path, folder: str) -> Iterator[Finding]:
    """A Finding for each file and folder below a project's folder that a checkout on Windows or macOS would lack."""
    for path, folders, names in os.walk(root / folder):
        here = Path(path).relative_to(root).as_posix()
        yield from _odd_names(here, sorted((*folders, *names)))


def _odd_names(folder: str, names: Iterable[str]) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for name in names:
        path = f"{folder}/{name}"
        if not is_plain_name(name) and not (is_portable(name) and is_portable(name.removesuffix(".md"))):
            yield Finding(path, 1, 1, "name-reserved", f"not every machine has files named {name!a}", _FIX)
        if (other := taken.setdefault(clash_key(name), name)) != name:
            message = f'Windows or macOS takes it for "{folder}/{other}"'
            yield Finding(path, 1, 1, "name-clash", message, "rename one of the two")
