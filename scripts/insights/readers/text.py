"""Text pasted from a page or an email, read back into an article: its headings, lists, tables and metadata.

Nothing marks structure in such text, so each line is judged by its shape and its neighbours: `text_frame` takes off
what is not the article, `headings` finds its headings, `text_tree` builds the HTML tree that our writer then writes as
it does every other format's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lxml import etree

from insights.model import Extract, Source
from insights.readers.decode import decode_words
from insights.readers.headings import Line
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import html_to_markdown
from insights.readers.pasted import Block, parse_list_line
from insights.readers.text_frame import take_frame
from insights.readers.text_tree import build_tree, lines_of

_WRAP_COLUMNS = range(50, 101)
# What cannot be seen, and what XML forbids (1.0 §2.2): the article is built as a tree.
_UNSEEN = re.compile(r"[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]")


def read_text(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article in a text copied from a page or an email.

    Raises SourceError where the bytes are no text.
    """
    blocks, frame = take_frame(_blocks(decode_words(source, limits)))
    root = build_tree(blocks, frame.title)
    return Extract(
        body=html_to_markdown(etree.tostring(root, encoding="unicode", method="html"), source.url),
        title=frame.title,
        authors=frame.byline.authors,
        published=frame.byline.published,
        updated=frame.byline.updated,
        topic=frame.topic,
        references=frame.references,
        evidence=tuple(frame.evidence),
    )


def read_lines(text: str) -> list[Line]:
    """The lines of a text as headings are looked for in them, its frame included."""
    return lines_of(_blocks(text))


def _blocks(text: str) -> list[Block]:
    """The text's paragraphs, list entries and tables: a line each, or the lines that a wrapped one was broken into."""
    lines = [line.rstrip() for line in _LINE_END.split(_UNSEEN.sub("", text).replace("\u00a0", " "))]
    lines = _unquoted(lines)
    width = _wrap_width(lines)
    blocks: list[Block] = []
    current: list[str] = []
    is_below_blank = follows_blank = True

    def close() -> None:
        if current:
            blocks.append(Block(tuple(current), follows_blank))
            current.clear()

    for line in lines:
        if not line.strip():
            close()
            is_below_blank = True
            continue
        if not (current and _continues(line, current, width)):
            close()
            follows_blank = is_below_blank
        current.append(line)
        is_below_blank = False
    close()
    return blocks


def _continues(line: str, current: Sequence[str], width: int) -> bool:
    """Whether a line belongs to the block of the lines above it: wrapped, hanging in a list, or another table row."""
    if parse_list_line(line) is not None:
        return False
    is_wrapped = width > 0 and len(current[-1]) > width * 0.6
    hangs = parse_list_line(current[0]) is not None and line[:1] in " \t"
    is_row = "\t" in line.strip() and "\t" in current[-1].strip()
    return is_wrapped or hangs or is_row


def _unquoted(lines: Sequence[str]) -> list[str]:
    """The lines without the "> " of a quoted email, where most of the text is quoted."""
    written = [line for line in lines if line.strip()]
    if written and sum(line.lstrip().startswith(">") for line in written) > len(written) * 0.6:
        return [re.sub(r"^\s*(?:> ?)+", "", line) for line in lines]
    return list(lines)


def _wrap_width(lines: Sequence[str]) -> int:
    """The column at which the text was hard-wrapped, or 0: many lines end near one column and run on in the next."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if not lengths or lengths[-1] not in _WRAP_COLUMNS:
        return 0
    runs_on = sum(
        1
        for line, following in pairwise(lines)
        if len(line) > lengths[-1] * 0.7 and following.strip() and parse_list_line(following) is None
    )
    return lengths[-1] if runs_on >= 3 else 0
