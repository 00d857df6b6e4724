"""Prepare, render, finish: from content/ to site/, with the engine in the middle.

`prepare` and `finish` are all that the MkDocs plugin calls; `build` and `serve` run the engine around them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from insights.errors import RenderError
from insights.feeds import render_feeds
from insights.library import Library
from insights.model import Finding
from insights.newsletter import email_templates, render_edition
from insights.newsletter.signup import signup_form
from insights.settings import Publication
from insights.site.admin import admin_files
from insights.site.cards import render_cards
from insights.site.docs import theme_assets, write_docs
from insights.site.hosting import render_headers
from insights.site.pages import Json, SitePage
from insights.site.plain import render_plain
from insights.site.prepare import Site
from insights.site.redirects import render_redirects
from insights.site.relations import relate_again
from insights.site.search import build_search_index
from insights.site.sitemap import render_robots, render_sitemap
from insights.store import ASSETS, read_library, read_publication, write_output

BUILD = "build"
DOCS = "build/docs"
THEME = "overrides"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication whose docs tree is written: what `finish` needs of it.

    `library` is what readers may see; `theme` goes to templates as `config.extra.insights`; `changed` counts the
    files of the docs tree that were written or removed; `asset_hrefs` are the theme's files by name.
    """

    root: Path
    publication: Publication
    library: Library
    pages: tuple[SitePage, ...]
    theme: Mapping[str, Json]
    findings: tuple[Finding, ...]
    changed: int
    asset_hrefs: Mapping[str, str]


def prepare(root: Path, now: datetime, is_preview: bool = False) -> Prepared:
    """Reads content/ and writes the engine's docs tree under build/docs; a preview shows drafts, too."""
    publication = read_publication(root)
    library, findings = read_library(root)
    library = library.preview(now) if is_preview else library.live(now)
    related = relate_again(root, library, publication.settings.related.count)
    pages = tuple(Site(library, publication, related).pages())
    assets = theme_assets(root / THEME)
    changed = write_docs(root / DOCS, pages, [*_content_assets(root), *assets.values()])
    settings = publication.settings
    asset_hrefs = {name: href for name, (href, _data) in assets.items()}
    theme: dict[str, Json] = {
        "assets": asset_hrefs,
        "nav": [{"title": link.title, "href": link.href} for link in settings.menu],
        "tagline": settings.tagline,
        "contact": settings.contact,
        "newsletter": _signup(publication),
    }
    return Prepared(root, publication, library, pages, theme, findings, changed, asset_hrefs)


def finish(prepared: Prepared, site_dir: Path) -> None:
    """Adds to the rendered site what an engine does not make: sitemap, feeds, newsletters, twins, search index."""
    for relative, data in _finishing_files(prepared):
        write_output(site_dir / relative, data)
    build_search_index(site_dir)


def replace_site(new: Path, site_dir: Path) -> None:
    """Puts the new site in the place of the old one as a whole; the old one stays until then."""
    old = site_dir.with_name(f".{site_dir.name}.old")
    try:
        shutil.rmtree(old, ignore_errors=True)
        if site_dir.exists():
            site_dir.rename(old)
        new.rename(site_dir)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise RenderError(str(site_dir), f"cannot be replaced: {error.strerror}", "close what uses it") from error


def _finishing_files(prepared: Prepared) -> Iterator[tuple[str, bytes]]:
    publication, library = prepared.publication, prepared.library
    yield "sitemap.xml", render_sitemap(prepared.pages, publication)
    yield "robots.txt", render_robots(publication)
    yield from render_cards(prepared.root, library, publication)
    yield from admin_files(prepared.root, library, publication)
    yield from render_redirects(library, publication, frozenset(page.href for page in prepared.pages))
    yield from render_headers(publication, (page.href for page in prepared.pages), prepared.asset_hrefs)
    yield from render_plain(library, publication)
    yield from render_feeds(library, publication, {path: len(data) for path, data in _content_assets(prepared.root)})
    own_templates = prepared.root / THEME / "newsletter"
    templates = email_templates(own_templates if own_templates.is_dir() else None)
    for edition in library.editions:
        yield from render_edition(edition, library, publication, templates)


def _content_assets(root: Path) -> Iterator[tuple[str, bytes]]:
    folder = root / ASSETS
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield f"assets/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _signup(publication: Publication) -> Json:
    """The form of whoever keeps the mailing list; None where nobody does."""
    form = signup_form(publication.settings.newsletter)
    if form is None:
        return None
    fields: list[Json] = [{"name": form.email_field, "type": "email", "label": "Your email address"}]
    fields += [{"name": name, "type": "hidden", "value": value} for name, value in form.hidden]
    return {"action": form.action, "method": "post", "fields": fields, "note": form.note}
