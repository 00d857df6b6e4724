"""Medium: reads the zip of Settings → Download your information: a page of HTML (h-entry) for each story."""

from __future__ import annotations

import re
from html import escape

import turbohtml
from turbohtml import Document, Element

from insights.model import Author, Image
from insights.moving.entry import INSIDE, Entry, Export, left_out
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.readers.dates import parse_date
from insights.readers.dom import text_of
from insights.text import fold, slugify

_HOSTS = ("cdn-images-1.medium.com", "miro.medium.com", "cdn-images-2.medium.com")
_STORY = re.compile(r"(?:^|/)posts/(?P<slug>[^/]*?)-?(?P<id>[0-9a-f]{8,14})\.html$")
_GIST = re.compile(r"https://gist\.github\.com/[^\"'?]+")


def recognises(files: Files) -> bool:
    """Whether the first story has Medium's h-entry."""
    path = next((path for path in files.ending(".html") if _STORY.search(path)), None)
    return path is not None and b"h-entry" in files.read(path)


def read(files: Files, site_url: str = "") -> Export:
    """The stories, drafts as drafts; answers to other people's stories cannot be told apart, and come too."""
    entries = [_entry(files, path) for path in files.ending(".html") if _STORY.search(path)]
    others = sorted({path.split("/")[0] for path in files.paths if "/" in path and not path.startswith("posts/")})
    left = left_out({"folders about your account": others})
    names = {name for entry in entries for name in entry.authors}
    authors = tuple(Author(slugify(name), name) for name in sorted(names))
    return Export("medium", site_url.rstrip("/"), tuple(entries), authors, left_out=left, hosts=_HOSTS)


def clean(entry: Entry, _marks: Marks) -> str:
    """The story without the title that Medium repeats in it; cards of links and Gists as links."""
    document = turbohtml.parse(f"<body>{entry.body}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    for heading in body.select(".graf--title,.graf--subtitle")[:2]:
        if fold(heading.text) in (fold(entry.title), fold(entry.description)):
            heading.extract()
    body.remove(".section-divider")
    for card in body.select(".graf--mixtapeEmbed"):
        link = card.select_one("a[href]")
        if link is not None:
            title = card.select_one("strong")
            text = text_of(title if title is not None else link)
            _replace(card, f'<p><a href="{escape(link.attr("href") or "")}">{escape(text)}</a></p>')
    for script in body.select("script[src]"):
        if gist := _GIST.match(script.attr("src") or ""):
            url = escape(gist[0].removesuffix(".js"))
            _replace(script, f'<p><a href="{url}">{url}</a></p>')
    for code in body.select("pre br"):
        code.replace_with(turbohtml.Text("\n"))
    return body.inner_html


def _entry(files: Files, path: str) -> Entry:
    document = turbohtml.parse(files.text(path), positions=False)
    match = _STORY.search(path)
    number = match["id"] if match else path
    name = path.rpartition("/")[2]
    address = _attribute(document, ".p-canonical", "href")
    content = document.select_one("section[data-field=body],.e-content")
    author = document.select_one(".p-author")
    picture = document.select_one("img[data-is-featured=true]")
    slug = re.sub(r"^(?:\d{4}-\d\d-\d\d_|draft_)", "", name.removesuffix(".html"))
    url = address or f"{INSIDE}/{number}"
    published = parse_date(_attribute(document, ".dt-published", "datetime"))
    return Entry(
        key=number,
        title=_text(document, ".p-name"),
        body=content.inner_html if content is not None else "",
        url=url,
        base=url,
        slug=slugify(slug.removesuffix(number).strip("-")),
        other_urls=(f"https://medium.com/p/{number}",),
        guid=f"https://medium.com/p/{number}" if published else None,
        published=published,
        description=_text(document, ".p-summary"),
        authors=(text_of(author),) if author is not None and text_of(author) else (),
        image=Image(picture.attr("src") or "", picture.attr("alt") or "") if picture is not None else None,
        is_draft=name.startswith("draft_") or published is None,
    )


def _replace(element: Element, html: str) -> None:
    element.insert_adjacent_html("afterend", html)
    element.extract()


def _text(document: Document, selector: str) -> str:
    element = document.select_one(selector)
    return text_of(element) if element is not None else ""


def _attribute(document: Document, selector: str, name: str) -> str:
    element = document.select_one(selector)
    return (element.attr(name) or "") if element is not None else ""
