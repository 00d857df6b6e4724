"""What the site is built with: pinned and hashed, under licences that let a publication use it as it likes."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from conftest import PROJECT

LOCKS = sorted((PROJECT / "requirements").glob("*.lock"))
# Permissive ones; and weak copyleft, which asks something only of who changes that package itself.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "LGPL-3.0-or-later", "MIT",
    "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib", "Apache Software License", "BSD License", "MIT License", "BSD",
    "MIT, BSD", "Public Domain", "Mozilla Public License 2.0 (MPL 2.0)",
    "GNU Lesser General Public License v3 or later (LGPLv3+)",
}  # fmt: skip

# Packages with a part under another licence that is not installed, and which part that is.
APART = {"docutils": "GNU General Public License (GPL)"}  # its mode for Emacs, as its COPYING says


def names_in(lock: str) -> list[str]:
    text = (PROJECT / "requirements" / lock).read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)))


def licences_of(package: Distribution) -> list[str]:
    """Its SPDX expression's parts, else its classifiers, else what it says in words, or its licence's first line."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return re.split(r" (?:AND|OR) ", expression.strip("()"))
    classifiers = [each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier") or () if "License ::" in each]
    if classifiers or metadata.get("License"):
        return classifiers or [metadata["License"]]
    text = package.read_text(f"licenses/{metadata['License-File']}") if "License-File" in metadata else None
    return [text.partition("\n")[0] if text else "none"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_of_a_lock_is_pinned_and_hashed(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_package_of_npm_is_pinned_and_hashed() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, each in packages.items() if name and not each.get("integrity")] == []


def odd_licences(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """The packages that state none, or one that is not allowed."""
    return {
        name: licences for name, licences in found.items() if not set(licences) <= ALLOWED | {APART.get(name, "MIT")}
    }


def test_every_licence_of_what_the_site_is_built_with_is_allowed() -> None:
    found: dict[str, list[str]] = {}
    for name in names_in("site.lock"):
        try:
            found[name] = licences_of(distribution(name))
        except PackageNotFoundError:
            continue  # of another system or Python
    assert len(found) > 50
    assert odd_licences(found) == {}


@pytest.mark.parametrize(
    ("stated", "is_allowed"),
    [
        ("License-Expression: MIT", True),
        ("License-Expression: MIT AND Apache-2.0", True),
        ("License-Expression: GPL-3.0-only", False),
        ("License-Expression: MIT AND AGPL-3.0-or-later", False),
        ("Classifier: License :: OSI Approved :: GNU Affero General Public License v3", False),
        ("Classifier: License :: OSI Approved :: MIT License", True),
        ("License: Proprietary", False),
        ("Summary: it states none", False),
    ],
)
def test_a_package_under_another_licence_is_noticed(tmp_path: Path, stated: str, is_allowed: bool) -> None:
    folder = tmp_path / "odd-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: odd\nVersion: 1.0\n{stated}\n\n", encoding="utf-8")
    found = {"odd": licences_of(Distribution.at(folder))}
    assert (odd_licences(found) == {}) is is_allowed
