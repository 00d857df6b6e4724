"""What the site tells hosts and programs: headers, Markdown twins, llms.txt, languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from conftest import PROJECT
from lxml import html

from insights.article import parse_article
from insights.library import build_library
from insights.model import Article, Origin
from insights.settings import AdminSettings, NewsletterSettings, Publication
from insights.site.hosting import render_headers, site_policy
from insights.site.plain import render_llms, render_twin
from insights.store import read_publication

SITE = PROJECT / "tests" / "site"
ADDRESS = "https://small.example.org/review/"


def publication_with(**changes: object) -> Publication:
    publication = read_publication(SITE)
    return replace(publication, settings=msgspec.structs.replace(publication.settings, **changes))


def blocks(publication: Publication) -> dict[str, list[str]]:
    assets = {"css": "assets/insights.00000000.css", "speculation": "assets/speculation-rules.00000000.json"}
    hrefs = ["", "insights/waiting-times/", "topics/", "about/"]
    ((_path, data),) = render_headers(publication, hrefs, assets)
    return {
        lines[0]: [line.strip() for line in lines[1:]]
        for lines in (block.split("\n") for block in data.decode().strip().split("\n\n"))
    }


def policies(found: dict[str, list[str]]) -> list[str]:
    return [path for path, headers in found.items() if any(each.startswith("Content-Security") for each in headers)]


def test_every_page_has_the_policy_and_files_named_by_content_stay_for_ever() -> None:
    found = blocks(read_publication(SITE))
    assert policies(found) == ["/review/*"]
    kept = [path for path, headers in found.items() if "Cache-Control: public, max-age=31536000, immutable" in headers]
    assert "/review/assets/insights.00000000.css" in kept
    assert "/review/*" not in kept
    rules = found["/review/assets/speculation-rules.00000000.json"]
    assert "Content-Type: application/speculationrules+json" in rules


def test_the_admin_page_is_left_its_own_policy() -> None:
    found = blocks(publication_with(admin=AdminSettings(backend="github", repository="a/b")))
    assert policies(found) == ["/review/", "/review/about/*", "/review/insights/*", "/review/topics/*"]


def test_the_form_may_post_to_the_mailing_list_alone() -> None:
    newsletter = NewsletterSettings(action="https://list.example.com/subscribe?x=1")
    assert "form-action 'self' https://list.example.com;" in site_policy(publication_with(newsletter=newsletter))


def test_pictures_may_come_from_the_hosts_that_the_settings_allow() -> None:
    configs = {"insights.markup": {"hosts": ["pictures.example.com"]}}
    policy = site_policy(replace(read_publication(SITE), markdown_configs=configs))
    assert "img-src 'self' https://pictures.example.com; media-src 'self' https://pictures.example.com;" in policy


def test_the_policy_of_the_guide_is_that_of_the_code() -> None:
    guide = (PROJECT / "docs" / "hosting.md").read_text(encoding="utf-8")
    policy = site_policy(read_publication(SITE))
    assert f'default "{policy}";' in guide
    assert f'content="{policy.partition("; frame-ancestors")[0]}"' in guide
    for line in blocks(read_publication(SITE))["/review/*"]:
        name, _colon, value = line.partition(": ")
        assert name in {"Speculation-Rules", "Content-Security-Policy"} or f'{name} "{value}"' in guide


def test_the_built_list_names_files_that_are_there(built_site: Path) -> None:
    text = (built_site / "_headers").read_text(encoding="utf-8")
    for path in re.findall(r"^/review/(\S+)$", text, re.MULTILINE):
        assert path == "*" or list(built_site.glob(path)), path


def test_an_article_is_there_as_markdown_and_its_page_says_where(built_site: Path) -> None:
    page = html.parse(built_site / "insights/waiting-times/index.html")
    (link,) = page.xpath("//link[@type='text/markdown']/@href")
    twin = (built_site / "insights/waiting-times" / link).resolve()
    article, findings = parse_article(twin.read_text(encoding="utf-8"), "content/insights/waiting-times.md")
    source, _ = parse_article((SITE / "content/insights/waiting-times.md").read_text(), "waiting-times.md")
    assert article
    assert source
    assert findings == ()
    assert (article.title, article.body) == (source.title, source.body)


def test_the_markdown_of_an_article_tells_its_source_and_nothing_of_our_folders() -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    source = Origin("https://source.example/x", "content/sources/x.html", when, "a" * 64, "b" * 64)
    twin = render_twin(Article("x", "X", "Text.\n", when, source=source)).decode()
    assert "https://source.example/x" in twin
    assert not any(word in twin for word in ("content/sources", "aaaa", "bbbb", "retrieved"))
    assert "source" not in render_twin(Article("x", "X", "Text.\n", when, source=Origin(file="x.html"))).decode()


def test_relative_links_of_the_markdown_lead_somewhere(built_site: Path) -> None:
    for twin in built_site.glob("insights/*.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", twin.read_text(encoding="utf-8")):
            assert (twin.parent / target).exists(), (twin, target)


def test_llms_txt_lists_the_articles_and_its_addresses_are_there(built_site: Path) -> None:
    text = (built_site / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# Small & Sons Review\n\n> A miniature publication for tests.\n\n## Articles\n\n- [")
    links = re.findall(r"^- \[.+\]\((\S+)\)", text, re.MULTILINE)
    assert len(links) >= 3 + 2 + 3
    for link in links:
        path = built_site / link.removeprefix(ADDRESS)
        assert path.is_file() or (path / "index.html").is_file(), link


def test_a_title_with_brackets_stays_one_link_in_llms_txt() -> None:
    article, _ = parse_article(
        "---\ntitle: a](b) [c\ndate: 2026-01-01\ntopic: X\n---\nText.\n", "content/insights/x.md"
    )
    assert article
    text = render_llms(build_library([article]), read_publication(SITE))
    assert f"- [a\\](b) \\[c]({ADDRESS}insights/x.md)\n" in text


def test_translations_name_each_other_and_the_first_language(built_site: Path) -> None:
    expected = [
        ("en", f"{ADDRESS}insights/waiting-times/"),
        ("x-default", f"{ADDRESS}insights/waiting-times/"),
        ("de", f"{ADDRESS}insights/unbekannte-grossen/"),
    ]
    for slug, other in (("waiting-times", "de"), ("unbekannte-grossen", "en")):
        page = html.parse(built_site / "insights" / slug / "index.html")
        links = [(link.get("hreflang"), link.get("href")) for link in page.xpath("//link[@hreflang]")]
        assert links == expected
        assert page.xpath("//ul[@class='versions']//a/@hreflang") == [other]
    others = html.parse(built_site / "insights/counting-what-waits/index.html")
    assert not others.xpath("//*[@hreflang]")
