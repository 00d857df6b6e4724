"""What of a page is its article: its parts, what readers see in them, and what stands at its end."""

import pytest

from insights.model import Source
from insights.readers.html import read_html

PROSE = "A sentence that is long enough to be read as prose, with a comma, and a full stop at its end. " * 3
PAGE = "<!doctype html><html><head><title>Count twice</title></head><body><article>{}</article></body></html>"


def body_of(inside):
    """The Markdown of a page's article, read from this HTML between paragraphs of prose."""
    html = PAGE.format(f"<h1>Count twice</h1><p>{PROSE}</p>{inside}")
    return read_html(Source("note.html", html.encode(), "https://ledger.example/notes/count-twice")).body


def test_headings_before_a_list_that_is_the_article_stay():
    items = "".join(f"<li><h3>Step {number}</h3><p>{PROSE}</p><p>{PROSE}</p></li>" for number in range(4))
    assert "## Four steps that hold" in body_of(f"<h2>Four steps that hold</h2><ol>{items}</ol><p>{PROSE}</p>")


@pytest.mark.parametrize(
    "link", ["<a href='#again'>#</a>", "<a class='headerlink' href='#again'>¶</a>", "<a href='#again'>#again</a>"]
)
def test_link_of_a_heading_to_itself_is_left_out(link):
    assert "## Again\n" in body_of(f"<h2 id='again'>Again{link}</h2><p>{PROSE}</p>")


def test_link_that_is_a_heading_stays():
    assert "## [Again](https://ledger.example/#again)" in body_of(f"<h2><a href='/#again'>Again</a></h2><p>{PROSE}</p>")


def test_address_that_a_script_shows_is_shown():
    hidden = "bfdcd7d0dcdecfd6d4d4ffd3daded4d6c791d1dacb"
    link = f"<a href='/cdn-cgi/l/email-protection#{hidden}'><span data-cfemail='{hidden}'>[email protected]</span></a>"
    assert "[chocapikk@leakix.net](mailto:chocapikk@leakix.net)" in body_of(f"<p>Write to {link}, and ask.</p>")


@pytest.mark.parametrize("hidden", ["", "zz", "00", "0041", "bfdc"])
def test_what_hides_no_address_stays_as_it_is(hidden):
    assert "Write to us" in body_of(f"<p>Write to <span data-cfemail='{hidden}'>us</span>, and ask. {PROSE}</p>")


def test_breaks_at_the_end_of_a_span_begin_a_line():
    assert "one\n" in body_of(f"<p><span>one<br><br></span><b>Two:</b> {PROSE}</p>").replace("<br>", "")


def test_text_encoded_twice_is_read():
    once = "“It’s 20\u00a0°C”, they said"
    twice = once.encode().decode("latin-1")
    assert "“It’s 20 °C”, they said" in body_of(f"<p>{twice}. {PROSE}</p>")


def test_letters_that_look_like_an_encoding_stay():
    assert "Ã¤ and Â°, as an example" in body_of(f"<p>Ã¤ and Â°, as an example. {PROSE}</p>")


def test_heading_in_a_last_item_is_the_articles():
    listing = f"<ul><li><h3>Linen</h3><p>{PROSE}</p></li><li><h3>Hemp</h3></li></ul>"
    assert "Hemp" in body_of(f"<h2>Fabrics</h2><p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p>{listing}")


def test_words_that_announce_what_is_gone_go_too():
    related = "<p>This might be of interest to you:</p><ul><li><a href='/a'>Weigh twice</a></li></ul>"
    assert "of interest" not in body_of(f"<p>{PROSE}</p><p>{PROSE}</p><p>{PROSE}</p>{related}")


def test_question_above_a_folded_answer_stays():
    question = "<div class='accordion-item-header'>Who counts the second time?</div>"
    answer = f"<div class='accordion-item-description'><p>{PROSE}</p></div>"
    assert "Who counts the second time?" in body_of(
        f"<div class='accordion-item'>{question}{answer}</div><p>{PROSE}</p>"
    )


def test_sentence_with_a_link_stays_in_a_box_of_its_own():
    sentence = "It is a habit that takes <a href='/a'>ten minutes of every single day</a>, and saves an hour."
    assert "a habit that takes" in body_of(f"<div><div>{sentence}</div></div><p>{PROSE}</p>")
    assert "Habits" not in body_of(f"<div><div><a href='/a'>Habits of every single day</a></div></div><p>{PROSE}</p>")


def test_affiliate_links_are_a_subject_too():
    said = "To see what pays, the shop could use affiliate links, codes and counts of its own."
    assert "what pays" in body_of(f"<p>{said}</p><p>{PROSE}</p>")
    assert "a share" not in body_of(f"<p>This post holds affiliate links: we get a share.</p><p>{PROSE}</p>")


@pytest.mark.parametrize(
    "line",
    [
        "Posted by Ida at May 3, 2024 11:15 AM",
        "Post time: 01-04-2024",
        "This post was last updated May 2024",
        "The Ledger | 5 min read",
        "Note: the views expressed here are not necessarily those of the Ledger.",
        "This article was edited by Ida Marlowe",
        "Ida Marlowe contributed to this report.",
        "About the author: Ida Marlowe counts boxes, and has a shop of her own.",
        "Like what you read? Subscribe to our monthly newsletter!",
        "Boxes is a registered trademark of The Ledger, Inc.",
    ],
)
def test_line_of_the_page_about_the_article_is_left_out(line):
    assert line[:12] not in body_of(f"<p>{PROSE}</p><p>{line}</p><p>{PROSE}</p>")


