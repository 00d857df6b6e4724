"""What the styles of an OpenDocument text mean (ODF 1.3, part 3): marks, the roles of blocks, numbered lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

NS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, STYLE, DRAW = (f"{{{NS}{name}:1.0}}" for name in ("office", "text", "table", "style", "drawing"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"


@dataclass(slots=True)
class Styles:
    """What the document's styles mean: marks (strong, em, s, code), block roles, and numbered lists by style name."""

    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    numbered: set[tuple[str, int]] = field(default_factory=set)


def read_styles(root: etree._Element, styles: Styles) -> None:
    """Adds what the styles of a part of the document mean to what is known of them."""
    for style in root.iter(f"{STYLE}style"):
        name = style.get(f"{STYLE}name", "")
        marks = []
        for properties in style.iter(f"{STYLE}text-properties"):
            if properties.get(f"{_FO}font-weight") in ("bold", "700", "800", "900"):
                marks.append("strong")
            if properties.get(f"{_FO}font-style") in ("italic", "oblique"):
                marks.append("em")
            if properties.get(f"{STYLE}text-line-through-style") not in (None, "none"):
                marks.append("s")
            position = properties.get(f"{STYLE}text-position", "")
            marks += ["sup"] if position.startswith("super") else ["sub"] if position.startswith("sub") else []
        parent = style.get(f"{STYLE}parent-style-name", "")
        role = role_of(name) or role_of(parent) or styles.roles.get(parent, "")
        if style.get(f"{STYLE}family") == "text":
            inherited = styles.marks.get(parent, ())
            extra = ("code",) if role == "pre" else ()
            styles.marks[name] = tuple(dict.fromkeys((*inherited, *marks, *extra)))
        if role:
            styles.roles[name] = role
    for listing in root.iter(f"{TEXT}list-style"):
        for level in listing.iter(f"{TEXT}list-level-style-number"):
            depth = level.get(f"{TEXT}level", "1")
            if depth.isdigit() and level.get(f"{STYLE}num-format") != "":
                styles.numbered.add((listing.get(f"{STYLE}name", ""), int(depth)))


def role_of(name: str) -> str:
    """What a paragraph of this style is: "title", "quote", "pre", or "" for an ordinary one."""
    plain = name.lower().replace("_20_", " ")
    if plain in ("title",):
        return "title"
    if plain in ("quotations", "quote", "intense quote"):
        return "quote"
    return "pre" if plain in ("preformatted text", "source code", "code", "source text") else ""
