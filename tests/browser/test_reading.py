"""An article on paper, and while it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ARTICLE = "insights/waiting-times/"


def test_paper_has_the_article_and_where_its_links_lead(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url + ARTICLE)
    strict_page.emulate_media(media="print")
    for chrome in (".masthead nav", ".tools", ".signup", ".colophon", ".share", ".related", ".tags"):
        assert not strict_page.locator(chrome).first.is_visible(), chrome
    assert strict_page.locator("h1").is_visible()
    assert strict_page.locator(".byline").is_visible()
    shown = strict_page.evaluate(
        """() => {
          const link = Object.assign(document.createElement("a"), { href: "https://example.org/a?b" });
          document.querySelector(".text > p").append(link);
          return getComputedStyle(link, "::after").content;
        }"""
    )
    assert "https://example.org/a?b" in shown
    assert strict_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_what_is_below_the_window_is_laid_out_as_the_reader_nears_it(strict_page: Page, strict_url: str) -> None:
    laid_out = """() => ["h1", ".text > p", ".signup-title"].filter(
      (each) => document.querySelector(each).checkVisibility({ contentVisibilityAuto: true }))"""
    strict_page.set_viewport_size({"width": 390, "height": 600})
    strict_page.goto(strict_url + ARTICLE)
    strict_page.locator("h1").wait_for()
    assert strict_page.evaluate(laid_out) == ["h1", ".text > p"]
    strict_page.locator(".signup").scroll_into_view_if_needed()
    strict_page.evaluate("new Promise((ready) => requestAnimationFrame(() => requestAnimationFrame(ready)))")
    assert ".signup-title" in strict_page.evaluate(laid_out)


def test_paper_has_what_was_not_laid_out(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url + "archive/")
    strict_page.emulate_media(media="print")
    hidden = """[...document.querySelectorAll(".card")].filter(
      (each) => !each.checkVisibility({ contentVisibilityAuto: true })).length"""
    assert strict_page.evaluate(hidden) == 0


def test_paper_is_light_where_the_reader_chose_dark(strict_page: Page, strict_url: str) -> None:
    strict_page.goto(strict_url + ARTICLE)
    ink = "getComputedStyle(document.querySelector('h1')).color"
    light = strict_page.evaluate(ink)
    strict_page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert strict_page.evaluate(ink) != light
    strict_page.emulate_media(media="print", color_scheme="dark")
    assert strict_page.evaluate(ink) == light


def test_progress_follows_the_reader_without_a_script(browser: Browser, strict_url: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 600})
    page = context.new_page()
    page.goto(strict_url + ARTICLE)
    widths = page.evaluate(
        """async () => {
          const widths = [];
          for (const top of [0, 1e6]) {
            scrollTo({ top, behavior: "instant" });
            for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
            widths.push(new DOMMatrix(getComputedStyle(document.body, "::before").transform).a);
          }
          return widths;
        }"""
    )
    assert widths == [pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05)]
    context.close()


def test_an_address_is_copied(browser: Browser, strict_url: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(strict_url + ARTICLE)
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("link[rel=canonical]").get_attribute("href")
    page.get_by_text("Cite this article").click()
    page.get_by_role("button", name="Copy BibTeX").click()
    page.get_by_role("button", name="Copied").nth(0).wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{waiting-times,")
    context.close()


def test_structured_data_names_article_trail_people_and_publisher(built_site: Path) -> None:
    def kinds(path: str) -> dict[str, dict[str, object]]:
        (script,) = html.parse(built_site / path / "index.html").xpath("//script[@type='application/ld+json']")
        return {node["@type"]: node for node in json.loads(script.text)["@graph"]}

    article = kinds(ARTICLE)
    assert {"Article", "BreadcrumbList", "Organization"} <= set(article)
    assert article["Article"]["author"] == [
        {
            "@type": "Person",
            "name": "Zofia Żuraw",
            "url": "https://small.example.org/review/authors/zofia-zuraw/",
        }
    ]
    person = kinds("authors/zofia-zuraw")["ProfilePage"]["mainEntity"]
    assert isinstance(person, dict)
    assert (person["@type"], person["name"]) == ("Person", "Zofia Żuraw")
