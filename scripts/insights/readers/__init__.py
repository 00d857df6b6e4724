"""Readers: one module a format, each a pure function from a Source to Extracts; and the sniffing that picks one.

To add a format, write `readers/<format>.py` with a `read_<format>` and add one line to `READERS` (and, if its bytes
tell it, one to `sniff`). Readers never touch disk or network.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import PurePosixPath

from insights.errors import SourceError
from insights.model import Extract, Source
from insights.readers.limits import LIMITS, Limits

# Format → (module, function): imported when first used, so that reading a text does not load lxml's and Word's parts.
READERS = {
    "html": ("html", "read_html"),
    "text": ("text", "read_text"),
    "markdown": ("markdown", "read_markdown"),
    "docx": ("docx", "read_docx"),
    "odt": ("odt", "read_odt"),
    "eml": ("eml", "read_eml"),
    "feed": ("feed", "read_feed"),
}

_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "eml",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".odt": "odt",
    ".eml": "eml",
    ".rss": "feed",
    ".atom": "feed",
}
_BY_MEDIA_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "message/rfc822": "eml",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/feed+json": "feed",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}
_MARKDOWN_SIGNS = re.compile(
    r"^#{1,6} \S|^(?:```|~~~)|\*\*[^*\s][^*\n]*\*\*|\[[^\[\]\n]+\]\([^()\s]+\)|^\|(?:[ \t]*+:?-++:?[ \t]*+\|)++[ \t]*$",
    re.MULTILINE,
)
_HTML_SIGNS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h[1-6]|table|ul|ol)\b", re.IGNORECASE)
# The outermost element, behind declarations and comments: a page *about* feeds holds such tags too.
_FEED_SIGNS = re.compile(
    rb"(?:\s|<\?[^>]*+>|<!--(?:(?!-->).)*+-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+<(?:rss|feed|rdf:RDF)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_EML_SIGNS = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\r?\n")


def read(source: Source, format_name: str | None = None, limits: Limits = LIMITS) -> tuple[Extract, ...]:
    """What the source holds, in its order: one Extract, or one for each full entry of a feed.

    Raises SourceError where the source is empty, binary, too large, or of no format we read.
    """
    if not source.data.strip():
        raise SourceError(source.name, "the source is empty", "save the page or paste the text again")
    module, function = READERS[format_name or sniff(source)]
    reader = getattr(import_module(f"insights.readers.{module}"), function)
    found: Extract | tuple[Extract, ...] = reader(source, limits)
    return found if isinstance(found, tuple) else (found,)


def sniff(source: Source) -> str:  # noqa: PLR0911 (one return for each sign)
    """The name of the source's format: from its first bytes, then its media type, then its name.

    Raises SourceError for bytes that are neither text nor a document we read.
    """
    head = source.data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    suffix = PurePosixPath(source.name.partition("?")[0]).suffix.lower()
    declared = _BY_MEDIA_TYPE.get((source.media_type or "").partition(";")[0].strip().lower())
    if head.startswith(b"%PDF-"):
        what = "a PDF says where letters stand, not what is a heading, a list or a paragraph"
        raise SourceError(source.name, what, "give what it was made from (page, Word file), or its text in a .txt file")
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(source, declared or _BY_SUFFIX.get(suffix))
    if head.startswith((b"{", b"[")) and b"jsonfeed.org/version" in head:
        return "feed"
    if _FEED_SIGNS.match(head):
        return "feed"
    named = declared or _BY_SUFFIX.get(suffix)
    if named:
        return named
    if head.startswith(b"<") and _HTML_SIGNS.search(head):  # a text *about* HTML holds tags too
        return "html"
    if _is_binary(source.data):
        fix = "give an HTML page, a text, Markdown, DOCX, ODT, EML or a feed; or name it with --format"
        raise SourceError(source.name, "the source is binary, of no format we read", fix)
    if _EML_SIGNS.match(source.data[:20_000].replace(b"\r\n", b"\n")) and b"\nSubject:" in b"\n" + source.data[:20_000]:
        return "eml"
    text = source.data[:200_000].decode("utf-8", "replace")
    return "markdown" if len(_MARKDOWN_SIGNS.findall(text)) >= 2 or text.startswith(("---\n", "# ")) else "text"


def _sniff_zip(source: Source, named: str | None) -> str:
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in source.data[:200]:
        return "odt"
    if b"word/" in source.data or named == "docx":
        return "docx"
    if named == "odt":
        return "odt"
    fix = "unpack it, or give the folder; a zip of sources can be ingested as it is"
    raise SourceError(source.name, "the archive is neither DOCX nor ODT", fix)


def _is_binary(data: bytes) -> bool:
    head = data[:65_536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(head.count(byte) for byte in (0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 18, 19, 20))
    return controls > len(head) // 200
