"""The folder that articles are ingested into: what is there already, by address, source and likeness."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

from insights.model import Article
from insights.similarity import resemblance, signature
from insights.store import read_articles
from insights.text import clash_key, is_portable, slugify

_ALIKE = 0.8


class Shelf:
    """The articles of a folder, and those that this run adds.

    `bases` is the folder of what ingest wrote last, or None where no record is kept.
    """

    def __init__(self, folder: Path, bases: Path | None) -> None:
        articles, _ = read_articles(folder) if folder.is_dir() else ((), ())
        self.folder = folder
        self.bases = bases
        self._slugs: set[str] = set()
        self._added: set[str] = set()
        self._by_source: dict[str, Article] = {}
        self._by_hash: dict[str, Article] = {}
        self._signatures: dict[str, array[int]] = {}
        self._by_run: dict[int, tuple[str, ...]] = {}
        for article in articles:
            self.put(article)
        self._added.clear()

    def path(self, slug: str) -> Path:
        """The article's file."""
        return self.folder / f"{slug}.md"

    def base(self, slug: str) -> Path | None:
        """The file that keeps what ingest wrote last, where a record is kept."""
        return self.bases / f"{slug}.md" if self.bases else None

    def put(self, article: Article) -> None:
        """Adds an article, or takes its new version; only its name, its source and a sample of its words are kept."""
        slim = Article(article.slug, "", "", source=article.source)
        self._slugs.add(clash_key(article.slug))
        self._added.add(article.slug)
        if source := article.source:
            if key := source.url or source.file:
                self._by_source[key] = slim
            if source.hash:
                self._by_hash[source.hash] = slim
        if article.slug not in self._signatures:
            runs = signature(article.body)
            self._signatures[article.slug] = array("I", sorted(runs))
            for run in _indexed(runs):
                self._by_run[run] = (*self._by_run.get(run, ()), article.slug)

    def find(self, article: Article) -> Article | None:
        """The article that came from the same source: of that name or address, or of just these bytes.

        Of it, only the slug and the source are known. Two files of one name in one run are two sources.
        """
        source = article.source
        if source is None:
            return None
        found = self._by_source.get(source.url or source.file or "")
        if found is not None and source.url is None and found.slug in self._added:
            found = None
        return found or self._by_hash.get(source.hash or "")

    def find_alike(self, body: str) -> tuple[str, float] | None:
        """The slug of the article whose text is nearly this one, and how alike they are (0 to 1)."""
        own = signature(body)
        shared: dict[str, int] = {}
        for run in _indexed(own):
            for slug in self._by_run.get(run, ()):
                shared[slug] = shared.get(slug, 0) + 1
        if not shared:
            return None
        slug = min(shared, key=lambda each: (-shared[each], each))
        likeness = resemblance(own, frozenset(self._signatures[slug]))
        return (slug, likeness) if likeness >= _ALIKE else None

    def free_slug(self, slug: str) -> str:
        """The slug, or the first of slug-2, slug-3 … that no article has, on whatever file system."""
        if not is_portable(slug):
            slug = slugify(slug) or "untitled"
        candidate, number = slug, 1
        while clash_key(candidate) in self._slugs or self.path(candidate).exists():
            number += 1
            candidate = f"{slug}-{number}"
        return candidate


def _indexed(runs: frozenset[int]) -> Iterator[int]:
    """An eighth of the runs, and the least: enough to meet a text that has most of them, for an eighth of memory."""
    if runs:
        least = min(runs)
        yield from (run for run in runs if run == least or not (run >> 16) % 8)
