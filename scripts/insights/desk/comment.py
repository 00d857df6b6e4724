"""The one comment on a pull request, in plain language: what is there to mend, and what the article will look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from insights.model import Article, Finding, Level, Related
from insights.text import counted, reading_minutes, spell_date

MARK = "<!-- insights-desk -->"
_SHOWN = 12
_MUST, _BETTER, _PERHAPS = "Please mend", "Better mended", "Perhaps"
_HEADINGS = {Level.ERROR: _MUST, Level.WARNING: _BETTER, Level.ADVICE: _PERHAPS}


def write_comment(
    articles: Sequence[Article], findings: Sequence[Finding], related: Mapping[str, Sequence[Related]], diff: str
) -> str:
    """The comment as Markdown. `articles` are those that the branch changed, `diff` is what `check --fix` would mend.

    Everything that authors wrote is escaped: a title can neither mention people nor bring in pictures.
    """
    errors = sum(finding.level == Level.ERROR for finding in findings)
    if errors:
        opening = f"Thank you! Before this can go live, {counted(errors, 'thing')} must be mended."
    elif findings:
        opening = "Thank you! This can go live as it is; a few things would make it better."
    else:
        opening = "Thank you! Nothing is to be mended: this can go live."
    parts = [MARK, opening, *_lists(findings)]
    if diff:
        parts.append(f"<details><summary>Some of this can be mended for you</summary>\n\n{_fenced(diff)}\n\n</details>")
    parts += [_card(article, related.get(article.slug, ())) for article in articles]
    parts.append("You mend a file in the browser: open **Files changed**, choose **⋯ → Edit file**, then **Commit**.")
    return "\n\n".join(parts) + "\n"


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


def _card(article: Article, related: Sequence[Related]) -> str:
    date = spell_date(article.date) if article.date else "no date yet"
    minutes = counted(reading_minutes(article.body), "minute")
    rows = [
        f"**{_plain(article.title)}**",
        "",
        f"{_plain(article.topic or 'no topic yet')} · {date} · {minutes} to read",
        "",
        _plain(article.description) or "*No description yet: cards, feeds and the newsletter show one.*",
    ]
    if related:
        rows += [
            "",
            "Shown below it: " + "; ".join(f"{_plain(link.title)} ({_plain(link.reason)})" for link in related),
        ]
    return "\n".join(f"> {row}".rstrip() for row in rows)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line; "@" would mention somebody, "#1" link to an issue."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>~|!])", r"\\\1", line).replace("@", "@\u200b").replace("#", "#\u200b")


def _code(text: str) -> str:
    return text.replace("`", "'")


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}diff\n{text.rstrip()}\n{fence}"
