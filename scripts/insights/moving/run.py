"""Moves an export into a publication: terms, articles, pages, pictures; the same again changes nothing.

What is there already is found by its old address, so that a second run updates; `ingest` compares, merges and writes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from insights.article import parse_page
from insights.errors import SourceError
from insights.fetch import Fetcher
from insights.frontmatter import dump_front_matter
from insights.ingest import SOURCES, Outcome, Request, Status, shelve
from insights.ingest.convert import Converted
from insights.library import Library
from insights.model import Article, Extract, Finding, Level
from insights.moving.addresses import Addresses, aliases_of, candidates, old_address, relative_href, rewrite
from insights.moving.assets import Assets, bring_assets, files_linked
from insights.moving.convert import Conversion, Work, convert, work_of
from insights.moving.entry import INSIDE, Entry, Export, Kind, split_address
from insights.moving.files import Files
from insights.moving.marks import comment_of
from insights.moving.places import docs_paths, name_of, settled
from insights.moving.report import Report
from insights.moving.vocabulary import UNSORTED, Vocabulary, propose
from insights.settings import Publication
from insights.store import ASSETS, CONTENT, INSIGHTS, read_text, write_file
from insights.workers import Here, WorkerDiedError, Workers, Workforce, run_all

_TITLE_WORDS = 9
_BARE_ADDRESS = re.compile(rf"(?<![(\"<]){re.escape(INSIDE)}(?=/)")
_PICTURE_OF_ITSELF = re.compile(r"\[(?P<alt>!\[(?:\\.|(?<!!)\[|[^\[\]\\])*+\])\([^()\s]*\)\]\((?P<large>[^()\s]+)\)")


@dataclass(frozen=True, slots=True)
class Destination:
    """The publication that an export moves into, and how; `write` puts a file in its place, whole or not at all."""

    root: Path
    publication: Publication
    library: Library
    now: datetime
    jobs: int = 1
    default_topic: str = UNSORTED
    is_dry_run: bool = False
    write: Callable[[Path, bytes], bool] = write_file


@dataclass(slots=True)
class Move:
    """One export on its way into one publication."""

    export: Export
    assets: Assets
    destination: Destination
    report: Report
    vocabulary: Vocabulary
    docs_paths: dict[str, str]
    addresses: Addresses
    library: Library
    work: dict[str, Work]

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each entry, in the export's order, as each is done."""
        here = self.destination
        articles = [entry for entry in self.export.entries if entry.kind is Kind.ARTICLE]
        pages = [entry for entry in self.export.entries if entry.kind is Kind.PAGE]
        slugs = {name_of(entry): Path(self.docs_paths[entry.key]).stem for entry in articles}
        request = Request(
            into=here.root / INSIGHTS,
            root=here.root,
            now=here.now,
            assets=here.root / ASSETS,
            bases=here.root / SOURCES,
            name_file=slugs.get,
            write=here.write,
        )
        with Workforce(here.jobs).open() as workers:
            converted = ((self._article(*pair),) for pair in self._conversions(articles, workers))
            for outcome in shelve(converted, self.library, request):
                yield self.report.counted(outcome)
        for entry, conversion in self._conversions(pages, Here()):
            yield self.report.counted(self._page(entry, conversion))

    def _conversions(self, entries: list[Entry], workers: Workers) -> Iterator[tuple[Entry, Conversion]]:
        work = [self.work[entry.key] for entry in entries]
        yield from zip(entries, run_all(work, workers, convert, _lost), strict=True)

    def _article(self, entry: Entry, conversion: Conversion) -> Converted:
        if conversion.error:
            return Converted(name_of(entry), error=SourceError(entry.key, conversion.error, "bring it by hand"))
        entry = self.vocabulary.apply(entry)
        docs_path = self.docs_paths[entry.key]
        body = self._rewritten(entry, conversion, docs_path)
        article = Article(Path(docs_path).stem, entry.title, body, image=entry.image, path=f"{CONTENT}/{docs_path}")
        digest, article = self._with_assets(entry, article)
        extract = Extract(
            body=article.body,
            title=entry.title or _first_words(article.body),
            description=entry.description or None,
            authors=entry.authors,
            published=entry.published,
            updated=entry.updated,
            topic=entry.topic or (None if entry.is_draft else self.destination.default_topic),
            tags=entry.tags,
            canonical=entry.canonical if entry.canonical and not self.addresses.is_own(entry.canonical) else None,
            guid=entry.guid,
            language=None if _is_in(self.destination.publication.language, entry) else entry.language,
            image=article.image,
            aliases=aliases_of(entry, self.destination.publication.url, docs_path),
            series=entry.series,
            is_draft=entry.is_draft,
        )
        url = None if entry.url.startswith(INSIDE) else entry.url
        return Converted(name_of(entry), url, digest, extract)

    def _with_assets(self, entry: Entry, article: Article) -> tuple[str, Article]:
        """The hash of what the entry says, and the article with its pictures; those are left if nothing has changed."""
        said = repr((replace(entry, context={}), article.body)).encode()
        present = self.destination.library.article(article.slug)
        whole = hashlib.sha256(said).hexdigest()
        if present and present.source and present.source.hash == whole:
            return whole, article
        self.assets.missing.clear()
        brought = bring_assets(
            article, self.assets, f"../assets/{article.slug}", files_linked(article.body, self.assets)
        )
        for name, data in brought.files.items():
            self.destination.write(self.destination.root / ASSETS / article.slug / name, data)
        self.report.pictures += len(brought.files)
        missing = list(dict.fromkeys(self.assets.missing))
        for url in missing:
            self.report.missing(url, article.path)
        article = brought.article
        if missing:
            whole = hashlib.sha256(said + repr(missing).encode()).hexdigest()
            article = replace(article, body=rewrite(article.body, self._inside_lost(missing)))
        return whole, article

    def _inside_lost(self, missing: list[str]) -> Callable[[str], str | None]:
        """Addresses below INSIDE lead nowhere: a file that is not in the export keeps the path that it had there."""
        return lambda href: split_address(href).path if href in missing and href.startswith(INSIDE) else None

    def _rewritten(self, entry: Entry, conversion: Conversion, docs_path: str) -> str:
        """The body with its links to the publication's own pages made relative; counts what is not understood."""
        for mark in conversion.marks:
            self.report.mark(mark, entry.title)
        self.report.dropped.update(conversion.dropped)
        lost: list[str] = []

        def new_href(href: str) -> str | None:
            if not self.addresses.is_own(href) or self.assets.is_asset(href):
                return None
            for url in candidates(href, entry):
                if found := self.addresses.find(url):
                    return relative_href(found, docs_path, split_address(href).fragment)
            self.report.unmoved_link(href)
            if not href.startswith(INSIDE):
                return None
            if self.export.site_url:
                return old_address(href, entry, self.export.site_url)
            lost.append(href)
            return "#"

        body = _BARE_ADDRESS.sub("", rewrite(conversion.markdown, new_href))
        body = _PICTURE_OF_ITSELF.sub(self._whole_picture, body)
        if lost:
            kept = "\n".join(comment_of(f"link to {split_address(href).path}") for href in dict.fromkeys(lost))
            body = f"{body}\n{kept}\n"
        return body

    def _whole_picture(self, match: re.Match[str]) -> str:
        """A small picture that leads to its own large one, as the large one alone."""
        is_picture = self.assets.is_picture(match["large"])
        return f"{match['alt']}({match['large']})" if is_picture else match[0]

    def _page(self, entry: Entry, conversion: Conversion) -> Outcome:
        docs_path = self.docs_paths[entry.key]
        path = f"{CONTENT}/{docs_path}"
        if conversion.error:
            return Outcome(name_of(entry), Status.FAILED, path, conversion.error)
        body = self._rewritten(entry, conversion, docs_path)
        article = Article(Path(docs_path).stem, entry.title, body, image=None, path=path)
        _, article = self._with_assets(entry, article)
        body = article.body.replace("](../assets/", "](assets/")
        aliases = aliases_of(entry, self.destination.publication.url, docs_path)
        fields = {"title": entry.title or entry.key, "description": entry.description, "aliases": list(aliases)}
        text = f"{dump_front_matter(fields)}\n{body.strip()}\n"
        file = self.destination.root / path
        if not file.is_file():
            self.destination.write(file, text.encode())
            return Outcome(name_of(entry), Status.DONE, path)
        page, _ = parse_page(read_text(file), path)
        if page is not None and (page.body.strip(), page.title) == (body.strip(), fields["title"]):
            return Outcome(name_of(entry), Status.UNCHANGED, path)
        message = "a page of this name is here already, and says something else: it was left as it is"
        finding = Finding(path, 1, 1, "page-exists", message, "rename it, and import again", Level.WARNING)
        return Outcome(name_of(entry), Status.CONFLICT, path, message, (finding,))


