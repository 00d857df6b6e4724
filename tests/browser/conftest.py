"""The built miniature site as a strict host serves it, and what a page asks of that host."""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COMPRESSED = {".css", ".html", ".js", ".json", ".svg"}


def read_headers(site: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the site's `_headers` says, as hosts read it: each pattern of addresses with its headers."""
    blocks = []
    for block in (site / "_headers").read_text(encoding="utf-8").strip().split("\n\n"):
        pattern, *lines = block.split("\n")
        headers = [(name.strip(), value.strip()) for name, _colon, value in (line.partition(":") for line in lines)]
        blocks.append((pattern, headers))
    return blocks


class StrictHandler(SimpleHTTPRequestHandler):
    """Serves a folder with the headers that the site asks for, compressed."""

    protocol_version = "HTTP/1.1"
    headers_of_site: ClassVar[list[tuple[str, list[tuple[str, str]]]]] = []

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        status = 200 if path.is_file() else 404
        if status == 404:
            path = Path(self.directory) / "404.html"
        body = path.read_bytes()
        self.send_response(status)
        asked = [each for pattern, each in self.headers_of_site if fnmatchcase(urlsplit(self.path).path, pattern)]
        headers = [header for each in asked for header in each]
        if not any(name == "Content-Type" for name, _value in headers):
            self.send_header("Content-Type", self.guess_type(path))
        for name, value in headers:
            self.send_header(name, value)
        if path.suffix in COMPRESSED:
            body = gzip.compress(body, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def strict_url(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site on a strict host, with its final slash."""
    folder = tmp_path_factory.mktemp("strict")
    (folder / "review").symlink_to(built_site)
    shutil.copy(built_site / "404.html", folder / "404.html")
    StrictHandler.headers_of_site = read_headers(built_site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StrictHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/review/"
    server.shutdown()


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
