"""The built miniature site in a real headless Chromium, as a reader meets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test for a console error, a script error or a request to another host."""
    # Without motion: on a busy machine Chromium may abort its own page transition, and reports that as a script error.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if "127.0.0.1" in request.url else problems.append(request.url))
    yield page
    context.close()
    assert problems == []


def test_search_finds_an_article_by_a_word_of_its_text(page: Page, site_url: str) -> None:
    page.goto(site_url)
    page.keyboard.press("/")
    page.locator("dialog input").wait_for()
    page.keyboard.type("zymurgist")
    result = page.locator("dialog a", has_text="Counting what waits").first
    result.wait_for()
    result.click()
    page.wait_for_url("**/insights/counting-what-waits/**")
    assert "tally" in page.content()


def test_related_links_lead_to_their_articles(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}insights/waiting-times/")
    page.locator("section.related a", has_text="Counting what waits").first.click()
    page.wait_for_url("**/insights/counting-what-waits/")
    assert page.locator("h1").inner_text().startswith("Counting what waits")


def test_a_search_address_works_from_a_bookmark(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}search/?q=zymurgist")
    page.locator("main a", has_text="Counting what waits").first.wait_for()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path", ["", "insights/waiting-times/", "topics/operations/", "archive/", "feeds/", "newsletter/1/"]
)
def test_no_page_is_wider_than_its_window(page: Page, site_url: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site_url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_theme_switch_remembers_its_choice(page: Page, site_url: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(site_url)
    background = (
        "getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor"
    )
    light = page.evaluate(background)
    switch = page.locator("[data-theme-switch]")
    seen = set()
    for _ in range(3):
        switch.click()
        seen.add(page.evaluate(background))
    assert light in seen
    assert len(seen) == 2
    while page.evaluate(background) == light:
        switch.click()
    page.reload()
    assert page.evaluate(background) != light


def test_everything_is_readable_without_a_script(browser: Browser, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url)
    page.locator("main a", has_text="Waiting times").first.click()
    assert "A busy desk makes everybody wait" in page.inner_text("main")
    page.goto(f"{site_url}search/")
    assert page.locator("main a", has_text="Operations").first.is_visible()
    context.close()
