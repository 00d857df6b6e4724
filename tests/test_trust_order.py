"""Characters that turn the order of letters, move a cursor or hide text: no output holds one that a field has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import run_insights

from insights.text import spelt_out, steers, without_steering

STEERING = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u2028\x85\x1b\x07\x9b\U000e0041"
"""All kinds; a field may spell each as a YAML escape."""
_TEXTS = frozenset(".html .xml .rss .json .txt .md .eml .opml".split())


def escaped(text: str) -> str:
    return "".join(f"\\U{ord(character):08X}" if steers(character) else character for character in text)


def field(text: str) -> str:
    return f'"{escaped(text)}"'


def write_steering(root: Path) -> None:
    name = f"Zofia{STEERING}gnp.exe"
    (root / "content/topics/tea.md").write_text(f"---\ntitle: {field('Tea' + STEERING)}\n---\n", encoding="utf-8")
    (root / "content/authors/z.md").write_text(f"---\ntitle: {field(name)}\n---\n", encoding="utf-8")
    tags = json.dumps([{"name": "queues"}, {"name": f"te{STEERING}a", "slug": "tea"}])
    (root / "content/tags.yml").write_text(re.sub(r"\\ud\w{3}\\ud\w{3}", r"\\U000E0041", tags), encoding="utf-8")
    fields = {
        "title": field(f"A title{STEERING}with an end"),
        "date": "2026-01-01",
        "topic": field(f"Tea{STEERING}"),
        "tags": f"[{field(f'te{STEERING}a')}]",
        "authors": f"[{field(name)}]",
        "description": field(f"What a queue{STEERING} costs."),
        "image": f"{{src: ../assets/a.png, alt: {field(f'An{STEERING}')}}}",
        "series": f"{{name: {field(f'Se{STEERING}')}, part: 1}}",
    }
    edition = {
        "number": "9",
        "date": "2026-01-02",
        "subject": field(f"News{STEERING}"),
        "preheader": field(f"More{STEERING}"),
        "articles": "[steering]",
    }
    for path, front in (("insights/steering.md", fields), ("newsletter/9.md", edition)):
        lines = "\n".join(f"{key}: {value}" for key, value in front.items())
        (root / "content" / path).write_text(f"---\n{lines}\n---\n\nText.\n", encoding="utf-8")


def test_no_output_holds_what_a_field_would_steer_with(publication: Path) -> None:
    write_steering(publication)
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    site = publication / "site"
    held = []
    for path in sorted(site.rglob("*")):
        if (
            path.suffix in (".html", ".xml", ".rss", ".json", ".txt", ".md", ".eml", ".opml")
            and "pagefind" not in path.parts
        ):
            text = path.read_text(encoding="utf-8")
            if steers(text.replace("\r\n", "\n")):
                held.append(path.relative_to(site).as_posix())
            if re.search("(?i)&#x?(?:202[a-e]|206[6-9]|823[2-8]|829[4-7]|27|1b|85|133);", text):
                held.append(f"{path.relative_to(site).as_posix()} as a reference")
        assert not steers(path.name)
    assert held == []
    page = (site / "insights/steering/index.html").read_text(encoding="utf-8")
    assert "<title>A titlewith an end" in page
    assert "Zofiagnp.exe" in page


def test_a_field_that_would_steer_is_told_with_its_place(publication: Path) -> None:
    write_steering(publication)
    result = run_insights(publication, "check")
    assert (
        'content/insights/steering.md:2:8: warning: "title" holds characters that turn, move or hide text'
        in result.stdout
    )
    assert not steers(result.stdout + result.stderr)


@pytest.mark.parametrize("command", ["check", "build"])
def test_no_name_or_text_steers_the_terminal(publication: Path, command: str) -> None:
    front = 'title: A\ndate: 2026-01-01\ntopic: "No\\e[2Jne"\n"ke\\e[2Jy": 1\n'
    page = f"---\n{front}---\n\n[x](no\u202ewhere.md) ![](\x1b[2J.png)\n"
    (publication / "content/insights/ste\u202eer\x1b[2J.md").write_text(page, encoding="utf-8")
    (publication / "content/insights/body.md").write_text(page, encoding="utf-8")
    result = run_insights(publication, command)
    assert "Traceback" not in result.stderr
    assert not steers(result.stdout + result.stderr)


def test_an_ingested_name_does_not_steer_the_terminal(publication: Path) -> None:
    source = publication / "content/inbox/te\u202ea\x1b[2J.txt"
    source.parent.mkdir(exist_ok=True)
    source.write_text("", encoding="utf-8")
    result = run_insights(publication, "ingest", str(source.parent))
    assert "te⟨U+202E⟩a⟨U+001B⟩[2J.txt" in result.stdout + result.stderr
    assert not steers(result.stdout + result.stderr)


def test_marks_by_which_hebrew_arabic_and_emoji_are_written_stay() -> None:
    for text in ("שלום\u200f!", "می\u200cخواهم", "👩\u200d💻", "a\u00adb", "line\nline\tend"):
        assert without_steering(text) == text == spelt_out(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "A\u202e title\x1b[2J", "--topic", "Operations", "--author", "Zo\u202efia\x9b"),
        ("new", "Title", "--topic", "x\u202e\x9b"),
        ("new", "Title", "--topic", "Operations", "--tag", "x\u202e\x9b"),
        ("tags", "merge", "x\u202e", "y\x9b"),
        ("tags", "merge", "te\u202ea", "queues"),
        ("no\u202ecommand",),
        ("check", "--no\u202eoption"),
        ("check", "no\u202efile.md"),
        ("ingest", "--date", "x\u202e", "no\u202efile.md"),
        ("newsletter", "check", "9\u202e"),
    ],
    ids=lambda arguments: "-".join(word for word in arguments[:2] if word.isascii()),
)
def test_no_argument_steers_the_terminal(publication: Path, arguments: tuple[str, ...]) -> None:
    result = run_insights(publication, *arguments)
    assert "Traceback" not in result.stderr
    assert result.stdout + result.stderr
    assert not steers(result.stdout + result.stderr)


def test_a_name_for_a_new_article_is_spelt_out(publication: Path) -> None:
    result = run_insights(publication, "new", "Title", "--topic", "Operations", "--author", "Zo\u202efia")
    assert '"Zo⟨U+202E⟩fia" has no page yet' in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--format", "json"),
        ("check", "--format", "sarif"),
        ("check", "--format", "gitlab"),
        ("check", "--format", "github"),
        ("check", "--fix", "--dry-run"),
        ("tags", "audit"),
        ("tags", "audit", "--json"),
        ("tags", "suggest", "--json"),
        ("related",),
        ("related", "--json"),
        ("newsletter", "check"),
        ("newsletter", "preview"),
        ("newsletter", "send", "--list", "readers.csv"),
        ("feeds", "ping"),
        ("export", "json", "out\u202e"),
    ],
    ids="-".join,
)
def test_nothing_in_content_steers_the_terminal(publication: Path, arguments: tuple[str, ...]) -> None:
    write_steering(publication)
    (publication / "readers.csv").write_text("email,name\na\u202e@b.example,Zo\u202efia\n", encoding="utf-8")
    page = "---\ntitle: A queue\ndate: 2026-01-01\ntopic: Operations\n---\n\nA [x](no\u202ewhere.md) queue.  \n"
    (publication / "content/insights/ste\u202eer\x1b[2J.md").write_text(page, encoding="utf-8")
    result = run_insights(publication, *arguments)
    assert "Traceback" not in result.stderr
    assert not steers(result.stdout + result.stderr)
    if "json" in arguments[-1] and result.stdout:
        json.loads(result.stdout)
