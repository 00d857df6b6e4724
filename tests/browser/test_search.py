"""The search, as a reader uses it: the dialog, the page, the keyboard, the address, misspelt words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def ask(page: Page, query: str) -> None:
    """Opens the dialog where it is not open, and types."""
    if not page.locator("dialog[open]").count():
        page.keyboard.press("/")
    page.locator("dialog input[type=search]").fill(query)


def test_results_come_as_one_types_with_the_word_marked(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url)
    ask(strict_page, "zymurgist")
    strict_page.locator("dialog .results mark", has_text="zymurgist").first.wait_for()


@pytest.mark.parametrize("typed", ["opertaions", "operatoins", "zymrugist", "zymurgst"])
def test_a_slip_of_the_hand_is_mended(strict_page: Page, strict_url: str, typed: str) -> None:
    strict_page.goto(strict_url)
    ask(strict_page, typed)
    strict_page.locator("dialog .results a").first.wait_for()


def test_a_slip_of_the_hand_costs_a_list_of_words_and_no_filters(strict_page: Page, strict_url: str) -> None:
    asked: list[str] = []
    strict_page.on("request", lambda request: asked.append(request.url))
    strict_page.goto(strict_url)
    ask(strict_page, "opertaions")
    strict_page.locator("dialog .search-status", has_text="for “operations”").wait_for()
    assert [url for url in asked if url.endswith("/search/words.txt")]
    assert [url for url in asked if "/filter/" in url] == []


def test_a_slip_of_the_hand_is_not_mended_to_a_word_that_nearly_every_article_has(
    strict_page: Page, strict_url: str
) -> None:
    strict_page.route("**/pagefind/common.json", lambda route: route.fulfill(json={"en": ["the"]}))
    strict_page.route("**/search/words.txt", lambda route: route.fulfill(body="the"))
    strict_page.goto(strict_url)
    ask(strict_page, "tge")
    status = strict_page.locator("dialog .search-status", has_text="Nothing found for “tge”.")
    status.wait_for()
    assert "“the”" not in status.inner_text()


def test_a_word_that_nearly_every_article_has_is_not_looked_up(strict_page: Page, strict_url: str) -> None:
    asked: list[str] = []
    strict_page.on("request", lambda request: asked.append(request.url))
    strict_page.route("**/pagefind/common.json", lambda route: route.fulfill(json={"en": ["the", "veri"]}))
    strict_page.goto(strict_url)
    for query in ("the", "th", "Very the"):
        ask(strict_page, query)
        said = f"“{query.lower()}” finds nearly every article. Add another word."
        strict_page.locator("dialog .search-status", has_text=said).wait_for()
        assert strict_page.locator("dialog .results a").count() == 0
    assert [url for url in asked if "/index/" in url] == []
    ask(strict_page, "the waits")
    strict_page.locator("dialog .search-status", has_text="Left out, as nearly every article has it: “the”.").wait_for()
    assert strict_page.locator("dialog .results a").count()
    ask(strict_page, '"the"')  # a phrase is looked up as it is
    strict_page.locator("dialog .search-status", has_text="result").wait_for()


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url)
    ask(strict_page, "xqzzxqzz")
    strict_page.locator("dialog .search-status", has_text="Nothing found for “xqzzxqzz”.").wait_for()
    assert strict_page.locator("dialog .results a").count() == 0


def test_a_filter_narrows_the_results_and_stands_in_the_address(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(f"{strict_url}search/?q=waits")
    strict_page.locator(".results a").first.wait_for()
    strict_page.locator("summary", has_text="Filter").click()
    strict_page.locator("fieldset label", has_text="Operations").locator("input").check()
    strict_page.wait_for_url("**topic=Operations**")
    assert parse_qs(urlsplit(strict_page.url).query) == {"q": ["waits"], "topic": ["Operations"]}
    strict_page.reload()
    strict_page.locator(".results a").first.wait_for()
    assert strict_page.locator("fieldset input:checked").count() == 1
    assert all("Operations" in line for line in strict_page.locator(".results .kicker").all_inner_texts())


def test_arrow_keys_walk_the_results_and_escape_leaves_no_trace(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url)
    ask(strict_page, "waits")
    first = strict_page.locator("dialog .results a").first
    first.wait_for()
    strict_page.keyboard.press("ArrowDown")
    assert strict_page.evaluate("document.activeElement.textContent") == first.inner_text()
    strict_page.keyboard.press("ArrowUp")
    assert strict_page.evaluate("document.activeElement.name") == "q"
    strict_page.keyboard.press("Escape")
    strict_page.wait_for_url(strict_url)
    assert strict_page.locator("dialog[open]").count() == 0


def test_enter_opens_the_search_page_with_the_query(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url)
    ask(strict_page, "zymurgist")
    strict_page.keyboard.press("Enter")
    strict_page.wait_for_url("**/search/?q=zymurgist")
    strict_page.locator("main .results a").first.wait_for()


def test_markup_in_a_query_stays_text(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(f"{strict_url}search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    strict_page.locator(".search-status", has_text="<img src=x").wait_for()
    assert strict_page.locator(".search-page img").count() == 0


def test_the_404_page_searches(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(f"{strict_url}404.html")
    strict_page.locator("main input[type=search]").fill("zymurgist")
    strict_page.keyboard.press("Enter")
    strict_page.locator("main .results a").first.wait_for()
