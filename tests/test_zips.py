"""A zip that cannot be read is told as a problem of its source, whatever is wrong with it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from insights.errors import SourceError
from insights.model import Source
from insights.moving.files import open_files
from insights.readers.archives import open_archive, read_part
from insights.readers.limits import Limits

NAME = "posts/queues.md"
TEXT = " ".join(f"queue {number}" for number in range(400)).encode()


def pack() -> bytearray:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, TEXT)
    return bytearray(data.getvalue())


def damaged(data: bytearray) -> None:
    start = 30 + len(NAME)  # the local header is 30 bytes and the name; then come the packed bytes
    data[start : start + 40] = b"\xff" * 40


def changed(data: bytearray) -> None:
    data[14:18] = b"\0\0\0\0"  # the checksum, here and in the directory
    place = data.index(b"PK\x01\x02")
    data[place + 16 : place + 20] = b"\0\0\0\0"


def locked(data: bytearray) -> None:
    for place in (6, data.index(b"PK\x01\x02") + 8):
        data[place] |= 1  # needs a password


def packed_otherwise(data: bytearray) -> None:
    for place in (8, data.index(b"PK\x01\x02") + 10):
        data[place : place + 2] = (97).to_bytes(2, "little")


@pytest.mark.parametrize("spoil", [damaged, changed, locked, packed_otherwise])
def test_a_member_that_cannot_be_read_is_a_problem_of_its_source(
    tmp_path: Path, spoil: Callable[[bytearray], None]
) -> None:
    data = pack()
    spoil(data)
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    source = Source("letter.docx", bytes(data))
    with pytest.raises(SourceError, match=r"letter\.docx: the document is damaged"):
        read_part(open_archive(source, Limits()), NAME, source)
    files = open_files(str(path))
    with pytest.raises(SourceError, match="pack it again"):
        files.read(files.paths[0])


def packed_in(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def test_damage_in_what_is_packed_by_lzma_is_a_problem_of_its_source(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(NAME, TEXT)
    data = bytearray(stream.getvalue())
    start = 30 + len(NAME) + 9  # after the properties of the packing
    data[start : start + 40] = b"\xff" * 40
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    source = Source("letter.docx", bytes(data))
    with pytest.raises(SourceError, match=r"letter\.docx: the document is damaged"):
        read_part(open_archive(source, Limits()), NAME, source)
    files = open_files(str(path))
    with pytest.raises(SourceError, match="pack it again"):
        files.read(files.paths[0])


@pytest.mark.parametrize("inner", [b"PK\x03\x04", bytes(pack())[:-30], b""], ids=["no-zip", "cut-off", "empty"])
def test_a_part_of_an_export_that_is_no_zip_is_named(tmp_path: Path, inner: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(packed_in("Part-1.zip", inner))
    with pytest.raises(SourceError, match=r"export\.zip/Part-1\.zip: the zip cannot be read"):
        open_files(str(path))


def test_zips_in_zips_in_zips_are_not_unfolded(tmp_path: Path) -> None:
    data = packed_in("a.md", TEXT)
    for _ in range(200):
        data = packed_in("a.zip", data)
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    assert open_files(str(path)).paths == ("a.zip",)
