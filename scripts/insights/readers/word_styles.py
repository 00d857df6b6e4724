"""Which HTML a style of Word stands for, in mammoth's language: what its menus offer, and what others write."""

from __future__ import annotations

from collections.abc import Iterator

from insights.readers.word_structure import CONTINUED_STYLES

_CODE = ("Code", "Source Code", "HTML Preformatted", "Preformatted Text", "Plain Text")
_QUOTES = ("Quote", "Intense Quote", "Block Text", "Quotations")
_CODE_RUNS = ("Code", "Code Char", "Verbatim Char", "HTML Code", "Source Text")
_PARAGRAPHS = {
    "Title": "h1.title:fresh",
    "Subtitle": "p.subtitle:fresh",
    **dict.fromkeys(("Caption", "caption"), "p.caption > em:fresh"),
    **dict.fromkeys(_QUOTES, "blockquote > p:fresh"),
    **dict.fromkeys(_CODE, "pre:separator('\\n')"),
    **{f"heading {level}": "h6:fresh" for level in (7, 8, 9)},
    **dict.fromkeys(("TOC Heading", *(f"toc {level}" for level in range(1, 10))), "!"),  # the site makes its own
    **dict.fromkeys(("Definition Term", "List Heading"), "dl > dt:fresh"),
    **dict.fromkeys(("Definition", "List Contents"), "dl > dd:fresh"),
}
_RUNS = {
    **dict.fromkeys(_CODE_RUNS, "code"),
    **dict.fromkeys(("Emphasis", "Subtle Emphasis", "Intense Emphasis"), "em"),
}


def _deep_lists() -> Iterator[str]:
    """The levels below those that mammoth knows: Word has nine."""
    for level in range(6, 10):
        above = "ul|ol > li > " * (level - 1)
        yield f"p:unordered-list({level}) => {above}ul > li:fresh"
        yield f"p:ordered-list({level}) => {above}ol > li:fresh"


STYLES = "\n".join(
    [
        *(f"p[style-name='{name}'] => {html}" for name, html in _PARAGRAPHS.items()),
        *(f"r[style-name='{name}'] => {html}" for name, html in _RUNS.items()),
        *_deep_lists(),
        "strike => s",
        CONTINUED_STYLES,
    ]
)
