"""WXR, the XML of WordPress' Tools → Export, as the records of its items and what it says of the site.

Source: wp-admin/includes/export.php writes the format, versions 1.0 to 1.2; there is no other specification.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from insights.moving.rows import plain_text


@dataclass(slots=True)
class Record:
    """One `<item>`: its single texts by local name, its terms, its post meta, of which a name may have several."""

    texts: dict[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str, str]] = field(default_factory=list)  # domain, nicename, name
    metas: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def meta(self, *names: str) -> str:
        """The first post meta by one of these names, "" where there is none."""
        return next((value for name in names for value in self.every_meta(name) if value), "")

    def every_meta(self, name: str) -> list[str]:
        """All post meta by a name."""
        return [value for known, value in self.metas if known == name]

    def terms_of(self, domain: str) -> list[str]:
        """The names of its terms of one kind; WordPress keeps names escaped, as "Tides &amp; Weather"."""
        return [unescape(name) for kind, _, name in self.terms if kind == domain]


@dataclass(slots=True)
class Channel:
    """What the files say of the site: names by login, descriptions by name, names of categories by their numbers."""

    url: str = ""
    language: str | None = None
    authors: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


def read_records(data: bytes, channel: Channel) -> Iterator[Record]:
    """Each item of a file, and the site's own terms into `channel`; control characters and a cut end are passed over.

    Raises nothing: a file cut short gives the items before the cut.
    """
    tags = ("{*}item", "{*}author", "{*}category", "{*}tag", "{*}base_blog_url", "{*}language", "{*}link")
    events = etree.iterparse(
        io.BytesIO(data), tag=tags, recover=True, huge_tree=True, resolve_entities=False, no_network=True
    )
    for element in _until_the_end(events):
        parent = element.getparent()
        if parent is not None and _local(parent) == "channel":
            if _local(element) == "item":
                yield _record(element)
            else:
                _note_term(element, channel)
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _until_the_end(events: etree.iterparse) -> Iterator[etree._Element]:
    with suppress(etree.XMLSyntaxError):  # a file without any element
        yield from (element for _, element in events)


def _note_term(element: etree._Element, channel: Channel) -> None:
    name = _local(element)
    texts = {_local(child): child.text or "" for child in element}
    if name == "author":
        login = texts.get("author_login", "")
        channel.authors[login] = texts.get("author_display_name") or login
    elif name == "category" and texts.get("cat_name"):
        category = unescape(texts["cat_name"])
        channel.categories[category] = plain_text(texts.get("category_description", ""))
        channel.numbered[texts.get("term_id", "")] = category
    elif name == "tag" and texts.get("tag_name"):
        channel.tags[unescape(texts["tag_name"])] = plain_text(texts.get("tag_description", ""))
    elif name == "base_blog_url" or (name == "link" and not channel.url):
        channel.url = (element.text or "").strip().rstrip("/") or channel.url
    elif name == "language":
        channel.language = (element.text or "").strip() or None


def _record(item: etree._Element) -> Record:
    record = Record()
    for child in item:
        name = _local(child)
        if name == "category":
            record.terms.append((child.get("domain", "category"), child.get("nicename", ""), child.text or ""))
        elif name == "postmeta":
            texts = {_local(part): part.text or "" for part in child}
            record.metas.append((texts.get("meta_key", ""), texts.get("meta_value", "")))
        elif name == "comment":
            record.comments += 1
        elif name == "encoded":
            space = etree.QName(child).namespace or ""
            record.texts["excerpt" if "excerpt" in space else "content"] = child.text or ""
        else:
            record.texts[name] = child.text or ""
    return record


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
