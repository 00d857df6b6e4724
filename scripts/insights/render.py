"""One text's Markdown as it leaves the site, in feeds and email: clean HTML with absolute URLs.

The extensions are the site's own, so that a feed shows what the page shows; what only a page can use (classes, ids,
colours of code, permalinks, scripts) is left out.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import nh3
from pymdownx.emoji import to_alt  # type: ignore[import-untyped]

from insights.converter import Converter
from insights.errors import RenderError
from insights.text import scheme, srcset_candidates
from insights.urls import absolute, page_href

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from insights.settings import Publication

# Allowed are elements and attributes that HTML has, that the W3C feed validator finds safe, and that readers show.
_TAGS = frozenset(
    """
    a abbr aside audio b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section
    small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr
    """.split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "audio": {"controls", "src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"align", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"kind", "label", "src", "srclang"},
    "video": {"controls", "height", "poster", "src", "width"},
}
_URL_ATTRIBUTES = frozenset({"cite", "href", "poster", "src"})
_TRIMMED = "".join(map(chr, range(33)))  # URL Standard, "basic URL parser": no other space is taken off
_URL_SCHEMES = {"http", "https", "mailto", "tel"}

# What an extension must do otherwise here than on the site's pages.
_OVERRIDES: Mapping[str, Mapping[str, Any]] = {
    "toc": {"permalink": False, "anchorlink": False},
    "codehilite": {"use_pygments": False},
    "pymdownx.highlight": {"use_pygments": False},
    "pymdownx.emoji": {"emoji_generator": to_alt},
}

# XML 1.0 §2.2 forbids most of these, the W3C validator warns of the C1 controls and of U+FFFD; no text needs any.
_UNFIT_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")

# RFC 5321 §4.5.3.1.6 lets mail gateways reject lines over 998 bytes, and they do. Lines end well before that.
_SOFT_LINE_BYTES = 300
_HARD_LINE_BYTES = 600
_MAX_WORD_BYTES = 800

_TAG = r'<(?:[^<>"]|"[^"]*")*+>'
_PRE = re.compile(r"(<pre(?:\s[^>]*)?>.*?</pre>)", re.DOTALL)
_PIECE = re.compile(rf"{_TAG}|[ \t]+|&\w+;|[^<& \t]+|.")
_GAP = re.compile(rb"(?<![ \t])[ \t]+")
_CODE_PIECE = re.compile(rf"{_TAG}|&\w+;|[^<& ]+ ?|.")
# Where a text without spaces is best broken: after its punctuation.
_PAUSES = "。、，．！？；：」』）】"


def clean_text(text: str) -> str:
    """The text without characters that XML forbids or that validators warn of."""
    return _UNFIT_CHARACTERS.sub("", text)


def one_line(text: str) -> str:
    """The text without forbidden characters, runs of space and line breaks."""
    return " ".join(clean_text(text).split())


def render_html(markdown: str, publication: Publication, path: str) -> str:
    """Sanitised HTML in which every URL is absolute and no line reaches 900 bytes.

    `path` is the docs path of the text ("insights/foo.md"), against which relative links resolve as on its page. A
    URL of over 800 bytes is left out, its text stays. Raises RenderError if the text is nested too deep to render.
    """
    return clean_html(_convert(markdown, publication, path), publication, path)


def clean_html(rendered: str, publication: Publication, path: str) -> str:
    """The same of what Python-Markdown made of a text."""
    html = _CLEANER.clean(_decorate(rendered), publication.url, path)
    # Cleaned again: a character reference ("&#0;") is a character by now.
    return fold_lines(clean_text(html).replace("<span></span>", "").strip())


def page_html(markdown: str, publication: Publication, path: str) -> str:
    """The HTML of a text as its page has it: classes and ids kept, addresses as written. For other systems.

    Raises RenderError if the text is nested too deep to render.
    """
    return _convert(markdown, publication, path)


def resolve_href(href: str, publication_url: str, path: str) -> str:
    """The absolute URL of an href in the text at the docs path `path`.

    Markdown files and files with an ending resolve against the docs tree, as MkDocs does; all other hrefs as a
    browser does, against the page's URL.
    """
    href = href.strip(_TRIMMED)
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme:
        return href
    if parts.netloc or href.startswith("/") or not posixpath.splitext(parts.path)[1]:
        return urljoin(absolute(publication_url, page_href(path)), href)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path))
    while target.startswith("../"):
        target = target.removeprefix("../")
    rest = href[len(parts.path) :]
    return absolute(publication_url, page_href(unquote(target)) if target.endswith(".md") else target) + rest


def fold_lines(html: str) -> str:
    """The same HTML in lines of under 900 bytes.

    Lines break at white space. Where 600 bytes have none (code, Chinese, markup without a gap) they break all the
    same: a reader may see a space there. A break inside a tag would show nothing, but feedparser writes tags anew.
    """
    if all(len(line) <= _SOFT_LINE_BYTES // 4 for line in html.split("\n")):
        return html
    segments = _PRE.split(html)
    for index, segment in enumerate(segments):
        fold = _fold_code if index % 2 else _fold_prose
        segments[index] = "\n".join(
            fold(line) if len(line) > _SOFT_LINE_BYTES // 4 else line for line in segment.split("\n")
        )
    return "".join(segments)


class _Cleaner:
    """The allow-list of feeds, set up once; addresses become absolute, as seen from the text that is cleaned."""

    def __init__(self) -> None:
        self._url, self._path = "", ""
        self._cleaner = nh3.Cleaner(
            tags=set(_TAGS),
            attributes=_ATTRIBUTES,
            attribute_filter=self._rewrite,
            url_schemes=_URL_SCHEMES,
            link_rel=None,
            clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "object"},
        )

    def clean(self, html: str, publication_url: str, path: str) -> str:
        """The HTML of the text at this docs path."""
        self._url, self._path = publication_url, path
        return self._cleaner.clean(html)

    def _rewrite(self, _tag: str, name: str, value: str) -> str | None:
        if name in _URL_ATTRIBUTES:
            value = resolve_href(value, self._url, self._path)
            if scheme(value) not in ("", *_URL_SCHEMES):
                return None  # nh3 has looked at it as it was written, and never at that of `cite`
        elif name == "srcset":
            value = _resolve_srcset(value, self._url, self._path)
        return value if all(len(word.encode()) <= _MAX_WORD_BYTES for word in value.split()) else None


_CLEANER = _Cleaner()


def _convert(markdown: str, publication: Publication, path: str) -> str:
    configs = _Configs(publication.markdown_configs)
    converter = _converter(publication.markdown_extensions, configs, publication.settings.fast_markdown)
    try:
        return converter.convert(clean_text(markdown))
    except RecursionError as error:
        _converter.cache_clear()  # it was left in the midst of a list, and reset() does not end that
        raise RenderError(path, "lists or quotations are nested too deep", "nest them a few levels only") from error


class _Configs:
    """The extensions' settings as a key of the cache: the same mapping object is the same key."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self.values = values

    def __hash__(self) -> int:
        return id(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Configs) and other.values is self.values


