"""A publication on its way out, and its texts as other systems read them."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote

import turbohtml

from insights.assets import refuse_asset
from insights.errors import StoreError
from insights.feeds.ids import article_id
from insights.library import Library
from insights.model import Article, Level, Page
from insights.moving.addresses import rewrite
from insights.moving.entry import split_address
from insights.moving.markdown_files import inline_html
from insights.readers.markdown_dialects import outside_code, without_attributes
from insights.render import page_html
from insights.settings import Publication
from insights.site.redirects import alias_href
from insights.store import ASSETS, CONTENT, read_library, read_publication, refuse_links_out
from insights.urls import article_href, page_href

_BOX = re.compile(r"^(?P<indent> *)(?:!!!|\?\?\?\+?) (?P<kind>[\w-]++)[^\n\"]*+(?:\"(?P<title>[^\n]*)\")?[ \t]*+$")
_FIGURE = re.compile(
    r"^<figure markdown=\"span\">\n!\[(?P<alt>(?:\\.|[^\]\\])*)\]\((?P<src>[^)\s]+)\)(?:\{[^}\n]*\})?\n"
    r"(?:<figcaption>(?P<caption>.*?)</figcaption>\n)?</figure>$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything that leaves: who the publication is, its content (drafts too), and its files.

    `assets` are paths below content/ ("assets/foo/wait.svg"), `read` gives their bytes; `now` divides what is
    published from what waits for its day.
    """

    publication: Publication
    library: Library
    assets: tuple[str, ...]
    read: Callable[[str], bytes]
    now: datetime

    @property
    def pages(self) -> tuple[Page, ...]:
        """The single pages but for the front page, which every system makes itself."""
        return tuple(page for page in self.library.pages if page.slug != "index")

    @property
    def texts(self) -> tuple[Article | Page, ...]:
        """The articles, then the pages."""
        return (*self.library.articles, *self.pages)

    def id_of(self, article: Article) -> str:
        """The id by which feed readers know an article."""
        return article_id(article, self.publication)

    def topic_of(self, article: Article) -> str:
        """The name of an article's topic, "" where it has none."""
        topic = self.library.topic(article.topic) if article.topic else None
        return topic.name if topic else article.topic or ""

    def tags_of(self, article: Article) -> tuple[str, ...]:
        """The names of an article's tags."""
        return tuple(tag.name if (tag := self.library.tag(term)) else term for term in article.tags)


def read_outgoing(root: Path, now: datetime) -> Outgoing:
    """The publication in a folder. Raises StoreError for a file that cannot be read: an export must lack nothing."""
    library, findings = read_library(root)
    parts = (library.articles, library.topics, library.authors, library.editions, library.pages)
    read = {each.path for part in parts for each in part}
    for finding in findings:
        is_lacking = finding.level is Level.ERROR and finding.path not in read and not finding.rule.startswith("name-")
        if is_lacking:
            place = f"{finding.path}:{finding.line}:{finding.column}"
            raise StoreError(place, finding.message, finding.fix)
    folder = root / ASSETS
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    assets = tuple(
        path.relative_to(root / CONTENT).as_posix()
        for path in found
        if path.is_file() and not path.name.startswith((".", "README"))
    )
    refuse_links_out(root, *(f"{CONTENT}/{path}" for path in assets))
    return Outgoing(read_publication(root), library, assets, partial(_read_asset, root), now)


def _read_asset(root: Path, path: str) -> bytes:
    """A file's bytes. Raises StoreError for one that no site may publish: it would run on the other system, too."""
    data = (root / CONTENT / path).read_bytes()
    if refusal := refuse_asset(path, data):
        raise StoreError(f"{CONTENT}/{path}", *refusal)
    return data


def docs_path(text: Article | Page) -> str:
    """Where a text stands among the others: "insights/foo.md", "about.md"."""
    return text.path.removeprefix(f"{CONTENT}/")


def target_of(href: str, own: str) -> tuple[str, str] | None:
    """What an address in the text at docs path `own` means within the publication: docs path, and fragment or query.

    None for addresses elsewhere, and those within the same text.
    """
    parts = split_address(href)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(own), unquote(parts.path))).lstrip("./")
    return path, href[len(parts.path) :]


def page_address(path: str) -> str:
    """The address of a docs path on a site that keeps this publication's addresses: "insights/foo/", "assets/a.png"."""
    return page_href(path) if path.endswith(".md") else quote(path)


