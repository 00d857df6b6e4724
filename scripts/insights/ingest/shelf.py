"""The folder that articles are ingested into: what is there already, by address, source and likeness."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from insights.model import Article, Origin
from insights.similarity import resemblance, signature
from insights.store import read_articles
from insights.text import clash_key, is_portable, slugify

_ALIKE = 0.8
_TABLES = """
    CREATE TABLE articles (slug TEXT PRIMARY KEY, origin BLOB, runs BLOB, is_added INTEGER) WITHOUT ROWID;
    CREATE TABLE taken (name TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE sources (name TEXT PRIMARY KEY, slug TEXT) WITHOUT ROWID;
    CREATE TABLE hashes (hash TEXT PRIMARY KEY, slug TEXT) WITHOUT ROWID;
    CREATE TABLE runs (run INTEGER, slug TEXT, PRIMARY KEY (run, slug)) WITHOUT ROWID;
    BEGIN;
"""


class Shelf:
    """The articles of a folder, and those that this run adds; close it after use.

    Only their names, sources and samples of their words are kept, in a database of this process that goes to disk as it
    grows, so that memory stays flat. `bases` is the folder of what ingest wrote last, or None where no record is kept.
    """

    def __init__(self, folder: Path, bases: Path | None) -> None:
        self.folder = folder
        self.bases = bases
        self._index = sqlite3.connect("", isolation_level=None)  # no name: temporary, and gone when it is closed
        self._index.executescript(_TABLES)
        articles, _ = read_articles(folder) if folder.is_dir() else ((), ())
        for article in articles:
            self._put(article, is_added=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._index.close()

    def path(self, slug: str) -> Path:
        """The article's file."""
        return self.folder / f"{slug}.md"

    def base(self, slug: str) -> Path | None:
        """The file that keeps what ingest wrote last, where a record is kept."""
        return self.bases / f"{slug}.md" if self.bases else None

    def put(self, article: Article) -> None:
        """Adds an article, or takes its new version."""
        self._put(article, is_added=True)

    def _put(self, article: Article, *, is_added: bool) -> None:
        origin = article.source or Origin()
        runs = signature(article.body)
        row = article.slug, msgspec.json.encode(origin), array("I", sorted(runs)).tobytes(), is_added
        self._index.execute("REPLACE INTO articles VALUES (?, ?, ?, ?)", row)
        self._index.execute("INSERT OR IGNORE INTO taken VALUES (?)", [clash_key(article.slug)])
        if name := origin.url or origin.file:
            self._index.execute("REPLACE INTO sources VALUES (?, ?)", (name, article.slug))
        if origin.hash:
            self._index.execute("REPLACE INTO hashes VALUES (?, ?)", (origin.hash, article.slug))
        rows = [(run, article.slug) for run in _indexed(runs)]
        self._index.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?)", rows)

    def find(self, article: Article) -> Article | None:
        """The article that came from the same source: of that name or address, or of just these bytes.

        Of it, only the slug and the source are known. Two files of one name in one run are two sources.
        """
        source = article.source
        if source is None:
            return None
        by_name = "SELECT slug, origin, is_added FROM articles JOIN sources USING (slug) WHERE name = ?"
        by_hash = "SELECT slug, origin, is_added FROM articles JOIN hashes USING (slug) WHERE hash = ?"
        found = self._index.execute(by_name, [source.url or source.file]).fetchone()
        if found is None or (source.url is None and found[2]):
            found = self._index.execute(by_hash, [source.hash]).fetchone()
        return Article(found[0], "", "", source=msgspec.json.decode(found[1], type=Origin)) if found else None

    def find_alike(self, body: str) -> tuple[str, float] | None:
        """The slug of the article whose text is nearly this one, and how alike they are (0 to 1)."""
        own = signature(body)
        query = (
            "SELECT slug, articles.runs FROM json_each(?) JOIN runs ON run = value JOIN articles USING (slug)"
            " GROUP BY slug ORDER BY count(*) DESC, slug LIMIT 1"
        )
        found = self._index.execute(query, [msgspec.json.encode(list(_indexed(own))).decode()]).fetchone()
        if found is None:
            return None
        likeness = resemblance(own, frozenset(array("I", found[1])))
        return (found[0], likeness) if likeness >= _ALIKE else None

    def free_slug(self, slug: str) -> str:
        """The slug, or the first of slug-2, slug-3 … that no article has, on whatever file system."""
        if not is_portable(slug):
            slug = slugify(slug) or "untitled"
        candidate, number = slug, 1
        while self._is_taken(candidate) or self.path(candidate).exists():
            number += 1
            candidate = f"{slug}-{number}"
        return candidate

    def _is_taken(self, slug: str) -> bool:
        return self._index.execute("SELECT 1 FROM taken WHERE name = ?", [clash_key(slug)]).fetchone() is not None


def _indexed(runs: frozenset[int]) -> Iterator[int]:
    """An eighth of the runs, and the least: enough to meet a text that has most of them, for an eighth of the space."""
    if runs:
        least = min(runs)
        yield from (run for run in runs if run == least or not (run >> 16) % 8)
