"""Every feed of the hostile corpus, read back by real readers and held against schemas and the W3C's checks."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import unquote

import atoma
import fastfeedparser
import feed_cases
import feedparser
import jsonschema
import msgspec
import pytest
from feed_cases import CASES, documents, feeds, library, publication
from feed_rules import CONTENT, html_breaks, rule_breaks
from lxml import etree

from insights.feeds import Group, list_feeds, render_feeds
from insights.feeds.ids import article_id, as_uri, distinct_moment
from insights.feeds.paging import MAX_DOCUMENT_BYTES, Page, fit_contents, page_links, split_pages
from insights.library import build_library
from insights.model import Article, Author, Image, Tag, Topic
from insights.settings import FeedSettings, Publication, Settings
from insights.store import read_library, read_publication

SITE = "https://feeds.example.org/qa/"
FH = "{http://purl.org/syndication/history/1.0}"
RELAX_NG = etree.RelaxNG(etree.parse(CASES / "atom.rng"))
JSON_SCHEMA = json.loads((CASES / "json_feed.schema.json").read_text("utf-8"))


def with_settings(**changes: Any) -> Publication:
    settings = publication().settings
    return dataclasses.replace(
        publication(),
        settings=msgspec.structs.replace(settings, feeds=msgspec.structs.replace(settings.feeds, **changes)),
    )


def article(slug: str, day: int = 1, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "title": slug.title(),
        "body": f"The body of {slug}.\n",
        "date": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day),
        "topic": "Space",
        "authors": ("Ada Byron",),
        "description": f"About {slug}.",
        "path": f"content/insights/{slug}.md",
    }
    return Article(slug=slug, **{**fields, **changes})


def rendered(*articles: Article, to: Publication | None = None) -> dict[str, bytes]:
    return dict(render_feeds(library(articles), to or publication()))


@cache
def _whole_feeds() -> dict[str, bytes]:
    return dict(render_feeds(library(), with_settings(entries=50), feed_cases.SIZES))


def whole_site(name: str) -> bytes:
    """The site's feed with the whole corpus in one document."""
    return _whole_feeds()[name]


@pytest.mark.parametrize("path", [path for path in feeds() if path.endswith(".xml")])
def test_validator_finds_neither_error_nor_warning(path: str) -> None:
    assert rule_breaks(feeds()[path]) == []


@pytest.mark.parametrize("path", documents("atom"))
def test_atom_is_valid_by_rfc_4287(path: str) -> None:
    assert RELAX_NG.validate(etree.fromstring(feeds()[path])), RELAX_NG.error_log


@pytest.mark.parametrize("path", documents("json"))
def test_json_feed_is_valid_by_its_specification(path: str) -> None:
    jsonschema.validate(json.loads(feeds()[path]), JSON_SCHEMA)


def test_schemas_and_rules_do_find_faults() -> None:
    atom, rss = feeds()["atom.xml"], feeds()["feed.xml"]
    assert not RELAX_NG.validate(
        etree.fromstring(atom.replace(b"<published>", b"<issued>").replace(b"</published>", b"</issued>"))
    )
    assert not RELAX_NG.validate(etree.fromstring(re.sub(rb"<id>tag:[^<]*</id>", b"<id>17</id>", atom, count=1)))
    assert any(
        "SelfNotAtom" in found for found in rule_breaks(rss.replace(b'type="application/rss+xml"', b'type="text/xml"'))
    )
    assert any("ContainsRelRef" in found for found in html_breaks('<a href="x.html">x</a>'))
    assert any("NotHtml" in found for found in html_breaks("<b><i></b></i>"))
    assert any("SecurityRisk" in found for found in html_breaks("<object></object>"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(feeds()["feed.json"]), "version": "1"}, JSON_SCHEMA)


