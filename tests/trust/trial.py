"""One trial: a publication that holds payloads by every way in, its real build, and what is found wrong in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from conftest import PROJECT, copy_publication

from insights.article import dump_article
from insights.desk.submission import make_article, parse_event, target
from insights.errors import FetchError, InsightsError
from insights.store import read_library, write_file
from trust.carriers import Expected, issue_events, write_articles, write_sources, write_terms
from trust.payloads import Payload

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOST = "https://small.example.org/"
SITE_URL = f"{HOST}review/"


KINDS = ("executed", "hits", "requests", "malformed", "violations", "broken")
"""What may not be found; each is a list of a Trial."""


@dataclass
class Trial:
    """What was found, by kind; `counts` is how much was looked at.

    `executed` are calls of scripts; `hits` what the rules of `scan` forbid, in a file or in what a browser made of it;
    `requests` what was asked of other hosts; `malformed` what its own parser refuses; `violations` breaches of the
    policy; `broken` errors of the theme's own scripts. `lost` are the texts that no reader can read, by way in.
    """

    counts: dict[str, int] = field(default_factory=Counter)
    executed: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lost: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=Counter)

    def literal_share(self) -> float:
        """The share of text and code payloads that a reader can read exactly."""
        return 1 - sum(map(len, self.lost.values())) / max(1, sum(self.told.values()))

    def found(self) -> list[str]:
        """Everything that may not be, each with its kind."""
        return [f"{kind}: {each}" for kind in KINDS for each in getattr(self, kind)]

    def add(self, other: Trial) -> None:
        """Takes in what another trial found."""
        for mine, more in ((self.counts, other.counts), (self.told, other.told)):
            for name, count in more.items():
                mine[name] = mine.get(name, 0) + count
        for kind in KINDS:
            getattr(self, kind).extend(getattr(other, kind))
        for way, cases in other.lost.items():
            self.lost.setdefault(way, []).extend(cases)


def write_publication(root: Path, payloads: Sequence[Payload]) -> list[Expected]:
    """A publication that holds the payloads by every way in; its sources are ingested by the real command."""
    copy_publication(root)
    settings = (root / "mkdocs.yml").read_text()
    project = (PROJECT / "mkdocs.yml").read_text()
    extensions = project[project.index("markdown_extensions:") :]
    settings = settings[: settings.index("markdown_extensions:")] + extensions
    settings = settings.replace("    menu:\n", "    newsletter: {content: full}\n    menu:\n")
    (root / "mkdocs.yml").write_text(settings)
    expected = list(write_articles(root, payloads))
    write_terms(root, payloads)
    expected += write_sources(root / "content/inbox", payloads)
    _run(root, "ingest", "content/inbox", "--topic", "Hostile", "--date", "2026-01-03", codes=(0, 2))
    library, _ = read_library(root)
    for event, what in issue_events(payloads):
        try:
            article = make_article(parse_event(event), library, _NOW, _fetch_nothing).article
        except InsightsError:
            continue  # it has no text: nothing is published, and the form's sender is told
        write_file(target(root, article), dump_article(article).encode())
        expected.append(what)
    return expected


def _fetch_nothing(url: str) -> bytes:
    raise FetchError(url, "nothing is fetched here")


def build(root: Path, is_sanitised: bool = True) -> Path:
    """The built site; without the sanitiser where only the second wall, the policy, is tried."""
    if is_sanitised:
        _run(root, "build", codes=(0,))
        return root / "site"
    program = (
        "import sys, insights.markup as markup; markup.Sanitiser.clean = lambda self, html: html;"
        "from insights.cli import main; sys.exit(main())"
    )
    _run(root, "build", "--site-dir", str(root / "unsafe"), codes=(0,), program=("-c", program))
    return root / "unsafe"


def _run(root: Path, *arguments: str, codes: tuple[int, ...], program: tuple[str, ...] = ("-m", "insights")) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(_NOW.timestamp()))}
    result = subprocess.run(
        [sys.executable, *program, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode not in codes or "Traceback" in result.stderr:
        raise AssertionError(
            f"insights {arguments[0]}: {result.returncode}\n{result.stdout[-2000:]}{result.stderr[-4000:]}"
        )


def report(trial: Trial, shown: int = 12) -> str:
    """The figures, then the first cases of each kind."""
    lines = [", ".join(f"{count:,} {name}" for name, count in trial.counts.items())]
    lines += [f"{kind}: {len(getattr(trial, kind))}" for kind in KINDS]
    if trial.told:
        lines.append(f"literal: {trial.literal_share():.2%} of {sum(trial.told.values()):,}")
    lines += [f"  lost, {way}: {len(cases)} of {trial.told[way]}" for way, cases in trial.lost.items()]
    for kind in KINDS:
        lines += [f"    {kind}: {case}" for case in getattr(trial, kind)[:shown]]
    lines += [f"    {way}: {case}" for way, cases in trial.lost.items() for case in cases[:shown]]
    return "\n".join(lines)
