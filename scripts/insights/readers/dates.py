"""Reads the dates that texts and addresses state, in the ways in which pages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dateutil import parser as date_parser

from insights.readers.dom import squeezed
from insights.readers.months import DAY, MONTHS, in_english

DATE_TEXT = re.compile(
    rf"(?<![\w/])(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|{DAY}\s+(?:(?:of|de)\s+)?{MONTHS},?(?:\s+del?)?\s+(?:19|20)\d\d"
    rf"|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19|20)\d\d)(?![\d/]|[a-su-z])",
    re.I,
)
_URL_DATE = re.compile(rf"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2]|{MONTHS})[/-](0?[1-9]|[12]\d|3[01])(?:/|[-_]|$)", re.I)
_NUMBERS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_ZONES = {"EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -8}
"""Hours from UTC, RFC 822 §5.1; a name that is not here is read as UTC."""
EARLIEST = 1990


def url_date(url: str | None) -> datetime | None:
    """The day that an address holds ("/2024/05/31/tea", "/2024/may/31/tea"), at midnight UTC."""
    match = _URL_DATE.search(url or "")
    if match is None:
        return None
    year, month, day = match[1], match[2], int(match[3])
    return parse_date(f"{year}-{int(month):02}-{day:02}" if month.isdigit() else f"{day} {month} {year}")


def parse_date(text: str, is_day_first: bool = False) -> datetime | None:
    """The moment that a text states, aware (UTC where it names no zone); None where it is no whole date."""
    text = in_english(squeezed(text)[:60])
    if not re.search(r"\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if not (
            DATE_TEXT.search(text) or re.search(rf"\d{{1,2}}\s+{MONTHS}\s+\d{{4}}|{MONTHS}\s+\d{{1,2}}", text, re.I)
        ):
            return None
        is_day_first = bool(re.match(r"\d{1,2}\.\d{1,2}\.", text)) or (is_day_first and bool(_NUMBERS.match(text)))
        try:
            moment = date_parser.parse(text, default=datetime(1, 1, 1), dayfirst=is_day_first, tzinfos=_zone)
        except (ValueError, OverflowError):
            found = DATE_TEXT.search(text)
            if found is None or found[0] == text:
                return None
            return parse_date(found[0], is_day_first)
    if not EARLIEST <= moment.year <= 2100:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _zone(name: str | None, offset: int | None) -> int:
    return offset if offset is not None else 3600 * _ZONES.get(name or "", 0)
