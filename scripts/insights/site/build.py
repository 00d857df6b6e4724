"""Prepare: from content/ to the pages that an engine renders, and to all that the rest of the site is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from insights.library import Library
from insights.model import Finding
from insights.newsletter.signup import signup_form
from insights.settings import Publication
from insights.site.cache import CACHE, Cache
from insights.site.content import Content, decode_related, read_publication_again, related_aside
from insights.site.inputs import THEME, Run, Stamp, digest
from insights.site.memory import Memory
from insights.site.pages import Json, SitePage, dump_meta, shown_meta
from insights.site.shards import in_shards
from insights.site.tree import Made, Output

if TYPE_CHECKING:
    from insights.site.frame import Frame
    from insights.site.prepare import Site

DOCS = "build/docs"
_KIND = "page"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication with its pages: what is needed to make the files of its site.

    Where nothing but texts has changed since the last build, `edited` are the slugs of these articles, and `pages` are
    those that may be other than they were; where more has, `edited` is None. `paths` are the docs paths of all pages.
    `library` is what readers may see, `lasting` the same with bodies that may be older (`Content`); `assets` are the
    files beside the pages, articles' and the theme's; `sizes` are those of articles, in bytes, by path; `theme` goes to
    templates as `config.extra.insights`; `asset_hrefs` are the theme's files by name; `related` are the related
    articles of each, encoded. The rest are digests: `content` of each file of content/, by its path, `bodies` of the
    text of each article's file, `terms` of all topics, tags and authors, `shown` of what each page shows, by its path,
    `faces` of all that readers may see but for the bodies of articles, `settings` of code and settings, `common` of
    these and the theme. `until` is when the next article or edition with a date in the future appears. `parsed` and
    `prepared` count the articles that were parsed, and the pages that were made to tell what they show.
    """

    run: Run
    publication: Publication
    library: Library
    lasting: Library
    edited: frozenset[str] | None
    pages: tuple[SitePage, ...]
    paths: tuple[str, ...]
    assets: tuple[Output, ...]
    sizes: Mapping[str, int]
    theme: Mapping[str, Json]
    asset_hrefs: Mapping[str, str]
    findings: tuple[Finding, ...]
    stamps: Mapping[str, Stamp]
    content: Mapping[str, bytes]
    bodies: Mapping[str, bytes]
    terms: bytes
    related: Mapping[str, bytes]
    shown: Mapping[str, bytes]
    faces: bytes
    settings: bytes
    common: bytes
    until: datetime | None
    parsed: int
    prepared: int

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.run.root

    def list_docs(self) -> frozenset[str]:
        """The path of each page and asset in the docs tree."""
        return frozenset((*self.paths, *(asset.path for asset in self.assets)))

    def write_docs(self) -> None:
        """Writes the docs tree under build/docs, for engines that read files."""
        from insights.site.docs import write_docs

        write_docs(self.root / DOCS, self.pages, self.assets)


def prepare(run: Run) -> Prepared:
    """The whole publication with its pages. Raises RenderError for two pages that would be one file."""
    content = read_publication_again(run)
    with related_aside(content) as related:
        return prepare_pages(content, related())


