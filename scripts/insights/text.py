"""Pure string functions that know no other noun of the pipeline: slugs, keys for comparing, words, dates, addresses."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

# Letters that NFKD does not take apart, as their language's readers transliterate them.
_TRANSLITERATIONS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe", "&": " and ", "’": "", "'": ""}
)
_BELOW_SPACE = "".join(map(chr, range(33)))
_MAX_SLUG_LENGTH = 80
_MAX_NAME_BYTES = 240  # file systems take 255, of which an ending may need some
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"(?!con|prn|aux|nul|com|lpt)[a-z0-9-]{1,200}(?:\.[a-z]{1,9})?")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f<>:\"|?*\\/]|[. ]$")
# What moves a cursor (ISO 6429), turns the order of what follows (UAX #9 §2), or is never seen and may hold a text
# (tags, U+E0000). The marks by which lines of Hebrew and Arabic are written stay.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")
_WORDS_PER_MINUTE = 230
_TYPOGRAPHIC = (("’", "'"), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\xa0", " "))
_NO_LETTERS_BLANK = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def slugify(text: str) -> str:
    """A lower-case ASCII name for files and URLs, of at most 80 characters; "&" is read as "and".

    Text without a letter or digit of Latin script keeps its own letters, so that no two CJK titles become the same "".
    What names a device of Windows ("con") gets a number: no file can have that name there.
    """
    text = text.lower().translate(_TRANSLITERATIONS)
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
    if not slug:
        slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", text).lower()).strip("-")
    if len(slug) > _MAX_SLUG_LENGTH:
        slug = slug[: _MAX_SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_MAX_SLUG_LENGTH]
    return f"{slug}-1" if _DEVICE.match(slug) else slug


def is_plain_name(name: str) -> bool:
    """Whether files and folders can surely have this name on every system: a quick answer for most that can."""
    return _PLAIN_NAME.fullmatch(name) is not None


def is_portable(name: str) -> bool:
    """Whether files and folders can have this name on every system.

    Source: Microsoft, "Naming Files, Paths, and Namespaces", "Naming conventions".
    """
    return (
        not (steers(name) or _NOT_IN_NAMES.search(name) or _DEVICE.match(name))
        and len(name.encode()) <= _MAX_NAME_BYTES
    )


def clash_key(path: str) -> str:
    """What paths have in common that some file system takes for one: those of macOS and Windows tell no case, and
    those of macOS no composed letter from its parts."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


@lru_cache(maxsize=8192)
def steers(text: str) -> bool:
    """Whether characters in a text move, turn or hide what stands around it."""
    return _STEERING.search(text) is not None


def without_steering(text: str) -> str:
    """The text without the characters that `steers` tells of."""
    return _STEERING.sub("", text)


def spelt_out(text: str) -> str:
    """The text for a terminal: each character that `steers` tells of as its number, "⟨U+202E⟩"."""
    return _STEERING.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def plain_json(value: object, indent: int = 1) -> str:
    """JSON that a terminal may show: each character that `steers` tells of is escaped, which means the same."""
    return _STEERING.sub(lambda match: json.dumps(match[0])[1:-1], json.dumps(value, indent=indent, ensure_ascii=False))


def fold(text: str) -> str:
    """The form in which names and titles are compared: no case, accents, punctuation or runs of space."""
    if text.isascii():
        return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("&", " and ")))
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", kept))


def count_words(text: str) -> int:
    """How many words a reader would count in Markdown or plain text."""
    for mark, plain in () if text.isascii() else _TYPOGRAPHIC:
        text = text.replace(mark, plain)
    if not text.isascii():
        return len(re.findall(r"[^\W_][\w'-]*", text))
    # The same at a quarter of the time: what may stand within a word is taken out, the rest ends one.
    return len(text.encode().translate(_NO_LETTERS_BLANK, b"_'-").split())


def reading_minutes(markdown: str) -> int:
    """Reading time in whole minutes, at least 1, at 230 words a minute.

    Source: Brysbaert (2019), "How many words do we read per minute?": 238 for non-fiction in English.
    """
    return minutes_of(count_words(markdown))


def minutes_of(words: int) -> int:
    """The reading time of so many words in whole minutes, at least 1."""
    return max(1, round(words / _WORDS_PER_MINUTE))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely meant, or None."""
    by_key = {fold(candidate): candidate for candidate in sorted(known, reverse=True)}
    matches = difflib.get_close_matches(fold(name), by_key, n=1, cutoff=0.7)
    return by_key[matches[0]] if matches else None


def iso_date(moment: datetime) -> str:
    """The shortest exact form: 2026-03-28 for a date without a time (midnight UTC), else RFC 3339."""
    text = moment.isoformat()
    return text.removesuffix("T00:00:00+00:00")


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 article", "2 articles", "1,200 pages"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def scheme(address: str) -> str:
    """The lower-case scheme of an address as browsers read it; "" for one that is relative."""
    match = re.match(r"([a-z][a-z0-9+.-]*):", _as_browsers_read(address))
    return match[1] if match else ""


def is_web(address: str) -> bool:
    """Whether it is a whole web address: what a link to elsewhere may lead to, without a script or a file in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def is_foreign(address: str, hosts: Collection[str] = ()) -> bool:
    """Whether a browser would fetch the address from a host that is neither the site's own nor one of `hosts`."""
    match = re.match(r"(?:https?:)?/{2,}(?:[^/?#]*@)?([^/?#:]*)", _as_browsers_read(address))
    return match[1] not in hosts if match else scheme(address) != ""


def srcset_candidates(srcset: str) -> Iterator[tuple[str, str]]:
    """Each candidate's address and descriptor ("2x", or ""): a comma parts them that ends an address or a descriptor.

    HTML, "parse a srcset attribute".
    """
    for address, descriptor in re.findall(r"(\S++)(?:(?<=,)|\s*+([^,]*+),?)", srcset):
        if address := address.strip(","):
            yield address, descriptor.strip()


def _as_browsers_read(address: str) -> str:
    """URL Standard, "basic URL parser": tabs and line breaks vanish, "\\" is "/", the ends are trimmed."""
    return re.sub(r"[\t\r\n]", "", address).strip(_BELOW_SPACE).replace("\\", "/").lower()
