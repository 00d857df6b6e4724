"""One edition as each email service takes it: our HTML and text with the service's own placeholders.

A new service is one line in `SERVICES`. Each placeholder is named in the service's documentation of its custom HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.newsletter.letter import Letter
    from insights.newsletter.rendering import Email


class Shape(Enum):
    """What a service takes: a whole HTML document, or blocks that it sets between its own header and footer."""

    DOCUMENT = "document"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Service:
    """How a service writes what differs by reader. An empty `address` keeps ours; `{}` in `wrapper` is the HTML.

    `message` is where its templates must say that the text of the editor goes.
    """

    name: str
    title: str
    unsubscribe: str
    address: str = ""
    shape: Shape = Shape.DOCUMENT
    wrapper: str = "{}"
    message: str = ""


SERVICES = {
    service.name: service
    for service in (
        Service("brevo", "Brevo", "{{ unsubscribe }}"),
        # In its Markdown mode Buttondown leaves HTML as it is; its rich editor would take the tables apart.
        Service(
            "buttondown",
            "Buttondown",
            "{{ unsubscribe_url }}",
            shape=Shape.BLOCKS,
            wrapper="<!-- buttondown-editor-mode: plaintext -->\n{}",
        ),
        # Ghost writes its own footer with the unsubscribe link; the HTML card keeps our markup as it is.
        Service(
            "ghost",
            "Ghost",
            "",
            shape=Shape.BLOCKS,
            wrapper="<!--kg-card-begin: html-->\n{}<!--kg-card-end: html-->\n",
        ),
        # Kit takes whole HTML as an email template, which must have a place for the text of its editor.
        Service("kit", "Kit", "{{ unsubscribe_url }}", address="{{ address }}", message="{{ message_content }}"),
        Service("listmonk", "listmonk", "{{ UnsubscribeURL }}"),
        Service("mailchimp", "Mailchimp", "*|UNSUB|*", address="*|LIST:ADDRESSLINE|*"),
        Service("mailerlite", "MailerLite", "{$unsubscribe}"),
    )
}

# The openings of the services' placeholders. In an article that writes about templates they are text.
_HTML_ESCAPES = {"{{": "&#123;&#123;", "{%": "&#123;%", "{$": "&#123;$", "*|": "&#42;|"}
_TEXT_ESCAPES = {"{{": "{ {", "{%": "{ %", "{$": "{ $", "*|": "* |"}
_OPENINGS = re.compile("|".join(re.escape(opening) for opening in _HTML_ESCAPES))


@dataclass(frozen=True, slots=True)
class Export:
    """The email for one service."""

    html: str
    text: str


def render_export(email: Email, letter: Letter, service: Service) -> Export:
    """The email with the service's placeholders; what looks like a placeholder in the text itself is disarmed.

    A service that sets its own header and footer gets the blocks between them, without ours where it has no
    placeholder to unsubscribe by.
    """
    # Our own address for List-Unsubscribe must not appear: the service has one for each reader.
    mark = "https://service-unsubscribe.invalid/"
    message_mark = "service-message.invalid" if service.message else ""
    address_mark = "service-address.invalid" if service.address else letter.postal_address
    if service.shape is Shape.DOCUMENT:
        html = email.html_for(mark, address_mark, message_mark)
    else:
        blocks = email.fragments(mark, address_mark)
        html = "".join(block for name, block in blocks if name != "footer" or service.unsubscribe)
    text = email.text_for(mark, address_mark)
    fills = {
        mark: service.unsubscribe,
        address_mark: service.address or address_mark,
        message_mark: service.message,
    }
    return Export(
        html=service.wrapper.replace("{}", _fill(_disarm(html, _HTML_ESCAPES), fills)),
        text=_fill(_disarm(text, _TEXT_ESCAPES), fills),
    )


def line_for(text: str, service: Service) -> str:
    """A subject or preheader in which the service, where it fills in placeholders, finds none."""
    return _disarm(text, _TEXT_ESCAPES) if service.unsubscribe else text


def _disarm(source: str, escapes: dict[str, str]) -> str:
    return _OPENINGS.sub(lambda match: escapes[match[0]], source)


def _fill(source: str, fills: dict[str, str]) -> str:
    for mark, placeholder in fills.items():
        if mark:
            source = source.replace(mark, placeholder)
    return source
