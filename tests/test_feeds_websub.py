"""What the hub is told: exactly the feeds that changed, and only when asked to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from conftest import run_insights

from insights.feeds import render_feeds
from insights.feeds.websub import changed_feeds, digest_feeds, dump_state, parse_state, publish_form
from insights.model import EPOCH
from insights.store import read_library, read_publication

SITE = "https://n.example.org/"
STATE = ".insights/feeds.json"


class Hub(ThreadingHTTPServer):
    """A WebSub hub that remembers what it was told."""

    def __init__(self) -> None:
        self.forms: list[list[tuple[str, str]]] = []
        self.status = 202
        super().__init__(("127.0.0.1", 0), _HubHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _HubHandler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.forms.append(parse_qsl(body.decode()))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def write_publication(root: Path, hub: str | None) -> None:
    setting = f"feeds: {{hub: '{hub}'}}" if hub else "tagline: none"
    (root / "mkdocs.yml").write_text(f"site_name: N\nsite_url: {SITE}\nplugins:\n  - insights:\n      {setting}\n")
    for folder in ("insights", "topics"):
        (root / "content" / folder).mkdir(parents=True, exist_ok=True)
    for topic in ("alpha", "beta"):
        (root / f"content/topics/{topic}.md").write_text(f"---\ntitle: {topic}\n---\n")
        write_article(root, topic, "First.")


def write_article(root: Path, topic: str, body: str) -> None:
    text = f"---\ntitle: On {topic}\ndate: 2026-01-01\ntopic: {topic}\ndescription: D\n---\n{body}\n"
    (root / f"content/insights/on-{topic}.md").write_text(text)


def build_feeds(root: Path) -> None:
    library, _ = read_library(root)
    for path, data in render_feeds(library.live(EPOCH.replace(year=2027)), read_publication(root)):
        target = root / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def folder_urls(*folders: str) -> list[str]:
    names = ("atom.xml", "feed.json", "feed.rss", "feed.xml")
    return sorted(SITE + folder + name for folder in folders for name in names)


def told(hub: Hub) -> list[str]:
    return sorted(value for form in hub.forms for key, value in form if key == "hub.url")


def test_dry_run_lists_changes_and_tells_nobody(tmp_path: Path, hub: Hub) -> None:
    write_publication(tmp_path, hub.url)
    build_feeds(tmp_path)
    done = run_insights(tmp_path, "feeds", "ping", SOURCE_DATE_EPOCH="1800000000")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith(SITE)] == folder_urls(
        "", "topics/alpha/", "topics/beta/"
    )
    assert "Dry run" in done.stdout
    assert hub.forms == []
    assert not (tmp_path / STATE).exists()


def test_hub_is_told_once_and_then_only_of_what_changed(tmp_path: Path, hub: Hub) -> None:
    write_publication(tmp_path, hub.url)
    build_feeds(tmp_path)
    run_insights(tmp_path, "feeds", "ping", "--send", SOURCE_DATE_EPOCH="1800000000")
    assert told(hub) == folder_urls("", "topics/alpha/", "topics/beta/")
    assert hub.forms[0][0] == ("hub.mode", "publish")

    hub.forms.clear()
    done = run_insights(tmp_path, "feeds", "ping", "--send", SOURCE_DATE_EPOCH="1800000000")
    assert "No feed has changed" in done.stdout
    assert hub.forms == []

    write_article(tmp_path, "alpha", "Second.")
    build_feeds(tmp_path)
    run_insights(tmp_path, "feeds", "ping", "--send", SOURCE_DATE_EPOCH="1800000000")
    assert told(hub) == folder_urls("", "topics/alpha/")


def test_hub_that_refuses_is_told_again(tmp_path: Path, hub: Hub) -> None:
    write_publication(tmp_path, hub.url)
    build_feeds(tmp_path)
    hub.status = 500
    done = run_insights(tmp_path, "feeds", "ping", "--send", SOURCE_DATE_EPOCH="1800000000")
    assert done.returncode == 2
    assert "the hub did not take it" in done.stderr
    assert not (tmp_path / STATE).exists()


@pytest.mark.parametrize(("has_hub", "message"), [(True, "build the site first"), (False, "no hub is set")])
def test_what_is_missing_is_said(tmp_path: Path, has_hub: bool, message: str) -> None:
    write_publication(tmp_path, "https://hub.example.org/" if has_hub else None)
    done = run_insights(tmp_path, "feeds", "ping", SOURCE_DATE_EPOCH="1800000000")
    assert done.returncode == 2
    assert message in done.stderr


def test_broken_state_is_named(tmp_path: Path) -> None:
    write_publication(tmp_path, "https://hub.example.org/")
    build_feeds(tmp_path)
    (tmp_path / ".insights").mkdir()
    (tmp_path / STATE).write_text("[1")
    done = run_insights(tmp_path, "feeds", "ping", SOURCE_DATE_EPOCH="1800000000")
    assert done.returncode == 2
    assert "feeds.json" in done.stderr


def test_state_survives_its_file_and_changes_only_with_its_content() -> None:
    digests = digest_feeds([("b/feed.xml", b"2"), ("a/feed.xml", b"1")], SITE)
    assert parse_state(dump_state(digests)) == digests
    assert dump_state(digests) == dump_state(dict(reversed(digests.items())))
    with pytest.raises(ValueError, match="Expected"):
        parse_state(b"[]")


def test_changed_are_new_and_different_feeds_not_gone_ones() -> None:
    assert changed_feeds({"a": "1", "b": "1", "gone": "1"}, {"a": "1", "b": "2", "new": "1"}) == ("b", "new")


def test_form_names_every_url() -> None:
    assert publish_form(["https://a.example/?x=1&y", "https://b.example/"]) == (
        b"hub.mode=publish&hub.url=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y&hub.url=https%3A%2F%2Fb.example%2F"
    )
