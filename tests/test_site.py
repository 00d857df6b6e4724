"""The built miniature site, read as files: every page, link and feed of it."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from conftest import copy_publication, run_insights
from lxml import html

BASE = "https://small.example.org/review/"


def pages(site: Path) -> dict[str, html.HtmlElement]:
    """Every page by its address; those at former addresses, which lead on at once, have their own tests."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        if path.name == "index.html" and b'http-equiv="refresh"' not in path.read_bytes():
            found[urljoin(BASE, path.relative_to(site).as_posix().removesuffix("index.html"))] = html.fromstring(
                path.read_bytes()
            )
    return found


def text_of(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "about/index.html",
        "insights/waiting-times/index.html",
        "insights/counting-what-waits/index.html",
        "insights/unbekannte-grossen/index.html",
        "topics/index.html",
        "topics/operations/index.html",
        "topics/r-and-d/index.html",
        "tags/index.html",
        "tags/queues/index.html",
        "authors/index.html",
        "authors/zofia-zuraw/index.html",
        "archive/index.html",
        "series/desk-and-queue/index.html",
        "newsletter/index.html",
        "newsletter/1/index.html",
        "newsletter/1/email.html",
        "newsletter/1/email.txt",
        "search/index.html",
        "subscribe/index.html",
        "feeds/index.html",
        "404.html",
        "feed.xml",
        "atom.xml",
        "sitemap.xml",
        "robots.txt",
        "pagefind/pagefind.js",
        "assets/waiting-times/wait.svg",
    ],
)
def test_the_site_has(built_site: Path, path: str) -> None:
    assert (built_site / path).stat().st_size > 0


def test_drafts_and_future_articles_are_nowhere(built_site: Path) -> None:
    for path in built_site.rglob("*"):
        if path.suffix in {".html", ".xml", ".json", ".txt", ".md", ".eml", ".opml"}:
            text = path.read_text(encoding="utf-8")
            assert "xylophone" not in text, path
            assert "quokka" not in text, path
            assert "A draft" not in text, path


def test_every_internal_link_and_fragment_leads_somewhere(built_site: Path) -> None:
    every = pages(built_site)
    broken = []
    for address, page in every.items():
        targets = [
            (element, element.get(name)) for name in ("href", "src") for element in page.iter() if element.get(name)
        ]
        for element, value in targets:
            url, fragment = urldefrag(urljoin(address, value))
            if not url.startswith(BASE):
                assert urlsplit(url).scheme in {"https", "mailto"}, value
                continue
            relative = unquote(url.removeprefix(BASE))
            file = (
                built_site / relative / "index.html"
                if relative.endswith("/") or not relative
                else built_site / relative
            )
            if not file.is_file():
                broken.append((address, value))
            elif fragment and element.tag == "a":
                target = every[url]
                if not target.xpath("//*[@id=$id]", id=unquote(fragment)):
                    broken.append((address, value))
    assert broken == []


def test_every_page_can_be_reached_from_the_front_page(built_site: Path) -> None:
    every = pages(built_site)
    reached, waiting = set(), [BASE]
    while waiting:
        address = waiting.pop()
        if address in reached or address not in every:
            continue
        reached.add(address)
        waiting += [urldefrag(urljoin(address, href))[0] for href in every[address].xpath("//a/@href")]
    assert set(every) - reached - {address for address in every if "/newsletter/1/" in address} == set()


def test_names_with_markup_are_text_everywhere(built_site: Path) -> None:
    page = pages(built_site)[f"{BASE}insights/counting-what-waits/"]
    assert page.xpath("string(//h1)") == 'Counting what waits: <b>bold</b> & "quoted"'
    for path in built_site.rglob("index.html"):
        source = path.read_text(encoding="utf-8")
        assert "<b>bold</b>" not in source
        assert "<deck>" not in source
        assert "onclick" not in source


def test_related_articles_have_reasons_and_references_wait_without_a_link(built_site: Path) -> None:
    page = pages(built_site)[f"{BASE}insights/waiting-times/"]
    cards = page.xpath("//section[@class='related']//article")
    titles = [card.xpath("string(.//*[contains(@class, 'card-title')])").strip() for card in cards]
    assert titles[:2] == ['Counting what waits: <b>bold</b> & "quoted"', "The desk that closed"]
    assert cards[0].xpath(".//a[contains(@href, 'counting-what-waits')]")
    assert not cards[1].xpath(".//h3//a")
    assert all(card.xpath("string(.//p[@class='reason'])").strip() for card in cards)


