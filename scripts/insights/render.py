"""One text's Markdown as it leaves the site, in feeds and email: clean HTML with absolute URLs, or plain text.

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
from markdown import Markdown
from pymdownx.emoji import to_alt  # type: ignore[import-untyped]

from insights.plaintext import html_to_text
from insights.urls import absolute, page_href

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

# RFC 5321 §4.5.3.1.6 lets mail gateways reject lines over 998 bytes. Lines are broken well before that.
_SOFT_LINE_BYTES = 300
_HARD_LINE_BYTES = 600
_MAX_WORD_BYTES = 800

_TAG = r'<(?:[^>"]|"[^"]*")*>'
_PRE = re.compile(r"(<pre(?:\s[^>]*)?>.*?</pre>)", re.DOTALL)
_PIECE = re.compile(rf"{_TAG}|[ \t]+|&\w+;|[^<& \t]+|.")
_CODE_PIECE = re.compile(rf"{_TAG}|&\w+;|[^<&]+|.")


def clean_text(text: str) -> str:
    """The text without characters that XML forbids or that validators warn of."""
    return _UNFIT_CHARACTERS.sub("", text)


def one_line(text: str) -> str:
    """The text without forbidden characters, runs of space and line breaks."""
    return " ".join(clean_text(text).split())


def render_html(markdown: str, publication: Publication, path: str) -> str:
    """Sanitised HTML in which every URL is absolute and no line reaches 900 bytes.

    `path` is the docs path of the text ("insights/foo.md"), against which relative links resolve as on its page. A
    URL of over 800 bytes is left out, its text stays.
    """
    rendered = _decorate(_convert(markdown, publication))

    def rewrite(_tag: str, name: str, value: str) -> str | None:
        if name in _URL_ATTRIBUTES:
            value = resolve_href(value, publication.url, path)
        elif name == "srcset":
            value = _resolve_srcset(value, publication.url, path)
        return value if all(len(word.encode()) <= _MAX_WORD_BYTES for word in value.split()) else None

    cleaner = nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=rewrite,
        url_schemes=_URL_SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "object"},
    )
    # Cleaned again: a character reference ("&#0;") is a character by now.
    return fold_lines(clean_text(cleaner.clean(rendered)).replace("<span></span>", "").strip())


def render_text(markdown: str, publication: Publication, path: str) -> str:
    """Plain text of at most 72 columns (longer only for URLs and code) that carries every link's absolute URL."""
    return html_to_text(render_html(markdown, publication, path))


def resolve_href(href: str, publication_url: str, path: str) -> str:
    """The absolute URL of an href in the text at the docs path `path`.

    Markdown files and files with an ending resolve against the docs tree, as MkDocs does; all other hrefs as a
    browser does, against the page's URL.
    """
    href = href.strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    page_url = absolute(publication_url, page_href(path))
    if parts.scheme:
        return href
    if parts.netloc or href.startswith("/") or not posixpath.splitext(parts.path)[1]:
        return urljoin(page_url, href)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path))
    while target.startswith("../"):
        target = target.removeprefix("../")
    rest = href[len(parts.path) :]
    return absolute(publication_url, page_href(unquote(target)) if target.endswith(".md") else target) + rest


def fold_lines(html: str) -> str:
    """The same HTML in lines of under 900 bytes.

    Lines break at white space; where there is none (code, CJK), inside a `<wbr>` tag, which shows nothing.
    """
    if all(len(line) <= _SOFT_LINE_BYTES // 4 for line in html.split("\n")):
        return html
    segments = _PRE.split(html)
    for index, segment in enumerate(segments):
        lines = segment.split("\n")
        fold = _fold_code if index % 2 else _fold_prose
        segments[index] = "\n".join(
            "".join(fold(line)) if len(line.encode()) > _SOFT_LINE_BYTES else line for line in lines
        )
    return "".join(segments)


def _convert(markdown: str, publication: Publication) -> str:
    converter = _converter(publication.markdown_extensions, _Configs(publication.markdown_configs))
    converter.reset()
    return converter.convert(clean_text(markdown))


class _Configs:
    """The extensions' settings as a key of the cache: the same mapping object is the same key."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self.values = values

    def __hash__(self) -> int:
        return id(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Configs) and other.values is self.values


@cache
def _converter(extensions: tuple[str, ...], configs: _Configs) -> Markdown:
    merged = {
        name: {**configs.values.get(name, {}), **_OVERRIDES.get(name, {})}
        for name in extensions
        if name in configs.values or name in _OVERRIDES
    }
    return Markdown(extensions=list(extensions), extension_configs=merged, output_format="html")


def _decorate(html: str) -> str:
    """What classes and form controls say on the page, said without them."""
    html = re.sub(r'<p class="admonition-title">(.*?)</p>', r"<p><strong>\1</strong></p>", html, flags=re.DOTALL)
    html = re.sub(r'<input type="checkbox"(?=[^>]*\schecked)[^>]*>', "☑ ", html)
    return re.sub(r'<input type="checkbox"[^>]*>', "☐ ", html)


def _resolve_srcset(srcset: str, publication_url: str, path: str) -> str:
    """HTML, "srcset attribute": candidates are parted by a comma that ends a URL or follows its descriptor."""
    candidates = re.findall(r"[\s,]*(\S*[^\s,])(?:\s+([\d.]+[wxh]))?\s*(?:,|$)", srcset)
    return ", ".join(f"{resolve_href(url, publication_url, path)} {size}".strip() for url, size in candidates)


def _fold_prose(line: str) -> Iterator[str]:
    used = 0
    for piece in _PIECE.findall(line):
        size = len(piece.encode())
        if piece[0] in " \t":
            yield "\n" if used > _SOFT_LINE_BYTES else " "
            used = 0 if used > _SOFT_LINE_BYTES else used + 1
        elif used + size <= _HARD_LINE_BYTES:
            yield piece
            used += size
        elif piece[0] == "<":
            yield from _fold_tag(piece, used)
            used = 1
        else:
            parts = list(_chunks(piece, _SOFT_LINE_BYTES))
            yield "".join(f"<wbr\n>{part}" for part in parts)
            used = len(parts[-1].encode()) + 1


def _fold_tag(tag: str, used: int) -> Iterator[str]:
    """A tag that would make its line too long, broken at spaces where needed and before its ">"."""
    for index, word in enumerate(tag[:-1].split(" ")):
        size = len(word.encode()) + 1
        if index and used + size > _HARD_LINE_BYTES:
            yield f"\n{word}"
            used = size
        else:
            yield f" {word}" if index else word
            used += size
    yield "\n>"


def _fold_code(line: str) -> Iterator[str]:
    used = 0
    for piece in _CODE_PIECE.findall(line):
        for part in [piece] if piece[0] in "<&" else _chunks(piece, _SOFT_LINE_BYTES):
            size = len(part.encode())
            if used + size > _HARD_LINE_BYTES:
                yield f"<wbr\n>{part}"
                used = size + 1
            else:
                yield part
                used += size


def _chunks(text: str, max_bytes: int) -> Iterator[str]:
    """Pieces of a text of at most `max_bytes` each, cut between characters."""
    start = used = 0
    for index, char in enumerate(text):
        size = len(char.encode())
        if used + size > max_bytes:
            yield text[start:index]
            start, used = index, 0
        used += size
    yield text[start:]
