"""What several tests share: the project's own files, a miniature publication, a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No test depends on a time: machines are shared and slow at their own hours.
settings.register_profile("insights", deadline=None)
settings.load_profile("insights")

PROJECT = Path(__file__).parent.parent
_DECAP_SERVER = PROJECT / "node_modules/decap-server/dist/index.js"
SHARED = PROJECT.parent / "shared"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def copy_publication(target: Path) -> Path:
    """The miniature publication in a folder of its own, with the project's theme."""
    shutil.copytree(PROJECT / "tests" / "site", target, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "overrides", target / "overrides", dirs_exist_ok=True)
    return target


def run_insights(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The `insights` command, run as a user runs it, with `folder` as the working folder."""
    return subprocess.run(
        [sys.executable, "-m", "insights", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def judge_missing(condition: bool, judge: str) -> pytest.MarkDecorator:
    """Skips where the judge is not installed, but never in CI."""
    reason = f"!!! needs {judge}; `make test` as root installs it"
    return pytest.mark.skipif(condition and "CI" not in os.environ, reason=reason)


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """The miniature publication's folder, fresh for each test."""
    return copy_publication(tmp_path / "publication")


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature publication's site, built once by the real command."""
    root = copy_publication(tmp_path_factory.mktemp("built") / "publication")
    result = run_insights(root, "build")
    assert result.returncode == 0, result.stderr
    return root / "site"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass

    def send_error(self, code: int, *arguments: object, **named: object) -> None:
        """Answers a missing page with the site's own 404 page, as hosts do."""
        page = Path(self.directory) / "404.html"
        if code == 404 and page.is_file():
            body = page.read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            super().send_error(code, *arguments, **named)  # type: ignore[arg-type]


def serve(folder: Path) -> tuple[ThreadingHTTPServer, str]:
    """A server of a folder's files on a free port, and its address without a final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def site_url(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which the built site is served, below /review/ as its settings say."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "review").symlink_to(built_site)
    shutil.copy(built_site / "404.html", folder / "404.html")
    server, address = serve(folder)
    yield f"{address}/review/"
    server.shutdown()


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def switch_on_admin(root: Path, port: int = 8081) -> None:
    """Turns the admin page on in a copy of the miniature publication; decap-server listens on the port."""
    settings = root / "mkdocs.yml"
    admin = f"admin: {{backend: github, repository: a/b, proxy: 'http://127.0.0.1:{port}/api/v1'}}"
    settings.write_text(settings.read_text().replace("    tagline:", f"    {admin}\n    tagline:"))


def install_packages(root: Path) -> None:
    """Gives a publication the project's npm packages; without them the test is skipped, but never in CI."""
    if shutil.which("node") is None or not _DECAP_SERVER.is_file():
        message = "no decap-server: run npm ci"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    (root / "node_modules").symlink_to(PROJECT / "node_modules")


@contextmanager
def serve_repository(root: Path, port: int, mode: str) -> Iterator[None]:
    """Decap's own server over a publication's folder: `mode` is "git", or "fs" where no version control keeps it."""
    options = {"MODE": mode, "GIT_REPO_DIRECTORY": str(root), "PORT": str(port), "BIND_HOST": "127.0.0.1"}
    server = subprocess.Popen(["node", str(_DECAP_SERVER)], env={**os.environ, **options}, stdout=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def find_chromium() -> str | None:
    """The browser to test with: CHROMIUM, or what the system has."""
    candidates = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return next(
        (path for name in candidates if name and (path := shutil.which(name))), mac if Path(mac).exists() else None
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real headless Chromium; without one the test is skipped, but never in CI."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        message = "No chromium: the browser tests are skipped. Get it with: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
