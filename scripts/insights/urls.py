"""The site's URL scheme, written down once: hrefs relative to the site's root, percent-encoded, without a leading "/".

Pages end with "/", as MkDocs serves them; the file behind "insights/foo/" is insights/foo/index.html.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

ARCHIVE = "archive/"
FEEDS = "feeds/"
OPML = "feeds/feeds.opml"
SEARCH = "search/"
SUBSCRIBE = "subscribe/"


def article_href(slug: str) -> str:
    """The page of an article: "insights/foo/"."""
    return f"insights/{_quoted(slug)}/"


def markdown_href(slug: str) -> str:
    """The article's Markdown: "insights/foo.md", beside the others' as in content/, so that its relative links hold."""
    return f"insights/{_quoted(slug)}.md"


def topic_href(slug: str) -> str:
    """The hub page of a topic."""
    return f"topics/{_quoted(slug)}/"


def tag_href(slug: str) -> str:
    """The page that lists a tag's articles."""
    return f"tags/{_quoted(slug)}/"


def author_href(slug: str) -> str:
    """The page of an author."""
    return f"authors/{_quoted(slug)}/"


def edition_href(number: int) -> str:
    """The web page of a newsletter: "newsletter/3/"."""
    return f"newsletter/{number}/"


def page_href(docs_path: str) -> str:
    """The page of a Markdown file: "topics/data.md" → "topics/data/", "topics/index.md" → "topics/"."""
    stem = docs_path.removesuffix(".md")
    folder = stem.removesuffix("index") if stem == "index" or stem.endswith("/index") else f"{stem}/"
    return quote(unquote(folder))


@lru_cache(maxsize=8192)
def _quoted(slug: str) -> str:
    """The slug, percent-encoded: every page of a topic, tag or author leads to the same few."""
    return quote(slug)


def absolute(publication_url: str, href: str) -> str:
    """The absolute URL of an href relative to the site's root; `publication_url` ends with "/"."""
    return publication_url + href


def ascii_url(url: str) -> str:
    """The URL (an IRI, as people write them) as a URI: RSS and headers of emails know no other (RFC 3987 §3.1)."""
    try:
        parts = urlsplit(url)
        host = _ascii_host(parts.netloc)
    except (ValueError, UnicodeError):
        return quote(url, safe=":/?#@!$&'()*+,;=%~")
    path, query, fragment = (quote(part, safe="/:@!$&'()*+,;=%~?") for part in parts[2:])
    return urlunsplit((parts.scheme, host, path, query, fragment))


def ascii_host(url: str) -> str:
    """The host of a URL as DNS knows it: "xn--bcher-kva.example"; "localhost" where it names none."""
    return _ascii_host(urlsplit(url).hostname or "localhost")


def _ascii_host(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")
