"""Rules over an article's headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from insights.check.manuscript import Manuscript, shown_text
from insights.check.rules import Check, Mark, check
from insights.model import Level
from insights.text import fold

_BOLD_LINE = re.compile(r"(\*\*|__)(?P<text>[^*_|]{3,80}[^*_.:,;!?])\1")


@check("heading-title", "Headings", Level.WARNING, bad="# A second title", good="## A section")
def heading_title(manuscript: Manuscript) -> Iterator[Mark]:
    """The body has no heading of level 1: the page's only one is the title."""
    for heading in manuscript.headings:
        if heading.level == 1:
            repeats = fold(shown_text(heading.text)) == fold(manuscript.article.title)
            fix = "remove it: the page shows the title" if repeats else "begin it with ##"
            yield Mark(manuscript.place(heading.offset), "a heading of level 1 in the body", fix)


@check("heading-skipped", "Headings", Level.WARNING, bad="## One\n\n#### Two", good="## One\n\n### Two")
def heading_skipped(manuscript: Manuscript) -> Iterator[Mark]:
    """A heading is at most one level deeper than the one above it, the first of level 2."""
    above = 1
    for heading in manuscript.headings:
        if heading.level > above + 1:
            message = (
                f"a heading of level {heading.level} below one of level {above}"
                if above > 1
                else (f"the first heading is of level {heading.level}")
            )
            yield Mark(manuscript.place(heading.offset), message, f"begin it with {'#' * (above + 1)}")
        above = max(heading.level, 1)


@check("heading-empty", "Headings", Level.WARNING, bad="##\n\nText.", good="## A section\n\nText.")
def heading_empty(manuscript: Manuscript) -> Iterator[Mark]:
    """A heading has text."""
    for heading in manuscript.headings:
        if not re.search(r"\w", shown_text(heading.text)):
            yield Mark(manuscript.place(heading.offset), "an empty heading", "write it, or remove the line")


@check("heading-repeated", "Headings", Level.ADVICE, bad="## Cost\n\nA.\n\n## Cost\n\nB.", good="## Cost\n\nA.")
def heading_repeated(manuscript: Manuscript) -> Iterator[Mark]:
    """No two headings of one article have the same words: the contents list and links could not tell them apart."""
    seen: Counter[str] = Counter()
    parent = ""
    for heading in manuscript.headings:
        text = fold(shown_text(heading.text))
        parent = text if heading.level <= 2 else parent
        key = text if heading.level <= 2 else f"{parent}/{text}"
        seen[key] += 1
        if text and seen[key] == 2:
            message = f'a second heading "{shown_text(heading.text)}"'
            yield Mark(manuscript.place(heading.offset), message, "say what tells the sections apart")


@check("heading-stop", "Headings", Level.ADVICE, bad="## A section.", good="## A section")
def heading_stop(manuscript: Manuscript) -> Iterator[Mark]:
    """A heading does not end with a full stop or a colon."""
    for heading in manuscript.headings:
        if re.search(r"[^.]\.$|:$", heading.text) and len(heading.text.split()) < 12:
            yield Mark(manuscript.place(heading.offset), f'the heading ends with "{heading.text[-1]}"', "remove it")


@check("heading-bold", "Headings", Level.ADVICE, bad="**A section**\n\nText.", good="## A section\n\nText.")
def heading_bold(manuscript: Manuscript) -> Iterator[Mark]:
    """A heading is marked by hashes, not by a line in bold."""
    if "**" not in manuscript.prose and "__" not in manuscript.prose:
        return
    before = ""
    for offset, line in manuscript.lines:
        match = _BOLD_LINE.fullmatch(line.strip())
        if match and not before.strip() and not line[:1].isspace() and len(match["text"].split()) <= 10:
            yield Mark(manuscript.place(offset), "a line in bold stands for a heading", f"write ## {match['text']}")
        before = line


HEADING_CHECKS: tuple[Check[Manuscript], ...] = (
    heading_title,
    heading_skipped,
    heading_empty,
    heading_repeated,
    heading_stop,
    heading_bold,
)
