"""What a first visit costs a reader, in bytes, requests and lines."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.visits import reader_pages

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.browser

TEXT_ARTICLE = "insights/counting-what-waits/"
MAX_BYTES = 15 * 1024
MAX_SCRIPT_BYTES = 3 * 1024
MAX_REQUESTS = 5
# What readers' machines show the text in, or what is as wide: Charter (Charis SIL), Times New Roman (Liberation Serif),
# Cambria (Caladea), and the serifs of Linux desktops.
FONTS = ["Charis SIL", "Liberation Serif", "Caladea", "C059", "DejaVu Serif"]
PROSE = """
The desk kept two numbers. One counted what had been closed by the evening, and everybody knew it by heart; the other
would have counted what was still open, and nobody had ever asked for it. When a manager from another building came to
look, she spent her first morning in front of the shelf, not the screen. There were forty folders on it. Half of them
were older than a week, and six had come back a second time with a note clipped to the cover. By lunch she had a list
of questions, none about software: who may say no, who hears about it, and what happens to the case after that?
"""
# The letters of a line, over all full lines of the paragraphs of the text.
LETTERS_A_LINE = """() => {
  const counts = [];
  for (const paragraph of document.querySelectorAll(".text > p")) {
    const lines = new Map();
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      for (let place = 0; place < node.length; place++) {
        const range = document.createRange();
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        const [box] = range.getClientRects();
        if (box) lines.set(Math.round(box.bottom / 16), (lines.get(Math.round(box.bottom / 16)) ?? 0) + 1);
      }
    }
    counts.push(...[...lines.values()].slice(0, -1));
  }
  counts.sort((a, b) => a - b);
  return counts[counts.length >> 1];
}"""


def need_font(name: str) -> None:
    """Skips the test on a machine that lacks the font, but never in CI."""
    command = ["fc-match", "-f", "%{family}", name]
    matched = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout if shutil.which("fc-match") else ""
    )
    if name not in matched.split(","):
        message = f"The font {name} is missing: scripts/setup.sh browser brings it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def sizes(page: Page, address: str) -> dict[str, int]:
    """The bytes of each response's body and head, by address, until the page is at rest."""
    responses: list[Request] = []
    page.on("requestfinished", lambda request: responses.append(request))  # noqa: PLW0108 (Playwright marks its handlers)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    counted = [request.sizes() for request in responses]
    return {
        request.url: size["responseBodySize"] + size["responseHeadersSize"]
        for request, size in zip(responses, counted, strict=True)
    }


@pytest.mark.parametrize("slug", ["counting-what-waits", "unbekannte-grossen", "waiting-times"])
def test_an_article_is_light(strict_page: Page, strict_url: str, slug: str) -> None:
    cost = sizes(strict_page, f"{strict_url}insights/{slug}/")
    assert len(cost) <= MAX_REQUESTS, cost
    assert sum(cost.values()) <= MAX_BYTES, cost
    assert sum(size for url, size in cost.items() if url.endswith(".js")) <= MAX_SCRIPT_BYTES, cost


def test_search_costs_nothing_until_it_is_opened(strict_page: Page, strict_url: str, built_site: Path) -> None:
    asked: list[str] = []
    strict_page.on("request", lambda request: asked.append(request.url))
    for path in reader_pages(built_site):
        strict_page.goto(strict_url + path)
    strict_page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/pagefind/" in url] == []


@pytest.mark.parametrize("font", FONTS)
def test_lines_have_66_to_72_letters(strict_page: Page, strict_url: str, font: str) -> None:
    need_font(font)
    strict_page.goto(strict_url + TEXT_ARTICLE)
    strict_page.evaluate(
        """([words, font]) => {
          document.documentElement.style.setProperty("--serif", `"${font}"`);
          document.querySelector(".text > p").textContent = words;
        }""",
        [PROSE * 12, font],
    )
    assert 66 <= strict_page.evaluate(LETTERS_A_LINE) <= 72
    size = strict_page.evaluate("parseFloat(getComputedStyle(document.querySelector('.text')).fontSize)")
    assert 18 <= size <= 20


def test_no_page_is_wider_than_its_window(strict_page: Page, strict_url: str, built_site: Path) -> None:
    wide = []
    for path in reader_pages(built_site):
        strict_page.goto(strict_url + path)
        for width in (320, 390, 768, 1280, 1920):
            strict_page.set_viewport_size({"width": width, "height": 800})
            if strict_page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((path, width))
    assert wide == []
