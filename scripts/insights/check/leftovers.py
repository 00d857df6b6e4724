"""Rules over what pasting leaves behind: a page's furniture, invisible characters, broken encodings, placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from insights.check.manuscript import Manuscript, shown_text
from insights.check.rules import Check, Mark, check
from insights.model import Level
from insights.readers.pasted import is_call_to_action, is_related_heading, parse_breadcrumb, parse_byline
from insights.text import fold

GROUP = "Leftovers of pasting"
_INVISIBLE_ONES = "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
INVISIBLE = re.compile(f"[{_INVISIBLE_ONES}]+")
FROM_RIGHT = re.compile("[\u0590-\u08ff]")  # Hebrew and Arabic need marks of direction
_FIXED_SPACES = "\u00a0\u2002\u2003\u2009\u200a\u202f\u205f\u3000"
_MAX_LINE = 400  # characters; a longer line is a paragraph, whatever its links
_SPACES = re.compile("\u00a0{2,}|\u00a0(?= )|(?<= )\u00a0|[\u2000-\u200a\u202f\u205f\u3000]{2,}")
_MOJIBAKE = re.compile(r"â€[™œ\x9d\x9c“”¦˜]|Ã[©¨¤¶¼±³¡\xad]|Â[ £©®°·»«]|ï»¿|\ufffd")
_PLACEHOLDER = re.compile(
    r"\blorem ipsum dolor\b"
    r"|(?<![“\"‘'`])\b(?:TODO|FIXME|TBD|TKTK|XXXX?)\b|(?<!\])\[(?:insert|add|your|link|image|name|date)\b[^\]\n]{0,40}\](?!\()"
    r"|^Begin here\.$",
    re.MULTILINE | re.IGNORECASE,
)
_PLACEHOLDER_WORDS = "lorem ipsum|todo|fixme|tbd|tktk|xxx|[insert|[add|[your|[link|[image|[name|[date|begin here".split(
    "|"
)
_SHOUTED = frozenset({"TODO", "FIXME", "TBD", "TKTK", "XXX", "XXXX"})  # words of other meaning in small letters
_UNCONVERTED = re.compile(r"<!-- not converted: ((?:(?!<!--).)*?) -->")
_WORD_NOISE = re.compile(r"mso-[a-z-]+|<o:p>|<w:|class=\"?Mso|&nbsp;(?:&nbsp;)+|Error! (?:Reference|Bookmark)")


@check("paste-breadcrumb", GROUP, Level.WARNING, bad="← All InsightsOperations\n\nText.", good="Text.")
def breadcrumb(manuscript: Manuscript) -> Iterator[Mark]:
    """An article does not begin with the path of the page it was copied from."""
    for number, (offset, line) in enumerate(manuscript.lines):
        if number > 12:
            return
        text = shown_text(line) if 0 < len(line) < _MAX_LINE else ""
        if 0 < len(text) < 80 and parse_breadcrumb(text) is not None:
            yield Mark(manuscript.place(offset), f'"{text}" is the way to a page, not text', "remove the line")


@check("paste-title", GROUP, Level.WARNING, bad="Example\n\nText.", good="Text.")
def repeated_title(manuscript: Manuscript) -> Iterator[Mark]:
    """The body does not begin with the title: the page shows it."""
    title = fold(manuscript.article.title)
    first = [(offset, line) for offset, line in manuscript.lines[:12] if line.strip()][:3]
    for offset, line in first if title else ():
        if len(line) < _MAX_LINE and not line.startswith("# ") and fold(shown_text(line.lstrip("# "))) == title:
            yield Mark(manuscript.place(offset), "the body repeats the title", "remove the line")


@check("paste-byline", GROUP, Level.WARNING, bad="By Ada Byron | 3 May 2026\n\nText.", good="Text.")
def byline(manuscript: Manuscript) -> Iterator[Mark]:
    """Author and date stand in the front matter, not at the head of the body."""
    seen = 0
    for offset, line in manuscript.lines:
        if not line.strip():
            continue
        seen += 1
        if seen > 3:
            return
        text = shown_text(line) if len(line) < _MAX_LINE else ""
        if len(text) < 100 and re.search(r"\d{4}|^by ", text, re.IGNORECASE) and not line.startswith("#"):
            found = parse_byline(text)
            if found and (found.authors or found.published or found.updated):
                yield Mark(
                    manuscript.place(offset), "author or date stand in the body", "move them to the front matter"
                )


@check("paste-related", GROUP, Level.WARNING, bad="## Related Insights\n\n- A\n- B", good="## What follows\n\nText.")
def related_list(manuscript: Manuscript) -> Iterator[Mark]:
    """The body has no list of related articles: the page makes its own, and `related:` pins some."""
    for heading in manuscript.headings:
        text = shown_text(heading.text)
        if is_related_heading(text) and fold(text) not in ("see also", "further reading"):
            yield Mark(
                manuscript.place(heading.offset), f'"{text}": the page has such a list', "use `related:` instead"
            )


@check("paste-call", GROUP, Level.WARNING, bad="Text.\n\nSubscribe to our newsletter", good="Text.")
def call_to_action(manuscript: Manuscript) -> Iterator[Mark]:
    """The body does not end with a call to subscribe, share or follow: the page has its own."""
    lines = [(offset, line) for offset, line in manuscript.lines if line.strip()]
    for offset, line in [*lines[:2], *lines[2:][-4:]]:
        if len(line) > _MAX_LINE:
            continue
        text = shown_text(line.lstrip("#>- "))
        is_short = len(text.split()) <= 12 and not line.startswith(("|", "[^")) and not text.endswith((".", ":", "?"))
        if is_short and is_call_to_action(text):
            yield Mark(manuscript.place(offset), f'"{text}" belongs to the page it was copied from', "remove the line")


@check("paste-invisible", GROUP, Level.WARNING, bad="A soft\u00ad hyphen.", good="A soft hyphen.")
def invisible(manuscript: Manuscript) -> Iterator[Mark]:
    """The text has no invisible characters: soft hyphens, zero-width spaces, marks of writing direction."""
    prose = manuscript.prose
    if prose.isascii() or not any(character in prose for character in _INVISIBLE_ONES):
        return
    for offset, line in manuscript.lines:
        found = INVISIBLE.findall(line) if not line.isascii() else None
        if found and not FROM_RIGHT.search(line):
            match = INVISIBLE.search(line)
            start = match.start() if match else 0
            count = sum(map(len, found))
            what = (
                f"an invisible character (U+{ord(found[0][0]):04X})" if count == 1 else f"{count} invisible characters"
            )
            yield Mark(manuscript.place(offset + start), what, "remove with --fix: it breaks search and copying")


@check("paste-spaces", GROUP, Level.WARNING, bad="Two\u00a0\u00a0fixed spaces.", good="Two spaces.")
def fixed_spaces(manuscript: Manuscript) -> Iterator[Mark]:
    """No runs of non-breaking spaces: they were layout on the page it was copied from."""
    prose = manuscript.prose
    if prose.isascii() or not any(space in prose for space in _FIXED_SPACES):
        return
    for match in _SPACES.finditer(manuscript.prose):
        yield Mark(manuscript.place(match.start()), "a run of non-breaking spaces", "use one plain space")


@check("paste-encoding", GROUP, Level.ERROR, bad="It doesnâ€™t.", good="It doesn’t.")
def mojibake(manuscript: Manuscript) -> Iterator[Mark]:
    """Every character survived the copying: "â€™" was an apostrophe once."""
    prose = manuscript.prose
    if prose.isascii() or not any(mark in prose for mark in "âÃÂï\ufffd"):
        return
    for match in _MOJIBAKE.finditer(prose):
        message = f'"{match[0]}" is a character that was read in the wrong encoding'
        yield Mark(manuscript.place(match.start()), message, "copy the text again, or type the character")


@check("paste-placeholder", GROUP, Level.WARNING, bad="The figure is TBD.", good="The figure is 12.")
def placeholder(manuscript: Manuscript) -> Iterator[Mark]:
    """No placeholder is left: TODO, TBD, lorem ipsum, [insert link]."""
    if not any(word in manuscript.lower for word in _PLACEHOLDER_WORDS):
        return
    for match in _PLACEHOLDER.finditer(manuscript.prose):
        if match[0].upper() in _SHOUTED and match[0] not in _SHOUTED:
            continue
        yield Mark(manuscript.place(match.start()), f'"{match[0]}" waits to be written', "write it, or remove it")


@check("paste-word", GROUP, Level.WARNING, bad="<o:p></o:p>", good="Text.")
def word_noise(manuscript: Manuscript) -> Iterator[Mark]:
    """The text has no codes of a word processor."""
    if "<" not in manuscript.prose and "&nbsp;" not in manuscript.prose and "Error! " not in manuscript.prose:
        return
    for match in _WORD_NOISE.finditer(manuscript.prose):
        yield Mark(manuscript.place(match.start()), f'"{match[0]}" is a word processor\'s code', "remove it")


@check("moved-unconverted", GROUP, Level.WARNING, bad="Text. <!-- not converted: [form id=3] -->", good="Text.")
def unconverted(manuscript: Manuscript) -> Iterator[Mark]:
    """Everything that came from another system has found its form here: no comment says "not converted"."""
    if "<!-- not converted:" not in manuscript.body:
        return
    for match in _UNCONVERTED.finditer(manuscript.body):
        if manuscript.prose[match.start() : match.end()].isspace():
            message = f"{match[1][:80]} came from another system, and readers do not see it"
            yield Mark(manuscript.place(match.start()), message, "write what it showed, or remove the comment")


LEFTOVER_CHECKS: tuple[Check[Manuscript], ...] = (
    breadcrumb,
    repeated_title,
    byline,
    related_list,
    call_to_action,
    invisible,
    fixed_spaces,
    mojibake,
    placeholder,
    word_noise,
    unconverted,
)