def test_rss_atom_and_json_say_the_same_field_by_field() -> None:
    rss, atom = feedparser.parse(whole_site("feed.xml")), feedparser.parse(whole_site("atom.xml"))
    items = json.loads(whole_site("feed.json"))["items"]
    assert not rss.bozo
    assert not atom.bozo
    assert len(rss.entries) == len(atom.entries) == len(items) == len(feed_cases.articles())
    for one, two, three in zip(rss.entries, atom.entries, items, strict=True):
        assert one.title == two.title
        assert html.unescape(one.title) in (three["title"], html.unescape(three["title"]))
        assert one.summary == two.summary
        assert html.unescape(one.summary) in (three["summary"], html.unescape(three["summary"]))
        assert one.link == two.link == three["url"]
        assert one.id == three["id"]
        assert two.id == as_uri(one.id, publication())
        assert one.published_parsed == two.published_parsed
        assert datetime.fromisoformat(two.published) == datetime.fromisoformat(three["date_published"])
        assert one.updated == two.updated == three["date_modified"]
        assert [tag.term for tag in one.get("tags", [])] == [tag.label for tag in two.get("tags", [])]
        assert [tag.term for tag in one.get("tags", [])] == three.get("tags", [])
        assert [tag.scheme for tag in one.get("tags", [])] == [tag.scheme for tag in two.get("tags", [])]
        assert [author.href for author in two.get("authors", []) if "href" in author] == [
            author["url"] for author in three.get("authors", []) if "url" in author
        ]
        assert one.content[0].value == two.content[0].value
        assert one.get("media_content") == two.get("media_content")


def test_content_is_the_same_to_the_byte_in_all_formats() -> None:
    rss, atom = etree.fromstring(whole_site("feed.xml")), etree.fromstring(whole_site("atom.xml"))
    contents = [item["content_html"] for item in json.loads(whole_site("feed.json"))["items"]]
    assert [element.text for element in rss.iter(CONTENT)] == contents
    assert [element.text for element in atom.iter("{http://www.w3.org/2005/Atom}content")] == contents


def test_other_readers_read_the_same() -> None:
    items = json.loads(whole_site("feed.json"))["items"]
    rss, atom = atoma.parse_rss_bytes(whole_site("feed.xml")), atoma.parse_atom_bytes(whole_site("atom.xml"))
    assert [item.guid for item in rss.items] == [item["id"] for item in items]
    assert [item.content_encoded for item in rss.items] == [item["content_html"] for item in items]
    assert [entry.updated.isoformat() for entry in atom.entries] == [item["date_modified"] for item in items]
    assert [entry.content.value for entry in atom.entries] == [item["content_html"] for item in items]
    for name in ("feed.xml", "atom.xml", "feed.json"):
        fast = fastfeedparser.parse(whole_site(name).decode())
        assert [entry.link for entry in fast.entries] == [item["url"] for item in items]


def test_people_are_named_with_and_without_a_page() -> None:
    feed = rendered(article("one", authors=("Ada Byron", "Grace <g@example.org> & co", "Ada Byron")))
    rss, atom = etree.fromstring(feed["feed.xml"]), etree.fromstring(feed["atom.xml"])
    names = ["Ada Byron", "Grace <g@example.org> & co"]
    assert [each.text for each in rss.iter("{http://purl.org/dc/elements/1.1/}creator")] == names
    assert [each.text for each in atom.iterfind("{*}entry/{*}author/{*}name")] == names
    authors = json.loads(feed["feed.json"])["items"][0]["authors"]
    assert authors == [{"name": names[0], "url": f"{SITE}authors/ada-byron/"}, {"name": names[1]}]


def test_lines_of_content_stay_below_900_bytes() -> None:
    for path in documents("json"):
        for item in json.loads(feeds()[path])["items"]:
            text = item.get("content_html") or item["content_text"]
            assert max(len(line.encode()) for line in text.split("\n")) < 900, path


def test_title_that_is_only_markup_is_shown_not_swallowed() -> None:
    for name in ("feed.xml", "atom.xml"):
        assert "&lt;em&gt;&lt;/em&gt;" in [entry.title for entry in feedparser.parse(whole_site(name)).entries]


def test_feeds_exist_for_site_topics_tags_authors_and_newsletter() -> None:
    listed = list_feeds(library(), publication())
    assert {feed.group for feed in listed} == set(Group)
    assert "topics/empty/" not in {feed.folder for feed in listed}
    assert {"", "topics/r-and-d/", "tags/links/", "authors/ada-byron/", "newsletter/"} <= {
        feed.folder for feed in listed
    }
    for feed in listed:
        for href in feed.hrefs:
            assert html.unescape(_decoded(href)) in feeds()


def test_paths_come_sorted_and_once() -> None:
    paths = [path for path, _ in render_feeds(library(), publication())]
    assert paths == sorted(set(paths))


