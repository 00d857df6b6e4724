"""Pagefind's word lists: which pages have a word, and where; read from the index of some pages, joined for all.

A file of words is [[[word, postings, [[form, postings], …]], …]]: the forms are how the word is written with accents. A
posting is [page, places, places in metadata]: each page counts from the one before. The places are carried over as the
bytes they are, but for the numbers of the metadata's fields, which are -1, -2 …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from insights.site.cbor import ARRAY, LONG, NEGATIVE, NUMBER, TEXT, decode_head, encode_head, encode_text

_NUMBER = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_LENGTH = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_HEAD = encode_head(ARRAY, 3)  # of a word, and of a posting
_SHORT_LIST = encode_head(ARRAY, 0)[0]
_find_number = re.compile(_NUMBER, re.DOTALL)
_POSTING = _HEAD + b"(%b)%b%b*+%b%b*+" % (_NUMBER, _LENGTH, _NUMBER, _LENGTH, _NUMBER)
_match_postings = re.compile(b"(?:%b)*+" % _POSTING, re.DOTALL).match
_find_steps = re.compile(_POSTING, re.DOTALL).findall
_find_fields = re.compile(b"((?:%b%b)?%b%b*%b)(%b*)" % (_HEAD, _NUMBER, _LENGTH, _NUMBER, _LENGTH, _NUMBER), re.DOTALL)


class Postings(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Those of one word: the first and last page, how many there are, the bytes from the first one's places on."""

    first: int
    last: int
    count: int
    data: bytes


class Word(msgspec.Struct, frozen=True, array_like=True):
    """Where a word is as it is looked up, None for nowhere, and in its other forms."""

    own: Postings | None
    forms: dict[str, Postings] = {}


def read_words(data: bytes) -> Iterator[tuple[str, Word]]:
    """The words of a file, its mark taken off.

    Raises ValueError for bytes that are not what this version of Pagefind writes.
    """
    count, place = _length(data, _expect(data, 0, encode_head(ARRAY, 1)))
    for _ in range(count):
        word, place = _text(data, _expect(data, place, _HEAD))
        own, place = _read_postings(data, place)
        forms = {}
        form_count, place = _length(data, place)
        for _ in range(form_count):
            form, place = _text(data, _expect(data, place, encode_head(ARRAY, 2)))
            postings, place = _read_postings(data, place)
            if postings:
                forms[form] = postings
        yield word, Word(own, forms)
    if place != len(data):
        raise ValueError("a file of words is longer than its value")


def join_word(word: str, found: Sequence[tuple[int, Word]]) -> bytes:
    """An entry of a file of words: the word as several parts have it, each with the number of its first page."""
    own = _join([(start, part.own) for start, part in found if part.own])
    forms = sorted({form for _start, part in found for form in part.forms})
    joined = [
        encode_head(ARRAY, 2)
        + encode_text(form)
        + _join([(start, part.forms[form]) for start, part in found if form in part.forms])
        for form in forms
    ]
    return b"".join((_HEAD, encode_text(word), own, encode_head(ARRAY, len(forms)), *joined))


def renumber_fields(word: Word, numbers: Mapping[int, int]) -> Word:
    """The same word where the metadata's fields have other numbers."""

    def number(match: re.Match[bytes]) -> bytes:
        kind, field, _ = decode_head(match[0], 0)
        return encode_head(NEGATIVE, numbers[field]) if kind == NEGATIVE else match[0]

    def renumber(postings: Postings) -> Postings:
        data = _find_fields.sub(lambda match: match[1] + _find_number.sub(number, match[2]), postings.data)
        return msgspec.structs.replace(postings, data=data)

    forms = {form: renumber(postings) for form, postings in word.forms.items()}
    return Word(renumber(word.own) if word.own else None, forms)


def _read_postings(data: bytes, place: int) -> tuple[Postings | None, int]:
    count, place = _length(data, place)
    found = _match_postings(data, place)
    steps = _find_steps(data, place, found.end()) if found else []
    if len(steps) != count:
        raise ValueError("a posting is none")
    if not found or not steps:
        return None, place
    joined = b"".join(steps)
    last = sum(joined) if len(joined) == count else sum(map(_number, steps))
    return Postings(_number(steps[0]), last, count, data[place + 1 + len(steps[0]) : found.end()]), found.end()


def _number(data: bytes) -> int:
    return data[0] if len(data) == 1 else int.from_bytes(data[1:])


@lru_cache(maxsize=1024)
def _begin(step: int) -> bytes:
    """The beginning of the posting of a page that is so many after the one before."""
    return _HEAD + encode_head(NUMBER, step)


def _join(found: Sequence[tuple[int, Postings]]) -> bytes:
    pieces = [encode_head(ARRAY, sum(postings.count for _start, postings in found))]
    last = 0
    for start, postings in found:
        pieces += (_begin(start + postings.first - last), postings.data)
        last = start + postings.last
    return b"".join(pieces)


def _length(data: bytes, place: int) -> tuple[int, int]:
    if _SHORT_LIST <= data[place] < _SHORT_LIST + LONG:  # as nearly all are
        return data[place] - _SHORT_LIST, place + 1
    kind, number, end = decode_head(data, place)
    if kind != ARRAY:
        raise ValueError(f"a value of type {kind} where a list was due")
    return number, end


def _text(data: bytes, place: int) -> tuple[str, int]:
    kind, number, end = decode_head(data, place)
    if kind != TEXT:
        raise ValueError(f"a value of type {kind} where a text was due")
    return data[end : end + number].decode(), end + number


def _expect(data: bytes, place: int, head: bytes) -> int:
    if data[place : place + 1] != head:
        raise ValueError("a list of another length than was due")
    return place + 1
