"""Which pages readers visit, and as whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


def reader_pages(site: Path) -> list[str]:
    """The site-relative addresses of every page meant for readers, sorted; those that lead on at once left out."""
    files = [path for path in site.rglob("index.html") if b'http-equiv="refresh"' not in path.read_bytes()]
    pages = [str(path.relative_to(site)).removesuffix("index.html") for path in files]
    return sorted(page.removesuffix(".") for page in [*pages, "404.html"])


def open_context(browser: Browser, width: int, scheme: str) -> BrowserContext:
    """A context of that width and colour scheme, without motion."""
    return browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
