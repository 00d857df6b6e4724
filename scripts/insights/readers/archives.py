"""Opens the ZIP archives that documents are, within limits: a bomb is refused before a byte of it is unpacked."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

from insights.errors import SourceError
from insights.model import Source
from insights.readers.limits import Limits
from insights.zips import UNREADABLE

_PIECE_BYTES = 1 << 20


def open_archive(source: Source, limits: Limits) -> zipfile.ZipFile:
    """The archive of a document. Raises SourceError where it is damaged, or would unpack to more than the limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except zipfile.BadZipFile as error:
        raise SourceError(
            source.name, "the document is damaged: its archive cannot be opened", "save it again"
        ) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.max_archive_files or unpacked > limits.max_unpacked_bytes:
        what = f"the document unpacks to {len(entries):,} files of {unpacked:,} bytes, more than the limit"
        raise SourceError(source.name, what, "remove what it embeds, or raise the limit")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            _bound_part(archive, entry, source, limits)
    return archive


def _bound_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source, limits: Limits) -> None:
    """Counts what a part of XML holds, piece by piece, before any parser builds a tree of it."""
    size = elements = 0
    with suppress(*UNREADABLE), archive.open(entry) as part:  # a damaged part matters only where it is read
        while piece := part.read(_PIECE_BYTES):
            size += len(piece)
            elements += piece.count(b"<") - piece.count(b"</")
            for count, limit, what in (
                (size, limits.max_bytes, "bytes"),
                (elements, limits.max_elements, "elements"),
            ):
                if count > limit:
                    message = f"{entry.filename} of the document holds over {limit:,} {what}"
                    raise SourceError(source.name, message, "split it, or raise the limit")


def read_part(archive: zipfile.ZipFile, name: str, source: Source) -> bytes:
    """One file of an archive. Raises SourceError where it is missing or damaged."""
    try:
        return archive.read(name)
    except UNREADABLE as error:
        raise SourceError(
            source.name, f"the document is damaged: it has no readable {name}", "save it again"
        ) from error
