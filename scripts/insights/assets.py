"""Which files that people put beside articles are published: those that a browser shows or saves, and never runs.

A file is published as it is, under the site's own address. One that a browser takes for a page of the site, or a
drawing with a script in it, would do there whatever its author likes; such a file is refused, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from insights.text import scheme

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
DOWNLOADS = frozenset(
    ".pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .rtf .csv .tsv .json .geojson .parquet .zip .gz .7z .tar "
    ".epub .mp3 .m4a .ogg .oga .opus .flac .wav .mp4 .m4v .webm .ogv .mov .vtt .svg .avif .bmp .tif .tiff .heic .ico "
    ".ics .txt .bib .ipynb".split()
)
_SVG = "http://www.w3.org/2000/svg"
# SVG 2, appendix F, without what runs (script, handler), or holds another kind of page (foreignObject, iframe, video).
_DRAWN = frozenset(
    "a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion animateTransform circle clipPath color- "
    "profile cursor defs desc discard ellipse feBlend feColorMatrix feComponentTransfer feComposite "
    "feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB "
    "feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight "
    "feSpecularLighting feSpotLight feTile feTurbulence filter font font-face g glyph glyphRef hkern image line "
    "linearGradient marker mask metadata missing-glyph mpath path pattern polygon polyline radialGradient rect set "
    "solidcolor stop style svg switch symbol text textPath title tref tspan use view vkern".split()
)
# Of other vocabularies, those in which programs that draw keep notes for themselves; browsers pass over them.
_NOTES = re.compile(
    r"http://(www\.inkscape\.org|sodipodi\.sourceforge\.net|www\.w3\.org/1999/02/22-rdf|purl\.org/dc|creativecommons\.org"
    r"|web\.resource\.org/cc|www\.bohemiancoding\.com/sketch|ns\.adobe\.com|www\.serif\.com|vectornator\.io"
    r"|schemas\.microsoft\.com/visio|www\.figma\.com|boxy-svg\.com)|https://boxy-svg\.com"
)
_ACTIVE_STYLE = re.compile(
    r"@import|@namespace|expression\s*\(|behaviou?r\s*:|-moz-binding|image-set\s*\(|src\s*\(", re.I
)
_STYLE_URL = re.compile(r"url\(\s*([^)]*)", re.I)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)  # CSS Syntax 3, "consume an escaped code point"
_DECLARATION = re.compile("<!(?:ATTLIST|ELEMENT|ENTITY|NOTATION)")
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-16be"})
_PIXELS = re.compile(r"(\d{1,5}(?:\.\d{1,9})?)(?:px)?")
_PICTURE_DATA = re.compile(r"data:image/(png|jpe?g|gif|webp)[;,]", re.I)


def refuse_asset(path: str, data: bytes) -> tuple[str, str] | None:
    """Why the file may not be published, and what to do; None where it may."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in PICTURES | DOWNLOADS:
        kind = f'files that end in "{suffix}"' if suffix else "files without an ending"
        return f"{kind} are not published: a browser may run them", "save it as a picture, PDF, text or archive"
    reason = next(_active_parts(data), None) if suffix == ".svg" else None
    if reason:
        return f"the drawing is not published: {reason}", "export it as plain SVG, or save it as PNG"
    return None


def drawing_size(data: bytes) -> tuple[int, int] | None:
    """The width and height in pixels that a drawing says it has; None where it says neither those nor a view box."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    for width, height in ((root.get("width", ""), root.get("height", "")), tuple(box[2:4]) or ("", "")):
        if (across := _PIXELS.fullmatch(width.strip())) and (down := _PIXELS.fullmatch(height.strip())):
            size = round(float(across[1])), round(float(down[1]))
            if all(size):
                return size
    return None


def _active_parts(data: bytes) -> Iterator[str]:
    """What in a drawing runs, or loads from elsewhere."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield f"it is no drawing that can be read ({str(error).splitlines()[0]})"
        return
    encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    if encoding not in _ENCODINGS:
        yield f"its encoding is {encoding}"
    elif _DECLARATION.search(data.decode(encoding, "replace")):
        yield "it declares entities or attributes of its own"
    for node in root.itersiblings(preceding=True):
        yield f"it begins with an instruction <?{getattr(node, 'target', '')}?>"
    for element in root.iter():
        yield from _active_element(element)


def _active_element(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"line {element.sourceline} holds an entity or an instruction"
        return
    name = etree.QName(element)
    if name.namespace != _SVG:
        if not _NOTES.match(name.namespace or ""):
            yield f"line {element.sourceline} holds <{name.localname}>, which is no part of a drawing"
        return
    if name.localname not in _DRAWN:
        yield f"line {element.sourceline} holds <{name.localname}>"
    if name.localname == "style" and _is_loading("".join(element.itertext())):
        yield f"the style in line {element.sourceline} loads from elsewhere"
    for key, value in element.attrib.items():
        if reason := _active_attribute(name.localname, etree.QName(str(key)).localname.lower(), str(value)):
            yield f"line {element.sourceline}: {reason}"


def _active_attribute(tag: str, name: str, value: str) -> str | None:
    """What is wrong with an attribute of a drawing's element, if anything."""
    if name.startswith("on") or name == "base":
        return f'"{name}" has no place in a drawing'
    if name == "attributename" and not re.fullmatch(r"(?!on|href|xlink)[\w-]+", value.strip(), re.I):
        return f'"{value[:40]}" may not be animated'
    if name in ("href", "src"):
        if tag == "a":
            return None if scheme(value) in ("", "http", "https", "mailto") else "the link is no web address"
        if not value.strip().startswith("#") and not (tag in ("image", "feImage") and _PICTURE_DATA.match(value)):
            return f'"{value[:40]}" is loaded from elsewhere'
    if _is_loading(value):
        return f'"{name}" loads from elsewhere'
    return None


def _is_loading(style: str) -> bool:
    """Whether a style loads anything, or is none; escapes ("u\\72l(") and comments are read as browsers read them."""
    style = re.sub(r"/\*.*?(?:\*/|\Z)", "", style, flags=re.DOTALL)
    style = _ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)) if match[1] else match[2], style)
    addresses = (match[1].strip(" \t\r\n\f\"'") for match in _STYLE_URL.finditer(style))
    own = (address.startswith("#") or _PICTURE_DATA.match(address) for address in addresses)
    return _ACTIVE_STYLE.search(style) is not None or not all(own)
