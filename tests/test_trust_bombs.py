"""Inputs made to be slow, deep or large: refused with one line that says why, or done with a bounded amount of work."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import nh3
import pytest
from conftest import PROJECT

from insights.article import parse_article
from insights.bounds import bound, unbound
from insights.frontmatter import parse_yaml
from insights.render import render_html
from insights.settings import parse_publication

CPU_SECONDS, MEGABYTES = 5, 300  # of processor time: a busy machine changes nothing
MARKDOWN = {
    "brackets": "[" * 50_000,
    "nested-brackets": "[" * 25_000 + "]" * 25_000,
    "links": "[a](" * 20_000,
    "pictures": "![a](" * 20_000,
    "linked-pictures": "[![a](" * 10_000,
    "tags": "<a " * 20_000,
    "autolinks": "<http://" * 20_000,
    "notes": "[^a]" * 20_000 + "\n\n[^a]: x",
    "abbreviations": "".join(f"*[A{n}]: x\n" for n in range(5000)) + "\n" + " ".join(f"A{n}" for n in range(5000)),
    "definitions": "a\n: b\n" * 20_000,
    "glossary": "a\n: b\n\n" * 20_000,
    "headings": "## a\n\n" * 20_000,
    "alternating": "a*\n\n## b\n\n" * 10_000,  # between the two renderers
    "many-links": "[a](b.md) " * 20_000,
    "many-links-without-a-gap": "[a](b.md)" * 20_000,
    "much-emphasis": "*a* " * 40_000,
    "much-code": "`a` " * 40_000,
    "many-addresses": "<https://a.example> " * 20_000,
    "lists": "\n".join("  " * depth + "- x" for depth in range(2000)),
    "quotations": "> " * 20_000 + "x",
    "emphasis": "*a _b " * 20_000,
    "ticks": " ".join("`" * size for size in range(1, 300)),
    "elements": "<b>" * 20_000,
    "entities": "&" * 50_000,
    "tables": "|" * 20_000 + "\n" + "|-" * 20_000 + "|\n" + "|" * 20_000,
}
_RENDER = """
import resource, sys
from insights.errors import InsightsError
from insights.render import render_html
from insights.settings import parse_publication
publication = parse_publication(open(sys.argv[1]).read(), "mkdocs.yml")
try:
    render_html(sys.stdin.read(), publication, "insights/a.md")
except InsightsError as error:
    print(error, file=sys.stderr)
if sys.platform == "linux":  # its rusage would count what it held as a fork of the test runner
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(int(status["VmHWM"].split()[0]) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024))
"""
FIELDS = {
    "alias-bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: [*c, *c]",
    "cycle": "title: &a [*a]",
    "tag": "title: !!python/object/apply:os.system ['true']",
    "depth": "title: " + "[" * 20_000,
    "deep-mappings": "title: " + "{a: " * 20_000,
    "deep-blocks": "\n".join(" " * depth + "a:" for depth in range(400)),
    "digits": f"title: x\nseries: {{name: x, part: {'9' * 50_000}}}",
    "too-long": f"title: {'9' * 200_000}",
    "month-13": "title: x\ndate: 2026-13-01",
    "year-0": "title: x\ndate: 0000-01-01",
    "far-zone": "title: x\ndate: 2026-01-01T00:00:00+99:99",
    "not-a-number": "title: x\nseries: {name: x, part: .nan}",
    "twice": "title: x\ntitle: y",
    "control": "title: \x1b[2J",
    "many-keys": "\n".join(f"k{n}: x" for n in range(8000)),
    "merge-key": "<<: {title: x}",
    "list": "- title: x",
    "unclosed": "title: 'x",
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_made_to_be_slow_is_done(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _RENDER, str(PROJECT / "mkdocs.yml")],
        input=MARKDOWN[name],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert int(result.stdout) < MEGABYTES


def test_a_paragraph_that_is_read_in_pieces_is_whole() -> None:
    publication = parse_publication((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"), "mkdocs.yml")
    html = render_html("Grid [a](https://b.example) *c* `d`. " * 5_000, publication, "insights/a.md")
    words = nh3.clean(html, tags=set()).split()
    assert words == "Grid a c d.".split() * 5_000
    assert [html.count(f"<{tag}") for tag in ("a ", "em", "code")] == [5_000] * 3


@pytest.mark.parametrize("name", ["brackets", "tags", "autolinks", "ticks", "linked-pictures", "lists"])
def test_an_article_made_to_be_slow_is_checked(publication: Path, name: str) -> None:
    page = f"---\ntitle: Slow\ndate: 2026-01-01\ntopic: Operations\n---\n\n{MARKDOWN[name]}\n"
    (publication / "content/insights/slow.md").write_text(page, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "insights", "check", "content/insights/slow.md"],
        cwd=publication,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)),
        check=False,
    )
    assert result.returncode in (0, 1), result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", FIELDS)
def test_fields_made_to_break_a_parser_are_findings(name: str) -> None:
    article, findings = parse_article(f"---\n{FIELDS[name]}\n---\n\nText.\n", "content/insights/a.md")
    assert article is not None or findings
    assert findings
    assert all("\n" not in str(finding.message) and len(finding.message) < 400 for finding in findings)


@pytest.mark.parametrize("text", ["[" * 20_000, "a: &a [x]\nb: *a", "- " * 5_000, "{a: " * 20_000], ids=range(4))
def test_a_vocabulary_made_to_break_a_parser_has_a_place(text: str) -> None:
    with pytest.raises(ValueError, match=r"^\d+:\d+: "):
        parse_yaml(text)


def test_what_exceeds_the_bounds_is_shown_as_it_was_written() -> None:
    for text in (MARKDOWN["brackets"], MARKDOWN["tags"], MARKDOWN["definitions"], MARKDOWN["notes"]):
        shown = unbound(bound(text))
        for number, mark in ((91, "["), (40, "("), (60, "<"), (42, "*"), (58, ":")):
            shown = shown.replace(f"&#{number};", mark)
        assert shown == text


@pytest.mark.parametrize("path", sorted(Path(PROJECT, "content/insights").glob("*.md")), ids=lambda path: path.stem)
def test_no_article_comes_near_the_bounds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert bound(text * 20) == text * 20
