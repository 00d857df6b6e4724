"""The editor's desk: rules over one article's text and over the collection, each yielding Findings.

`check_text` looks at one file alone, so that its sheet can be kept for as long as the file does not change;
`check_collection` looks at what the sheets say of one another. Both are pure.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from insights.check.between import BETWEEN_CHECKS
from insights.check.collection import Asset, Collection, Ignore, Sheet, asset_path, build_collection
from insights.check.fields import FIELD_CHECKS
from insights.check.headings import HEADING_CHECKS
from insights.check.leftovers import LEFTOVER_CHECKS
from insights.check.links import LINK_CHECKS
from insights.check.manuscript import Manuscript, read_manuscript
from insights.check.parsing import PARSING_RULES
from insights.check.rules import Rule
from insights.check.structure import STRUCTURE_CHECKS
from insights.check.targets import TARGET_CHECKS
from insights.check.vocabulary import VOCABULARY_CHECKS
from insights.check.wording import GROUP as WORDING
from insights.check.wording import WORDING_CHECKS
from insights.model import Finding, Level
from insights.text import nearest

__all__ = [
    "RULES",
    "WORDING",
    "Asset",
    "Collection",
    "Manuscript",
    "Rule",
    "Sheet",
    "asset_path",
    "build_collection",
    "check_collection",
    "check_text",
    "read_manuscript",
]

COLLECTION_CHECKS = (*VOCABULARY_CHECKS, *BETWEEN_CHECKS, *TARGET_CHECKS)
MANUSCRIPT_CHECKS = (*FIELD_CHECKS, *HEADING_CHECKS, *STRUCTURE_CHECKS, *LINK_CHECKS, *LEFTOVER_CHECKS)
_IGNORE_RULES = (
    Rule(
        "ignore-invalid", "Files", Level.ERROR, "A note to ignore a rule names it, and says why.",
        "<!-- check: ignore link-text -->", "<!-- check: ignore link-text: the phrase is the subject -->",
    ),
    Rule(
        "ignore-unused", "Files", Level.WARNING, "A note to ignore a rule is removed when it is no longer needed.",
        "<!-- check: ignore link-bare: it is shown as it is -->", "Text.",
    ),
    Rule(
        "link-dead", "Links", Level.WARNING, "A link to another site answers; looked at by --online only.",
        "a link to a page that is gone", "a link that answers",
    ),
    Rule(
        "wording-spelling", WORDING, Level.ADVICE, "A word is spelt as dictionaries spell it.",
        "We recieve them.", "We receive them.",
    ),
    Rule(
        "address-lost", "Files", Level.ERROR, "What is renamed or withdrawn leaves its address to another page.",
        "an article removed without a trace", '`aliases: ["/insights/its-old-name/"]` in the article that replaces it',
    ),
)  # fmt: skip
RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *PARSING_RULES,
        *(check.rule for check in (*MANUSCRIPT_CHECKS, *WORDING_CHECKS)),
        *(check.rule for check in COLLECTION_CHECKS),
        *_IGNORE_RULES,
    )
}
"""Every rule by its id, in the order of the documentation."""

_IGNORE = re.compile(r"<!--\s*check:\s*ignore\s+(?P<rule>[\w-]+)\s*+(?::(?P<reason>(?:(?!-->|<!--)[\s\S])*+))?+\s*+-->")
_MIN_SENTENCE = 40  # characters


def check_text(text: str, path: str) -> Sheet:
    """The sheet of an article's text; `path` is the file's, relative to the project."""
    manuscript, article, findings = read_manuscript(text, path)
    found = set(findings)
    for check in MANUSCRIPT_CHECKS:
        found.update(check.findings(manuscript, path))
    return Sheet(
        path=path,
        article=replace(article, body="") if article else None,
        findings=tuple(sorted(found)),
        links=manuscript.links,
        pictures=manuscript.pictures,
        anchors=tuple(sorted(manuscript.anchors)),
        sentences=_sentences(manuscript.lower),
        ignores=tuple(_ignores(manuscript)) if "check:" in manuscript.body else (),
    )


def advise_on_wording(manuscript: Manuscript, path: str) -> tuple[Finding, ...]:
    """Advice on the wording of an article in English; asked for apart, since it is for the one who writes just now."""
    return tuple(sorted(finding for check in WORDING_CHECKS for finding in check.findings(manuscript, path)))


def check_collection(collection: Collection) -> tuple[Finding, ...]:
    """Every finding in the collection, those of the sheets included, by path, line and column."""
    found = {finding for sheet in collection.sheets for finding in sheet.findings}
    for check in COLLECTION_CHECKS:
        found.update(check.findings(collection))
    return tuple(sorted(found, key=by_place))


def by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    """The order in which findings are listed; a key sorts tens of thousands many times faster than comparing them."""
    return finding.path, finding.line, finding.column, finding.rule, finding.message


def apply_ignores(findings: Iterable[Finding], sheets: Iterable[Sheet]) -> tuple[Finding, ...]:
    """The findings that no note in their file sets aside, and what is wrong with the notes."""
    notes = {(sheet.path, ignore.rule): ignore for sheet in sheets for ignore in sheet.ignores}
    kept: list[Finding] = []
    used: set[tuple[str, str]] = set()
    for finding in findings:
        key = finding.path, finding.rule
        if key in notes and notes[key].reason:
            used.add(key)
        else:
            kept.append(finding)
    for (path, rule), note in notes.items():
        place = (path, note.place.line, note.place.column)
        if rule not in RULES:
            close = nearest(rule, RULES)
            fix = f'use "{close}"' if close else "docs/rules.md lists them"
            kept.append(Finding(*place, "ignore-invalid", f'there is no rule "{rule}"', fix))
        elif not note.reason:
            fix = f"write <!-- check: ignore {rule}: why -->"
            kept.append(Finding(*place, "ignore-invalid", "the note gives no reason", fix))
        elif (path, rule) not in used and RULES[rule].group != WORDING and rule != "link-dead":
            message = f'nothing breaks the rule "{rule}" any more'
            kept.append(Finding(*place, "ignore-unused", message, "remove the note", Level.WARNING))
    return tuple(sorted(kept, key=by_place))


def apply_levels(findings: Iterable[Finding], levels: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings with the levels that a publication sets for rules; "ignore" leaves a rule's findings out."""
    return tuple(
        replace(finding, level=Level(level)) if (level := levels.get(finding.rule)) else finding
        for finding in findings
        if levels.get(finding.rule) != "ignore"
    )


def _ignores(manuscript: Manuscript) -> Iterator[Ignore]:
    for match in _IGNORE.finditer(manuscript.body):
        if manuscript.prose[match.start() : match.end()].isspace():
            yield Ignore(match["rule"], (match["reason"] or "").strip(), manuscript.place(match.start()))


def _sentences(lower: str) -> bytes:
    """Hashes of the sentences that are long enough to tell articles apart: CRC-32, big-endian, each once, sorted."""
    parts = lower.replace("\n", ". ").replace("? ", ". ").replace("! ", ". ").split(". ")
    hashes = {zlib.crc32(part.strip(" .?!").encode()) for part in parts if len(part) >= _MIN_SENTENCE}
    return struct.pack(f">{len(hashes)}I", *sorted(hashes))
