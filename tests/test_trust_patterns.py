"""Each regular expression takes a time that grows with the length of a text alone, whatever the text."""

from __future__ import annotations

import re

from trust.patterns import BOUNDED, MADE_OF_TEXTS, Expression, attacks, expressions, slow, unknown


def test_no_expression_is_kept_busy_by_a_text_made_for_it() -> None:
    found = "\n".join(slow())
    assert not found, found


def test_every_expression_of_the_package_is_looked_at() -> None:
    found = expressions()
    assert len(found) > 500
    made = {each.partition(":")[0] for each in unknown()}
    assert made == MADE_OF_TEXTS.keys(), "a pattern that is made of a text cannot be looked at"
    for name, start in BOUNDED:
        assert any(each.place.startswith(name) and each.source.startswith(start) for each in found), start


def test_texts_are_made_that_keep_a_slow_expression_busy() -> None:
    for source, text in {
        r"<[^>]*>": "<<<<",
        r"\s+$": "\n\n\n\n",
        r"(a|b)+c": "aaaa",
        r"/\*.*?\*/": "/*",
        r"x(?:\d\d)*y": "x0000",
    }.items():
        made = list(attacks(Expression("a.py:1", re.compile(source), frozenset({"search"}))))
        assert any(each.lstrip("\x01").startswith(text) for each in made), source
