"""Hugo's shortcodes → Markdown and HTML: the built-in ones; what is inside any other one stays, its tags as marks.

Source: gohugo.io/shortcodes (figure, ref, relref, highlight, youtube, vimeo, gist, x, instagram, details, qr, param).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

from insights.moving.closings import Closings
from insights.moving.entry import INSIDE
from insights.moving.markdown_files import inline_html
from insights.moving.marks import Marks
from insights.readers.markdown_dialects import box

_TAG = re.compile(
    r"\{\{[<%]\s*+(?P<end>/)?\s*+(?P<name>[\w.-]++(?:/[\w.-]++)*+)(?P<rest>(?:(?!/?\s{0,9}[>%]\}\}|\{\{[<%])(?:\"[^\"]*\"|`[^`]*`|[^\"`]))*+)(?P<void>/)?\s*+[>%]\}\}"
)
_END = re.compile(r"\{\{[<%]\s*+/\s*+(?P<name>[\w.-]++(?:/[\w.-]++)*+)\s*+[>%]\}\}")
_ARGUMENT = re.compile(
    r"(?:(?P<name>[\w-]++)=)?(?:\"(?P<double>(?:\\.|[^\"\\])*+)(?:\"|\Z)|`(?P<tick>[^`]*)(?:`|\Z)|(?P<bare>[^\s\"`]+))"
)
_BOXES = frozenset("notice alert admonition callout hint note tip warning info caution important".split())


def resolve_shortcodes(text: str, marks: Marks) -> str:
    """The text with each known shortcode as what it shows, and each tag of every other one as a mark."""
    parts: list[str] = []
    end = 0
    closings = Closings(_END, text)
    for match in _TAG.finditer(text):
        if match.start() < end:
            continue
        name = match["name"].rpartition("/")[2]
        arguments = _arguments(match["rest"].strip())
        closing = None
        if not match["void"] and not match["end"]:
            closing = closings.after(match["name"], match.end())
        inner = text[match.end() : closing.start()] if closing else None
        shown = None if match["end"] else _shown(name, arguments, inner, marks)
        parts.append(text[end : match.start()])
        if shown is None:
            parts.append(marks.keep(f"shortcode {name}", match[0]))
            end = match.end()
        else:
            parts.append(shown)
            end = closing.end() if closing else match.end()
    return "".join([*parts, text[end:]])


def _shown(name: str, arguments: Mapping[str, str], inner: str | None, marks: Marks) -> str | None:
    if name in ("ref", "relref"):
        target = arguments.get("0") or arguments.get("path") or ""
        return f"{INSIDE}/{quote(target.lstrip('/'), safe='/#')}" if target else None
    if name == "highlight" and inner is not None:
        return f"\n\n```{arguments.get('0', '')}\n{inner.strip(chr(10))}\n```\n\n"
    if name in ("rawhtml", "unsafe", "raw") and inner is not None:
        return inner
    if name == "details" and inner is not None:
        title = arguments.get("summary") or arguments.get("0") or ""
        return f"\n\n**{title}**\n\n{resolve_shortcodes(inner, marks)}\n\n" if title else inner
    if name in _BOXES and inner is not None:
        return _box(name, arguments, resolve_shortcodes(inner, marks))
    show = _SHOWN.get(name)
    return show(arguments) if show else None


def _box(name: str, arguments: Mapping[str, str], inner: str) -> str:
    kind = arguments.get("type") or arguments.get("0") or name
    kind = name if name not in ("notice", "alert", "admonition", "callout", "hint") else kind
    return box(kind, arguments.get("title") or "", inner)


def _arguments(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = (match["double"] or "").replace('\\"', '"') or match["tick"] or match["bare"] or ""
        found[match["name"] or str(len(found))] = value
    return found


def _figure(arguments: Mapping[str, str]) -> str | None:
    src, href = arguments.get("src"), arguments.get("link")
    if not src:
        return None
    picture = f'<img src="{escape(src)}" alt="{escape(arguments.get("alt") or "")}">'
    picture = f'<a href="{escape(href)}">{picture}</a>' if href else picture
    title, caption, credit = (inline_html(arguments.get(name) or "") for name in ("title", "caption", "attr"))
    note = " ".join(text for text in (f"<strong>{title}</strong>" if title else "", caption, credit) if text)
    return f"\n\n<figure>{picture}{f'<figcaption>{note}</figcaption>' if note else ''}</figure>\n\n"


def _player(address: str, *names: str) -> Callable[[Mapping[str, str]], str | None]:
    def show(arguments: Mapping[str, str]) -> str | None:
        number = next((arguments[name] for name in (*names, "id", "0") if arguments.get(name)), "")
        return f"\n\n[{address}{number}]({address}{number})\n\n" if number else None

    return show


def _gist(arguments: Mapping[str, str]) -> str | None:
    user, number = arguments.get("0"), arguments.get("1")
    url = f"https://gist.github.com/{user}/{number}"
    return f"\n\n[{url}]({url})\n\n" if user and number else None


def _post(arguments: Mapping[str, str]) -> str | None:
    user, number = arguments.get("user") or arguments.get("0"), arguments.get("id") or arguments.get("1")
    url = f"https://x.com/{user}/status/{number}"
    return f"\n\n[{url}]({url})\n\n" if user and number else None


_SHOWN: Mapping[str, Callable[[Mapping[str, str]], str | None]] = {
    "figure": _figure,
    "youtube": _player("https://www.youtube.com/watch?v="),
    "vimeo": _player("https://vimeo.com/"),
    "instagram": _player("https://www.instagram.com/p/"),
    "gist": _gist,
    "tweet": _post,
    "x": _post,
}
