"""Gives a Google Docs HTML export its structure back, which the export has only as names of classes.

A list's depth is in its class (`lst-kix_a1b2-1` is a list inside `lst-kix_a1b2-0`, written beside it), emphasis in a
style sheet of numbered classes, titles in `p.title`; links lead through google.com; notes and comments are paragraphs
at the end (`#ftnt1`, `#cmnt1`). Changes the tree in place.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from turbohtml import Document, Element

from insights.readers.dom import HEADINGS, LISTS, ancestors_of, child_elements, element_before

_RULE = re.compile(r"\.(c\d+)\s*\{([^{}]*)\}")
_MARKS = {
    "strong": re.compile(r"font-weight:\s*(?:bold|[7-9]00)"),
    "em": re.compile(r"font-style:\s*italic"),
    "s": re.compile(r"text-decoration:\s*line-through"),
    "sup": re.compile(r"vertical-align:\s*super"),
    "sub": re.compile(r"vertical-align:\s*sub(?!\w|-|p)"),
    "code": re.compile(r"font-family:(?:(?!font-family:)[^;])*?(?:courier|consolas|mono)", re.I),
}
_LIST = re.compile(r"\blst-(kix_\w+)-(\d)\b")
_EXPORTED = "[class*='lst-kix_'],body.doc-content,a[href*='google.com/url?q=']"


def is_google_doc(document: Document) -> bool:
    """Whether a page is an export of Google Docs: its list names, its body's class, or its links and style sheet."""
    if document.select_one(_EXPORTED) is None:
        return False
    return any(
        "themes.googleusercontent.com" in style.text or _RULE.search(style.text) for style in document.select("style")
    )


def restore_structure(document: Document) -> None:
    """Makes of the export's classes the elements that they stand for."""
    body = document.select_one("body")
    if body is None:
        return
    _remove_comments(body)
    for link in body.select("a[href]"):
        link.attrs["href"] = direct_address(link.attr("href") or "")
    for note in body.select("a[id^=ftnt]"):
        around = next(ancestors_of(note), None)
        if not (note.attr("id") or "").startswith("ftnt_ref") and around is not None and around.tag == "p":
            around.attrs["id"] = note.attr("id") or ""
            note.attrs.pop("id")
    for rule in body.select("hr"):
        if rule.next_sibling is None or all(each.select_one("[id^=ftnt]") for each in _after(rule)):
            rule.extract()
    for paragraph in body.select("p.title"):
        paragraph.tag = "h1"
    _mark_spans(body, _class_marks(document))
    for listing in body.select("ul,ol"):
        _nest(listing)


def _after(rule: Element) -> list[Element]:
    """The elements after a rule: Google puts one before the notes."""
    return [each for each in rule.next_siblings if isinstance(each, Element)]


def direct_address(href: str) -> str:
    """The address that a link through google.com/url leads to; others as they are."""
    try:
        parts = urlsplit(href)
    except ValueError:  # no address at all
        return href
    if parts.path == "/url" and (parts.hostname or "").removeprefix("www.") == "google.com":
        return next(iter(parse_qs(parts.query).get("q", [])), href)
    return href


def _class_marks(document: Document) -> dict[str, tuple[str, ...]]:
    """The emphasis that each class of the style sheet gives."""
    marks: dict[str, tuple[str, ...]] = {}
    for sheet in document.select("style"):
        for name, rules in _RULE.findall(sheet.text):
            found = tuple(mark for mark, pattern in _MARKS.items() if pattern.search(rules))
            if found:
                marks[name] = found
    return marks


def _mark_spans(body: Element, marks: dict[str, tuple[str, ...]]) -> None:
    for span in body.select("span[class]"):
        names = (span.attr("class") or "").split()
        found = dict.fromkeys(mark for name in names for mark in marks.get(name, ()))
        if not span.text.strip() or any(around.tag in HEADINGS for around in ancestors_of(span)):
            continue
        for mark in found:
            span.wrap_children(Element(mark))


def _nest(listing: Element) -> None:
    """Moves a list that is one deeper than the list before it into that list's last item; joins one of its depth."""
    own = _LIST.search(listing.attr("class") or "")
    before = element_before(listing)
    if own is None or before is None or before.tag not in LISTS:
        return
    first = _LIST.search(before.attr("class") or "")
    if first is None or first[1] != own[1]:
        return
    outer, depth, wanted = before, int(first[2]), int(own[2])
    while depth < wanted:
        items = child_elements(outer)
        if not items:
            return
        inner = child_elements(items[-1])
        if not inner or inner[-1].tag not in LISTS:
            items[-1].append(listing)
            return
        outer, depth = inner[-1], depth + 1
    for item in child_elements(listing):
        outer.append(item)
    listing.extract()


def _remove_comments(body: Element) -> None:
    """Removes the marks of editors' comments, and the comments at the end."""
    for mark in body.select("sup > a[id^=cmnt_ref]"):
        mark.extract()
    for comment in body.select("a[id^=cmnt]"):
        for around in ancestors_of(comment):
            if around.tag == "div":
                around.extract()
                break
