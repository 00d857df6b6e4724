"""A real mail gateway, rss2email, reads our feeds and delivers every article once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feed_cases
import pytest
from aiosmtpd.controller import Controller

from insights.feeds import render_feeds

R2E = shutil.which("r2e")

pytestmark = pytest.mark.skipif(
    R2E is None and not os.environ.get("CI"), reason="rss2email is missing: apt-get install rss2email (CI must have it)"
)


class Mailbox:
    """An SMTP server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.longest_line = 0

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 (its name)
        content: bytes = envelope.content  # type: ignore[attr-defined]
        self.longest_line = max(self.longest_line, *(len(line) for line in content.split(b"\r\n")))
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The corpus's feeds on a web server of their own; gives its address."""
    for path, data in render_feeds(feed_cases.library(), feed_cases.publication(), feed_cases.SIZES):
        target = tmp_path / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def r2e(folder: Path, *arguments: str) -> str:
    assert R2E is not None
    command = [R2E, "-c", str(folder / "rss2email.cfg"), "-d", str(folder / "rss2email.json"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_gateway_mails_every_entry_once(tmp_path: Path, mailbox: tuple[Mailbox, int], site: str, name: str) -> None:
    box, port = mailbox
    folder = tmp_path / "r2e"
    folder.mkdir()
    (folder / "rss2email.cfg").write_text(
        "[DEFAULT]\n"
        "to = reader@example.org\nfrom = feeds@example.org\nforce-from = True\n"
        f"email-protocol = smtp\nsmtp-server = 127.0.0.1\nsmtp-port = {port}\nsmtp-ssl = False\nsmtp-auth = False\n"
        "html-mail = True\nuse-publisher-email = False\ndate-header = True\nverbose = warning\n"
    )
    # Every document of the feed, archives too: together they hold the whole corpus.
    stem, _, suffix = name.rpartition(".")
    paths = [name, *(f"{stem}-archive-{number}.{suffix}" for number in range(1, 99))]
    names = [path for path in paths if path in feed_cases.feeds()]
    for index, path in enumerate(names):
        r2e(folder, "add", f"feed{index}", site + path)
    problems = r2e(folder, "run")
    titles = {article.slug for article in feed_cases.articles()}
    assert len(box.messages) == len(titles), problems
    assert box.longest_line < 998
    assert all(message["Subject"] for message in box.messages)
    bodies = "\n".join(message.get_body().get_content() for message in box.messages)  # type: ignore[union-attr]
    for slug in ("same-second-a", "same-second-b", "tables"):
        assert f"https://feeds.example.org/qa/insights/{slug}/" in bodies

    r2e(folder, "run")
    assert len(box.messages) == len(titles)
