"""The sanitiser's own rules; what thousands of payloads do to whole sites is in test_trust_payloads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from conftest import PROJECT, copy_publication, run_insights
from markdown import Markdown

from insights.article import parse_article
from insights.errors import RenderError
from insights.markup import InsightsExtension, sanitise
from insights.render import render_html
from insights.settings import parse_publication
from insights.site.cache import CACHE, Cache
from insights.site.inputs import Run
from insights.site.search import build_search_index
from insights.text import scheme


@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/x.png",
        "//elsewhere.example/x.png",
        "\\\\elsewhere.example/x.png",
        "/\\elsewhere.example/x.png",
        "/&#9;/elsewhere.example/x.png",
        "  //elsewhere.example/x.png",
        "https:\\\\elsewhere.example\\x.png",
        "https://images.example.org@elsewhere.example/x.png",
        "https:///elsewhere.example/x.png",
    ],
)
def test_a_picture_on_another_host_is_a_link_to_it(source: str) -> None:
    html = sanitise(f'<p><img src="{source}" alt="A &quot;wait&quot;"></p>')
    assert "<img" not in html
    assert "Picture: A &quot;wait&quot;</a>" in html


def test_a_linked_picture_on_another_host_stays_one_link() -> None:
    html = sanitise('<a href="/there/"><img src="https://elsewhere.example/x.png" alt="Wait"></a>')
    assert html == '<a href="/there/">Picture: Wait</a>'


def test_own_pictures_stay() -> None:
    for source in ("../assets/x.png", "/assets/x.png", "x.png?a=//b", "a:b.png".replace(":", "%3A")):
        assert f'src="{source}"' in sanitise(f'<img src="{source}" alt="">')


@pytest.mark.parametrize(
    "srcset", ["//elsewhere.example/x 2x", "a.png 1x, https://elsewhere.example/b.png 2x", "data:x"]
)
def test_candidates_on_another_host_are_left_out(srcset: str) -> None:
    assert "srcset" not in sanitise(f'<img src="a.png" srcset="{srcset}" alt="">')
    assert "srcset" not in sanitise(f'<picture><source srcset="{srcset}"><img src="a.png" alt=""></picture>')


def test_a_publication_may_allow_hosts_and_elements() -> None:
    options = {"hosts": ["media.example.org"], "elements": {"video": ["src", "controls", "onplay", "style"]}}
    markdown = Markdown(extensions=[InsightsExtension(**options)])
    html = markdown.convert(
        "![x](https://media.example.org/x.png)\n\n"
        '<video src="https://media.example.org/v.mp4" controls onplay="alert(1)" style="position:fixed"></video>\n\n'
        '<video src="https://elsewhere.example/v.mp4"></video>'
    )
    assert 'src="https://media.example.org/x.png"' in html
    assert 'src="https://media.example.org/v.mp4"' in html
    for part in ("onplay", "style", "elsewhere"):
        assert part not in html


@pytest.mark.parametrize("cite", ["jar:https://elsewhere.example/!/", "java\tscript:alert(1)", " data:text/html,x"])
def test_where_a_quotation_is_from_is_a_web_address(cite: str) -> None:
    for tag in ("blockquote", "q", "del", "ins"):
        assert "cite" not in sanitise(f'<{tag} cite="{cite}">x</{tag}>')
        assert 'cite="https://a.example/"' in sanitise(f'<{tag} cite="https://a.example/">x</{tag}>')


@pytest.mark.parametrize(
    "before", [*"\u00a0\u1680\u2028\u3000\u0085\u001f\u200b\ufeff", " ", "&#1;", "&#160;", "&#5760;"]
)
@pytest.mark.parametrize(
    "markup", ['<a href="{0}">x</a>', '<img src="{0}" alt="x">', "[x]({0})", "<p><a href='{0}'>x</a></p>"]
)
def test_a_space_that_only_python_takes_off_uncovers_no_script(before: str, markup: str) -> None:
    publication = parse_publication((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"), "mkdocs.yml")
    html = render_html(markup.format(f"{before}javascript:alert(1)"), publication, "insights/a.md")
    for address in re.findall('(?:href|src)="([^"]*)"', html):
        assert scheme(unescape(address)) in ("", "https")


@pytest.mark.parametrize("address", ["http://[x", "//[", "https://a\u2100b.example/", "https://[::1"])
def test_an_address_that_is_none_stops_no_build(publication: Path, address: str) -> None:
    path = publication / "content/insights/waiting-times.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[x]({address}) ![y]({address})\n\n[z][r]\n\n[r]: {address}\n", encoding="utf-8")
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("element", ["script", "SCRIPT", "svg", "style", "form", "meta", "base", "object"])
def test_no_setting_lets_in_what_runs(element: str) -> None:
    with pytest.raises(ValueError, match="cannot be allowed"):
        InsightsExtension(elements={element: []})


def test_classes_that_hide_or_float_are_the_themes_alone() -> None:
    assert sanitise('<p class="skip note visually-hidden">x</p>') == '<p class="note">x</p>'


@pytest.mark.parametrize("language", ["en", "de-AT", "zh-Hant-TW", "x-klingon"])
def test_a_language_is_a_tag(language: str) -> None:
    article, findings = parse_article(f"---\ntitle: T\ndraft: true\nlanguage: {language}\n---\nText.\n", "a.md")
    is_tag = language != "x-klingon"  # a private tag alone names no language
    assert article is not None
    assert (article.language == language) is is_tag
    assert any(finding.rule == "field-invalid" for finding in findings) is not is_tag


def test_a_hostile_language_does_not_stop_the_build(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    path = root / "content/insights/waiting-times.md"
    text = path.read_text(encoding="utf-8").replace("---\n", "---\nlanguage: '<svg/onload=alert(1)> y'\n", 1)
    path.write_text(text, encoding="utf-8")
    result = run_insights(root, "build")
    assert result.returncode == 0, result.stderr
    assert "onload" not in (root / "site/insights/waiting-times/index.html").read_text(encoding="utf-8")


_BEGINS = 'printf "%s," "$(echo \'{"message_id":1,"payload":{"type":"NewIndex","index_id":0}}\' | base64 -w 0)"\n'
_PANICS = "echo \"thread 'main' panicked at index.rs:1:\" >&2\necho 'out of bounds' >&2\nexit 101\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (_PANICS, r"panicked at index.rs:1: out of bounds"),
        (_BEGINS + _PANICS, r"panicked at index.rs:1: out of bounds"),
        (_BEGINS + "exit 0\n", r"Pagefind failed"),
        ("printf 'hello,'\nsleep 60\n", r"Pagefind failed"),
    ],
    ids=["at once", "at work", "silently", "in another tongue"],
)
def test_a_search_indexer_that_dies_is_an_error_not_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    command = tmp_path / "pagefind"
    command.write_text(f"#!/bin/sh\n{script}")
    command.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(command))
    (tmp_path / "index.html").write_text("<main data-pagefind-body>Words</main>")
    run = Run(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))
    with Cache(tmp_path / CACHE) as cache, pytest.raises(RenderError, match=said):
        build_search_index(tmp_path, cache, run)


def test_a_lead_picture_on_another_host_is_shown_nowhere(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "p")
    for number, source in enumerate(
        ["https://elsewhere.example/x.png", "//elsewhere.example/x.png", "data:image/png,x"]
    ):
        path = root / f"content/insights/lead-{number}.md"
        text = f"---\ntitle: Lead {number}\ndate: 2026-01-0{number + 1}\nimage: '{source}'\n---\n\nText.\n"
        path.write_text(text, encoding="utf-8")
    assert run_insights(root, "build").returncode == 0
    for path in [*root.glob("site/insights/lead-*/index.html"), *root.glob("site/*.xml"), *root.glob("site/*.json")]:
        text = path.read_text(encoding="utf-8").replace("&quot;", '"')
        assert 'src="//elsewhere' not in text, path
        assert 'src="https://elsewhere' not in text, path
        assert "data:image/png,x" not in text, path


def test_a_lead_picture_may_come_from_a_host_that_the_settings_allow() -> None:
    settings = (
        "site_name: A\nsite_url: https://a.example/\nmarkdown_extensions: [insights.markup: {hosts: [b.example]}]\n"
    )
    publication = parse_publication(settings, "mkdocs.yml")
    assert publication.shows("https://b.example/x.png")
    assert publication.shows("https://a.example/x.png")
    assert publication.shows("../assets/x.png")
    assert not publication.shows("https://c.example/x.png")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "blob:https://a.example/"]
)
def test_addresses_in_fields_are_web_addresses_or_left_out(tmp_path: Path, address: str) -> None:
    root = copy_publication(tmp_path / "p")
    quoted = json.dumps(address)
    for name, fields in (("a", f"canonical: {quoted}"), ("b", f"source: {{url: {quoted}}}")):
        text = f"---\ntitle: {name}\ndate: 2026-01-01\nauthors: [Mal]\n{fields}\n---\n\nText.\n"
        (root / f"content/insights/{name}.md").write_text(text, encoding="utf-8")
    (root / "content/authors/mal.md").write_text(f"---\ntitle: Mal\nurl: {quoted}\n---\n", encoding="utf-8")
    assert run_insights(root, "build").returncode == 0
    for page in ("insights/a", "insights/b", "authors/mal"):
        html = unescape((root / f"site/{page}/index.html").read_text(encoding="utf-8"))
        assert address not in html


def test_a_text_that_spells_the_mark_of_an_address_is_shown_as_it_is(publication: Path) -> None:
    front = "---\ntitle: Marks\ndate: 2026-01-01\ntopic: Operations\n---\n\n"
    for name, text in (("raw", "\ue0007\ue001"), ("spelt", "&#xE000;0&#xe001;"), ("mixed", "\ue000&#55;&#57345;")):
        page = f"{front}A [link](waiting-times.md) and {text} after.\n"
        (publication / f"content/insights/{name}.md").write_text(page, encoding="utf-8")
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    for name, shown in (("raw", "\ue0007\ue001"), ("spelt", "\ue0000\ue001"), ("mixed", "\ue0007\ue001")):
        html = (publication / f"site/insights/{name}/index.html").read_text(encoding="utf-8")
        assert f'A <a href="../waiting-times/">link</a> and {shown} after.' in html
