"""Markdown as Pandoc and Quarto write it → Markdown that the common reader knows.

Source: pandoc.org/MANUAL (fenced divs, bracketed spans, citations); quarto.org/docs/authoring (callouts, figures).
"""

from __future__ import annotations

import re
from html import escape

from insights.moving.markdown_files import inline_html
from insights.moving.marks import Marks
from insights.readers.markdown_dialects import (
    container,
    containers,
    notes_below,
    outside_code,
    plain_fences,
    without_attributes,
)

_CELL = re.compile(
    r"^(?P<fence>```++)[ \t]*+\{(?P<raw>=?)(?P<name>[\w+-]++)[^}\n]*\}[ \t]*\n"
    r"(?P<code>.*?)(?:^(?P=fence)[ \t]*$|\Z)",
    re.M | re.S,
)
_OPTION = re.compile(r"^(?:#|//|--)\|.*\n", re.MULTILINE)
_SHORTCODE = re.compile(r"(?P<space>[ ]?)\{\{<\s*+(?P<name>[\w-]++)\s*+(?P<rest>(?:(?!\{\{<).)*?)>\}\}", re.DOTALL)
_FIGURE = re.compile(
    r"^!\[(?P<caption>(?:[^\[\]]|\[[^\]]*\])+)\]"
    r"\((?P<src>[^)\s]+)(?:[ ]+\"[^\"]*\")?\)(?P<attributes>\{[^}\n]*\})?[ \t]*$",
    re.M,
)
_ALT = re.compile(r"(?:fig-)?alt=(?:\"([^\"]*)\"|'([^']*)')")
_CITED = re.compile(
    r"\[[^\[\]\n@]*+(?:(?<=[\w.])@[^\[\]\n@]*+)*+@[\w:.#$%&+?<>~/-][^\[\]\n]*+\](?!\()|(?<![\w@.`/])@(?:fig|tbl|sec|eq|lst|thm|nte|tip)-[\w-]+"
)
_HEADING = re.compile(r"\A\s*+#{1,6}[ \t]++(.+?)(?:(?<![ \t])[ \t]*+\{[^{}\n]*\})?(?<![ \t])[ \t]*+\n")
_HEADING_CLASSES = re.compile(r"^(#{1,6}[ \t](?:.*[^ \t])?)[ \t]*+\{(?P<inside>[^{}\n]*)\}[ \t]*+$", re.MULTILINE)
_NOT_SHOWN = re.compile(
    r"\.hidden|\.content-hidden(?!(?:(?!\.content-hidden)[^{}])*?-format=[\"'](?:pdf|latex|docx|epub))"
    r"|\.content-visible(?:(?!\.content-visible)[^{}])*?(?:when-format=[\"'](?:pdf|latex|docx|epub)|unless-format=[\"']html)"
)
_LABEL = re.compile(r"(?<=\$\$)[ \t]*\{#eq-[^{}\n]*\}")
_TABLE_CAPTION = re.compile(r"^(?:Table)?:[ \t]++(?P<text>[^\n{}]++)\{#tbl-[^{}\n]*+\}[ \t]*+$", re.MULTILINE)
_SILENT = frozenset({"pagebreak", "fa", "bi", "lipsum"})


def plain_markdown(text: str, marks: Marks) -> str:
    """The text with callouts as boxes, figures as HTML, code cells as code; citations and other shortcodes as marks."""
    text = plain_fences(_CELL.sub(_cell, notes_below(text)))
    text = containers(text, lambda attributes, title, inner: _div(attributes, title, inner, marks))
    return outside_code(text, lambda part: _inline(part, marks))


def _cell(match: re.Match[str]) -> str:
    """A cell as its code without its options, HTML that passes through as HTML."""
    if match["raw"]:
        return match["code"] if match["name"] == "html" else match[0]
    code = _OPTION.sub("", match["code"])
    return f"{match['fence']}{match['name']}\n{code}{match['fence']}" if code.strip() else ""


def _div(attributes: str, title: str, inner: str, marks: Marks) -> str:
    """A fenced div; the title of a call-out may be a heading in it."""
    if _NOT_SHOWN.search(attributes):
        return marks.keep("div that the page does not show", f":::{attributes}\n{inner}")
    if "#refs" in attributes:
        return ""
    heading = _HEADING.match(inner) if "callout-" in attributes and "title=" not in attributes else None
    return container(attributes, heading[1] if heading else title, inner[heading.end() :] if heading else inner)


def _inline(text: str, marks: Marks) -> str:
    text = _SHORTCODE.sub(lambda match: _shortcode(match, marks), text)
    text = _FIGURE.sub(_figure, text)
    text = _TABLE_CAPTION.sub(lambda match: f"*{match['text'].strip()}*", _LABEL.sub("", text))
    text = _HEADING_CLASSES.sub(_heading, text)
    text = _CITED.sub(lambda match: _reference(match[0], marks), text)
    return without_attributes(text)


def _shortcode(match: re.Match[str], marks: Marks) -> str:
    name, rest = match["name"], match["rest"].strip()
    if name in _SILENT:
        return marks.drop("icons and page breaks")
    return match["space"] + _shown(name, rest, match[0].lstrip(), marks)


def _shown(name: str, rest: str, raw: str, marks: Marks) -> str:
    if name == "video" and rest:
        address = rest.split(maxsplit=1)[0].strip("\"'")
        played = re.sub(
            r"^https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*",
            r"https://www.youtube.com/watch?v=\1",
            address,
        )
        return f"\n\n[Video]({played})\n\n"
    if name == "kbd" and rest:
        keys = rest.split(maxsplit=1)[0].strip("\"'").split("-")
        return "+".join(f"<kbd>{escape(key)}</kbd>" for key in keys)
    return marks.keep(f"shortcode {name}", raw)


def _figure(match: re.Match[str]) -> str:
    """A picture alone in its paragraph: its text is a caption, its alternative text an attribute."""
    found = _ALT.search(match["attributes"] or "")
    alt = (found[1] or found[2] or "") if found else re.sub(r"[*_`\[\]]", "", match["caption"])
    if not found:
        return f"![{match['caption']}]({match['src']})"
    picture = f'<img src="{escape(match["src"])}" alt="{escape(alt)}">'
    return f"\n<figure>{picture}<figcaption>{inline_html(match['caption'])}</figcaption></figure>\n"


def _heading(match: re.Match[str]) -> str:
    """A heading with its id, without classes."""
    name = re.search(r"#([\w:.-]+)", match["inside"])
    return f"{match[1]} {{#{name[1]}}}" if name else match[1]


def _reference(text: str, marks: Marks) -> str:
    kind = "cross-reference" if re.search(r"@(?:fig|tbl|sec|eq|lst|thm|nte|tip)-", text) else "citation"
    return marks.keep(kind, text)
