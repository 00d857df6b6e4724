"""Every file of the site as an Output: its path, a digest of all that it is made from, and how it is made.

A file whose digest is what it was is not made again, so a digest that lacks something is a page that goes stale:
whoever shows more in a file adds it to that file's digest here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from insights.feeds import Entries, plan_feeds
from insights.library import Library
from insights.model import Article, Edition
from insights.newsletter import render_edition
from insights.settings import FILE_NAME
from insights.site.admin import admin_files
from insights.site.build import Prepared
from insights.site.cache import CACHE, Cache
from insights.site.cards import Card, draw_card, list_cards
from insights.site.hosting import render_headers
from insights.site.inputs import THEME, digest
from insights.site.kept_entries import KeptEntries
from insights.site.pages import SitePage, shown_meta
from insights.site.plain import render_llms, render_twin
from insights.site.redirects import render_redirects
from insights.site.rendering import NOT_FOUND, Renderer, site_path
from insights.site.search import BUNDLE, build_search_index
from insights.site.sitemap import render_robots, render_sitemap
from insights.site.texts import Texts
from insights.site.tree import Made, Output
from insights.site.words import WORDS, render_words
from insights.store import ASSETS, has_cases, write_output

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from insights.site.content import Content

_EDITION = "edition"
_WHOLE = "whole"
_decode_files = msgspec.msgpack.Decoder(dict[str, bytes]).decode


def page_outputs(prepared: Prepared, renderer: Renderer) -> Iterator[Output]:
    """What the engine makes: the pages, and the other files as they are."""
    look = digest(prepared.common, msgspec.json.encode(prepared.theme))
    yield Output(NOT_FOUND, look, renderer.not_found)
    for page in prepared.pages:
        key = digest("page", look, prepared.shown[page.path])
        yield Output(site_path(page.path), key, partial(_page, renderer, page))
    yield from prepared.assets


def finishing_outputs(
    prepared: Prepared, cache: Cache, html_of: Callable[[Article], str] | None = None
) -> Iterator[Output]:
    """Every other file of the site but for the search index; `html_of` gives articles' HTML as feeds show it.

    Where nothing but texts has changed, those that depend on them.
    """
    outputs = list(_text_outputs(prepared, cache, html_of))
    if prepared.edited is None:
        outputs += _face_outputs(prepared, cache)
        outputs += _redirects(prepared, cache, outputs)
    return iter(outputs)


def _redirects(prepared: Prepared, cache: Cache, outputs: Sequence[Output]) -> Iterator[Output]:
    pages = (site_path(path) for path in prepared.paths)
    files = (output.path for output in (*prepared.assets, *outputs))
    taken = (NOT_FOUND, *pages, *files, BUNDLE)  # what former addresses give way to
    is_exact = has_cases(prepared.root / FILE_NAME)

    def redirects() -> Iterable[tuple[str, bytes]]:
        return render_redirects(prepared.library, prepared.publication, taken, is_exact)

    key = digest(prepared.common, prepared.faces, str(is_exact), *taken)
    yield from _files(_kept(cache, _WHOLE, "redirects", key, redirects))


def _text_outputs(prepared: Prepared, cache: Cache, html_of: Callable[[Article], str] | None) -> Iterator[Output]:
    """What depends on the texts of articles."""
    for edition in prepared.library.editions:
        yield from _files(_edition_files(prepared, cache, edition))
    for article in prepared.library.articles:
        if prepared.edited is None or article.slug in prepared.edited:
            twin = digest("twin", prepared.settings, prepared.content[article.path])
            yield Output(f"insights/{article.slug}.md", twin, partial(_twin, article))
    yield from _feed_outputs(prepared, cache, html_of)


def _face_outputs(prepared: Prepared, cache: Cache) -> Iterator[Output]:
    """What depends on no more than the faces of articles."""
    root, publication, library = prepared.root, prepared.publication, prepared.library
    key = digest(prepared.common, prepared.faces)
    yield from _files(_kept(cache, _WHOLE, "files", key, lambda: _whole_files(prepared)))
    yield from _files(dict(admin_files(root, library, publication)))
    cards = lru_cache(lambda: {card.href: card for card in list_cards(library, publication)})
    for href in _kept(cache, _WHOLE, "cards", key, lambda: zip(cards(), repeat(b""))):
        yield Output(href, digest("card", href), partial(_card, cards, href))


def _whole_files(prepared: Prepared) -> Iterator[tuple[str, bytes]]:
    """What is made of all articles, but of no article's body."""
    publication, library = prepared.publication, prepared.library
    yield "sitemap.xml", render_sitemap(prepared.pages, publication)
    yield "robots.txt", render_robots(publication)
    yield WORDS, render_words(library)
    yield "llms.txt", render_llms(library, publication).encode()
    yield from render_headers(publication, (page.href for page in prepared.pages), prepared.asset_hrefs)


