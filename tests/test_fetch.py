"""Fetching from a real server on this machine, which is private: tests open its network, or see it refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import run_insights

from insights.errors import FetchError
from insights.fetch import Fetched, Fetcher, FetchPolicy
from insights.ingest import FETCHED, Request, Status, ingest
from insights.ingest.places import Place
from insights.library import Library

LOCAL = FetchPolicy(pause_seconds=0, timeout_seconds=2, max_bytes=10_000, open_networks=("127.0.0.0/8",))


class Handler(BaseHTTPRequestHandler):
    """A site with one page of each kind."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["If-None-Match"]))
        match self.path:
            case "/robots.txt":
                self.answer(200, b"User-agent: *\nDisallow: /private/\n")
            case "/page":
                if self.headers["If-None-Match"] == '"one"':
                    self.answer(304, b"")
                else:
                    self.answer(200, b"<p>Hello</p>", ETag='"one"')
            case "/moved":
                self.answer(301, b"", Location="/page")
            case "/loop":
                self.answer(302, b"", Location="/loop")
            case "/away":
                self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
            case "/file":
                self.answer(302, b"", Location="file:///etc/passwd")
            case "/large":
                self.answer(200, b"x" * 20_000)
            case "/slow":
                threading.Event().wait(4)
            case _:
                self.answer(404, b"")

    def answer(self, code: int, body: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The site's address and the requests it has had."""
    asked: list[tuple[str, str | None]] = []
    handler = type("Handler", (Handler,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_a_page_is_fetched_and_then_asked_for_only_if_it_changed(server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    address, asked = server
    fetcher = Fetcher(LOCAL, tmp_path)
    first = fetcher.fetch(f"{address}/page")
    again = Fetcher(LOCAL, tmp_path).fetch(f"{address}/page")
    assert first == again
    assert first.data == b"<p>Hello</p>"
    assert first.media_type.startswith("text/html")
    assert asked[-1] == ("/page", '"one"')


def test_a_torn_copy_is_not_trusted(server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    address, asked = server
    Fetcher(LOCAL, tmp_path).fetch(f"{address}/page")
    next(tmp_path.glob("*.bin")).write_bytes(b"torn")
    assert Fetcher(LOCAL, tmp_path).fetch(f"{address}/page").data == b"<p>Hello</p>"
    assert asked[-1] == ("/page", None)


def test_a_redirect_is_followed_and_its_end_is_the_address(server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    address, _ = server
    assert Fetcher(LOCAL, tmp_path).fetch(f"{address}/moved").url == f"{address}/page"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/loop", "it redirects over 5 times"),
        ("/away", r"private address \(169\.254\.169\.254\)"),
        ("/file", "it is no web address"),
        ("/large", "it has over 10,000 bytes"),
        ("/slow", "does not answer in time"),
        ("/nowhere", "the server answers 404"),
        ("/private/page", "robots.txt does not allow it"),
    ],
)
def test_what_must_not_or_cannot_be_fetched_is_named(server, tmp_path: Path, path: str, message: str) -> None:  # type: ignore[no-untyped-def]
    address, _ = server
    with pytest.raises(FetchError, match=message):
        Fetcher(LOCAL, tmp_path).fetch(address + path)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "192.168.1.1", "0.0.0.0", "2130706433"],
)
def test_private_addresses_are_refused_however_they_are_written(host: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"private address|does not resolve"):
        Fetcher(FetchPolicy(timeout_seconds=2), tmp_path).fetch(f"http://{host}:9/")


@pytest.mark.parametrize(
    "address",
    ["http://[x", f"http://{'a' * 70}.example/", "http://bü..cher.example/", "http://a.example:99999/", "ftp:"],
)
def test_address_that_is_none_is_named(address: str, tmp_path: Path) -> None:
    for fetcher in (Fetcher(FetchPolicy(), tmp_path), Fetcher(FetchPolicy(), tmp_path, is_offline=True)):
        with pytest.raises(FetchError, match=r"no web address|does not resolve|no copy"):
            fetcher.fetch(address)


def test_a_fetched_page_is_ingested_again_without_the_network(server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    address, asked = server

    def ingested(folder: str, fetcher: Fetcher) -> tuple[list[Status], dict[str, bytes]]:
        into = tmp_path / folder
        request = Request(into, tmp_path, datetime(2026, 1, 1, tzinfo=UTC), into / "assets", fetcher=fetcher)
        outcomes = list(ingest([Place(f"{address}/page", url=f"{address}/page")], Library(), request))
        return [outcome.status for outcome in outcomes], {path.name: path.read_bytes() for path in into.glob("*.md")}

    online = ingested("online", Fetcher(LOCAL, tmp_path / "copies"))
    requests = len(asked)
    offline = ingested("offline", Fetcher(LOCAL, tmp_path / "copies", is_offline=True))
    assert offline == online
    assert online[0] == [Status.DRAFT]
    assert len(asked) == requests


def test_offline_an_address_without_a_copy_is_named(publication: Path) -> None:
    result = run_insights(publication, "ingest", "--offline", "https://never-fetched.example/page")
    assert result.returncode == 2
    assert "https://never-fetched.example/page: no copy of it is kept" in result.stderr


def test_the_copies_lie_beside_the_records_of_what_was_ingested(publication: Path) -> None:
    url = "https://fetched-before.example/notes/tea"
    (publication / FETCHED).mkdir(parents=True)
    fetcher = Fetcher(FetchPolicy(), publication / FETCHED)
    fetcher.keep(
        url, Fetched(url, b"<h1>Tea at noon</h1><p>Tea.</p>", "text/html", datetime(2026, 1, 1, tzinfo=UTC)), {}
    )
    assert next((publication / FETCHED).glob("*.bin")).name.startswith("fetched-before-example-notes-tea-")
    result = run_insights(publication, "ingest", "--offline", url)
    assert result.returncode == 0, result.stderr
    assert "draft" in result.stdout
    assert (publication / "content/insights/tea-at-noon.md").is_file()
