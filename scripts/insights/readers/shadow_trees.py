"""Puts what a page keeps in declarative shadow trees where a browser shows it (HTML, the template element).

A component's `<template shadowrootmode="open">` holds its content, with a `<slot>` where the component's own children
show. Parsers that know them put them beside the tree; here they are read as common templates and laid flat.
"""

from __future__ import annotations

import turbohtml
from turbohtml import Document

from insights.readers.dom import parent_of

_DECLARED, _READ = "shadowrootmode=", "data-shadow="
MOST_CHARACTERS = 10_000_000
"""What is read of all trees together; trees in trees are read once for each that they stand in."""


def declared_as_templates(text: str) -> str:
    """The page with its shadow trees as common templates."""
    return text.replace(_DECLARED, _READ) if _DECLARED in text else text


def lay_flat(document: Document) -> None:
    """Replaces each shadow tree's template by what it shows; the innermost first."""
    left = MOST_CHARACTERS
    held = []  # trees parsed at one address after another have elements of one hash
    for template in reversed(document.select("template[data-shadow]")):
        host, html = parent_of(template), template.inner_html
        left -= len(html)
        if left < 0:
            break
        shown = turbohtml.parse(html, positions=False).select_one("body")
        if host is None or shown is None:
            continue
        held.append(shown)
        template.extract()
        slot = shown.select_one("slot:not([name])")
        if slot is not None:
            for node in list(host.children):
                slot.insert_before(node)
            slot.extract()
        for node in reversed(list(shown.children)):
            host.insert(0, node)
