"""Sends messages over SMTP, each once: what the ledger has is left alone, a dropped connection is taken up again.

The connection, the waiting and the writing of the ledger are handed in; this module opens no socket and no file.
"""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from insights.errors import InsightsError
from insights.newsletter.ledger import Dispatch, State, dump_event
from insights.newsletter.message import parse_mailbox
from insights.text import counted

_MAX_DROPS_IN_A_ROW = 5
_FIRST_PAUSE_SECONDS = 1.0
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"smtp": 587, "smtps": 465}
_SMTP_FIX = "write smtps://user@mail.example.org"


class DeliveryError(InsightsError):
    """A mail server or an email service that does not take what we send."""


@dataclass(frozen=True, slots=True)
class Postbox:
    """A mail server and how to reach it: TLS from the first byte (smtps), or by STARTTLS where the server has it."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""


def parse_recipients(lines: Iterable[str], where: str) -> tuple[str, ...]:
    """The bare addresses in lines such as `Ada <ada@example.org>`; empty lines and lines that begin with "#" are none.

    Raises DeliveryError that names the first line which is no address.
    """
    addresses = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        mailbox = parse_mailbox(line)
        if mailbox is None:
            raise DeliveryError(f"{where}:{number}", f"{line.strip()!r} is no email address", "mend or remove the line")
        addresses.append(mailbox.addr_spec)
    return tuple(addresses)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the messages: Message-IDs taken, and readers refused, deferred or in doubt."""

    sent: tuple[Dispatch, ...]
    refused: tuple[tuple[str, str], ...] = ()
    deferred: tuple[tuple[str, str], ...] = ()
    in_doubt: tuple[str, ...] = ()


