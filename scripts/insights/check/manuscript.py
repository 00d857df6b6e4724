"""One article's text as the rules see it: its front matter read, its body scanned once for what is in it.

The scanner knows lines and brackets, not all of Markdown: it is many times faster than a parser, keeps the place of
everything, and what it does not understand it leaves alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from markdown.extensions.toc import slugify as toc_slug

from insights.article import parse_article
from insights.frontmatter import FrontMatter, parse_front_matter
from insights.model import Article, Finding, Position

_FENCE = re.compile(r"^(?P<indent>[ \t]*+(?:>[ \t]?+)*+[ \t]*+)(?P<mark>`{3,}+|~{3,}+)(?P<rest>.*)$")
_HIDDEN = re.compile(
    r"(?<!\\)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--[\s\S]*?-->|(?i:<(?P<raw>pre|code|script|style)\b[\s\S]*?</(?P=raw)\s*>)"
)
_HIDDEN_START = re.compile(r"\\`|`+|<")  # a run of ticks as a whole: trying each takes the square of the time
_VISIBLE = re.compile(r"[^\n]")
_TEXT = r"(?P<text>(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.|\[[^\[\]]{0,100}\]){0,300}\]){0,600})"
_LINK = re.compile(
    rf"\[{_TEXT}\]"
    r"\((?P<space>[ \t]*+)(?:<(?P<angled>[^<>\n]*)>|(?P<href>(?:[^\s()\\]|\\.|\((?:[^\s()]|\([^\s()]*\))*\))*))"
    r"(?:\s+(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\s*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\]^\n][^\]\n]*)\]:[ \t]*<?(?P<href>[^\s>]+)>?.*$", re.MULTILINE)
_AUTOLINK = re.compile(r"<(?P<href>https?://[^\s<>]+)>")
_HTML_IMAGE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?(?P<href>[^\"'\s>]+)[^<>]*>", re.IGNORECASE)
_HTML_LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?(?P<href>[^\"'\s>]+)[^<>]*>", re.IGNORECASE)
# What closes a heading is looked for only where white space or hashes begin, so that each run of them is read once.
_HEADING = re.compile(
    r"^(?P<marks>#{1,6}+)(?P<space>[ \t]*+)"
    r"(?P<text>(?=#*+[ \t]*+$)|[^\n]+?(?=(?<![ \t])[ \t]*+(?<!#)#*+[ \t]*+$))[ \t]*+#*+[ \t]*+$",
    re.MULTILINE,
)
_HEADING_START = re.compile("\n#")
_SETEXT = re.compile(r"^(?P<text>[^\n#>|\-=*+ \t][^\n]*)\n(?P<rule>=+|-+)[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*+\{:?(?P<attributes>[^{}\n]*)\}[ \t]*+$")
_SIZES = (re.compile(r"\bwidth\s*="), re.compile(r"\bheight\s*="))
_ATTRIBUTE_LIST = re.compile(r"\{[^{}\n]*\}")
_ID = re.compile(r"#(?P<id>[\w:.-]+)")
_HTML_ID = re.compile(r"<\w+\b[^<>]*?\b(?:id|name)\s*=\s*[\"']?(?P<id>[^\"'\s>]+)", re.IGNORECASE)
_MARKUP = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)|<[^<>]+>|[*`~]+|(?<!\w)_+|(?<!_)_++(?!\w)|\\(?=[^\w\s])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 to 6, its text as written, the id that the site gives it, and where it begins."""

    level: int
    text: str
    anchor: str
    offset: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture: its text as written, its address, the offset of the whole and the place of the address, and
    whether it says its width and height."""

    text: str
    href: str
    offset: int
    place: Position
    is_sized: bool = False


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One article's text. `body` begins at line `article.body_line`; `prose` is the body with code and comments
    blanked out, every character at its place, `lines` its lines with their offsets, `lower` its small letters.
    `open_fences` are the offsets of fences that are never closed."""

    article: Article
    text: str
    body: str
    prose: str
    links: tuple[Link, ...]
    pictures: tuple[Link, ...]
    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    open_fences: tuple[int, ...]
    lines: tuple[tuple[int, str], ...]
    lower: str
    _starts: tuple[int, ...] = field(repr=False)

    def place(self, offset: int) -> Position:
        """The place in the file of an offset in the body."""
        return _place(self._starts, self.article.body_line, offset)


def _place(starts: Sequence[int], first_line: int, offset: int) -> Position:
    line = bisect_right(starts, offset) - 1
    return Position(first_line + line, offset - starts[line] + 1)


