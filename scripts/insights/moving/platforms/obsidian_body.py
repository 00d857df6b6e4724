"""Markdown as Obsidian writes it → Markdown that the common reader knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from markdown.extensions.toc import slugify as heading_id

from insights.moving.entry import INSIDE, inside
from insights.moving.marks import Marks
from insights.readers.markdown_dialects import callouts, notes_below, outside_code, with_highlights

TAG = re.compile(r"(?<![\w/#&;(\[])#((?=[^\s#]*[^\W\d_])[\w/-]+)")
"""A tag in the text: at least one letter in it (`#2020` is none)."""
_LINK = re.compile(
    r"(?P<shown>!?)\[\[(?P<target>[^\[\]|#\\\n]*)(?:#(?P<part>[^\[\]|\\\n]*))?(?:\\?\|(?P<text>[^\[\]\n]*))?\]\]"
)
_HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t](?P<text>.*)$", re.MULTILINE)
_COMMENT = re.compile(r"%%(.*?)%%", re.DOTALL)
_BLOCK_ID = re.compile(r"(?:^|(?<![ \t])[ \t]++)\^[A-Za-z0-9-]++[ \t]*+$", re.MULTILINE)
_QUERY = re.compile(
    r"^(?P<fence>```+)(?P<name>dataview|dataviewjs|query|base|tasks|excalidraw)\b.*?(?:^(?P=fence)[ \t]*$|\Z)",
    re.M | re.S,
)
_ONLY_TAGS = re.compile(rf"^[ \t]*(?:{TAG.pattern}[ \t,]*)+$", re.MULTILINE)
_TAGS_AFTER = re.compile(rf"(?<=[.!?…])(?:[ \t]+{TAG.pattern})+[ \t]*$", re.MULTILINE)
_WIDTH = re.compile(r"^\d+(?:x\d+)?$")
_PICTURES = frozenset(".png .jpg .jpeg .gif .webp .svg .avif .bmp".split())


def plain_markdown(text: str, marks: Marks, context: Mapping[str, str], depth: int = 0) -> str:
    """The text with links and embeds by name resolved, callouts as boxes; queries and comments as marks."""
    text = _QUERY.sub(lambda match: marks.keep(f"query {match['name']}", match[0]), callouts(notes_below(text)))
    text = outside_code(text, lambda part: _COMMENT.sub(lambda match: marks.keep("comment", match[0]), part))
    text = outside_code(text, lambda part: _LINK.sub(lambda match: _link(match, marks, context, depth), part))
    return outside_code(text, _inline)


def _inline(text: str) -> str:
    text = _TAGS_AFTER.sub("", _ONLY_TAGS.sub("", _BLOCK_ID.sub("", text)))
    return with_highlights(TAG.sub(lambda match: match[1].rpartition("/")[2].replace("_", " "), text))


def _link(match: re.Match[str], marks: Marks, context: Mapping[str, str], depth: int) -> str:
    target, part, text = match["target"].strip(), (match["part"] or "").strip(), (match["text"] or "").strip()
    if match["shown"]:
        return _embed(match[0], target, part, text, (marks, context, depth))
    is_block = part.startswith("^")
    last = part.rpartition("#")[2]
    fragment = "" if is_block or not part else f"#{heading_id(last, '-')}"
    shown = text or (f"{target} > {last}" if target and part and not is_block else target or last)
    shown = shown if text else shown.rpartition("/")[2]
    return f"[{shown}]({f'{INSIDE}/{quote(target)}' if target else ''}{fragment})"


def _embed(raw: str, target: str, part: str, text: str, where: tuple[Marks, Mapping[str, str], int]) -> str:
    """A picture, a link to a file, or another note's text in the place of an embed."""
    marks, context, depth = where
    if path := context.get(f"file {target}"):
        suffix = PurePosixPath(path).suffix.lower()
        alt = "" if _WIDTH.match(text.rpartition("|")[2]) else text
        alt = alt or (text.rpartition("|")[0] if "|" in text else "")
        name = PurePosixPath(path).name
        return f"![{alt}]({inside(path)})" if suffix in _PICTURES else f"[{text or name}]({inside(path)})"
    body = context.get(f"note {target}")
    if body is None or depth > 0 or not marks.room.takes(body):
        return marks.keep("embed of a note", raw) if body is not None else marks.keep("embed of what is not there", raw)
    return "\n\n" + plain_markdown(_part_of(body, part), marks, {}, depth + 1) + "\n\n"


def _part_of(body: str, part: str) -> str:
    """A whole note, the part below one heading (with it), or one block."""
    if part.startswith("^"):
        blocks = re.split(r"\n{2,}", body)
        return next((block for block in blocks if block.rstrip().endswith(part)), body)
    if not part:
        return body
    headings = list(_HEADING.finditer(body))
    title = part.rpartition("#")[2]
    number, match = next(
        ((number, each) for number, each in enumerate(headings) if each["text"].strip() == title), (0, None)
    )
    if match is None:
        return body
    ends = (each.start() for each in headings[number + 1 :] if len(each["marks"]) <= len(match["marks"]))
    return body[match.start() : next(ends, len(body))]
