"""Sending over a real socket to a real SMTP server, which loses connections where we tell it to."""

from __future__ import annotations

import random
import shutil
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from conftest import run_insights

from insights.newsletter.delivery import (
    Delivery,
    DeliveryError,
    Postbox,
    connect,
    deliver,
    parse_postbox,
    parse_recipients,
)
from insights.newsletter.ledger import (
    Ledger,
    Plan,
    State,
    dump_event,
    parse_ledger,
    plan_sending,
    plan_sending_again,
)
from insights.store import open_ledger

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
READERS = tuple(f"reader{number}@example.org" for number in range(1000))
BODY = b"From: us@example.org\r\nTo: you\r\nSubject: Hello\r\n\r\nA line.\r\n.A dot.\r\n..\r\n" + b"x" * 70 + b"\r\n"
# Where the server loses the connection. At the first it is plain that the message was not taken, or that it was; at the
# others nobody can tell from here: bytes may be on their way, the message untaken or taken without a word (RFC 1047).
PLAIN = ("MAIL", "RCPT", "DATA", "after")
DOUBTFUL = ("body", "dot", "reply")


class _Server(SMTP):
    """aiosmtpd that loses the connection at a point which `faults` chooses for each message."""

    faults: Callable[[str], bool]

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        if self.faults("MAIL"):
            self._lose()
        else:
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        if self.faults("RCPT"):
            self._lose()
        else:
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        if self.faults("DATA"):
            self._lose()
        elif self.faults("body"):
            await self.push("354 Go on")
            await self._reader.read(40)
            self._lose()
        elif self.faults("dot"):
            await self.push("354 Go on")
            await self._reader.readuntil(b"\r\n.\r\n")
            self._lose()
        else:
            await super().smtp_DATA(arg)
            if self.faults("after"):
                self._lose()

    async def push(self, status: Any) -> None:
        if str(status).startswith("250 taken") and self.faults("reply"):
            self._lose()
        else:
            await super().push(status)

    def _lose(self) -> None:
        if self.transport:
            self.transport.abort()