def relative_address(path: str, own: str) -> str:
    """From the page of one docs path to that of another, so that it holds wherever the site's root is."""
    target, start = page_address(path), page_address(own)
    relative = posixpath.relpath(target or ".", start or ".")
    return f"{relative}/" if target.endswith("/") or not target else relative


def body_html(outgoing: Outgoing, text: Article | Page, address: Callable[[str], str]) -> str:
    """A text's HTML as its page shows it, without what only our own style sheet knows.

    Links to the publication's own files are as `address` says of their docs paths.
    """
    own = docs_path(text)
    document = turbohtml.parse(f"<body>{page_html(text.body, outgoing.publication, own)}</body>", positions=False)
    body = document.select_one("body")
    if body is None:
        return ""
    for box in body.select("div.table"):
        box.unwrap()
    for cell in body.select("th[class^=align-],td[class^=align-]"):
        cell.attrs["style"] = f"text-align: {(cell.attr('class') or '').removeprefix('align-')}"
        cell.remove_class(cell.attr("class") or "")
    for name in ("href", "src"):
        for element in body.select(f"[{name}]"):
            if target := target_of(element.attr(name) or "", own):
                element.attrs[name] = address(target[0]) + target[1]
    return body.inner_html.strip()


def plain_body(text: Article | Page) -> str:
    """A text as Markdown that CommonMark's, Goldmark's and kramdown's readers share: boxes and figures as HTML.

    Its links lead from page to page, wherever the site's root is.
    """
    own = docs_path(text)

    def new_href(href: str) -> str | None:
        target = target_of(href, own)
        return relative_address(target[0], own) + target[1] if target else None

    markdown = rewrite(text.body, new_href)
    markdown = outside_code("\n".join(_boxes_as_html(markdown.split("\n"))), lambda part: _FIGURE.sub(_figure, part))
    return outside_code(markdown, without_attributes).strip("\n") + "\n"


def _figure(match: re.Match[str]) -> str:
    picture = f'<img src="{match["src"]}" alt="{escape(match["alt"])}">'
    caption = (match["caption"] or "").strip()
    return f"<figure>\n{picture}\n" + (f"<figcaption>{caption}</figcaption>\n" if caption else "") + "</figure>"


def _boxes_as_html(lines: list[str]) -> Iterator[str]:
    """Boxes (`!!! note`) as `div`s with Markdown in them; what stands in fences of code is left."""
    fence, start = "", 0
    while start < len(lines):
        line = lines[start]
        stripped = line.lstrip()
        if stripped.startswith(("```", "~~~")):
            mark = stripped[:3]
            fence = mark if not fence else "" if stripped.startswith(fence) and not stripped.strip("`~ ") else fence
        match = None if fence else _BOX.match(line)
        start += 1
        if match is None:
            yield line
            continue
        indent = match["indent"]
        end = start
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(f"{indent}    ")):
            end += 1
        inner = [each[len(indent) + 4 :] for each in lines[start:end]]
        title = match["title"] or match["kind"].capitalize()
        yield f'{indent}<div class="admonition {match["kind"]}" markdown="1">'
        yield f'{indent}<p class="admonition-title" markdown="0">{inline_html(title).strip()}</p>'
        yield ""
        yield from (
            f"{indent}{each}" if each else "" for each in _boxes_as_html("\n".join(inner).strip("\n").split("\n"))
        )
        yield from ("", f"{indent}</div>", "")
        start = end


def utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC."""
    return moment.astimezone(UTC) if moment else None


def asset_files(outgoing: Outgoing, folder: str) -> Iterator[tuple[str, bytes]]:
    """The publication's files below a folder of the new system ("static/"), "" for its root."""
    yield from ((f"{folder}{path}", outgoing.read(path)) for path in outgoing.assets)


def former_addresses(text: Article | Page) -> tuple[str, ...]:
    """The addresses from the root that lead to a text here: of a former slug, "/insights/foo/"."""
    return tuple(f"/{href}" for alias in text.aliases if (href := alias_href(alias)))


def redirects_csv(outgoing: Outgoing, *more: object) -> bytes:
    """Former addresses and where they lead, a pair a line, `more` after each."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for text in outgoing.texts:
        writer.writerows((former, old_address(text), *more) for former in former_addresses(text))
    return stream.getvalue().encode()


def old_address(text: Article | Page) -> str:
    """A text's address here, from the root: "/insights/foo/"."""
    return "/" + (article_href(text.slug) if isinstance(text, Article) else page_href(docs_path(text)))
