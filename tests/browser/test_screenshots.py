"""Pictures of every page for people to look at: in the folder that SCREENSHOTS names, which CI keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.visits import open_context, reader_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="SCREENSHOTS is not set")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_has_its_picture_taken(
    browser: Browser, strict_url: str, built_site: Path, width: int, scheme: str
) -> None:
    folder = Path(os.environ["SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    context = open_context(browser, width, scheme)
    page = context.new_page()
    for path in reader_pages(built_site):
        page.goto(strict_url + path)
        name = path.strip("/").replace("/", "-") or "home"
        # What is below the window is laid out as a reader nears it; a picture of the whole page has no reader.
        page.evaluate("document.querySelectorAll('*').forEach((each) => { each.style.contentVisibility = 'visible' })")
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    page.goto(strict_url)
    page.keyboard.press("/")
    page.locator("dialog input[type=search]").fill("waits")
    page.locator("dialog .results a").first.wait_for()
    page.screenshot(path=folder / f"search-open-{width}-{scheme}.png")
    context.close()
