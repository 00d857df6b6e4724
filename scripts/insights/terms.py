"""What a text is about, as numbers: its words and word pairs, each under a 64-bit id, with how often it has them.

An id depends on the term alone, never on the order in which texts are read, so what is counted once can be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
Weights = NDArray[np.float64]

STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by"
    " can could did do does doing down during each even few for from further get had has have having he her here hers"
    " him his how however i if in into is it its itself just like ll make many may me might more most much must my no"
    " nor not now of off on once one only or other our ours out over own per re s said same she should so some such t"
    " than that the their them then there these they this those through to too under until up us use used using ve very"
    " via was we well were what when where which while who whom why will with within without would you your"
    " yours".split()
)

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_FENCE = re.compile(r"^(```+|~~~+).*?(?:^\1|\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_ADDRESS = re.compile(r"https?://[^\s)>\]\"'`]+")
_ELEMENT = re.compile(r"<[^<>]*>")
_BRACES = re.compile(r"\{(?:\{[^{}]*\}\}|%[^%]*%\}|[:#.][^{}\n]*\})")
_MAX_ADDRESS_PARTS = 4

# Cutting a text at blanks is three times faster than matching its words, once every other mark is a blank. A full stop
# or an apostrophe may be part of a word ("v1.2", "author's"): what a piece holds is looked up, whatever clings to it.
_BLANKS = bytes(code if code >= 128 or chr(code).isalnum() or chr(code) in ".'" else 32 for code in range(256))
_CURLY = (("’", "'"), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\xa0", " "))
_NO_WORD, _MORE_WORDS = -1, -2

# Odd multipliers that spread a pair of ids over 64 bits (the first is 2^64 divided by the golden ratio).
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_NONE: Ids = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Distinct terms in ascending order of id, and how often each occurs."""

    ids: Ids
    counts: Weights


class _Lexicon:
    """The number of each piece of text met so far, and by number the id of its word's stem (0 for a stop word)."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.ids: Ids = np.zeros(1 << 12, np.uint64)
        self._stem = snowballstemmer.stemmer("english").stemWord
        self._used = 1

    def learn(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            found = _WORD.findall(piece.decode())
            if len(found) != 1:
                self.numbers[piece] = _MORE_WORDS if found else _NO_WORD
            elif found[0] in STOP_WORDS or len(found[0]) < 2:
                self.numbers[piece] = 0
            else:
                self.numbers[piece] = self._number(found[0])

    def _number(self, word: str) -> int:
        if self._used == len(self.ids):
            self.ids = np.concatenate((self.ids, np.zeros_like(self.ids)))
        self.ids[self._used] = term_id(self._stem(word))
        self._used += 1
        return self._used - 1


def term_id(term: str) -> int:
    """The id of a term: 64 bits of its BLAKE2b digest, never 0."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest()) or 1


def plain_text(markdown: str) -> str:
    """The words that a reader sees of a Markdown text: no code blocks, addresses or markup."""
    text = _FENCE.sub("\n", markdown) if "```" in markdown or "~~~" in markdown else markdown
    text = _LINK.sub(r"\1", text) if "](" in text else text
    text = _ADDRESS.sub(" ", text) if "://" in text else text
    text = _ELEMENT.sub(" ", text) if "<" in text else text
    return _BRACES.sub(" ", text) if "{" in text else text


def words(text: str) -> list[str]:
    """The words of a plain text as written, in order."""
    return _WORD.findall(text)


def word_ids(text: str) -> Ids:
    """The id of each word of a plain text in order: 0 for a stop word."""
    text = text.lower()
    if not text.isascii():
        for mark, plain in _CURLY:
            text = text.replace(mark, plain)
    pieces = text.encode(errors="replace").translate(_BLANKS).split()
    numbers = _look_up(pieces)
    if numbers.min(initial=0) < 0:
        known = _lexicon.numbers
        pieces = [
            word
            for piece in pieces
            if known[piece] != _NO_WORD
            for word in ([piece] if known[piece] != _MORE_WORDS else map(str.encode, _WORD.findall(piece.decode())))
        ]
        numbers = _look_up(pieces)
    return _lexicon.ids[numbers]


def _look_up(pieces: list[bytes]) -> NDArray[np.intp]:
    known = _lexicon.numbers
    try:
        return np.fromiter(map(known.__getitem__, pieces), np.intp, len(pieces))
    except KeyError:
        _lexicon.learn(set(pieces).difference(known))
        return np.fromiter(map(known.__getitem__, pieces), np.intp, len(pieces))


def pair_ids(ids: Ids) -> Ids:
    """The id of each pair of neighbouring words, one less than there are words: 0 where either is a stop word."""
    if len(ids) < 2:
        return _NONE
    first, second = ids[:-1], ids[1:]
    pairs: Ids = np.where((first != 0) & (second != 0), first * _FIRST + second * _SECOND, np.uint64(0))
    return pairs


def text_ids(text: str) -> Ids:
    """The ids of a plain text's words and pairs, one for each occurrence."""
    ids = word_ids(text)
    found = np.concatenate((ids, pair_ids(ids)))
    kept: Ids = found[found != 0]
    return kept


def address_ids(markdown: str) -> Ids:
    """The ids of the distinct web addresses in a text and of their parents: host, host/folder, …"""
    found: set[str] = set()
    for address in set(_ADDRESS.findall(markdown)) if "://" in markdown else ():
        bare = address.lower().partition("://")[2].removeprefix("www.").partition("#")[0].rstrip("/.,")
        parts = bare.split("/")
        found.add(bare)
        found.update("/".join(parts[:length]) for length in range(1, min(len(parts), _MAX_ADDRESS_PARTS) + 1))
    return np.array([term_id(f"//{part}") for part in sorted(found)], np.uint64)


def count_terms(parts: Iterable[tuple[Ids, int]]) -> Terms:
    """The terms of a text made of parts, each of which counts as many times as is said with it."""
    ids = [np.repeat(ids, times) if times > 1 else ids for ids, times in parts]
    found = np.sort(np.concatenate([_NONE, *ids]))
    starts = np.flatnonzero(np.concatenate(([True], found[1:] != found[:-1]))) if len(found) else np.empty(0, np.intp)
    return Terms(found[starts], np.diff(starts, append=len(found)).astype(np.float64))


def spell_terms(text: str, wanted: Iterable[int]) -> dict[int, str]:
    """Each wanted term as the plain text first writes it: a word, or two words of one line with a space between."""
    missing = np.array(sorted(set(wanted)), np.uint64)
    spelt: dict[int, str] = {}
    ids = word_ids(text)
    written = _WORD.findall(text)
    for found, length in ((ids, 1), (pair_ids(ids), 2)):
        for place in np.flatnonzero(np.isin(found, missing)).tolist():
            phrase = " ".join(written[place : place + length])
            if length == 1 or phrase in text:
                spelt.setdefault(int(found[place]), phrase)
    return spelt


_lexicon = _Lexicon()
