"""What a page shows beside its article, told by how it is built: cards of other pages, other articles, share links."""

import pytest

from insights.model import Source
from insights.readers.html import read_html

PROSE = "Ein Satz, der lang genug ist, um als Text gelesen zu werden, mit einem Komma, und einem Punkt am Ende. "
URL = "https://ledger.example/notes/count-twice"
HEAD = f"<title>Zweimal zählen</title><link rel=canonical href='{URL}'>"
CARD = (
    "<div class=box><a href='{0}'><img src='/{1}.jpg'></a><h3><a href='{0}'>Bericht {1}</a></h3>"
    "<p>Worum es darin geht, Nummer {1}. Zwei Lager zählten, und nur eines hatte recht, wie sich zeigte.</p></div>"
)


def body_of(inside, head=HEAD):
    return read_html(Source("note.html", f"<html><head>{head}</head><body>{inside}</body></html>".encode(), URL)).body


def article_of(inside, after=""):
    paragraphs = f"<p>{PROSE * 3}</p>" * 3
    return body_of(f"<article><h1>Zweimal zählen</h1>{paragraphs}{inside}{after}</article>")


def cards(count, site="/notes/"):
    return "".join(CARD.format(f"{site}{number}", number) for number in range(count))


def test_cards_of_other_pages_are_not_the_articles_nor_is_the_heading_above_them():
    body = article_of(f"<div><h2>Weitere Themen</h2><div>{cards(3)}</div></div>")
    assert body.count("Ein Satz") == 9
    assert "Bericht" not in body
    assert "Weitere Themen" not in body


def test_heading_stays_where_more_than_cards_stands_below_it():
    body = article_of(f"<section><h2>Was folgt</h2>{cards(2)}<p>{PROSE * 2}</p></section>")
    assert "## Was folgt" in body
    assert "Bericht" not in body


@pytest.mark.parametrize(
    "listed",
    [
        cards(3, "https://elsewhere.example/"),
        CARD.format("/notes/one", 1),
        cards(40),
        "".join(CARD.format("/notes/one", number) for number in range(3)),
        "<ul><li><a href='/notes/1'>Bericht 1</a>, wie er war</li><li><a href='/notes/2'>Bericht 2</a>, neu</li></ul>",
    ],
    ids=["of other sites", "a single one", "most of the page", "of one page", "sentences with links"],
)
def test_what_only_looks_like_cards_stays(listed):
    assert "Bericht 1" in article_of(listed, after=f"<p>{PROSE}</p>")


def test_bar_of_share_links_goes_whatever_it_is_called_and_says():
    bar = (
        "<ul class=x><li><a href='https://www.facebook.com/sharer.php?u=1'>teilen</a></li>"
        "<li><a href='https://twitter.com/intent/tweet?url=1'>twittern</a></li>"
        "<li><a href='https://saved.example/?u=1'>merken</a></li></ul>"
    )
    body = article_of(bar, after=f"<p>{PROSE}</p>")
    assert body.count("Ein Satz") == 10
    assert "twittern" not in body
    assert "merken" not in body


def test_sentence_keeps_all_but_its_share_link():
    link = "<a href='mailto:?subject=1'>leitet weiter</a>"
    sentence = f"Wer mag, was er liest, schreibt uns oder {link}, und zwar gern und ausführlich."
    assert "schreibt uns oder" in article_of(f"<p>{sentence}</p>", after=f"<p>{PROSE}</p>")


def test_articles_that_follow_as_the_reader_scrolls_are_others():
    pages = "".join(
        f"<article><h2>{title}</h2><div><p>{PROSE * 4}</p><p>{said}</p></div></article>"
        for title, said in (("Zweimal zählen", "Das Ende dieses Textes."), ("Dreimal zählen", "Ein anderes Ende."))
    )
    body = body_of(f"<main>{pages}</main>")
    assert "Das Ende dieses Textes." in body
    assert "Ein anderes Ende." not in body


def test_sections_that_are_called_articles_are_the_articles_own():
    sections = "".join(f"<article><h2>Teil {number}</h2><p>{PROSE * 3}</p></article>" for number in range(3))
    assert "## Teil 2" in body_of(
        f"<main><article><h1>Zweimal zählen</h1><p>{PROSE * 3}</p></article>{sections}</main>"
    )


def test_short_article_does_not_take_the_page_with_it():
    menu = "".join(f"<li><a href='/{number}'>Bereich Nummer {number}</a></li>" for number in range(40))
    body = body_of(
        f"<div class=nav><ul>{menu}</ul></div><div class=post><h1>Zweimal zählen</h1><p>{PROSE}</p></div>"
        f"<div class=sidebar><p>{PROSE.replace('Satz', 'Rand')}</p></div>"
    )
    assert body == PROSE.strip() + "\n"


def test_what_a_frame_holds_for_browsers_without_frames_is_not_read():
    body = article_of(f"<iframe src='/ad'>{'Angebote, viele, viele Angebote. ' * 200}</iframe>")
    assert "Angebote" not in body
    assert body.count("Ein Satz") == 9


@pytest.mark.parametrize("drawn", [True, False])
def test_vector_without_a_drawing_holds_the_place_of_a_picture(drawn):
    shape = "%3Cpath d='M0 0h1'/%3E" if drawn else ""
    body = article_of(
        f"<p><img alt='Kurve' src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E{shape}%3C/svg%3E\"></p>"
    )
    assert ("![Kurve]" in body) is drawn


def test_paragraphs_named_after_a_paywall_are_the_articles():
    paragraphs = "".join(f"<p class=paywall>Absatz {number}. {PROSE}</p>" for number in range(12))
    assert "Absatz 11." in body_of(f"<article><h1>Zweimal zählen</h1>{paragraphs}</article>")


def test_few_words_named_after_a_paywall_are_the_pages():
    notice = "<p class=paywall>Dieser Text ist nur für Abonnenten da.</p>"
    assert "Abonnenten" not in article_of(notice, after=f"<p>{PROSE}</p>")


def test_article_that_a_system_names_as_promoted_is_no_promotion():
    inside = f"<h1>Zweimal zählen</h1><p>{PROSE * 9}</p>"
    other = f"<div class=rest><p>{PROSE.replace('Satz', 'Rand') * 7}</p></div>"
    assert "Ein Satz" in body_of(f"<div id=page><article class='node node-promoted'>{inside}</article>{other}</div>")


def test_notices_below_a_short_article_do_not_widen_it_to_the_page():
    notices = "".join(f"<div><div><p>{PROSE.replace('Satz', 'Hinweis') * 2}</p></div></div>" for _ in range(2))
    body = body_of(f"<div><p>17. Juni</p><div>{f'<p>{PROSE * 2}</p>' * 5}</div></div><div class=foot>{notices}</div>")
    assert body.count("Ein Satz") == 10
    assert "Hinweis" not in body
