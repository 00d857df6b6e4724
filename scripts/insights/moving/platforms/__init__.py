"""The systems that can be moved from: one module each, with `recognises`, `read` and `clean`.

To add one, write `moving/platforms/<name>.py` and add its line to `PLATFORMS`, which is also the order of sniffing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from insights.errors import SourceError
from insights.moving.entry import Entry, Export
from insights.moving.files import Files
from insights.moving.marks import Marks

PLATFORMS = {
    "site": "HubSpot, or any site: its address, or that of its sitemap or feed",
    "wordpress": "WordPress: the XML file of Tools → Export (WXR)",
    "ghost": "Ghost: the JSON of Settings → Export; pictures: --files content/",
    "substack": "Substack: the zip of Settings → Exports",
    "medium": "Medium: the zip of Settings → Download your information",
    "hugo": "Hugo: the site's folder",
    "pelican": "Pelican: the site's folder",
    "quarto": "Quarto: the project's folder; render it first, so that _freeze is there",
    "material": "Material for MkDocs with its blog plugin: the project's folder",
    "eleventy": "Eleventy: the project's folder",
    "jekyll": "Jekyll: the site's folder",
    "notion": "Notion: the zip of Export → Markdown & CSV",
    "obsidian": "Obsidian: the vault's folder",
}
"""Platform → what to give."""


class Platform(Protocol):
    """What the module of a platform offers."""

    def recognises(self, files: Files) -> bool:
        """Whether these are an export of the platform; looks at names and first bytes only."""

    def read(self, files: Files, site_url: str = "") -> Export:
        """The export of the site at `site_url`, "" where nobody said. Raises SourceError where it cannot be read."""

    def clean(self, entry: Entry, marks: Marks) -> str:
        """The entry's body as HTML of common kinds, what is not understood as marks. Pure."""


def platform(name: str) -> Platform:
    """The module of a platform."""
    return cast("Platform", import_module(f"insights.moving.platforms.{name}"))


def sniff(files: Files) -> str:
    """The name of the platform whose export these files are. Raises SourceError where none recognises them."""
    for name in PLATFORMS:
        if platform(name).recognises(files):
            return name
    fix = f"name it with --from: {', '.join(PLATFORMS)}; for texts alone there is `insights ingest`"
    raise SourceError(files.name, "it is the export of no system that we know", fix)
