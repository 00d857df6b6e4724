"""The one comment on a pull request, in plain language: what is there to mend, and what the article will look like."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from insights.desk.requests import MARK
from insights.desk.review import Note, Review
from insights.model import Article, Finding, Level
from insights.strings import ENGLISH
from insights.text import counted, reading_minutes

_SHOWN = 12
_LONGEST_BLOCK = 12_000  # characters
_LONGEST_LINE = 400
_HOW = (
    "You mend a file in the browser: open **Files changed**, choose **⋯ → Edit file**, then **Commit changes**. "
    "Where a change is suggested there, **Commit suggestion** is enough."
)
_MUST, _BETTER, _PERHAPS = "Please mend", "Better mended", "Perhaps"
_HEADINGS = {Level.ERROR: _MUST, Level.WARNING: _BETTER, Level.ADVICE: _PERHAPS}


def write_comment(review: Review, unread: str = "") -> str:
    """The comment as Markdown; `unread` is what ingest said of files that it could not read.

    Everything that authors wrote is escaped: a title can neither mention people nor bring in pictures.
    """
    findings = review.findings
    parts = [MARK, _opening(findings), *_lists(findings)]
    if unread.strip():
        parts.append(f"**Could not be turned into an article**\n\n{_block(unread.strip(), 'text')}")
    if diff := "".join(file.diff() for file in review.mended):
        parts.append(_folded("Some of this can be mended for you", diff, "diff"))
    parts += [_card(note) for note in review.notes]
    if review.email:
        parts.append(_folded("What the newsletter would say", review.email, "text"))
    parts.append(_HOW)
    return "\n\n".join(parts) + "\n"


def _opening(findings: Sequence[Finding]) -> str:
    errors = sum(finding.level == Level.ERROR for finding in findings)
    if errors:
        return f"Thank you! Before this can go live, {counted(errors, 'thing')} must be mended."
    if findings:
        return "Thank you! This can go live as it is; a few things would make it better."
    return "Thank you! Nothing is to be mended: this can go live."


def _lists(findings: Sequence[Finding]) -> Iterable[str]:
    shown = 0
    for level, heading in _HEADINGS.items():
        chosen = [finding for finding in findings if finding.level == level][: max(0, _SHOWN - shown)]
        if chosen:
            shown += len(chosen)
            yield "\n".join([f"**{heading}**", "", *map(_point, chosen)])
    if shown < len(findings):
        yield f"… and {len(findings) - shown} more; the tab **Files changed** shows each at its line."


def _point(finding: Finding) -> str:
    name = finding.path.rpartition("/")[2]
    fix = f" To mend it: {_plain(finding.fix)}." if finding.fix else ""
    return f"- `{_code(name)}`, line {finding.line}: {_plain(finding.message)}.{fix}"


def _card(note: Note) -> str:
    article, related = note.article, note.related
    date = ENGLISH.spell_date(article.date) if article.date else "no date yet"
    minutes = counted(reading_minutes(article.body), "minute")
    rows = [
        f"**{_plain(article.title)}**",
        "",
        f"{_plain(article.topic or 'no topic yet')} · {date} · {minutes} to read",
        "",
        _plain(article.description) or "*No description yet: cards, feeds and the newsletter show one.*",
    ]
    if article.is_draft:
        rows += ["", f"**A draft**: {_what_a_draft_needs(article)}"]
    if related:
        rows += [
            "",
            "Shown below it: " + "; ".join(f"{_plain(link.title)} ({_plain(link.reason)})" for link in related),
        ]
    if note.tags:
        rows += ["", "Tags that would fit: " + ", ".join(_plain(tag) for tag in note.tags)]
    return "\n".join(f"> {row}".rstrip() for row in rows)


def _what_a_draft_needs(article: Article) -> str:
    """What keeps a draft off the site. Ingest leaves one where it found no date or topic."""
    missing = [f"`{name}:`" for name, value in (("date", article.date), ("topic", article.topic)) if not value]
    wanted = f"write {' and '.join(missing)} at its top, and remove" if missing else "remove"
    return f"it stays off the site. To publish it, {wanted} the line `draft: true`."


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line; "@" would mention somebody, "#1" link to an issue."""
    line = textwrap.shorten(text, _LONGEST_LINE, placeholder=" …")
    parts = re.split(r"(`[^`]+`)", line)  # code stays code, in which nothing has a meaning
    return "".join(part if index % 2 else _escape(part) for index, part in enumerate(parts))


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>~|!])", r"\\\1", text).replace("@", "@\u200b").replace("#", "#\u200b")


def _code(text: str) -> str:
    return text.replace("`", "'")


def _folded(summary: str, text: str, language: str) -> str:
    """A block of text that unfolds."""
    return f"<details><summary>{summary}</summary>\n\n{_block(text, language)}\n\n</details>"


def _block(text: str, language: str) -> str:
    """Text as it is, which mentions nobody; cut where it would fill the comment."""
    text = text.rstrip()
    text = text if len(text) <= _LONGEST_BLOCK else f"{text[:_LONGEST_BLOCK]}\n…"
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"
