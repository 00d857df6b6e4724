"""`--online` against a real server on this machine, which is private: tests open its network, or see it refused."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import run_insights

from insights.desk.online import POLICY, find_dead

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOCAL = replace(POLICY, pause_seconds=0.01, timeout_seconds=1, open_networks=("127.0.0.0/8",))


class Handler(BaseHTTPRequestHandler):
    """A site with an address of each kind; `asked` counts the requests."""

    asked: Counter[str]

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        is_first = self.asked[self.path] == 1
        match self.path:
            case "/page":
                self.answer(200)
            case "/moved":
                self.answer(301, Location="/page")
            case "/moved-to-nowhere":
                self.answer(301, Location="/nowhere")
            case "/busy":
                self.answer(429 if is_first else 200, **{"Retry-After": "0"})
            case "/always-busy":
                self.answer(429, **{"Retry-After": "86400"})
            case "/restarting":
                self.answer(503 if is_first else 200)
            case "/broken":
                self.answer(500)
            case "/members":
                self.answer(403)
            case "/gone":
                self.answer(410)
            case "/silent":
                threading.Event().wait(3)
            case "/inside":
                self.answer(302, Location="http://10.0.0.1/")
            case _:
                self.answer(404)

    def answer(self, code: int, **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, Counter[str]]]:
    asked: Counter[str] = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """A server whose certificate nobody vouches for."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"asked": Counter()}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("path", ["/page", "/moved", "/busy", "/always-busy", "/restarting", "/members"])
def test_what_answers_or_only_refuses_programs_is_not_dead(
    site: tuple[str, Counter[str]], tmp_path: Path, path: str
) -> None:
    address, _ = site
    assert find_dead([address + path], tmp_path, NOW, LOCAL) == {}


@pytest.mark.parametrize(
    ("path", "message", "requests"),
    [
        ("/nowhere", "the server answers 404 Not Found", 1),
        ("/moved-to-nowhere", "the server answers 404 Not Found", 1),
        ("/gone", "the server answers 410 Gone", 1),
        ("/broken", "the server answers 500 Internal Server Error", 3),
        ("/silent", "the server does not answer in time", 3),
        ("/inside", "it is at a private address (10.0.0.1)", 1),
    ],
)
def test_what_is_dead_is_named_and_asked_for_as_often_as_makes_sense(
    site: tuple[str, Counter[str]], tmp_path: Path, path: str, message: str, requests: int
) -> None:
    address, asked = site
    errors = find_dead([address + path], tmp_path, NOW, LOCAL)
    assert {url: error.what for url, error in errors.items()} == {address + path: message}
    assert asked[path] == requests


def test_a_certificate_that_nobody_vouches_for_is_an_error(secure: str, tmp_path: Path) -> None:
    (error,) = find_dead([f"{secure}/page"], tmp_path, NOW, LOCAL).values()
    assert "certificate" in error.what.lower()


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        (error,) = find_dead([url], tmp_path, NOW, LOCAL).values()
    assert "cannot be reached" in error.what


def test_a_private_address_is_refused_unless_its_network_is_named(
    site: tuple[str, Counter[str]], tmp_path: Path
) -> None:
    address, asked = site
    (error,) = find_dead([f"{address}/page"], tmp_path, NOW, replace(LOCAL, open_networks=())).values()
    assert "private address" in error.what
    assert not asked


def test_what_answered_is_remembered_for_a_week_and_what_is_dead_is_not(
    site: tuple[str, Counter[str]], tmp_path: Path
) -> None:
    address, asked = site
    urls = [f"{address}/page", f"{address}/nowhere"]
    for days in (0, 6, 8):
        find_dead(urls, tmp_path, NOW + timedelta(days=days), LOCAL)
    assert (asked["/page"], asked["/nowhere"]) == (2, 3)


def test_a_damaged_memory_is_read_as_none(site: tuple[str, Counter[str]], tmp_path: Path) -> None:
    address, asked = site
    for damaged in ("{", "[]", '{"x": 1}', json.dumps({f"{address}/page": "yesterday"})):
        (tmp_path / "build").mkdir(exist_ok=True)
        (tmp_path / "build" / "links.json").write_text(damaged)
        assert find_dead([f"{address}/page"], tmp_path, NOW, LOCAL) == {}
    assert asked["/page"] == 4


def test_the_command_names_each_place_of_a_dead_link(site: tuple[str, Counter[str]], publication: Path) -> None:
    address, _ = site
    settings = publication / "mkdocs.yml"
    text = settings.read_text()
    settings.write_text(text.replace("    tagline:", '    check: {networks: ["127.0.0.0/8"]}\n    tagline:'))
    body = f"See [one]({address}/nowhere), [two]({address}/page#part) and [three]({address}/nowhere#part)."
    (publication / "content" / "insights" / "new.md").write_text(
        f"---\ntitle: New\ndate: 2026-01-01\ntopic: Operations\n---\n{body}\n"
    )
    output = run_insights(publication, "check", "--online", "content/insights/new.md").stdout
    places = [line for line in output.splitlines() if "[link-dead]" in line]
    assert [line.split(":")[1:3] for line in places] == [["6", "11"], ["6", str(body.index(f"{address}/nowhere#") + 1)]]
    assert "404" in places[0]
    settings.write_text(text)
    (publication / "build" / "links.json").unlink()
    assert "private address" in run_insights(publication, "check", "--online", "content/insights/new.md").stdout


def test_address_that_is_none_is_told_as_a_mistake_and_asked_of_nobody(publication: Path) -> None:
    body = "[One](http://[x), [two](http://bü..cher.invalid/) and <http://[y/z>."
    (publication / "content" / "insights" / "new.md").write_text(
        f"---\ntitle: New\ndate: 2026-01-01\ntopic: Operations\n---\n{body}\n"
    )
    result = run_insights(publication, "check", "--online", "content/insights/new.md")
    assert result.returncode == 1, result.stderr
    assert result.stdout.count("[link-invalid]") == 2
    assert "bü..cher.invalid" in next(line for line in result.stdout.splitlines() if "[link-dead]" in line)
