"""What engines read: the docs tree under build/, and the theme's files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec
from rcssmin import cssmin
from rjsmin import jsmin

from insights.errors import RenderError
from insights.site.copies import open_copy
from insights.site.inputs import digest
from insights.site.pages import SitePage, dump_page
from insights.site.tree import Made, Output, renew
from insights.strings import Strings
from insights.text import clash_key

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


def theme_assets(theme_dir: Path, strings: Strings) -> dict[str, tuple[str, bytes]]:
    """The address and bytes of each of the theme's files; the address changes with the bytes, so it caches for ever.

    Sheets and scripts go without their comments and spaces; scripts have `strings` where they name one.
    """
    assets = {}
    for name, file_name in THEME_ASSETS.items():
        path = theme_dir / "assets" / file_name
        data = path.read_bytes()
        if path.suffix == ".js":
            data = _with_strings(data, strings)
        data = _MINIFIERS.get(path.suffix, bytes)(data)
        digest = hashlib.sha256(data).hexdigest()[:8]
        assets[name] = (f"assets/{path.stem}.{digest}{path.suffix}", data)
    return assets


def _with_strings(script: bytes, strings: Strings) -> bytes:
    """The script with each text that it names, as `STRINGS.close`, in that place: a reader loads no other one."""
    return re.sub(rb"\bSTRINGS\.(\w+)", lambda match: msgspec.json.encode(getattr(strings, match[1].decode())), script)


def write_docs(docs_dir: Path, pages: Iterable[SitePage], assets: Iterable[Output]) -> None:
    """Writes the docs tree, for engines that read files.

    A file is left alone where it holds its bytes already; what no page or asset claims any more is removed.
    """
    files = ((page.path, dump_page(page)) for page in pages)
    outputs = [Output(path, digest(data), partial(Made, data)) for path, data in files]
    copy = open_copy(docs_dir, docs_dir.with_name(f"{docs_dir.name}.ledger"))
    renew(copy, None, [*outputs, *assets], lambda _path: False).save()


def refuse_clashes(paths: Iterable[str]) -> None:
    """Raises RenderError for two paths that some file system takes for one: the site would lack one of them there."""
    taken: dict[str, str] = {}
    for path in paths:
        if (other := taken.setdefault(clash_key(path), path)) != path:
            raise RenderError(path, f'Windows or macOS takes it for "{other}"', "rename one of the two in content/")