def test_rss_alias_differs_by_its_own_address_only() -> None:
    feed, alias = feeds()["feed.xml"], feeds()["feed.rss"]
    assert feed.replace(b"/qa/feed.xml", b"/qa/feed.rss") == alias


def test_newsletter_feed_leads_to_the_chosen_articles() -> None:
    entry = feedparser.parse(feeds()["newsletter/feed.xml"]).entries[0]
    chosen = feed_cases.articles()[:3]
    assert entry.link == f"{SITE}newsletter/7/"
    assert html.unescape(entry.title) == "R&D <b>letter</b>"
    for each in chosen:
        assert f'href="{SITE}insights/{each.slug}/"' in entry.content[0].value


def test_entry_of_another_language_says_so() -> None:
    feed = whole_site("atom.xml")
    languages = {
        entry.findtext("{*}title"): entry.get("{http://www.w3.org/XML/1998/namespace}lang")
        for entry in etree.fromstring(feed).iterfind("{*}entry")
    }
    assert languages["品質の記録を続けるために"] == "ja"
    assert languages["Where links lead"] is None


def test_lead_picture_has_its_true_length_and_type_and_comes_once() -> None:
    entries = {entry.link.rsplit("/", 2)[1]: entry for entry in feedparser.parse(whole_site("feed.xml")).entries}
    lead, shown = entries["picture"], entries["shown-picture"]
    assert lead.media_content == [
        {
            "url": f"{SITE}assets/pictures/lead.PNG",
            "filesize": "48213",
            "type": "image/png",
            "medium": "image",
            "width": "1200",
            "height": "630",
        }
    ]
    assert lead.content[0].value.count("lead.PNG") == 1
    assert shown.content[0].value.count("a.svg") == 1


def test_picture_of_unknown_length_states_none() -> None:
    hosts = {"insights.markup": {"hosts": ["cdn.example.net"]}}
    shown = dataclasses.replace(publication(), markdown_configs=hosts)
    feed = rendered(article("one", image=Image("https://cdn.example.net/größe.webp")), to=shown)["feed.xml"]
    assert (
        b'<media:content url="https://cdn.example.net/gr%C3%B6%C3%9Fe.webp" type="image/webp" medium="image"/>' in feed
    )


def test_summaries_only_where_the_setting_says_so() -> None:
    feed = rendered(article("one"), to=with_settings(content="summary"))
    assert CONTENT not in {element.tag for element in etree.fromstring(feed["feed.xml"]).iter()}
    assert json.loads(feed["feed.json"])["items"][0]["content_text"] == "About one."
    for name in ("feed.xml", "atom.xml"):
        assert rule_breaks(feed[name]) == []
    assert RELAX_NG.validate(etree.fromstring(feed["atom.xml"]))


def test_summary_is_the_beginning_of_a_text_without_description() -> None:
    body = "## Heading\n\nFirst sentence.[^1] " + "More words follow here. " * 40 + "\n\n[^1]: Note.\n"
    summary = json.loads(rendered(article("one", description="", body=body))["feed.json"])["items"][0]["summary"]
    assert summary.startswith("First sentence. More words")
    assert summary.endswith("…")
    assert len(summary) < 310


def test_empty_publication_has_valid_feeds() -> None:
    feed = dict(render_feeds(build_library(), publication()))
    assert set(feed) == {"atom.xml", "feed.json", "feed.rss", "feed.xml", "feeds/feeds.opml"}
    assert rule_breaks(feed["atom.xml"]) == rule_breaks(feed["feed.xml"]) == []
    assert json.loads(feed["feed.json"])["items"] == []


# Ids


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title"},
        {"topic": "Markup"},
        {"date": datetime(2020, 5, 5, tzinfo=UTC)},
        {"slug": "renamed", "aliases": ("/insights/one/",)},
        {"slug": "renamed", "aliases": ("one",)},
        {"slug": "renamed", "aliases": ("/2019/05/elsewhere/", "insights/one.md", "two")},
    ],
    ids=["title", "topic", "date", "address", "short alias", "several aliases"],
)
def test_id_survives_a_change_of(changes: dict[str, Any]) -> None:
    before = article("one")
    after = dataclasses.replace(before, **changes)
    assert article_id(after, publication()) == article_id(before, publication())


