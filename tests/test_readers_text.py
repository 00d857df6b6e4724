"""Pasted text whose structure nothing marks."""

from __future__ import annotations

from decimal import Decimal

from markdown import Markdown

from insights.model import Source
from insights.readers import read
from insights.readers.heading_weights import WEIGHTS
from insights.readers.headings import Line, find_headings, is_close, odds_of, traits_of
from insights.readers.text import read_text

# As Chromium copies it: no bullets, and no empty line below headings and lists.
CHROMIUM = """What a Spare Key Costs
By Ines Halloran

Every workshop on our street keeps a spare key with a neighbour. Nobody has ever written down who holds which one, \
and for eleven years nobody needed to.

The Night of the Burst Pipe
In February a pipe burst in the bindery at two in the morning. The owner was in Porto. The key was with the baker, who \
was, as bakers are, awake.

What the baker did was simple:

She shut the main tap
She moved the paper off the floor
She rang the owner, in that order
It took nine minutes, and most of the stock was dry when the insurers came to look at it the following afternoon.

Write It Down
A list of keys is a single page. It says who holds what, and who decides when the owner cannot be reached.
"""


def body_of(text: str) -> str:
    return read_text(Source("pasted.txt", text.encode())).body


def test_a_copy_from_chromium_gets_its_headings_and_lists_back() -> None:
    body = body_of(CHROMIUM)
    assert [line for line in body.splitlines() if line.startswith("#")] == [
        "## The Night of the Burst Pipe",
        "## Write It Down",
    ]
    assert [line for line in body.splitlines() if line.startswith("- ")] == [
        "- She shut the main tap",
        "- She moved the paper off the floor",
        "- She rang the owner, in that order",
    ]


def test_lines_of_verse_with_bullets_elsewhere_stay_as_they_are() -> None:
    verse = "The first\nThe second\nThe third\n"
    body = body_of(CHROMIUM.replace("She shut", "• She shut") + f"\nAs it says:\n\n{verse}")
    assert "- The first" not in body


def test_every_trait_of_the_table_can_be_had_by_a_line() -> None:
    texts = [
        "What Is It?", "Q: Is it?", "Step 1: Do", "a small thing", "The 3 | 4, (so)", "Photo by Ann", "By Ann Lee",
        "x = {1}", "12.5", "A screenshot of it", "It was. And is!", "One", "Same", "Same", "Often", "Often", "Often",
        "It says:", "so;", "well…", "No,", "“Quoted” text", "Two short words", "Seven words are in this very line",
        "Eleven words are in this line that is a little longer still", "It's here", "Same Word Here", "Same Word There",
        " ".join(["many"] * 17), "Mixed Case of the words that follow One", "word " * 20 + ".", "Long " * 60 + ".",
        "Getting started", "Conclusion",
    ]  # fmt: skip
    seen: set[str] = set()
    for step in range(len(texts)):
        turned = texts[step:] + texts[:step]
        for kind in ("list", "table"):
            lines = [
                Line("x", kind) if at % 5 == 3 else Line(text, "text", at % 4 > 1) for at, text in enumerate(turned)
            ]
            for cut in (lines, lines[:3], lines[::2], lines[1::3]):
                seen |= {trait for traits in traits_of(cut) for trait in traits}
    assert set(WEIGHTS) - seen == set()


def test_what_is_led_to_by_a_colon_or_named_by_the_line_below_is_judged_by_that() -> None:
    lead, said = "Then the keeper of the rock wrote into his book:", "Rock full of birds"
    below = "The rock full of birds was seen from afar by the men of the boat, who wrote home about it at once."
    (_, traits, _) = traits_of([Line(lead), Line(said), Line(below)])
    assert {"below a colon", "repeated by the line below"} <= traits


def test_a_text_without_headings_has_none() -> None:
    assert not find_headings([])
    assert not find_headings([Line("One sentence stands here."), Line("And another one, which is a little longer.")])


def test_a_text_about_html_is_a_text() -> None:
    text = "What a paragraph is\n\nThe element <p> holds a paragraph, and <div> holds what <table> does not.\n"
    (extract,) = read(Source("notes.txt", text.encode()))
    assert "element &lt;p> holds a paragraph, and &lt;div> holds what &lt;table> does not" in extract.body


def test_brackets_in_brackets_stay_text() -> None:
    text = "How a picture is linked\n\nOne writes [![words](picture.png)](page.html) for it, says the manual.\n"
    html = Markdown(extensions=["tables", "footnotes", "attr_list"]).convert(body_of(text))
    assert "One writes [![words](picture.png)](page.html) for it" in html


def test_weights_of_a_line_add_up_whatever_their_order():
    """A set of names has another order in each process, and floats another sum in each order."""
    names = sorted(WEIGHTS)
    for start in range(len(names)):
        traits = frozenset(names[start::7])
        for way in (0, 1):
            assert odds_of(traits, way) == float(sum(Decimal(str(WEIGHTS[name][way])) for name in traits))


def test_way_in_which_a_text_was_copied_shows_below_its_short_lines():
    said = "We counted the boxes in the shop twice, and both of the counts came to the same number of them."
    short = ["Count twice", "Why we count", "What it told"]
    apart = [Line(text) for name in short for text in (name, said, said)]
    close = [Line(text, follows_blank=at != 1) for name in short for at, text in enumerate((name, said, said))]
    assert not is_close(apart)
    assert is_close(close)
    assert not is_close([])
