"""What Pelican adds to Markdown, reStructuredText and HTML: addresses by file name, code's languages, Liquid tags."""

from __future__ import annotations

import re
from urllib.parse import quote

from insights.moving.entry import INSIDE
from insights.moving.marks import Marks
from insights.readers.markdown_dialects import outside_code

_TO_FILE = re.compile(r"[{|](?P<kind>filename|attach|static)[}|](?P<path>[^\s)\"'>`]+)")
_TO_PAGE = re.compile(r"[{|](?P<kind>tag|category|author|index)[}|](?P<name>[^\s)\"'>`]*)")
_LANGUAGE = re.compile(
    r"^(?P<code>(?P<indent>(?: {4}|\t)+)(?::::|#!)(?P<name>[\w+-]+)[ \t]*\n"
    r"(?:(?P=indent).*(?:\n|\Z)|[ \t]*\n(?=(?:[ \t]*\n)*(?P=indent)))+)",
    re.MULTILINE,
)
_LIQUID = re.compile(
    r"\{%\s*(?P<name>youtube|vimeo|img|video|include_code|literal|notebook|gist|soundcloud|audio)\s++(?P<rest>(?:(?!\{%).)*?)%\}"
)
_TOC = re.compile(r"^\[TOC\][ \t]*$", re.MULTILINE)


def plain_markdown(text: str, marks: Marks) -> str:
    """The text with addresses of the export's files, code in fences, players as links; other Liquid tags as marks."""
    text = _LANGUAGE.sub(_fenced, text)
    text = _TOC.sub("", text)
    text = _TO_FILE.sub(lambda match: f"{_folder(match['path'])}{quote(match['path'].lstrip('/'), safe='/#%.')}", text)
    text = _TO_PAGE.sub(lambda match: f"{INSIDE}/{match['kind']}/{quote(match['name'])}", text)
    return outside_code(text, lambda part: _LIQUID.sub(lambda match: _liquid(match, marks), part))


def _folder(path: str) -> str:
    """An address from the root of the content folder is one inside the export; any other is beside the file."""
    return f"{INSIDE}/" if path.startswith("/") else ""


def _fenced(match: re.Match[str]) -> str:
    lines = match["code"].rstrip("\n").split("\n")[1:]
    code = "\n".join(line.removeprefix(match["indent"]) for line in lines)
    return f"```{match['name']}\n{code}\n```\n"


def _liquid(match: re.Match[str], marks: Marks) -> str:
    first = match["rest"].split()[0].strip("\"'")
    if match["name"] == "youtube":
        return f"\n\n[Video](https://www.youtube.com/watch?v={first})\n\n"
    if match["name"] == "vimeo":
        return f"\n\n[Video](https://vimeo.com/{first})\n\n"
    if match["name"] == "img" and (address := re.search(r"(?:https?:/)?/\S+|\{\S+", match["rest"])):
        titles = re.findall(r"[\"']([^\"']*)[\"']", match["rest"])
        return f"![{titles[-1] if titles else ''}]({address[0]})"
    return marks.keep(f"Liquid {match['name']}", match[0])
