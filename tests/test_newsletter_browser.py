"""The email in a real browser: at the widths of a desk and a phone, by day and by night."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import pytest
from judges import AXE, axe_violations, need

from insights.newsletter import render_edition
from insights.store import read_library, read_publication

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def email_html() -> str:
    library, _ = read_library(CASE)
    publication = read_publication(CASE)
    newsletter = msgspec.structs.replace(publication.settings.newsletter, content="full")
    settings = msgspec.structs.replace(publication.settings, newsletter=newsletter)
    edition = next(edition for edition in library.editions if edition.number == 2)
    files = dict(render_edition(edition, library, replace(publication, settings=settings)))
    return files["newsletter/2/email.html"].decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 375])
def test_email_fits_its_width_and_axe_finds_nothing(
    browser: Browser, email_html: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    need(AXE.is_file(), "axe-core, of npm's packages,")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(email_html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(page) == []
    dark = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
    assert (dark == "rgb(25, 27, 30)") == (scheme == "dark")
    context.close()
