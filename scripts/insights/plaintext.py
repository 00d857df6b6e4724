"""Sanitised HTML as plain text for people: wrapped, with bullets, rules and every link's address."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import lxml.html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

COLUMNS = 72

_BLOCKS = frozenset(
    """
    aside audio blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary
    table ul video
    """.split()
)
_QUOTED = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "kbd": "`", "samp": "`", "q": '"', "del": "~~"}
_UNDERLINES = {"h1": "=", "h2": "-"}


def html_to_text(html: str) -> str:
    """The text of an HTML fragment: blocks parted by an empty line, lines of at most 72 columns, no line at the end.

    A link is its text and then its address in angle brackets (RFC 3986, appendix C), a picture its description.
    """
    if not html.strip():
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div", parser=lxml.html.HTMLParser(huge_tree=True))
    try:
        return "\n\n".join(_blocks(root, COLUMNS)).strip("\n")
    except RecursionError:
        # Hundreds of levels of markup are no structure to show; the words are what is left of such a text.
        return _wrap(root.text_content(), COLUMNS)


def _blocks(element: HtmlElement, columns: int) -> list[str]:
    """The blocks of an element's content: runs of inline content become paragraphs."""
    blocks: list[str] = []
    run: list[str] = [element.text or ""]

    def close_run() -> None:
        if text := _wrap("".join(run), columns):
            blocks.append(text)
        run.clear()

    for child in element:
        if child.tag in _BLOCKS:
            close_run()
            blocks.extend(_block(child, columns))
        else:
            run.append(_inline(child))
        run.append(child.tail or "")
    close_run()
    return blocks


def _block(element: HtmlElement, columns: int) -> list[str]:  # noqa: PLR0911 (one for each kind of block)
    match element.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            text = _wrap(_content(element), columns)
            width = max((len(line) for line in text.split("\n")), default=0)
            rule = _UNDERLINES.get(element.tag)
            return [f"{text}\n{rule * width}" if rule else text] if text else []
        case "hr":
            return ["-" * columns]
        case "pre":
            code = element.text_content().strip("\n")
            return [textwrap.indent(code, "    ")] if code.strip() else []
        case "blockquote":
            quoted = "\n\n".join(_blocks(element, max(20, columns - 2)))
            return ["\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))] if quoted else []
        case "ul" | "ol":
            return _list(element, columns)
        case "table":
            return _table(element)
        case "dd":
            return [textwrap.indent(block, "    ") for block in _blocks(element, max(20, columns - 4))]
        case "video" | "audio":
            return [f"<{source}>" for source in element.xpath("(@src|.//source/@src)[1]")]
        case _:
            return _blocks(element, columns)


def _list(element: HtmlElement, columns: int) -> list[str]:
    start = element.get("start", "")
    number = int(start) if start.isdecimal() else 1
    entries = []
    is_loose = False
    for child in element:
        marker = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        blocks = _blocks(child, max(20, columns - len(marker)))
        is_loose = is_loose or len(blocks) > 1
        text = textwrap.indent("\n\n".join(blocks), " " * len(marker))
        entries.append(marker + text[len(marker) :])
    return ["\n\n".join(entries) if is_loose else "\n".join(entries)] if entries else []


def _table(element: HtmlElement) -> list[str]:
    """A table as one line per row: columns would not survive the fonts and widths of mail programs."""
    rows = [
        " | ".join(" ".join(_content(cell).split()) for cell in row.iterchildren("td", "th"))
        for row in element.iter("tr")
    ]
    caption = [_wrap(_content(part), COLUMNS) for part in element.iterchildren("caption")]
    return [*caption, "\n".join(_wrap(row, COLUMNS, "    ") for row in rows)]


def _inline(element: HtmlElement) -> str:
    """An inline element's text; comments and the like have none."""
    tag = element.tag
    if tag == "br":
        return "\n\v"
    if tag == "img":
        alt, source = element.get("alt", ""), element.get("src", "")
        return f"[{alt}]" if alt else f"<{source}>" if source else ""
    if tag == "sup" and (mark := element.text_content().strip()):
        return f"[{mark}]"  # a footnote's mark: its text follows below, so the link to it says nothing
    text = _content(element)
    if tag == "a" and (href := element.get("href")):
        shown = text.strip()
        if shown in (href, href.removeprefix("mailto:")):
            return f"<{href}>"
        return f"{shown} <{href}>" if shown and shown != "↩" else ""
    mark = _QUOTED.get(tag) if isinstance(tag, str) else None
    return f"{mark}{text.strip()}{mark}" if mark and text.strip() else text


def _content(element: HtmlElement) -> str:
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _wrap(text: str, columns: int, continuation: str = "") -> str:
    """The text in lines of at most `columns`; a "\\n\\v" in it is a line break of its own."""
    lines = [" ".join(line.split()) for line in text.split("\n\v")]
    wrapped = [
        textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False, subsequent_indent=continuation)
        for line in lines
    ]
    return "\n".join(wrapped).strip("\n")
