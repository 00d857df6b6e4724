"""Rules over one article's links and pictures, as far as the article's own text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from insights.check.manuscript import Manuscript, shown_text
from insights.check.rules import Check, Mark, check
from insights.model import Image, Level
from insights.text import fold

_BARE = re.compile(r"(?:https?://|www\.)[^\s<>\[\]()\"'`|]*[^\s<>\[\]()\"'`|.,;:!?*_]")
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\[\]]*)?$|[\w./-]+\.md(?:#[\w-]*)?$|#[\w-]+$")
_VAGUE = frozenset(
    "click here|here|this|this link|link|this page|this article|read more|more|learn more|go|see here|click this link"
    "|this site|website|details".split("|")
)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid|_hsenc|_hsmi|mkt_tok|oly_enc_id|vero_id|ref_src)",
    re.IGNORECASE,
)
_NO_DESCRIPTION = re.compile(
    r"(?:image|img|picture|photo|screenshot|graphic|chart|figure|untitled|logo|alt text|dsc|pxl)?[\s_-]*\d*"
    r"|.*\.(?:png|jpe?g|gif|svg|webp|avif)",
    re.IGNORECASE,
)


@check("link-bare", "Links", Level.WARNING, bad="See https://example.org/a.", good="See [a](https://example.org/a).")
def link_bare(manuscript: Manuscript) -> Iterator[Mark]:
    """A web address in the text is a link with words: readers cannot click on a bare one."""
    if "http" not in manuscript.prose and "www." not in manuscript.prose:
        return
    taken = [(link.offset, link.offset + len(link.text)) for link in (*manuscript.links, *manuscript.pictures)]
    for match in _BARE.finditer(manuscript.prose):
        line_start = manuscript.prose.rfind("\n", 0, match.start()) + 1
        is_definition = re.match(r" {0,3}\[[^\]]+\]:\s*$", manuscript.prose[line_start : match.start()])
        in_tag = manuscript.prose.rfind("<", line_start, match.start()) > manuscript.prose.rfind(
            ">", line_start, match.start()
        )
        before = manuscript.prose[match.start() - 1 : match.start()]
        if (
            is_definition
            or in_tag
            or (before and (before.isalnum() or before in "(<[\"'=/.:_"))
            or any(start <= match.start() <= end for start, end in taken)
        ):
            continue
        yield Mark(
            manuscript.place(match.start()), "a bare web address", f"write [words that say what it is]({match[0]})"
        )


@check(
    "link-text", "Links", Level.WARNING, bad="[Click here](https://a.org).", good="[The study](https://a.org) says so."
)
def link_text(manuscript: Manuscript) -> Iterator[Mark]:
    """A link's words say where it leads, read out of their context (WCAG 2.4.4)."""
    for link in manuscript.links:
        if fold(link.text) in _VAGUE:
            message = f'the link\'s words "{shown_text(link.text)}" do not say where it leads'
            yield Mark(manuscript.place(link.offset), message, "link the words that name the target")


@check("link-empty", "Links", Level.WARNING, bad="[The study]()", good="[The study](https://example.org/study)")
def link_empty(manuscript: Manuscript) -> Iterator[Mark]:
    """A link has words and an address."""
    pictures = {picture.offset for picture in manuscript.pictures}
    for link in manuscript.links:
        if link.href in ("", "#"):
            yield Mark(manuscript.place(link.offset), f'the link "{link.text}" has no address', "add it, or unlink it")
        elif not link.text.strip() and link.offset not in pictures:
            yield Mark(manuscript.place(link.offset), "a link without words cannot be seen", "write what it leads to")


@check(
    "link-invalid", "Links", Level.ERROR, bad="[The study](htp://example.org)", good="[The study](https://example.org)"
)
def link_invalid(manuscript: Manuscript) -> Iterator[Mark]:
    """An address is one that a browser can open."""
    for link in manuscript.links:
        problem = _address_problem(link.href)
        if problem:
            yield Mark(link.place, f'"{link.href[:80]}" {problem[0]}', problem[1])


@check(
    "link-tracking",
    "Links",
    Level.WARNING,
    bad="[A](https://a.org/?utm_source=mail).",
    good="[A](https://a.org/).",
)
def link_tracking(manuscript: Manuscript) -> Iterator[Mark]:
    """A link carries no tracking parameters: utm_source, fbclid and the like."""
    for link in manuscript.links:
        if "?" in link.href and (clean := without_tracking(link.href)) != link.href:
            yield Mark(link.place, "the link carries tracking parameters", f"use {clean}")


