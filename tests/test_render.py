"""Markdown as it leaves the site: links, safety, long lines, plain text."""

from __future__ import annotations

import re

import pytest
from feed_cases import CASES, publication
from feed_rules import html_breaks
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from insights.errors import RenderError
from insights.plaintext import html_to_text
from insights.render import fold_lines, render_html, resolve_href
from insights.urls import absolute, article_href, edition_href, page_href, topic_href

SITE = "https://feeds.example.org/qa/"
PATH = "insights/foo.md"


def render(markdown: str, path: str = PATH) -> str:
    return render_html(markdown, publication(), path)


def render_text(markdown: str) -> str:
    return html_to_text(render(markdown))


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("other.md", f"{SITE}insights/other/"),
        ("other.md#x", f"{SITE}insights/other/#x"),
        ("other.md?a=1#x", f"{SITE}insights/other/?a=1#x"),
        ("../about.md", f"{SITE}about/"),
        ("../index.md", SITE),
        ("../topics/index.md#top", f"{SITE}topics/#top"),
        ("../assets/a/b.svg", f"{SITE}assets/a/b.svg"),
        ("../assets/a%20b.svg", f"{SITE}assets/a%20b.svg"),
        ("../../../../assets/b.svg", f"{SITE}assets/b.svg"),
        ("品質.md", f"{SITE}insights/%E5%93%81%E8%B3%AA/"),
        ("%E5%93%81%E8%B3%AA.md", f"{SITE}insights/%E5%93%81%E8%B3%AA/"),
        ("#part", f"{SITE}insights/foo/#part"),
        ("?x=1", f"{SITE}insights/foo/?x=1"),
        ("../bar/", f"{SITE}insights/bar/"),
        ("/feeds/", "https://feeds.example.org/feeds/"),
        ("//cdn.example.net/x.js", "https://cdn.example.net/x.js"),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("http://[broken", ""),
    ],
)
def test_href_resolves_as_on_the_page(href: str, url: str) -> None:
    assert resolve_href(href, SITE, PATH) == url


def test_url_scheme_has_no_leading_slash_and_is_percent_encoded() -> None:
    assert absolute(SITE, article_href("品質")) == f"{SITE}insights/%E5%93%81%E8%B3%AA/"
    assert topic_href("a b") == "topics/a%20b/"
    assert edition_href(3) == "newsletter/3/"
    assert page_href("index.md") == ""
    assert page_href("topics/index.md") == "topics/"


def test_every_url_in_the_html_is_absolute() -> None:
    markdown = (CASES / "insights" / "relative-links.md").read_text("utf-8").split("---\n", 2)[2]
    html = render(markdown)
    urls = re.findall(r'(?:href|src|poster)="([^"]*)"', html)
    urls += [part.split()[0] for value in re.findall(r'srcset="([^"]*)"', html) for part in value.split(",")]
    assert len(urls) >= 25
    assert not [url for url in urls if not re.match(r"https?://|mailto:", url)]
    assert 'srcset="https://feeds.example.org/qa/assets/small.png 1x, ' in html
    assert "https://feeds.example.org/huge.png" not in html
    assert "https://feeds.example.org/assets/huge.png 3x" in html


@pytest.mark.parametrize("path", sorted((CASES / "insights").glob("*.md")), ids=lambda path: path.stem)
def test_hostile_body_is_safe_valid_and_in_short_lines(path) -> None:
    html = render(path.read_bytes().decode().split("---\n", 2)[2], f"insights/{path.name}")
    assert list(html_breaks(html)) == []
    assert max(len(line.encode()) for line in html.split("\n")) < 900
    for forbidden in (
        "<script",
        "<style",
        "<iframe",
        "<svg",
        "javascript:",
        "data:text",
        "onclick",
        "onerror",
        "style=",
    ):
        assert forbidden not in html.lower()


def test_markup_of_code_stays_text() -> None:
    html = render("```html\n<script>alert(1)</script>\n```\n\n`a < b && c`\n")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<code>a &lt; b &amp;&amp; c</code>" in html


def test_what_only_a_page_can_use_is_left_out() -> None:
    html = render('## Part one {.big}\n\n```python\nx = 1\n```\n\n<p class="a" id="b" data-c="d">text</p>\n')
    assert "¶" not in html
    assert not re.search(r"class=|id=|data-|<span", html)


def test_task_list_shows_its_boxes_without_form_controls() -> None:
    html = render("- [x] done\n- [ ] open\n")
    assert re.search(r"☑\s*done", html)
    assert re.search(r"☐\s*open", html)
    assert "<input" not in html


def test_admonition_keeps_its_title() -> None:
    assert "<strong>Mind the gap</strong>" in render('!!! note "Mind the gap"\n    Text.\n')


def test_footnotes_of_one_text_do_not_leak_into_the_next() -> None:
    first = render("A.[^1]\n\n[^1]: Note.\n")
    assert "Note." in first
    assert "Note." not in render("B.\n")
    assert render("A.[^1]\n\n[^1]: Note.\n") == first


