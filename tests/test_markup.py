import pytest
from conftest import PROJECT
from markdown import Markdown

from insights.markup import sanitise
from insights.settings import parse_publication


@pytest.fixture(scope="module")
def markdown() -> Markdown:
    """Python-Markdown as the site runs it."""
    publication = parse_publication((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"), "mkdocs.yml")
    return Markdown(
        extensions=list(publication.markdown_extensions), extension_configs=dict(publication.markdown_configs)
    )


def render(markdown: Markdown, text: str) -> str:
    markdown.reset()
    return markdown.convert(text)


def test_a_table_scrolls_by_itself_and_aligns_by_class(markdown: Markdown) -> None:
    html = render(markdown, "| a | b |\n| --- | ---: |\n| 1 | 2 |")
    assert html.startswith('<div aria-label="Table" class="table" role="group" tabindex="0"><table>')
    assert '<td class="align-right">2</td>' in html
    assert "style=" not in html


def test_a_picture_with_a_line_of_emphasis_below_is_a_figure(markdown: Markdown) -> None:
    html = render(markdown, "![Wait](a.svg)\n\n*The wait, **by load**.*\n\nText.")
    assert "<figcaption>The wait, <strong>by load</strong>.</figcaption></figure>" in html
    assert 'alt="Wait"' in html
    assert "<p>Text.</p>" in html


def test_a_picture_in_a_sentence_stays_there(markdown: Markdown) -> None:
    assert "<figure" not in render(markdown, "See ![x](a.svg) here.\n\n*Not a caption.*")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "text\n{: onclick=alert(1) }",
        "## Heading {: onmouseover=alert(1) style=position:fixed }",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src=https://example.org></iframe>",
        "<form action=https://example.org><input type=password><button>x</button></form>",
        "<style>*{display:none}</style>",
        '<base href="https://example.org/">',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
        '</div></main><h1 class="x">outside</h1>',
        "<a href='vbscript:x' target=_blank>x</a>",
    ],
)
def test_nothing_that_runs_or_breaks_out_is_left(markdown: Markdown, text: str) -> None:
    html = render(markdown, text).lower()
    for part in ("<script", "onerror", "onclick", "onmouse", "javascript:", "data:", "vbscript:", "<iframe", "<form"):
        assert part not in html
    for part in ("<style", "style=", "<base", "<meta", "<svg", "<math", "</main", "password", "target="):
        assert part not in html


def test_markup_that_is_talked_about_stays_literal(markdown: Markdown) -> None:
    html = render(markdown, "Write `<script>alert(1)</script>` or &lt;b&gt;:\n\n```html\n<img onerror=x>\n```")
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in html
    assert "&lt;b&gt;" in html
    assert "onerror" in html
    assert "<img" not in html


def test_ids_of_our_own_page_cannot_be_taken() -> None:
    assert sanitise('<p id="page__main">x</p><p id="note">y</p>') == '<p>x</p><p id="note">y</p>'


def test_what_articles_need_stays(markdown: Markdown) -> None:
    text = 'Term\n:   Meaning\n\n- [x] done\n\nText.[^1]\n\n!!! note "Mind"\n    this\n\n[^1]: A note.'
    html = render(markdown, text)
    for part in ("<dt>Term</dt>", 'type="checkbox"', 'class="footnote"', 'class="admonition note"', "footnote-ref"):
        assert part in html


def test_below_an_empty_corner_the_first_cells_head_their_rows(markdown: Markdown) -> None:
    html = render(markdown, "|  | Cases |\n| --- | --- |\n| **Before** | 1,000 |\n| | 3 |")
    assert '<th scope="row"><strong>Before</strong></th>' in html
    assert "<td>1,000</td>" in html
    assert html.count('scope="row"') == 1
    assert 'scope="row"' not in render(markdown, "| Kind | Cases |\n| --- | --- |\n| Before | 1,000 |")


def test_a_header_without_words_is_no_header(markdown: Markdown) -> None:
    html = render(markdown, "|  | b |\n| --- | --- |\n| 1 | 2 |")
    assert html.count("<th ") == 2
    assert '<th scope="col">b</th>' in html
    assert '<th scope="row">1</th>' in html


def test_a_task_has_a_name_and_cannot_be_changed(markdown: Markdown) -> None:
    html = render(markdown, "- [x] done\n- [ ] open")
    assert html.count('aria-label="Task"') == html.count('disabled=""') == 2
    assert html.count('checked=""') == 1