def plan(
    export: Export, files: Files, destination: Destination, uploads: Path | None, fetcher: Fetcher | None = None
) -> Move:
    """The move of an export: every entry has its file's name, every term its place; nothing is written yet."""
    export = settled(export)
    paths = docs_paths(export, destination.library)
    addresses = Addresses(export.site_url, ((entry, paths[entry.key]) for entry in export.entries), export.hosts)
    vocabulary = propose(export, destination.library, destination.default_topic)

    place = split_address(export.site_url).path.strip("/")
    assets = Assets(files, export.roots, addresses.is_own, f"{place}/" if place else "", uploads, fetcher)
    library = vocabulary.added_to(destination.library)
    report = Report(export, vocabulary, files.problems, destination.is_dry_run)
    work = {each.entry.key: each for each in work_of(export.platform, export.entries)}
    return Move(export, assets, destination, report, vocabulary, paths, addresses, library, work)


def _is_in(language: str, entry: Entry) -> bool:
    """Whether an entry is in a language, in its form of some region even ("en-US" is in "en"): then it need not say."""
    return f"{entry.language or language}-".replace("_", "-").casefold().startswith(f"{language}-".casefold())


def _first_words(body: str) -> str | None:
    """A title for what was published without one: the first words of its text."""
    words = re.sub(r"<!--(?:(?!<!--).)*?-->|!?\[([^\[\]]*)\]\([^()]*\)|[*`#>{}|]+", r"\1", body).split()
    return " ".join(words[:_TITLE_WORDS]).rstrip(".,:;") + ("…" if len(words) > _TITLE_WORDS else "") if words else None


def _lost(_work: Work, error: WorkerDiedError) -> Conversion:
    return Conversion(error=f"the worker that read it died ({error})")
