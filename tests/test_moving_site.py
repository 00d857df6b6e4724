"""A site on the web moves in: from its front page, its sitemap or its feed, as politely as robots.txt asks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import run_insights, serve
from moving_publications import SITES, answers, front, guids_of, new_publication

from insights.errors import InsightsError
from insights.fetch import Fetcher, FetchPolicy
from insights.moving.platforms import platform, sniff
from insights.moving.report import Report
from insights.moving.run import Destination, plan
from insights.moving.terms import write_terms
from insights.moving.web import open_site
from insights.store import read_library, read_publication, write_output


@pytest.fixture
def old_site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The miniature site, served: its folder and its address."""
    folder = tmp_path / "old"
    shutil.copytree(SITES / "site", folder)
    server, address = serve(folder)
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".xml", ".txt"):
            path.write_text(path.read_text().replace("SITE", address))
    yield folder, address
    server.shutdown()


def visitor(folder: Path) -> Fetcher:
    """A fetcher that may ask this machine."""
    return Fetcher(FetchPolicy(pause_seconds=0, open_networks=("127.0.0.0/8",)), folder / "fetched")


def move(address: str, root: Path) -> Report:
    """The site at an address moved into a publication, as the command does it."""
    fetcher = visitor(root)
    files = open_site(address, fetcher)
    assert sniff(files) == "site"
    export = platform("site").read(files)
    here = Destination(root, read_publication(root), read_library(root)[0], datetime(2026, 3, 2, tzinfo=UTC))
    going = plan(export, files, here, None, fetcher)
    write_terms(going.vocabulary, root, write_output)
    list(going.outcomes())
    return going.report


def test_a_site_moves_in_by_its_sitemap_and_its_feed(old_site: tuple[Path, str], tmp_path: Path) -> None:
    _, address = old_site
    root = new_publication(tmp_path / "publication")
    said = "\n".join(move(address, root).lines())
    for words in (
        "3 articles, 2018-10-02 to 2020-01-08",
        "1  lists of articles",
        "2  pages that could not be had",
        "merged into the tag forecast: Forecasts",
    ):
        assert words in said
    text = front(root, "spring-tide")
    for line in (
        "title: Why the spring tide arrives late",
        "date: 2019-05-14T07:30:00",
        "authors: [Mara Lindqvist]",
        f"guid: {address}/blog/spring-tide.html",
        "aliases: ['/blog/spring-tide.html']",
        "[the crane notes](cranes.md#limits)",
        "[the harbour](../about.md)",
        "../assets/spring-tide/gauge.png",
        "[in the archive](../assets/spring-tide/plan.pdf)",
    ):
        assert line in text
    assert "demo" not in text
    assert "## Limits that hold {#limits}" in front(root, "cranes")
    assert "The office is open" in (root / "content" / "about.md").read_text()

    checked = run_insights(root, "check")
    assert checked.returncode == 0, checked.stdout
    assert run_insights(root, "build").returncode == 0
    lines = [line.split() for line in (SITES / "site.addresses").read_text().splitlines()]
    assert [pair for pair in answers(root / "site", [line[0] for line in lines]) if pair[1] != 200] == []
    guids = {line[1].replace("SITE", address) for line in lines if len(line) > 1}
    assert guids <= guids_of(root / "site")
    assert move(address, root).statuses == {"unchanged": 4}


def test_an_article_that_the_feed_no_longer_lists_has_the_id_that_its_kind_of_feed_gave(
    old_site: tuple[Path, str], tmp_path: Path
) -> None:
    folder, address = old_site
    export = platform("site").read(open_site(address, visitor(tmp_path)))
    guids = {entry.slug: entry.guid for entry in export.entries}
    assert guids["silt"] == f"{address}/blog/silt.html"
    feed = folder / "blog" / "rss.xml"
    feed.write_text(feed.read_text().replace(f"<guid>{address}/blog/cranes.html", "<guid>urn:hs:1"))
    export = platform("site").read(open_site(address, visitor(tmp_path / "again")))
    guids = {entry.slug: entry.guid for entry in export.entries}
    assert guids["cranes"] == "urn:hs:1"
    assert guids["silt"] is None, "an id that can only be guessed is not invented"


def test_a_feed_alone_is_enough_and_its_whole_text_is_taken(old_site: tuple[Path, str], tmp_path: Path) -> None:
    folder, address = old_site
    whole = "<p>Two cranes share a rail.</p><h2>In the feed</h2>" + "<p>As the feed has it, word for word.</p>" * 30
    items = [{"id": "urn:x:2", "url": f"{address}/blog/cranes.html", "title": "Two cranes", "content_html": whole}]
    later = {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": items}
    (folder / "feed.json").write_text(json.dumps(later))
    export = platform("site").read(open_site(f"{address}/feed.json", visitor(tmp_path)))
    assert [(entry.title, entry.guid) for entry in export.entries] == [("Two cranes", "urn:x:2")]
    assert "In the feed" in export.entries[0].body


def test_what_robots_txt_forbids_is_not_asked_for(old_site: tuple[Path, str], tmp_path: Path) -> None:
    _, address = old_site
    export = platform("site").read(open_site(f"{address}/sitemap.xml", visitor(tmp_path)))
    (lost,) = [left for left in export.left_out if "could not be had" in left.what]
    assert any("private/ledger.html" in example and "robots.txt" in example for example in lost.examples)


def test_a_site_without_sitemap_and_feed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "index.html").write_text("<p>Hello</p>")
    server, address = serve(tmp_path / "bare")
    try:
        with pytest.raises(InsightsError, match="neither a sitemap nor a feed"):
            open_site(address, visitor(tmp_path))
    finally:
        server.shutdown()