def test_id_survives_a_change_of_domain() -> None:
    moved = dataclasses.replace(with_settings(authority="feeds.example.org,2026"), url="https://new.example.net/")
    assert article_id(article("one"), moved) == article_id(article("one"), publication())
    assert article_id(article("one"), publication()) == "tag:feeds.example.org,2026:insights/one"


def test_guid_of_another_engine_is_kept_and_made_a_uri_for_atom() -> None:
    feed = rendered(article("one", guid="https://old.example.com/?p=1&x"), article("two", guid="post 17"))
    rss, atom = feedparser.parse(feed["feed.xml"]), feedparser.parse(feed["atom.xml"])
    assert {entry.id for entry in rss.entries} == {"https://old.example.com/?p=1&x", "post 17"}
    assert not any(entry.guidislink for entry in rss.entries)
    assert {entry.id for entry in atom.entries} == {
        "https://old.example.com/?p=1&x",
        "tag:feeds.example.org,2026:guid/post%2017",
    }


def test_two_articles_never_share_an_id() -> None:
    old, new, third = (
        article("one", 1, guid="x:1"),
        article("two", 2, guid="x:1"),
        article("three", 3, aliases=("two",)),
    )
    ids = [entry.id for entry in feedparser.parse(rendered(old, new, third)["atom.xml"]).entries]
    assert len(set(ids)) == 3
    assert "x:1" in ids


def test_articles_of_one_second_differ_in_their_update_and_stay_so() -> None:
    moment = datetime(2026, 2, 13, tzinfo=UTC)
    first = distinct_moment(moment, "tag:a,2026:1")
    assert first != distinct_moment(moment, "tag:a,2026:2")
    assert first == distinct_moment(moment, "tag:a,2026:1")
    assert first.replace(microsecond=0) == moment
    assert distinct_moment(moment.replace(microsecond=5), "tag:a,2026:1") == first


# Stable bytes


def test_two_builds_are_identical_in_another_process_and_time_zone() -> None:
    code = (
        "import hashlib, feed_cases\n"
        "from insights.feeds import render_feeds\n"
        "documents = render_feeds(feed_cases.library(), feed_cases.publication(), feed_cases.SIZES)\n"
        "print(hashlib.sha256(b''.join(path.encode() + data for path, data in documents)).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(CASES.parent.parent), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"))
    }
    assert len(digests) == 1
    assert dict(render_feeds(library(), publication(), feed_cases.SIZES)) == feeds()


def test_one_edit_changes_only_the_documents_that_hold_the_article() -> None:
    articles = tuple(
        article(
            f"a{number:02}", number, topic="Space" if number % 2 else "Markup", tags=("links", "code")[number % 2 :]
        )
        for number in range(12)
    )
    before = rendered(*articles)
    edited = tuple(dataclasses.replace(each, body="Changed.\n") if each.slug == "a01" else each for each in articles)
    after = rendered(*edited)
    assert before.keys() == after.keys()
    changed = {path for path in after if before[path] != after[path]}
    # a01 is the second oldest of twelve: in the oldest archive of the site, and in those of its author, topic and
    # tag by summary, which has not changed. The newsletter lists a00 to a02, but shows only title and description.
    assert changed == {"atom-archive-1.xml", "feed-archive-1.xml", "feed-archive-1.json"}
    newest = tuple(dataclasses.replace(each, title="Changed") if each.slug == "a11" else each for each in articles)
    after = rendered(*newest)
    names = ("atom.xml", "feed.json", "feed.rss", "feed.xml")
    folders = ("", "topics/space/", "authors/ada-byron/", "tags/code/")
    assert {path for path in after if before[path] != after[path]} == {
        folder + name for folder in folders for name in names
    }


def test_new_article_leaves_all_complete_archives_but_the_newest_as_they_are() -> None:
    articles = tuple(article(f"a{number:02}", number) for number in range(20))
    before, after = rendered(*articles), rendered(*articles, article("new", 99))
    changed = {path for path in before if "archive" in path and before[path] != after[path]}
    assert {re.findall(r"archive-(\d+)", path)[0] for path in changed} <= {"5"}


def test_dates_come_from_content_only() -> None:
    feed = rendered(article("one", updated=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)), article("two", 40))
    assert b"<lastBuildDate>Wed, 04 Mar 2026 05:06:07 +0000</lastBuildDate>" in feed["feed.xml"]
    dates = set(re.findall(rb"\b20\d\d-\d\d-\d\d|\d\d [A-Z][a-z]{2} 20\d\d", b"".join(feed.values())))
    assert dates == {b"2026-01-02", b"02 Jan 2026", b"2026-02-10", b"10 Feb 2026", b"2026-03-04", b"04 Mar 2026"}