def _kept(
    cache: Cache,
    kind: str,
    name: str,
    key: bytes,
    make: Callable[[], Iterable[tuple[str, bytes]] | Mapping[str, bytes]],
) -> dict[str, bytes]:
    """Files by path, made only where the cache has none of this key."""
    row = cache.get(kind, name, key)
    if row is not None:
        return _decode_files(row)
    files = dict(make())
    cache.write(kind, [(name, key, msgspec.msgpack.encode(files))])
    return files


def _files(made: Mapping[str, bytes]) -> Iterator[Output]:
    for path, data in made.items():
        yield Output(path, digest("file", data), partial(Made, data))


def finish(prepared: Prepared, site_dir: Path, config: MkDocsConfig | None = None) -> None:
    """Adds to the pages that an engine has written every other file of the site, and the search index.

    With MkDocs' settings, texts that were converted before are not converted again for feeds.
    """
    with Cache(prepared.root / CACHE) as cache:
        texts = Texts(prepared, cache, config, prepared.run) if config else None
        for output in finishing_outputs(prepared, cache, texts.html_of if texts else None):
            write_output(site_dir / output.path, output.make().data)
        forget_unused(prepared, cache)
        build_search_index(site_dir, cache, prepared.run)


def forget_unused(prepared: Prepared, cache: Cache) -> None:
    """Removes what is kept for articles, editions and cards that are no more."""
    cache.keep_only(_EDITION, {edition.slug for edition in prepared.library.editions})


def _page(renderer: Renderer, page: SitePage) -> Made:
    return renderer.page(page.path, shown_meta(page), page.body)


def _card(cards: Callable[[], Mapping[str, Card]], href: str) -> Made:
    return Made(draw_card(cards()[href]))


def _twin(article: Article) -> Made:
    return Made(render_twin(article))


def _feed_outputs(prepared: Prepared, cache: Cache, html_of: Callable[[Article], str] | None) -> Iterator[Output]:
    library = prepared.library
    entries = Entries(prepared.lasting, prepared.publication, prepared.sizes, html_of)
    edited = None if prepared.edited is None else {*prepared.edited, *_editions_with(prepared.edited, library)}
    keys: dict[str, bytes] = {}
    kept = KeptEntries(entries, cache, keys)
    planned = list(plan_feeds(entries, kept.get, edited))
    names = entries.ids if edited is None else dict.fromkeys(name for document in planned for name in document.keys)
    keys |= _entry_keys(prepared, entries, names)
    kept.write_missing(prepared.run)
    if edited is None:
        kept.forget_unused()
    common = _feeds_digest(prepared)
    facts: tuple[str, ...] | None = None
    page = b""
    for document in planned:
        if document.facts is not facts:  # the formats of one page of a feed share them
            facts = document.facts
            page = digest(common, *facts, *(keys[name] for name in document.keys))
        yield Output(document.path, digest(document.path, page), partial(_feed, document.make))


def write_entries(content: Content, cache: Cache, html_of: Callable[[Article], str]) -> None:
    """Writes the entries of feeds into the cache, where `finishing_outputs` finds them: no ranking is needed for it."""
    entries = Entries(content.lasting, content.publication, content.sizes, html_of)
    KeptEntries(entries, cache, _entry_keys(content, entries, entries.ids)).write_missing(content.run)


def _entry_keys(content: Prepared | Content, entries: Entries, names: Iterable[str]) -> dict[str, bytes]:
    """For each of these entries a digest of all that it is made from."""
    library, common = content.library, _feeds_digest(content)
    shown = {article.slug: content.content[article.path] for article in reversed(library.articles)}
    shown |= {f"newsletter/{edition.slug}": _edition_digest(content, edition) for edition in library.editions}
    return {name: digest(common, shown[name], *entries.ids[name]) for name in names}


def _feeds_digest(content: Prepared | Content) -> bytes:
    """A digest of what every entry depends on."""
    assets = ((path, data) for path, data in content.content.items() if path.startswith(ASSETS))
    return digest("feed", content.settings, content.terms, digest(*(part for pair in assets for part in pair)))


def _editions_with(slugs: frozenset[str], library: Library) -> Iterator[str]:
    """The keys of the editions that chose one of these articles."""
    return (f"newsletter/{edition.slug}" for edition in library.editions if not slugs.isdisjoint(edition.articles))


def _feed(make: Callable[[], bytes]) -> Made:
    return Made(make())


def _edition_files(prepared: Prepared, cache: Cache, edition: Edition) -> dict[str, bytes]:
    """The files of an edition; they are rendered together, and kept together."""

    def render() -> Iterable[tuple[str, bytes]]:
        from insights.newsletter.rendering import email_templates

        own = prepared.root / THEME / "newsletter"
        templates = email_templates(own if own.is_dir() else None)
        return render_edition(edition, prepared.library, prepared.publication, templates)

    key = digest(prepared.common, prepared.terms, _edition_digest(prepared, edition))
    return _kept(cache, _EDITION, edition.slug, key, render)


def _edition_digest(content: Prepared | Content, edition: Edition) -> bytes:
    """A digest of an edition and of the articles it chose, those that readers may not see left out."""
    chosen = (article for slug in edition.articles if (article := content.library.article(slug)))
    return digest(content.content[edition.path], *(content.content[article.path] for article in chosen))
