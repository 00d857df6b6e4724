"""Prepare: from content/ to the engine's docs tree, and to all that the other files of the site are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from insights.assets import refuse_asset
from insights.library import Library
from insights.model import Finding
from insights.newsletter.signup import signup_form
from insights.settings import FILE_NAME, Publication, parse_publication
from insights.site.cache import CACHE, Cache
from insights.site.docs import theme_assets, write_docs
from insights.site.inputs import THEME, Run, Stamp, digest, digest_common, digest_settings, digest_stamps, stamp_files
from insights.site.pages import Json, SitePage
from insights.site.prepare import Site
from insights.site.reading import read_library_again
from insights.site.relations import relate_again
from insights.store import ASSETS, CONTENT, read_text, refuse_links_out

DOCS = "build/docs"
_TERMS = (f"{CONTENT}/topics/", f"{CONTENT}/authors/", f"{CONTENT}/tags.yml")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication whose docs tree is written: what is needed to make the files of its site.

    `library` is what readers may see; `theme` goes to templates as `config.extra.insights`; `asset_hrefs` are the
    theme's files by name. The rest are digests: `content` of each file of content/, by its path, `docs` of each file of
    the docs tree, `terms` of all topics, tags and authors, `settings` of code and settings, `common` of these and the
    theme. `until` is when the next article or edition with a date in the future appears. `parsed`, `prepared` and
    `written` count the articles that were parsed, the pages that were made to be compared with their docs, and the docs
    that were written or removed.
    """

    run: Run
    publication: Publication
    library: Library
    pages: tuple[SitePage, ...]
    theme: Mapping[str, Json]
    asset_hrefs: Mapping[str, str]
    findings: tuple[Finding, ...]
    stamps: Mapping[str, Stamp]
    content: Mapping[str, bytes]
    docs: Mapping[str, bytes]
    terms: bytes
    settings: bytes
    common: bytes
    until: datetime | None
    parsed: int
    prepared: int
    written: int

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.run.root


def prepare(run: Run, known: Mapping[str, Stamp] | None = None) -> Prepared:
    """Reads content/ and writes the engine's docs tree under build/docs.

    `known` are the stamps of an earlier run: files that look as they did then are not read again.
    """
    root, now = run.root, run.now
    stamps = stamp_files(root, known or {})
    settings = read_text(root / FILE_NAME)
    publication = parse_publication(settings, str(root / FILE_NAME))
    with run.progress.phase("Reading"), Cache(root / CACHE) as cache:
        everything = read_library_again(root, stamps, cache, run.jobs)
    library = everything.library.preview(now) if run.is_preview else everything.library.live(now)
    content = {path: stamp.digest for path, stamp in stamps.items()} | dict(everything.digests)
    undated = [article.path for article in everything.library.articles if run.is_preview and article.date is None]
    content |= {path: digest(content[path], now.isoformat()) for path in undated}
    terms = digest_stamps(stamps, _TERMS)
    with run.progress.phase("Relating"):
        related = relate_again(root, library, publication.settings.related, content, terms)
    with run.progress.phase("Preparing"), Cache(root / CACHE) as cache:
        common = digest(digest_settings(settings), terms)
        pages = tuple(Site(library, publication, related, everything.words, content, common).pages())
        files, refused = content_assets(root)
        assets = theme_assets(root / THEME)
        docs = write_docs(root / DOCS, pages, [*files.items(), *assets.values()], cache)
    asset_hrefs = {name: href for name, (href, _data) in assets.items()}
    return Prepared(
        run=run,
        publication=publication,
        library=library,
        pages=pages,
        theme=_theme(publication, asset_hrefs),
        asset_hrefs=asset_hrefs,
        findings=(*everything.findings, *refused),
        stamps=stamps,
        content=content,
        docs=docs.digests,
        terms=terms,
        settings=digest_settings(settings),
        common=digest_common(stamps, settings),
        until=now if undated else everything.library.next_change(now),
        parsed=everything.parsed,
        prepared=docs.prepared,
        written=docs.written,
    )


def content_assets(root: Path) -> tuple[Mapping[str, bytes], tuple[Finding, ...]]:
    """The bytes of each file that articles show, by its path in the site; and what is said of those left out."""
    folder = root / ASSETS
    files: dict[str, bytes] = {}
    findings = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "README")):
            name, data = path.relative_to(root).as_posix(), path.read_bytes()
            refuse_links_out(root, name)
            if refusal := refuse_asset(name, data):
                findings.append(Finding(name, 1, 1, "asset-refused", *refusal))
            else:
                files[f"assets/{path.relative_to(folder).as_posix()}"] = data
    return files, tuple(findings)


def _theme(publication: Publication, asset_hrefs: Mapping[str, str]) -> dict[str, Json]:
    settings = publication.settings
    return {
        "assets": asset_hrefs,
        "nav": [{"title": link.title, "href": link.href} for link in settings.menu],
        "tagline": settings.tagline,
        "contact": settings.contact,
        "newsletter": _signup(publication),
    }


def _signup(publication: Publication) -> Json:
    """The form of whoever keeps the mailing list; None where nobody does."""
    form = signup_form(publication.settings.newsletter)
    if form is None:
        return None
    fields: list[Json] = [{"name": form.email_field, "type": "email", "label": "Your email address"}]
    fields += [{"name": name, "type": "hidden", "value": value} for name, value in form.hidden]
    return {"action": form.action, "method": "post", "fields": fields, "note": form.note}
