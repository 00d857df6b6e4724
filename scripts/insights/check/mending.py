"""An article's text with what is safe to mend mended; every change of the body proven not to change what it shows.

A repair that cannot be proven is left out, and its finding stays for a person. A second pass changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from insights.check.collection import Collection, asset_path
from insights.check.leftovers import FROM_RIGHT, INVISIBLE
from insights.check.links import without_tracking
from insights.check.manuscript import Manuscript, read_manuscript, shown_text
from insights.check.mending_fields import mend_fields
from insights.check.targets import relative_form
from insights.text import fold

Render = Callable[[str], str]
Repair = Callable[[Manuscript, Collection], str]

_FIXED = re.compile("(?<![ \u00a0])(?= *\u00a0)[ \u00a0]{2,}|[\u2000-\u200a\u202f\u205f\u3000]{2,}")
_BULLET = re.compile(r"^([ \t]*)[•‣◦▪●○■][ \t\u00a0]+(?=\S)")

_PICTURE_END = re.compile(
    r"\]\([ \t]*+(?:<[^<>\n]*+>|(?:[^\s()\\]++|\\.|\([^\s()]*+\))*+)"
    r"(?:\s++(?:\"[^\"]{0,300}+\"|'[^']{0,300}+'))?+\s*+\)(?P<attributes>\{[^{}\n]*+\}|)"
)
_SIZE = re.compile(r' (?:width|height)="\d+"')


def mend_text(text: str, path: str, collection: Collection, render: Render) -> str:
    """The text of an article's file, mended; `render` makes HTML of a body, for the proof."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    text = mend_fields(text, path, collection)
    for repair, proof in _REPAIRS:
        manuscript, _, _ = read_manuscript(text, path)
        body = repair(manuscript, collection)
        if body != manuscript.body and proof(manuscript, body, collection, render):
            text = text[: len(text) - len(manuscript.body)] + body
    return text if not text.strip() else text.rstrip("\n") + "\n"


def _drop_title(manuscript: Manuscript, _collection: Collection) -> str:
    """The body without first lines that only repeat the title: headings, or paragraphs of their own."""
    body = manuscript.body
    title = fold(manuscript.article.title)
    while title:
        rest = body.lstrip("\n")
        line, _, below = rest.partition("\n")
        stands_alone = line.startswith("#") or not below.partition("\n")[0].strip()
        if not stands_alone or fold(shown_text(line.lstrip("# ").rstrip("# "))) != title:
            break
        body = body[: len(body) - len(rest)] + below.lstrip("\n")
    return body


def _set_levels(manuscript: Manuscript, _collection: Collection) -> str:
    """The body with headings from level 2 on, none skipped."""
    body, shift, above = manuscript.body, 0, list[int]()
    for heading in manuscript.headings:
        while above and above[-1] >= heading.level:
            above.pop()
        above.append(heading.level)
        at = heading.offset + shift
        marks = len(body[at:]) - len(body[at:].lstrip("#"))
        if marks == heading.level:
            new = "#" * min(6, 1 + len(above))
            body = body[:at] + new + body[at + marks :]
            shift += len(new) - marks
    return body


def _clean_characters(manuscript: Manuscript, _collection: Collection) -> str:
    """The body without invisible characters, runs of fixed spaces and space at the ends of lines."""
    if FROM_RIGHT.search(manuscript.body):
        return manuscript.body
    lines = [
        _mend_prose(line, prose, lambda part: _FIXED.sub(" ", INVISIBLE.sub("", part)))
        for line, prose in zip(manuscript.body.split("\n"), (line for _, line in manuscript.lines), strict=True)
    ]
    following = [*lines[1:], ""]
    return "\n".join(
        _trim(line) + ("  " if line.endswith("  ") and line.strip() and after.strip() else "")
        if prose.strip()
        else line
        for line, after, (_, prose) in zip(lines, following, manuscript.lines, strict=True)
    )


def _trim(line: str) -> str:
    """The line without space at its end, but for one that a backslash makes a character."""
    trimmed = line.rstrip()
    return f"{trimmed} " if trimmed.endswith("\\") and trimmed != line else trimmed


def _mend_prose(line: str, prose: str, mend: Callable[[str], str]) -> str:
    """The line mended where it is prose; what is blanked out there (code) stays as it is."""
    if line == prose:
        return mend(line)
    parts, start = [], 0
    for match in re.finditer(r" +", prose):
        if line[match.start() : match.end()] != match[0]:
            parts += [mend(line[start : match.start()]), line[match.start() : match.end()]]
            start = match.end()
    return "".join([*parts, mend(line[start:])])


