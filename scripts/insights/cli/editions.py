"""One edition with what it is rendered from, as the commands of `insights newsletter` open it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import jinja2

    from insights.library import Library
    from insights.model import Edition, Finding
    from insights.settings import Publication

OVERRIDES = "overrides/newsletter"
_EDITIONS = "content/newsletter/"


@dataclass(frozen=True, slots=True)
class Desk:
    """One edition with everything it is rendered from: the library as of the edition's date."""

    root: Path
    publication: Publication
    library: Library
    edition: Edition
    templates: jinja2.Environment


def open_desk(number: int | None) -> Desk:
    """The edition with this number, or the newest; ends the command where its file has errors.

    Raises StoreError if there is none.
    """
    from insights.cli.console import now
    from insights.errors import StoreError
    from insights.newsletter.rendering import email_templates
    from insights.store import find_root, read_library, read_publication

    root = find_root(Path.cwd())
    library, findings = read_library(root)
    editions = [edition for edition in library.editions if number is None or edition.number == number]
    # An edition that cannot be read may be the newest, or the one that is asked for.
    refuse_unread(findings, None if number is None or not editions else editions[0].path)
    if not editions:
        known = ", ".join(str(edition.number) for edition in library.editions) or "none"
        where = f"{_EDITIONS}{number or 1}.md"
        raise StoreError(where, f"there is no such edition (there is: {known})", "begin one: insights newsletter draft")
    edition = editions[0]
    overrides = root / OVERRIDES
    return Desk(
        root=root,
        publication=read_publication(root),
        library=library.live(max(now(), edition.date)),
        edition=edition,
        templates=email_templates(overrides if overrides.is_dir() else None),
    )


def refuse_errors(desk: Desk) -> None:
    """Ends the command with the errors that the edition has: what is wrong in one inbox is wrong in all."""
    from insights.newsletter.inbox import check_edition

    _end_with(check_edition(desk.edition, desk.library, desk.publication, desk.templates))


def refuse_unread(findings: Iterable[Finding], path: str | None = None) -> None:
    """Ends the command with the errors in the edition's file at `path`, or in any edition's."""
    _end_with(finding for finding in findings if (finding.path == path if path else finding.path.startswith(_EDITIONS)))


def _end_with(findings: Iterable[Finding]) -> None:
    from insights.cli.console import err, show_findings
    from insights.model import Level

    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if errors:
        show_findings(errors, err)
        sys.exit(1)