def parse_postbox(url: str, password: str = "") -> Postbox:
    """The mail server of `smtp://user@host:port` or `smtps://…`; a password in the URL wins over `password`.

    Raises DeliveryError if it is no such URL; it does not show it, since a password may be in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise DeliveryError("--smtp", f"not the address of a mail server: {error}", _SMTP_FIX) from error
    if parts.scheme not in _PORTS or not host:
        raise DeliveryError("--smtp", "not the address of a mail server", _SMTP_FIX)
    return Postbox(
        host=host,
        port=port or _PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or password,
    )


def connect(postbox: Postbox, timeout_seconds: float = 60) -> smtplib.SMTP:
    """A connection that is greeted, encrypted where the server can, and logged in.

    Raises DeliveryError if the server is not who it says it is, refuses the login, or would take the password
    unencrypted.
    """
    # Unless it is told to, smtplib looks at nobody's certificate.
    context = ssl.create_default_context()
    if postbox.host in _LOCAL_HOSTS:  # nobody stands in between, and nobody certifies that name
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    connection: smtplib.SMTP | None = None
    try:
        if postbox.is_tls:
            connection = smtplib.SMTP_SSL(postbox.host, postbox.port, timeout=timeout_seconds, context=context)
        else:
            connection = smtplib.SMTP(postbox.host, postbox.port, timeout=timeout_seconds)
        _log_in(connection, postbox, context)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            what, fix = f"its certificate is not valid: {error.verify_message}", "check the server's name"
            raise DeliveryError(postbox.host, what, fix) from error
        raise
    return connection


def _log_in(connection: smtplib.SMTP, postbox: Postbox, context: ssl.SSLContext) -> None:
    connection.ehlo_or_helo_if_needed()
    if not postbox.is_tls and connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
    elif postbox.user and not postbox.is_tls and postbox.host not in _LOCAL_HOSTS:
        fix = "use smtps://, or a server that offers STARTTLS"
        raise DeliveryError(postbox.host, "the server would take the password unencrypted", fix)
    if connection.sock is not None:
        # The closing dot goes out alone; with Nagle's algorithm it would wait 40 ms for each message.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if postbox.user:
            connection.login(postbox.user, postbox.password)
    except smtplib.SMTPAuthenticationError as error:
        fix = "check the user in the URL and the password in INSIGHTS_SMTP_PASSWORD"
        raise DeliveryError(postbox.host, f"the server refused the login ({error.smtp_code})", fix) from error


def deliver(
    due: Iterable[Dispatch],
    message_for: Callable[[Dispatch], bytes],
    sender: str,
    open_connection: Callable[[], smtplib.SMTP],
    record: Callable[[str], None],
    pause: Callable[[float], None],
) -> Delivery:
    """What became of each message. `record` must have a ledger line on disk when it returns.

    A connection lost before a message's last byte means that it was not taken: it is sent over a new connection. One
    lost after it leaves the reader in doubt. Raises DeliveryError after five losses in a row without a message taken;
    the same command goes on from there.
    """
    waiting = list(due)
    for dispatch in waiting:
        record(dump_event(State.PLANNED, dispatch.message_id))
    courier = _Courier(sender, record)
    drops = 0
    while waiting:
        done = courier.count
        try:
            with open_connection() as connection:
                while waiting:
                    courier.carry(connection, waiting[0], message_for(waiting[0]))
                    waiting.pop(0)
        except (OSError, smtplib.SMTPException) as error:
            if waiting and courier.is_settled(waiting[0]):
                waiting.pop(0)
            drops = 1 if courier.count > done else drops + 1
            if waiting and drops >= _MAX_DROPS_IN_A_ROW:
                left = counted(len(waiting), "message")
                what = f"the connection was lost {drops} times in a row, {left} left: {error}"
                raise DeliveryError("mail server", what, "run the same command again: it goes on from here") from error
            if drops > 1:
                pause(_FIRST_PAUSE_SECONDS * 2 ** (drops - 2))
    return courier.delivery()


class _Courier:
    """Carries messages over connections and keeps account of each."""

    def __init__(self, sender: str, record: Callable[[str], None]) -> None:
        self._sender = sender
        self._record = record
        self._sent: list[Dispatch] = []
        self._refused: list[tuple[str, str]] = []
        self._deferred: list[tuple[str, str]] = []
        self._in_doubt: list[Dispatch] = []

    @property
    def count(self) -> int:
        """How many messages are done with, in whatever way."""
        return len(self._sent) + len(self._refused) + len(self._deferred) + len(self._in_doubt)

    def is_settled(self, dispatch: Dispatch) -> bool:
        """Whether this message must not be sent again after its connection was lost."""
        return dispatch in self._in_doubt

    def delivery(self) -> Delivery:
        """The account so far."""
        in_doubt = tuple(dispatch.recipient for dispatch in self._in_doubt)
        return Delivery(tuple(self._sent), tuple(self._refused), tuple(self._deferred), in_doubt)

    def carry(self, connection: smtplib.SMTP, dispatch: Dispatch, message: bytes) -> None:
        """Sends one message; its fate is in the ledger when this returns."""
        for command, argument in (
            ("MAIL", f"FROM:<{self._sender}>"),
            ("RCPT", f"TO:<{dispatch.recipient}>"),
            ("DATA", ""),
        ):
            code, reply = connection.docmd(command, argument)
            if code >= 500 and command == "MAIL":
                fix = "send as an address that this server may send for: `sender:` under `newsletter:`"
                raise DeliveryError(self._sender, f"the server refuses this sender ({code} {_decode(reply)})", fix)
            if code >= 400:
                self._turn_away(connection, dispatch, code, reply)
                return
        # RFC 5321 §4.5.2: a line that begins with a dot gets another one. The closing dot goes alone, so that a
        # connection lost before it is known to have left nothing behind.
        connection.send(message.replace(b"\r\n.", b"\r\n.."))
        if connection.sock is not None and select.select([connection.sock], [], [], 0)[0]:
            # The server spoke, or hung up, before the message was complete: it has not taken it.
            raise smtplib.SMTPServerDisconnected("the server ended the message early")
        self._record(dump_event(State.SENDING, dispatch.message_id))
        self._in_doubt.append(dispatch)
        connection.send(b".\r\n")
        code, reply = connection.getreply()
        self._in_doubt.remove(dispatch)
        if code == 250:
            self._record(dump_event(State.SENT, dispatch.message_id))
            self._sent.append(dispatch)
        else:
            self._turn_away(connection, dispatch, code, reply)

    def _turn_away(self, connection: smtplib.SMTP, dispatch: Dispatch, code: int, reply: bytes) -> None:
        """Notes a refusal: 5xx is for good, 4xx may be tried again by the next run. 421 closes the connection."""
        text = f"{code} {_decode(reply)}"
        if code == 421:
            self._record(dump_event(State.PLANNED, dispatch.message_id))
            raise smtplib.SMTPServerDisconnected(text)
        is_final = code >= 500
        self._record(dump_event(State.REFUSED if is_final else State.PLANNED, dispatch.message_id))
        (self._refused if is_final else self._deferred).append((dispatch.recipient, text))
        connection.rset()


def _decode(reply: bytes) -> str:
    return reply.decode("utf-8", "replace")
