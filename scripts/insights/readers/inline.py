"""Inline HTML → inline Markdown: text, emphasis, code, links, images, line breaks, note references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from turbohtml import Element, Node, Text

from insights.readers.dom import text_of
from insights.readers.escaping import absolute, clean_text, code_span, destination, escape_brackets, escape_inline

BREAK = "<br>\n"
_STRONG = frozenset({"strong", "b"})
_EM = frozenset({"em", "i"})
CAPTION = frozenset({"em", "caption"})
"""What is open around a caption that is emphasised as a whole."""
_MARKS = {"strong": "**", "em": "*", "del": "~~"}
_IN_WORD = re.compile(r"\w")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_KEPT_TAGS = frozenset({"sup", "sub", "kbd"})
_CODE = frozenset({"code", "tt", "samp"})
_STRUCK = frozenset({"del", "s", "strike"})
_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "svg", "button", "input", "select", "textarea", "wbr", "rp"}
)
_EMBEDS = frozenset({"iframe", "video", "audio", "embed", "object"})
_EMBED_LABELS = {"audio": "Audio", "iframe": "Embedded page", "embed": "Embedded page", "object": "Embedded page"}
_YOUTUBE = re.compile(r"^https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*")
_VIMEO = re.compile(r"^https?://player\.vimeo\.com/video/(\d+).*")
_SPACES = re.compile(r"\s++")
_SPACES_AND_BREAKS = re.compile(r"(?:\s|<br>)++")


@dataclass(frozen=True, slots=True)
class Writing:
    """What the writer knows about the whole document: its address, its notes, and the ids that links lead to.

    `strikes`: something is struck out, so that a lone tilde may be read as the mark of it.
    """

    base_url: str | None = None
    notes: dict[str, str] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()
    strikes: bool = False


def inline_markdown(nodes: list[Node], writing: Writing, marks: frozenset[str] = frozenset()) -> str:
    """The Markdown of a run of inline nodes; white space is single, line breaks are `<br>` at a line's end.

    `marks` names what is already open around the run ("strong", "em", "a"), which is not opened again; in a "caption",
    which is emphasised as a whole, emphasis is HTML.
    """
    joined = _joined(nodes, writing, marks)
    if "<br>" in joined:
        parts = [part.strip() for part in joined.split("<br>")]
        joined = BREAK.join(parts) if any(parts) else ""
        joined = re.sub(r"^(?:<br>\n)+|(?<!<br>\n)(?:<br>\n)++$", "", joined.strip())
    return re.sub(" {2,}", " ", joined).strip() if "  " in joined else joined.strip()


def _joined(nodes: list[Node], writing: Writing, marks: frozenset[str]) -> str:
    """The Markdown of inline nodes; neighbours of one emphasis become one: `*a**b*` would be read as something else."""
    pieces: list[_Piece] = []
    index = 0
    while index < len(nodes):
        end = index + 1
        kind = _emphasis(nodes[index])
        while kind and end < len(nodes) and _emphasis(nodes[end]) == kind:
            end += 1
        if kind:
            children = [child for node in nodes[index:end] for child in node.children]
            pieces.append(_wrapped(kind, children, writing, marks))
        else:
            pieces.append(_Piece(_inline(nodes[index], writing, marks)))
        index = end
    return _assembled([piece for piece in pieces if piece.before or piece.inside or piece.after])


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line: `inside` is emphasised as `kind`, white space and breaks stand around it."""

    before: str
    inside: str = ""
    kind: str = ""
    after: str = ""


def _assembled(pieces: list[_Piece]) -> str:
    """The pieces as one text; emphasis as HTML where a mark inside a word would be read as text (`a*“b”*c`)."""
    text = ""
    for index, piece in enumerate(pieces):
        text += "<!-- -->" if text.endswith("`") and piece.before.startswith("`") else ""
        text += piece.before
        if piece.inside:
            following = pieces[index + 1] if index + 1 < len(pieces) else _Piece("")
            rest = piece.after or following.before or _MARKS.get(following.kind, "")
            opens = _IN_WORD.match(text[-1:]) is None or _IN_WORD.match(piece.inside) is not None
            closes = _IN_WORD.match(rest) is None or _IN_WORD.match(piece.inside[-1]) is not None
            mark = _MARKS[piece.kind]
            whole = f"{mark}{piece.inside}{mark}"
            text += whole if opens and closes else f"<{piece.kind}>{piece.inside}</{piece.kind}>"
        text += piece.after
    return text


def _emphasis(node: Node) -> str:
    """The emphasis that an element is; "" for other nodes."""
    tag = node.tag if isinstance(node, Element) else ""
    return "strong" if tag in _STRONG else "em" if tag in _EM else "del" if tag in _STRUCK else ""


