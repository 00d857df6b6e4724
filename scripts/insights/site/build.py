"""Prepare: from content/ to the pages that an engine renders, and to all that the rest of the site is made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from insights.errors import StoreError
from insights.library import Library
from insights.model import Finding, Related
from insights.newsletter.signup import signup_form
from insights.settings import FILE_NAME, Publication, parse_publication
from insights.site.cache import CACHE, Cache
from insights.site.inputs import THEME, Run, Stamp, digest, digest_common, digest_settings, digest_stamps, stamp_files
from insights.site.memory import Memory
from insights.site.pages import Json, SitePage, dump_meta, shown_meta
from insights.site.reading import UNREADABLE, read_library_again
from insights.site.shards import aside, in_shards
from insights.site.tree import Made, Output
from insights.store import ASSETS, CONTENT, read_text, refuse_links_out

DOCS = "build/docs"
_KIND = "page"
# JSON, not MessagePack: that would turn a moment's own time zone into UTC.
_encode_related = msgspec.json.Encoder().encode
_decode_related = msgspec.json.Decoder(tuple[Related, ...]).decode
_TERMS = (f"{CONTENT}/topics/", f"{CONTENT}/authors/", f"{CONTENT}/tags.yml")


@dataclass(frozen=True, slots=True)
class Content:
    """A publication as it is read: what readers may see of it, and digests: of code and settings, and of the body of
    each article's file, by path."""

    publication: Publication
    library: Library
    settings: bytes
    bodies: Mapping[str, bytes]

    @property
    def pages(self) -> Iterator[SitePage]:
        """The text of each article, in a page without front matter."""
        return (SitePage(f"insights/{article.slug}.md", {}, article.body) for article in self.library.articles)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication with its pages: what is needed to make the files of its site.

    Where nothing but texts has changed since the last build, `edited` are the slugs of these articles, and `pages` are
    those that may be other than they were; where more has, `edited` is None. `paths` are the docs paths of all pages.
    `library` is what readers may see; `assets` are the files beside the pages, articles' and the theme's; `sizes` are
    those of articles, in bytes, by path; `theme` goes to templates as `config.extra.insights`; `asset_hrefs` are the
    theme's files by name. The rest are digests: `content` of each file of content/, by its path, `bodies` of the text
    of each article's file, `terms` of all topics, tags and authors, `shown` of what each page shows, by its path,
    `faces` of all that readers may see but for the bodies of articles, `settings` of code and settings, `common` of
    these and the theme. `until` is when the next article or edition with a date in the future appears. `parsed` and
    `prepared` count the articles that were parsed, and the pages that were made to tell what they show.
    """

    run: Run
    publication: Publication
    library: Library
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

    @property
    def templates(self) -> Iterator[str]:
        """The names of the theme's own templates, but for those that are only parts of others."""
        names = (path.removeprefix(f"{THEME}/") for path in self.stamps if path.startswith(f"{THEME}/"))
        return (name for name in names if name.endswith(".html") and "/" not in name)

    def list_docs(self) -> frozenset[str]:
        """The path of each page and asset in the docs tree."""
        return frozenset((*self.paths, *(asset.path for asset in self.assets)))

    def write_docs(self) -> None:
        """Writes the docs tree under build/docs, for engines that read files."""
        from insights.site.docs import write_docs

        write_docs(self.root / DOCS, self.pages, self.assets)


