"""WordPress' shortcodes → HTML: its own, and those of the plugins that most sites had; any other becomes a mark.

Source: wp-includes/shortcodes.php for the grammar, wp-includes/media.php for the built-in ones. To add one, write a
function and a line in `_HANDLERS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape

from insights.moving.closings import Closings
from insights.moving.marks import Marks

_TAG = re.compile(
    r"(?P<escape>\[)?\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)(?P<attributes>(?:[\s=](?:[^\[\]\"'/]|\"[^\"]*\"|'[^']*'|/(?!\]))*+)?)"
    r"(?P<void>/)?\](?P<escape_end>\])?"
)
_END = re.compile(r"\[/(?P<name>[A-Za-z][\w-]*)\]")
_PROTECTED = re.compile(
    r"<(pre|code|script|style)\b(?:(?!<\1\b).)*?</\1\s*>|<[a-zA-Z/][^<>]*>", re.DOTALL | re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s'"]+))|"(?P<quoted>[^"]*)"|(?P<word>\S+)"""
)
_LANGUAGES = frozenset(
    "bash c cpp csharp css diff go html java javascript js json kotlin perl php plain powershell python ruby rust "
    "scala shell sql swift text typescript vb xml yaml".split()
)
_CODE = _LANGUAGES | {"code", "sourcecode"}
_LAYOUT = frozenset(
    "row column col columns one_half one_half_last one_third one_third_last two_third two_third_last one_fourth "
    "three_fourth section container center align div span dropcap highlight fullwidth intense lead typography "
    "vc_row vc_column vc_column_text vc_row_inner vc_column_inner et_pb_section et_pb_row et_pb_column "
    "et_pb_text".split()
)
_INLINE = frozenset({"span", "dropcap", "highlight"})
_OPEN_ENDS = re.compile(
    r"^(?:\s|<br\s*+/?>|</p>)++|(?<!\s)(?<!<br>)(?<!<br/>)(?<!<br />)(?<!<p>)(?:\s|<br\s*+/?>|<p>)++$"
)


@dataclass(slots=True)
class _Post:
    """What the shortcodes of one post share."""

    context: Mapping[str, str]
    marks: Marks
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Call:
    """One shortcode as written: attributes by name, those without a name by number ("0"), and what it encloses."""

    name: str
    attributes: Mapping[str, str]
    content: str | None

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


def resolve_shortcodes(html: str, context: Mapping[str, str], marks: Marks) -> str:
    """The HTML with each known shortcode as what it shows, and every other one as a mark; notes come last."""
    if "[" not in html:
        return html
    post = _Post(context, marks)
    resolved = _resolve(html, post)
    if post.notes:
        items = "".join(f'<li id="fn-{number}">{note}</li>' for number, note in enumerate(post.notes, 1))
        resolved += f"\n<ol>{items}</ol>"
    return resolved


def _resolve(html: str, post: _Post) -> str:
    parts: list[str] = []
    closings = Closings(_END, html)
    protected = _PROTECTED.finditer(html)
    guarded, guarded_end = next(protected, None), 0
    end = 0
    for match in _TAG.finditer(html):
        if match.start() < end:
            continue
        while guarded and guarded.start() <= match.start():
            guarded_end, guarded = guarded.end(), next(protected, None)
        if match.start() < guarded_end and match["name"] not in _LANGUAGES:
            continue
        if match["escape"] and match["escape_end"]:
            parts += [html[end : match.start()], match[0][1:-1]]
            end = match.end()
            continue
        start = match.start() + len(match["escape"] or "")
        stop = match.end() - len(match["escape_end"] or "")
        written, after = _shortcode(match, stop, post, closings)
        if written is not None:
            parts += [html[end:start], written]
            end = after
    return "".join([*parts, html[end:]])


def _shortcode(match: re.Match[str], stop: int, post: _Post, closings: Closings) -> tuple[str | None, int]:
    """What replaces a tag and where the text goes on; None where the brackets are only brackets."""
    html, name = match.string, match["name"].lower()
    raw = html[match.start() + len(match["escape"] or "") : stop]
    if match["end"]:
        return _stray_end(name, raw, post), stop
    closing = None if match["void"] else closings.after(name, stop)
    content = html[stop : closing.start()] if closing else None
    after = closing.end() if closing else stop
    call = _Call(name, _attributes(match["attributes"]), content)
    shown = _shown(call, post)
    if shown is not None:
        return shown, after
    is_shortcode = name in _HANDLERS or closing or "=" in match["attributes"] or match["void"] or _is_code(name)
    if name in _CODE or not is_shortcode:
        return None, stop
    kept = post.marks.keep(f"shortcode [{name}]", raw)
    if content is None or closing is None:
        return kept, stop
    return kept + _resolve(content, post) + post.marks.keep(f"shortcode [{name}]", closing[0]), after


def _shown(call: _Call, post: _Post) -> str | None:
    """What a known shortcode shows; None for an unknown one, or one that lacks what it needs."""
    if call.name in _LAYOUT:
        inner = _resolve(call.content or "", post)
        return inner if call.name in _INLINE else f"\n\n{inner}\n\n"
    if call.name in _CODE:
        return _code(call) if call.content is not None else None
    return _HANDLERS[call.name](call, post) if call.name in _HANDLERS else None


def _stray_end(name: str, raw: str, post: _Post) -> str | None:
    if name in _LAYOUT or name in _HANDLERS:
        return ""
    return post.marks.keep(f"shortcode [{name}]", raw) if _is_code(name) else None


