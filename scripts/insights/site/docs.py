"""The docs tree under build/: written from prepared pages and assets, each file only if its bytes change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from insights.site.pages import SitePage, dump_page
from insights.store import write_output

# What the theme's templates call each of its files.
THEME_ASSETS = {
    "css": "insights.css",
    "js": "insights.js",
    "search_js": "search.js",
    "icon": "favicon.svg",
    "speculation": "speculation-rules.json",
}


def theme_assets(theme_dir: Path) -> dict[str, tuple[str, bytes]]:
    """The address and bytes of each of the theme's files; the address changes with the bytes, so it caches for ever."""
    assets = {}
    for name, file_name in THEME_ASSETS.items():
        path = theme_dir / "assets" / file_name
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:8]
        assets[name] = (f"assets/{path.stem}.{digest}{path.suffix}", data)
    return assets


def write_docs(docs_dir: Path, pages: Iterable[SitePage], assets: Iterable[tuple[str, bytes]]) -> int:
    """How many files changed. What no page or asset claims any more is removed."""
    claimed: set[Path] = set()
    changed = 0
    for relative, data in _files(pages, assets):
        path = docs_dir / relative
        claimed.add(path)
        changed += write_output(path, data)
    for path in sorted(docs_dir.rglob("*"), reverse=True):
        if path.is_file() and path not in claimed:
            path.unlink()
            changed += 1
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return changed


def _files(pages: Iterable[SitePage], assets: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for page in pages:
        yield page.path, dump_page(page)
    yield from assets
