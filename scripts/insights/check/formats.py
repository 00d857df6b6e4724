"""Findings as other programs read them: JSON, annotations of GitHub and GitLab, SARIF."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from insights.check import RULES
from insights.model import Finding, Level
from insights.text import plain_json, spelt_out

_SARIF_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.ADVICE: "note"}
_GITHUB_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.ADVICE: "notice"}
_GITLAB_LEVELS = {Level.ERROR: "major", Level.WARNING: "minor", Level.ADVICE: "info"}


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON array of objects with path, line, column, rule, level, message and fix."""
    rows = [
        {
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "level": finding.level.value,
            "message": finding.message,
            "fix": finding.fix,
        }
        for finding in findings
    ]
    return plain_json(rows, indent=2)


def as_github(findings: Iterable[Finding]) -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request (escaped as by its toolkit)."""
    return "\n".join(
        f"::{_GITHUB_LEVELS[finding.level]} file={_property(finding.path)},line={finding.line},col={finding.column},"
        f"title={_property(finding.rule)}::{_text(_sentence(finding))}"
        for finding in findings
    )


def as_gitlab(findings: Iterable[Finding]) -> str:
    """A Code Quality report (GitLab, "Code Quality report format")."""
    rows = [
        {
            "description": _sentence(finding),
            "check_name": finding.rule,
            "fingerprint": hashlib.sha256(f"{finding.path}:{finding.rule}:{finding.message}".encode()).hexdigest(),
            "severity": _GITLAB_LEVELS[finding.level],
            "location": {"path": finding.path, "lines": {"begin": finding.line}},
        }
        for finding in findings
    ]
    return plain_json(rows, indent=2)


def as_sarif(findings: Iterable[Finding]) -> str:
    """A SARIF 2.1.0 log with one run."""
    found = list(findings)
    used = sorted({finding.rule for finding in found})
    rules = [
        {"id": rule_id, "shortDescription": {"text": RULES[rule_id].summary if rule_id in RULES else rule_id}}
        for rule_id in used
    ]
    results = [
        {
            "ruleId": finding.rule,
            "ruleIndex": used.index(finding.rule),
            "level": _SARIF_LEVELS[finding.level],
            "message": {"text": _sentence(finding)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": finding.path},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    }
                }
            ],
        }
        for finding in found
    ]
    run = {"tool": {"driver": {"name": "insights check", "rules": rules}}, "results": results}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{**run, "columnKind": "unicodeCodePoints"}],
    }
    return plain_json(log, indent=2)


def _sentence(finding: Finding) -> str:
    return f"{finding.message}. Fix: {finding.fix}" if finding.fix else finding.message


def _text(value: str) -> str:
    return spelt_out(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
