"""The search index is made of spans of pages, and is the one that Pagefind makes of all pages at once."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pagefind.service import get_executable

from insights.errors import RenderError
from insights.site.cache import CACHE, Cache
from insights.site.cbor import decode, encode
from insights.site.inputs import Run
from insights.site.search import SearchIndex, build_search_index

WORDS = "café cafe cafés naïve naive queue queues waiting waits Żuraw łódź 1234 x-ray C++ don't the a zażółć".split()
MANY = [f"word{number}" for number in range(3000)]  # more than one file of words holds


def make_site(folder: Path, count: int, seed: int = 0) -> Path:
    """Pages in two languages; not all have the same facets and metadata, and some are not for the search."""
    for number in range(count):
        chance = random.Random(number + 1000 * seed)
        text = " ".join(chance.choices(WORDS, k=30) + chance.choices(MANY, k=40))
        deck = '<p data-pagefind-meta="deck">The queue, the café</p>' if number % 3 == 0 else ""
        tag = f'<p><b data-pagefind-filter="tag">{chance.choice("xyzé")}</b></p>' if number % 5 else ""
        body = "" if number % 7 == 3 else " data-pagefind-body"
        language = "pl" if number % 11 == 5 else "en"
        write_page(
            folder,
            number,
            f'<html lang="{language}"><body><main{body}><h1 data-pagefind-meta="title">Café '
            f'{number}</h1>{deck}{tag}<h2 id="part">A part</h2><p>{text}</p></main></body></html>',
        )
    return folder


def write_page(folder: Path, number: int, html: str) -> None:
    path = folder / f"insights/page-{number}/index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")


def index(root: Path) -> Path:
    with Cache(root / CACHE) as cache:
        build_search_index(root / "site", cache, Run(root, datetime(2027, 1, 1, tzinfo=UTC), jobs=2))
    return root / "site/pagefind"


def index_at_once(site: Path, target: Path) -> Path:
    command = [str(get_executable()), "--site", str(site), "--output-path", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def read(path: Path) -> Any:
    data = gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")
    value, end = decode(data, 0)
    assert end == len(data)
    return value


def meaning(folder: Path) -> dict[str, Any]:
    """What an index says, by language, with pages by their addresses instead of numbers."""
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    return {
        name: (each["wasm"], each["page_count"], *said(folder, each["hash"]))
        for name, each in entry["languages"].items()
    }


def said(folder: Path, name: str) -> tuple[Any, ...]:
    version, pages, chunks, facets, orders, fields = read(folder / f"pagefind.{name}.pf_meta")
    shown = [
        json.loads(
            gzip.decompress((folder / f"fragment/{page}.pf_fragment").read_bytes()).removeprefix(b"pagefind_dcd")
        )
        for page, _words in pages
    ]
    urls = [each["url"] for each in shown]

    def places(postings: Any) -> dict[str, Any]:
        found, page = {}, 0
        for step, in_text, in_meta in postings:
            page += step
            names = [fields[-1 - number] if number < 0 else number for number in in_meta]
            found[urls[page]] = in_text, names
        return found

    words = {
        word: (places(own), {form: places(postings) for form, postings in forms})
        for _first, _last, chunk in chunks
        for word, own, forms in read(folder / f"index/{chunk}.pf_index")[0]
    }
    values = {
        facet: {
            value: sorted(urls[page] for page in having)
            for value, having in read(folder / f"filter/{name}.pf_filter")[1]
        }
        for facet, name in facets
    }
    counts = {url: words_of for url, (_name, words_of) in zip(urls, pages, strict=True)}
    return version, sorted(fields), orders, counts, {each["url"]: each for each in shown}, words, values


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("search")
    make_site(root / "site", 700)
    index(root)
    return root


def test_it_says_what_pagefind_says_of_all_pages_at_once(root: Path, tmp_path: Path) -> None:
    assert len(spans(root)) > 2
    assert meaning(root / "site/pagefind") == meaning(index_at_once(root / "site", tmp_path / "once"))


def test_a_reader_finds_the_file_of_a_word_by_any_beginning_of_it(root: Path) -> None:
    folder = root / "site/pagefind"
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    chunks = read(folder / f"pagefind.{entry['languages']['en']['hash']}.pf_meta")[2]
    assert len(chunks) > 2
    for first, last, name in chunks:
        words = [word for word, _own, _forms in read(folder / f"index/{name}.pf_index")[0]]
        assert words == sorted(words)
        assert words[0].startswith(first)
        assert words[-1].startswith(last)
    edges = [edge for first, last, _name in chunks for edge in (first, last)]
    assert edges == sorted(edges)


def test_the_order_in_which_files_were_made_changes_nothing(root: Path, tmp_path: Path) -> None:
    pages = sorted((root / "site").rglob("*.html"), reverse=True)
    for path in pages:
        target = tmp_path / "site" / path.relative_to(root / "site")
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
    assert files(index(tmp_path)) == files(root / "site/pagefind")


def test_an_edit_indexes_the_span_of_its_page_and_gives_what_indexing_all_gives(tmp_path: Path) -> None:
    make_site(tmp_path / "site", 500)
    index(tmp_path)
    before = spans(tmp_path)
    write_page(tmp_path / "site", 7, "<html lang=en><main data-pagefind-body><h1>Syzygy</h1>zymurgist</main></html>")
    folder = index(tmp_path)
    assert len(before) > 2
    assert len(spans(tmp_path) - before) == 1
    assert files(folder) == files(index(copy_pages(tmp_path / "site", tmp_path / "clean")))
    assert "zymurgist" in meaning(folder)["en"][7]


def test_an_edit_writes_the_files_of_the_words_that_it_changes(tmp_path: Path) -> None:
    make_site(tmp_path / "site", 700)
    before = renew(tmp_path, {})
    written = {path: (tmp_path / "site" / path).stat().st_mtime_ns for path in before}
    edited = tmp_path / "site/insights/page-7/index.html"
    edited.write_text(edited.read_text("utf-8").replace("</p></main>", " zymurgist</p></main>"), encoding="utf-8")
    after = renew(tmp_path, before)
    folder = tmp_path / "site/pagefind"
    assert {path.relative_to(tmp_path / "site").as_posix() for path in folder.rglob("*.*")} == after.keys()
    assert files(folder) == files(index(copy_pages(tmp_path / "site", tmp_path / "clean")))
    words = [path for path in after if "/index/" in path]
    made = [path for path in words if (tmp_path / "site" / path).stat().st_mtime_ns != written.get(path)]
    assert len(words) > 8
    assert 0 < len(made) < len(words) / 2


def renew(root: Path, in_place: Mapping[str, bytes]) -> dict[str, bytes]:
    """Brings the index up to date as a build does; the key of each of its files."""
    site = root / "site"
    pages = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).digest() for path in site.rglob("*.html")
    }
    with Cache(root / CACHE) as cache:
        search = SearchIndex(pages, cache, Run(root, datetime(2027, 1, 1, tzinfo=UTC)))
        keys = search.write(site, b"key", in_place)
    return {path: key for path, key in keys.items() if key is not None}


def test_a_language_that_no_page_has_any_more_leaves_nothing(tmp_path: Path) -> None:
    make_site(tmp_path / "site", 20)
    assert "pl" in meaning(index(tmp_path))
    for number in (5, 16):
        write_page(tmp_path / "site", number, "<html lang=en><main data-pagefind-body>English</main></html>")
    folder = index(tmp_path)
    assert set(meaning(folder)) == {"en"}
    assert files(folder) == files(index(copy_pages(tmp_path / "site", tmp_path / "clean")))


def test_a_site_without_pages_for_the_search_has_no_index_and_no_error(tmp_path: Path) -> None:
    write_page(tmp_path / "site", 1, "<html lang=en><main>Words</main></html>")
    assert not (index(tmp_path) / "pagefind-entry.json").exists()


def test_an_order_that_the_search_does_not_know_is_an_error_that_names_it(tmp_path: Path) -> None:
    write_page(tmp_path / "site", 1, "<html lang=en><main data-pagefind-body data-pagefind-sort='date:1'>Words</main>")
    with pytest.raises(RenderError, match="data-pagefind-sort"):
        index(tmp_path)


@pytest.mark.parametrize(
    "value",
    [
        0,
        23,
        24,
        255,
        256,
        65_535,
        65_536,
        (1 << 32) - 1,
        1 << 32,
        1 << 33,
        -1,
        -24,
        -25,
        -300,
        "é" * 30,
        [1, [-2, "x"], []],
    ],
)
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    data = encode(value)
    assert decode(data, 0) == (value, len(data))


def spans(root: Path) -> set[tuple[str, bytes]]:
    with closing(sqlite3.connect(root / CACHE)) as cache:
        return set(cache.execute("SELECT name, key FROM kept WHERE kind = 'search span'"))


def copy_pages(site: Path, root: Path) -> Path:
    for path in site.rglob("*.html"):
        target = root / "site" / path.relative_to(site)
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
    return root


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_words_that_fill_the_index_are_told_by_language(tmp_path: Path) -> None:
    for number in range(300):
        language, text = ("pl", "i lipa") if number % 3 == 0 else ("en", f"{'the ' * 700} linden")
        html = f'<html lang="{language}"><body><main data-pagefind-body><p>{text}</p></main></body></html>'
        write_page(tmp_path / "site", number, html)
    assert json.loads((index(tmp_path) / "common.json").read_bytes()) == {"en": ["the"], "pl": []}
