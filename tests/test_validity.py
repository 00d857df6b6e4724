"""Every built page in the eyes of the Nu HTML Checker. Emails have their own test, with what Outlook needs of them."""

from __future__ import annotations

from pathlib import Path

from judges import has_nu, need, nu_messages

EMAILS = ("newsletter/*/email.html", "newsletter/*/exports/*.html", "newsletter/*/fragments/*.html")


def test_no_page_has_an_error_or_a_warning(built_site: Path) -> None:
    need(has_nu(), "The Nu HTML Checker (Java and npm's packages)")
    emails = {path for pattern in EMAILS for path in built_site.glob(pattern)}
    pages = sorted(set(built_site.rglob("*.html")) - emails)
    assert len(pages) > 20
    assert nu_messages(pages) == {}


def test_the_checker_sees_an_error(tmp_path: Path) -> None:
    need(has_nu(), "The Nu HTML Checker (Java and npm's packages)")
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>A</title><p><div></div></p>", encoding="utf-8")
    (messages,) = nu_messages([page]).values()
    assert any("error" in message for message in messages)
