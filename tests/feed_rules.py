"""The checks that the W3C feed validator makes, as far as they can touch our feeds; each break is one line of text.

Written from its documentation and its messages, whose names are given. HTML is parsed as it does: by html5lib, strict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

import html5lib
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}content"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
TAG_URI = re.compile(r"tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|([+-]\d\d:\d\d))")
RFC_2822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d\d[03]0")
LINK_RELATIONS = frozenset(
    "alternate current first hub last next next-archive prev-archive previous related self via".split()
)
MARKUP = re.compile(r"</\w+>|&(#x?\w+|amp|lt|gt|quot|apos|copy|nbsp|reg);?")
SAFE_ELEMENTS = frozenset(
    "a abbr acronym address area article aside audio b bdi big blockquote br button canvas caption center cite code"
    " col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure footer font"
    " form header h1 h2 h3 h4 h5 h6 hgroup hr i img input ins kbd label legend li main map mark menu meter nav ol"
    " output optgroup option p picture pre progress q rp rt ruby s samp section select small source span strike"
    " strong sub summary sup table tbody td textarea time tfoot th thead tr track tt u ul var video wbr".split()
)
SAFE_ATTRIBUTES = frozenset(
    "abbr align alt cite class colspan controls datetime dir headers height href hreflang id kind label lang media"
    " open poster rel reversed rowspan scope sizes span src srclang srcset start title type value width".split()
)


def rule_breaks(document: bytes) -> list[str]:
    """Everything that the validator would report of an RSS or Atom document; empty if nothing."""
    root = etree.fromstring(document)
    if root.tag == f"{ATOM}feed":
        breaks = [*_atom(root), *_characters(root)]
    else:
        breaks = [*_rss(root, document), *_characters(root)]
    return sorted(breaks)


def html_breaks(html: str) -> Iterator[str]:
    """What is wrong with HTML inside a feed."""
    try:
        parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    except html5lib.html5parser.ParseError as error:
        yield f"NotHtml: {error}"
        return
    for element in parsed.iter():
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        if element.tag not in SAFE_ELEMENTS:
            yield f"SecurityRisk: <{element.tag}>"
        for name, value in element.attrib.items():
            if name not in SAFE_ATTRIBUTES:
                yield f"SecurityRiskAttr: {name}"
            if name in ("href", "src", "cite", "poster") and not re.match(r"\w+:", value):
                yield f"ContainsRelRef: {value}"
            if name == "srcset" and not all(re.match(r"\w+:", part.strip()) for part in value.split(",")):
                yield f"ContainsRelRef: {value}"


def _atom(feed: etree._Element) -> Iterator[str]:
    yield from _missing(feed, f"{ATOM}title", f"{ATOM}id", f"{ATOM}updated")
    yield from _links(feed.findall(f"{ATOM}link"), "application/atom+xml")
    yield from _uri(feed.findtext(f"{ATOM}id"))
    yield from _text_constructs(feed)
    children = [child.tag for child in feed]
    if f"{ATOM}entry" in children and set(children[children.index(f"{ATOM}entry") :]) != {f"{ATOM}entry"}:
        yield "MisplacedMetadata"
    if not feed.get(XML_LANG):
        yield "MissingDCLanguage"
    entries = feed.findall(f"{ATOM}entry")
    yield from _repeated("DuplicateEntries", [entry.findtext(f"{ATOM}id") for entry in entries])
    yield from _repeated("DuplicateUpdated", [entry.findtext(f"{ATOM}updated") for entry in entries])
    for entry in entries:
        yield from _missing(entry, f"{ATOM}title", f"{ATOM}id", f"{ATOM}updated", f"{ATOM}published", f"{ATOM}summary")
        yield from _uri(entry.findtext(f"{ATOM}id"))
        yield from _text_constructs(entry)
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            yield "MissingElement: author"
        rels = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
        if rels.count("alternate") != 1 or not set(rels) <= LINK_RELATIONS:
            yield f"DuplicateAtomLink or MissingContentOrAlternate: {rels}"
        content = entry.find(f"{ATOM}content")
        if content is not None:
            yield from html_breaks(content.text or "") if content.text else ["NotBlank: content"]
        yield from _media(entry)
    for moment in feed.iter(f"{ATOM}updated", f"{ATOM}published"):
        yield from _rfc_3339(moment.text or "")
    for element in feed.iter(f"{ATOM}name", f"{ATOM}title", f"{ATOM}summary"):
        if not (element.text or "").strip():
            yield f"NotBlank: {element.tag}"


def _rss(rss: etree._Element, document: bytes) -> Iterator[str]:
    channel = rss[0]
    yield from _missing(channel, "title", "link", "description", "language")
    yield from _links(channel.findall(f"{ATOM}link"), "application/rss+xml")
    children = [child.tag for child in channel]
    if "item" in children and set(children[children.index("item") :]) != {"item"}:
        yield "MisplacedItem"
    yield from _repeated("DuplicateElement", [tag for tag in children if tag not in ("item", f"{ATOM}link")])
    items = channel.findall("item")
    yield from _repeated("DuplicateValue: guid", [item.findtext("guid") for item in items])
    for item in items:
        yield from _missing(item, "title", "guid", "link", "description", "pubDate")
        single = [child.tag for child in item if child.tag != "category" and "creator" not in child.tag]
        yield from _repeated("DuplicateElement", single)
        tags = [child.tag for child in item]
        if CONTENT in tags and tags.index(CONTENT) < tags.index("description"):
            yield "NeedDescriptionBeforeContent"
        if item.find("guid").get("isPermaLink") not in ("true", "false"):
            yield "InvalidBooleanAttribute: isPermaLink"
        yield from html_breaks(item.findtext("description") or "")
        content = item.find(CONTENT)
        if content is not None:
            yield from html_breaks(content.text or "") if content.text else ["NotBlank: content:encoded"]
        for moment in item.iter(f"{ATOM}updated"):
            yield from _rfc_3339(moment.text or "")
        yield from _media(item)
    for link in rss.iter("link"):
        yield from _uri(link.text)
    for date in rss.iter("pubDate", "lastBuildDate"):
        if not RFC_2822.fullmatch(date.text or ""):
            yield f"ProblematicalRFC822Date: {date.text}"
        elif parsedate_to_datetime(date.text).strftime("%a") != date.text[:3]:
            yield f"IncorrectDOW: {date.text}"
    yield from _plain_texts(rss, document)


def _plain_texts(rss: etree._Element, document: bytes) -> Iterator[str]:
    """The RSS profile: "&" and "<" of plain text are written as numeric references (ContainsHTML, CharacterData)."""
    lines = document.split(b"\n")
    for element in rss.iter("title", "description", "category", "copyright"):
        text = element.text or ""
        if element.tag != "category" and not text.strip():
            yield f"NotBlank: {element.tag}"
        if element.tag == "description" and element.getparent().tag == "item":
            continue
        if re.search(r"</(a|b|i|p|em|strong|script)>", text):
            yield f"ContainsHTML: {text}"
        elif (MARKUP.search(text) or re.search(r"<[/a-zA-Z]", text)) and b"&#x" not in lines[element.sourceline - 1]:
            yield f"CharacterData: {text}"


def _text_constructs(parent: etree._Element) -> Iterator[str]:
    for name in ("title", "subtitle", "summary", "rights"):
        for element in parent.findall(ATOM + name):
            text = element.text or ""
            if element.get("type") == "html":
                yield from html_breaks(text)
            elif MARKUP.search(text):
                yield f"ContainsUndeclaredHTML: {name}: {text}"


def _links(links: list[etree._Element], media_type: str) -> Iterator[str]:
    rels = [link.get("rel") for link in links]
    if "self" not in rels:
        yield "MissingSelf"
    yield from _repeated("DuplicateAtomLink", [(link.get("rel"), link.get("type")) for link in links])
    for link in links:
        if link.get("rel") not in LINK_RELATIONS:
            yield f"UnregisteredAtomLinkRel: {link.get('rel')}"
        if link.get("rel") == "self" and link.get("type") != media_type:
            yield f"SelfNotAtom: {link.get('type')}"
        yield from _uri(link.get("href"))


def _media(parent: etree._Element) -> Iterator[str]:
    for media in parent.iter(MEDIA):
        yield from _uri(media.get("url"))
        if media.getparent() is not parent:
            yield "MediaGroupWithoutAlternatives"
        for name in ("fileSize", "width", "height"):
            if not re.fullmatch(r"[1-9]\d*", media.get(name, "1")):
                yield f"InvalidPositiveInteger: {name}"
        if not re.fullmatch(r"[\w+.-]+/[\w+.-]+", media.get("type", "image/png")):
            yield f"InvalidMIMEAttribute: {media.get('type')}"


def _uri(uri: str | None) -> Iterator[str]:
    pattern = TAG_URI if (uri or "").startswith("tag:") else URI
    if not uri or not pattern.fullmatch(uri):
        yield f"InvalidFullLink: {uri}"


def _rfc_3339(text: str) -> Iterator[str]:
    if not RFC_3339.fullmatch(text):
        yield f"InvalidRFC3339Date: {text}"
    elif datetime.fromisoformat(text).year < 1990:
        yield f"ImplausibleDate: {text}"


def _characters(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        texts = [element.text or "", *element.attrib.values()] if isinstance(element.tag, str) else []
        if any(re.search("[\x80-\x9f\ufffd]", text) for text in texts):
            yield f"BadCharacters: {element.tag}"


def _missing(parent: etree._Element, *tags: str) -> Iterator[str]:
    for tag in tags:
        if len(parent.findall(tag)) != 1:
            yield f"MissingElement or DuplicateElement: {tag}"


def _repeated(rule: str, values: list[object]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{rule}: {value} ×{times}"