# Archives


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("folder", ["", "topics/markup/", "authors/ada-byron/"])
def test_archives_reach_every_article_once(folder: str, name: str) -> None:
    expected = [entry.slug for entry in library().articles]
    if folder:
        by_path = {
            "topics/markup/": lambda each: each.topic == "Markup",
            "authors/ada-byron/": lambda each: "Ada Byron" in each.authors,
        }
        expected = [each.slug for each in library().articles if by_path[folder](each)]
    followed = {
        rel: _follow(folder + name, rel) for rel in (("next",) if name.endswith("json") else ("next", "prev-archive"))
    }
    for slugs in followed.values():
        assert slugs == expected


def test_archive_says_that_it_is_one_and_leads_back() -> None:
    for path in ("feed-archive-2.xml", "atom-archive-2.xml"):
        root = etree.fromstring(feeds()[path])
        links = {link.get("rel"): link.get("href") for link in root.iter("{http://www.w3.org/2005/Atom}link")}
        current, kind = ("feed.xml", "feed") if path.startswith("feed") else ("atom.xml", "atom")
        assert len(list(root.iter(f"{FH}archive"))) == 1
        assert links["self"] == f"{SITE}{path}"
        assert links["current"] == f"{SITE}{current}"
        assert links["prev-archive"] == links["next"] == f"{SITE}{kind}-archive-1.xml"
        assert links["next-archive"] == links["previous"] == f"{SITE}{kind}-archive-3.xml"
        assert "hub" not in links


