"""Advice on wording, for articles in English; never an error, shown for changed lines and named files only.

At most three of a kind for one article: a longer list is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from insights.check.manuscript import Manuscript
from insights.check.rules import Check, Mark, check
from insights.model import Level
from insights.text import count_words, reading_minutes

GROUP = "Wording"
_SHOWN = 3
_MAX_WORDS = 45
_MAX_MINUTES = 25
_SENTENCE = re.compile(r"[^.!?\n|]+[.!?]*")
_REPEATED = re.compile(r"\b(?P<word>[A-Za-z]{2,}) (?P=word)\b", re.IGNORECASE)
_LEGITIMATE = frozenset("that had so very no is bye ha blah".split())
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be)\s+(?P<verb>\w+ed|done|made|given|taken|seen|known|shown|written|held|found"
    r"|built|sent|chosen|kept|set|led)\s+by\s+(?:the|a|an|our|their|its|his|her|us|them)\b",
    re.IGNORECASE,
)
_EXCLUSIVE = {
    "blacklist": "blocklist", "blacklisted": "blocked", "whitelist": "allowlist", "whitelisted": "allowed",
    "master/slave": "primary/replica", "manpower": "staff", "man-hours": "hours of work", "mankind": "humanity",
    "chairman": "chair", "grandfathered": "exempted", "sanity check": "check", "guys": "everyone",
    "crazy": "surprising", "insane": "extreme", "crippled": "hampered", "salesman": "salesperson",
    "middleman": "intermediary", "man-made": "artificial",
}  # fmt: skip
_EXCLUSIVE_WORDS = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_EXCLUSIVE, key=len, reverse=True))})(?![\w-])", re.I)


def _worst(find: Callable[[Manuscript], Iterator[Mark]]) -> Callable[[Manuscript], Iterator[Mark]]:
    """The first few marks; the docstring is that of `find`."""

    def limited(manuscript: Manuscript) -> Iterator[Mark]:
        yield from islice(find(manuscript), _SHOWN)

    limited.__doc__ = find.__doc__
    return limited


_LONG = "Every one of the many words in this sentence keeps the reader waiting for its end, " * 4


@check("wording-long", GROUP, Level.ADVICE, bad=f"{_LONG.rstrip(' ,')}.", good="A short sentence is read to its end.")
@_worst
def long_sentence(manuscript: Manuscript) -> Iterator[Mark]:
    """A sentence has at most 45 words."""
    for offset, line in manuscript.lines:
        if len(line) < _MAX_WORDS * 4 or line.startswith(("|", "#", "[^", "<", " ", ">")):
            continue
        for match in _SENTENCE.finditer(line):
            if len(match[0]) > _MAX_WORDS * 4 and (words := count_words(match[0])) > _MAX_WORDS:
                start = offset + match.start() + len(match[0]) - len(match[0].lstrip())
                yield Mark(manuscript.place(start), f"a sentence of {words} words", "make two of it")


@check("wording-repeated", GROUP, Level.ADVICE, bad="Measure the the queue.", good="Measure the queue.")
@_worst
def repeated_word(manuscript: Manuscript) -> Iterator[Mark]:
    """No word is written twice in a row."""
    for match in _REPEATED.finditer(manuscript.prose):
        if match["word"].islower() and match["word"].lower() not in _LEGITIMATE:
            yield Mark(manuscript.place(match.start()), f'"{match[0]}"', f'write "{match["word"]}" once')


@check("wording-passive", GROUP, Level.ADVICE, bad="It was written by the team.", good="The team wrote it.")
@_worst
def passive(manuscript: Manuscript) -> Iterator[Mark]:
    """Who does something is the subject of the sentence."""
    for match in _PASSIVE.finditer(manuscript.prose) if " by " in manuscript.prose else ():
        yield Mark(manuscript.place(match.start()), f'"{match[0]} …" is passive', "say who does it, first")


@check("wording-exclusive", GROUP, Level.ADVICE, bad="Add it to the blacklist.", good="Add it to the blocklist.")
@_worst
def exclusive(manuscript: Manuscript) -> Iterator[Mark]:
    """Words that shut nobody out."""
    for match in _EXCLUSIVE_WORDS.finditer(manuscript.prose):
        better = _EXCLUSIVE[match[0].lower()]
        yield Mark(manuscript.place(match.start()), f'"{match[0]}" may shut readers out', f'perhaps "{better}"')


@check("wording-length", GROUP, Level.ADVICE, bad="Nine words " * 2000, good="Some words. " * 200)
@_worst
def reading_time(manuscript: Manuscript) -> Iterator[Mark]:
    """An article is read in at most 25 minutes."""
    if len(manuscript.prose) > 20_000 and (minutes := reading_minutes(manuscript.prose)) > _MAX_MINUTES:
        message = f"it takes {minutes} minutes to read"
        yield Mark(manuscript.place(0), message, "make a series of it, with `series: {name: …, part: 1}`")


@check("wording-grade", GROUP, Level.ADVICE, bad="Institutional organisational " * 60, good="Some words. " * 200)
@_worst
def reading_grade(manuscript: Manuscript) -> Iterator[Mark]:
    """A text asks for at most 17 years of school, by the Automated Readability Index.

    Source: Senter and Smith (1967), AMRL-TR-66-220.
    """
    prose = manuscript.prose
    words = prose.count(" ") + prose.count("\n") + 1
    if words < 100:
        return
    letters = sum(map(len, prose.split()))
    stops = prose.count(". ") + prose.count(".\n") + prose.count("? ") + prose.count("! ") + prose.count("\n\n") + 1
    grade = 4.71 * letters / words + 0.5 * words / stops - 21.43
    if grade > 17:
        message = f"it asks for {grade:.0f} years of school to read"
        yield Mark(manuscript.place(0), message, "shorter sentences and shorter words help most")


WORDING_CHECKS: tuple[Check[Manuscript], ...] = (
    long_sentence,
    repeated_word,
    passive,
    exclusive,
    reading_time,
    reading_grade,
)
