"""The classic editor's text → paragraphs, as WordPress makes them when it shows a post (its `wpautop`)."""

from __future__ import annotations

import re

_BLOCKS = (
    "address|article|aside|audio|blockquote|canvas|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|iframe|legend|li|main|map|math|menu|nav|noscript|object|ol|p|pre|script|section|select|style|summary|table|"
    "tbody|td|tfoot|th|thead|tr|ul|video"
)
_VERBATIM = re.compile(r"<(pre|script|style|textarea)\b(?:(?!<\1\b).)*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BLOCK_START = re.compile(rf"(<(?:{_BLOCKS})\b[^<>]*>)", re.IGNORECASE)
_BLOCK_END = re.compile(rf"(</(?:{_BLOCKS})\s*>|<hr\b[^<>]*>)\s*", re.IGNORECASE)
_BEGINS_BLOCK = re.compile(rf"</?(?:{_BLOCKS})\b", re.IGNORECASE)
_LINE_END = re.compile(r"(?<![ \t])(?<!<br>)(?<!<br/>)(?<!<br />)[ \t]*+\n")
_HELD = re.compile("\ue002(\\d+)\ue003")


def paragraphs(text: str) -> str:
    """The text with a `<p>` for what blank lines part, and a `<br>` for a single line break."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\n\n\ue002{len(held) - 1}\ue003\n\n"

    text = _VERBATIM.sub(hold, text.replace("\r\n", "\n"))
    text = _BLOCK_END.sub(r"\1\n\n", _BLOCK_START.sub(r"\n\n\1", text))
    written = [_paragraph(chunk) for chunk in re.split(r"\n\s*\n", text) if chunk.strip()]
    return _HELD.sub(lambda match: held[int(match[1])], "\n".join(written))


def _paragraph(chunk: str) -> str:
    chunk = chunk.strip()
    if _HELD.fullmatch(chunk):
        return chunk
    if _BEGINS_BLOCK.match(chunk):
        opening = re.match(rf"((?:</?(?:{_BLOCKS})\b[^<>]*>\s*)+)(.*)", chunk, re.DOTALL | re.IGNORECASE)
        if opening is None:
            return chunk
        return opening[1].rstrip() + _LINE_END.sub("<br>\n", opening[2])
    return "<p>" + _LINE_END.sub("<br>\n", chunk) + "</p>"