class _Box:
    """The mailbox behind the server: what was taken, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.refuse: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if reply := self.refuse.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.taken.append((envelope.rcpt_tos[0], envelope.original_content))
        return "250 taken"


@contextmanager
def mail_server(
    box: _Box,
    faults: Callable[[str], bool] = lambda _point: False,
    host: str = "127.0.0.1",
    context: ssl.SSLContext | None = None,
    is_tls: bool = False,
) -> Iterator[Postbox]:
    class Here(Controller):
        def factory(self) -> SMTP:
            server = _Server(box, hostname="test", tls_context=None if is_tls else context)
            server.faults = faults
            return server

    with socket.socket() as free:
        free.bind((host, 0))
        port = free.getsockname()[1]
    controller = Here(box, hostname=host, port=port, ssl_context=context if is_tls else None)
    controller.start()
    controller.loop.set_exception_handler(lambda _loop, _context: None)
    try:
        yield Postbox(host, port, is_tls)
    finally:
        controller.stop()


def identify(recipient: str, attempt: int) -> str:
    return f"<{recipient.partition('@')[0]}.{attempt}@test>"


def send(postbox: Postbox, plan: Plan, lines: list[str]) -> Delivery:
    return deliver(
        plan.due,
        lambda _dispatch: BODY,
        "us@example.org",
        lambda: connect(postbox, 10),
        lines.append,
        lambda _seconds: None,
    )


def ledger_of(lines: list[str]) -> Ledger:
    return parse_ledger("".join(lines))


def send_until_done(postbox: Postbox, readers: tuple[str, ...], lines: list[str]) -> None:
    """What an editor does: the same command again until it says that nobody is left."""
    for _ in range(200):
        plan = plan_sending(readers, ledger_of(lines), identify)
        if not plan.due:
            return
        with suppress(DeliveryError):
            send(postbox, plan, lines)
    pytest.fail("still not done")


def lose_at(points: tuple[str, ...], share: float, seed: int) -> tuple[Callable[[str], bool], Counter[str]]:
    """A chooser that loses this share of connections at each of the points, and its count of them."""
    chance, lost = random.Random(seed), Counter[str]()

    def faults(point: str) -> bool:
        is_lost = point in points and chance.random() < share
        lost[point] += is_lost
        return is_lost

    return faults, lost


@pytest.mark.parametrize("seed", range(2))
def test_each_of_1000_readers_gets_exactly_one_though_connections_are_lost(seed: int) -> None:
    box, lines = _Box(), list[str]()
    faults, lost = lose_at(PLAIN, 0.03, seed)
    with mail_server(box, faults) as postbox:
        send_until_done(postbox, READERS, lines)
    assert min(lost[point] for point in PLAIN) > 5
    assert Counter(address for address, _ in box.taken) == dict.fromkeys(READERS, 1)
    assert set(ledger_of(lines).states.values()) == {State.SENT}


def test_each_of_1000_readers_gets_exactly_one_once_those_in_doubt_are_looked_up() -> None:
    box, lines = _Box(), list[str]()
    faults, lost = lose_at((*PLAIN, *DOUBTFUL), 0.02, 7)
    with mail_server(box, faults) as postbox:
        send_until_done(postbox, READERS, lines)
    counts = Counter(address for address, _ in box.taken)
    in_doubt = plan_sending(READERS, ledger_of(lines), identify).in_doubt
    assert min(lost[point] for point in DOUBTFUL) > 5
    assert set(counts.values()) == {1}
    assert set(READERS) - set(counts) <= set(in_doubt)
    assert len(in_doubt) <= sum(lost[point] for point in DOUBTFUL)
    # The server's log says which of those in doubt it has not taken: to them the editor sends again.
    untaken = tuple(reader for reader in in_doubt if reader not in counts)
    with mail_server(box) as postbox:
        send(postbox, plan_sending_again(untaken, ledger_of(lines), identify), lines)
    assert Counter(address for address, _ in box.taken) == dict.fromkeys(READERS, 1)


def test_message_arrives_byte_for_byte_with_lines_that_begin_with_dots() -> None:
    box = _Box()
    with mail_server(box) as postbox:
        send(postbox, plan_sending(READERS[:1], Ledger(), identify), [])
    assert box.taken == [(READERS[0], BODY)]


def test_killed_process_goes_on_where_its_ledger_ends() -> None:
    box, lines = _Box(), list[str]()

    def record(line: str) -> None:
        lines.append(line)
        if len([each for each in lines if each.startswith("sent")]) == 3:
            raise KeyboardInterrupt

    with mail_server(box) as postbox:
        plan = plan_sending(READERS[:6], Ledger(), identify)
        with pytest.raises(KeyboardInterrupt):
            deliver(plan.due, lambda _d: BODY, "us@example.org", lambda: connect(postbox, 10), record, lambda _s: None)
        send_until_done(postbox, READERS[:6], lines)
    assert Counter(address for address, _ in box.taken) == dict.fromkeys(READERS[:6], 1)


def test_refused_reader_does_not_stop_the_others_and_a_deferred_one_is_tried_again() -> None:
    box, lines = _Box(), list[str]()
    box.refuse = {READERS[1]: "550 No such user", READERS[2]: "451 Busy"}
    with mail_server(box) as postbox:
        first = send(postbox, plan_sending(READERS[:4], Ledger(), identify), lines)
        box.refuse = {}
        plan = plan_sending(READERS[:4], ledger_of(lines), identify)
        send(postbox, plan, lines)
    assert first.refused == ((READERS[1], "550 No such user"),)
    assert first.deferred == ((READERS[2], "451 Busy"),)
    assert [dispatch.recipient for dispatch in plan.due] == [READERS[2]]
    assert plan.refused == (READERS[1],)


def test_server_that_is_not_there_is_given_up_with_a_way_on() -> None:
    pauses: list[float] = []
    plan = plan_sending(READERS[:1], Ledger(), identify)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        postbox = Postbox("127.0.0.1", unused.getsockname()[1], is_tls=False)
    with pytest.raises(DeliveryError, match="run the same command again"):
        deliver(
            plan.due, lambda _d: BODY, "us@example.org", lambda: connect(postbox, 5), lambda _l: None, pauses.append
        )
    assert pauses == [1, 2, 4]


def test_password_is_not_sent_unencrypted_to_another_machine() -> None:
    # Anywhere else than localhost counts as another machine; 127.1.2.3 is one that answers here.
    with mail_server(_Box(), host="127.1.2.3") as server:
        postbox = Postbox(server.host, server.port, is_tls=False, user="us", password="secret")
        with pytest.raises(DeliveryError, match="unencrypted"):
            connect(postbox, 5)


@pytest.fixture(scope="module")
def unvouched(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody vouches for, as one who stands in between has."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=mail.example.org"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("is_tls", [True, False], ids=["smtps", "starttls"])
def test_server_without_a_valid_certificate_is_sent_nothing_unless_it_is_this_machine(
    unvouched: ssl.SSLContext, is_tls: bool
) -> None:
    with mail_server(_Box(), host="127.1.2.3", context=unvouched, is_tls=is_tls) as server:
        postbox = replace(server, user="us", password="secret")
        with pytest.raises(DeliveryError, match="certificate is not valid"):
            connect(postbox, 5)
    box = _Box()
    with mail_server(box, context=unvouched, is_tls=is_tls) as server:
        due = plan_sending(READERS[:1], Ledger(), identify).due
        deliver(due, lambda _: BODY, "us@example.org", lambda: connect(server, 5), lambda _: None, lambda _: None)
    assert [reader for reader, _ in box.taken] == [READERS[0]]


def test_sending_again_reaches_everyone_once_more_and_goes_on_after_an_interruption() -> None:
    lines = [dump_event(State.SENT, identify(reader, 0)) for reader in READERS[:3]]
    assert plan_sending(READERS[:3], ledger_of(lines), identify).due == ()
    again = plan_sending_again(READERS[:3], ledger_of(lines), identify)
    assert [dispatch.attempt for dispatch in again.due] == [1, 1, 1]
    lines += [dump_event(State.PLANNED, dispatch.message_id) for dispatch in again.due]
    lines += [dump_event(State.SENT, again.due[0].message_id)]
    rest = plan_sending(READERS[:3], ledger_of(lines), identify)
    assert rest.due == again.due[1:]
    assert rest.sent == (READERS[0],)


def test_ledger_line_that_a_crash_cut_short_is_not_read() -> None:
    assert parse_ledger("planned <a>\nsending <a>\nsent <") == parse_ledger("planned <a>\nsending <a>\n")


def test_ledger_file_keeps_a_cut_line_apart_from_the_next(tmp_path: Path) -> None:
    path = tmp_path / "1.ledger"
    path.write_text("sending <a>\nsent <")
    with open_ledger(path) as (_, record):
        record("sent <a>\n")
    assert parse_ledger(path.read_text()).states == {"<a>": State.SENT, "<": State.SENT}


def test_same_reader_named_twice_is_mailed_once() -> None:
    plan = plan_sending(("Ada@example.org", "bob@example.org", "ada@example.org"), Ledger(), identify)
    assert [dispatch.recipient for dispatch in plan.due] == ["Ada@example.org", "bob@example.org"]


@pytest.mark.parametrize("line", ["nobody", "a@b@c", "a@example.org>\r\nDATA", "ä@example.org", '"a b"@example.org'])
def test_line_that_is_no_address_is_named(line: str) -> None:
    with pytest.raises(DeliveryError, match=r"readers\.txt:2"):
        parse_recipients(["Ada <ada@example.org>", line], "readers.txt")


def test_recipients_are_read_with_names_comments_and_empty_lines() -> None:
    lines = ["# readers", "", "Ada Żuraw <ada@example.org>\n", " bob@example.org "]
    assert parse_recipients(lines, "-") == ("ada@example.org", "bob@example.org")


@pytest.mark.parametrize(
    ("url", "postbox"),
    [
        ("smtp://localhost:2525", Postbox("localhost", 2525, False)),
        ("smtps://me%40x@mail.example.org", Postbox("mail.example.org", 465, True, "me@x", "secret")),
        ("smtp://me:own@mail.example.org", Postbox("mail.example.org", 587, False, "me", "own")),
    ],
    ids=["local", "tls", "own password"],
)
def test_mail_servers_url_is_read(url: str, postbox: Postbox) -> None:
    assert parse_postbox(url, "secret" if postbox.user else "") == postbox


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://us:secret@mail.example.org",
        "smtp://",
        "smtp://mail.example.org:mail",
        "smtp://mail.example.org:99999",
        "smtp://us:secret@[mail",
    ],
)
def test_url_of_no_mail_server_is_refused_and_its_password_not_shown(url: str) -> None:
    with pytest.raises(DeliveryError, match="not the address of a mail server") as refusal:
        parse_postbox(url)
    assert "secret" not in str(refusal.value)


def test_command_sends_once_then_refuses_and_keeps_no_address(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "publication")
    box = _Box()
    with mail_server(box) as postbox:
        arguments = ("newsletter", "send", "2", "--smtp", f"smtp://127.0.0.1:{postbox.port}", "--to", "ada@example.org")
        first = run_insights(tmp_path / "publication", *arguments)
        second = run_insights(tmp_path / "publication", *arguments)
        third = run_insights(tmp_path / "publication", *arguments, "--again")
    assert (first.returncode, second.returncode, third.returncode) == (0, 2, 0), first.stderr + third.stderr
    assert "--again" in second.stderr
    messages = [message_from_bytes(data, policy=default) for _, data in box.taken]
    assert [message["To"] for message in messages] == ["ada@example.org"] * 2
    assert len({message["Message-ID"] for message in messages}) == 2
    ledger = (tmp_path / "publication" / ".insights" / "newsletter" / "2.ledger").read_text()
    assert messages[0]["Message-ID"] in ledger
    assert "ada" not in ledger


def test_two_sendings_at_once_mail_each_reader_once(tmp_path: Path) -> None:
    root = shutil.copytree(CASE, tmp_path / "publication")
    box, readers = _Box(), [part for reader in READERS[:20] for part in ("--to", reader)]
    with mail_server(box) as postbox, ThreadPoolExecutor() as threads:
        arguments = ("newsletter", "send", "2", "--smtp", f"smtp://127.0.0.1:{postbox.port}", *readers)
        results = list(threads.map(lambda _turn: run_insights(root, *arguments), range(2)))
    assert sorted(result.returncode for result in results) == [0, 2]
    assert sum("has been sent edition 2" in result.stderr for result in results) == 1
    assert Counter(reader for reader, _ in box.taken) == Counter(READERS[:20])


def test_command_without_a_server_writes_an_outbox(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "publication")
    (tmp_path / "readers.txt").write_text("Ada <ada@example.org>\nbob@example.org\n")
    result = run_insights(tmp_path / "publication", "newsletter", "send", "2", "--list", str(tmp_path / "readers.txt"))
    assert result.returncode == 0, result.stderr
    files = sorted((tmp_path / "publication" / "build" / "outbox" / "2").glob("*.eml"))
    assert {message_from_bytes(file.read_bytes(), policy=default)["To"] for file in files} == {
        "ada@example.org",
        "bob@example.org",
    }


def test_command_refuses_to_send_an_edition_without_a_postal_address(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "publication")
    path = tmp_path / "publication" / "mkdocs.yml"
    path.write_text(path.read_text().replace("address: 1 Harbour Road, Ghent", 'address: ""'))
    result = run_insights(tmp_path / "publication", "newsletter", "send", "2", "--to", "ada@example.org")
    assert result.returncode == 1
    assert "[newsletter-address]" in result.stderr


def test_list_saved_on_windows_is_read_and_one_in_another_encoding_named(tmp_path: Path) -> None:
    root, readers = shutil.copytree(CASE, tmp_path / "publication"), tmp_path / "readers.txt"
    readers.write_bytes(b"\xef\xbb\xbfAda <ada@example.org>\r\nbob@example.org\r\n")
    result = run_insights(root, "newsletter", "send", "2", "--list", str(readers))
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("2 messages")
    readers.write_bytes("Zoë <zoe@example.org>".encode("latin-1"))
    result = run_insights(root, "newsletter", "send", "2", "--list", str(readers))
    assert (result.returncode, result.stderr.splitlines()[0]) == (2, f"{readers}: byte 3 is not UTF-8")