def _is_code(name: str) -> bool:
    """Whether a word in brackets can only be a shortcode: prose has "[sic]", not "[contact-form-7]"."""
    return "-" in name or "_" in name


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(unescape(text).replace("”", '"').replace("“", '"').replace("″", '"')):
        value = match["double"] or match["single"] or match["bare"] or match["quoted"] or match["word"] or ""
        found[match["name"].lower() if match["name"] else str(len(found))] = value
    return found


def _code(call: _Call) -> str:
    language = call["language"] or call["lang"] or (call.name if call.name in _LANGUAGES else "")
    text = unescape(re.sub(r"<br\s*/?>\n?|</p>\s*<p>", "\n", call.content or "")).strip("\n")
    mark = f' class="language-{escape(language)}"' if language and language not in ("plain", "text") else ""
    return f"\n\n<pre><code{mark}>{escape(text, quote=False)}</code></pre>\n\n"


def _caption(call: _Call, post: _Post) -> str:
    """[caption]<img> The caption[/caption], and its older form with the caption as an attribute."""
    inner = _resolve(call.content or "", post).strip()
    match = re.match(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", inner, re.DOTALL)
    if match is None:
        return inner
    caption = call["caption"] or _OPEN_ENDS.sub("", match[2])
    return f"\n\n<figure>{match[1]}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>\n\n"


def _gallery(call: _Call, post: _Post) -> str | None:
    ids = call["ids"] or call["include"] or post.context.get("gallery", "")
    figures: list[str] = []
    for number in (part.strip() for part in ids.split(",") if part.strip()):
        known = post.context.get(f"picture {number}")
        if known is None:
            return None
        src, alt, caption = json.loads(known)
        note = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        figures.append(f'<figure><img src="{escape(src)}" alt="{escape(alt)}">{note}</figure>')
    return "\n\n" + "\n\n".join(figures) + "\n\n" if figures else None


def _linked(url: str, text: str = "") -> str:
    return f'\n\n<p><a href="{escape(url)}">{escape(text or url)}</a></p>\n\n'


def _embed(call: _Call, _post: _Post) -> str | None:
    url = re.sub(r"<[^<>]*>", "", call.content or "").strip() or call["src"] or call["url"] or call["0"]
    return _linked(unescape(url)) if url.startswith(("http://", "https://")) else None


def _media(call: _Call, _post: _Post) -> str | None:
    names = ("src", "mp4", "webm", "m4v", "ogv", "mp3", "m4a", "ogg", "wav", "0")
    url = next((call[name] for name in names if call[name].startswith("http")), "")
    return _linked(url) if url else None


def _player(address: str) -> Callable[[_Call, _Post], str | None]:
    """A video by its address or its id at a platform, whose addresses are `address` with the id at their end."""

    def show(call: _Call, _post: _Post) -> str | None:
        given = (call.content or "").strip() or call["id"] or call["url"] or call["v"] or call["0"]
        given = unescape(given).lstrip("=").strip()
        if not given:
            return None
        return _linked(given if given.startswith("http") else address + given)

    return show


def _gist(call: _Call, _post: _Post) -> str | None:
    given = call["url"] or call["id"] or call["0"] or (call.content or "").strip()
    return _linked(given if given.startswith("http") else f"https://gist.github.com/{given}") if given else None


def _note(call: _Call, post: _Post) -> str:
    post.notes.append(_resolve(call.content or "", post))
    number = len(post.notes)
    return f'<sup><a href="#fn-{number}">{number}</a></sup>'


def _button(call: _Call, post: _Post) -> str | None:
    url = call["url"] or call["link"] or call["href"]
    text = _resolve(call.content or call["text"] or call["title"], post).strip()
    return f'<a href="{escape(url)}">{text}</a>' if url and text else None


def _toggle(call: _Call, post: _Post) -> str:
    title = call["title"] or call["heading"]
    head = f"<p><strong>{escape(title)}</strong></p>\n\n" if title else ""
    return f"\n\n{head}{_resolve(call.content or '', post)}\n\n"


def _quote(call: _Call, post: _Post) -> str:
    source = call["author"] or call["cite"] or call["source"]
    credit = f"<p>{escape(source)}</p>" if source else ""
    return f"\n\n<blockquote>{_resolve(call.content or '', post)}{credit}</blockquote>\n\n"


def _box(call: _Call, post: _Post) -> str:
    kind = call["type"] or call["style"] or ("note" if call.name in ("box", "alert") else call.name)
    kinds = {"error": "danger", "info": "info", "warning": "warning", "success": "success", "tip": "tip"}
    inner = _resolve(call.content or "", post)
    return f'\n\n<div class="admonition {kinds.get(kind, "note")}"><p>{inner}</p></div>\n\n'


_HANDLERS: Mapping[str, Callable[[_Call, _Post], str | None]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "audio": _media,
    "video": _media,
    "wpvideo": _player("https://videopress.com/v/"),
    "youtube": _player("https://www.youtube.com/watch?v="),
    "vimeo": _player("https://vimeo.com/"),
    "dailymotion": _player("https://www.dailymotion.com/video/"),
    "slideshare": _player("https://www.slideshare.net/slideshow/embed_code/"),
    "tweet": _embed,
    "twitter": _embed,
    "soundcloud": _embed,
    "instagram": _embed,
    "googlemaps": _embed,
    "gist": _gist,
    "footnote": _note,
    "fn": _note,
    "ref": _note,
    "button": _button,
    "toggle": _toggle,
    "accordion": _toggle,
    "accordion_item": _toggle,
    "spoiler": _toggle,
    "expand": _toggle,
    "tab": _toggle,
    "tabs": _toggle,
    "quote": _quote,
    "blockquote": _quote,
    "pullquote": _quote,
    "box": _box,
    "alert": _box,
    "info": _box,
    "warning": _box,
    "note": _box,
    "tip": _box,
}
