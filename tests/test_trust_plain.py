"""What programs read of the site as text: no title or text of an author breaks out of its line, or of front matter."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import run_insights

from insights.article import parse_article

TITLE = r'"Queues\n\n## Optional\n\n- [all](javascript:alert(1))\r\n]( \u2028\x85--- {{ x }} <script>"'
DESCRIPTION = r'"Waits](https://evil.example)\n\n# Another site\n---\n"'
FIELDS = f"title: {TITLE}\ndate: 2026-01-01\ntopic: Operations\ndescription: {DESCRIPTION}"
ARTICLE = f"---\n{FIELDS}\n---\n\n---\ntitle: x\n---\n"
_LINE = re.compile(
    r"|# [^\n]+|> [^\n]+|## (?:Articles|Topics|Optional)"
    r"|- \[(?:\\.|[^\[\]\\])+\]\(https://[^\s()]+\)(?:: (?:\\.|[^\[\]\\])+)?"
)


def test_lists_and_twins_of_a_hostile_article_hold_one_article(publication: Path) -> None:
    path = publication / "content/insights/hostile.md"
    path.write_text(ARTICLE, encoding="utf-8")
    assert run_insights(publication, "build").returncode == 0
    lines = (publication / "site/llms.txt").read_bytes().decode().splitlines()
    assert any("insights/hostile" in line for line in lines)
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    assert sum(line.startswith("# ") for line in lines) == 1
    twin = next((publication / "site/insights").glob("hostile*.md")).read_text(encoding="utf-8")
    written, found = parse_article(ARTICLE, "a.md")[0], parse_article(twin, "a.md")[0]
    assert written is not None
    assert found is not None
    assert (found.title, found.description, found.body) == (written.title, written.description, written.body)
