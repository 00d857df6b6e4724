"""axe on every page and in every state, at both widths and in both colour schemes; the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from judges import AXE, axe_violations, need

from browser.visits import open_context, reader_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ARTICLE = "insights/waiting-times/"


@pytest.fixture(autouse=True, scope="module")
def _axe_is_there() -> None:
    need(AXE.is_file(), "axe-core, of npm's packages,")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_page(browser: Browser, strict_url: str, built_site: Path, width: int) -> None:
    context = open_context(browser, width, "light")
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for path in reader_pages(built_site):
        page.emulate_media(color_scheme="light")
        page.goto(strict_url + path)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        problems = axe_violations(page)
        page.emulate_media(color_scheme="dark")  # Only colours change.
        if problems := [*problems, *axe_violations(page, ["color-contrast"])]:
            found[path] = problems
    context.close()
    assert found == {}


def open_search(page: Page) -> None:
    """The dialog with results and its filters open."""
    page.keyboard.press("/")
    page.locator("dialog input[type=search]").fill("waits")
    page.locator("dialog .results a").first.wait_for()
    page.locator("dialog summary").click()
    page.locator("dialog fieldset label").first.wait_for()


def misspell(page: Page) -> None:
    """The dialog with results for another spelling."""
    page.keyboard.press("Control+k")
    page.locator("dialog input[type=search]").fill("opertaions")
    page.locator("dialog .search-status", has_text="operations").wait_for()


def switch_theme(page: Page) -> None:
    """The scheme that the reader chose: the other two, one after the other."""
    page.locator("[data-theme-switch]").click()
    assert axe_violations(page) == []
    page.locator("[data-theme-switch]").click()


@pytest.mark.parametrize("state", [open_search, misspell, switch_theme])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_any_state(
    browser: Browser, strict_url: str, width: int, scheme: str, state: Callable[[Page], None]
) -> None:
    context = open_context(browser, width, scheme)
    page = context.new_page()
    page.goto(strict_url + ARTICLE)
    state(page)
    assert axe_violations(page) == []
    context.close()


@pytest.mark.parametrize("path", ["", ARTICLE, "topics/operations/", "search/", "subscribe/", "404.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_link_and_button_is_reached_by_keyboard_and_shows_its_focus(
    strict_page: Page, strict_url: str, path: str, width: int
) -> None:
    strict_page.set_viewport_size({"width": width, "height": 844})
    strict_page.goto(strict_url + path)
    strict_page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    controls = "a[href], button, input:not([type=hidden]):not([disabled]), summary, [tabindex='0']"
    wanted = strict_page.locator(controls).locator("visible=true").count()
    strict_page.evaluate("document.querySelectorAll('*').forEach((element, n) => { element.dataset.place = n })")
    reached: set[str] = set()
    for _ in range(wanted + 1):  # one stop is the browser's own, between the end of the page and its beginning
        strict_page.keyboard.press("Tab")
        place, name, outline = strict_page.evaluate(
            "[document.activeElement.dataset.place, document.activeElement.localName, "
            "getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name != "body":
            assert outline != "none", place
            reached.add(place)
    assert len(reached) == wanted


def test_the_first_stop_of_the_keyboard_skips_to_the_content(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url + ARTICLE)
    strict_page.keyboard.press("Tab")
    strict_page.keyboard.press("Enter")
    strict_page.keyboard.press("Tab")
    assert strict_page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_nothing_moves_for_a_reader_who_asked_for_less_motion(browser: Browser, strict_url: str) -> None:
    context = open_context(browser, 1280, "light")
    page = context.new_page()
    page.goto(strict_url + ARTICLE)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()
