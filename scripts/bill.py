"""Prints the bill of materials (CycloneDX 1.6, JSON) of what the lock files pin; asks no index.

    python scripts/bill.py > build/insights.cdx.json

Every package of Python's and npm's lock files is in it, with its version, the digests of the files that may be
installed for it, and its licence, where it is installed here. The same locks give the same bytes.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from urllib.parse import quote

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LOCKS = ("site", "test")


def make_bill(root: Path) -> dict[str, object]:
    """The bill of the project in a folder; components by name."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [each for lock in _LOCKS for each in _of_python(root / f"requirements/{lock}.lock")]
    found += _of_npm(root / "package-lock.json")
    components = {str(each["bom-ref"]): each for each in found}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": project["name"], "version": project["version"]}},
        "components": [components[ref] for ref in sorted(components)],
    }


def _of_python(lock: Path) -> Iterator[dict[str, object]]:
    text = lock.read_text(encoding="utf-8")
    starts = list(_PINNED.finditer(text))
    for match, after in zip(starts, [*starts[1:], None], strict=True):
        digests = _HASH.findall(text[match.end() : after.start() if after else len(text)])
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        yield _component(f"pkg:pypi/{name}@{match['version']}", name, match["version"], ("SHA-256", digests))


def _of_npm(lock: Path) -> Iterator[dict[str, object]]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        if path:
            name = path.rpartition("node_modules/")[2]
            digests = [base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()]
            ref = f"pkg:npm/{quote(name)}@{package['version']}"
            yield _component(ref, name, package["version"], ("SHA-512", digests), package.get("license", ""))


def _component(
    ref: str, name: str, version: str, digests: tuple[str, list[str]], licence: str = ""
) -> dict[str, object]:
    algorithm, contents = digests
    stated = licence or _licence(name) if ref.startswith("pkg:pypi/") else licence
    return {
        "type": "library",
        "bom-ref": ref,
        "name": name,
        "version": version,
        "purl": ref,
        "hashes": [{"alg": algorithm, "content": content} for content in contents],
        **({"licenses": [{"license": {"name": stated}}]} if stated else {}),
    }


def _licence(name: str) -> str:
    """What an installed package says of its licence, in one line; "" where it is of another system."""
    try:
        stated = metadata(name)
    except PackageNotFoundError:
        return ""
    classes = [each.rpartition(" :: ")[2] for each in stated.get_all("Classifier") or () if "License ::" in each]
    in_words = [each.partition("\n")[0] for each in stated.get_all("License") or ()]
    return ", ".join(stated.get_all("License-Expression") or classes or in_words)


if __name__ == "__main__":
    json.dump(make_bill(Path(__file__).parent.parent), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
