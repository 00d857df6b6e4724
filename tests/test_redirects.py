from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import copy_publication, run_insights, serve

from insights.library import build_library
from insights.model import Article, Tag
from insights.settings import Publication, Settings
from insights.site.redirects import alias_href, render_redirects

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PUBLICATION = Publication("Review", "https://example.org/review/", "", "en", "", Settings(), (), {})


def article(slug: str, day: int, *aliases: str) -> Article:
    return Article(slug, slug.title(), "Text.\n", datetime(2026, 1, day, tzinfo=UTC), aliases=aliases)


@pytest.mark.parametrize(
    ("alias", "href"),
    [
        ("queues", "insights/queues/"),
        ("queues.md", "insights/queues/"),
        ("insights/queues.md", "insights/queues/"),
        ("/insights/queues/", "insights/queues/"),
        ("/2019/05/queues", "2019/05/queues/"),
        ("/old/page.html?id=1#top", "old/page.html"),
        ("https://example.com/blog/queues/", "blog/queues/"),
        ("/queues/", "queues/"),
        ("../../etc/passwd", None),
        ("/a/%2e%2e/%2e%2e/b", None),
        ("/a/b%2fc/", None),
        ("", None),
        ("/", None),
        ("/2019/queues/index.html", "2019/queues/"),
        ("/_headers/", None),
        ("/_worker.js", None),
        ("/.well-known/x.html", None),
        ("/old/.git/", None),
    ],
)
def test_an_alias_names_an_address_inside_the_site_or_none(alias: str, href: str | None) -> None:
    assert alias_href(alias) == href


def test_the_newer_of_two_claims_wins_and_a_page_that_is_there_is_never_replaced() -> None:
    library = build_library([article("old", 1, "/shared/"), article("new", 2, "/shared/", "/taken/")])
    files = dict(render_redirects(library, PUBLICATION, ["taken/index.html"]))
    assert sorted(files) == ["_redirects", "shared/index.html"]
    assert files["_redirects"] == b"/review/shared/ /review/insights/new/ 301\n"
    assert b'url=https://example.org/review/insights/new/"' in files["shared/index.html"]


@pytest.mark.parametrize(
    "alias",
    ["/index.html", "/taken/", "/404.html", "/taken/index.html/x/", "/feed.xml/", "/pagefind/x/"],
)
def test_a_former_address_never_stands_in_the_way_of_a_file(alias: str) -> None:
    taken = ["index.html", "taken/index.html", "404.html", "feed.xml", "a/b/index.html/x.css", "pagefind"]
    assert list(render_redirects(build_library([article("a", 1, alias)]), PUBLICATION, taken)) == []


def test_of_two_former_addresses_in_each_others_way_one_stands() -> None:
    library = build_library([article("a", 1, "/old.html", "/old.html/more/")])
    assert [path for path, _ in render_redirects(library, PUBLICATION, ())] == ["old.html", "_redirects"]


def test_an_article_cannot_take_the_place_of_another_page(publication: Path) -> None:
    path = publication / "content/insights/waiting-times.md"
    places = [
        "/index.html",
        "/insights/counting-what-waits/index.html",
        "/feed.xml/",
        "/_headers/",
        "/404.html",
        "/pagefind/x/",
    ]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("topic:", f"aliases: {places}\ntopic:", 1), encoding="utf-8")
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    for page in ("index.html", "404.html", "feed.xml"):
        assert "This page has moved" not in (publication / "site" / page).read_text(encoding="utf-8")
    assert "waiting-times" not in (publication / "site/_redirects").read_text(encoding="utf-8")


def test_without_aliases_there_is_nothing() -> None:
    assert list(render_redirects(build_library([article("a", 1)]), PUBLICATION, ())) == []


def test_a_former_tag_leads_to_the_tag_that_took_it_in() -> None:
    tags = [Tag("queues", "queues", ("Back log", "models")), Tag("models", "models"), Tag("idle", "idle", ("unused",))]
    tagged = replace(article("a", 1), tags=("queues", "models"))
    taken = ["tags/queues/index.html", "tags/models/index.html"]
    files = dict(render_redirects(build_library([tagged], tags=tags), PUBLICATION, taken))
    assert files["_redirects"] == b"/review/tags/back-log/ /review/tags/queues/ 301\n"


@pytest.mark.browser
def test_a_reader_with_an_old_address_arrives(browser: "Browser", tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "review")
    settings = root / "mkdocs.yml"
    path = root / "content" / "insights" / "waiting-times.md"
    path.write_text(path.read_text(encoding="utf-8").replace("topic:", "aliases: [/2019/waits.html]\ntopic:", 1))
    server, address = serve(root / "site")
    text = settings.read_text(encoding="utf-8").replace("https://small.example.org/review/", f"{address}/")
    settings.write_text(text, encoding="utf-8")
    assert run_insights(root, "build").returncode == 0
    page = browser.new_page()
    page.goto(f"{address}/2019/waits.html")
    page.wait_for_url(f"{address}/insights/waiting-times/")
    assert page.inner_text("h1") == "Waiting times"
    page.close()
    server.shutdown()
