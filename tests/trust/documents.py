"""Word documents, whole and damaged in every way we know: always the same ones, drawn with a fixed seed."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial

from trust.word import FEATURES, OFFICE, OLE, SPACES, pack, parts_of

_STRICT = {
    SPACES["w"]: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument",
    SPACES["a"]: "http://purl.oclc.org/ooxml/drawingml/main",
}


def documents() -> Iterator[tuple[str, bytes]]:
    """Each document with its file name: each feature alone, many mixed, and damage of every kind."""
    chance = random.Random(20261127)
    for name, body in FEATURES.items():
        yield f"feature-{name}.docx", pack(parts_of(body))
    for number in range(24):
        body = "".join(FEATURES[name] for name in chance.sample(sorted(FEATURES), 12))
        yield f"mixed-{number}.docx", pack(parts_of(body))
    whole = parts_of("".join(FEATURES.values()))
    yield from _other_packings(whole)
    yield from _wrong_parts(whole, chance)
    yield from _wrong_bytes(whole, chance)
    yield from _other_files(whole)


def _other_packings(whole: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, method in {"stored": 0, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.items():
        yield f"packed-{name}.docx", pack(whole, method)
    data = pack(whole)
    for method in (1, 6, 9, 14, 19, 93, 97, 99):  # shrunk, imploded, Deflate64, …, encrypted by AES
        yield f"method-{method}.docx", _in_each_header(data, 8, 10, struct.pack("<H", method))
    yield "locked.docx", _in_each_header(data, 6, 8, struct.pack("<H", 1))
    yield "no-checksum.docx", _in_each_header(data, 14, 16, bytes(4))
    yield "no-size.docx", _in_each_header(data, 22, 24, bytes(4))
    yield "after-rubbish.docx", b"MZ" + bytes(500) + data
    yield "before-rubbish.docx", data + b"\0" * 500
    strict = {name: _replaced(part, _STRICT) for name, part in whole.items()}
    yield "strict.docx", pack(strict)


def _in_each_header(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """The zip with a value put at a place of each header of a file, and of each entry of the directory."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        for found in re.finditer(re.escape(mark), data):
            changed[found.start() + place : found.start() + place + len(value)] = value
    return bytes(changed)


def _replaced(part: bytes, others: Mapping[str, str]) -> bytes:
    for old, new in others.items():
        part = part.replace(old.encode(), new.encode())
    return part


def _wrong_parts(whole: Mapping[str, bytes], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for number, name in enumerate(whole):
        yield f"without-{number}.docx", pack({each: data for each, data in whole.items() if each != name})
        yield f"empty-{number}.docx", pack({**whole, name: b""})
        yield f"no-xml-{number}.docx", pack({**whole, name: b"\xff\xfe<" + bytes(40)})
        yield f"other-root-{number}.docx", pack({**whole, name: b"<a><b/></a>"})
    tags = [b"<w:p>", b"</w:p>", b"<w:r>", b"</w:r>", b"</w:tc>", b"<w:tbl>", b"</w:tbl>", b"<w:body>", b"</w:body>"]
    values = [b"-1", b"1e9", b"99999999999999999999", b"x", b"", b"0", b"\xc3\xa9", b"&amp;"]
    body = whole["word/document.xml"]
    for number in range(24):
        tag = tags[number % len(tags)]
        changed = tag.join(chance.sample(body.split(tag), len(body.split(tag))))
        yield f"tags-{number}.docx", pack({**whole, "word/document.xml": changed})
    for number in range(32):
        value = values[number % len(values)]
        changed = re.sub(rb'="\d+"', partial(_sometimes, b'="%b"' % value, chance), body)
        yield f"values-{number}.docx", pack({**whole, "word/document.xml": changed})
    for number in range(16):
        changed = re.sub(rb' (?:w|r):[\w]+="[^"]*"', partial(_sometimes, b"", chance), body)
        yield f"attributes-{number}.docx", pack({**whole, "word/document.xml": changed})


def _sometimes(other: bytes, chance: random.Random, found: re.Match[bytes]) -> bytes:
    return other if chance.random() < 0.25 else found[0]


def _wrong_bytes(whole: Mapping[str, bytes], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    data = pack(whole)
    for number in range(24):
        yield f"cut-{number}.docx", data[: len(data) * number // 24]
    for number in range(48):
        flipped = bytearray(data)
        for _ in range(1 + number // 4):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield f"flipped-{number}.docx", bytes(flipped)
    packed = pack(whole, zipfile.ZIP_LZMA)
    for number in range(8):
        flipped = bytearray(packed)
        flipped[200 + number * 90 : 230 + number * 90] = b"\xff" * 30
        yield f"flipped-lzma-{number}.docx", bytes(flipped)


def _other_files(whole: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield "old-word.docx", OLE
    yield "with-password.docx", OLE + "EncryptedPackage".encode("utf-16-le")
    yield "rich-text.docx", rb"{\rtf1\ansi A letter about the people who wait at the desk.\par}"
    yield "page.docx", b"<html><body><h1>A</h1><p>People wait at the desk, and somebody counts them.</p></body></html>"
    yield "empty.docx", b""
    yield "zeros.docx", bytes(3000)
    yield "no-files.docx", pack({})
    yield "one-file.docx", pack({"a.txt": b"a"})
    yield "sheet.docx", pack({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": whole["[Content_Types].xml"]})
    yield "macros.docm", pack(whole)
    yield "template.dotx", pack(whole)
    yield "zip-in-it.docx", pack({**whole, "word/document.xml": pack(whole)})
    yield "twice.docx", pack(whole) + pack(whole)
    yield "upwards.docx", pack({**{f"../../{name}": data for name, data in whole.items()}, **whole})