def read_manuscript(text: str, path: str) -> tuple[Manuscript, Article | None, tuple[Finding, ...]]:
    """The manuscript in a file's text, its article (None where it has no title), and what parsing found.

    A file whose front matter cannot be read is a manuscript all the same: its body can be checked.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    article, findings = parse_article(text, path)
    if article is None:
        front, _ = parse_front_matter(text, path)
        shown = _without_title(front, path)
    else:
        shown = article
    is_open = any(finding.rule == "front-matter-open" for finding in findings)
    body = "" if is_open else text.split("\n", shown.body_line - 1)[-1]
    return _scan(shown, text, body), article, findings


def _without_title(front: FrontMatter, path: str) -> Article:
    stem = PurePosixPath(path).stem
    return Article(stem, "", front.body, path=path, body_line=front.body_line, positions=front.positions)


def _scan(article: Article, text: str, body: str) -> Manuscript:
    starts = [0]
    starts += [match.end() for match in re.finditer("\n", body)]
    prose, open_fences = _blank_code(body)

    place = partial(_place, starts, article.body_line)
    links: list[Link] = []
    pictures: list[Link] = []
    if "](" in prose:
        for match, is_picture in _links(prose, 0, len(prose)):
            group = "angled" if match["angled"] is not None else "href"
            written = body[match.start("text") : match.end("text")]
            attributes = _ATTRIBUTE_LIST.match(prose, match.end()) if is_picture else None
            is_sized = attributes is not None and _is_sized(attributes[0])
            link = Link(written, match[group], match.start() - is_picture, place(match.start(group)), is_sized)
            (pictures if is_picture else links).append(link)
    if "<" in prose:
        for pattern, into in ((_AUTOLINK, links), (_HTML_LINK, links), (_HTML_IMAGE, pictures)):
            into.extend(_plain_link(match, place, match[0]) for match in pattern.finditer(prose))
    if "]:" in prose:
        links.extend(_plain_link(match, place, match["label"]) for match in _DEFINITION.finditer(prose))
    headings = tuple(_headings(prose, body))
    anchors = frozenset(heading.anchor for heading in headings)
    anchors |= {match["id"] for match in _HTML_ID.finditer(prose)}
    anchors |= {match["id"] for match in re.finditer(r"\{:?[^{}\n#]*+#(?P<id>[\w:.-]++)[^{}\n]*+\}", prose)}
    return Manuscript(
        article,
        text,
        body,
        prose,
        tuple(sorted(links, key=lambda link: link.offset)),
        tuple(sorted(pictures, key=lambda picture: picture.offset)),
        headings,
        anchors,
        open_fences,
        tuple(zip(starts, prose.split("\n"), strict=True)),
        prose.lower(),
        tuple(starts),
    )


def _links(prose: str, start: int, end: int) -> Iterator[tuple[re.Match[str], bool]]:
    """Each link and picture between two offsets, and whether it is a picture; a picture inside a link's text, too.

    Brackets are found by `str.find` and tried one by one: a search by the whole pattern is ten times slower.
    """
    at = prose.find("[", start, end)
    while at >= 0:
        is_picture = at > start and prose[at - 1] == "!"
        before = at - is_picture - 1
        is_escaped = before >= start and prose[before] == "\\"
        match = None if is_escaped else _LINK.match(prose, at, end)
        if match:
            yield match, is_picture
            if "](" in match["text"]:
                yield from _links(prose, *match.span("text"))
        at = prose.find("[", match.end() if match else at + 1, end)


def _plain_link(match: re.Match[str], place: Callable[[int], Position], text: str) -> Link:
    return Link(text, match["href"], match.start(), place(match.start("href")), _is_sized(match[0]))


def _is_sized(attributes: str) -> bool:
    return all(size.search(attributes) for size in _SIZES)


def _blank_code(body: str) -> tuple[str, tuple[int, ...]]:
    """The body with code and comments blanked out, and the offsets of fences that are never closed."""
    if "`" not in body and "~~~" not in body and "<" not in body:
        return body, ()
    prose, open_fences = _blank_fences(body) if "```" in body or "~~~" in body else (body, ())
    return _blank_hidden(prose) if "`" in prose or "<" in prose else prose, open_fences


def _blank_fences(body: str) -> tuple[str, tuple[int, ...]]:
    lines = body.split("\n")
    open_mark, open_offset, offset = "", 0, 0
    for index, line in enumerate(lines):
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if open_mark:
            lines[index] = " " * len(line)
            if match and match["mark"].startswith(open_mark) and not match["rest"].strip():
                open_mark = ""
        elif match and not (match["mark"][0] == "`" and "`" in match["rest"]):
            open_mark, open_offset = match["mark"], offset
            lines[index] = " " * len(line)
        offset += len(line) + 1
    return "\n".join(lines), (open_offset,) if open_mark else ()


def _blank_hidden(prose: str) -> str:
    """The text with code spans, comments and raw elements blanked out, tried only where one can begin."""
    parts: list[str] = []
    done = 0
    for mark in _HIDDEN_START.finditer(prose):
        match = _HIDDEN.match(prose, mark.start()) if mark.start() >= done else None
        if match:
            parts += [prose[done : match.start()], _VISIBLE.sub(" ", match[0])]
            done = match.end()
    return "".join([*parts, prose[done:]])


def _headings(prose: str, body: str) -> Iterator[Heading]:
    found = []
    if "#" in prose:
        starts = [0, *(match.end() - 1 for match in _HEADING_START.finditer(prose))]
        matches = filter(None, (_HEADING.match(prose, start) for start in starts))
        found += [(m.start(), len(m["marks"]), body[m.start("text") : m.end("text")]) for m in matches]
    if "\n--" in prose or "\n==" in prose:
        found += [(m.start(), 1 if m["rule"][0] == "=" else 2, m["text"]) for m in _SETEXT.finditer(prose)]
    seen: Counter[str] = Counter()
    for offset, level, written in sorted(found):
        attributes = _ATTRIBUTES.search(written)
        text = written[: attributes.start()] if attributes else written
        explicit = _ID.search(attributes["attributes"]) if attributes else None
        anchor = explicit["id"] if explicit else toc_slug(_MARKUP.sub(r"\1", text), "-")
        seen[anchor] += 1
        yield Heading(level, text.strip(), anchor if seen[anchor] == 1 else f"{anchor}_{seen[anchor] - 1}", offset)


def shown_text(markdown: str) -> str:
    """A short piece of Markdown without its marks: link texts, no emphasis, no code ticks."""
    if any(mark in markdown for mark in "[<*`~_\\"):
        markdown = _MARKUP.sub(r"\1", markdown)
    return " ".join(markdown.split())
