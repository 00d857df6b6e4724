"""Reads Markdown of any dialect into an Extract: front matter of other systems, and the body in our canonical form.

CommonMark with tables, strikethrough, footnotes, definition and task lists and MkDocs' admonitions (markdown-it);
what other dialects add is made of these first (`markdown_dialects`). The HTML that it means goes through the same
writer as any page, so all Markdown comes out alike.
"""

from __future__ import annotations

import re

import turbohtml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from turbohtml import Element

from insights.errors import SourceError
from insights.model import Extract, Source
from insights.readers.decode import decode_words
from insights.readers.dom import child_elements, text_of, unlike_share
from insights.readers.front_matter_dialects import extract_fields, split_front_matter
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_dialects import plain_dialects, without_javascript
from insights.readers.markdown_writer import to_markdown

_TASK = re.compile(r"\[([ xX])\](?=[ \t\n])")
_HEADING_ATTRIBUTES = re.compile(
    r"<h([1-6])>((?:(?!<h[1-6]>)[^{\n]|\{(?!:?\s*[#.]))*+)\{:?\s*+(?:#([\w:.-]++)|\.\w)[^{}<]*\}</h\1>"
)
_NOTES_RULE = re.compile(r'<hr class="footnotes-sep"(?: /)?>\n')


def _tasks(parser: MarkdownIt) -> None:
    """Has `[ ]` and `[x]` at the start of a list's item be boxes; the known plugin reads the list anew for each."""
    parser.core.ruler.after("inline", "tasks", _add_boxes)


def _add_boxes(state: StateCore) -> None:
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        kinds = (item.type, paragraph.type, inline.type)
        if kinds == ("list_item_open", "paragraph_open", "inline") and (task := _TASK.match(inline.content)):
            box = Token("html_inline", "", 0)
            box.content = f'<input type="checkbox"{"" if task[1] == " " else " checked"} disabled>'
            first, *others = inline.children or []
            first.content = first.content[task.end() :]
            inline.children = [box, first, *others]


_PARSER = (
    MarkdownIt("commonmark", {"html": True, "maxNesting": 60})
    .enable(["table", "strikethrough"])
    .use(footnote_plugin, inline=False)
    .use(deflist_plugin)
    .use(_tasks)
    .use(admon_plugin)
)


def read_markdown(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article of a Markdown file: its title from the front matter or a first heading, which leaves the body.

    Raises SourceError where the source is empty, binary or too large, or its front matter cannot be read.
    """
    text = decode_words(source, limits).replace("\r\n", "\n").lstrip("\ufeff\n")
    mapping, rest = split_front_matter(text, source.name)
    rest = without_javascript(rest) if source.name.lower().endswith(".mdx") else rest
    body, title = canonical_markdown(rest, source.url, str(mapping.get("title") or ""))
    if not body and not title and not mapping:
        raise SourceError(source.name, "the file holds no text", "paste the text again")
    return extract_fields(mapping, body, title)


def markdown_html(text: str) -> str:
    """The HTML that Markdown of any dialect means, raw HTML included: for a writer, not for readers."""
    html = _NOTES_RULE.sub("", _PARSER.render(_boxes_kept_whole(plain_dialects(text))))
    return _HEADING_ATTRIBUTES.sub(_heading_with_id, html)


def _heading_with_id(match: re.Match[str]) -> str:
    """A heading whose text ends with attributes (`{#id .class}`): the id is its own, the rest has no form here."""
    anchor = f' id="{match[3]}"' if match[3] else ""
    return f"<h{match[1]}{anchor}>{match[2].rstrip()}</h{match[1]}>"


def canonical_markdown(text: str, base_url: str | None = None, title: str = "") -> tuple[str, str | None]:
    """Markdown of any dialect in our canonical form, and the text of a leading `h1`, which is taken out of it.

    Where the `title` is known already, only a heading that repeats it is taken out.
    """
    document = turbohtml.parse(f"<body>{markdown_html(text)}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    heading = _take_title(body, title)
    return to_markdown(body, base_url), heading


def _boxes_kept_whole(text: str) -> str:
    """The text with spaces on empty lines in boxes: two such lines would end a box for the parser alone."""
    if "!!!" not in text and "???" not in text:
        return text
    lines = text.split("\n")
    boxes: list[int] = []  # how far the text of each open box is indented
    empty: list[int] = []
    for number, line in enumerate(lines):
        if not line.strip():
            empty.append(number)
            continue
        indent = len(line) - len(line.lstrip(" "))
        while boxes and indent < boxes[-1]:
            boxes.pop()
        for blank in empty if boxes and len(empty) > 1 else ():
            lines[blank] = " " * boxes[-1]
        empty = []
        if line.lstrip(" ").startswith(("!!! ", "??? ", "???+ ")):
            boxes.append(indent + 4)
    return "\n".join(lines)


def _take_title(body: Element, title: str) -> str | None:
    """The text of the first heading where it is the body's first block and its only `h1`; takes it out."""
    first = next(iter(child_elements(body)), None)
    if first is None or first.tag != "h1" or len(body.select("h1")) != 1:
        return None
    if title and unlike_share(title, text_of(first)) > 0.3:
        return None
    first.extract()
    return text_of(first) or None
