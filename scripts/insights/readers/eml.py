"""Reads an email (RFC 5322, MIME) into an Extract: its HTML part, or its text; subject, sender and date as metadata."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from importlib import import_module

import turbohtml

from insights.errors import SourceError
from insights.model import Attachment, Evidence, Extract, Source
from insights.readers.boilerplate import remove_boilerplate
from insights.readers.dates import parse_date
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import to_markdown
from insights.readers.tidy import tidy

_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.I)


def read_eml(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article that an email carries; pictures shown in it are attachments that the body names.

    Raises SourceError where the email has neither an HTML nor a text part.
    """
    if len(source.data) > limits.max_bytes:
        raise SourceError(source.name, f"the email has more than {limits.max_bytes:,} bytes", "raise the limit")
    # Each part begins with such a line. The parser takes seconds for tens of thousands, so they are counted before.
    if b"boundary" in source.data and source.data.count(b"\n--") > limits.max_archive_files:
        what = f"the email has more than {limits.max_archive_files:,} parts"
        raise SourceError(source.name, what, "save the message alone, or raise the limit")
    message = message_from_bytes(source.data, _class=EmailMessage, policy=policy.default)
    part = message.get_body(preferencelist=("html", "plain"))
    if not isinstance(part, EmailMessage):
        raise SourceError(source.name, "the email has neither an HTML nor a text part", "save the email again")
    subject = _REPLY.sub("", str(message["subject"] or "").strip()) or None
    attachments: tuple[Attachment, ...] = ()
    if part.get_content_type() == "text/html":
        body, attachments = _html_body(message, _content(part, source), subject or "", limits)
    else:
        read_text = import_module("insights.readers.text").read_text
        body = read_text(Source(source.name, _content(part, source).encode())).body
    senders = getaddresses([str(message["from"] or "")])
    date = message["date"]
    published = date.datetime if date is not None and date.datetime is not None else None
    if published is not None and published.tzinfo is None:
        published = parse_date(published.isoformat())
    fields = {"title": subject, "authors": senders[0][0] if senders else "", "published": str(date or "")}
    return Extract(
        body=body,
        title=subject,
        authors=tuple(name for name, _ in senders if name),
        published=published,
        guid=str(message["message-id"] or "").strip("<> ") or None,
        attachments=attachments,
        evidence=tuple(Evidence(name, value, f"email header of {name}") for name, value in fields.items() if value),
    )


def _content(part: EmailMessage, source: Source) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError) as error:
        raise SourceError(
            source.name, f"the email's text cannot be decoded: {error}", "save the email again"
        ) from error


def _html_body(message: EmailMessage, html: str, subject: str, limits: Limits) -> tuple[str, tuple[Attachment, ...]]:
    """The Markdown of an HTML part, and the pictures that it shows by `cid:` (RFC 2392)."""
    document = turbohtml.parse(html, positions=False)
    body = document.select_one("body")
    if body is None:
        return "", ()
    tidy(body, limits.max_depth)
    attachments: list[Attachment] = []
    by_id = {str(part["content-id"] or "").strip("<> "): part for part in message.walk() if part["content-id"]}
    for image in body.select("img[src^='cid:']"):
        part = by_id.get((image.attr("src") or "")[4:])
        data = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(data, bytes):
            image.extract()
            continue
        name = part.get_filename() or f"image-{len(attachments) + 1}.{part.get_content_subtype()}"
        attachments.append(Attachment(name, data, part.get_content_type()))
        image.attrs["src"] = name
    for table in body.select("table"):
        if table.select_one("th,caption") is None:
            table.attrs["role"] = "presentation"
    remove_boilerplate(body, subject)
    return to_markdown(body), tuple(attachments)
