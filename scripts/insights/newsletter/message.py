"""The email as a message: headers, both parts, the bytes that SMTP carries. The same letter gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from typing import TYPE_CHECKING

from insights.render import one_line
from insights.urls import ascii_host, ascii_url

if TYPE_CHECKING:
    from datetime import datetime

    from insights.newsletter.letter import Letter
    from insights.newsletter.rendering import Email

# A group without members: the address line of a message whose readers are named in the envelope (RFC 5322 §A.1.3).
_NO_RECIPIENT = "undisclosed-recipients:;"
# Narrower than RFC 5321 §4.1.2, which also allows quoted local parts: nobody has one, and they could carry commands.
_ADDRESS = re.compile(r"(?P<user>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+)@(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)")
_NAMED = re.compile(r"(?P<name>[^<>\r\n]*)<(?P<address>[^<>\s]+)>")


class _UrlHeader(UnstructuredHeader, BaseHeader):
    """A header of URLs on one line. Folded, a long one would become encoded words, which RFC 2369 §2 does not allow."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> EmailPolicy[EmailMessage]:
    headers = HeaderRegistry()
    for name in ("list-archive", "list-unsubscribe", "message-id"):
        headers.map_to_type(name, _UrlHeader)
    return SMTP.clone(header_factory=headers)


_POLICY = _policy()


def build_message(email: Email, letter: Letter, sent: datetime, recipient: str = "", attempt: int = 0) -> bytes:
    """The message to one reader, ASCII with CRLF line ends; without a recipient, the one to keep as a file.

    `attempt` tells a deliberate second sending to the same reader from the first: it changes the Message-ID.
    """
    unsubscribe = letter.unsubscribe_url(recipient)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _sender(letter)
    message["To"] = recipient or _NO_RECIPIENT
    message["Subject"] = email.subject
    message["Date"] = format_datetime(sent)
    message["Message-ID"] = message_id(letter, recipient, attempt)
    message["List-Id"] = _list_id(letter)
    message["List-Archive"] = f"<{ascii_url(letter.web_url)}>"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{ascii_url(unsubscribe)}>"
    if is_one_click(unsubscribe):
        # RFC 8058 §3.1: both headers, and one HTTPS URI that needs no further page.
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: out-of-office programs do not answer
    message.set_content(email.text_for(unsubscribe), cte="quoted-printable")
    message.add_alternative(email.html_for(unsubscribe), subtype="html", cte="quoted-printable")
    message["Content-Language"] = one_line(letter.language)
    message.set_boundary(f"=_{_digest(letter, recipient, attempt)}")
    return message.as_bytes()


def message_id(letter: Letter, recipient: str, attempt: int = 0) -> str:
    """The message's identity: the same for the same edition, reader and attempt, and it does not show the reader."""
    return f"<newsletter-{letter.number}.{_digest(letter, recipient, attempt)}@{ascii_host(letter.home_url)}>"


def is_one_click(unsubscribe: str) -> bool:
    """Whether mail programs may unsubscribe with one POST (RFC 8058 wants HTTPS)."""
    return unsubscribe.startswith("https://")


def sender_address(letter: Letter) -> str:
    """The bare address in From, for the envelope."""
    return _sender(letter).addr_spec


def parse_mailbox(text: str) -> Address | None:
    """The name and address in `Ada <ada@example.org>`, or in an address alone; None where there is none."""
    named = _NAMED.fullmatch(text.strip())
    address = _ADDRESS.fullmatch(named["address"] if named else text.strip())
    name = named["name"].strip().strip('"') if named else ""
    return Address(name, address["user"], address["host"]) if address else None


def _sender(letter: Letter) -> Address:
    return parse_mailbox(letter.sender) or Address("", "newsletter", ascii_host(letter.home_url))


def _digest(letter: Letter, recipient: str, attempt: int) -> str:
    # Of nothing that an editor may change between two sendings of one edition: the ledger knows messages by this.
    key = f"{letter.list_id}\n{letter.number}\n{recipient.casefold()}\n{attempt}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _list_id(letter: Letter) -> str:
    """RFC 2919 §2: a phrase for people, where it needs no encoding, and the list's name."""
    phrase = one_line(letter.publication).replace("\\", "").replace('"', "'")
    return f'"{phrase}" <{letter.list_id}>' if phrase.isascii() else f"<{letter.list_id}>"
