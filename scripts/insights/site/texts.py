"""Markdown → HTML, once for each text: pages and feeds show the same HTML, but for where its links lead.

An *open* text is HTML in which the relative address of each link and picture is left out. A page closes it as MkDocs
does, a feed with absolute URLs. Open texts are kept in the cache, so that a change of template converts nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import msgspec
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from insights.commonmark import run_pattern
from insights.converter import Converter
from insights.errors import RenderError
from insights.model import Article
from insights.render import clean_html, clean_text, render_html
from insights.settings import Publication
from insights.site.cache import Cache
from insights.site.inputs import Run, digest
from insights.site.shards import in_shards

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from insights.site.build import Prepared
    from insights.site.content import Content

_TEXT, _HTML = "text", "html"
_FEW = 200  # texts that are converted sooner than processes begin
_BATCH = 1_000  # texts that are held in memory at a time
_MANY = 10  # texts that Python-Markdown converts in the time that the compiled renderer takes to start
_PLACE = re.compile("\ue000(\\d+)\ue001")
_PLACE_SIGNS = "\ue000\ue001"
_MADE_UP = re.compile("&#(?:x0*e00[01]|0*5734[45])(?![0-9a-f])", re.IGNORECASE)
# Addresses that no serialiser writes otherwise than they are, but for "&".
_PLAIN = re.compile(r"[\w./#?=&%~+,-]+")
# With these a text may show more than stands in it.
_READ_FILES = {"pymdownx.snippets", "pymdownx.b64"}
# What feeds have otherwise (`render`): colours of code, permalinks, pictures for emoji.
_OTHER_IN_FEEDS = {"pymdownx.inlinehilite", "pymdownx.emoji"}


class OpenText(msgspec.Struct, frozen=True):
    """HTML with a place for each address of `hrefs`, as written, and the nested headings of its table of contents."""

    html: str
    hrefs: tuple[str, ...]
    toc: list[Any]

    def close(self, resolve: Callable[[str], str]) -> str:
        """The HTML with its addresses as `resolve` gives them."""
        return _PLACE.sub(lambda match: escape(resolve(self.hrefs[int(match[1])])), self.html)


class Texts:
    """The texts of a publication: those in the cache, and those that had to be converted."""

    def __init__(self, prepared: Prepared | Content, cache: Cache, config: MkDocsConfig, run: Run) -> None:
        self._cache = cache
        pages = {page.path: page for page in prepared.pages}
        self._library, self._bodies, self._settings = prepared.library, prepared.bodies, prepared.settings
        articles = ((path, self._article(path)) for path in pages)
        self._feed_keys = {path: self._key(article) for path, article in articles if article}
        others = (page for path, page in pages.items() if path not in self._feed_keys)
        self._keys = {**self._feed_keys, **{page.path: digest(self._settings, page.body) for page in others}}
        known = cache.names(_TEXT, self._keys)
        missing_in_feeds = self._feed_keys.keys() - cache.names(_HTML, self._feed_keys)
        missing = [path for path in pages if path not in known or path in missing_in_feeds]
        self._publication = _fit_for(len(missing), prepared.publication)
        if missing:  # the extensions take a while to load
            self._opener = Opener(config, is_fast=self._publication.settings.fast_markdown)
        made = in_shards(missing, lambda path: self._convert(path, pages[path].body), run.jobs, _FEW)
        made = run.progress.count(made, len(missing))
        keys = self._feed_keys
        while rows := list(islice(made, _BATCH)):
            cache.write(_TEXT, ((path, self._keys[path], text) for path, text, _html, _seconds in rows))
            cache.write(_HTML, ((path, keys[path], html) for path, _, html, _ in rows if path in keys))
            for path, _text, _html, seconds in rows:
                run.progress.add(path.removesuffix(".md"), seconds)

    def open_text(self, path: str) -> OpenText | None:
        """The text of the page at this docs path; None where its addresses cannot be left open."""
        row = self._cache.get(_TEXT, path, self._keys[path])
        return _decode(row) if row is not None else None

    def html_of(self, article: Article) -> str:
        """The article's HTML as feeds show it."""
        path = f"insights/{article.slug}.md"
        now = self._article(path) or article
        row = self._cache.get(_HTML, path, self._key(now))
        return row.decode() if row is not None else render_html(now.body, self._publication, path)

    def _article(self, path: str) -> Article | None:
        """The article of the page at this docs path."""
        folder, _, name = path.rpartition("/")
        return self._library.article(name.removesuffix(".md")) if folder == "insights" else None

    def _key(self, article: Article) -> bytes:
        return self._settings + self._bodies[article.path]

    def forget_unused(self) -> None:
        """Removes from the cache the texts of pages that are no more."""
        self._cache.keep_only(_TEXT, self._keys)
        self._cache.keep_only(_HTML, self._feed_keys)

    def _convert(self, path: str, body: str) -> tuple[str, bytes, bytes, float]:
        """A page's row of both kinds, and the seconds it took; feeds show no page but articles."""
        started = time.perf_counter()
        publication = self._publication
        text = self._opener.convert(path, body)
        if path not in self._feed_keys:
            return path, _encode(text), b"", time.perf_counter() - started
        if text and self._opener.is_same_in_feeds(text) and clean_text(body) == body:
            html = clean_html(text.close(str), publication, path)
        else:
            html = render_html(body, publication, path)
        return path, _encode(text), html.encode(), time.perf_counter() - started


