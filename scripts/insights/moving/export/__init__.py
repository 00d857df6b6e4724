"""Moving out: the whole publication as another system takes it in; one module a format, each `files_of(outgoing)`.

    content/ ──read_outgoing──▶ Outgoing ──format──▶ (path, bytes) … ──▶ a new folder

To add a format, write `moving/export/<name>.py` and add its line to `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from insights.moving.export.outgoing import Outgoing

FORMATS = {
    "ghost": "Ghost: zip the folder's files, then Settings → Import",
    "wordpress": "WordPress: Tools → Import → WordPress, while the site is still online for its pictures",
    "jekyll": "Jekyll: a site's folder",
    "hugo": "Hugo: a site's folder; add a theme",
    "zensical": "Zensical, or Material for MkDocs with its blog plugin: a project's folder",
    "epub": "EPUB 3: one book of what is published",
    "json": "JSON Feed 1.1 of everything, with the Markdown and all fields as an extension",
}
"""Format → what it is for."""


class Format(Protocol):
    """What the module of a format offers."""

    def files_of(self, outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
        """The files by their paths in the new folder. Pure but for reading the publication's own files."""


def export_format(name: str) -> Format:
    """The module of a format."""
    return cast("Format", import_module(f"insights.moving.export.{name}"))
