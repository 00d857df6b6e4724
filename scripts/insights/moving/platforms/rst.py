"""reStructuredText → HTML of common kinds, by docutils; directives that it does not know become marks.

Source: docutils.sourceforge.io/docs/ref/rst; docs.getpelican.com/content (metadata as a field list).
"""

from __future__ import annotations

import re
from html import escape

import turbohtml
from docutils.core import publish_parts
from turbohtml import Element, Text

from insights.moving.marks import Marks

_TITLE = re.compile(
    r"\A\s*+(?:(?P<over>[^\w\s])(?P=over)+[ \t]*\n)?[ \t]*+(?P<title>\S[^\n]*)\n(?P<line>[^\w\s])(?P=line)*+[ \t]*\n"
)
_FIELD = re.compile(r"^:(?P<name>[\w -]+):[ \t]*(?P<value>[^\n]*(?:\n[ \t]+[^\n]+)*)(?:\n|\Z)", re.MULTILINE)
_BOXES = "attention caution danger error hint important note tip warning".split()
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": True,
    "halt_level": 6,
    "report_level": 2,
    "warning_stream": "",
    "syntax_highlight": "none",
    "initial_header_level": 2,
    "doctitle_xform": False,
    "embed_stylesheet": False,
    "smart_quotes": False,
    "trim_footnote_reference_space": True,
    "math_output": "LaTeX",
}
_MORE = re.compile(
    r"^(?P<directive>\.\.[ \t]+(?P<name>youtube|vimeo)::[ \t]*(?P<id>\S+)[ \t]*\n(?:[ \t]+:[^\n]*\n?)*)", re.MULTILINE
)
_ABBREVIATION = re.compile(r":abbr:`([^`(]+)\(([^)`]+)\)`")


def rst_fields(text: str) -> tuple[dict[str, object], str]:
    """The title, the field list below it (names in lower case), and the body."""
    fields: dict[str, object] = {}
    if match := _TITLE.match(text):
        fields["title"] = match["title"].strip()
        text = text[match.end() :]
    text = text.lstrip("\n")
    while match := _FIELD.match(text):
        fields[match["name"].lower()] = " ".join(match["value"].split())
        text = text[match.end() :]
    return fields, text


def rst_html(text: str, marks: Marks) -> str:
    """The HTML of a body. Files that it would include are not read: those directives become marks."""
    text = _MORE.sub(_player, _ABBREVIATION.sub(lambda match: f"{match[1].strip()} ({match[2]})", text))
    parts = publish_parts(text, writer="html5", settings_overrides=dict(_SETTINGS))
    document = turbohtml.parse(f"<body>{parts['html_body']}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    for message in body.select(".system-message"):
        source = message.select_one("pre")
        if source is not None and message.parent is not None:
            name = re.match(r"\.\.\s+([\w:-]+)::", source.text)
            message.replace_with(
                _paragraph(marks.keep(f"directive {name[1]}" if name else "reStructuredText", source.text))
            )
        elif message.parent is not None:
            message.extract()
    for problem in body.select(".problematic"):
        link = problem.closest("a") or problem
        link.replace_with(Text(marks.keep("role", problem.text)))
    body.remove(".system-messages")
    _plain_boxes(body)
    _mark_headings(body)
    return body.inner_html


def _plain_boxes(body: Element) -> None:
    """docutils' boxes as Python-Markdown writes them, code with its language as the common reader knows it."""
    for box in body.select("aside.admonition"):
        kind = next((name for name in _BOXES if box.has_class(name)), "note")
        box.insert_adjacent_html("afterend", f'<div class="admonition {kind}">{box.inner_html}</div>')
        box.extract()
    for code in body.select("span.literal"):
        code.insert_adjacent_html("afterend", f"<code>{escape(code.text)}</code>")
        code.extract()
    body.remove("aside.footnote > .label,.fn-bracket")
    for code in body.select("pre.code"):
        language = (code.attr("class") or "").replace("code", "").replace("literal-block", "").strip()
        name = f' class="language-{escape(language)}"' if language else ""
        code.insert_adjacent_html("afterend", f"<pre><code{name}>{escape(code.text)}</code></pre>")
        code.extract()


def _mark_headings(body: Element) -> None:
    """Each heading with the id of its section, or the name that the author gave it (`.. _name:`)."""
    for section in body.select("section[id]"):
        heading = section.select_one("h1,h2,h3,h4,h5,h6")
        if heading is not None and heading.parent is not None:
            names = [span.attr("id") or "" for span in heading.parent.select("span[id]")[:1]]
            heading.attrs["id"] = next(iter(names), "") or section.attr("id") or ""


def _paragraph(text: str) -> Element:
    paragraph = Element("p")
    paragraph.append(Text(text))
    return paragraph


def _player(match: re.Match[str]) -> str:
    address = "https://vimeo.com/" if match["name"] == "vimeo" else "https://www.youtube.com/watch?v="
    return f"`Video <{address}{match['id']}>`__\n\n"
