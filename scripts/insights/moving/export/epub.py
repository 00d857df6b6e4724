"""EPUB 3.3: one book of what is published, its chapters by topic, oldest first; packed as `publication.epub`.

Source: w3.org/TR/epub-33.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import turbohtml
from turbohtml import Element

from insights.model import Article
from insights.moving.export.outgoing import Outgoing, body_html, page_address
from insights.render import clean_text
from insights.text import fold

_MEDIA_TYPES = {
    ".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
    ".webp": "image/webp",
}  # fmt: skip
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_STYLE = """body { font-family: serif; line-height: 1.5; }
h1, h2, h3, th { font-family: sans-serif; line-height: 1.25; }
pre { white-space: pre-wrap; font-size: 0.85em; }
img { max-width: 100%; height: auto; }
figure { margin: 1em 0; }
figcaption, .about { font-size: 0.9em; color: #555; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid #999; padding: 0.25em 0.5em; text-align: left; }
.admonition { border-left: 3px solid #888; padding-left: 1em; margin: 1em 0; }
.admonition-title { font-weight: bold; }
"""
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="{language}" xml:lang="{language}">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""
_ASSET = re.compile(r"assets/[^\s()<>\[\]\"'{}]+")
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # what a zip calls no time: two exports of the same content are the same bytes


@dataclass(frozen=True, slots=True)
class _Book:
    """The chapters in their order, by topic, and the pictures that they show."""

    topics: tuple[tuple[str, tuple[Article, ...]], ...]
    pictures: tuple[str, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(article for _, articles in self.topics for article in articles)


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`publication.epub`."""
    book = _book(outgoing)
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": _CONTAINER,
        "book/package.opf": _package(outgoing, book),
        "book/nav.xhtml": _navigation(outgoing, book),
        "book/style.css": _STYLE,
    }
    slugs = {article.slug for article in book.articles}
    pictures = set(book.pictures)
    for article in book.articles:
        files[f"book/{article.slug}.xhtml"] = _chapter(outgoing, article, slugs, pictures)
    files |= {f"book/{path}": outgoing.read(path) for path in book.pictures}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _FIRST_TIME), "application/epub+zip", zipfile.ZIP_STORED)
        for path, data in files.items():
            written = clean_text(data) if isinstance(data, str) else data  # XML has no control characters
            archive.writestr(zipfile.ZipInfo(path, _FIRST_TIME), written, zipfile.ZIP_DEFLATED)
    yield "publication.epub", stream.getvalue()


def _book(outgoing: Outgoing) -> _Book:
    live = sorted(
        outgoing.library.live(outgoing.now).articles,
        key=lambda article: (fold(outgoing.topic_of(article)), article.date or outgoing.now, article.slug),
    )
    topics = tuple((name, tuple(articles)) for name, articles in groupby(live, outgoing.topic_of))
    named = {name for each in live for name in _ASSET.findall(each.body)}
    known = [path for path in outgoing.assets if _media_type(path)]
    # One with spaces or brackets in its name is looked for in every body: there are few.
    return _Book(
        topics,
        tuple(path for path in known if path in named or (not _ASSET.fullmatch(path) and _is_in_some(path, live))),
    )


def _is_in_some(path: str, articles: list[Article]) -> bool:
    return any(path in each.body for each in articles)


def _chapter(outgoing: Outgoing, article: Article, slugs: set[str], pictures: set[str]) -> str:
    """An article's page: what leads to another chapter stays in the book, what leads to other pages goes online."""
    url = outgoing.publication.url

    def address(path: str) -> str:
        slug = PurePosixPath(path).stem
        if path == f"insights/{slug}.md" and slug in slugs:
            return f"{slug}.xhtml"
        return path if path in pictures else url + page_address(path)

    about = ", ".join(
        [*article.authors, *([outgoing.publication.strings.spell_date(article.date)] if article.date else [])]
    )
    body = f'<h1>{escape(article.title)}</h1>\n<p class="about">{escape(about)}</p>\n'
    language = article.language or outgoing.publication.language
    body += _xhtml(body_html(outgoing, article, address))
    return _PAGE.format(language=escape(language), title=escape(article.title), body=body)


