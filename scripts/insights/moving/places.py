"""Which entries of an export come, and the file that each becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from insights.library import Library
from insights.moving.entry import Entry, Export, Kind, inside, left_out, split_address
from insights.text import slugify

_RESERVED = frozenset(
    "archive assets authors feeds index insights newsletter search sources subscribe tags topics".split()
)


def settled(export: Export) -> Export:
    """The export without pages that have no place here; draft pages are articles; no two entries share an address."""
    entries = tuple(replace(e, kind=Kind.ARTICLE) if e.is_draft else e for e in export.entries)
    left: dict[str, list[Entry]] = {}
    for what, has_no_place in _WITHOUT_A_PLACE.items():
        out = [entry for entry in entries if entry.kind is Kind.PAGE and has_no_place(entry)]
        dropped = {entry.key for entry in out}
        entries = tuple(entry for entry in entries if entry.key not in dropped)
        left[what] = out
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(entry.url, entry.key)
    second = [entry for entry in entries if first[entry.url] != entry.key]
    left["addresses that another entry has, too: these texts come without one"] = second
    entries = tuple(entry if first[entry.url] == entry.key else _without_address(entry) for entry in entries)
    names = {what: [entry.title or entry.key for entry in found] for what, found in left.items()}
    return replace(export, entries=entries, left_out=(*export.left_out, *left_out(names)))


def docs_paths(export: Export, library: Library) -> dict[str, str]:
    """The file that each entry becomes: the one it became before, else one by its old slug that is free."""
    before = {
        key: article.slug
        for article in library.articles
        if article.source
        for key in (article.source.url, article.source.file)
        if key
    }
    taken = {article.slug for article in library.articles}
    paths: dict[str, str] = {}
    pages: set[str] = set()
    for entry in export.entries:
        wanted = entry.slug or slugify(entry.title) or "untitled"
        if entry.kind is Kind.PAGE:
            paths[entry.key] = f"{free_name(f'{wanted}-page' if wanted in _RESERVED else wanted, pages)}.md"
            continue
        known = before.get(entry.url) or before.get(name_of(entry))
        slug = known or free_name(wanted, taken)
        taken.add(slug)
        paths[entry.key] = f"insights/{slug}.md"
    return paths


def name_of(entry: Entry) -> str:
    """What the article's record calls an entry whose old address is not known: its path, in one piece."""
    return entry.key.replace("/", ":")


def free_name(wanted: str, taken: set[str]) -> str:
    """The name itself, or with a number after it where it is `taken`; adds it to those.

    An export may have a hundred thousand texts of one name, so the number is not looked for one by one.
    """

    def numbered(number: int) -> str:
        return wanted if number == 1 else f"{wanted}-{number}"

    last, free = 0, 1
    while numbered(free) in taken:
        last, free = free, 2 * free
    while free - last > 1:
        middle = (last + free) // 2
        last, free = (middle, free) if numbered(middle) in taken else (last, middle)
    taken.add(numbered(free))
    return numbered(free)


def _is_front_page(entry: Entry) -> bool:
    """Whether it is the page at the old site's own address: the front page here is the publication's."""
    parts = split_address(entry.url)
    return parts.path in ("", "/") and not parts.query


def _is_empty(entry: Entry) -> bool:
    return not entry.body.strip() and not any(entry.context.values())


_WITHOUT_A_PLACE: dict[str, Callable[[Entry], bool]] = {
    "the old front page": _is_front_page,
    "pages that tell that there is no such page": lambda entry: entry.slug == "404",
    "pages without a text of their own": _is_empty,
}


def _without_address(entry: Entry) -> Entry:
    return replace(entry, url=inside(entry.key), other_urls=(), guid=None)
