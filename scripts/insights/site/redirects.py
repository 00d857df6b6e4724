"""Former addresses of articles and terms: a page at each that leads on, and one list for hosts that redirect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from html import escape
from urllib.parse import quote, unquote, urlsplit

from insights.library import Library, by_tag
from insights.settings import Publication
from insights.text import clash_key, is_portable, slugify
from insights.urls import absolute, article_href, author_href, page_href, tag_href, topic_href

LIST = "_redirects"


def render_redirects(
    library: Library, publication: Publication, taken: Collection[str], has_cases: bool = True
) -> Iterator[tuple[str, bytes]]:
    """The site-relative path and bytes of a page for each alias, and of `_redirects` if there are any, by path.

    One that would stand in the way of a file of the site (`taken`, paths) makes nothing and is not in the list. On a
    file system that does not tell cases (`has_cases`) nor has the other page of two that it takes for one; the list
    names both.
    """
    former = former_hrefs(library)
    if not former:
        return
    places = _Places(taken, str)
    folded = places if has_cases else _Places(taken, clash_key)
    targets: dict[str, str] = {}
    for href, target in sorted(former.items()):
        path = f"{unquote(href)}index.html" if href.endswith("/") else unquote(href)
        if places.take(path):
            targets[href] = target
            if has_cases or folded.take(path):
                yield path, _page(absolute(publication.url, target), publication)
    if targets:
        root = urlsplit(publication.url).path
        lines = (f"{root}{quote(unquote(href))} {root}{target} 301" for href, target in targets.items())
        yield LIST, ("\n".join(lines) + "\n").encode()


class _Places:
    """The files and folders of a site; two are one if `key` says the same of them."""

    def __init__(self, paths: Collection[str], key: Callable[[str], str]) -> None:
        self.key = key
        self.files = {key(path) for path in paths}
        self.folders = {folder for path in self.files for folder in _folders(path)}

    def take(self, path: str) -> bool:
        """Whether a file at the path stands in no other's way; it is one of the site's from now on."""
        path = self.key(path)
        folders = frozenset(_folders(path))
        is_free = path not in self.files and path not in self.folders and not self.files & folders
        if is_free:
            self.files.add(path)
            self.folders |= folders
        return is_free


def _folders(path: str) -> Iterator[str]:
    """Each folder that the path leads through."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def former_hrefs(library: Library) -> dict[str, str]:
    """Where each former address leads, hrefs both.

    An article's or page's alias is a former address ("/2019/05/queues/", "old/page.html") or a former slug ("queues");
    one that would lead out of the site names none; of two articles that claim one, the newer has it. The alias of a
    topic, of an author, or of a tag that articles have is a former name.
    """
    targets: dict[str, str] = {}
    owners = [(article.aliases, article_href(article.slug)) for article in library.articles]
    owners += [(page.aliases, page_href(f"{page.slug}.md")) for page in library.pages]
    for aliases, target in owners:
        for alias in aliases:
            href = alias_href(alias)
            if href is not None:
                targets.setdefault(href, target)
    terms = [(topic.aliases, topic.slug, topic_href) for topic in library.topics]
    terms += [(author.aliases, author.slug, author_href) for author in library.authors]
    used = by_tag(library)
    terms += [(tag.aliases, tag.slug, tag_href) for tag in library.tags if tag.slug in used]
    for aliases, slug, href_of in terms:
        for alias in aliases:
            if former := slugify(alias):
                targets.setdefault(href_of(former), href_of(slug))
    return targets


def alias_href(alias: str) -> str | None:
    """The site-relative address that an alias names; None where it names none inside the site.

    A bare word and a Markdown file are former slugs; an address without an ending is a folder's.
    """
    path = urlsplit(alias).path.strip("/")
    path = path.removesuffix("/index.html")
    parts = path.split("/")
    if not all(part and not part.startswith(".") and is_portable(unquote(part)) for part in parts):
        return None
    if unquote(path).startswith("_"):
        return None  # hosts take such names at the root for their own settings
    if len(parts) == 1 and (alias == path or path.endswith(".md")):
        return article_href(unquote(path.removesuffix(".md")))
    if path.endswith(".md"):
        return f"{path.removesuffix('.md')}/"
    return path if path.endswith((".html", ".htm")) else f"{path}/"


def _page(url: str, publication: Publication) -> bytes:
    """HTML, "http-equiv: refresh": works without a script, and search engines take it as a permanent move."""
    address, strings = escape(url), publication.strings
    title = escape(strings.moved)
    return f"""\
<!doctype html>
<html lang="{escape(publication.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={address}">
<link rel="canonical" href="{address}">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{escape(strings.moved_to)} <a href="{address}">{address}</a></p>
</main>
</body>
</html>
""".encode()
