"""The Markdown that CommonMark and Python-Markdown read alike, and where in a text it stands.

Most of what people write is plain: paragraphs, headings, lists whose items are a line each, quotations; in them words,
emphasis, links, pictures, code. In the forms that are spelt out here, a CommonMark renderer gives what Python-Markdown
gives with the site's extensions. What is not spelt out is not shared: the grammar lets through what it knows, and
nothing else.

A text is cut at empty lines into runs of shared blocks and runs of others (a table, code, a paragraph with an oddity).
Each can be converted by itself, since to Python-Markdown blocks are independent, but for what acts elsewhere in a text:
notes, definitions, HTML, headings and ids that the grammar does not know. Where one of these stands nothing is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from insights.bounds import bound, is_long


@dataclass(frozen=True, slots=True)
class Run:
    """Whole blocks of a text, and whether all of them are in the forms that are shared."""

    text: str
    is_shared: bool


def cut(text: str) -> list[Run] | None:
    """The runs of a text in their order, or None where it has to be converted as a whole."""
    text = text.strip("\n")
    runs: list[Run] = []
    start = 0
    while start < len(text):
        shared = run_pattern().match(text, start)
        block = shared or _match_other(text, start)
        if block is None or (runs and _PICTURE_LAST.search(runs[-1].text) and block[0].startswith(("*", "_"))):
            return None  # a picture and what is emphasised below it become a figure
        runs.append(Run(block[0], is_shared=shared is not None))
        start = block.end()
    # The bounds count through a whole text.
    return None if is_long(text) or bound(text) != text else runs


@cache
def run_pattern() -> re.Pattern[str]:
    """The pattern of a run of shared blocks. It takes 20 ms to compile: whoever forks has it compiled before."""
    return re.compile(rf"(?:(?:{_BLOCK}){_END})++")


def _match_other(text: str, start: int) -> re.Match[str] | None:
    """The block that starts here, with those below that may belong to it, if it can be converted by itself."""
    code = _CODE_BLOCK.match(text, start)
    block = code or _OTHER.match(text, start)
    if block is None or _UNFIT.search(block[0]) or (not code and _ACTS_ELSEWHERE.search(block[0])):
        return None
    return block


# Characters that one of the parsers drops, keeps for itself, or takes for the end of a line.
_CONTROLS = "\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ue000-\\uf8ff\\ufffd"
_UNFIT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ue000-\\uf8ff\\ufffd]")
_LETTER = r"[^\W_]"
_SAFE = rf"[^\\`*_\[\]<>&{{}}~!\n{_CONTROLS}]"

# Inside a block. Every repetition is possessive, so that the time to read a text grows with its length alone.
_WORDS = rf"{_SAFE}++|>|!(?!\[)|&(?!\#?\w+;)|&(?:amp|lt|gt);|(?<={_LETTER})_(?={_LETTER})|\\[\\`*_{{}}\[\]()#+.!~-]"
_CODE = rf"`(?!\s)(?:[^`\\<\n{_CONTROLS}]|<(?=/?\w+>|[\s=-]))++(?<!\s)`(?!`)"
_URL_SAFE = r"[A-Za-z0-9_.~/#?=&%+,:@!$-]"
_URL = rf"(?:{_URL_SAFE}|\({_URL_SAFE}*+\))++"
_AUTOLINK = rf"<https?://{_URL_SAFE}++>"
_PICTURE = rf"!\[(?:{_SAFE}|(?<={_LETTER})_(?={_LETTER}))*+\]\({_URL}\)"
# How a line may begin: like no other block.
_START = r"(?!\d+[.)](?:\s|\Z))(?=[^\s\x00-\x7f]|[A-Za-z0-9\[*`(\"'$@%\\&.,]|!\[|<http)"
_NEXT_LINE = rf"(?:<br>)?(?<!\s)\n{_START}"


def _emphasis(inside: str) -> str:
    """Emphasis by asterisks around whole words: no parser can take the start for an end, or the end for a start."""
    start = rf"(?={_LETTER}|[`\[\"“‘(])"
    end = r"(?<=[\w.,;:!?…)%`\"'”’])"
    after = r"(?=[\s.,;:!?)\]\"'”’»…—–/-]|\Z)"
    pairs = (rf"{mark}{start}(?:{inside})++{end}{mark}{after}" for mark in (r"\*\*", r"\*"))
    return rf"(?<![^\s(\[\"“‘«—–/-])(?:{'|'.join(pairs)})"


_MARK = r"(?:[-+*]|\d+[.)])[ ]"
_PLAIN = rf"{_WORDS}|{_CODE}|{_NEXT_LINE}"
_LINK = rf"\[(?=\S)(?:{_PLAIN}|{_PICTURE}|{_emphasis(_PLAIN)})++(?<=\S)\]\({_URL}\)"
_PLAIN_LINK = rf"\[(?=\S)(?:{_PLAIN})++(?<=\S)\]\({_URL}\)"
# Only here a line may begin with what makes it an item or part of a quotation.
_NEXT_MARKED = rf"(?<!\s)\n(?:>\n)?(?:>|[ ]*(?:-|\d\d?\.))[ ]{_START}"
_INLINE = rf"(?:{_PLAIN}|{_PICTURE}|{_AUTOLINK}|{_LINK}|{_emphasis(f'{_PLAIN}|{_PLAIN_LINK}')}|{_NEXT_MARKED})++(?<=\S)"

# The shapes of blocks, by how their lines begin.
_ANY = r"[^\n]*+"
_END = r"(?:\n*\Z|\n{2,}+(?![ ]))"


def _lists(depth: int, below: str = "") -> str:
    """Lists without gaps, this deep in others; each item is a line, and may have a list below it."""
    space, item = rf"\n[ ]{{{4 * depth}}}", rf"[ ]{_START}{_ANY}{below}"
    lists = rf"(?:-{item}(?:{space}-{item})*+|1\.{item}(?:{space}\d\d?\.{item})*+)"
    return _lists(depth - 1, rf"(?:{space}{lists})?+") if depth else lists


_SHAPES = "|".join(
    (
        rf"{_START}{_ANY}(?:\n{_START}{_ANY})*+{_END}",
        rf"\#{{1,6}}[ ](?=\S){_ANY}(?<!\#){_END}",
        rf"{_lists(2)}{_END}(?!{_MARK})",
        rf">[ ]{_START}{_ANY}(?:\n(?:>\n)?>[ ]{_START}{_ANY})*+{_END}(?!>)",
    )
)
_BLOCK = rf"(?={_SHAPES})(?:\#+[ ]|-[ ]|1\.[ ]|>[ ])?+{_INLINE}|---"
_CODE_BLOCK = re.compile(rf"```[\w+#.-]*\n(?:(?!.*```).*\n)*+```{_END}")
_REST = r"[^\n]*(?:\n[^\n]+)*+"
# With the blocks below it that may belong to it.
_OTHER = re.compile(rf"[^\s]{_REST}(?:\n\n+(?=[ >]|{_MARK}){_REST})*+\n*")
_PICTURE_LAST = re.compile(r"(?:\A|\n)!\[[^\n]*\n*\Z")
_ACTS_ELSEWHERE = re.compile(
    r"""
    \[\^ | \]: | ^\*\[ | \[TOC\]                     # notes, references, abbreviations, the table of contents
    | <(?!br>|https?://|[\s=\d-])                    # HTML
    | ``` | ~~~                                      # code that may begin or end elsewhere
    | \{[^{}\n]*(?:\#|\bid\b)                        # ids
    | ^(?:[ >]|[-+*][ ]|\d+[.)][ ])*(?:\#|[=-]+\s*$) # headings
    | ^[ >]*:                                        # definitions
    """,
    re.VERBOSE | re.MULTILINE,
)
