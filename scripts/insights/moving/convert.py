"""Entry → Markdown, as its platform's cleaner and the common writer make it; pure, so that all cores can do it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from turbohtml import Comment, Element, Text, parse

from insights.errors import InsightsError
from insights.moving.entry import Entry, Mark
from insights.moving.marks import NOT_CONVERTED, Marks, show_marks, without_tokens
from insights.moving.platforms import platform
from insights.readers.dom import HEADINGS, child_elements
from insights.readers.markdown_writer import to_markdown
from insights.text import fold

_FRAGMENT = re.compile(r"(?<=\S)#([\w:.-]+)")
_ID = re.compile(r"(?:\bid=[\"']?|\{:?\s*#|^\.\. _)([\w.-]+(?::[\w.-]+)*)", re.MULTILINE)
_NOT_ARTICLE = "script,style,form,svg,canvas,object:not([data]),template"
_ONLY_FOR_TOOLS = re.compile(
    r"\s*(?:more|excerpt|truncate|break|pelican_(?:begin|end)_summary|/?toc|members-only|prettier-ignore.*|markdownlint-.*|kg-card-.*)\s*",
    re.IGNORECASE,
)
"""Comments that cut teasers or speak to a formatter: they mean nothing here."""
_EMBED_SCRIPTS = ("platform.twitter.com", "instagram.com/embed", "embed.reddit", "speakerdeck.com", "tiktok.com/embed")


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of an entry's body: Markdown with its old addresses, and the marks in it; or why it has none."""

    markdown: str = ""
    marks: tuple[Mark, ...] = ()
    dropped: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """An entry to convert: its platform, and the ids in it to which other entries lead."""

    platform: str
    entry: Entry
    linked: frozenset[str] = frozenset()


def work_of(platform_name: str, entries: Iterable[Entry]) -> tuple[Work, ...]:
    """The work that the entries are, in their order."""
    entries = tuple(entries)
    fragments = {fragment for entry in entries for fragment in _FRAGMENT.findall(entry.body)}
    return tuple(
        Work(platform_name, entry, frozenset(fragments.intersection(_ID.findall(entry.body)))) for entry in entries
    )


def convert(work: Work) -> Conversion:
    """The conversion of an entry. Never raises for a bad body."""
    name = work.platform
    context = {key: without_tokens(text) for key, text in work.entry.context.items()}
    entry = replace(work.entry, body=without_tokens(work.entry.body), context=context)
    marks = Marks()
    try:
        html = platform(name).clean(entry, marks)
        document = parse(f"<body>{html}</body>", positions=False)
        body = document.select_one("body")
        if body is None:
            return Conversion()
        _keep_elements(body, marks)
        _keep_comments(body, marks)
        _drop_title(body, entry.title)
        markdown = show_marks(to_markdown(body, entry.base, work.linked), marks.found)
        return Conversion(markdown, tuple(marks.found), tuple(marks.dropped))
    except InsightsError as error:
        return Conversion(error=error.what)
    except (RecursionError, MemoryError) as error:
        return Conversion(error=f"it is too deep or too large to read ({type(error).__name__})")


def _drop_title(body: Element, title: str) -> None:
    """Takes out a first heading that repeats the title: the page shows it."""
    first = next(iter(child_elements(body)), None)
    while first is not None and first.tag in ("section", "div", "article", "header") and child_elements(first):
        first = child_elements(first)[0]
    if first is not None and first.tag in HEADINGS and fold(first.text) == fold(title):
        first.extract()


def _keep_comments(body: Element, marks: Marks) -> None:
    """Comments that an author wrote as marks: nobody but the author can say what they are for."""
    for node in list(body.descendants):
        if not isinstance(node, Comment):
            continue
        kind, text = "HTML comment", node.data
        if text.startswith(NOT_CONVERTED):
            kind, text = "front matter", text.removeprefix(NOT_CONVERTED)
        node.replace_with(Text("" if _ONLY_FOR_TOOLS.fullmatch(text) else marks.keep(kind, text)))


def _keep_elements(body: Element, marks: Marks) -> None:
    """Marks in the place of elements that no article shows as text: scripts, forms, drawings."""
    for element in body.select(_NOT_ARTICLE):
        if element.parent is None:
            continue
        raw = element.html
        if element.tag == "script" and any(source in raw for source in _EMBED_SCRIPTS):
            element.extract()
        elif element.tag == "script" and "math/tex" in (element.attr("type") or ""):
            element.replace_with(Text(element.text))
        else:
            element.replace_with(Text(marks.keep(f"HTML <{element.tag}>", raw)))
