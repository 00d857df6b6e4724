"""Single promises of what is withstood: very many mistakes in each form, keys that name templates, headers, cards."""

from __future__ import annotations

import email
import json
import re
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from conftest import PROJECT, run_insights
from test_cards import PLAIN

from insights.site.cards import draw_card

MANY = 1000
_PINNED = re.compile(r"uses:\s+[\w.-]+/[\w./-]+@[0-9a-f]{40}(?:\s+# v\S+)?\s*$|uses:\s+\./")


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "sarif"])
def test_each_of_a_thousand_errors_is_told_in_each_form(publication: Path, form: str) -> None:
    for number in range(MANY):
        page = f"---\ntitle: Load {number}\ndate: 2026-01-01\ntopic: No topic {number}\n---\n\nText.\n"
        (publication / f"content/insights/load-{number}.md").write_text(page, encoding="utf-8")
    result = run_insights(publication, "check", "--format", form)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    told = set(re.findall(r'unknown topic \\?"No topic (\d+)\\?"|"No topic (\d+)\\?"', result.stdout))
    assert len({number for pair in told for number in pair if number}) == MANY
    if form in ("json", "gitlab", "sarif"):
        json.loads(result.stdout)


def test_every_action_of_a_workflow_is_pinned_by_its_hash() -> None:
    lines = [
        f"{path.relative_to(PROJECT)}: {line.strip()}"
        for path in sorted((PROJECT / ".github").rglob("*.y*ml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(?:- )?uses:", line)
    ]
    assert lines
    assert [line for line in lines if not _PINNED.search(line)] == []


@pytest.mark.parametrize(
    "field",
    [
        "template: ../../../../etc/passwd",
        "template: main.html",
        "icon: no/such-icon",
        "icon: material/../../secret",
        "hide: [navigation]",
        "social: {cards: false}",
        "render_macros: true",
        "'{{ config }}': '{{ config }}'",
    ],
)
def test_a_key_that_would_steer_the_theme_is_told_and_does_nothing(publication: Path, field: str) -> None:
    page = "---\ntitle: A queue\ndate: 2026-01-01\ntopic: Operations\n{}---\n\nText.\n"
    path = publication / "content/insights/queue.md"
    path.write_text(page.format(""), encoding="utf-8")
    assert run_insights(publication, "build").returncode == 0
    before = (publication / "site/insights/queue/index.html").read_bytes()
    path.write_text(page.format(f"{field}\n"), encoding="utf-8")
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "[field-unknown]" in result.stdout + result.stderr
    assert (publication / "site/insights/queue/index.html").read_bytes() == before


def test_a_line_break_in_a_field_adds_no_header_to_an_email(publication: Path) -> None:
    break_in = r"\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>"
    (publication / "content/newsletter/9.md").write_text(
        f'---\nnumber: 9\ndate: 2026-01-02\nsubject: "News{break_in}"\npreheader: "More{break_in}"\n'
        "articles: [waiting-times]\n---\n\nText.\n",
        encoding="utf-8",
    )
    settings = publication / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("site_name: ", 'site_name: "A\\r\\nBcc: eve@example.org" # ', 1))
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    run_insights(publication, "newsletter", "export", "9")
    written = sorted(publication.rglob("*.eml"))
    assert written
    for path in written:
        data = path.read_bytes()
        message = email.message_from_bytes(data, policy=policy.default)
        assert not message.defects
        assert "Bcc" not in message
        assert b"\nBcc:" not in data.partition(b"\r\n\r\n")[0].replace(b"\r", b"")


@pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\x1b[2J", "\x07", "\u200b", "\U000e0041", "\ufeff"])
def test_what_turns_or_hides_text_is_not_drawn_on_a_card(sign: str) -> None:
    shown = sign.removeprefix("\x1b")
    shown = "" if shown == sign else shown
    turned = replace(
        PLAIN, title=f"Measure {sign}the queue", byline=f"Ruth{sign} Pemberton", kicker=f"Oper{sign}ations"
    )
    plain = replace(
        PLAIN, title=f"Measure {shown}the queue", byline=f"Ruth{shown} Pemberton", kicker=f"Oper{shown}ations"
    )
    assert draw_card(turned) == draw_card(plain)
