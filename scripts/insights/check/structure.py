"""Rules over an article's structure: code, tables, notes, lists, raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from insights.check.manuscript import Manuscript
from insights.check.rules import Check, Mark, check
from insights.model import Level

_UNSAFE = re.compile(
    r"<(?P<tag>script|style|iframe|object|embed|form|input|button|link|meta|base|svg)\b|(?P<handler>\son\w+\s*=\s*[\"'])",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?<!\\)<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)\b(?P<rest>[^<>]*)>")
_VOID = frozenset("area br col hr img source track wbr".split())
_CLOSED = frozenset(  # elements that a browser does not close by itself where it should
    "a abbr aside audio b blockquote cite code del details dfn div dl em figcaption figure i ins kbd mark ol picture "
    "q s section small span strong sub summary sup table u ul var video".split()
)
_LENIENT = frozenset("li p dt dd tr td th thead tbody tfoot option".split())
_DELIMITER = re.compile(r"^ {0,3}\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
_NOTE = re.compile(r"\[\^(?P<label>[^\[\]\s]+)\](?P<colon>:?)")
_ROW = re.compile(r"^ {0,3}\|.*\|[ \t]*$")
_CRAMPED = re.compile(r"[-+][A-Za-z]|\d{1,2}[.)][A-Z]")
_LIST_START = re.compile(r"(?:[-*+]|1\.)[ \t]+\S")
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+•>|#:<!]|\d+[.)]|\[\^)|[ \t]{2,}")
_BULLET = re.compile(r"^[ \t]*(?P<mark>[•‣◦▪●○■])[ \t\u00a0]+\S")


@check("fence-open", "Code and tables", Level.ERROR, bad="```python\nprint(1)", good="```python\nprint(1)\n```")
def fence_open(manuscript: Manuscript) -> Iterator[Mark]:
    """A block of code that begins with ``` ends with ```."""
    for offset in manuscript.open_fences:
        message = "the block of code is never closed: all that follows is shown as code"
        yield Mark(manuscript.place(offset), message, "end it with a line of the same marks: ```")


@check(
    "table-columns",
    "Code and tables",
    Level.WARNING,
    bad="| A | B |\n| --- | --- |\n| 1 | 2 | 3 |",
    good="| A | B |\n| --- | --- |\n| 1 | 2 |",
)
def table_columns(manuscript: Manuscript) -> Iterator[Mark]:
    """Every row of a table has as many cells as its head."""
    columns = 0
    if "|" not in manuscript.prose:
        return
    before = ""
    for offset, line in manuscript.lines:
        if not columns and "|" in before and "-" in line and _DELIMITER.match(line):
            columns, width = _cells(before), _cells(line)
            if columns != width:
                message = f"the head has {columns} cells, the line below it {width}: this is shown as text"
                yield Mark(manuscript.place(offset), message, f"write {columns} times ---, with | between")
        elif columns and "|" not in line:
            columns = 0
        elif columns and (count := _cells(line)) > columns:
            yield Mark(
                manuscript.place(offset), f"a row of {count} cells in a table of {columns}", "write \\| for a | in text"
            )
        before = line


@check(
    "table-delimiter",
    "Code and tables",
    Level.WARNING,
    bad="Text.\n\n| A | B |\n| 1 | 2 |",
    good="| A | B |\n| --- | --- |\n| 1 | 2 |",
)
def table_delimiter(manuscript: Manuscript) -> Iterator[Mark]:
    """Below a table's head comes a line of dashes, or it is shown as text."""
    if "|" not in manuscript.prose:
        return
    run, first = 0, 0
    has_rule = False
    for offset, line in [*manuscript.lines, (len(manuscript.prose), "")]:
        if _ROW.match(line):
            run, first = run + 1, first if run else offset
            has_rule = has_rule or bool(_DELIMITER.match(line))
        else:
            if run >= 2 and not has_rule:
                yield Mark(manuscript.place(first), "a table without the line below its head", "add | --- | --- |")
            run, has_rule = 0, False


@check("note-broken", "Notes", Level.ERROR, bad="A claim.[^1]", good="A claim.[^1]\n\n[^1]: The source.")
def note_broken(manuscript: Manuscript) -> Iterator[Mark]:
    """Every mark of a footnote has its footnote."""
    defined = {match["label"] for match in _defined_notes(manuscript)}
    for match in _NOTE.finditer(manuscript.prose) if "[^" in manuscript.prose else ():
        if match["label"] not in defined:
            fix = f"add a line `[^{match['label']}]: The note.` at the end"
            yield Mark(manuscript.place(match.start()), f'the footnote "{match["label"]}" does not exist', fix)


@check("note-unused", "Notes", Level.WARNING, bad="A claim.\n\n[^1]: A note.", good="A claim.[^1]\n\n[^1]: A note.")
def note_unused(manuscript: Manuscript) -> Iterator[Mark]:
    """Every footnote is referred to, and defined once."""
    notes = list(_defined_notes(manuscript))
    starts = {match.start() for match in notes}
    used = (
        {match["label"] for match in _NOTE.finditer(manuscript.prose) if match.start() not in starts} if notes else ()
    )
    seen: set[str] = set()
    for match in notes:
        label = match["label"]
        if label in seen:
            yield Mark(manuscript.place(match.start()), f'a second footnote "{label}"', "give it another label")
        elif label not in used:
            fix = f"write [^{label}] where it belongs, or remove it"
            yield Mark(manuscript.place(match.start()), f'nothing refers to the footnote "{label}"', fix)
        seen.add(label)


