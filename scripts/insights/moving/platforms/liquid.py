"""Liquid, as Jekyll's and Eleventy's Markdown uses it → Markdown: the tags that show something; others become marks."""

from __future__ import annotations

import re
from urllib.parse import quote

from insights.moving.entry import INSIDE
from insights.moving.marks import Marks

_HIGHLIGHT = re.compile(
    r"\{%-?\s*+highlight\s++(\S++)[^%]*%\}\n?((?:(?!\{%-?\s*+highlight\s).)*?)\{%-?\s*+endhighlight\s*+-?%\}", re.DOTALL
)
_RAW = re.compile(r"\{%-?\s*+raw\s*+-?%\}((?:(?!\{%-?\s*+raw\s*+-?%\}).)*?)\{%-?\s*+endraw\s*+-?%\}", re.DOTALL)
_COMMENT = re.compile(
    r"\{%-?\s*+comment\s*+-?%\}(?:(?!\{%-?\s*+comment\s*+-?%\}).)*?\{%-?\s*+endcomment\s*+-?%\}", re.DOTALL
)
_NOTE = re.compile(r"\{#(?:(?!\{#).)*?#\}", re.DOTALL)
_POST_URL = re.compile(r"(?:\{\{\s*site\.baseurl\s*\}\})?\{%-?\s*post_url\s+(\S+?)\s*-?%\}")
_LINK = re.compile(r"(?:\{\{\s*site\.baseurl\s*\}\})?\{%-?\s*link\s+(\S+?)\s*-?%\}")
_GIST = re.compile(r"\{%-?\s*+gist\s++([\w/]++)[^%]*%\}")
_SITE = re.compile(r"\{\{-?\s*(?:site\.(?:url|baseurl)|page\.url)\s*-?\}\}")
_FILTERED = re.compile(
    r"\{\{-?\s*[\"']([^\"']*)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.\w+|url)\s*-?\}\}"
)
_ANY = re.compile(r"\{%-?\s*+(?P<tag>\w++)(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
_QUOTES = "\"'"
_HELD = re.compile("\ue006(\\d+)\ue007")


def resolve_liquid(text: str, marks: Marks) -> str:
    """The text without Liquid: code highlighted, addresses filled in; every other tag or output a mark.

    Unlike Markdown's own code, Liquid's tags count inside code too: that is what `raw` is for.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[1])
        return f"\ue006{len(held) - 1}\ue007"

    text = _RAW.sub(hold, text)
    text = _COMMENT.sub(lambda match: marks.keep("Liquid comment", match[0]), text)
    text = _NOTE.sub(lambda match: marks.keep("Nunjucks comment", match[0]), text)
    text = _HIGHLIGHT.sub(lambda match: f"\n```{match[1].strip(_QUOTES)}\n{match[2].strip(chr(10))}\n```\n", text)
    text = _POST_URL.sub(lambda match: f"{INSIDE}/post_url/{quote(match[1].rpartition('/')[2])}", text)
    text = _LINK.sub(lambda match: f"{INSIDE}/{quote(match[1].lstrip('/'))}", text)
    text = _GIST.sub(r"[https://gist.github.com/\1](https://gist.github.com/\1)", text)
    text = _FILTERED.sub(r"\1", _SITE.sub("", text))
    parts: list[str] = []
    end = 0
    fences = [match.span() for match in re.finditer(r"^(```++|~~~++).*?(?:^\1|\Z)", text, re.DOTALL | re.MULTILINE)]
    for match in _ANY.finditer(text):
        if any(start <= match.start() < stop for start, stop in fences):
            continue
        name = f"Liquid {match['tag']}" if match["tag"] else "Liquid output"
        parts += [text[end : match.start()], marks.keep(name, match[0])]
        end = match.end()
    return _HELD.sub(lambda match: held[int(match[1])], "".join([*parts, text[end:]]))
