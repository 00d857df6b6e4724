"""Opens the ZIP archives that documents are, within limits: a bomb is refused before a byte of it is unpacked."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

from lxml import etree

from insights.errors import SourceError
from insights.model import Source
from insights.readers.limits import Limits
from insights.zips import UNREADABLE

_PIECE_BYTES = 1 << 20
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""How a file begins that Office wrote before 2007, and what such a file holds that is one because of a password.

Source: [MS-CFB] 2.2; [MS-OFFCRYPTO] 1.3.3.
"""


def open_archive(source: Source, limits: Limits) -> zipfile.ZipFile:
    """The archive of a document. Raises SourceError where it is damaged, or would unpack to more than the limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except UNREADABLE as error:
        if source.data.startswith(_COMPOUND) and _ENCRYPTED in source.data:
            raise SourceError(source.name, "the document is locked with a password", "save it without one") from error
        what = "the document is damaged: its archive cannot be opened"
        if source.data.startswith(_COMPOUND):
            what = "the document is of the kind that Word wrote before 2007"
        raise SourceError(source.name, what, "save it again, as DOCX or ODT") from error
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


def read_tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of a part of XML; None where it is missing or damaged."""
    try:
        return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
    except (*UNREADABLE, etree.XMLSyntaxError):
        return None