@cache
def _converter(extensions: tuple[str, ...], configs: _Configs, is_fast: bool) -> Converter:
    merged = {
        name: {**configs.values.get(name, {}), **_OVERRIDES.get(name, {})}
        for name in extensions
        if name in configs.values or name in _OVERRIDES
    }
    return Converter(extensions, merged, is_fast=is_fast)


def _decorate(html: str) -> str:
    """What classes and form controls say on the page, said without them."""
    if "admonition" in html:
        html = re.sub(r'(?s)<p class="admonition-title">((?:(?!<p).)*?)</p>', r"<p><strong>\1</strong></p>", html)
    if "<input" not in html:
        return html
    html = re.sub(r'<input type="checkbox"(?=[^<>]*\schecked)[^<>]*>', "☑ ", html)
    return re.sub(r'<input type="checkbox"[^<>]*>', "☐ ", html)


def _resolve_srcset(srcset: str, publication_url: str, path: str) -> str:
    candidates = srcset_candidates(srcset)
    return ", ".join(f"{resolve_href(url, publication_url, path)} {size}".strip() for url, size in candidates)


def _fold_prose(line: str) -> str:
    """The line, folded at the first white space outside of tags after each 300 bytes; by pieces where that is far."""
    data, start, lines = line.encode(), 0, []
    while len(data) - start > _SOFT_LINE_BYTES:
        end = start + _HARD_LINE_BYTES
        gap = _GAP.search(data, start + _SOFT_LINE_BYTES + 1)
        # nh3 writes "<" and ">" for tags alone.
        while (
            gap and gap.start() <= end and data.rfind(b"<", start, gap.start()) > data.rfind(b">", start, gap.start())
        ):
            gap = _GAP.search(data, gap.end())
        if gap is None or gap.start() > end:
            break
        lines.append(data[start : gap.start()].decode())
        start = gap.end()
    rest = data[start:].decode()
    is_short = len(data) - start <= _HARD_LINE_BYTES
    return "\n".join([*lines, rest if is_short else "".join(_fold(_PIECE.findall(rest)))])


def _fold_code(line: str) -> str:
    return "".join(_fold(_CODE_PIECE.findall(line))) if len(line.encode()) > _SOFT_LINE_BYTES else line


def _fold(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of one line (tags, character references, words, runs of space), with line ends between them."""
    used = 0
    for piece in pieces:
        size = len(piece.encode())
        if piece.isspace() and used > _SOFT_LINE_BYTES:
            yield "\n"
            used = 0
        elif used + size <= _HARD_LINE_BYTES:
            yield piece
            used += size
        else:
            yield "\n" if used else ""
            lines = list(_fold_tag(piece) if piece[0] == "<" else _chunks(piece, _HARD_LINE_BYTES))
            yield "\n".join(lines)
            used = len(lines[-1].encode())


def _fold_tag(tag: str) -> Iterator[str]:
    """The lines of a tag, broken between its attributes and at spaces in their values."""
    line = ""
    for word in tag.split(" "):
        if line and len(line.encode()) + len(word.encode()) >= _HARD_LINE_BYTES:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _chunks(text: str, max_bytes: int) -> Iterator[str]:
    """Pieces of a text of at most `max_bytes` each, cut after punctuation if there is some in the second half."""
    while len(text.encode()) > max_bytes:
        start = text.encode()[:max_bytes].decode(errors="ignore")
        pause = max(start.rfind(mark) for mark in _PAUSES) + 1
        end = pause if pause > len(start) // 2 else len(start)
        yield text[:end]
        text = text[end:]
    yield text
