"""What stands around the article in pasted text: mail header, breadcrumb, title, byline, calls, other articles.

Each `take` function returns the blocks without what it has read, and notes what that states.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from insights.model import Evidence, Reference
from insights.readers.pasted import (
    DATE,
    Block,
    Byline,
    is_call_to_action,
    is_related_heading,
    parse_breadcrumb,
    parse_byline,
    parse_date,
    parse_list_line,
    split_site_suffix,
)
from insights.text import fold

_ZONE = 12  # blocks from either end in which the page's own furniture is looked for


@dataclass(slots=True)
class Frame:
    """The metadata met on the way to the body."""

    title: str | None = None
    site: str | None = None
    topic: str | None = None
    byline: Byline = field(default_factory=Byline)
    references: tuple[Reference, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)

    def note(self, name: str, value: str, rule: str) -> None:
        """Adds the evidence for a field."""
        self.evidence.append(Evidence(name, value, rule))


def take_frame(blocks: Sequence[Block]) -> tuple[list[Block], Frame]:
    """The article's own blocks, and what the rest states."""
    found = Frame()
    rest = _take_mail_header(list(blocks), found)
    rest = _take_site_line(rest, found)
    rest = _take_related(rest, found)
    rest = _take_head(rest, found)
    return _drop_calls(rest, found), found


def _take_site_line(blocks: list[Block], found: Frame) -> list[Block]:
    """Removes a "Title | Site" line at the end or the beginning, if the title stands in the text as well."""
    for index in [*range(len(blocks) - 1, max(-1, len(blocks) - 4), -1), *range(min(2, len(blocks)))]:
        parts = split_site_suffix(blocks[index].text)
        if parts and any(fold(parts[0]) == fold(block.text) for block in blocks[:_ZONE] if block is not blocks[index]):
            found.title, found.site = parts
            found.note("title", parts[0], 'the page\'s "Title | Site" line')
            return blocks[:index] + blocks[index + 1 :]
    return blocks


def _take_mail_header(blocks: list[Block], found: Frame) -> list[Block]:
    """Cuts off the From, Date, Subject and To lines of a forwarded email; the subject is the title."""
    fields: dict[str, str] = {}
    last = 0
    for index, block in enumerate(blocks[:_ZONE]):
        for line in block.lines:
            if match := re.match(r"^(From|Date|Sent|Subject|To|Cc|Reply-To):\s+(\S.*)$", line.strip()):
                fields[match[1]] = match[2]
                last = index
    if "Subject" not in fields or len(fields) < 2:
        return blocks
    found.title = re.sub(r"^(?:(?:fwd?|re|aw|wg)\s*:\s*)+", "", fields["Subject"], flags=re.IGNORECASE)
    found.note("title", found.title, "the email's subject")
    return blocks[last + 1 :]


def _take_related(blocks: list[Block], found: Frame) -> list[Block]:
    """Cuts off the list of other articles at the end, and keeps it as references."""
    for index in range(len(blocks) - 1, len(blocks) // 3, -1):
        if is_related_heading(blocks[index].text):
            lines = [line.strip() for block in blocks[index + 1 :] for line in block.lines]
            references = _references(lines)
            if references is None:
                continue
            found.references = references
            for reference in references:
                found.note("related", reference.title, f'the list "{blocks[index].text}"')
            return blocks[:index]
    return blocks


def _references(lines: Sequence[str]) -> tuple[Reference, ...] | None:
    """The articles in a list of category, title and date lines; None where it reads like prose instead."""
    lines = [entry.text if (entry := parse_list_line(line)) else line for line in lines]
    lines = [line for line in lines if not is_call_to_action(line)]
    if any(len(line) > 160 for line in lines):
        return None
    references: list[Reference] = []
    pending: list[str] = []
    for line in lines:
        stamp = DATE.fullmatch(line.strip()) or (DATE.search(line) if parse_byline(line) else None)
        if stamp and pending:
            topic = pending[-2] if len(pending) > 1 and len(pending[-2].split()) <= 5 else None
            references.append(Reference(pending[-1], topic, parse_date(stamp[0])))
            pending = []
        elif not stamp:
            pending.append(line)
    if not references:
        repeated = {line for line in pending if pending.count(line) > 1}
        topic = None
        for line in pending:
            if line in repeated:
                topic = line
            else:
                references.append(Reference(line, topic))
    return tuple(references)


def _take_head(blocks: list[Block], found: Frame) -> list[Block]:
    """Removes breadcrumb, title, deck-less bylines and calls from the top; notes what they state."""
    rest = _below_title(blocks, found.title)
    for _ in range(_ZONE):
        if not rest:
            break
        text = rest[0].text
        crumb = parse_breadcrumb(text)
        byline = parse_byline(text)
        if crumb is not None and found.title != text:
            if crumb and not found.topic:
                found.topic = crumb
                found.note("topic", crumb, f'the breadcrumb "{text}"')
        elif found.title and fold(text) == fold(found.title):
            pass
        elif byline and (byline.authors or byline.published or byline.updated or len(text) < 20):
            _merge_byline(found, byline, text)
        elif is_call_to_action(text) or _is_kicker(rest, found):
            pass
        elif not found.title and _is_title(text, rest):
            found.title = text
            found.note("title", text, "the first line of the text")
        else:
            break
        rest.pop(0)
    return rest


def _below_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks from a known title on, if only short furniture (a masthead, an issue's number) stands above it."""
    for index, block in enumerate(blocks[:_ZONE]):
        if title and fold(block.text) == fold(title):
            above = blocks[:index]
            kept = [each for each in above if parse_breadcrumb(each.text) is not None or parse_byline(each.text)]
            kicker = [above[-1]] if above and above[-1] not in kept and len(above[-1].text.split()) <= 4 else []
            return [*kept, *kicker, *blocks[index:]]
        if len(block.text) > 120:
            break
    return list(blocks)


def _is_kicker(blocks: Sequence[Block], found: Frame) -> bool:
    """A short category line just above the known title."""
    title = found.title
    if not title or len(blocks) < 2 or len(blocks[0].text.split()) > 4 or fold(blocks[1].text) != fold(title):
        return False
    if not found.topic:
        found.topic = blocks[0].text
        found.note("topic", found.topic, "the line above the title")
    return True


def _is_title(text: str, blocks: Sequence[Block]) -> bool:
    return (
        len(blocks) > 1 and len(text.split()) <= 30 and len(text) <= 200 and parse_list_line(blocks[0].lines[0]) is None
    )


def _merge_byline(found: Frame, byline: Byline, text: str) -> None:
    have = found.byline
    for name in ("authors", "published", "updated"):
        value = getattr(byline, name)
        if value and not getattr(have, name):
            shown = (
                ", ".join(value)
                if isinstance(value, tuple)
                else f"{value:%Y-%m-%d}"
                if isinstance(value, datetime)
                else ""
            )
            found.note("date" if name == "published" else name, shown, f'the byline "{text}"')
            have = replace(have, **{name: value})
    found.byline = have


def _drop_calls(blocks: list[Block], found: Frame) -> list[Block]:
    """Removes calls to action and the page's leftovers; a byline at the very end is read, too."""
    kept = list(blocks)
    while kept:
        text = kept[-1].text
        byline = parse_byline(text)
        if byline and (byline.authors or byline.published or byline.updated):
            _merge_byline(found, byline, text)
        elif not (is_call_to_action(text) or (split_site_suffix(text) and found.site and found.site in text)):
            break
        kept.pop()
    return [block for block in kept if not is_call_to_action(block.text)]