def test_every_page_names_its_own_address_and_its_feeds(built_site: Path) -> None:
    for address, page in pages(built_site).items():
        if "/newsletter/1/" in address and "fragments" in address:
            continue
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert page.xpath("//link[@rel='alternate'][@type='application/rss+xml']")
        assert len(page.xpath("//h1")) == 1, address
        assert page.get("lang") == ("de" if "unbekannte" in address else "en")


def test_no_page_loads_anything_from_elsewhere(built_site: Path) -> None:
    for address, page in pages(built_site).items():
        loaded = page.xpath(
            "//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src | //iframe/@src"
        )
        assert all(urljoin(address, part).startswith(BASE) for part in loaded), address
        assert not page.xpath("//style | //*[@style] | //script[not(@src) and not(contains(@type, 'json'))]"), address


def test_mkdocs_itself_builds_the_same_site(built_site: Path, tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "publication")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert differing(built_site, root / "site") == []


def test_two_builds_elsewhere_and_elsewhen_are_the_same_bytes(built_site: Path, tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "another folder é")
    result = run_insights(root, "build", TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="7")
    assert result.returncode == 0, result.stderr
    assert differing(built_site, root / "site") == []


def differing(one: Path, other: Path) -> list[str]:
    """The files that only one folder has, or that differ."""
    names = {
        path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*") if path.is_file()
    }
    _same, different, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return sorted([*different, *missing])


def test_a_failed_build_leaves_the_last_good_site(publication: Path) -> None:
    assert run_insights(publication, "build").returncode == 0
    before = sorted(path.name for path in (publication / "site").rglob("*"))
    (publication / "overrides" / "article.html").write_text("{% broken")
    result = run_insights(publication, "build")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert sorted(path.name for path in (publication / "site").rglob("*")) == before


def test_a_wrong_setting_is_named_with_its_fix(publication: Path) -> None:
    settings = publication / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("tagline:", "taglin:"), encoding="utf-8")
    result = run_insights(publication, "build")
    assert result.returncode == 2
    assert "unknown field `taglin`" in result.stderr
    assert 'fix: use "tagline"' in result.stderr


def test_mistakes_in_content_are_shown_and_the_rest_is_built(publication: Path) -> None:
    (publication / "content" / "insights" / "broken.md").write_text("---\ntitle: A: b\n---\n")
    result = run_insights(publication, "build")
    assert "content/insights/broken.md:2:9" in result.stderr + result.stdout
    assert (publication / "site" / "insights" / "waiting-times" / "index.html").is_file()


def test_the_site_can_move_with_its_folder(publication: Path, tmp_path: Path) -> None:
    assert run_insights(publication, "build").returncode == 0
    moved = tmp_path / "moved"
    shutil.move(publication, moved)
    os.utime(moved)
    assert run_insights(moved, "build").returncode == 0


def test_a_logo_and_links_of_the_footer_come_from_the_settings(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "publication")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace(
        "  name: material\n", "  name: material\n  logo: assets/logo.svg\n"
    )
    links = "[{title: Imprint & more, href: about/}, {title: Elsewhere, href: 'https://a.example/@us'}]"
    settings.write_text(text.replace("    tagline:", f"    footer: {links}\n    tagline:"), encoding="utf-8")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (root / "content/assets/logo.svg").write_text(drawing, encoding="utf-8")
    built = run_insights(root, "build")
    assert (built.returncode, built.stderr) == (0, "")
    page = html.parse(root / "site/insights/waiting-times/index.html")
    (logo,) = page.xpath("//header/a[@class='wordmark']/img")
    assert (logo.get("src"), logo.get("alt")) == ("../../assets/logo.svg", "")
    assert (root / "site/assets/logo.svg").read_text(encoding="utf-8") == drawing
    assert '"logo":"https://small.example.org/review/assets/logo.svg"' in page.xpath("string(//script[@type])")
    shown = {link.text: link.get("href") for link in page.xpath("//footer//a")}
    assert shown["Imprint & more"] == "../../about/"
    assert shown["Elsewhere"] == "https://a.example/@us"
    assert html.parse(root / "site/404.html").xpath("//header//img/@src") == ["/review/assets/logo.svg"]


def test_a_page_without_a_logo_asks_for_none(built_site: Path) -> None:
    assert html.parse(built_site / "index.html").xpath("//header//img") == []
