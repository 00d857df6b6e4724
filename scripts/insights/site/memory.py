"""What the last build was made from, so that the next one knows at once what has changed since."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from insights.model import Finding
from insights.settings import FILE_NAME
from insights.site.inputs import Run, Stamp, digest_common
from insights.store import read_text, write_output

if TYPE_CHECKING:
    from insights.site.build import Prepared
    from insights.site.engines import Built

_MAGIC = b"insights memory 4\n"


class Memory(msgspec.Struct, frozen=True):
    """The stamps of all files, digests of code, settings and theme and of the faces that readers see, the related
    articles of each as they were encoded, the docs paths of all pages, the moments between which the site is the same,
    what was wrong in content, and whether the search index is that of these pages."""

    stamps: dict[str, Stamp]
    is_preview: bool
    common: bytes
    faces: bytes
    related: dict[str, bytes]
    pages: tuple[str, ...]
    since: datetime
    until: datetime | None
    findings: tuple[Finding, ...]
    has_index: bool

    @classmethod
    def of(cls, prepared: Prepared, run: Run, built: Built) -> Self:
        """What is to be known of a build."""
        return cls(
            stamps=dict(prepared.stamps),
            is_preview=run.is_preview,
            common=prepared.common,
            faces=prepared.faces,
            related=dict(prepared.related),
            pages=prepared.paths,
            since=run.now,
            until=prepared.until,
            findings=built.findings,
            has_index=built.has_new_index,
        )

    def holds(self, run: Run, stamps: Mapping[str, Stamp]) -> bool:
        """Whether this build would give the same site; `stamps` are those of all files now."""
        if run.now < self.since or (self.until and run.now >= self.until) or run.is_preview != self.is_preview:
            return False
        if not (self.has_index or run.is_hasty):
            return False
        if stamps.keys() != self.stamps.keys() or any(
            stamps[path].digest != self.stamps[path].digest for path in stamps
        ):
            return False
        return digest_common(stamps, read_text(run.root / FILE_NAME)) == self.common

    def save(self, path: Path) -> None:
        """Keeps it in a file."""
        body = msgspec.msgpack.encode(self)
        write_output(path, _MAGIC + zlib.crc32(body).to_bytes(4) + body)


def read_memory(path: Path) -> Memory | None:
    """What the last build kept; None if that is missing, damaged or of another version."""
    try:
        data = path.read_bytes()
        body = data[len(_MAGIC) + 4 :]
        if data[: -len(body)] != _MAGIC + zlib.crc32(body).to_bytes(4):
            return None
        return msgspec.msgpack.decode(body, type=Memory)
    except (OSError, msgspec.DecodeError):
        return None
