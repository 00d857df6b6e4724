"""The HTML reader: what it keeps of a page, what it leaves out, what it says about it, and what it refuses."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from insights.errors import SourceError
from insights.model import Source
from insights.readers.authors import split_names
from insights.readers.dates import parse_date
from insights.readers.decode import decode
from insights.readers.html import read_html
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import html_to_markdown
from insights.readers.proof import render, shown_words
from insights.readers.titles import without_site

CASES = Path(__file__).parent / "cases/readers"
PAGE_URL = "https://ledger.example/notes/count-twice"
PROSE = "A sentence that is long enough to be read as prose, with a comma, and a full stop at its end. " * 3


def renders_same(text, html):
    """Whether Markdown shows the words of the HTML, in their order, and nothing else."""
    return shown_words(render(text)) == shown_words(html)


@pytest.mark.parametrize("case", sorted((CASES / "convert").glob("*.html")), ids=lambda path: path.stem)
def test_conversion_gives_the_markdown_of_the_case(case):
    written = html_to_markdown(case.read_text("utf-8"), "https://site.example/dir/page.html")
    assert written == case.with_suffix(".md").read_text("utf-8")


@pytest.mark.parametrize("case", sorted((CASES / "convert").glob("*.html")), ids=lambda path: path.stem)
def test_converted_markdown_renders_to_the_same_words(case):
    if case.stem == "links-images-notes":
        pytest.skip("an embed's title and a note's text move on purpose")
    html = case.read_text("utf-8")
    assert renders_same(html_to_markdown(html), html)


HOSTILE_TEXTS = (
    "<script>alert(1)</script>", "*a* _b_ `c` [d](e) ![f](g)", "# no", "1. no", "- no", "+ no", "> no", "| a | b |",
    "{: .cls }", "{#id}", "!!! note", "??? note", "*[abbr]: x", "[^1]: note", "[foo]: http://x", "&copy; &lt;",
    "a\\*b \\ c",
    "~~x~~ ~y~", "***", "---", "===", "___init__", "``` py", "<!-- c -->", "[x] task", "<http://x.y>", ": def",
    "\\", "`", "!",
)  # fmt: skip
PLACES = (
    "<p>{}</p>", "<ul><li>{}</li></ul>", "<h2>{}</h2>", "<blockquote><p>{}</p></blockquote>", "<p>a<br>{}</p>",
    "<table><tr><th>a</th></tr><tr><td>{}</td></tr></table>",
    "<p><strong>{}</strong> b</p>", "<p><a href='http://x/'>{}</a></p>",
    "<p>{}<a href='http://x/'>b</a></p>", "<pre>{}</pre>", "<p><code>{}</code></p>", "<dl><dt>a</dt><dd>{}</dd></dl>",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_text_that_looks_like_markup_stays_text(place):
    for text in HOSTILE_TEXTS:
        html = place.format(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        assert renders_same(html_to_markdown(html), html), (html, html_to_markdown(html))


def test_page_gives_its_article_and_nothing_of_the_page():
    page = CASES / "pages/shop-note.html"
    extract = read_html(Source("shop-note.html", page.read_bytes(), PAGE_URL))
    assert extract.body == page.with_suffix(".md").read_text("utf-8")


def test_export_of_google_docs_gets_its_structure_back():
    page = CASES / "pages/google-doc.html"
    extract = read_html(Source("google-doc.html", page.read_bytes()))
    assert extract.title == "How we count twice"
    assert extract.body == page.with_suffix(".md").read_text("utf-8")


def test_link_through_google_leads_where_it_says_on_a_page_of_google_docs_alone():
    link = "<a href='https://www.google.com/url?q=https://ledger.example/'>the ledger</a>"
    assert "google.com/url" in read_article(f"<article><p>{PROSE}</p><p>{PROSE} {link}</p></article>")


def test_metadata_comes_with_the_rule_that_chose_it():
    extract = read_html(Source("n", (CASES / "pages/shop-note.html").read_bytes(), PAGE_URL))
    assert extract.title == "Why small shops count twice"
    assert extract.authors == ("Ida Marlowe", "Tom Reyes")
    assert extract.published == datetime(2024, 5, 31, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert extract.language == "en-GB"
    assert extract.tags == ("stock", "counting")
    rules = {evidence.field: evidence.rule for evidence in extract.evidence}
    assert rules["published"] == "JSON-LD datePublished"
    assert rules["authors"] == "JSON-LD author"


def read_article(body: str, head: str = "") -> str:
    """The Markdown of a page around a body."""
    return read_html(Source("n", f"<html><head>{head}</head><body>{body}</body></html>".encode(), PAGE_URL)).body


def test_parts_that_a_page_streams_last_stand_in_their_places():
    body = read_article(
        f"<article><p>{PROSE}</p><!--$?--><template id='B:1'></template><p>Loading</p><!--/$--><p>The end. {PROSE}</p>"
        f"</article><div hidden id='S:1'><p>The middle. {PROSE}</p></div>"
    )
    assert "Loading" not in body
    assert body.index("The middle.") < body.index("The end.")


def test_streamed_part_without_its_place_stays_hidden():
    assert "aside" not in read_article(f"<article><p>{PROSE}</p></article><div hidden id='S:9'>An aside.</div>")


def test_picture_above_the_text_is_the_articles():
    body = read_article(
        "<article><header><h1>Tea</h1><figure><img src='/lead.jpg'><figcaption>Green tea</figcaption></figure></header>"
        f"<div class='entry-content'><p>{PROSE}</p><p>{PROSE}</p></div></article>",
        "<title>Tea</title>",
    )
    assert "/lead.jpg" in body
    assert "Green tea" in body


def test_portrait_above_the_text_is_not_the_articles():
    body = read_article(
        "<article><header><h1>Tea</h1><img class='avatar' src='/ida.jpg'></header>"
        f"<div class='entry-content'><p>{PROSE}</p><p>{PROSE}</p></div></article>",
        "<title>Tea</title>",
    )
    assert "ida.jpg" not in body


def test_prose_outweighs_the_name_of_its_box():
    for name in ("skip-item", "el-d983ad0", "scroll-story", "drawers"):
        kept = f"What it is called matters less. {PROSE}"
        body = read_article(f"<article><p>{PROSE}</p><div class='{name}'><p>{kept}</p></div><p>{PROSE}</p></article>")
        assert "What it is called" in body, name


def test_sections_called_after_the_contents_are_no_contents():
    sections = "".join(f"<div id='toc_{n}'><h2>Part {n}</h2><p>{PROSE}</p></div>" for n in range(8))
    assert "Part 7" in read_article(f"<article>{sections}</article>")


def test_heading_is_not_judged_by_the_id_that_repeats_it():
    body = read_article(
        f"<article><p>{PROSE}</p><h2 id='related-social-media'>Related social media</h2><p>{PROSE}</p></article>"
    )
    assert "## Related social media" in body


def test_story_in_a_gallery_is_not_the_article():
    slides = "".join(f"<li><h2>{n}/9 A slide</h2><p>Its own story. {PROSE}</p></li>" for n in range(9))
    body = read_article(f"<div><p>{PROSE}</p><p>{PROSE}</p><div class='full-gallery'><ul>{slides}</ul></div></div>")
    assert "slide" not in body


def test_label_of_a_picture_for_screen_readers_is_left_out():
    figure = "<figure><span>Photo</span><img src='/a.png' alt='Tea'><figcaption>Green</figcaption></figure>"
    assert "Photo" not in read_article(f"<article><p>{PROSE}</p>{figure}<p>{PROSE}</p></article>")


def test_neighbours_of_one_emphasis_are_one():
    html = "<p><em>Call Me b</em><em>y Your Name</em>, <b>a</b><strong>b</strong>, <b>c</b> <b>d</b></p>"
    written = html_to_markdown(html)
    assert written == "*Call Me by Your Name*, **ab**, **c** **d**\n"
    assert renders_same(written, html)


def test_long_note_in_an_aside_stays_and_a_short_or_linked_one_goes():
    note = f"<aside><p>A note of some length. {PROSE}</p></aside>"
    box = (
        "<aside><p>A pull quote</p></aside><aside>"
        + "<p><a href='/x'>Another article of ours</a></p>" * 20
        + "</aside>"
    )
    body = read_article(f"<article><p>{PROSE}</p>{note}<p>{PROSE}</p>{box}<p>{PROSE}</p></article>")
    assert "A note of some length." in body
    assert "pull quote" not in body
    assert "Another article" not in body


def test_small_preview_of_a_picture_is_left_out():
    html = "<figure><img src='/max/60/a.png?q=20'><img src='/max/800/a.png'></figure>"
    body = read_article(f"<article><p>{PROSE}</p>{html}<p>{PROSE}</p></article>")
    assert "/800/a.png" in body
    assert "/60/" not in body


def authors_of(body: str, head: str = "") -> tuple[str, ...]:
    page = f"<title>Tea at noon</title>{head}<body><h1>Tea at noon</h1>{body}<p>{PROSE}</p></body>"
    return read_html(Source("n", page.encode(), PAGE_URL)).authors


def test_author_may_be_the_second_thing_that_a_card_tells():
    head = (
        "<meta name='twitter:label1' content='Est. reading time'><meta name='twitter:data1' content='7 minutes'>"
        "<meta name='twitter:label2' content='Written by'><meta name='twitter:data2' content='Ida Marlowe'>"
    )
    assert authors_of("", head) == ("Ida Marlowe",)


def test_what_a_template_left_unfilled_is_no_author():
    head = "<meta name='author' content='page.head.extra.author'>"
    assert authors_of("<span class='post-author'>Ida Marlowe</span>", head) == ("Ida Marlowe",)
    assert authors_of("", "<meta name='author' content='{{ author.name }}'>") == ()


def test_author_in_a_builders_widget_is_found():
    box = f"<p>{PROSE * 3}</p><div class='elementor-widget'><h3>Written by Ida Marlowe</h3></div>"
    assert authors_of(box) == ("Ida Marlowe",)


def published_of(body: str, head: str = "", url: str = PAGE_URL, lang: str = "en") -> str:
    """The day that a page with a title was published, "" where it does not say."""
    page = f"<html lang='{lang}'><head><title>Tea at noon</title>{head}</head><body>{body}<p>{PROSE}</p></body></html>"
    published = read_html(Source("n", page.encode(), url)).published
    return published.date().isoformat() if published else ""


def test_label_belongs_to_the_date_after_it_also_above_the_title():
    above = "<p><span>22 December 2022</span> <span>Updated:</span> <span>2 January 2026</span></p><h1>Tea at noon</h1>"
    assert published_of(above) == "2022-12-22"


def test_date_said_to_be_of_publication_outweighs_the_pages_data():
    data = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2025-11-29"}</script>'
    far = f"<h1>Tea at noon</h1><p>{PROSE * 8}</p><div>Published <span>13 August 2025</span></div>"
    assert published_of(far, data) == "2025-08-13"


def test_day_shown_outweighs_the_day_in_utc():
    time = "<time datetime='2026-02-24T04:13:00Z'>February 23, 2026</time>"
    assert published_of(f"<h1>Tea at noon</h1>{time}") == "2026-02-23"


@pytest.mark.parametrize(
    ("url", "lang", "day"),
    [
        (PAGE_URL, "en", "2023-03-10"),
        (PAGE_URL, "en-GB", "2023-10-03"),
        (PAGE_URL, "fr", "2023-10-03"),
        ("https://ledger.example/2023/october/03/tea", "en", "2023-10-03"),
    ],
)
def test_numbers_are_read_in_the_pages_own_order(url, lang, day):
    assert published_of("<h1>Tea at noon</h1><p>03/10/2023</p>", url=url, lang=lang) == day


def test_names_around_the_title_do_not_make_its_date_anothers():
    page = "<div class='story-sidebar-mode widget'><div><h1>Tea at noon</h1><p>31 May 2024</p></div></div>"
    assert published_of(page) == "2024-05-31"


def test_date_of_a_linked_teaser_is_not_the_articles():
    teaser = f"<a href='/other'><h3>Another article about something else</h3><p>31 May 2024</p><p>{PROSE}</p></a>"
    assert not published_of(f"<h1>Tea at noon</h1>{teaser}")


def test_day_in_data_and_address_outweighs_one_in_the_text():
    meta = "<meta property='article:published_time' content='2021-01-18T19:55+01:00'>"
    body = "<h1>Tea at noon</h1><ul><li>2022-04-12 Link to the kettle</li></ul>"
    assert published_of(body, meta, url="https://ledger.example/2021/01/18/tea") == "2021-01-18"
    assert published_of(body, meta) == "2022-04-12"


def test_update_shown_outweighs_the_making_of_the_page_but_not_that_of_the_article():
    data = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2015-04-06"}</script>'
    meta = "<meta property='article:published_time' content='2015-04-06'>"
    body = "<h1>Tea at noon</h1><p>Updated September 28, 2025</p>"
    assert published_of(body, data) == "2025-09-28"
    assert published_of(body, data + meta) == "2015-04-06"


@pytest.mark.parametrize(
    "line",
    ["Updated on 09/10/2025", "12 December 2025 - 17 December 2025", "<span class='modified-date'>3 May 2024</span>"],
    ids=["figures of two meanings", "a span of time", "a change"],
)
def test_date_that_need_not_be_that_of_publication_is_none(line):
    shown = f"<p>{line}</p>" if "<" not in line else f"<p>{PROSE * 8}</p>{line}"
    assert not published_of(f"<h1>Tea at noon</h1>{shown}")


def test_date_by_another_main_heading_counts_where_the_likeliest_has_none():
    top = "<h1>What we drink when the bell rings</h1><p>6 November 2024</p>"
    assert published_of(f"{top}<p>{PROSE * 8}</p><h2>Tea at noon</h2>") == "2024-11-06"


def test_only_date_in_elements_named_dates_is_the_pages():
    far, line = f"<h1>Tea at noon</h1><p>{PROSE * 8}</p>", "<p class='date'>3 December 2025. <i>Updated: today</i></p>"
    assert published_of(far + line) == "2025-12-03"
    assert not published_of(far + line + "<p class='date'>4 December 2025</p>")


def test_page_without_dates_gets_none():
    extract = read_html(Source("n", f"<h1>Tea</h1><p>{PROSE}</p><footer>© 2019</footer>".encode()))
    assert extract.published is None
    assert extract.updated is None


def test_links_resolve_against_the_canonical_address_where_the_source_has_none():
    html = f'<link rel=canonical href="https://a.example/x/y"><p>{PROSE} <a href="z">z</a></p>'
    assert "(https://a.example/x/z)" in read_html(Source("n", html.encode())).body


def test_accordions_that_are_folded_are_read():
    folded = f'<div class="accordion-panel" style="display:none"><p>Folded {PROSE}</p></div>'
    html = f"<article><p>{PROSE}</p>{folded}</article>"
    assert "Folded" in read_html(Source("n", html.encode())).body


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Grüße aus Köln, ein Text.".encode("utf-16"), "Grüße aus Köln, ein Text."),
        (b'<meta charset="utf-16">' + "Grüße aus Köln".encode(), "Grüße aus Köln"),
        (b'<meta charset="utf-8">' + "Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
        (b'<meta charset="Shift_JIS">' + "日本語のテキスト".encode("shift_jis"), "日本語のテキスト"),
        (b"\xef\xbb\xbfHello\x00 there", "Hello there"),
    ],
    ids=["utf-16", "says utf-16, is utf-8", "says utf-8, is latin-1", "shift_jis", "bom and NUL"],
)
def test_bytes_are_read_whatever_the_page_says_of_them(data, text):
    assert decode(Source("n", data), LIMITS).endswith(text)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"  \n", "empty"),
        (bytes(range(256)) * 50, "binary"),
        (b"<p>word</p>" * 200, "elements"),
        (b"<p>" + b"word " * 2000, "characters"),
        (b"<html><body><script>1</script></body></html>", "no text"),
    ],
    ids=["empty", "binary", "too many elements", "too much text", "no text"],
)
def test_source_that_cannot_be_read_is_named(data, what):
    with pytest.raises(SourceError, match=what) as caught:
        read_html(Source("pages/x.html", data), Limits(max_elements=100, max_characters=5000))
    assert caught.value.where == "pages/x.html"


@pytest.mark.parametrize(
    "markup", [b"<div>", b"<p><span>", b"<blockquote>a", b"<ul><li>a"], ids=["div", "span", "quote", "list"]
)
def test_deep_nesting_is_flattened_and_not_followed(markup):
    extract = read_html(Source("n", markup * 40_000 + b"the text at the bottom"))
    assert "the text at the bottom" in " ".join(extract.body.split())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-31T09:30:00Z", "2024-05-31"),
        ("May 31st, 2024", "2024-05-31"),
        ("31 May 2024 at 10:00", "2024-05-31"),
        ("31. Mai 2024", "2024-05-31"),
        ("le 1er août 2024", "2024-08-01"),
        ("3 de mayo de 2024", "2024-05-03"),
        ("12 dicembre 2024, 10:30", "2024-12-12"),
        ("7 maart 2024", "2024-03-07"),
    ],
)
def test_dates_are_read_in_the_ways_pages_write_them(text, day):
    moment = parse_date(text)
    assert moment is not None
    assert moment.tzinfo is not None
    assert moment.date().isoformat() == day


@pytest.mark.parametrize("text", ["May 2024 was wet", "12", "31/02/2024x", "soon"])
def test_half_a_date_is_no_date(text):
    assert parse_date(text) is None


def test_date_without_a_zone_is_utc():
    assert parse_date("2024-05-31") == datetime(2024, 5, 31, tzinfo=UTC)


def test_names_lose_what_stands_around_them():
    assert list(split_names("By Ida Marlowe and Tom Reyes | May 3, 2024")) == ["Ida Marlowe", "Tom Reyes"]
    assert list(split_names("admin")) == []


def test_title_loses_the_site_but_not_its_own_dash():
    assert without_site("Tea | The Daily Leaf", "The Daily Leaf", None) == "Tea"
    assert without_site("Tea – a history of the leaf in Europe", "", None) == "Tea – a history of the leaf in Europe"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<span>Wow!</span>Tea at noon", "Tea at noon"),
        ("Tea at noon <small>Subscribers</small>", "Tea at noon"),
        ("<time>17 June</time> <em>Tea</em> at noon", "Tea at noon"),
        ("<span>Why</span> tea at noon", "Why tea at noon"),
        ("<span>Tea</span> at noon", "Tea at noon"),
    ],
)
def test_label_in_a_heading_that_no_stated_title_has_is_left_out(heading, title):
    page = f"<title>Tea at noon</title><body><h1>{heading}</h1><p>{PROSE}</p></body>"
    assert read_html(Source("n", page.encode(), PAGE_URL)).title == title


@pytest.mark.parametrize("said", ["mehr", "View", "adding sources to it"])
def test_link_that_says_more_is_no_author(said):
    assert authors_of(f"<a rel=author href=/a>{said}</a>") == ()


@pytest.mark.parametrize("wrapped", ["{}", "<![CDATA[{}]]>", "//<![CDATA[\n{}\n//]]>", "<!-- {} -->", "{};"])
def test_data_in_a_wrapping_and_with_line_breaks_is_read(wrapped):
    data = '{"@type": "Article", "author": "Ida Marlowe", "description": "Two\nlines"}'
    assert authors_of("", f'<script type="application/ld+json">\n{wrapped.format(data)}</script>') == ("Ida Marlowe",)


def test_card_of_facts_that_is_called_after_the_page_names_no_author():
    assert authors_of("<table class='vcard'><tr><th class='fn'>Tea at noon</th></tr></table>") == ()


def test_lists_of_a_page_that_word_saved_nest_and_count():
    def item(level, marker, text):
        return (
            f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'><span style='mso-list:Ignore'>{marker}"
            f"<span>&nbsp; </span></span>{text}</p>"
        )

    items = item(1, "1.", "Count") + item(2, "o", "by shelf") + item(2, "o", "by box") + item(1, "2.", "Compare")
    page = f"<div class=WordSection1><p class=MsoNormal>{PROSE}</p>{items}<p class=MsoNormal>{PROSE}</p></div>"
    body = read_html(Source("n", page.encode())).body
    assert "1. Count\n    - by shelf\n    - by box\n2. Compare\n" in body


def test_shadow_trees_show_their_children_in_their_slots_and_end_in_time():
    tree = "<x-a><template shadowrootmode='open'><p>First. {0}</p><slot></slot></template><p>Then. {0}</p></x-a>"
    body = read_html(Source("n", f"<main>{tree.format(PROSE)}</main>".encode())).body
    assert body.index("First.") < body.index("Then.")
    nested = "<x-a><template shadowrootmode='open'>" * 3000 + f"<p>{PROSE}</p>"
    assert read_html(Source("n", f"<main>{nested}</main><p>{PROSE}</p>".encode())).body


@pytest.mark.parametrize("levels", [(1,), (1, 2), (1, 2, 3, 4)], ids=["flat", "two deep", "four deep"])
def test_thousands_of_words_list_items_are_all_there(levels):
    items = "".join(
        f"<p class=MsoNormal style='mso-list:l0 level{levels[number % len(levels)]} lfo1'>"
        f"<span style='mso-list:Ignore'>o</span>item {number}</p>"
        for number in range(8000)
    )
    body = read_html(Source("n", f"<div class=WordSection1>{items}</div>".encode())).body
    assert body.count("- item") == 8000
