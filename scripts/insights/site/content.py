"""A publication as it is read, before anything is made of it; and which of its articles are related."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from insights.errors import StoreError
from insights.library import Library, is_live, next_change, preview
from insights.model import Finding, Related
from insights.settings import FILE_NAME, Publication, parse_publication
from insights.site.cache import CACHE, Cache
from insights.site.inputs import Run, Stamp, digest, digest_common, digest_settings, digest_stamps, stamp_files
from insights.site.pages import SitePage
from insights.site.reading import UNREADABLE, Reading, read_content_again
from insights.site.shards import aside
from insights.site.tree import Made, Output
from insights.store import ASSETS, CONTENT, read_text, refuse_links_out

_TERMS = (f"{CONTENT}/topics/", f"{CONTENT}/authors/", f"{CONTENT}/tags.yml")


@dataclass(frozen=True, slots=True)
class Content:
    """What readers may see of a publication.

    `lasting` is the library as the first build of this process had it that saw these very faces of articles; bodies
    alone may be other than they are now. `words` are the number of words of each article's file, by path. The rest are
    digests: by path, `content` of each file, `faces` and `bodies` of articles'; `seen` of all faces and of what is no
    article's; `terms` of all topics, tags and authors; `settings` of code and settings; `common` of these and the
    theme. `until` is when the next article or edition with a date in the future appears. `parsed` counts the articles
    that were parsed.
    """

    run: Run
    publication: Publication
    library: Library
    lasting: Library
    findings: tuple[Finding, ...]
    assets: tuple[Output, ...]
    sizes: Mapping[str, int]
    stamps: Mapping[str, Stamp]
    words: Mapping[str, int]
    content: Mapping[str, bytes]
    faces: Mapping[str, bytes]
    bodies: Mapping[str, bytes]
    seen: bytes
    terms: bytes
    settings: bytes
    common: bytes
    until: datetime | None
    parsed: int

    @property
    def pages(self) -> Iterator[SitePage]:
        """The text of each article, in a page without front matter."""
        articles = self.library.articles
        return (SitePage(f"insights/{each.slug}.md", {}, partial(getattr, each, "body")) for each in articles)


def read_publication_again(
    run: Run, stamps: Mapping[str, Stamp] | None = None, meanwhile: Callable[[], object] = lambda: None
) -> Content:
    """The publication as readers see it; `stamps` are those of all files, where somebody has them.

    In a preview, what has no date is of the day that it is. While others parse articles, this process does something
    else `meanwhile`.
    """
    root, kept = run.root, run.kept
    stamps = stamp_files(root, {}) if stamps is None else stamps
    text = read_text(root / FILE_NAME)
    settings = digest_settings(text)
    publication = kept.value("publication", settings, partial(parse_publication, text, str(root / FILE_NAME)))
    with run.progress.phase("Reading"), Cache(root / CACHE) as cache:
        everything = read_content_again(root, stamps, cache, run, meanwhile)
        stamps = _as_read(stamps, everything)
        today = run.now.replace(hour=0, minute=0, second=0, microsecond=0)
        assets, sizes, refused = _content_assets(root)
        undated = [each.path for each in everything.articles if run.is_preview and each.date is None]
        content = {path: stamp.digest for path, stamp in stamps.items()}
        content |= {path: digest(content[path], today.isoformat()) for path in undated}
        faces = {**content, **everything.faces}
        faces |= {path: digest(faces[path], today.isoformat()) for path in undated}
        editions = everything.terms.editions
        terms = everything.terms if run.is_preview else everything.terms.live(run.now)
        shown = [each for each in everything.articles if run.is_preview or is_live(each, run.now)]
        paths = [*(each.path for each in shown), *(each.path for each in terms.editions)]
        seen = _digest_seen(run, paths, faces, everything)
        shown = [preview(each, today) for each in shown] if run.is_preview else shown
        lasting = kept.value("library", seen, lambda: terms.replace_articles(shown))
        edited = {each.path: each for each in shown if lasting.article(each.slug) is not each}
    return Content(
        run=run,
        publication=publication,
        library=lasting.replace_texts(edited) if edited else lasting,
        lasting=lasting,
        findings=(*everything.findings, *refused),
        assets=tuple(assets),
        sizes=sizes,
        stamps=stamps,
        words=everything.words,
        content=content,
        faces=faces,
        bodies=everything.bodies,
        seen=seen,
        terms=digest_stamps(stamps, _TERMS),
        settings=settings,
        common=digest_common(stamps, text),
        until=today + timedelta(days=1) if undated else next_change(everything.articles, editions, run.now),
        parsed=everything.parsed,
    )


@contextmanager
def related_aside(content: Content) -> Iterator[Callable[[], dict[str, bytes]]]:
    """Begins to find the related articles of each: what is given waits for them, by slug, encoded.

    A process of its own finds them, while this one does something else; this one where it keeps the ranking for the
    next build.
    """
    run = content.run
    with aside(partial(_rank_articles, content), 1 if run.kept.is_lasting else run.jobs) as ranked:

        def related() -> dict[str, bytes]:
            with run.progress.phase("Relating"):
                return ranked()

        yield related


def _rank_articles(content: Content) -> dict[str, bytes]:
    from insights.site.relations import relate_again  # with numpy, which nothing else of a build needs

    run, strings = content.run, content.publication.strings
    settings = content.publication.settings.related
    facts = content.terms + digest(msgspec.json.encode(strings))
    return dict(relate_again(run.root, content.library, settings, content.content, facts, run.kept, strings))


def _content_assets(root: Path) -> tuple[list[Output], dict[str, int], list[Finding]]:
    """Each file that articles show; their sizes by their paths in the site; and what is said of those left out."""
    from insights.assets import refuse_asset

    folder = root / ASSETS
    outputs, sizes, findings = [], {}, []
    for source in sorted(folder.rglob("*")):
        if source.is_file() and not source.name.startswith((".", "README")):
            name = source.relative_to(root).as_posix()
            refuse_links_out(root, name)
            data = source.read_bytes()
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


# As `insights.related` encodes them; here without numpy.
decode_related = msgspec.json.Decoder(tuple[Related, ...]).decode


def _as_read(stamps: Mapping[str, Stamp], everything: Reading) -> dict[str, Stamp]:
    """The stamps, but for files that somebody has written between the look at them and the reading."""
    read = everything.digests.items()
    others = {path: Stamp((), each) for path, each in read if each not in (stamps[path].digest, UNREADABLE)}
    return {**stamps, **others}


def _digest_seen(run: Run, shown: list[str], faces: Mapping[str, bytes], everything: Reading) -> bytes:
    """A digest of the files that readers may see and of all that are no article's, as `faces` has them by path."""
    paths = (*shown, *(path for path in faces if path not in everything.faces))
    return digest(str(run.is_preview), *(part for path in paths for part in (path, faces[path])))
