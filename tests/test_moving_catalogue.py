"""Every construct of every system that we read, with the Markdown that must become of it.

A case is two files in tests/cases/moving/<platform>/: the body as that system keeps it, and the Markdown beside it.
`MOVING_UPDATE=1 pytest` writes the Markdown anew; read the diff before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from moving_publications import CASES

from insights.check import check_text
from insights.moving.convert import convert, work_of
from insights.moving.entry import Entry, inside
from insights.moving.platforms import PLATFORMS

CONTEXT = {
    "wordpress": {
        "picture 2": json.dumps(["https://old.example/gauge.png", "The gauge", "Cleaned weekly"]),
        "picture 3": json.dumps(["https://old.example/rail.png", "The rail", ""]),
        "block 7": "<!-- wp:paragraph -->\n<p>Said on many pages.</p>\n<!-- /wp:paragraph -->",
        "footnotes": '[{"content":"So the <em>log</em> says.","id":"k1"}]',
    },
    "material": {"known.md": "Said in *another* file.\n"},
    "obsidian": {
        "file gauge.png": "Files/gauge.png",
        "file plan.pdf": "Files/plan.pdf",
        "note Fog": "The fog comes at night.\n\n## Horn\n\nIt says three. ![[Gone]]\n\n## Light\n\nNone.\n",
    },
}
PAIRS = sorted(
    path for name in PLATFORMS for path in (CASES / name).glob("*") if path.suffix != ".md" and path.is_file()
)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_construct_becomes_its_markdown(path: Path) -> None:
    name = path.parent.name
    body = path.read_text()
    url = "https://old.example/2020/post/"
    base = url if name in ("wordpress", "ghost", "substack", "medium") else inside("posts/post.md")
    context = CONTEXT.get(name, {})
    if path.suffix in (".lexical", ".mobiledoc"):
        context, body = {path.suffix[1:]: body}, ""
    key = path.name if path.suffix == ".rst" else path.stem
    entry = Entry(key, "The title", body, url, base, context=context)
    (work,) = work_of(name, [entry])
    conversion = convert(work)
    assert not conversion.error
    expected = path.with_suffix(".md")
    if os.environ.get("MOVING_UPDATE"):
        expected.write_text(conversion.markdown)
    assert conversion.markdown == expected.read_text()
    comments = conversion.markdown.count("<!-- not converted: ")
    assert comments == len(conversion.marks), "each mark stands in the article once"
    sheet = check_text(f"---\ntitle: T\n---\n\n{conversion.markdown}", "content/insights/t.md")
    found = [finding for finding in sheet.findings if finding.rule == "moved-unconverted"]
    assert len(found) == comments, "and each has its finding"


def test_every_platform_has_a_catalogue() -> None:
    covered = {path.parent.name for path in PAIRS}
    assert covered == set(PLATFORMS) - {"site"}, "what pages become is in tests/cases/readers"