@check("link-form", "Links", Level.WARNING, bad="( [the study] (https://a.org) )", good="[the study](https://a.org)")
def link_form(manuscript: Manuscript) -> Iterator[Mark]:
    """No space stands between a link's words and its address, and its brackets are in that order."""
    if "] (" not in manuscript.prose and ")[" not in manuscript.prose:
        return
    for match in re.finditer(
        r"\[[^\[\]\n]+\] \(https?://[^\s)]+\)|(?<!\])\([^()\n]+\)\[https?://[^\s\[\]]+\]", manuscript.prose
    ):
        yield Mark(
            manuscript.place(match.start()), "this makes no link", "write [words](address), with no space between"
        )


@check(
    "image-alt", "Pictures", Level.WARNING, bad="![](../assets/a.png)", good="![Waits fell by half](../assets/a.png)"
)
def image_alt(manuscript: Manuscript) -> Iterator[Mark]:
    """A picture has a description for those who cannot see it, and that is not its file's name (WCAG 1.1.1)."""
    for picture in manuscript.pictures:
        written = picture.text
        if written.startswith("<"):
            match = re.search(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", written)
            written = (match[1] or match[2] or "") if match else ""
            if match and not written:
                continue  # alt="" in HTML says on purpose that the picture is decoration
        if _NO_DESCRIPTION.fullmatch(written.strip()):
            message = (
                f'"{written}" does not describe the picture' if written.strip() else "a picture without description"
            )
            yield Mark(manuscript.place(picture.offset), message, "write what it shows: ![Waits fell by half](…)")
    image = manuscript.article.image
    if isinstance(image, Image) and not image.alt and "image" in manuscript.article.positions:
        fix = "write `image: {src: …, alt: What it shows}`"
        yield Mark(manuscript.article.place("image"), "the lead picture has no description", fix)


@check(
    "image-embedded",
    "Pictures",
    Level.WARNING,
    bad="![Dot](data:image/png;base64,AAAA)",
    good="![Dot](../assets/dot.png)",
)
def image_embedded(manuscript: Manuscript) -> Iterator[Mark]:
    """A picture is a file in content/assets, not a part of the text or of the author's own computer."""
    for picture in manuscript.pictures:
        if picture.href.startswith("data:"):
            yield Mark(picture.place, "the picture is written into the text", "put its file into content/assets")
        elif re.match(r"file:|[A-Za-z]:[\\/]|/(?:Users|home)/", picture.href):
            yield Mark(picture.place, "the picture is on your computer only", "upload its file to content/assets")


@check(
    "image-remote",
    "Pictures",
    Level.ADVICE,
    bad="![Dot](https://example.org/dot.png)",
    good="![Dot](../assets/dot.png)",
)
def image_remote(manuscript: Manuscript) -> Iterator[Mark]:
    """A picture is kept here: one on another site may change or vanish, and tells that site who reads."""
    for picture in manuscript.pictures:
        if picture.href.startswith(("http://", "https://", "//")):
            yield Mark(picture.place, "the picture is on another site", "put its file into content/assets")


def without_tracking(href: str) -> str:
    """The address without parameters that only track who follows it; as written where it has none."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return href
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if len(kept) == len(pairs):
        return href
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), parts.fragment))


def _address_problem(href: str) -> tuple[str, str] | None:  # noqa: PLR0911 (one for each kind)
    """What is wrong with an address and how to mend it, or None."""
    if _PLAIN.match(href):
        return None
    if re.match(r"(?:file:|[A-Za-z]:[\\/]|\\\\)", href):
        return "is on your computer only", "link to a page on the web, or put the file into content/assets"
    if re.match(r"https?:/?[^/]|https?:///|https?//|htt?ps?s?:\\\\", href):
        return "is no web address", "write it as https://…"
    if (match := re.match(r"([a-z][a-z0-9+.-]*):", href, re.IGNORECASE)) and match[1].lower() not in (
        "http", "https", "mailto", "tel",
    ):  # fmt: skip
        close = "https" if match[1].lower() in ("htp", "htps", "htttp", "htttps", "ttps", "ttp", "hhtps") else ""
        return (
            "is no web address" if close else f"begins with {match[1]}:, which is left out of the site",
            "write it as https://…" if close else "link to a web page, mailto: or tel:",
        )
    if re.match(r"www\.", href):
        return "would be looked for on this site", f"write it as https://{href}"
    if "://" not in href and re.fullmatch(r"[\w.+-]+@[\w-]+\.[\w.]+", href):
        return "would be looked for on this site", f"write it as mailto:{href}"
    try:
        parts = urlsplit(href)
        _ = parts.port
    except ValueError:
        return "is no web address", "mend it, and try it in a browser"
    if parts.scheme in ("http", "https") and not parts.hostname:
        return "has no host", "mend it, and try it in a browser"
    return None


LINK_CHECKS: tuple[Check[Manuscript], ...] = (
    link_bare,
    link_text,
    link_empty,
    link_invalid,
    link_tracking,
    link_form,
    image_alt,
    image_embedded,
    image_remote,
)