def prepare_pages(content: Content, related: Mapping[str, bytes], last: Memory | None = None) -> Prepared:
    """A publication with its pages; `related` are the related articles of each, encoded.

    With `last`, the memory of the build that made the live copy, those pages alone that may be other than there, where
    nothing but texts has changed. Raises RenderError for two pages that would be one file.
    """
    from insights.site.docs import refuse_clashes, theme_assets

    run, library, strings = content.run, content.library, content.publication.strings
    edited = _edited(content, last) if last else None
    with run.progress.phase("Preparing"), Cache(run.root / CACHE) as cache:
        if last is None or edited is None:
            pages = tuple(_site(content, related).pages(library))
            paths = tuple(page.path for page in pages)
        else:
            slugs = sorted({*edited, *(slug for slug, row in related.items() if last.related.get(slug) != row)})
            site = _site(content, {slug: related[slug] for slug in slugs})
            pages = tuple(site.article_pages(article for slug in slugs if (article := library.article(slug))))
            paths = last.pages
        shown, made = _digest_pages(pages, cache, run.jobs, is_all=edited is None)
        theme = run.kept.value("theme", content.common, lambda: theme_assets(run.root / THEME, strings))
        own = (Output(path, digest("file", data), partial(Made, data)) for path, data in theme.values())
        assets = (*content.assets, *own)
        if edited is None:
            refuse_clashes((*paths, *(asset.path for asset in assets)))
    asset_hrefs = {name: href for name, (href, _data) in theme.items()}
    return Prepared(
        run=run,
        publication=content.publication,
        library=library,
        lasting=content.lasting,
        edited=edited,
        pages=pages,
        paths=paths,
        assets=assets,
        sizes=content.sizes,
        theme=_theme(content.publication, asset_hrefs),
        asset_hrefs=asset_hrefs,
        findings=content.findings,
        stamps=content.stamps,
        content=content.content,
        bodies=content.bodies,
        terms=content.terms,
        related=related,
        shown=shown,
        faces=content.seen,
        settings=content.settings,
        common=content.common,
        until=content.until,
        parsed=content.parsed,
        prepared=made,
    )


def frame_of(content: Content) -> Frame:
    """What the pages of a publication share."""
    from insights.site.frame import Frame

    def frame() -> Frame:
        common = digest(content.settings, content.terms)
        return Frame(content.lasting, content.publication, content.words, content.faces, common)

    return content.run.kept.value("frame", (content.seen, content.common), frame)


def _site(content: Content, related: Mapping[str, bytes]) -> Site:
    from insights.site.prepare import Site

    shown = {slug: decode_related(row) for slug, row in related.items()}
    return Site(frame_of(content), shown, content.words, content.content)


def _edited(content: Content, last: Memory) -> frozenset[str] | None:
    """The slugs of the articles whose files are other than in the last build, if nothing but texts is; None where more
    is, or where two articles have one slug."""
    if (last.faces, last.common) != (content.seen, content.common):
        return None
    articles = content.library.articles
    if len({article.slug for article in articles}) < len(articles):
        return None
    before, now = last.stamps, content.stamps
    return frozenset(each.slug for each in articles if now[each.path].digest != before[each.path].digest)


def _digest_pages(pages: Sequence[SitePage], cache: Cache, jobs: int, *, is_all: bool) -> tuple[dict[str, bytes], int]:
    """A digest of what each page shows; and how many pages were made for it: those that the cache knows were not."""
    keys = {page.path: page.key for page in pages if page.key}
    shown = cache.read(_KIND, keys)
    unknown = [page for page in pages if page.path not in shown]
    shown |= zip((page.path for page in unknown), in_shards(unknown, _digest_page, jobs), strict=True)
    cache.write(_KIND, ((page.path, page.key, shown[page.path]) for page in unknown if page.key))
    if is_all:
        cache.keep_only(_KIND, keys)
    return shown, len(unknown)


def _digest_page(page: SitePage) -> bytes:
    return digest(dump_meta(shown_meta(page)), page.body)


def _theme(publication: Publication, asset_hrefs: Mapping[str, str]) -> dict[str, Json]:
    settings = publication.settings
    return {
        "assets": asset_hrefs,
        "nav": [{"title": link.title, "href": link.href} for link in settings.menu],
        "footer": [{"title": link.title, "href": link.href} for link in settings.footer],
        "tagline": settings.tagline,
        "contact": settings.contact,
        "newsletter": _signup(publication),
        "strings": msgspec.to_builtins(publication.strings),
    }


def _signup(publication: Publication) -> Json:
    """The form of whoever keeps the mailing list; None where nobody does."""
    form = signup_form(publication.settings.newsletter)
    if form is None:
        return None
    fields: list[Json] = [{"name": form.email_field, "type": "email", "label": publication.strings.email_label}]
    fields += [{"name": name, "type": "hidden", "value": value} for name, value in form.hidden]
    return {"action": form.action, "method": "post", "fields": fields, "note": form.note}
