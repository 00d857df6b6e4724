"""Bytes of a page → text: what a browser would read, and where the page lies about its charset, what makes sense.

BOM, then UTF-8 where the bytes are valid UTF-8 with more than ASCII, then the server's charset, then the page's,
then detection (WHATWG "determining the character encoding", with UTF-8's own proof put before the claims).
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from insights.errors import SourceError
from insights.model import Source
from insights.readers.limits import Limits

_META_CHARSET = re.compile(
    rb"<meta[^<>]+?charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_.:-]+)|encoding=[\"']([A-Za-z0-9_.:-]+)", re.I
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DETECTED_BYTES = 65_536
_TWICE_ENCODED = re.compile("[\xc2-\xf4][\xa0-\xbf]?[\x80-\x9f]|\xc2\xa0")
"""UTF-8 that was read as Latin-1 and encoded once more: no text has C1 controls, none a no-break space after "Â"."""
_SEQUENCE = re.compile("[\xc2-\xf4][\x80-\xbf]+")


def decode(source: Source, limits: Limits) -> str:
    """The text of a source; characters that cannot be read become U+FFFD, NULs are dropped.

    Raises SourceError where the source is empty, larger than the limit, or binary.
    """
    data = source.data
    if not data.strip():
        raise SourceError(source.name, "the source is empty", "save the page again, or leave it out")
    if len(data) > limits.max_bytes:
        what = f"the source has {len(data):,} bytes, more than the limit of {limits.max_bytes:,}"
        raise SourceError(source.name, what, "split the source, or raise the limit")
    text = _decoded(data, source.media_type or "").replace("\x00", "")
    if _TWICE_ENCODED.search(text):
        text = _SEQUENCE.sub(_once_encoded, text)
    controls = sum(text.count(chr(code), 0, DETECTED_BYTES) for code in (*range(1, 9), *range(14, 27), 0xFFFD))
    if controls > max(20, min(len(text), DETECTED_BYTES) // 20):
        raise SourceError(source.name, "the source is binary, not text", "give the page, text or document itself")
    return text


def decode_words(source: Source, limits: Limits) -> str:
    """The text of a source that is nothing but its words.

    Raises SourceError as `decode` does, and where it has more characters or lines than any article.
    """
    text = decode(source, limits)
    lines = text.count("\n")
    if lines > limits.max_elements:
        what = f"the text has {lines:,} lines, more than the limit of {limits.max_elements:,}"
        raise SourceError(source.name, what, "split the text, or raise the limit")
    if len(text) > limits.max_characters:
        what = f"the text has {len(text):,} characters, more than the limit of {limits.max_characters:,}"
        raise SourceError(source.name, what, "split the text, or raise the limit")
    return text


def _decoded(data: bytes, media_type: str) -> str:  # noqa: PLR0911 - one line a rule, in their order
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    if (wide := _utf16_without_bom(data)) is not None:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        is_nearly_utf8 = error.start > 0 and _is_mostly_utf8(data)
    if is_nearly_utf8:
        return data.decode("utf-8", "replace")
    header = _HEADER_CHARSET.search(media_type)
    declared = _META_CHARSET.search(data[:4096])
    names = [header[1] if header else "", (declared[1] or declared[2]).decode("ascii") if declared else ""]
    for name in names:
        if (codec := _codec(name)) and codec not in ("utf-8", "utf-16", "utf-32"):
            return data.decode(codec, "replace")
    head = data[:DETECTED_BYTES]
    if sum(byte > 127 for byte in head) < 0.15 * len(head):  # too few for statistics: Western text
        return data.decode("cp1252", "replace")
    best = from_bytes(data[:DETECTED_BYTES]).best()
    return data.decode(best.encoding if best is not None else "cp1252", "replace")


def _once_encoded(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _codec(name: str) -> str:
    """Python's codec for a charset's label; "" where there is none. Latin-1 is windows-1252, as browsers read it."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return ""
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}.get(codec, codec)


def _utf16_without_bom(data: bytes) -> str | None:
    head = data[:400]
    if len(head) < 40:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether there are far more whole UTF-8 sequences than broken ones: a page cut or stitched together."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text[:200_000] if ord(char) > 127) - broken
    return whole > 10 * broken