def _xhtml(html: str) -> str:
    """HTML as XML, without what a book may not hold: forms, what is fetched, ids that are no XML names."""
    document = turbohtml.parse(f"<body>{html}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    for box in body.select("input[type=checkbox]"):
        box.replace_with(turbohtml.Text("☑ " if box.attr("checked") is not None else "☐ "))
    body.remove("input,button,script,style")
    for picture in body.select("img"):
        source = picture.attr("src") or ""
        if "://" in source:  # EPUB 3.3 §3.6: pictures are in the book
            shown = f'<a href="{escape(source)}">{escape(picture.attr("alt") or source)}</a>'
            picture.insert_adjacent_html("afterend", shown)
            picture.extract()
    for named in body.select("[id]"):
        named.attrs["id"] = _name(named.attr("id") or "")
    for link in body.select("a[href*='#']"):
        path, _, fragment = (link.attr("href") or "").partition("#")
        if "://" not in path:
            link.attrs["href"] = f"{path}#{_name(fragment)}"
    return body.inner_xml


def _media_type(path: str) -> str:
    return _MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), "")


def _name(text: str) -> str:
    """An id as XML allows it: "fn:1" → "fn-1"."""
    name = "".join(sign if sign.isalnum() or sign in "_.-" else "-" for sign in text)
    return name if name[:1].isalpha() or name[:1] == "_" else f"_{name}"


def _navigation(outgoing: Outgoing, book: _Book) -> str:
    parts = []
    for topic, articles in book.topics:
        links = "\n".join(f'<li><a href="{each.slug}.xhtml">{escape(each.title)}</a></li>' for each in articles)
        name = escape(topic or outgoing.publication.name)
        parts.append(f"<li><span>{name}</span>\n<ol>\n{links}\n</ol></li>")
    title = escape(outgoing.publication.name)
    body = f'<nav epub:type="toc"><h1>{title}</h1>\n<ol>\n' + "\n".join(parts) + "\n</ol></nav>"
    return _PAGE.format(language=escape(outgoing.publication.language), title=title, body=body)


def _package(outgoing: Outgoing, book: _Book) -> str:
    """EPUB 3.3 §5, package document. Its moment is that of the last change, its id that of the site's address."""
    publication = outgoing.publication
    moments = [moment for article in book.articles if (moment := article.updated or article.date)]
    modified = max(moments, default=outgoing.now).astimezone(UTC)
    writers = dict.fromkeys(name for article in book.articles for name in article.authors)
    meta = [
        f'<dc:identifier id="id">urn:uuid:{uuid5(NAMESPACE_URL, publication.url)}</dc:identifier>',
        f"<dc:title>{escape(publication.name)}</dc:title>",
        f"<dc:language>{escape(publication.language)}</dc:language>",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in writers),
        *([f"<dc:description>{escape(publication.description)}</dc:description>"] if publication.description else []),
        *([f"<dc:rights>{escape(publication.copyright)}</dc:rights>"] if publication.copyright else []),
        f"<dc:source>{escape(publication.url)}</dc:source>",
        f'<meta property="dcterms:modified">{modified:%Y-%m-%dT%H:%M:%SZ}</meta>',
    ]
    items = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="style" href="style.css" media-type="text/css"/>',
        *(
            f'<item id="c{number}" href="{article.slug}.xhtml" media-type="application/xhtml+xml"/>'
            for number, article in enumerate(book.articles)
        ),
        *(
            f'<item id="p{number}" href="{quote(path)}" media-type="{_media_type(path)}"/>'
            for number, path in enumerate(book.pictures)
        ),
    ]
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(book.articles)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join(meta)
        + "\n</metadata>\n<manifest>\n"
        + "\n".join(items)
        + f'\n</manifest>\n<spine><itemref idref="nav"/>{spine}</spine>\n</package>\n'
    )
