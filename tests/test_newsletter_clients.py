"""The email as mail programs, HTML checkers and spam filters judge it; each judge is a real one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from conftest import PROJECT, judge_missing

from insights.newsletter import render_edition
from insights.store import read_library, read_publication

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
VNU = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CANIEMAIL = PROJECT / "node_modules" / "caniemail"

# What an email may use though some mail program lacks it, and what a reader loses there.
ENHANCEMENTS = {
    "<body> element": "webmail puts its own element in its place, and keeps what is in it",
    "<style> element": "the styles that count stand in the elements; the dark and the narrow ones are lost",
    "@media": "the same",
    "display:none": "the preheader shows above the masthead",
    "lang attribute": "a screen reader goes on in the language of the mail program",
    "mailto: links": "the link does not open a new message; a service's own link is https:",
    "role attribute": "a screen reader may count the rows of the layout",
    "text-decoration": "titles are underlined",
    "width attribute": "the picture takes its width from its style",
}
# Outlook needs these, and the standards do not know them.
OUTLOOK_NEEDS = ("Attribute “xmlns:o” not allowed here", "“mso-hide”: Property “mso-hide” doesn't exist")


@pytest.fixture(scope="module", params=["summary", "full"])
def files(request: pytest.FixtureRequest) -> dict[str, str]:
    """The files of an edition, told by summaries and by whole articles with code, tables and pictures."""
    library, _ = read_library(CASE)
    publication = read_publication(CASE)
    newsletter = msgspec.structs.replace(publication.settings.newsletter, content=request.param)
    settings = msgspec.structs.replace(publication.settings, newsletter=newsletter)
    edition = next(edition for edition in library.editions if edition.number == 2)
    rendered = render_edition(edition, library, replace(publication, settings=settings))
    return {path.removeprefix("newsletter/2/"): data.decode() for path, data in rendered}


@judge_missing(not CANIEMAIL.is_dir(), "npm's packages")
def test_mail_programs_lose_no_content_and_little_polish(files: dict[str, str]) -> None:
    command = ["node", str(PROJECT / "tests" / "email_clients.mjs")]
    result = subprocess.run(command, input=files["email.html"], capture_output=True, text=True, check=True)
    lacking = json.loads(result.stdout)
    assert set(lacking) <= set(ENHANCEMENTS)
    assert sum(len(clients) for clients in lacking.values()) <= 40, lacking


@judge_missing(not VNU.is_file() or shutil.which("java") is None, "Java and npm's packages")
def test_html_has_no_errors_but_what_outlook_needs(files: dict[str, str], tmp_path: Path) -> None:
    for name, html in files.items():
        if name.endswith(".html") and not name.startswith("exports/"):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            head = '<!doctype html>\n<html lang="en">\n<title>A fragment</title>\n<h1>A letter</h1>\n'
            path.write_text(html if name == "email.html" else head + html, encoding="utf-8")
    command = ["java", "-jar", str(VNU), "--format", "json", "--stdout", "--exit-zero-always", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = [message["message"] for message in json.loads(result.stdout)["messages"]]
    assert [message for message in messages if not any(need in message for need in OUTLOOK_NEEDS)] == []
    assert len(messages) == len(OUTLOOK_NEEDS)


@judge_missing(shutil.which("spamassassin") is None, "spamassassin")
def test_spam_filter_finds_nothing(files: dict[str, str]) -> None:
    command = ["spamassassin", "--local"]
    result = subprocess.run(command, input=files["email.eml"], capture_output=True, text=True, check=True)
    score = re.search(r"^X-Spam-Status: .*?score=(-?[\d.]+)", result.stdout, re.MULTILINE)
    assert score
    assert float(score[1]) <= 0.0, result.stdout[:2000]
