"""The pictures and files of a publication that moves: found in its export, in a copy of its uploads, or fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from insights.assets import DOWNLOADS, PICTURES, drawing_size
from insights.errors import FetchError
from insights.fetch import Fetcher
from insights.ingest.images import bring_pictures, free_name, prepare_picture
from insights.model import Article, Finding, Image
from insights.moving.entry import INSIDE, split_address
from insights.moving.files import Files

_SIZED = re.compile(r"-(?:\d{2,4}x\d{2,4}|scaled|rotated)(?=\.\w+$)")
_PROXY = re.compile(r"^https?://i\d\.wp\.com/")
_LINKED = re.compile(
    r"(?P<alt>!\[(?:\\.|(?<!!)\[|[^\[\]\\])*+)?\]\((?P<href>[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*)(?P<end>\)\{?)?"
    r"|(?P<attribute>\b(?:href|src)=\")(?P<value>[^\"]+)"
)
_FAILURES = 3  # from a host that is gone nothing more is asked


@dataclass(slots=True)
class Assets:
    """Finds an asset's bytes by its old address; remembers what it could not find.

    `uploads` is a folder with a copy of the old site's files; `fetcher` None asks no network. `is_own` tells the
    addresses of the publication: pictures of other sites stay where they are. `place` is the path at which the old site
    stood on its host ("blog/"), which its files' paths lack.
    """

    files: Files
    roots: tuple[str, ...]
    is_own: Callable[[str], bool]
    place: str = ""
    uploads: Path | None = None
    fetcher: Fetcher | None = None
    missing: list[str] = field(default_factory=list)
    _failures: Counter[str] = field(default_factory=Counter)
    _uploaded: dict[str, Path] | None = None

    def is_asset(self, url: str) -> bool:
        """Whether an address is that of a file that came with the publication, not of a page."""
        url = _unproxied(url)
        return self.is_own(url) and _suffix(url) in PICTURES | DOWNLOADS

    def is_picture(self, url: str) -> bool:
        """Whether an address is that of a picture of the publication."""
        return self.is_asset(url) and _suffix(_unproxied(url)) in PICTURES

    def find(self, url: str) -> bytes | None:
        """The bytes behind an old address, in the largest size there is; None where it is not here or not to be had."""
        url = _unproxied(url)
        if not self.is_own(url):
            return None
        for address in _sizes(url):
            found = self._find_here(unquote(split_address(address).path).lstrip("/"))
            if found is not None:
                return found
        found = None if url.startswith(INSIDE) else self._fetch(url)
        if found is None:
            self.missing.append(url)
        return found

    def _find_here(self, path: str) -> bytes | None:
        path = path.removeprefix(self.place)
        parts = PurePosixPath(path).parts
        below = ["/".join(parts[start:]) for start in range(1, len(parts) - 1)]
        for name in ("", *self.roots):
            if self.files.has(name + path):
                return self.files.read(name + path)
        # What is written as beside the page ("images/a.png") may stand below a root, as some themes read it.
        for name in (root + rest for rest in below for root in self.roots):
            if self.files.has(name):
                return self.files.read(name)
        if self.uploads is None:
            return None
        if self._uploaded is None:
            self._uploaded = {
                file.relative_to(self.uploads).as_posix(): file for file in self.uploads.rglob("*") if file.is_file()
            }
        for start in range(len(parts)):
            if file := self._uploaded.get("/".join(parts[start:])):
                return file.read_bytes()
        return None

    def _fetch(self, url: str) -> bytes | None:
        host = split_address(url).netloc
        if self.fetcher is None or self._failures[host] >= _FAILURES:
            return None
        for address in _sizes(url):
            with suppress(FetchError):
                data = self.fetcher.fetch(address).data
                self._failures[host] = 0
                return data
        self._failures[host] += 1
        return None


@dataclass(frozen=True, slots=True)
class Brought:
    """An article with its assets' new addresses, the files by name, and what is wrong with some."""

    article: Article
    files: dict[str, bytes]
    findings: tuple[Finding, ...] = ()


def bring_assets(article: Article, assets: Assets, folder_href: str, linked: tuple[str, ...]) -> Brought:
    """The article with its own pictures, and the files that it links to (`linked`, old addresses), brought along."""
    others = PICTURES | {""}
    article, pictures, findings = bring_pictures(
        article, lambda src: assets.find(src) if _suffix(src) in others else None, folder_href
    )
    files = dict(pictures)
    named: dict[str, tuple[str, str]] = {}
    for url in linked:
        if url in article.body and (data := assets.find(url)) is not None:
            name = free_name(url, data, _suffix(url), files)
            files[name] = data
            size = drawing_size(data) if name.endswith(".svg") else None
            named[url] = (f"{folder_href}/{name}", f"{{ width={size[0]} height={size[1]} }}" if size else "")
    body = _LINKED.sub(lambda match: _with_name(match, named), article.body)
    image = article.image
    if image is not None and (data := assets.find(image.src)) is not None:
        image = _lead_picture(image, data, folder_href, files)
    return Brought(replace(article, body=body, image=image), files, findings)


def _with_name(match: re.Match[str], named: dict[str, tuple[str, str]]) -> str:
    """A link, a picture or an attribute with its file's new address; a drawing with its size, too."""
    href, size = named.get(match["href"] or match["value"], ("", ""))
    if not href or match["attribute"]:
        return f"{match['attribute']}{href}" if href else match[0]
    is_unsized = match["alt"] and match["end"] == ")"
    return f"{match['alt'] or ''}]({href}{match['end'] or ''}{size if is_unsized else ''}"


def _lead_picture(image: Image, data: bytes, folder_href: str, files: dict[str, bytes]) -> Image:
    try:
        picture = prepare_picture(data)
    except ValueError:
        name = free_name(image.src, data, _suffix(image.src), files)
        files[name] = data
        return replace(image, src=f"{folder_href}/{name}")
    name = free_name(image.src, picture.data, picture.suffix, files)
    files[name] = picture.data
    return Image(f"{folder_href}/{name}", image.alt, picture.width, picture.height)


def _suffix(url: str) -> str:
    return PurePosixPath(split_address(url).path).suffix.lower()


def _sizes(url: str) -> tuple[str, ...]:
    """The addresses of a file that may be one size of it (`-300x200.png`, `.png?w=300`), the whole one first."""
    whole = url.partition("?")[0] if _suffix(url) in PICTURES else url
    return tuple(dict.fromkeys((_SIZED.sub("", whole), whole, url)))


def _unproxied(url: str) -> str:
    """The picture's own address behind Jetpack's image proxy."""
    match = _PROXY.match(url)
    return f"https://{url[match.end() :].partition('?')[0]}" if match else url


def files_linked(body: str, assets: Assets) -> tuple[str, ...]:
    """The addresses of the publication's own files that a body links to or shows, in their order."""
    found = (match["href"] or match["value"] for match in _LINKED.finditer(body))
    return tuple(dict.fromkeys(url for url in found if assets.is_asset(url)))
