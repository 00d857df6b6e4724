"""An article's pictures, brought into the publication: checked, made small enough, their size written beside them."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from insights.model import Article, Finding, Level
from insights.text import slugify

_IMAGE = re.compile(r"!\[(?P<alt>(?:\\.|(?<!!)\[|[^\[\]\\])*+)\]\(<?(?P<src>[^\s()>]+)>?(?:\s+\"[^\"]*\")?\)(?!\{)")
_INLINE = re.compile(r"data:image/(?:png|jpe?g|gif|webp)(?:;[\w=-]++)*?;base64,", re.IGNORECASE)
_FENCE = re.compile(r"^(```++|~~~++).*?(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp"}
_MAX_WIDTH = 1600  # pixels: twice the width of the text, for sharp screens
_MAX_PIXELS = 50_000_000
_QUALITY = 82


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: bytes, file ending, and size in pixels."""

    data: bytes
    suffix: str
    width: int
    height: int


def prepare_picture(data: bytes) -> Picture:
    """The picture, at most 1,600 pixels wide, without its metadata if it had to be encoded anew.

    Raises ValueError for what is no JPEG, PNG, GIF or WebP, is broken, or unpacks to over 50 megapixels.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Pillow.open(io.BytesIO(data), formats=list(_SUFFIXES)) as image:
            width, height = image.size
            if width * height > _MAX_PIXELS:
                many = f"it has {width * height / 1e6:.0f} megapixels, over {_MAX_PIXELS / 1e6:.0f}"
                raise Pillow.DecompressionBombError(many)
            image.load()
            suffix = _SUFFIXES[image.format or "PNG"]
            if width <= _MAX_WIDTH or getattr(image, "is_animated", False):
                return Picture(data, suffix, width, height)
            smaller = image.resize((_MAX_WIDTH, max(1, round(height * _MAX_WIDTH / width))), Pillow.Resampling.LANCZOS)
            stream = io.BytesIO()
            smaller.save(stream, image.format, quality=_QUALITY, optimize=True)
            return Picture(stream.getvalue(), suffix, *smaller.size)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise ValueError(f"it is no picture that can be read: {error}") from error


def picture_addresses(body: str) -> list[str]:
    """The addresses of a body's pictures as they are written, each once, code left out."""
    parts = [part for is_code, part in _split_code(body) if not is_code]
    return list(dict.fromkeys(match["src"] for part in parts for match in _IMAGE.finditer(part)))


def inline_picture(address: str) -> bytes | None:
    """The picture that a `data:` address holds (RFC 2397); None for a drawing, and for what is no base64."""
    head = _INLINE.match(address)
    try:
        return base64.b64decode(address[head.end() :], validate=True) if head else None
    except binascii.Error:
        return None


def bring_pictures(
    article: Article, find: Callable[[str], bytes | None], href: str
) -> tuple[Article, Mapping[str, bytes], tuple[Finding, ...]]:
    """The article with its pictures' new addresses and sizes, the files by name, and what could not be brought.

    `find` gives the bytes behind an address in the body, or None to leave it as it is; `href` is the folder of the
    files as the article's Markdown reaches it ("../assets/slug").
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    known: dict[str, str] = {}

    def bring(match: re.Match[str]) -> str:
        src = match["src"]
        if src not in known:
            known[src] = ""
            data = find(src)
            if data is not None:
                try:
                    picture = prepare_picture(data)
                except ValueError as error:
                    message = f"the picture {src} was left where it is: {error}"
                    fix = "save it as JPEG, PNG or WebP, and put it into content/assets"
                    findings.append(Finding(article.path, 1, 1, "image-unreadable", message, fix, Level.WARNING))
                else:
                    name = free_name(src, picture.data, picture.suffix, files)
                    files[name] = picture.data
                    known[src] = f"({href}/{name}){{ width={picture.width} height={picture.height} }}"
        return f"![{match['alt']}]{known[src]}" if known[src] else match[0]

    parts = _split_code(article.body)
    body = "".join(part if is_code else _IMAGE.sub(bring, part) for is_code, part in parts)
    return replace(article, body=body), files, tuple(findings)


def free_name(src: str, data: bytes, suffix: str, taken: Mapping[str, bytes]) -> str:
    """A name for the file from an address, which no other file of those `taken` has; the same bytes have one name."""
    if name := next((name for name, kept in taken.items() if kept == data), ""):
        return name
    path = "" if src.startswith("data:") else unquote(urlsplit(src).path)
    stem = slugify(PurePosixPath(path).stem) or "picture"
    name, number = f"{stem}{suffix}", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name


def _split_code(body: str) -> list[tuple[bool, str]]:
    """The body in parts: whether each is a block of code, and its text."""
    parts: list[tuple[bool, str]] = []
    end = 0
    for match in _FENCE.finditer(body):
        parts += [(False, body[end : match.start()]), (True, match[0])]
        end = match.end()
    return [*parts, (False, body[end:])]
