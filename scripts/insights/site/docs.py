"""The docs tree under build/: written from prepared pages and assets, each file only if its bytes change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

from insights.errors import RenderError
from insights.site.cache import Cache
from insights.site.inputs import digest
from insights.site.pages import SitePage, dump_page
from insights.site.tree import Made, Output, open_copy, renew
from insights.text import clash_key

_KIND = "docs"
# What the theme's templates call each of its files.
THEME_ASSETS = {
    "css": "insights.css",
    "js": "insights.js",
    "search_css": "search.css",
    "search_js": "search.js",
    "icon": "favicon.svg",
    "speculation": "speculation-rules.json",
}


# A first visit costs a round trip less where a page, its sheet and its script fit into a connection's first 14 KB.
_MINIFIERS: Mapping[str, Callable[[bytes], bytes]] = {".css": cssmin, ".js": jsmin}


def theme_assets(theme_dir: Path) -> dict[str, tuple[str, bytes]]:
    """The address and bytes of each of the theme's files; the address changes with the bytes, so it caches for ever.

    Sheets and scripts go without their comments and spaces.
    """
    assets = {}
    for name, file_name in THEME_ASSETS.items():
        path = theme_dir / "assets" / file_name
        data = _MINIFIERS.get(path.suffix, bytes)(path.read_bytes())
        digest = hashlib.sha256(data).hexdigest()[:8]
        assets[name] = (f"assets/{path.stem}.{digest}{path.suffix}", data)
    return assets


@dataclass(frozen=True, slots=True)
class Docs:
    """A digest of each file of the docs tree, by path; how many pages were made to be compared, and how many files
    written or removed."""

    digests: Mapping[str, bytes]
    prepared: int
    written: int


def write_docs(docs_dir: Path, pages: Sequence[SitePage], assets: Iterable[tuple[str, bytes]], cache: Cache) -> Docs:
    """Writes the docs tree.

    A file is left alone where it holds its bytes already; what no page or asset claims any more is removed. What the
    cache knows of a page by its key is not made to be compared. Raises RenderError for two paths that some file system
    takes for one: the site would lack one of them there.
    """
    keyed = {page.path: page.key for page in pages if page.key}
    known = cache.read(_KIND, keyed)
    outputs = {page.path: _page_output(page, known.get(page.path)) for page in pages}
    outputs |= {path: Output(path, digest(data), partial(Made, data)) for path, data in assets}
    _refuse_clashes(outputs)
    fresh = [path for path in keyed if known.get(path) != outputs[path].key]
    cache.write(_KIND, ((path, keyed[path], outputs[path].key) for path in fresh))
    cache.keep_only(_KIND, keyed)
    ledger_path = docs_dir.with_name(f"{docs_dir.name}.ledger")
    copy = open_copy(docs_dir, ledger_path)
    renewal = renew(copy, None, outputs.values(), lambda _path: False)
    renewal.save()
    digests = {path: output.key for path, output in outputs.items()}
    return Docs(digests, len(pages) - len(known), len(renewal.made) + renewal.removed)


def _refuse_clashes(paths: Iterable[str]) -> None:
    taken: dict[str, str] = {}
    for path in paths:
        if (other := taken.setdefault(clash_key(path), path)) != path:
            raise RenderError(path, f'Windows or macOS takes it for "{other}"', "rename one of the two in content/")


def _page_output(page: SitePage, known: bytes | None) -> Output:
    if known:
        return Output(page.path, known, partial(_make, page))
    data = dump_page(page)
    return Output(page.path, digest(data), partial(Made, data))


def _make(page: SitePage) -> Made:
    return Made(dump_page(page))
