"""The parts of a list as Python-Markdown reads them: indents, numbers, boxes, and what needs blank lines around it."""

from __future__ import annotations

import re

from turbohtml import Element

from insights.readers.dom import LISTS, is_blank

INDENT = "    "


def indented(text: str) -> str:
    """The text one level deeper; empty lines stay empty."""
    return "\n".join(INDENT + line if line else "" for line in text.split("\n"))


def start_of(listing: Element) -> int:
    """The number of a numbered list's first item."""
    start = listing.attr("start") or "1"
    return int(start) if start.isdigit() and len(start) < 7 else 1


def is_nested_list(child: Element) -> bool:
    """Whether a child of a list belongs to the item before: it is a list, or (as Lexical has it) holds nothing else."""
    if child.tag in LISTS:
        return True
    parts = [node for node in child.children if not is_blank(node)]
    return bool(parts) and all(isinstance(node, Element) and node.tag in LISTS for node in parts)


def item_text(blocks: list[str]) -> tuple[str, bool]:
    """A list item's text after its marker, of its blocks, and whether it needs blank lines around it."""
    first, rest = blocks[0], blocks[1:]
    if first.startswith((">", "```", "|", "<", "- ", "    ")) or re.match(r"\d+\. ", first):
        return "\n\n" + indented("\n\n".join(blocks)), True
    first = first.replace("\n", "\n" + INDENT)
    tail = "\n\n".join(rest)
    if not rest:
        return first, False
    if len(rest) == 1 and re.match(r"(?:- |\d+\. )", rest[0]) and not re.search(r"\n\n", rest[0]):
        return f"{first}\n{indented(tail)}", False
    return f"{first}\n\n{indented(tail)}", True


def checkbox_of(item: Element) -> Element | None:
    """The box of a task list's item: before any text, not in a list inside the item."""
    box = item.select_one("input[type=checkbox]")
    return box if box is not None and box.closest("li") is item else None