@check("html-unsafe", "HTML", Level.WARNING, bad="<script>alert(1)</script>", good="Text.")
def html_unsafe(manuscript: Manuscript) -> Iterator[Mark]:
    """No scripts, styles, frames and forms: the site leaves them out."""
    text = manuscript.prose
    for match in re.finditer(r"<(script|style)\b", manuscript.body, re.IGNORECASE) if "<s" in manuscript.body else ():
        if text[match.start() : match.end()].isspace() and not _is_code(manuscript, match.start()):
            message = f"<{match[1].lower()}> is left out of the site"
            yield Mark(manuscript.place(match.start()), message, "remove it, or write it as `code`")
    if "<" not in text:
        return
    for match in _UNSAFE.finditer(text):
        name = f"<{match['tag'].lower()}>" if match["tag"] else match["handler"].strip(" \"'")
        yield Mark(manuscript.place(match.start()), f"{name} is left out of the site", "remove it, or link to it")


@check("html-open", "HTML", Level.WARNING, bad="<div>\n\nText.", good="<div>\n\nText.\n\n</div>")
def html_open(manuscript: Manuscript) -> Iterator[Mark]:
    """An HTML element that begins also ends."""
    if "<" not in manuscript.prose:
        return
    open_tags: list[tuple[str, int]] = []
    for match in _TAG.finditer(manuscript.prose):
        tag = match["tag"].lower()
        if tag in _VOID or tag in _LENIENT or match["rest"].endswith("/") or tag.startswith("http"):
            continue
        if not match["end"]:
            open_tags.append((tag, match.start()))
        elif tag in [each for each, _ in open_tags]:
            while open_tags.pop()[0] != tag:
                pass
    for tag, offset in open_tags:
        if tag in _CLOSED:
            yield Mark(manuscript.place(offset), f"<{tag}> is never closed", f"add </{tag}>, or write it as `code`")


@check("list-marker", "Lists", Level.WARNING, bad="• One\n• Two", good="- One\n- Two")
def list_marker(manuscript: Manuscript) -> Iterator[Mark]:
    """Points of a list begin with "- ": a typed • does not make a list."""
    for offset, line in manuscript.lines:
        match = _BULLET.match(line) if not line.isascii() else None
        if match:
            place = manuscript.place(offset + match.start("mark"))
            yield Mark(place, f'"{match["mark"]}" makes no list', 'begin the point with "- "')


@check("list-space", "Lists", Level.WARNING, bad="Text.\n\n-One\n-Two", good="- One\n- Two")
def list_space(manuscript: Manuscript) -> Iterator[Mark]:
    """A list's marker is followed by a space."""
    lines = manuscript.lines
    for index, (offset, line) in enumerate(lines):
        if _CRAMPED.match(line):
            around = [text for _, text in lines[max(0, index - 1) : index + 2] if text != line]
            if any(_CRAMPED.match(text) for text in around):
                yield Mark(manuscript.place(offset), "a list's marker without a space makes no list", "add a space")


@check("list-paragraph", "Lists", Level.WARNING, bad="We need:\n- one\n- two", good="We need:\n\n- one\n- two")
def list_paragraph(manuscript: Manuscript) -> Iterator[Mark]:
    """An empty line stands before a list, or it is shown as part of the paragraph."""
    before = ""
    for offset, line in manuscript.lines:
        if _LIST_START.match(line) and before.strip() and not _NO_PARAGRAPH.match(before):
            yield Mark(
                manuscript.place(offset), "a list right below a paragraph is shown as its text", "add an empty line"
            )
        before = line


@check("emphasis-open", "Lists", Level.ADVICE, bad="This is **bold* text.", good="This is **bold** text.")
def emphasis_open(manuscript: Manuscript) -> Iterator[Mark]:
    """Bold that begins in a paragraph also ends in it."""
    if "**" not in manuscript.prose:
        return
    start = 0
    for paragraph in manuscript.prose.split("\n\n"):
        if paragraph.count("**") % 2 and "***" not in paragraph and not re.search(r"\d\*\*\d", paragraph):
            marks = [match.start() for match in re.finditer(r"(?<!\\)\*\*", paragraph)]
            if len(marks) % 2:
                yield Mark(manuscript.place(start + marks[-1]), "** without its second half", "add or remove **")
        start += len(paragraph) + 2


def _is_code(manuscript: Manuscript, offset: int) -> bool:
    """Whether blanked text was code rather than an element: a fence or ticks stand before it."""
    line_start = manuscript.body.rfind("\n", 0, offset) + 1
    before = manuscript.body[:offset]
    fences = len(re.findall(r"^[ \t>]*(?:```|~~~)", before, re.MULTILINE))
    return bool(fences % 2) or "`" in manuscript.body[line_start:offset] or before.count("<!--") > before.count("-->")


def _defined_notes(manuscript: Manuscript) -> Iterator[re.Match[str]]:
    if "[^" in manuscript.prose:
        for match in _NOTE.finditer(manuscript.prose):
            before = manuscript.prose[manuscript.prose.rfind("\n", 0, match.start()) + 1 : match.start()]
            if match["colon"] and not before.strip(" "):
                yield match


def _cells(line: str) -> int:
    row = re.sub(r"\\\|", "", line.strip())
    return row.removeprefix("|").removesuffix("|").count("|") + 1


STRUCTURE_CHECKS: tuple[Check[Manuscript], ...] = (
    fence_open,
    table_columns,
    table_delimiter,
    note_broken,
    note_unused,
    html_unsafe,
    html_open,
    list_marker,
    list_space,
    list_paragraph,
    emphasis_open,
)