def _fit_for(count: int, publication: Publication) -> Publication:
    """The settings by which so many texts are converted soonest: the compiled renderer has to be started."""
    if count < _MANY or not publication.settings.fast_markdown:
        return replace(publication, settings=msgspec.structs.replace(publication.settings, fast_markdown=False))
    run_pattern()
    return publication


class Opener:
    """Turns Markdown into open texts, by the extensions that MkDocs would load anew for each page."""

    def __init__(self, config: MkDocsConfig, *, is_fast: bool) -> None:
        configs = config.mdx_configs or {}
        self._addresses = _Addresses()
        self._converter = Converter(config.markdown_extensions, configs, is_fast=is_fast, place=self._addresses.place)
        # Where MkDocs resolves links: after all extensions have had their say, but for the sanitiser.
        self._converter.markdown.treeprocessors.register(self._addresses, "addresses", 0)
        toc = configs.get("toc") or {}
        names = set(config.markdown_extensions)
        is_other = names & _OTHER_IN_FEEDS or toc.get("permalink") or toc.get("anchorlink")
        self._is_same_in_feeds = not is_other
        self._is_open = isinstance(config.validation.links.absolute_links, int)

    def convert(self, path: str, body: str) -> OpenText | None:
        """The open text of a page, or None where an address is too unusual to be left open. Raises RenderError."""
        if not self._is_open or _has_place(body):
            return None
        self._addresses.forget()
        try:
            html = self._converter.convert(body)
        except RecursionError as error:
            raise RenderError(path, "lists or quotations are nested too deep", "nest them a few levels only") from error
        if self._addresses.is_unusual:
            return None
        return OpenText(
            html, tuple(self._addresses.hrefs), list(_headings(getattr(self._converter.markdown, "toc_tokens", [])))
        )

    def is_same_in_feeds(self, text: OpenText) -> bool:
        """Whether feeds have this very HTML: what could be coloured code is made without colours for them."""
        return self._is_same_in_feeds and "<pre" not in text.html


class _Addresses(Treeprocessor):
    """Takes out the addresses that depend on where a text is shown."""

    def forget(self) -> None:
        """Begins another text."""
        self.hrefs: list[str] = []
        self.is_unusual = False

    def run(self, root: Element) -> None:
        """Puts a numbered place where each address was."""
        for element in root.iter():
            name = {"a": "href", "img": "src"}.get(element.tag)
            if name and (href := element.get(name)):
                element.set(name, self.place(href))

    def place(self, href: str) -> str:
        """What stands for an address."""
        if _is_as_written(href):
            return href
        if not _PLAIN.fullmatch(href):
            self.is_unusual = True
        self.hrefs.append(href)
        return f"\ue000{len(self.hrefs) - 1}\ue001"


def _has_place(text: str) -> bool:
    """Whether a text holds what stands for a place, as a character or a reference to it: it would be taken for ours."""
    return any(sign in text for sign in _PLACE_SIGNS) or ("&#" in text and _MADE_UP.search(text) is not None)


def reads_files(config: MkDocsConfig) -> bool:
    """Whether a Markdown extension may put into a page what stands in other files."""
    return not _READ_FILES.isdisjoint(config.markdown_extensions)


def _is_as_written(href: str) -> bool:
    """Whether MkDocs leaves an address as it is."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    is_elsewhere = parts.scheme or parts.netloc or href.startswith(("/", "\\"))
    # The first is how Python-Markdown hides an address of email.
    return AMP_SUBSTITUTE in href or bool(is_elsewhere) or not parts.path


def _headings(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        fields = {name: token[name] for name in ("level", "id", "name")}
        yield {**fields, "children": list(_headings(token["children"]))}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(OpenText | None).decode
