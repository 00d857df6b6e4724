"""One run of the check: which findings to show, and which files to mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from insights.check import (
    RULES,
    WORDING,
    Sheet,
    advise_on_wording,
    apply_ignores,
    apply_levels,
    check_collection,
    read_manuscript,
)
from insights.check.mending import mend_text
from insights.desk.addresses import lost_addresses
from insights.desk.changes import Changes
from insights.desk.reading import Reading, read_collection
from insights.desk.spelling import find_misspellings
from insights.errors import FetchError, RenderError, SettingsError
from insights.model import Article, Finding, Level
from insights.render import render_html
from insights.settings import FILE_NAME, Publication
from insights.store import INSIGHTS, read_text
from insights.text import is_web, nearest
from insights.workers import ALL_CORES, Workforce


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at: everything, some files and folders (relative to the project), or a branch's changes."""

    paths: tuple[str, ...] = ()
    changes: Changes | None = None

    def holds(self, path: str) -> bool:
        """Whether a file is looked at."""
        if self.changes is not None and path not in self.changes.lines:
            return False
        return not self.paths or any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in self.paths)

    @property
    def is_everything(self) -> bool:
        """Whether no file is left out."""
        return not self.paths and self.changes is None


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that can be mended: its path, relative to the project, and its text before and after."""

    path: str
    before: str
    after: str

    def diff(self) -> str:
        """The change as a unified diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def find_problems(
    root: Path,
    publication: Publication,
    scope: Scope,
    now: datetime,
    dead_links: Iterable[Finding] = (),
    workforce: Workforce = ALL_CORES,
) -> tuple[Reading, tuple[Finding, ...]]:
    """The collection, and the findings in the scope, at the levels that the publication sets.

    Advice on wording is for English articles: for files that are named, and for lines that a branch changed. A branch
    that removes files answers for the errors that this makes elsewhere.
    """
    _require_known_rules(publication)
    reading = read_collection(root, publication, now, workforce)
    sheets = reading.collection.sheets
    findings = {*reading.findings, *check_collection(reading.collection), *dead_links}
    if not scope.is_everything:
        paths = [sheet.path for sheet in sheets if scope.holds(sheet.path)]
        manuscripts = {path: read_manuscript(read_text(root / path), path)[0] for path in paths}
        english = [pair for pair in manuscripts.items() if _is_english(pair[1].article, publication)]
        findings.update(chain.from_iterable(advise_on_wording(manuscript, path) for path, manuscript in english))
        findings.update(find_misspellings(english, publication.settings.check.words))
    if scope.changes is not None:
        findings.update(lost_addresses(root, scope.changes, reading.collection.library, now))
    shown = apply_levels(apply_ignores(findings, sheets), publication.settings.check.levels)
    return reading, tuple(finding for finding in shown if _is_shown(finding, scope))


def _is_shown(finding: Finding, scope: Scope) -> bool:
    changes = scope.changes
    if not scope.holds(finding.path):
        return bool(changes and changes.removed and finding.level == Level.ERROR and not scope.paths)
    is_wording = finding.rule in RULES and RULES[finding.rule].group == WORDING
    return changes is None or not is_wording or finding.line in changes.lines[finding.path]


def mend_files(root: Path, publication: Publication, scope: Scope, now: datetime) -> Iterator[Mended]:
    """Each article in the scope that can be mended, by path; nothing is written."""
    collection = read_collection(root, publication, now).collection
    for sheet in collection.sheets:
        if not scope.holds(sheet.path) or not _is_worth_mending(sheet):
            continue
        before = (root / sheet.path).read_bytes().decode("utf-8")

        def render(body: str, path: str = sheet.path) -> str:
            return render_html(body, publication, path.removeprefix("content/"))

        try:
            after = mend_text(before, sheet.path, collection, render)
        except RenderError:
            continue
        if before.count("\r\n") * 2 > before.count("\n"):  # a clone on Windows: its line ends stay
            after = after.replace("\n", "\r\n")
        if after != before:
            yield Mended(sheet.path, before, after)


def external_links(sheets: Iterable[Sheet], scope: Scope) -> dict[str, list[Finding]]:
    """The addresses on other sites that articles and pages link to, each with a finding at every place it stands."""
    links: dict[str, list[Finding]] = {}
    for sheet in sheets:
        for link in (*sheet.links, *sheet.pictures) if scope.holds(sheet.path) else ():
            if is_web(link.href):  # what is none is an error already
                finding = Finding(sheet.path, link.place.line, link.place.column, "link-dead", "", "", Level.WARNING)
                links.setdefault(link.href.partition("#")[0], []).append(finding)
    return links


def dead(error: FetchError, places: Iterable[Finding]) -> Iterator[Finding]:
    """The findings for an address that does not answer."""
    for place in places:
        yield replace(place, message=f"{error.where}: {error.what}", fix="mend the address, or link to another source")


def _is_worth_mending(sheet: Sheet) -> bool:
    return sheet.path.startswith(f"{INSIGHTS}/")


def _is_english(article: Article, publication: Publication) -> bool:
    return (article.language or publication.language).lower().partition("-")[0] == "en"


def _require_known_rules(publication: Publication) -> None:
    for name in publication.settings.check.levels:
        if name not in RULES:
            close = nearest(name, RULES)
            fix = f'use "{close}"' if close else "docs/rules.md lists the rules"
            raise SettingsError(FILE_NAME, f'plugins: insights: check: levels: there is no rule "{name}"', fix)