def _inline(node: Node, writing: Writing, marks: frozenset[str]) -> str:  # noqa: PLR0911 - one line a tag
    if isinstance(node, Text):
        text = escape_inline(clean_text(node.data))
        text = re.sub(r"(?<!\\)~", r"\~", text) if writing.strikes else text
        return escape_brackets(text) if "a" in marks else text
    if not isinstance(node, Element) or node.tag in _SKIPPED:
        return ""
    tag = node.tag
    children = list(node.children)
    if tag == "br":
        return "<br>"
    if tag == "img":
        return image_markdown(node, writing)
    if tag == "a":
        return _link(node, writing, marks)
    if tag in _CODE:
        return _code(node, writing, marks)
    if tag in _KEPT_TAGS and tag not in marks:
        return _tagged(node, writing, marks | {tag})
    if tag in _EMBEDS:
        return embed_markdown(node, writing)
    if tag == "math":
        source = node.select_one("annotation[encoding*=tex]")  # its text stands beside the signs that it means
        return escape_inline(clean_text(node.attr("alttext") or (node if source is None else source).text))
    inside = _joined(children, writing, marks)
    return f"“{inside}”" if tag == "q" and not re.match(r"\s*[\"“«„]", inside) else inside


def _wrapped(kind: str, children: list[Node], writing: Writing, marks: frozenset[str]) -> _Piece:
    """The content as a piece, its outer white space and breaks outside the marks: `** a**` is no emphasis."""
    in_caption = kind == "em" and "caption" in marks
    inside = _joined(children, writing, marks - {"caption"} if in_caption else marks | {kind})
    before, core, after = _ends_apart(_SPACES_AND_BREAKS, inside)
    if core and in_caption:
        return _Piece(f"{before}<em>{core}</em>{after}")
    return _Piece(inside) if not core or kind in marks else _Piece(before, core, kind, after)


def _ends_apart(edges: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """A text's start, middle and end: what `edges` matches at its start and its end, and what is between."""
    spans = [match.span() for match in edges.finditer(text)]
    start = spans[0][1] if spans and spans[0][0] == 0 else 0
    end = spans[-1][0] if spans and spans[-1][1] == len(text) else len(text)
    return text[:start], text[start:end], text[max(start, end) :]


def _tagged(element: Element, writing: Writing, marks: frozenset[str]) -> str:
    key = note_key(element)
    if key in writing.notes:
        return f"[^{writing.notes[key]}]"
    inside = _joined(list(element.children), writing, marks)
    if not inside.strip():
        return inside
    return inside if inside.startswith("[^") else f"<{element.tag}>{inside}</{element.tag}>"


def note_key(element: Element) -> str:
    """The id that a note reference (`<sup><a href="#fn1">`) leads to; "" where the element is none."""
    link = element if element.tag == "a" else element.select_one("a[href^='#']")
    if link is None or (element.tag != "a" and text_of(element).strip("[]()") != text_of(link).strip("[]()")):
        return ""
    return (link.attr("href") or "").removeprefix("#")


def _link(link: Element, writing: Writing, marks: frozenset[str]) -> str:
    children = list(link.children)
    href = link.attr("href") or ""
    if href.startswith("#") and href[1:] in writing.notes:
        return f"[^{writing.notes[href[1:]]}]"
    url = absolute(href, writing.base_url)
    if url.startswith("#") and url[1:] not in writing.targets:
        url = absolute(f"{writing.base_url}{url}", None) if writing.base_url and len(url) > 1 else ""
    inside = _joined(children, writing, marks | {"a"})
    before, words, after = _ends_apart(_SPACES, inside)
    return inside if not words or not url or "a" in marks else f"{before}[{words}]({destination(url)}){after}"


def _code(element: Element, writing: Writing, marks: frozenset[str]) -> str:
    links = element.select("a[href]")
    span = code_span(element.text)
    if len(links) == 1 and "a" not in marks and text_of(links[0]) == text_of(element):
        url = absolute(links[0].attr("href") or "", writing.base_url)
        if url and not url.startswith("#"):
            return f"[{span}]({destination(url)})"
    return span


def image_markdown(image: Element, writing: Writing) -> str:
    """An image as Markdown; "" where it has no address."""
    url = absolute(image.attr("src") or "", writing.base_url)
    if not url or url.startswith("#"):
        return ""
    alt = clean_text(image.attr("alt") or "").strip()
    alt = _ENTITY.sub("&amp;", alt)
    alt = re.sub(r"([\\\[\]*`<>{}])", r"\\\1", alt).replace("\\<", "&lt;").replace("\\>", ">")
    return f"![{alt}]({destination(url)})"


def embed_markdown(embed: Element, writing: Writing) -> str:
    """An embedded player as a plain link to what it plays; "" where it has no address."""
    source = embed.attr("src") or embed.attr("data") or ""
    if not source and (inner := embed.select_one("source[src],embed[src]")) is not None:
        source = inner.attr("src") or ""
    url = absolute(source, writing.base_url)
    if not url or url.startswith(("#", "data:")):
        return ""
    played = _YOUTUBE.sub(r"https://www.youtube.com/watch?v=\1", url)
    played = _VIMEO.sub(r"https://vimeo.com/\1", played)
    label = "Video" if played != url else _EMBED_LABELS.get(embed.tag, "Video")
    title = re.sub(r"[][]", "", escape_inline(clean_text(embed.attr("title") or "").strip()))
    return f"[{title or label}]({destination(played)})"
