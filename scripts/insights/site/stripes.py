"""Pictures of text in few colours, as PNG: a pile of stripes from edge to edge, each with its lines.

A stripe is drawn and compressed by itself, so one that many pictures share is made once, and so is each letter: a
picture of a headline takes a millisecond, and nothing needs to be kept of it.

Fonts: Roboto Slab (Apache License 2.0) and Lato (SIL Open Font License 1.1), which MkDocs ships in one of its themes.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import DEFLATED, Z_FILTERED, Z_RLE, Z_SYNC_FLUSH, adler32, compressobj, crc32

import mkdocs

if TYPE_CHECKING:
    from PIL import Image, ImageFont

SERIF, SANS, SANS_BOLD = "Roboto-Slab-Bold.woff", "lato-normal.woff", "lato-bold.woff"  # WOFF 2 opens half as fast

_FONTS = Path(mkdocs.__file__).parent / "themes" / "readthedocs" / "css" / "fonts"
_MAX_LETTERS = 200  # of a line, before it is measured
_UP = 2  # PNG §9.2, filter type 2: a row less the one above it
_FILTER_POINTS = 2  # before each row: its filter's number takes a byte
_ADLER_BASE = 65_521


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where its baseline begins, in points from the picture's corner, and the colour's number."""

    x: int
    y: int
    text: str
    font: str
    size: int
    colour: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.x + round(sum(_glyph(char, self.font, self.size)[3] for char in self.text))


@dataclass(frozen=True, slots=True)
class Stripe:
    """The rows of a picture from `top` to `bottom`: lines of text, and boxes (left, top, right, bottom, colour)."""

    top: int
    bottom: int
    lines: tuple[Line, ...] = ()
    boxes: tuple[tuple[int, int, int, int, int], ...] = ()


def draw_stripes(stripes: Sequence[Stripe], width: int, palette: Sequence[int], max_bytes: int) -> bytes:
    """A PNG of the stripes, which follow one another from 0 on; `width` is even, `palette` has up to 16 colours.

    Letters shade from colour 0 to their own through those between. Where the file would be larger than `max_bytes` it
    is made a little smaller, at ten times the time.
    """
    parts = [_compress(stripe, width) for stripe in stripes]
    check = 1
    for _data, own, length in parts:  # the checksum of two texts, one after the other, from the checksums of each
        low = (check & 0xFFFF) + (own & 0xFFFF) - 1
        high = (check >> 16) + (own >> 16) + length * ((check & 0xFFFF) - 1)
        check = high % _ADLER_BASE << 16 | low % _ADLER_BASE
    data = b"".join((b"\x78\x5e", *(data for data, _check, _length in parts), b"\x03\x00", check.to_bytes(4)))
    header = struct.pack(">IIBBBBB", width, stripes[-1].bottom, 4, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(palette)), (b"IDAT", data), (b"IEND", b""))
    written = (len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4) for kind, data in chunks)
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(written)
    return picture if len(picture) <= max_bytes else _compress_well(stripes, width, palette)


def shown(text: str) -> str:
    """The text without the signs that the fonts lack: pictographs and the like."""
    return " ".join("".join(char for char in unicodedata.normalize("NFC", text) if has_glyph(char)).split())


def cut(text: str, font: str, size: int, width: int) -> str:
    """As much of a text as has room in `width` points."""
    text, room = text[:_MAX_LETTERS], width / size
    if length_of(text, font) <= room:
        return text
    while text and length_of(f"{text}…", font) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def length_of(text: str, font: str) -> float:
    """The length of a text, in units of the font's size."""
    return sum(_advance(char, font) for char in text)


@lru_cache(maxsize=4096)
def has_glyph(char: str) -> bool:
    """Whether the fonts have this letter: those of Latin, Greek and Cyrillic script, and common signs."""
    return char.isspace() or all(
        bytes(font.getmask(char)) != bytes(font.getmask("\uffff")) for font in (_font(SERIF, 100), _font(SANS, 100))
    )


@lru_cache(maxsize=128)
def _compress(stripe: Stripe, width: int) -> tuple[bytes, int, int]:
    """The stripe's rows as a part of a PNG's data, the Adler-32 of what was compressed, and how many bytes that was."""
    from PIL import Image, ImageChops  # takes longer to load than many an edit to render

    packed, height = width // 2 + 1, stripe.bottom - stripe.top  # two points a byte, and one for the row's filter
    rows = Image.frombytes("L", (packed, height), _draw(stripe, width, _FILTER_POINTS).tobytes("raw", "P;4"))
    filtered = ImageChops.subtract_modulo(rows, rows.crop((0, -1, packed, height - 1)))
    if inked := rows.getbbox():  # the first inked row has nothing above it, be it paper or another stripe
        filtered.paste(_UP, (0, inked[1] + 1, 1, min(inked[3] + 1, height)))
    data = filtered.tobytes()
    compressor = compressobj(6, DEFLATED, -15, 8, Z_RLE)
    return compressor.compress(data) + compressor.flush(Z_SYNC_FLUSH), adler32(data), len(data)


def _compress_well(stripes: Sequence[Stripe], width: int, palette: Sequence[int]) -> bytes:
    from PIL import Image

    picture = Image.new("P", (width, stripes[-1].bottom))
    for stripe in stripes:
        picture.paste(_draw(stripe, width), (0, stripe.top))
    picture.putpalette(list(palette))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", bits=4, compress_level=9, compress_type=Z_FILTERED)
    return buffer.getvalue()


def _draw(stripe: Stripe, width: int, margin: int = 0) -> Image.Image:
    """The stripe's points, with so many empty columns before them."""
    from PIL import Image, ImageDraw

    picture = Image.new("P", (margin + width, stripe.bottom - stripe.top))
    for left, top, right, bottom, colour in stripe.boxes:
        picture.paste(colour, (margin + left, top - stripe.top, margin + right, bottom - stripe.top))
    paint = ImageDraw.Draw(picture).draw.draw_bitmap  # what ImageDraw.bitmap does, of which half goes into questions
    for line in stripe.lines:
        x, y = float(margin + line.x), line.y - stripe.top
        for char in line.text:
            mask, left, top, advance = _glyph(char, line.font, line.size)
            if mask:
                paint((round(x) + left, y + top), mask, line.colour)
            x += advance
    return picture


@lru_cache(maxsize=4096)
def _advance(char: str, font: str) -> float:
    return _font(font, 100).getlength(char) / 100


@lru_cache(maxsize=4096)
def _glyph(char: str, name: str, size: int) -> tuple[Any, int, int, float]:
    """A letter's mask as Pillow's core has it (None where nothing shows), where it stands to its place on the baseline,
    and its advance."""
    font = _font(name, size)
    mask, (left, top) = font.getmask2(char, "L", anchor="ls")
    return mask if all(mask.size) else None, left, top, font.getlength(char)


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)
