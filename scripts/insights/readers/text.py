"""Text pasted from a page or an email, read back into an article: its headings, lists, tables and metadata.

Nothing marks structure in such text, so each block is judged by its shape and its neighbours. The result is built as
an HTML tree and written by the same writer as every other format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from lxml import etree

from insights.model import Evidence, Extract, Reference, Source
from insights.readers.decode import decode
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import html_to_markdown
from insights.readers.pasted import (
    DATE,
    Byline,
    ListLine,
    is_call_to_action,
    is_related_heading,
    looks_like_heading,
    parse_breadcrumb,
    parse_byline,
    parse_date,
    parse_list_line,
    split_site_suffix,
)
from insights.text import fold

_ZONE = 12  # blocks from either end in which the page's own furniture is looked for
_ADDRESS = re.compile(r"<?\b(https?://[^\s<>\"]*[\w/#&=])>?")
_WRAP_COLUMNS = range(50, 101)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines without an empty line between them. `is_loose` where the source had an empty line on both sides."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines)


@dataclass(slots=True)
class _Found:
    """The metadata met on the way to the body."""

    title: str | None = None
    site: str | None = None
    topic: str | None = None
    byline: Byline = field(default_factory=Byline)
    references: tuple[Reference, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)

    def note(self, name: str, value: str, rule: str) -> None:
        self.evidence.append(Evidence(name, value, rule))


def read_text(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article in a text copied from a page or an email.

    Raises SourceError where the bytes are no text.
    """
    # What cannot be seen, and what XML forbids (1.0 §2.2): the article is built as a tree.
    text = re.sub(
        r"[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", decode(source, limits)
    ).replace("\u00a0", " ")
    lines = [line.rstrip() for line in re.split(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]", text)]
    lines = _unquoted(lines)
    found = _Found()
    blocks = _blocks(lines)
    blocks = _take_mail_header(blocks, found)
    blocks = _take_site_line(blocks, found)
    blocks = _take_related(blocks, found)
    blocks = _take_head(blocks, found)
    blocks = _drop_calls(blocks, found)
    root = _build(blocks)
    return Extract(
        body=html_to_markdown(etree.tostring(root, encoding="unicode", method="html"), source.url),
        title=found.title,
        authors=found.byline.authors,
        published=found.byline.published,
        updated=found.byline.updated,
        topic=found.topic,
        references=found.references,
        evidence=tuple(found.evidence),
    )


def _unquoted(lines: Sequence[str]) -> list[str]:
    """The lines without the "> " of a quoted email, where most of the text is quoted."""
    written = [line for line in lines if line.strip()]
    if written and sum(line.lstrip().startswith(">") for line in written) > len(written) * 0.6:
        return [re.sub(r"^\s*(?:> ?)+", "", line) for line in lines]
    return list(lines)


def _blocks(lines: Sequence[str]) -> list[_Block]:
    width = _wrap_width(lines)
    blocks: list[_Block] = []
    current: list[str] = []

    def close() -> None:
        if current:
            blocks.append(_Block(tuple(current)))
            current.clear()

    for line in lines:
        if not line.strip():
            close()
            continue
        starts_list = parse_list_line(line) is not None
        continues = bool(current) and width and len(current[-1]) > width * 0.6 and not starts_list
        hangs = bool(current) and parse_list_line(current[0]) is not None and line[:1] in " \t" and not starts_list
        is_row = bool(current) and "\t" in line.strip() and "\t" in current[-1].strip() and not starts_list
        if not (continues or hangs or is_row):
            close()
        current.append(line)
    close()
    return blocks


def _wrap_width(lines: Sequence[str]) -> int:
    """The column at which the text was hard-wrapped, or 0: many lines end near one column and run on in the next."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if not lengths or lengths[-1] not in _WRAP_COLUMNS:
        return 0
    runs_on = sum(
        1
        for line, following in pairwise(lines)
        if len(line) > lengths[-1] * 0.7 and following.strip() and parse_list_line(following) is None
    )
    return lengths[-1] if runs_on >= 3 else 0


def _take_site_line(blocks: list[_Block], found: _Found) -> list[_Block]:
    """Removes a "Title | Site" line at the end or the beginning, if the title stands in the text as well."""
    for index in [*range(len(blocks) - 1, max(-1, len(blocks) - 4), -1), *range(min(2, len(blocks)))]:
        parts = split_site_suffix(blocks[index].text)
        if parts and any(fold(parts[0]) == fold(block.text) for block in blocks[:_ZONE] if block is not blocks[index]):
            found.title, found.site = parts
            found.note("title", parts[0], 'the page\'s "Title | Site" line')
            return blocks[:index] + blocks[index + 1 :]
    return blocks


def _take_mail_header(blocks: list[_Block], found: _Found) -> list[_Block]:
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


def _take_related(blocks: list[_Block], found: _Found) -> list[_Block]:
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


def _take_head(blocks: list[_Block], found: _Found) -> list[_Block]:
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


def _below_title(blocks: Sequence[_Block], title: str | None) -> list[_Block]:
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


def _is_kicker(blocks: Sequence[_Block], found: _Found) -> bool:
    """A short category line just above the known title."""
    title = found.title
    if not title or len(blocks) < 2 or len(blocks[0].text.split()) > 4 or fold(blocks[1].text) != fold(title):
        return False
    if not found.topic:
        found.topic = blocks[0].text
        found.note("topic", found.topic, "the line above the title")
    return True


def _is_title(text: str, blocks: Sequence[_Block]) -> bool:
    return (
        len(blocks) > 1 and len(text.split()) <= 30 and len(text) <= 200 and parse_list_line(blocks[0].lines[0]) is None
    )


def _merge_byline(found: _Found, byline: Byline, text: str) -> None:
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


def _drop_calls(blocks: list[_Block], found: _Found) -> list[_Block]:
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


def _build(blocks: Sequence[_Block]) -> etree._Element:
    """The HTML tree of the blocks: headings are h2 (h3 right below another heading)."""
    root = etree.Element("article")
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if parse_list_line(block.lines[0]) and not _is_numbered_heading(blocks, index):
            end = index
            while end < len(blocks) and parse_list_line(blocks[end].lines[0]) and not _is_numbered_heading(blocks, end):
                end += 1
            _append_list(root, blocks[index:end])
            index = end
            continue
        if (end := _table_end(blocks, index)) > index:
            _append_table(root, [line for block in blocks[index:end] for line in block.lines])
            index = end
            continue
        if quote := _quote(blocks, index):
            said, who, index = quote
            _append_quote(root, said, who)
            continue
        _append_text(root, blocks, index)
        index += 1
    return root


def _quote(blocks: Sequence[_Block], index: int) -> tuple[str, str, int] | None:
    """A quotation, who said it (on its own line or the next), and the index of what follows; None for other text."""
    whole = re.match(r"^(?P<said>[“\"].+[”\"])(?:\s+[—–-]\s*(?P<who>\S.{2,80}))?$", blocks[index].text)
    if whole is None:
        return None
    if whole["who"]:
        return whole["said"], whole["who"], index + 1
    below = re.match(r"^[—–-]\s*(\S.{2,80})$", blocks[index + 1].text) if index + 1 < len(blocks) else None
    return (whole["said"], below[1], index + 2) if below else None


def _append_text(root: etree._Element, blocks: Sequence[_Block], index: int) -> None:
    text = blocks[index].text
    if not _is_heading(blocks, index):
        _append_words(etree.SubElement(root, "p"), text)
        return
    previous = root[-1].tag if len(root) else ""
    etree.SubElement(root, "h3" if previous == "h2" else "h2").text = text


def _append_words(element: etree._Element, text: str) -> None:
    """Appends the text to what the element holds, web addresses in it as links."""
    for index, part in enumerate(_ADDRESS.split(text)):
        if index % 2:
            etree.SubElement(element, "a", href=part).text = part
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part


def _is_heading(blocks: Sequence[_Block], index: int) -> bool:
    """A heading is followed by the text it heads, and is shorter than it."""
    text = blocks[index].text
    if len(blocks[index].lines) > 1 and len(text) > 80:
        return False
    if not looks_like_heading(text) or index + 1 >= len(blocks):
        return False
    following = blocks[index + 1]
    if parse_list_line(following.lines[0]):
        return True
    if looks_like_heading(following.text):
        return index + 2 < len(blocks) and _is_prose(blocks[index + 2]) and len(text.split()) <= 8
    return _is_prose(following) and len(following.text) > len(text)


def _is_prose(block: _Block) -> bool:
    """Whether a block reads like a paragraph: sentences, or a line that ends like one."""
    return len(block.text) > 120 or bool(re.search(r"[.!?:…][\"'”’)\]]*$", block.text))


def _is_numbered_heading(blocks: Sequence[_Block], index: int) -> bool:
    """ "1. Start small" alone, with paragraphs before "2. …": a heading that counts, not an entry of a list."""
    entry = parse_list_line(blocks[index].lines[0])
    if entry is None or entry.number is None or not looks_like_heading(entry.text) or len(blocks[index].lines) > 1:
        return False
    if index + 1 >= len(blocks) or parse_list_line(blocks[index + 1].lines[0]):
        return False
    return len(blocks[index + 1].text) > 60


def _append_list(root: etree._Element, blocks: Sequence[_Block]) -> None:
    entries: list[ListLine] = []
    for block in blocks:
        entry = parse_list_line(block.lines[0])
        assert entry is not None  # noqa: S101 (the caller chose the blocks by this)
        entries.append(replace(entry, text=" ".join([entry.text, *(line.strip() for line in block.lines[1:])])))
    leads = _leads([entry.text for entry in entries])
    stack: list[tuple[int, etree._Element]] = []
    for entry, lead in zip(entries, leads, strict=True):
        kind = "ul" if entry.number is None else "ol"
        while stack and entry.indent < stack[-1][0]:
            stack.pop()
        if stack and entry.indent == stack[-1][0] and stack[-1][1].tag != kind:
            stack.pop()
        if not stack or entry.indent > stack[-1][0]:
            parent = stack[-1][1][-1] if stack else root
            branch = etree.SubElement(parent, kind)
            if entry.number not in (None, 1):
                branch.set("start", str(entry.number))
            stack.append((entry.indent, branch))
        leaf = etree.SubElement(stack[-1][1], "li")
        if lead:
            strong = etree.SubElement(leaf, "strong")
            strong.text = lead
        _append_words(leaf, entry.text[len(lead) :])


def _leads(texts: Sequence[str]) -> list[str]:
    """The bold lead of each entry ("Curated data." of "Curated data. Teams spend…"), if every entry has one."""
    matches = [re.match(r"^[^.:!?]{2,60}(?:[.:!?])(?=\s+\S)", text) for text in texts]
    leads = [match[0] if match and len(match[0].split()) <= 7 else "" for match in matches]
    return leads if len(texts) > 1 and all(leads) else [""] * len(texts)


def _table_end(blocks: Sequence[_Block], index: int) -> int:
    """Where a run of tab-separated rows that begins here ends; `index` where there is none."""
    end, cells = index, blocks[index].lines[0].strip().count("\t")
    while cells and end < len(blocks) and all(line.strip().count("\t") == cells for line in blocks[end].lines):
        end += 1
    return end if sum(len(block.lines) for block in blocks[index:end]) > 1 else index


def _append_table(root: etree._Element, lines: Sequence[str]) -> None:
    table = etree.SubElement(root, "table")
    for number, line in enumerate(lines):
        row = etree.SubElement(table, "tr")
        for cell in line.strip().split("\t"):
            etree.SubElement(row, "td" if number else "th").text = cell.strip()


def _append_quote(root: etree._Element, said: str, who: str) -> None:
    quote = etree.SubElement(root, "blockquote")
    etree.SubElement(quote, "p").text = said
    etree.SubElement(quote, "p").text = f"— {who}"