def prepare(
    run: Run,
    stamps: Mapping[str, Stamp] | None = None,
    last: Memory | None = None,
    meanwhile: Callable[[Content], None] = lambda _content: None,
) -> Prepared:
    """Reads content/, and tells what each page shows. Raises RenderError for two pages that would be one file.

    `stamps` are those of all files, where somebody has them; `last` is the memory of the build that made the live copy.
    `meanwhile` is done while another process ranks related articles.
    """
    root, now = run.root, run.now
    if stamps is None:
        stamps = stamp_files(root, {})
    settings = read_text(root / FILE_NAME)
    publication = parse_publication(settings, str(root / FILE_NAME))
    with run.progress.phase("Reading"), Cache(root / CACHE) as cache:
        everything = read_library_again(root, stamps, cache, run.jobs)
    library = everything.library.preview(now) if run.is_preview else everything.library.live(now)
    # What was read counts, should somebody have written since.
    read = {
        path: Stamp((), each)
        for path, each in everything.digests.items()
        if each not in (stamps[path].digest, UNREADABLE)
    }
    stamps = {**stamps, **read}
    content = {path: stamp.digest for path, stamp in stamps.items()}
    undated = [article.path for article in everything.library.articles if run.is_preview and article.date is None]
    content |= {path: digest(content[path], now.isoformat()) for path in undated}
    faces = {**content, **everything.faces}
    faces |= {path: digest(faces[path], now.isoformat()) for path in undated}
    terms = digest_stamps(stamps, _TERMS)
    related = _rank(
        run, Content(publication, library, digest_settings(settings), everything.bodies), content, terms, meanwhile
    )
    seen, common = _digest_seen(run, library, faces, everything.faces.keys()), digest_common(stamps, settings)
    is_edit = last is not None and (last.faces, last.common) == (seen, common)
    edited = _edited(library, last.stamps, stamps) if last and is_edit else None
    from insights.site.docs import refuse_clashes, theme_assets
    from insights.site.frame import Frame
    from insights.site.prepare import Site

    with run.progress.phase("Preparing"), Cache(root / CACHE) as cache:
        frame = Frame(library, publication, everything.words, faces, digest(digest_settings(settings), terms))
        shown_related = {slug: _decode_related(row) for slug, row in related.items()}
        site = Site(frame, shown_related, everything.words, content)
        if last is None or edited is None:
            pages = tuple(site.pages())
            paths = tuple(page.path for page in pages)
        else:
            others = (slug for slug, row in related.items() if last.related.get(slug) != row)
            slugs = sorted({*edited, *others})
            pages = tuple(site.article_pages(article for slug in slugs if (article := library.article(slug))))
            paths = last.pages
        shown, made = _digest_pages(pages, cache, run.jobs, is_all=edited is None)
        assets, sizes, refused = _content_assets(root)
        theme = theme_assets(root / THEME)
        assets += [Output(path, digest("file", data), partial(Made, data)) for path, data in theme.values()]
        refuse_clashes((*paths, *(asset.path for asset in assets)))
    asset_hrefs = {name: href for name, (href, _data) in theme.items()}
    return Prepared(
        run=run,
        publication=publication,
        library=library,
        edited=edited,
        pages=pages,
        paths=paths,
        assets=tuple(assets),
        sizes=sizes,
        theme=_theme(publication, asset_hrefs),
        asset_hrefs=asset_hrefs,
        findings=(*everything.findings, *refused),
        stamps=stamps,
        content=content,
        bodies=everything.bodies,
        terms=terms,
        related=related,
        shown=shown,
        faces=seen,
        settings=digest_settings(settings),
        common=common,
        until=now if undated else everything.library.next_change(now),
        parsed=everything.parsed,
        prepared=made,
    )


def _rank(
    run: Run, content: Content, digests: Mapping[str, bytes], terms: bytes, meanwhile: Callable[[Content], None]
) -> dict[str, bytes]:
    """The related articles of each, encoded; a process of its own finds them, while this one does something else."""

    def rank() -> dict[str, bytes]:
        from insights.site.relations import relate_again  # with numpy, which nothing else of a build needs

        settings = content.publication.settings.related
        related = relate_again(run.root, content.library, settings, digests, terms)
        return {slug: _encode_related(links) for slug, links in related.items()}

    with aside(rank, run.jobs) as ranked:
        meanwhile(content)
        with run.progress.phase("Relating"):
            return ranked()


def _edited(library: Library, before: Mapping[str, Stamp], stamps: Mapping[str, Stamp]) -> frozenset[str] | None:
    """The slugs of the articles whose files are other than before; None where two articles have one slug."""
    if len({article.slug for article in library.articles}) < len(library.articles):
        return None
    paths = {article.path: article.slug for article in library.articles}
    return frozenset(slug for path, slug in paths.items() if stamps[path].digest != before[path].digest)


def _digest_seen(run: Run, library: Library, digests: Mapping[str, bytes], articles: Collection[str]) -> bytes:
    """A digest of the articles that readers may see and of all other files, as `digests` has them by path."""
    seen = [article.path for article in library.articles]
    seen += [edition.path for edition in library.editions]  # those with a date in the future are not seen
    seen += [path for path in digests if path not in articles]
    return digest(str(run.is_preview), *(part for path in seen for part in (path, digests[path])))


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


def _content_assets(root: Path) -> tuple[list[Output], dict[str, int], list[Finding]]:
    """Each file that articles show; their sizes by their paths in the site; and what is said of those left out."""
    from insights.assets import refuse_asset

    folder = root / ASSETS
    outputs, sizes, findings = [], {}, []
    for source in sorted(folder.rglob("*")):
        if source.is_file() and not source.name.startswith((".", "README")):
            name, data = source.relative_to(root).as_posix(), source.read_bytes()
            refuse_links_out(root, name)
            if refusal := refuse_asset(name, data):
                findings.append(Finding(name, 1, 1, "asset-refused", *refusal))
            else:
                path, key = f"assets/{source.relative_to(folder).as_posix()}", digest("file", data)
                outputs.append(Output(path, key, partial(_copy, source, key)))
                sizes[path] = len(data)
    return outputs, sizes, findings


def _copy(source: Path, key: bytes) -> Made:
    data = source.read_bytes()
    if digest("file", data) != key:
        raise StoreError(str(source), "it changed while the site was built", "build again")
    return Made(data)


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
