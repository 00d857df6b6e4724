"""Where old addresses lead now: links between articles become relative, files become assets, the rest is told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import parse_qs, quote, unquote

from insights.moving.entry import INSIDE, Entry, inside, join_address, split_address

_FENCE = re.compile(r"^( *)(```++|~~~++).*?(?:^ *\2[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_ENDING = r"\.(?:html?|md|markdown|qmd|rst|ipynb)"
_COMMENTS = re.compile(r"comments?(?:-\d+)?$|respond$|disqus_thread$")
_SHARED_HOSTS = frozenset({"medium.com", "notion.so"})
_DESTINATION = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<open>\]\()(?P<href><[^<>\n]*>|(?:[^\s()\\<>]|\\.|\([^\s()]*\))+)"
    r"|(?P<attribute>\b(?:href|src)=\")(?P<value>[^\"]*)",
    re.DOTALL,
)


class Addresses:
    """The old addresses of an export: which article or page each one is now."""

    def __init__(self, site_url: str, entries: Iterable[tuple[Entry, str]], more_hosts: Iterable[str] = ()) -> None:
        """`entries` come with the docs path of the file each becomes: "insights/foo.md"."""
        hosts = {_host(site_url), _host(INSIDE), *(host.removeprefix("www.") for host in more_hosts)}
        self._targets: dict[str, str] = {}
        for entry, path in entries:
            hosts |= {_host(entry.url)}
            for url in (entry.url, *entry.other_urls, entry.base, *entry.names):
                if url:
                    self._targets.setdefault(_key(url), path)
        self._hosts = hosts - {""}

    def is_own(self, url: str) -> bool:
        """Whether an address belongs to the publication that moves; on a host of many, only that of an entry does."""
        host = _host(url) if url.startswith(("http://", "https://")) else ""
        return host in self._hosts and (host not in _SHARED_HOSTS or self.find(url) is not None)

    def find(self, url: str) -> str | None:
        """The docs path of what an old address is now."""
        return self._targets.get(_key(url))


def candidates(url: str, entry: Entry) -> Iterator[str]:
    """What an address in an entry may mean: as its file's folder says, then as its page's address says."""
    yield url
    base = split_address(entry.base)
    target = split_address(url)
    if base.netloc == target.netloc and entry.url and entry.url != entry.base:
        relative = posixpath.relpath(unquote(target.path) or "/", posixpath.dirname(unquote(base.path)) or "/")
        yield join_address(entry.url, quote(relative))


def old_address(href: str, entry: Entry, site_url: str) -> str:
    """Where on the old site an address below INSIDE led, of which nothing came: beside its page, or below the root."""
    parts = split_address(href)
    rest = f"?{parts.query}" if parts.query else ""
    top = unquote(split_address(entry.base).path).split("/")[1:2]
    if not entry.url.startswith(INSIDE) and unquote(parts.path).split("/")[1:2] == top:
        *_, url = candidates(href, entry)
        return url + ("/" if parts.path.endswith("/") else "") + rest
    place = split_address(site_url).path.rstrip("/")
    return site_url.rstrip("/") + parts.path.removeprefix(place) + rest


def rewrite(markdown: str, new_href: Callable[[str], str | None]) -> str:
    """The Markdown with each address outside code as `new_href` says; None leaves it."""

    def replace(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        changed = new_href((match["href"] or match["value"] or "").strip("<>"))
        return match[0] if changed is None else (match["open"] or match["attribute"]) + changed

    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(markdown):
        parts += [_DESTINATION.sub(replace, markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, _DESTINATION.sub(replace, markdown[end:])])


def relative_href(target: str, own: str, fragment: str = "") -> str:
    """The link from one file of the docs tree to another: "insights/a.md" from "about.md"; comments did not come."""
    href = posixpath.relpath(target, posixpath.dirname(own) or ".")
    return f"{href}#{fragment}" if fragment and not _COMMENTS.match(fragment) else href


def aliases_of(entry: Entry, publication_url: str, docs_path: str) -> tuple[str, ...]:
    """The entry's old addresses as `aliases:`, relative to the new site's root.

    Those with a query are left out, and names within the export, which are no addresses of the old site.
    """
    root = split_address(publication_url).path
    own = f"/{docs_path.removesuffix('.md')}/"
    found: dict[str, None] = {}
    for url in (entry.url, *entry.other_urls):
        parts = split_address(url)
        path = unquote(parts.path)
        is_name = url.startswith(INSIDE) and url in (entry.base, *entry.names, inside(entry.key))
        if parts.query or is_name or not path.strip("/"):
            continue
        if root != "/" and path.startswith(root) and _host(url) == _host(publication_url):
            path = "/" + path.removeprefix(root)
        if path.rstrip("/") != own.rstrip("/"):
            found[path] = None
    return tuple(found)


def _host(url: str) -> str:
    return (split_address(url).hostname or "").removeprefix("www.")


def _key(url: str) -> str:
    """An address as it is compared: no host, no ending, no slash at its ends; WordPress' number where it has one."""
    parts = split_address(url)
    query: Mapping[str, list[str]] = parse_qs(parts.query)
    for name in ("p", "page_id"):
        if name in query:
            return f"?p={query[name][0]}"
    path = unquote(parts.path)
    path = re.sub(rf"(?:^|/)index(?:{_ENDING})?$", "", path)
    return re.sub(rf"{_ENDING}$", "", path.strip("/")).casefold()