def test_caption_said_of_several_pictures_stays_and_a_credit_goes():
    picture = "<figure><img src='/{}.png' alt='{}'><figcaption>{}</figcaption></figure>"
    views = "".join(picture.format(name, name, "The shop in May") for name in "abc")
    assert body_of(f"{views}<p>{PROSE}</p>").count("The shop in May") == 3
    credits_ = "".join(picture.format(name, name, "Credit: The Ledger") for name in "abc")
    assert "The Ledger" not in body_of(f"{credits_}<p>{PROSE}</p>")


def test_box_that_calls_to_an_action_is_left_out():
    call = (
        "<div class='{}'><div><h3>Count with us{}</h3><p>It is free.</p></div><a class='btn-big' href='/x'>Go</a></div>"
    )
    assert "Count with us" not in body_of(f"{call.format('box', '')}<p>{PROSE}</p>")
    cards = "".join(call.format(f"card c{number}a", number) for number in range(3))
    assert body_of(f"{cards}<p>{PROSE}</p>").count("Count with us") == 3


@pytest.mark.parametrize(
    "line",
    ["Veröffentlicht am 3. Mai 2024, aktualisiert am 7. Juli 2024", "Publié le 3 mai 2024", "3 de mayo de 2024"],
)
def test_date_beside_the_title_is_read_in_other_languages(line):
    parts = "".join(f"<p>{part}</p>" for part in line.split(", "))
    page = PAGE.format(f"<h1>Count twice</h1>{parts}<p>{PROSE}</p>")
    extract = read_html(Source("note.html", page.encode()))
    assert extract.published is not None
    assert extract.published.date().isoformat() == "2024-05-03"
    assert (extract.updated is not None) == ("aktualisiert" in line)


def test_section_that_introduces_its_links_stays():
    links = "".join(
        f"<li><a href='/p/{number}'>Weigh the {number} boxes of the shop again</a></li>" for number in range(9)
    )
    said = "<p>The shop has weighed a few things again this month, and most of them weigh less.</p>"
    assert "Weigh the 3 boxes" in body_of(f"<div><div>{said}</div><ul>{links}</ul></div><p>{PROSE}</p>")


def test_caption_without_a_picture_keeps_its_emphasis_inside_a_list():
    figure = "<figure><figcaption>In <em>Emma</em>, 1815</figcaption></figure>"
    assert "In *Emma*, 1815" in body_of(f"<ul><li><p>{PROSE}</p>{figure}</li></ul><p>{PROSE}</p>")


def test_what_is_not_printed_is_the_page_s():
    bar = "<p class='{}'>Versions of this note: the first, the second, and the third of them, which was withdrawn.</p>"
    for name in ("noprint", "d-print-none", "hidden-print", "print:hidden"):
        assert "withdrawn" not in body_of(f"{bar.format(name)}<p>{PROSE}</p>")
    assert "withdrawn" in body_of(f"{bar.format('print')}<p>{PROSE}</p>")


def test_deck_that_the_description_repeats_is_said_once():
    deck = "What a second count of the shop's boxes tells about the first."
    page = PAGE.replace("<head>", f"<head><meta name='description' content=\"{deck}\">")
    head = '<h1>Count twice</h1><p class="{}">' + f"{deck}</p><p>{PROSE}</p><p>{PROSE}</p>"
    bodies = [
        read_html(Source("note.html", page.format(head.format(name)).encode())).body for name in ("subtitle", "first")
    ]
    assert [deck in body for body in bodies] == [False, True]


def test_link_to_a_section_above_the_first_sentence_is_left_out():
    html = PAGE.format(f"<h1>Count twice</h1><p><a href='/notes'>Notes of the shop</a></p><p>{PROSE}</p><p>{PROSE}</p>")
    assert "Notes of the shop" not in read_html(Source("note.html", html.encode())).body


def test_whole_sentence_that_points_elsewhere_stays():
    line = "<p>Read {}<a href='/first'>what the first count of the boxes told{}</a></p>"
    assert "first count" in body_of(f"{line.format('', '.')}<p>{PROSE}</p>")
    assert "first count" not in body_of(f"{line.format('more: ', '')}<p>{PROSE}</p>")


def test_last_sentence_full_of_links_stays():
    links = ", ".join(
        f"<a href='/{name}'>the {name} boxes that we keep in the shop</a>" for name in ("red", "blue", "tin", "old")
    )
    assert "green ones have awful lids" in body_of(f"<p>{PROSE * 3}</p><p>{links} and green ones have awful lids.</p>")


def test_name_of_an_icon_is_no_word():
    heading = "<h2>Why twice?<i class='material-icons'>chevron_right</i></h2>"
    assert "## Why twice?\n" in body_of(f"{heading}<p>{PROSE}</p>")


def test_main_heading_in_other_words_is_the_title_before_a_section_like_the_page_s_name():
    inside = f"<h1>Why we count boxes twice: a guide</h1><p>{PROSE}</p><h2>Count boxes twice now</h2><p>{PROSE}</p>"
    html = PAGE.replace("Count twice", "Count boxes twice").format(inside)
    assert read_html(Source("note.html", html.encode())).title == "Why we count boxes twice: a guide"
