"""Finds a document's notes: references like `<sup><a href="#fn1">` and the list that they lead to."""

from __future__ import annotations

import re

from turbohtml import Element

from insights.readers.dom import parent_of, text_of

_NOTE_ID = re.compile(
    r"(?:^|[-_:.])(?:fn|foot-?note|ftn|note|endnote|edn)[-_:.]?\d*|^_(?:ftn|edn)\d+$|^fn|^ftnt\d+$", re.I
)
_BACK = re.compile(r"^[\s↩↑^⏎︎\[\]]*$")


def collect_notes(root: Element) -> tuple[dict[str, str], dict[str, Element]]:
    """The note numbers by id, and the note's content by number, in the order of the references.

    Takes the notes out of the tree, and an emptied list with them. A note is what a superscript or a link marked as a
    reference leads to, and what leads back or has a note's id.
    """
    notes: dict[str, str] = {}
    definitions: dict[str, Element] = {}
    ids = {element.attr("id") or "": element for element in root.select("li[id],p[id],div[id],aside[id],dd[id]")}
    for link in root.select("a[href^='#']"):
        target = (link.attr("href") or "")[1:]
        if target in notes or target not in ids or not _is_reference(link):
            continue
        note = ids[target]
        if not _is_note(note, target) or link in note.select("a"):
            continue
        number = str(len(notes) + 1)
        notes[target] = number
        definitions[number] = note
    for note in definitions.values():
        _take_out(note)
    return notes, definitions


def _is_reference(link: Element) -> bool:
    if link.attr("role") == "doc-noteref" or "footnote" in (link.attr("class") or ""):
        return not _BACK.match(text_of(link))
    around = parent_of(link)
    is_raised = (around is not None and around.tag == "sup") or link.select_one("sup") is not None
    return is_raised and bool(re.fullmatch(r"\W*\w{1,3}\W*", text_of(link)))


def _is_note(note: Element, target: str) -> bool:
    is_named = (
        bool(_NOTE_ID.search(target))
        or note.attr("role") in ("doc-footnote", "doc-endnote")
        or note.closest("[class*=footnotes],[class*=endnotes]") is not None
    )
    return is_named and "cite_note" not in target and len(note.text) < 5000


def _take_out(note: Element) -> None:
    """Removes a note from its list, its back links and its own number, and the list where it is empty then."""
    for link in note.select("a[href^='#']"):
        if _BACK.match(text_of(link)) or "back" in (link.attr("class") or "") or link.attr("role") == "doc-backlink":
            around = parent_of(link)
            link.extract()
            if around is not None and around.tag in ("sup", "span") and not around.text.strip(" []()"):
                around.extract()
        elif re.fullmatch(r"\W*\d{1,3}\W*", text_of(link)) and note.text.strip().startswith(link.text.strip()):
            link.extract()
    around = parent_of(note)
    note.extract()
    while around is not None and not around.text.strip() and around.tag in ("ol", "ul", "section", "div", "aside"):
        parent = parent_of(around)
        if parent is None:
            break
        for rule in around.select("hr"):
            rule.extract()
        around.extract()
        around = parent
