"""Builds an article's HTML tree from the blocks of a text without markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from insights.readers.headings import Line, find_headings, is_like_code
from insights.readers.pasted import Block, ListLine, looks_like_heading, parse_list_line

_ENTRY = 400  # characters that a line of a list without bullets may have
_APART = 0.2  # the share of lines that must follow an empty one, for lines close together to mean a list
_ADDRESS = re.compile(r"<?\b(https?://[^\s<>\"]*[\w/#&=])>?")


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """The blocks as lines among which headings are found."""
    return [Line(block.text, _kind(blocks, index), block.follows_blank) for index, block in enumerate(blocks)]


def build_tree(blocks: Sequence[Block], title: str | None) -> etree._Element:
    """The blocks as an `article`: headings are h2 (h3 right below another heading)."""
    headings = {index - 1 for index in find_headings([Line(title or ""), *lines_of(blocks)])}
    headings |= {index for index in range(len(blocks)) if _counts_like_a_heading(blocks, index)}
    root = etree.Element("article")
    index = 0
    while index < len(blocks):
        if index in headings:
            _append_heading(root, blocks[index].text)
            index += 1
        elif (end := _list_end(blocks, index, headings)) > index:
            _append_list(root, [_entry(block) for block in blocks[index:end]])
            index = end
        elif (end := _bare_list_end(blocks, index, headings)) > index:
            _append_list(root, [ListLine(0, block.text, None) for block in blocks[index:end]])
            index = end
        elif (end := _table_end(blocks, index)) > index:
            _append_table(root, [line for block in blocks[index:end] for line in block.lines])
            index = end
        elif quote := _quote(blocks, index):
            said, who, index = quote
            _append_quote(root, said, who)
        else:
            _append_words(etree.SubElement(root, "p"), blocks[index].text)
            index += 1
    return root


def _kind(blocks: Sequence[Block], index: int) -> str:
    first = blocks[index].lines[0]
    if parse_list_line(first):
        return "text" if _counts_like_a_heading(blocks, index) else "list"
    return "table" if "\t" in first.strip() else "text"


def _counts_like_a_heading(blocks: Sequence[Block], index: int) -> bool:
    """ "1. Start small" alone, with paragraphs before "2. …": a heading that counts, not an entry of a list."""
    entry = parse_list_line(blocks[index].lines[0])
    if entry is None or entry.number is None or not looks_like_heading(entry.text) or len(blocks[index].lines) > 1:
        return False
    if index + 1 >= len(blocks) or parse_list_line(blocks[index + 1].lines[0]):
        return False
    return len(blocks[index + 1].text) > 60


def _list_end(blocks: Sequence[Block], index: int, headings: set[int]) -> int:
    """Where a list that begins here ends; `index` where there is none."""
    end = index
    while end < len(blocks) and end not in headings and parse_list_line(blocks[end].lines[0]):
        end += 1
    return end


def _bare_list_end(blocks: Sequence[Block], index: int, headings: set[int]) -> int:
    """Where a list without bullets ends, as Chromium copies one: lines close together, where paragraphs stand apart."""
    end = index + 1
    while end < len(blocks) and end not in headings and not blocks[end].follows_blank:
        end += 1
    if end - index > 2 and len(blocks[end - 1].text) > max(len(block.text) for block in blocks[index : end - 1]) * 1.5:
        end -= 1  # no empty line stands between a list and the paragraph below it either
    run = blocks[index:end]
    begins = blocks[index].follows_blank or index - 1 in headings
    is_led = index - 1 in headings or (index > 0 and blocks[index - 1].text.endswith(":"))
    apart = sum(block.follows_blank for block in blocks)
    is_list = (
        begins
        and not any(parse_list_line(block.lines[0]) for block in blocks)
        and len(run) >= (2 if is_led else 3)
        and apart > max(3, len(blocks) * _APART)
        and all(_kind(blocks, at) == "text" for at in range(index, end))
        and all(len(block.text) <= _ENTRY and not is_like_code(block.lines[0]) for block in run)
    )
    return end if is_list else index


def _entry(block: Block) -> ListLine:
    """A list's entry with the lines that hang below its first."""
    first = parse_list_line(block.lines[0]) or ListLine(0, block.lines[0].strip(), None)
    return replace(first, text=" ".join([first.text, *(line.strip() for line in block.lines[1:])]))


def _append_heading(root: etree._Element, text: str) -> None:
    is_below_heading = len(root) > 0 and root[-1].tag == "h2"
    etree.SubElement(root, "h3" if is_below_heading else "h2").text = text


def _append_list(root: etree._Element, entries: Sequence[ListLine]) -> None:
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


def _table_end(blocks: Sequence[Block], index: int) -> int:
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


def _quote(blocks: Sequence[Block], index: int) -> tuple[str, str, int] | None:
    """A quotation, who said it (on its own line or the next), and the index of what follows; None for other text."""
    whole = re.match(r"^(?P<said>[“\"].+[”\"])(?:\s+[—–-]\s*(?P<who>\S.{2,80}))?$", blocks[index].text)
    if whole is None:
        return None
    if whole["who"]:
        return whole["said"], whole["who"], index + 1
    below = re.match(r"^[—–-]\s*(\S.{2,80})$", blocks[index + 1].text) if index + 1 < len(blocks) else None
    return (whole["said"], below[1], index + 2) if below else None


def _append_words(element: etree._Element, text: str) -> None:
    """Appends the text to what the element holds, web addresses in it as links."""
    for index, part in enumerate(_ADDRESS.split(text)):
        if index % 2:
            etree.SubElement(element, "a", href=part).text = part
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
