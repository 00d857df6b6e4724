"""A WordPress post's body → HTML: Gutenberg's blocks, the classic editor's paragraphs, shortcodes, embeds, notes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape, unescape

from insights.moving.marks import Marks
from insights.moving.platforms.autop import paragraphs
from insights.moving.platforms.shortcodes import resolve_shortcodes
from insights.moving.rows import plain_text, rows, text_in

NEXT_PAGE = re.compile(r"(?:<!--\s*wp:nextpage\s*-->\s*)?<!--nextpage-->(?:\s*<!--\s*/wp:nextpage\s*-->)?")
_MORE = re.compile(
    r"(?:<!--\s*+wp:more\s*+(?:\{[^{}]*\}\s*+)?-->\s*+)?<!--more(?:[^<>]*)-->(?:\s*<!--noteaser-->)?(?:\s*<!--\s*/wp:more\s*-->)?"
)
_BLOCK = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s+(?P<attributes>\{(?:(?!\}\s+/?-->|<!--).)*+\}\s++)?(?P<void>/)?-->",
    re.DOTALL,
)
_VOID_SILENT = frozenset({"spacer", "separator", "navigation-link", "post-content"})
_EMBED = re.compile(r'<div class="wp-block-embed__wrapper">\s*(https?://[^\s<]+)\s*</div>')
_DOWNLOAD_BUTTON = re.compile(r'<a\b[^<>]*class="wp-block-file__button[^<>]*>(?:(?!<a\b).)*?</a>', re.DOTALL)
_LONE_URL = re.compile(r"<p>\s*(https?://[^\s<]+)\s*</p>")
_FOOTNOTE = re.compile(r'<sup\b[^<>]*data-fn="(?P<id>[^"]+)"[^<>]*>\s*<a\b[^<>]*>(?P<number>\d+)</a>\s*</sup>')
_TEASER_CHARACTERS = 300
_COMMENT = re.compile(r"<!--(?!\s*+/?wp:)(?:(?!<!--).)*?-->", re.DOTALL)
_SHORTCODE = re.compile(r"\[/?[a-zA-Z][^\[\]]*\]")
_LANGUAGE = re.compile(r'"language"\s*:\s*"([\w+#-]+)"')
_GALLERY_OPEN = re.compile(r'<figure class="wp-block-gallery[^"]*">')


def body_html(content: str, context: Mapping[str, str], marks: Marks) -> str:
    """The body as HTML of common kinds; `context` holds what it refers to by number."""
    content = _keep_comments(NEXT_PAGE.sub("\n\n", _MORE.sub("\n\n", content)), marks)
    if "<!-- wp:" in content:
        html = _from_blocks(content, context, marks)
        html = resolve_shortcodes(html, context, marks)
    else:
        html = paragraphs(resolve_shortcodes(content, context, marks))
    html = _DOWNLOAD_BUTTON.sub("", html)
    html = _EMBED.sub(lambda match: _link(match[1]), html)
    html = _LONE_URL.sub(lambda match: _link(match[1]), html)
    return _with_footnotes(html, context)


def teaser_of(content: str) -> str:
    """The text before the "Read more" mark, where it is short enough for a description."""
    match = _MORE.search(content)
    if match is None or "<pre" in content[: match.start()]:
        return ""
    text = plain_text(_SHORTCODE.sub("", content[: match.start()]))
    return text if len(text) <= _TEASER_CHARACTERS else ""


def _keep_comments(content: str, marks: Marks) -> str:
    """Comments that an author wrote are kept, as marks: nobody but the author can say what they are for."""
    return _COMMENT.sub(
        lambda match: marks.keep("HTML comment", match[0].removeprefix("<!--").removesuffix("-->")), content
    )


def _from_blocks(content: str, context: Mapping[str, str], marks: Marks) -> str:
    """The HTML that static blocks save; a block that the server makes, and that left nothing, becomes a mark.

    Source: the block grammar of Gutenberg (packages/block-serialization-default-parser).
    """
    written: list[str] = []
    end = 0
    is_classic = True
    language = None
    for match in _BLOCK.finditer(content):
        between = content[end : match.start()]
        if language:
            between = between.replace("<pre", f'<pre data-language="{language[1]}"', 1)
        language = _LANGUAGE.search(match["attributes"] or "") if "code" in match["name"] else None
        written.append(paragraphs(between) if is_classic and between.strip() else between)
        is_classic = False
        end = match.end()
        name = match["name"].removeprefix("core/")
        if match["void"]:
            written.append(_void_block(name, match, context, marks))
        elif match["end"] is None and name == "freeform":
            is_classic = True
        elif match["end"] and name == "freeform":
            is_classic = False
    rest = content[end:]
    written.append(paragraphs(rest) if is_classic and rest.strip() else rest)
    return _flat_galleries("".join(written))


def _void_block(name: str, match: re.Match[str], context: Mapping[str, str], marks: Marks) -> str:
    if name in _VOID_SILENT:
        return "<hr>" if name == "separator" else ""
    if name == "footnotes":
        return ""
    if name == "block":
        number = re.search(r'"ref"\s*:\s*(\d+)', match["attributes"] or "")
        reused = context.get(f"block {number[1]}") if number else None
        if reused is not None:
            return _from_blocks(reused, {}, marks)
    raw = match[0][4:-3].strip(" /")
    return f"\n<p>{marks.keep(f'block {name}', raw)}</p>\n"


def _flat_galleries(html: str) -> str:
    """Galleries as their pictures, one after the other, each with its own caption."""
    parts: list[str] = []
    end = 0
    for match in _GALLERY_OPEN.finditer(html):
        if match.start() < end:
            continue
        parts.append(html[end : match.start()])
        stop = _closing(html, match.end())
        inner = re.sub(r"</?(?:ul|li)\b[^<>]*>", "", html[match.end() : stop])
        caption = re.search(r'<figcaption class="blocks-gallery-caption[^"]*">(.*?)</figcaption>', inner, re.DOTALL)
        if caption:
            inner = inner.replace(caption[0], f"<p><em>{caption[1]}</em></p>")
        parts.append(f"<div>{inner}</div>")
        end = stop + len("</figure>")
    return "".join([*parts, html[end:]])


def _closing(html: str, start: int) -> int:
    """Where the `</figure>` of the figure that is open at `start` begins."""
    depth = 1
    for match in re.finditer(r"<(/?)figure\b", html[start:]):
        depth += -1 if match[1] else 1
        if depth == 0:
            return start + match.start()
    return len(html)


def _link(url: str) -> str:
    url = unescape(url)
    return f'<p><a href="{escape(url)}">{escape(url)}</a></p>'


def _with_footnotes(html: str, context: Mapping[str, str]) -> str:
    """The notes of the footnotes block, which WordPress keeps as JSON in the post's meta data."""
    if "footnotes" not in context or "data-fn" not in html:
        return html
    try:
        notes = rows({"notes": json.loads(context["footnotes"])}, "notes")
    except ValueError:
        return html
    html = _FOOTNOTE.sub(lambda match: f'<sup><a href="#fn-{match["id"]}">{match["number"]}</a></sup>', html)
    items = "".join(f'<li id="fn-{escape(text_in(note, "id"))}">{text_in(note, "content")}</li>' for note in notes)
    return f"{html}\n<ol>{items}</ol>"
