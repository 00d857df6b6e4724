"""Ids by which readers know an entry for ever: they survive a change of title, topic, date, address and domain.

An id that changes makes every subscriber's reader show an old article as new.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from insights.render import clean_text, one_line
from insights.urls import ascii_host

if TYPE_CHECKING:
    from insights.model import Article, Edition
    from insights.settings import Publication

# RFC 4151 §2.1 wants a date on which the name was held, not in the future; nothing was published with this earlier.
_DEFAULT_DATE = "2026"
_PLAIN = re.compile(r"[0-9A-Za-z_.~-]+")  # what stands in a URI as it is
_URI = re.compile(r"[A-Za-z][0-9A-Za-z+.-]*:[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,#]+")
# A former address counts as the article's first one only if it was an article here, not some other redirect.
_FORMER_ARTICLE = re.compile(r"/?(?:insights/)?([^/.]+)(?:/|\.md|\.html)?")


def tag_uri(publication: Publication, *path: str) -> str:
    """A tag URI (RFC 4151) under the publication's authority: "tag:example.org,2026:insights/foo"."""
    authority = _authority(publication.settings.feeds.authority, publication.url)
    parts = (part if _PLAIN.fullmatch(part) else quote(clean_text(part), safe="") for part in path)
    return f"tag:{authority}:{'/'.join(parts)}"


@lru_cache
def _authority(stated: str, url: str) -> str:
    authority = stated or ascii_host(url)
    return authority if "," in authority else f"{authority},{_DEFAULT_DATE}"


def article_id(article: Article, publication: Publication) -> str:
    """The id stored in the article, or else a tag URI of the first slug it had here, as `aliases` tells."""
    return (one_line(article.guid) if article.guid else "") or slug_id(article, publication)


def slug_id(article: Article, publication: Publication) -> str:
    """The tag URI of the first slug the article had here."""
    matches = map(_FORMER_ARTICLE.fullmatch, article.aliases)
    first = next((match[1] for match in matches if match), article.slug)
    return tag_uri(publication, "insights", first)


def edition_id(edition: Edition, publication: Publication) -> str:
    """The id of a newsletter: editions are known by number."""
    return tag_uri(publication, "newsletter", edition.slug)


def as_uri(entry_id: str, publication: Publication) -> str:
    """The id itself where it is a URI, as Atom demands (RFC 4287 §4.2.6); else a tag URI that holds it."""
    return entry_id if _URI.fullmatch(entry_id) else tag_uri(publication, "guid", entry_id)


def distinct_moment(moment: datetime, entry_id: str) -> datetime:
    """The moment in UTC to the second, and microseconds that follow from the id.

    Two articles of one day would share one atom:updated, of which the W3C validator warns (DuplicateUpdated) and by
    which readers sort. Counting them up would change old entries whenever a new one shares their day.
    """
    digest = hashlib.sha256(entry_id.encode()).digest()
    return moment.astimezone(UTC).replace(microsecond=1 + int.from_bytes(digest[:4]) % 999_999)