def test_forbidden_characters_are_removed() -> None:
    html = render("a\x00b\x07c\x85d\ufffee\uffffF\ud800g\ufffd\n")
    assert html == "<p>abcdeFg</p>"


def test_link_too_long_for_a_line_is_left_out_and_its_text_stays() -> None:
    html = render(f"[text](https://example.org/{'a' * 900})\n")
    assert "text" in html
    assert "aaaa" not in html


def test_folding_adds_nothing_but_line_ends() -> None:
    prose = f"<p>{'word <b>bold</b> &amp; ' * 200}{'漢字。' * 400}{'x' * 2000}</p>\n"
    code = f"<pre><code>{'a &lt; b; ' * 300}\n  next{'y' * 1500}</code></pre>"
    folded = fold_lines(prose + code)
    assert max(len(line.encode()) for line in folded.split("\n")) < 900
    assert "".join(folded.split()) == "".join((prose + code).split())


def test_folding_breaks_prose_at_spaces_and_chinese_after_punctuation() -> None:
    prose, chinese = f"<p>{'some words and ' * 200}</p>", f"<p>{'漢字仮名、' * 200}</p>"
    assert fold_lines(prose).replace("\n", " ") == prose
    lines = fold_lines(chinese).removeprefix("<p>\n").split("\n")
    assert len(lines) > 4
    assert all(line.endswith("、") for line in lines[:-1])


def test_folding_keeps_code_and_attributes_whole() -> None:
    html = (
        f'<p><img src="https://example.org/{"a" * 700}" alt="{"one two " * 200}"></p>\n<pre>{"if x: pass  " * 10}</pre>'
    )
    folded = fold_lines(html)
    before, after = (lxml_html.fragment_fromstring(part, create_parent="div") for part in (html, folded))
    assert after.find(".//img").get("src") == before.find(".//img").get("src")
    assert after.find(".//img").get("alt").split() == before.find(".//img").get("alt").split()
    assert after.find("pre").text == before.find("pre").text


def test_short_html_is_not_touched() -> None:
    html = "<p>One.</p>\n<pre><code>two\n</code></pre>"
    assert fold_lines(html) == html


@given(st.text(alphabet=st.sampled_from('ab <>&"漢🚀\n`*_[]()#-'), max_size=3000).map(lambda text: text * 3))
def test_no_line_of_any_text_is_long(text: str) -> None:
    html = render(text)
    assert max(len(line.encode()) for line in html.split("\n")) < 900


def test_text_carries_every_link_and_fits_72_columns() -> None:
    markdown = (CASES / "insights" / "relative-links.md").read_text("utf-8").split("---\n", 2)[2]
    text = render_text(markdown)
    links = set(re.findall(r'<a href="([^"]*)"', render(markdown)))
    assert {url.replace("&amp;", "&") for url in links if not url.startswith("mailto")} <= set(
        re.findall(r"<(https?://[^>]*)>", text)
    )
    assert all(len(line) <= 72 or "://" in line for line in text.split("\n"))


def test_text_of_each_kind_of_block() -> None:
    markdown = """## Heading

A paragraph with **bold**, *emphasis*, `code` and a [link](other.md).

- one
- two

    1. inner

> quoted

```
x  =  1
```

| A | B |
| - | - |
| 1 | 2 |

![a picture](a.png)

***

Said.[^1]

[^1]: A note.
"""
    assert render_text(markdown).split("\n") == [
        "Heading",
        "-------",
        "",
        "A paragraph with **bold**, *emphasis*, `code` and a link",
        f"<{SITE}insights/other/>.",
        "",
        "- one",
        "",
        "- two",
        "",
        "  1. inner",
        "",
        "> quoted",
        "",
        "    x  =  1",
        "",
        "A | B",
        "1 | 2",
        "",
        "[a picture]",
        "",
        "-" * 72,
        "",
        "Said.[1]",
        "",
        "-" * 72,
        "",
        "1. A note.",
    ]


def test_text_of_nothing_is_empty() -> None:
    assert render_text("") == ""


@pytest.mark.parametrize("opening", ["<div>", "> ", "<ul><li>", "<b>", "*", "["])
def test_deep_nesting_neither_fails_nor_loses_its_words(opening: str) -> None:
    text = render_text(opening * 800 + "words")
    assert "words" in text


def test_list_that_starts_at_no_number_counts_from_one() -> None:
    assert render_text('<ol start="x"><li>one</li></ol>\n') == "1. one"


def test_lists_nested_too_deep_are_an_error_and_do_not_spoil_the_next_text() -> None:
    with pytest.raises(RenderError, match="nested too deep"):
        render("- " * 800 + "words")
    assert render("One.\n\nTwo.\n") == "<p>One.</p>\n<p>Two.</p>"
