"""The bounds of what a reader takes on: a source beyond them is an error that names it, never a hang."""

from __future__ import annotations

from dataclasses import dataclass

from insights.settings import IngestSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes above which a source is refused, and depths below which markup is read as text."""

    max_bytes: int = 64 * 1024 * 1024
    max_elements: int = 150_000
    max_characters: int = 8_000_000
    max_depth: int = 120
    max_unpacked_bytes: int = 256 * 1024 * 1024
    max_archive_files: int = 5_000


LIMITS = Limits()


def limits_of(settings: IngestSettings) -> Limits:
    """The limits that a publication's settings ask for."""
    return Limits(
        max_bytes=settings.max_bytes,
        max_elements=settings.max_elements,
        max_characters=settings.max_characters,
        max_depth=settings.max_depth,
        max_unpacked_bytes=settings.max_unpacked_bytes,
        max_archive_files=settings.max_archive_files,
    )
