"""WebSub: which feeds have changed since the last publish, and what to tell the hub.

The state between two publishes is the digest of each feed that readers subscribe to; archives are nobody's topic.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from insights.urls import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from insights.feeds.entries import Feed


def subscribed_hrefs(feeds: Iterable[Feed]) -> tuple[str, ...]:
    """The hrefs of all documents that readers subscribe to, sorted."""
    return tuple(sorted(href for feed in feeds for href in feed.hrefs))


def digest_feeds(documents: Iterable[tuple[str, bytes]], publication_url: str) -> dict[str, str]:
    """The SHA-256 of each document, by its URL; `documents` are hrefs relative to the site's root, and bytes."""
    return {absolute(publication_url, href): hashlib.sha256(data).hexdigest() for href, data in documents}


def changed_feeds(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The URLs of the feeds that are new or different, sorted; one that is gone has nothing to fetch."""
    return tuple(sorted(url for url, digest in after.items() if before.get(url) != digest))


def dump_state(digests: Mapping[str, str]) -> bytes:
    """The state as a JSON file that changes only with its content."""
    return msgspec.json.format(msgspec.json.encode(dict(sorted(digests.items()))), indent=1) + b"\n"


def parse_state(data: bytes) -> dict[str, str]:
    """The state in a file's bytes. Raises ValueError if it is none."""
    return msgspec.json.decode(data, type=dict[str, str])


def publish_form(urls: Iterable[str]) -> bytes:
    """The body of a POST that tells a hub which topics to fetch (W3C WebSub §6, in the form that hubs agree on)."""
    return urlencode([("hub.mode", "publish"), *(("hub.url", url) for url in urls)]).encode("ascii")
