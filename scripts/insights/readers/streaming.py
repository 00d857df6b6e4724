"""Puts the parts of a streamed page where its scripts would put them.

React sends a page's slow parts last, in hidden elements (`<div hidden id="S:1">`), with a script that moves each to its
place: `<template id="B:1">` before what was shown meanwhile, up to the comment `/$`, or `<template id="P:1">` alone
(React 18, ReactDOMFizzInstructionSet). A saved page may hold them unmoved. Changes the tree in place.
"""

from __future__ import annotations

from turbohtml import Comment, Element, Node

from insights.readers.dom import parent_of

PARTS = "[hidden][id^='S:']"
END = "/$"
MAX_MEANWHILE = 100


def place_streamed_parts(body: Element) -> None:
    """Moves each hidden part into its place, and removes what stood there for it."""
    parts = body.select(PARTS)
    if not parts:
        return
    places = {place.attr("id") or "": place for place in body.select("template[id]")}
    for part in parts:
        number = (part.attr("id") or "").removeprefix("S:")
        place = places.get(f"B:{number}") or places.get(f"P:{number}")
        if place is None or parent_of(place) is None:
            continue
        if place.attr("id") == f"B:{number}":
            _remove_meanwhile(place)
        for node in list(part.children):
            place.insert_before(node)
        place.extract()
        part.extract()


def _remove_meanwhile(place: Element) -> None:
    """Removes what was shown before the part came: all up to the closing comment, or one short element without it."""
    meanwhile: list[Node] = []
    for node in place.next_siblings:
        if isinstance(node, Comment) and node.data == END:
            break
        meanwhile.append(node)
    else:
        meanwhile = [node for node in meanwhile[:1] if len(node.text) < MAX_MEANWHILE]
    for node in meanwhile:
        node.extract()
