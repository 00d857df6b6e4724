"""WordPress: one file of WXR 1.2, which Tools → Import takes, and redirects for the plugin Redirection.

Source: wp-admin/includes/export.php writes the format; there is no other specification.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from lxml import etree

from insights.model import Article, Page
from insights.moving.export.outgoing import (
    Outgoing,
    asset_files,
    body_html,
    docs_path,
    old_address,
    page_address,
    redirects_csv,
    target_of,
    utc,
)
from insights.render import clean_text
from insights.text import slugify
from insights.urls import absolute

_SPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
_NO_DATE = "0000-00-00 00:00:00"


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`wordpress.xml`, `redirects.csv`, and the files for whoever uploads them by hand."""
    root = etree.Element("rss", nsmap=_SPACES, version="2.0")
    channel = etree.SubElement(root, "channel")
    _channel(channel, outgoing)
    attachments: dict[str, int] = {}
    first = len(outgoing.texts) + 1
    alts = _alts(outgoing)
    for number, path in enumerate(outgoing.assets, first):
        attachments[path] = number
        _attachment(etree.SubElement(channel, "item"), outgoing, path, number, alts.get(path, ""))
    for number, text in enumerate(outgoing.texts, 1):
        _item(etree.SubElement(channel, "item"), outgoing, text, number, attachments)
    yield "wordpress.xml", etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    yield "redirects.csv", redirects_csv(outgoing, 0, 301)  # source, target, is it a pattern, code
    yield from asset_files(outgoing, "")


def _channel(channel: etree._Element, outgoing: Outgoing) -> None:
    publication, library = outgoing.publication, outgoing.library
    url = publication.url.rstrip("/")
    for name, text in (
        ("title", publication.name), ("link", url), ("description", publication.description),
        ("language", publication.language), ("wp:wxr_version", "1.2"), ("wp:base_site_url", url),
        ("wp:base_blog_url", url),
    ):  # fmt: skip
        _add(channel, name, text)
    for number, name in enumerate(dict.fromkeys(name for each in library.articles for name in each.authors), 1):
        author = _add(channel, "wp:author", None)
        _add(author, "wp:author_id", str(number))
        _add(author, "wp:author_login", slugify(name))
        _add(author, "wp:author_email", "")
        _add(author, "wp:author_display_name", name)
    for kind, fields, terms in (
        ("wp:category", ("wp:category_nicename", "wp:cat_name", "wp:category_description"), library.topics),
        ("wp:tag", ("wp:tag_slug", "wp:tag_name", "wp:tag_description"), library.tags),
    ):
        for term in terms:
            element = _add(channel, kind, None)
            for name, text in zip(fields, (term.slug, term.name, term.description), strict=True):
                _add(element, name, text)


def _item(
    item: etree._Element, outgoing: Outgoing, text: Article | Page, number: int, attachments: dict[str, int]
) -> None:
    url = absolute(outgoing.publication.url, old_address(text).lstrip("/"))
    is_article = isinstance(text, Article)
    date = text.date if isinstance(text, Article) else None
    _add(item, "title", escape(text.title, quote=False))
    _add(item, "link", url)
    if date:
        _add(item, "pubDate", format_datetime(date))
    _add(item, "dc:creator", slugify(text.authors[0]) if isinstance(text, Article) and text.authors else "")
    _add(item, "guid", outgoing.id_of(text) if isinstance(text, Article) else url).set("isPermaLink", "false")
    html = body_html(outgoing, text, lambda path: outgoing.publication.url + page_address(path))
    _add(item, "content:encoded", f"<!-- wp:html -->\n{html}\n<!-- /wp:html -->")
    _add(item, "excerpt:encoded", escape(text.description, quote=False))
    updated = text.updated if isinstance(text, Article) else None
    is_draft = isinstance(text, Article) and (text.is_draft or date is None)
    waits = date is not None and date > outgoing.now
    for name, value in (
        ("post_id", str(number)), ("post_date", _stamp(date, is_local=True)), ("post_date_gmt", _stamp(date)),
        ("post_modified", _stamp(updated or date, is_local=True)), ("post_modified_gmt", _stamp(updated or date)),
        ("post_name", text.slug), ("status", "draft" if is_draft else "future" if waits else "publish"),
        ("post_type", "post" if is_article else "page"),
    ):  # fmt: skip
        _add(item, f"wp:{name}", value)
    if isinstance(text, Article):
        _terms(item, outgoing, text)
        _metas(item, text, attachments)


def _terms(item: etree._Element, outgoing: Outgoing, article: Article) -> None:
    topic = outgoing.topic_of(article)
    for domain, names in (("category", [topic] if topic else []), ("post_tag", outgoing.tags_of(article))):
        for name in names:
            element = _add(item, "category", name)
            element.set("domain", domain)
            element.set("nicename", slugify(name))


def _metas(item: etree._Element, article: Article, attachments: dict[str, int]) -> None:
    target = target_of(article.image.src, docs_path(article)) if article.image else None
    thumbnail = attachments.get(target[0]) if target else None
    pairs = [("_thumbnail_id", str(thumbnail))] if thumbnail else []
    pairs += [("_yoast_wpseo_canonical", article.canonical)] if article.canonical else []
    for name, value in pairs:
        meta = _add(item, "wp:postmeta", None)
        _add(meta, "wp:meta_key", name)
        _add(meta, "wp:meta_value", value)


def _alts(outgoing: Outgoing) -> dict[str, str]:
    """What the first article that leads with a picture says of it, by the picture's path."""
    alts: dict[str, str] = {}
    for article in outgoing.library.articles:
        if article.image and (target := target_of(article.image.src, docs_path(article))):
            alts.setdefault(target[0], article.image.alt)
    return alts


def _attachment(item: etree._Element, outgoing: Outgoing, path: str, number: int, alt: str) -> None:
    url = outgoing.publication.url + quote(path)
    for name, value in (
        ("title", path.rpartition("/")[2]), ("link", url), ("guid", url), ("wp:post_id", str(number)),
        ("wp:status", "inherit"), ("wp:post_type", "attachment"), ("wp:attachment_url", url),
    ):  # fmt: skip
        _add(item, name, value)
    if alt:
        meta = _add(item, "wp:postmeta", None)
        _add(meta, "wp:meta_key", "_wp_attachment_image_alt")
        _add(meta, "wp:meta_value", alt)


def _add(parent: etree._Element, name: str, text: str | None) -> etree._Element:
    """A new element at the end of `parent`; "wp:tag" is one of that namespace."""
    prefix, _, local = name.rpartition(":")
    element = etree.SubElement(parent, f"{{{_SPACES[prefix]}}}{local}" if prefix else local)
    if text is not None:
        element.text = clean_text(text)
    return element


def _stamp(moment: datetime | None, *, is_local: bool = False) -> str:
    there = moment if is_local else utc(moment)
    return f"{there:%Y-%m-%d %H:%M:%S}" if there else _NO_DATE