def test_subscription_document_links_self_hub_and_older_entries() -> None:
    for path in ("feed.xml", "atom.xml", "topics/markup/atom.xml"):
        root = etree.fromstring(feeds()[path])
        links = {link.get("rel"): link.get("href") for link in root.iter("{http://www.w3.org/2005/Atom}link")}
        assert links["self"] == SITE + path
        assert links["hub"] == "https://hub.example.org/"
        assert links["next"] == links["prev-archive"]
        assert not list(root.iter(f"{FH}archive"))
    assert json.loads(feeds()["feed.json"])["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]


def test_each_page_of_a_feed_leads_to_both_its_neighbours_and_to_the_newest() -> None:
    links = {
        number: {link.rel: link.url for link in page_links(Page(number, (), 2), "now", "old-{}".format)}
        for number in (0, 2, 1)
    }
    assert links == {
        0: {"prev-archive": "old-2", "next": "old-2"},
        2: {"current": "now", "prev-archive": "old-1", "next": "old-1", "previous": "now"},
        1: {"current": "now", "next-archive": "old-2", "previous": "old-2"},
    }
    assert page_links(Page(0, (), 0), "now", "old-{}".format) == ()


@pytest.mark.parametrize("total", [0, 1, 2, 3, 5, 6, 7, 8, 9, 100])
def test_pages_hold_every_entry_once_and_grow_from_the_oldest(total: int) -> None:
    entries = list(range(total, 0, -1))
    pages = split_pages(entries, 3)  # type: ignore[arg-type]
    assert [entry for page in pages for entry in page.entries] == entries
    assert [page.number for page in pages] == [0, *range(len(pages) - 1, 0, -1)]
    assert all(len(page.entries) == 3 for page in pages[1:])
    assert len(pages[0].entries) in (range(3, 6) if total >= 3 else range(3))
    later = split_pages([total + 1, *entries], 3)  # type: ignore[arg-type]
    assert {page.number: page.entries for page in pages[1:]}.items() <= {
        page.number: page.entries for page in later
    }.items()


def test_no_document_exceeds_500_kb_though_articles_do() -> None:
    bodies = {f"huge{number}": f'<p>Text &amp; "more" {"x y &amp; " * 60_000}</p>' for number in range(4)}
    articles = [article(slug, number) for number, slug in enumerate([*bodies, "small0", "small1"])]
    site = with_settings(entries=50)
    feed = dict(
        render_feeds(library(tuple(articles)), site, html_of=lambda each: bodies.get(each.slug, "<p>Small.</p>"))
    )
    assert max(map(len, feed.values())) < MAX_DOCUMENT_BYTES
    items = json.loads(feed["feed.json"])["items"]
    assert ["content_html" in item for item in items] == [True, True, False, False, False, False]
    assert all("content_text" in item for item in items[2:])
    assert rule_breaks(feed["atom.xml"]) == []


def test_contents_that_fit_are_kept_beside_one_that_does_not() -> None:
    assert fit_contents([(1000, 200_000), (1000, 400_000), (1000, 100_000)]) == (True, False, True)


# This publication


def test_feeds_of_our_own_content_are_without_fault() -> None:
    root = CASES.parents[2]
    ours, _ = read_library(root)
    live = ours.live(datetime(2100, 1, 1, tzinfo=UTC))
    for path, data in render_feeds(live, read_publication(root)):
        assert len(data) < MAX_DOCUMENT_BYTES
        if path.endswith(".xml"):
            assert rule_breaks(data) == [], path
        elif path.endswith(".json"):
            jsonschema.validate(json.loads(data), JSON_SCHEMA)


# OPML


def test_opml_lists_every_feed_by_group() -> None:
    root = etree.fromstring(feeds()["feeds/feeds.opml"])
    assert root.get("version") == "2.0"
    assert [outline.get("text") for outline in root.find("body")] == ["Site", "Newsletter", "Topics", "Tags", "Authors"]
    outlines = root.findall("body/outline/outline")
    assert [outline.get("xmlUrl") for outline in outlines] == [
        SITE + feed.rss_href for feed in list_feeds(library(), publication())
    ]
    assert {outline.get("type") for outline in outlines} == {"rss"}
    assert all(outline.get("text") and outline.get("title") and outline.get("htmlUrl") for outline in outlines)


# The edges of names and addresses


def test_names_with_markup_reach_every_format_unharmed() -> None:
    parts = build_library(
        [article("one", topic='R&D <b>"lab"</b>', tags=("a & b",), authors=("Ben & Sons",))],
        topics=[Topic("r-d", 'R&D <b>"lab"</b>')],
        tags=[Tag("a-b", "a & b")],
        authors=[Author("ben", "Ben & Sons")],
    )
    feed = dict(render_feeds(parts, publication()))
    labels = ['R&D <b>"lab"</b>', "a & b"]
    assert [each.get("label") for each in etree.fromstring(feed["atom.xml"]).iterfind("{*}entry/{*}category")] == labels
    assert [
        html.unescape(each.text) for each in etree.fromstring(feed["feed.xml"]).iterfind("channel/item/category")
    ] == labels
    assert json.loads(feed["feed.json"])["items"][0]["tags"] == labels


def test_addresses_of_letters_beyond_ascii_are_percent_encoded() -> None:
    feed = dict(render_feeds(library(), publication()))
    assert "tags/品質/feed.xml" in feed
    root = etree.fromstring(feed["tags/品質/atom.xml"])
    assert root.find("{*}link[@rel='self']").get("href") == f"{SITE}tags/%E5%93%81%E8%B3%AA/atom.xml"
    assert root.find("{*}entry/{*}link").get("href").isascii()


def test_site_on_an_international_domain_has_ascii_ids() -> None:
    site = dataclasses.replace(publication(), url="https://bücher.example/", settings=Settings(feeds=FeedSettings()))
    assert article_id(article("one"), site) == "tag:xn--bcher-kva.example,2026:insights/one"


def _follow(path: str, rel: str) -> list[str]:
    slugs: list[str] = []
    visited: set[str] = set()
    while path and path not in visited:
        visited.add(path)
        if path.endswith(".json"):
            document = json.loads(feeds()[path])
            slugs += [_decoded(item["url"]).rsplit("/", 2)[1] for item in document["items"]]
            url = document.get("next_url")
        else:
            root = etree.fromstring(feeds()[path])
            entries = root.findall("{*}entry/{*}link[@rel='alternate']") or root.findall("channel/item/link")
            slugs += [_decoded(link.get("href") or link.text).rsplit("/", 2)[1] for link in entries]
            found = [
                link.get("href") for link in root.iter("{http://www.w3.org/2005/Atom}link") if link.get("rel") == rel
            ]
            url = found[0] if found else None
        path = url.removeprefix(SITE) if url else ""
    return slugs


def _decoded(href: str) -> str:
    return unquote(href)