def _mend_links(manuscript: Manuscript, collection: Collection) -> str:
    """The body with links free of tracking, and relative where they lead to a page of ours."""
    body = manuscript.body
    for link in reversed(manuscript.links):
        href = _canonical(link.href, collection)
        column = link.place.column - 1
        line = link.place.line - manuscript.article.body_line
        start = manuscript.lines[line][0] + column
        if href != link.href and body.startswith(link.href, start):
            body = body[:start] + href + body[start + len(link.href) :]
    return body


def _mark_lists(manuscript: Manuscript, _collection: Collection) -> str:
    """The body with "- " for typed bullets, and an empty line between a paragraph and the list below it."""
    out: list[str] = []
    before = ""
    is_typed = False
    for line, (_, prose) in zip(manuscript.body.split("\n"), manuscript.lines, strict=True):
        match = _BULLET.match(prose)
        new = _BULLET.sub(r"\1- ", line) if match else line
        begins = re.match(r"^[-*+] +\S", new) if prose.strip() else None
        if begins and before.strip() and not re.match(r"^[ \t]*(?:[-*+>|#:<!]|\d+[.)]|\[\^)|^[ \t]{2,}", before):
            out[-1] = _trim(out[-1])  # two spaces there broke the line, which now ends a paragraph
            out.append("")
        elif match and is_typed and not out[-1].strip() and not match[1]:
            out.pop()
        out.append(new)
        is_typed = bool(match) or (is_typed and not prose.strip())
        before = new if prose.strip() else ""
    return "\n".join(out)


def _size_pictures(manuscript: Manuscript, collection: Collection) -> str:
    """The body with each picture's width and height behind it, so that its place is kept while it loads."""
    body = manuscript.body
    for picture in reversed(manuscript.pictures):
        asset = collection.assets.get(asset_path(picture.href) or "")
        end = _PICTURE_END.match(body, picture.offset + len("![") + len(picture.text))
        if not (asset and asset.pixels and end) or "width" in end["attributes"] or "height" in end["attributes"]:
            continue
        width, height = asset.pixels
        attributes = end["attributes"].removesuffix("}").rstrip() or "{"
        body = f"{body[: end.start('attributes')]}{attributes} width={width} height={height} }}{body[end.end() :]}"
    return body


def _canonical(href: str, collection: Collection) -> str:
    href = without_tracking(href)
    return relative_form(href, collection) or href


def _shape(html: str, collection: Collection) -> str:
    """The HTML in the form in which it is compared: as it shows, whatever the level of headings and form of links."""
    html = re.sub(r'(href=")([^"]*)"', lambda match: f'{match[1]}{_canonical(unescape(match[2]), collection)}"', html)
    html = re.sub(r"<(/?)h[1-6]\b[^<>]*>", r"<\1h>", INVISIBLE.sub("", html.replace("&nbsp;", "\u00a0")))
    return re.sub(r" ?(<[^<>]+>) ?", r"\1", " ".join(html.split())).strip()


def _code(html: str) -> list[str]:
    """The code in the HTML, in which every space counts."""
    return re.findall(r"<code\b[^<>]*>((?:(?!<code\b).)*?)</code>", html, re.DOTALL)


def _words(html: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[^<>]+>", " ", unescape(INVISIBLE.sub("", html))))


def _shows_the_same(manuscript: Manuscript, body: str, collection: Collection, render: Render) -> bool:
    before, after = render(manuscript.body), render(body)
    return _code(before) == _code(after) and _shape(before, collection) == _shape(after, collection)


def _shows_the_same_pictures(manuscript: Manuscript, body: str, collection: Collection, render: Render) -> bool:
    before, after = render(manuscript.body), render(body)
    return _SIZE.sub("", _shape(before, collection)) == _SIZE.sub("", _shape(after, collection))


def _has_the_same_words(manuscript: Manuscript, body: str, _collection: Collection, render: Render) -> bool:
    before, after = render(manuscript.body), render(body)
    return _code(before) == _code(after) and _words(before) == _words(after)


def _lost_the_title_only(manuscript: Manuscript, body: str, _collection: Collection, render: Render) -> bool:
    title = re.findall(r"\w+", fold(manuscript.article.title))
    before, after = (_words(fold(re.sub(r"<[^<>]+>", " ", unescape(render(text))))) for text in (manuscript.body, body))
    times = (len(before) - len(after)) // len(title)
    return before == title * times + after


Proof = Callable[[Manuscript, str, Collection, Render], bool]
_REPAIRS: tuple[tuple[Repair, Proof], ...] = (
    (_clean_characters, _shows_the_same),
    (_mark_lists, _has_the_same_words),
    (_drop_title, _lost_the_title_only),
    (_set_levels, _shows_the_same),
    (_mend_links, _shows_the_same),
    (_size_pictures, _shows_the_same_pictures),
)
