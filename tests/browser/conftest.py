"""The built miniature site as a strict host serves it, and what a page asks of that host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from strict_host import strict_host

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def strict_url(built_site: Path) -> Iterator[str]:
    """The address of the built site on a strict host, with its final slash."""
    with strict_host(built_site, "/review/") as address:
        yield address


def watch(page: Page, strict_url: str) -> list[str]:
    """A list that fills with what no page may do: errors in the console, requests to other hosts."""
    problems: list[str] = []
    host = urlsplit(strict_url).netloc
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if urlsplit(request.url).netloc == host else problems.append(request.url))
    return problems


@pytest.fixture
def strict_page(browser: Browser, strict_url: str) -> Iterator[Page]:
    """A page on the strict host that fails its test for a console error or a request to another host."""
    # Without motion: on a busy machine Chromium may abort its own page transition, and reports that as a script error.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    problems = watch(page, strict_url)
    yield page
    context.close()
    assert problems == []
