"""What may not be in any output: found by a parser that shares no code with the sanitiser, and by rules of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import turbohtml
from turbohtml import Element, Node

# Elements that run, load, frame, submit or change how the rest of a page is read.
_ACTIVE = frozenset(
    "applet audio base bgsound button embed fencedframe form frame frameset iframe isindex keygen link math meta "
    "noembed noframes object param plaintext portal script select style svg template textarea title track "
    "video xmp".split()
)
_URL_ATTRIBUTES = frozenset(
    "action archive background cite classid codebase data dynsrc formaction href icon longdesc lowsrc manifest "
    "ping poster profile src usemap xlink:href".split()
)
_LOADING = frozenset("action background data dynsrc formaction lowsrc poster src srcset imagesrcset ping".split())
_SAFE_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})


def find_hits(html: str, own: str, chrome: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is wrong in a document or fragment: handlers, active addresses, active elements, foreign loads.

    `own` is the site's address, from which it may load. `chrome` names the active elements that the theme itself
    puts outside an article's text (as `describe` writes them).
    """
    yield from _walk(turbohtml.parse(html, positions=False), own, chrome, is_content=not chrome)


def describe(element: Element) -> str:
    """An active element as `chrome` names it: its tag and what makes it what it is."""
    keys = ("rel", "type", "name", "property", "class", "id", "role", "http-equiv")
    return " ".join([str(element.tag), *(f"{key}={_value(element, key)}" for key in keys if _value(element, key))])


def describe_chrome(html: str) -> Iterator[str]:
    """The active elements of a page that nobody hostile wrote, outside its text."""
    yield from (describe(element) for element in _elements(turbohtml.parse(html, positions=False)))


def browser_address(value: str) -> str:
    """An address as a browser reads it (URL Standard, basic URL parser): trimmed, without tabs and line breaks."""
    value = re.sub(r"[\t\n\r]", "", value).strip("".join(map(chr, range(33))))
    return value.replace("\\", "/")


def scheme(value: str) -> str:
    """The lower-case scheme of an address as a browser reads it, or "" for a relative one."""
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", browser_address(value))
    return match[1].lower() if match else ""


def is_foreign(value: str, own: str) -> bool:
    """Whether an address leads to another host than the site's."""
    address = browser_address(value)
    if address.startswith("//") or re.match(r"https?:", address, re.I):
        return not f"{address}/".startswith(own)
    return False


def _value(element: Element, name: str) -> str:
    """An attribute's value as one text; "" where it is absent or empty."""
    value = element.attrs.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _children(node: Node) -> Iterator[Element]:
    return (child for child in node.children if isinstance(child, Element))


def _is_text(element: Element) -> bool:
    return "text" in _value(element, "class").split()


def _elements(root: Node) -> Iterator[Element]:
    for element in _children(root):
        if element.tag in _ACTIVE or element.tag == "input":
            yield element
        if not _is_text(element):
            yield from _elements(element)


def _walk(root: Node, own: str, chrome: frozenset[str], is_content: bool) -> Iterator[str]:
    for element in _children(root):
        is_text = is_content or _is_text(element)
        if element.tag in _ACTIVE and (is_text or describe(element) not in chrome):
            yield f"active element <{element.tag}> {describe(element)}"
        if is_text and element.tag == "input" and _value(element, "type") != "checkbox":
            yield "active element <input>"
        yield from _attribute_hits(element, own, is_text)
        yield from _walk(element, own, chrome, is_text)


def _attribute_hits(element: Element, own: str, is_content: bool) -> Iterator[str]:
    for raw in element.attrs:
        name, value = raw.lower(), _value(element, raw)
        if name.startswith("on") or name in ("srcdoc", "is", "nonce"):
            yield f"handler {name} on <{element.tag}>"
        if (
            name == "style"
            and is_content
            and re.search(r"url\(|expression|import|binding|behavior|position", value, re.I)
        ):
            yield f"active style on <{element.tag}>"
        if name in _URL_ATTRIBUTES and scheme(value) not in _SAFE_SCHEMES:
            yield f"active address {name}={value[:60]!r} on <{element.tag}>"
        if name in _LOADING and not (element.tag == "form" and not is_content):
            candidates = re.split(r"[\s,]+", value) if name in ("srcset", "imagesrcset", "ping") else [value]
            for candidate in candidates:
                if is_foreign(candidate, own) or scheme(candidate) not in _SAFE_SCHEMES:
                    yield f"foreign load {name}={value[:60]!r} on <{element.tag}>"
        if element.tag == "meta" and name == "http-equiv" and value.lower() == "refresh":
            target = _value(element, "content").partition("url=")[2]
            if not target.startswith(own):
                yield f"refresh to {target[:60]!r}"
        if is_content and name in ("data-search", "data-search-page", "data-copy", "data-theme-switch"):
            yield f"data attribute {name} on <{element.tag}>"
