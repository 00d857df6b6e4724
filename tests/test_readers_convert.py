"""HTML as Markdown, as our own renderer shows it."""

import subprocess
import sys
from pathlib import Path

import pytest

from insights.readers.markdown_writer import html_to_markdown
from insights.readers.proof import EXTENSIONS
from insights.render import page_html
from insights.settings import parse_publication

ROOT = Path(__file__).resolve().parents[1]
PUBLICATION = parse_publication((ROOT / "mkdocs.yml").read_text("utf-8"), "mkdocs.yml")


def shown(html):
    """What a page shows of an HTML fragment that became Markdown."""
    return page_html(html_to_markdown(html), PUBLICATION, "insights/note.md")


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<em>“b”</em>c</p>",
        "<p>a<strong>[b] c</strong>d</p>",
        "<p>a<em>-b</em> c</p>",
        "<p>a <em>b-</em>c</p>",
        "<p><code>a</code><code>b</code></p>",
        "<p><del>~a</del> <strong>about ~5 <del>b</del></strong></p>",
        "<p>a <strong>b</strong><em>c</em> d</p>",
    ],
    ids=["quoted in a word", "bracket", "opens", "closes", "two codes", "tildes", "two emphases"],
)
def test_inline_marks_are_read_back_as_the_same_elements(html):
    assert shown(html) == html


def test_break_in_a_link_stays():
    html = "<p><a href='https://ledger.example/'>a<br>b</a></p>"
    assert shown(html) == '<p><a href="https://ledger.example/">a<br>\nb</a></p>'


def test_alternative_text_that_looks_like_a_character_stays():
    assert 'alt="&amp;amp; and &amp;lt;"' in shown("<p><img src='x.png' alt='&amp;amp; and &amp;lt;'></p>")


def test_second_meaning_after_two_paragraphs_is_no_term():
    html = "<dl><dt>a</dt><dd><p>b</p><p>c</p></dd><dd>d</dd></dl>"
    assert shown(html).count("<dt>") == 1
    assert shown(html).count("<dd>") == 2


def test_table_of_merged_cells_keeps_its_caption_and_the_space_between_its_words():
    html = "<table><caption>Sums</caption><tr><th colspan=2>a</th></tr><tr><td>b</td><td>c</td></tr></table>"
    assert "<caption>Sums</caption>" in shown(html)
    assert "<td>b</td> <td>c</td>" in shown(html)


def test_code_keeps_its_tabs():
    assert "all:\n\tmake x" in shown("<pre>all:\n\tmake x</pre>")


def test_a_body_is_proved_by_what_reads_the_site():
    of_pages_alone = {"fenced_code", "insights.markup", "pymdownx.details"}
    assert set(PUBLICATION.markdown_extensions) - set(EXTENSIONS) == of_pages_alone


def test_made_up_articles_come_back_as_they_were():
    command = [sys.executable, "benchmarks/converter.py", "--documents", "60"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_emphasis_in_a_caption_inside_a_list_is_told_from_the_caption_s_own():
    figure = "<figure><img src='x.png' alt='x'><figcaption>The <em>Emma</em>, <b>1815</b></figcaption></figure>"
    assert "<figcaption>The <em>Emma</em>, <strong>1815</strong></figcaption>" in shown(f"<ul><li>{figure}</li></ul>")


@pytest.mark.parametrize(
    "inside",
    ["<div>a</div>", "<div><p>a</p></div>", "<h2>a</h2>", "<div><div><img src='x.png' alt='a'></div></div>"],
    ids=["box", "paragraph", "heading", "picture in boxes"],
)
def test_link_around_boxes_stays(inside):
    assert '<a href="https://ledger.example/">' in shown(f"<p>b</p><a href='https://ledger.example/'>{inside}</a>")


def test_pictures_in_boxes_of_their_own_share_a_caption():
    pictures = "".join(f"<div><img src='{name}.png' alt='{name}'></div>" for name in "ab")
    html = shown(f"<figure>{pictures}<figcaption>Both</figcaption></figure>")
    assert html.count("<img") == 2
    assert "<figcaption>Both</figcaption></figure>" in html.replace("\n", "")


def test_a_formula_is_written_once_by_its_tex_where_it_has_one() -> None:
    tex = '<annotation encoding="application/x-tex">x^2</annotation>'
    signs = "<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>"
    assert html_to_markdown(f"<p>So <math><semantics>{signs}{tex}</semantics></math> is.</p>") == "So x^2 is.\n"
    assert html_to_markdown(f"<p>So <math>{signs}</math> is.</p>") == "So x2 is.\n"
