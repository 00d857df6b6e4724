"""The pictures of shared links: what they say, what they weigh, when they are drawn."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import run_insights
from lxml import html
from PIL import Image

from insights.site.cards import SIZE, Card, draw_card, is_drawable

PLAIN = Card(
    "queue", "Northlight Insights", "Operations", "Measure the queue before you buy the tool", "Ruth Pemberton"
)
FULL = Card(
    "long",
    "A publication with a name that is as long as its articles are, and then some",
    "Governance of models, of data, and of the people who work with both of them",
    "What eighteen pilots, four regulators and one very long winter taught a mid-sized Münster insurer " * 5,
    "Zofia Żuraw, Ruth Pemberton, Łukasz Жук, Μαρία Παπαδοπούλου, Somebody Else · 13 January 2026",
)
ONE_WORD = replace(PLAIN, title="Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)


def accent_free_ink(data: bytes) -> tuple[int, int]:
    """Where ink begins and ends across the picture, below its head and above its foot."""
    picture = Image.open(io.BytesIO(data)).convert("L").crop((0, 130, SIZE[0], SIZE[1] - 20))
    box = picture.point(lambda value: 255 * (value < 200)).getbbox()
    assert box
    return box[0], box[2]


@pytest.mark.parametrize("card", [PLAIN, FULL, ONE_WORD, replace(PLAIN, title="Wait", kicker="", byline="")])
def test_a_card_is_1200_by_630_and_at_most_20_kilobytes(card: Card) -> None:
    data = draw_card(card)
    assert Image.open(io.BytesIO(data)).size == (1200, 630)
    assert len(data) <= 20 * 1024


@pytest.mark.parametrize("card", [PLAIN, FULL, ONE_WORD])
def test_no_line_leaves_the_margins(card: Card) -> None:
    left, right = accent_free_ink(draw_card(card))
    assert left >= 78
    assert right <= 1122


def test_another_text_is_another_address_and_another_picture() -> None:
    other = replace(PLAIN, title="Measure the queue after you buy the tool")
    assert other.href != PLAIN.href
    assert draw_card(other) != draw_card(PLAIN)
    assert draw_card(PLAIN) == draw_card(replace(PLAIN))


def test_signs_that_the_fonts_lack_are_left_out() -> None:
    assert draw_card(replace(PLAIN, title="Measure 🚀 the queue")) == draw_card(
        replace(PLAIN, title="Measure the queue")
    )


def test_letters_that_the_fonts_lack_make_no_card() -> None:
    assert is_drawable(FULL)
    assert not is_drawable(replace(PLAIN, title="品質の記録"))
    assert not is_drawable(replace(PLAIN, site="الجودة"))


def test_a_card_is_drawn_again_only_when_its_text_changes(publication: Path) -> None:
    def cards() -> dict[str, int]:
        assert run_insights(publication, "build").returncode == 0
        return {path.name: path.stat().st_ino for path in (publication / "site/assets/cards").iterdir()}

    first = cards()
    article = publication / "content/insights/waiting-times.md"
    article.write_text(article.read_text(encoding="utf-8").replace("title: ", "title: New ", 1), encoding="utf-8")
    second = cards()
    assert len(set(second) - set(first)) == len(set(first) - set(second)) == 1
    assert all(second[name] == inode for name, inode in first.items() if name in second)


def test_what_a_card_shares_with_others_is_drawn_as_in_a_card_alone() -> None:
    """A picture put together of parts that were compressed for other cards is read by a decoder that checks sums."""
    others = (replace(PLAIN, title="Wait"), replace(PLAIN, kicker=""), replace(PLAIN, byline=""), FULL)
    first = draw_card(PLAIN)
    for other in others:
        Image.open(io.BytesIO(draw_card(other))).load()
    assert draw_card(PLAIN) == first
    assert zlib.decompress(first[first.index(b"IDAT") + 4 : first.index(b"IEND") - 8])


def test_every_page_names_its_card_and_an_article_its_own(built_site: Path) -> None:
    pages = [*built_site.glob("*/index.html"), *built_site.glob("insights/*/index.html"), built_site / "index.html"]
    addresses = {}
    for path in pages:
        head = {each.get("property") or each.get("name"): each.get("content") for each in html.parse(path).iter("meta")}
        address = head["og:image"]
        file = built_site / address.removeprefix("https://small.example.org/review/")
        assert Image.open(file).size == (int(head["og:image:width"]), int(head["og:image:height"]))
        assert head["twitter:card"] == "summary_large_image"
        assert head["og:image:alt"]
        addresses[path.parent.relative_to(built_site).as_posix()] = address
    own = {name: address for name, address in addresses.items() if name.startswith("insights/")}
    assert len(set(own.values())) == len(own) == 3
    assert set(addresses.values()) - set(own.values()) == {addresses["."]}
