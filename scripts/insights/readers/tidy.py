"""Makes a parsed page fit to choose from: nothing hidden, real addresses, paragraphs for `<br><br>`.

Changes the tree in place. What the article is, `selection` decides.
"""

from __future__ import annotations

import re

from turbohtml import Element, Text

from insights.readers.dom import child_elements, is_blank, is_phrasing, names_of, parent_of
from insights.readers.inline_pictures import MIN_INLINE_IMAGE_BYTES
from insights.readers.streaming import place_streamed_parts
from insights.text import srcset_candidates

NEVER_TEXT = (
    "script:not([type*='math/tex']),style,template,link,meta,base,title,dialog,"
    ".sr-only,.visually-hidden,.visuallyhidden,.screen-reader-text,.screen-reader-only,.assistive-text,"
    "[role=dialog][aria-modal=true],[role=alertdialog],[class*=material-icons],[class*=material-symbols]"
)
"""What shows no words of the page: among it the names of icons, which a font draws, and words for screen readers."""
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_FOLDED = re.compile(r"accordion|collaps|toggle|expand|faq|(?<![a-z])tab[-_]?(?:pane|panel|content)", re.I)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#\s])", re.I)
_DRAWS = re.compile(r"base64,|(?:<|%3c)(?!/|%2f|svg|title|desc|defs|style)[a-z]", re.I)
"""What an SVG that shows something has: an element of it. One without holds the place of a picture."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)[wx]")
_LAZY_ATTRIBUTES = (
    "data-src", "data-original", "data-lazy-src", "data-srcset", "data-lazy-srcset", "data-hi-res-src",
    "data-original-src", "data-url", "data-image",
)  # fmt: skip
JOINER = "\u200d"
_BLURRED = re.compile(r"[,/_=-]blur[_=]?\d", re.I)
PICTURE_LABELS = frozenset({"Image", "Photo", "Picture"})
"""What pages say to screen readers before a picture that says it itself."""
_HIDDEN_ADDRESS = "/cdn-cgi/l/email-protection#"


def tidy(body: Element, max_depth: int) -> None:
    """Removes what no reader sees, finds real image addresses, and turns runs of `<br>` into paragraphs."""
    place_streamed_parts(body)
    body.remove(NEVER_TEXT)
    _remove_joiners(body)
    for frame in body.select("iframe"):
        for node in frame.children:
            node.extract()  # what browsers without frames would show
    _use_noscript_images(body)
    _remove_hidden(body, max_depth)
    for image in body.select("img,picture,figure"):
        find_image_source(image)
    for figure in body.select("figure"):
        _remove_previews(figure)
        for label in figure.select("span"):
            if label.text.strip() in PICTURE_LABELS:
                label.extract()
    _show_addresses(body)
    for line_break in body.select("br"):
        if parent_of(line_break) is not None:
            _split_at_breaks(line_break)


def _remove_joiners(body: Element) -> None:
    """Removes the joiners that begin a text and join nothing: Webflow keeps empty paragraphs with them."""
    if JOINER not in body.text:
        return
    for node in [node for node in body.descendants if isinstance(node, Text) and node.data.startswith(JOINER)]:
        node.replace_with(Text(node.data.lstrip(JOINER)))


def is_hidden(element: Element) -> bool:
    """Whether a browser without style sheets would hide an element, or a screen reader skip it."""
    attrs = element.attrs
    if not attrs:
        return False
    if "style" in attrs and _HIDDEN_STYLE.search(element.attr("style") or ""):
        return True
    if "hidden" in attrs and attrs["hidden"] != "until-found":
        return True
    return (
        "aria-hidden" in attrs
        and attrs["aria-hidden"] == "true"
        and "fallback-image" not in (element.attr("class") or "")
    )


def _remove_hidden(body: Element, max_depth: int) -> None:
    """Removes hidden elements, and flattens what is nested deeper than any person nests (a parser bomb)."""
    depth = {body: 0}
    whole = len(body.text)
    for element in list(body.iter_elements()):
        parent = parent_of(element)
        if parent is None or parent not in depth:
            continue
        if (
            is_hidden(element)
            and not _FOLDED.search(names_of(element) + names_of(parent))
            and len(element.text) < max(1000, 0.5 * whole)
        ):
            element.extract()
        elif depth[parent] >= max_depth:
            element.replace_with(Text(element.text))
        else:
            depth[element] = depth[parent] + 1


def _use_noscript_images(body: Element) -> None:
    """Puts the one image of a `<noscript>` in the place of the placeholder before it."""
    for noscript in body.select("noscript"):
        images = noscript.select("img")
        before = noscript.previous_sibling
        while before is not None and is_blank(before):
            before = before.previous_sibling
        if len(images) == 1 and not noscript.text.strip():
            if isinstance(before, Element) and _is_single_image(before):
                before.replace_with(images[0])
            elif parent_of(noscript) is not None and not any(
                sibling.select("img") or sibling.tag == "img"
                for sibling in child_elements(parent_of(noscript) or body)
                if sibling is not noscript
            ):
                noscript.insert_before(images[0])
    body.remove("noscript")


def _is_single_image(element: Element) -> bool:
    while element.tag != "img":
        children = child_elements(element)
        if len(children) != 1 or element.text.strip():
            return False
        element = children[0]
    return True


def find_image_source(image: Element) -> None:
    """Sets `src` from the attributes in which lazy loaders keep it, where the page shows only a placeholder."""
    source = image.attr("src") or ""
    if image.tag == "img" and source.startswith("data:"):
        is_placeholder = "base64," in source and len(source.partition("base64,")[2]) < MIN_INLINE_IMAGE_BYTES
        is_vector = source.startswith("data:image/svg+xml")
        if is_placeholder or is_vector:
            if any(_IMAGE_NAME.search(image.attr(name) or "") for name in image.attrs if name not in ("src", "alt")):
                image.attrs.pop("src")
                source = ""
            elif is_vector and not _DRAWS.search(source):
                image.extract()
                return
        else:
            return
    if _BLURRED.search(source) and (srcset := _largest_of(image.attr("srcset") or "")):
        image.attrs["src"] = srcset
        return
    if source and "lazy" not in (image.attr("class") or "").lower():
        return
    if image.tag == "img" and not source:
        srcset = _largest_of(image.attr("srcset") or "") or _picture_source(image)
        if srcset:
            image.attrs["src"] = srcset
            return
    address = _lazy_address(image)
    if not address:
        return
    if image.tag == "img":
        image.attrs["src"] = address
    elif image.tag == "figure" and not image.select("img,picture"):
        image.append(Element("img", {"src": address}))


def _picture_source(image: Element) -> str:
    """The largest address of the last `source` beside an image in a `picture`: the one that most browsers know."""
    around = parent_of(image)
    sources = around.select("source[srcset]") if around is not None and around.tag == "picture" else []
    return _largest_of(sources[-1].attr("srcset") or "") if sources else ""


def _remove_previews(figure: Element) -> None:
    """Removes a picture where the same file follows it in its full size."""
    images = figure.select("img[src]")
    names = [(image.attr("src") or "").partition("?")[0].rpartition("/")[2] for image in images]
    for index, image in enumerate(images):
        if names[index] and names[index] in names[index + 1 :]:
            image.extract()


def _lazy_address(image: Element) -> str:
    names = [name for name in _LAZY_ATTRIBUTES if name in image.attrs]
    names += [name for name in image.attrs if name not in names and name not in ("src", "srcset", "alt", "class")]
    for name in names:
        value = (image.attr(name) or "").strip()
        if not value or not (_IMAGE_NAME.search(value) or name in _LAZY_ATTRIBUTES):
            continue
        if "srcset" in name or re.search(r"\.(?:jpe?g|png|webp)(?:(?!\.(?:jpe?g|png|webp))\S)*+\s+\d", value):
            return _largest_of(value)
        if re.match(r"^\S+$", value) and not value.startswith(("data:", "{", "[")):
            return value
    return ""


def _largest_of(srcset: str) -> str:
    """The address with the greatest width or density in a `srcset` (HTML, srcset attributes)."""
    entries = [
        (float(size[1]) if (size := _SIZE.fullmatch(descriptor)) else 1.0, url)
        for url, descriptor in srcset_candidates(srcset)
        if not url.startswith("data:")
    ]
    return max(entries, key=lambda entry: entry[0])[1] if entries else ""


def _show_addresses(body: Element) -> None:
    """Writes the email addresses that Cloudflare hides from robots, and its scripts show to readers."""
    for link in body.select(f"a[href*='{_HIDDEN_ADDRESS}']"):
        if address := _unhidden((link.attr("href") or "").partition(_HIDDEN_ADDRESS)[2]):
            link.attrs["href"] = f"mailto:{address}"
    for place in body.select("[data-cfemail]"):
        if address := _unhidden(place.attr("data-cfemail") or ""):
            for node in place.children:
                node.extract()
            place.append(Text(address))


def _unhidden(hexadecimal: str) -> str:
    """The address of which each byte was combined with the first one; "" where it is none."""
    try:
        key, *rest = bytes.fromhex(hexadecimal)
        address = bytes(byte ^ key for byte in rest).decode("utf-8")
    except ValueError:
        return ""
    return address if "@" in address and address.isprintable() else ""


def _split_at_breaks(line_break: Element) -> None:
    """Starts a paragraph at a run of two or more `<br>`, up to the next run or block."""
    following = _next_solid(line_break.next_sibling)
    run = []
    while isinstance(following, Element) and following.tag == "br":
        run.append(following)
        following = _next_solid(following.next_sibling)
    if not run or parent_of(line_break) is None:
        return
    for extra in run:
        extra.extract()
    paragraph = Element("p")
    line_break.replace_with(paragraph)
    node = paragraph.next_sibling
    while node is not None:
        if isinstance(node, Element) and node.tag == "br":
            after = _next_solid(node.next_sibling)
            if isinstance(after, Element) and after.tag == "br":
                break
        if not is_phrasing(node):
            break
        sibling = node.next_sibling
        paragraph.append(node)
        node = sibling
    while (children := paragraph.children) and is_blank(children[-1]):
        children[-1].extract()
    if not children and is_phrasing(parent_of(paragraph) or paragraph):
        paragraph.tag = "br"  # the run ends a `span` or `a`: what follows that begins on a new line
    around = parent_of(paragraph)
    if around is not None and around.tag == "p":
        around.tag = "div"


def _next_solid(node: object) -> object:
    while isinstance(node, Text) and not node.data.strip():
        node = node.next_sibling
    return node
