"""`insights serve`, run as a user runs it: a save is on the page, once, and site/ stays as it was."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import run_insights

PATIENCE_SECONDS = 240  # until a test counts as failed; nothing is judged by its time


def wait_for_line(process: subprocess.Popen[str], start: str) -> str:
    """The first line of output that begins so."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith(start):
            return line
    raise AssertionError(f"{start!r} was never said")


def _has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def test_an_address_that_is_none_or_taken_is_named(publication: Path) -> None:
    for none in ("localhost", "127.0.0.1:99999", "127.0.0.1:port"):
        result = run_insights(publication, "serve", "--address", none)
        assert (result.returncode, "write host and port" in result.stderr) == (2, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = run_insights(publication, "serve", "--address", address)
        port_alone = run_insights(publication, "serve", "--address", address.partition(":")[2])
    assert result.returncode == 2
    assert f"{address}: Address already in use" in result.stderr
    assert f"Preview at http://{address}/" in port_alone.stdout, "a port alone is one of this machine"


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no address of IPv6")
def test_an_address_of_ipv6_stands_in_brackets(publication: Path) -> None:
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", 0))
        taken.listen()
        address = f"[::1]:{taken.getsockname()[1]}"
        result = run_insights(publication, "serve", "--address", address)
    assert f"Preview at http://{address}/review/ " in result.stdout
    assert f"{address}: Address already in use" in result.stderr


def test_a_save_is_on_the_page_and_builds_once(publication: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-u", "-m", "insights", "serve", "--address", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=publication, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_for_line(process, "Preview at")
        address = f"http://127.0.0.1:{port}/review/insights/waiting-times/"
        deadline = time.monotonic() + PATIENCE_SECONDS
        page = ""
        while "syzygy" not in page and time.monotonic() < deadline:
            if "wait" in page and "syzygy" not in (publication / "content/insights/waiting-times.md").read_text(
                "utf-8"
            ):
                with (publication / "content/insights/waiting-times.md").open("a", encoding="utf-8") as file:
                    file.write("\nA syzygy.\n")
            try:
                with urllib.request.urlopen(address) as answer:
                    page = answer.read().decode()
            except OSError:
                time.sleep(0.1)  # it does not listen yet
        assert "syzygy" in page
    finally:
        process.terminate()
        rest = process.communicate()[0]
    assert rest.count("rendered in") in (1, 2)  # the system may tell of a save twice, and not of what a build reads
    assert not (publication / "site").exists()
