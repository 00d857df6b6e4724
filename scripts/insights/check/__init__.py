"""The editor's desk: rules over a Library, each yielding Findings; a rule a function, one registry of them."""

from __future__ import annotations

from datetime import datetime

from insights.check.articles import ARTICLE_RULES
from insights.check.collection import LIBRARY_RULES
from insights.library import Library
from insights.model import Finding


def check_library(library: Library, now: datetime) -> tuple[Finding, ...]:
    """Every problem in the library, by path, line and column; `now` tells which dates are in the future."""
    findings: set[Finding] = set()
    for article in library.articles:
        for article_rule in ARTICLE_RULES:
            findings.update(article_rule(article, library, now))
    for library_rule in LIBRARY_RULES:
        findings.update(library_rule(library))
    return tuple(sorted(findings))
