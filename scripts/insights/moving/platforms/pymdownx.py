"""Markdown as Python-Markdown's extensions and PyMdown's write it → Markdown that the common reader knows.

Source: facelessuser.github.io/pymdown-extensions; squidfunk.github.io/mkdocs-material/reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pymdownx import gemoji_db  # type: ignore[import-untyped]

from insights.moving.markdown_files import (
    markdown_in_html,
    without_abbreviations,
)
from insights.moving.marks import Marks
from insights.readers.markdown_dialects import outside_code, plain_fences, with_highlights, without_attributes

_SNIPPET = re.compile(r"^([ \t]*)-+8<-+[ \t]+\"([^\"\n]+)\"[ \t]*$", re.MULTILINE)
_TAB = re.compile(
    r"^(?P<indent> *)===[!+]* \"(?P<title>(?:\\.|[^\"\\\n])*+)\"[ \t]*\n"
    r"(?P<body>(?:(?P=indent)(?: {4}|\t).*\n?|[ \t]*\n)*)",
    re.M,
)
_BLOCK = re.compile(
    r"^///[ \t]*+(?P<name>[\w-]++)(?:[ \t]*+\|[ \t]*+(?P<title>[^\n]*))?\n"
    r"(?P<body>(?:(?!^///[ \t]*[\w-]).)*?)^///[ \t]*$",
    re.M | re.S,
)
_DETAILS = re.compile(r"^( *)\?\?\?\+? (?=\w)", re.MULTILINE)
_ICON = re.compile(r"[ ]?:(?:material|fontawesome|octicons|simple)(?:-[a-z0-9]+)+:")
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_KEYS = re.compile(r"(?<!\+)\+\+([a-z0-9\"'-]+(?:\+[a-z0-9\"'-]+)*)\+\+(?!\+)")
_CRITIC = re.compile(r"\{(\+\+|--|==|>>|~~)([^{}]*?)(?:\1|<<)\}")
_INSERTED = re.compile(r"\^\^(?=\S)([^\^\n]+)\^\^")
_RAISED = re.compile(r"(?<![\^\[\\])\^(?=\S)([^\^\s\[\]]+)\^(?!\^)")
_LOWERED = re.compile(r"(?<![~\\])~(?=\S)([^~\s]+)~(?!~)")
_ATTRIBUTES_BELOW = re.compile(r"^[ ]{0,3}\{:?[ ]*[.#][^}\n%]*\}[ \t]*$\n?", re.MULTILINE)
_ATTRIBUTES_BESIDE = re.compile(r"(?<=\S)[ ]?\{:?[ ]*+\.[\w-][^{}\n%]*\}[ \t]*$", re.MULTILINE)
_MORE = re.compile(r"^[ \t]*<!--[ \t]*more[ \t]*-->[ \t]*$", re.MULTILINE)
_BOXES = frozenset(
    "note admonition abstract info tip success question warning failure danger bug example quote".split()
)


def plain_markdown(text: str, marks: Marks, snippets: Mapping[str, str]) -> str:
    """The text with tabs as headed parts, keys, marks and icons as HTML or text; what has no form here as marks."""
    text = _SNIPPET.sub(lambda match: _snippet(match, marks, snippets), _MORE.sub("", text))
    text = plain_fences(_tabs_apart(text))
    return outside_code(text, lambda part: _inline(_blocks(part, marks), marks))


def _snippet(match: re.Match[str], marks: Marks, snippets: Mapping[str, str]) -> str:
    found = snippets.get(match[2])
    if found is None or not marks.room.takes(found):
        return marks.keep("snippet", match[0].strip())
    return "\n".join(match[1] + line if line else "" for line in found.rstrip("\n").split("\n"))


def _tabs_apart(text: str) -> str:
    """Each tab as its title in bold, and what is in it below; tabs in tabs too."""

    def apart(match: re.Match[str]) -> str:
        indent = match["indent"]
        inner = "\n".join(_outdented(line, indent) for line in match["body"].split("\n"))
        return f"\n{indent}**{match['title']}**\n\n{_tabs_apart(inner)}\n"

    return _TAB.sub(apart, text)


def _outdented(line: str, indent: str) -> str:
    """A line of a tab as one of what is around it, which is indented by `indent`."""
    step = next((step for step in ("    ", "\t") if line.startswith(indent + step)), "")
    return indent + line[len(indent + step) :] if step else line


def _blocks(text: str, marks: Marks) -> str:
    text = markdown_in_html(text)
    text = _BLOCK.sub(lambda match: _block(match, marks), _DETAILS.sub(r"\1??? ", text))
    return _ATTRIBUTES_BESIDE.sub("", _ATTRIBUTES_BELOW.sub("", without_abbreviations(text, marks)))


def _block(match: re.Match[str], marks: Marks) -> str:
    """Blocks of PyMdown 10: boxes and captions in their older forms; what is in others stays."""
    name, title = match["name"].lower(), (match["title"] or "").strip()
    if name in ("caption", "figure-caption", "table-caption"):
        return f"\n*{match['body'].strip()}*\n"
    if name in _BOXES or name == "details":
        kind = "note" if name in ("admonition", "details") else name
        body = re.sub(r"^(?=.)", "    ", match["body"].strip("\n"), flags=re.MULTILINE)
        return f"\n!!! {kind}" + (f' "{title}"' if title else "") + f"\n{body}\n\n"
    if name == "tab":
        return f"\n**{title}**\n\n{match['body']}\n"
    return f"\n{marks.keep(f'block {name}', f'/// {name} | {title}')}\n\n{match['body']}\n"


def _inline(text: str, marks: Marks) -> str:
    text = _ICON.sub(lambda _match: marks.drop("icons"), text)
    text = _EMOJI.sub(_emoji, text)
    text = _CRITIC.sub(lambda match: _settled(match, marks), text)
    text = _KEYS.sub(lambda match: _keys(match[1]), text)
    text = _INSERTED.sub(r"<ins>\1</ins>", with_highlights(text))
    text = _LOWERED.sub(r"<sub>\1</sub>", _RAISED.sub(r"<sup>\1</sup>", text))
    return without_attributes(text)


def _emoji(match: re.Match[str]) -> str:
    name = gemoji_db.aliases.get(match[0], match[0])
    found = gemoji_db.emoji.get(name)
    codes = found.get("unicode_alt") or found.get("unicode", "") if found else ""
    return "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else match[0]


def _settled(match: re.Match[str], marks: Marks) -> str:
    """A proposal of Critic Markup as it reads once it is taken; a remark as a mark."""
    kind, text = match[1], match[2]
    if kind == ">>":
        return marks.keep("comment", match[0])
    return {"--": "", "==": f"=={text}==", "~~": text.rpartition("~>")[2]}.get(kind, text)


def _keys(names: str) -> str:
    keys = [name.strip("\"'").replace("-", " ").title() for name in names.split("+")]
    return "+".join(f"<kbd>{key}</kbd>" for key in keys)
