"""Text → Markdown that Python-Markdown reads back as the same text: nothing in it comes to life as markup or HTML.

Escapes only what would otherwise be read as markup, so that ordinary prose stays as it was written.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# STX and ETX are Python-Markdown's own placeholders; the others are invisible and never meant.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\ufeff\u00ad\u2028\u2029]")
_SPACES = re.compile("[ \t\r\n\v\f\u00a0]+")
_SPECIAL = re.compile(r"[\\`*{}\[\]<&~_!|]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?]|$)")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TILDE = re.compile(r"~(?=~)|(?<=~)~|~(?=[^\s~]+~)|(?<=\S)~")
_BRACKET = re.compile(r"\[(?=\^|[ xX]\] |[^\[\]]*\](?:[(\[:]|$))")
_NESTED_BRACKET = re.compile(r"\[[^\[\]]*\[")
_LINE_START = re.compile(
    r"^(?P<mark>#{1,6}(?=\s|$|[^\s#])|>|[+-](?=\s|$|--)|!(?=!!))|^(?P<number>\d+)\.(?=\s|$)|^(?P<sign>:(?=\s)"
    r"|\?(?=\?\?)|=(?==*\s*$)|/(?=//))",
    re.MULTILINE,
)


def clean_text(text: str) -> str:
    """Text without invisible characters, each run of white space (no-break spaces too) as one space."""
    if "  " not in text and text.isprintable():  # most texts: nothing invisible, and no space but the plain one
        return text
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def escape_inline(text: str) -> str:
    """Text with all that Markdown would read as inline markup escaped."""
    if not _SPECIAL.search(text):
        return text
    text = text.replace("\\", r"\\")
    text = _ENTITY.sub("&amp;", text)
    text = _TAG.sub("&lt;", text)
    text = text.replace("`", r"\`").replace("*", r"\*").replace("{", r"\{")
    text = _UNDERSCORE.sub(r"\_", text)
    text = _TILDE.sub(r"\~", text)
    if "[" in text or "]" in text:
        text = _escape_brackets(text)
    return re.sub(r"!(?=$|\[)", r"\!", text) if "!" in text else text


def escape_brackets(text: str) -> str:
    """Text for use inside a link, with all its brackets escaped."""
    return re.sub(r"(?<!\\)([\[\]])", r"\\\1", text)


def _escape_brackets(text: str) -> str:
    """Escapes brackets that could open a link, a note or a definition; all where they nest or do not pair."""
    if text.count("[") != text.count("]") or text.find("]") < text.find("[") or _NESTED_BRACKET.search(text):
        return escape_brackets(text)
    return _BRACKET.sub(r"\[", text)


def escape_line_starts(text: str) -> str:
    """A paragraph in which no line reads as a heading, list, quote, admonition, definition or rule."""
    return _LINE_START.sub(_escaped_start, text)


def _escaped_start(match: re.Match[str]) -> str:
    if match["mark"]:
        return "\\" + match["mark"]
    if match["number"]:
        return f"{match['number']}\\."
    return f"&#{ord(match['sign'])};"


def code_span(text: str) -> str:
    """Text as a code span, delimited by more backticks than it holds in a row."""
    text = " ".join(_INVISIBLE.sub("", text).split())
    if not text:
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_block(text: str, language: str) -> str:
    """Text as a fenced block with its exact white space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\v\f]", " ", re.sub("[\x00-\x08\x0e-\x1f]", "", text))
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.strip(chr(10)).rstrip()}\n{fence}"


def absolute(href: str, base_url: str | None) -> str:
    """The address that a link on the page leads to; "" where it leads nowhere (scripts, malformed addresses)."""
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if not href or re.match(r"(?:javascript|vbscript|about|blob):", href, re.I):
        return ""
    if href.startswith("#"):
        return href
    try:
        joined = urljoin(base_url, href) if base_url else href
        parts = urlsplit(joined)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and parts.netloc and not parts.path:
        joined = parts._replace(path="/").geturl()
    return joined


def destination(url: str) -> str:
    """An address as the destination of a Markdown link: characters that would end or change it percent-encoded."""
    url = re.sub(r'[\s"<>`\\\[\]|]', lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)
    if not _parens_balance(url):
        url = url.replace("(", "%28").replace(")", "%29")
    return url


def _parens_balance(url: str) -> bool:
    depth = 0
    for char in url:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0
