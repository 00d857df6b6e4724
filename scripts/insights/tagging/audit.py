"""What is wrong with a vocabulary as it is used: tags of no use, tags that mean the same, tags that say nothing."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from insights.library import build_library
from insights.model import Tag
from insights.related.document import Document
from insights.terms import word_ids, words
from insights.text import counted, fold

_BROAD_SHARE, _BROAD_ARTICLES = 0.4, 10
_SAME_ARTICLES = 0.6
_LIKE_SPELT = 0.88


@dataclass(frozen=True, slots=True)
class TagProblem:
    """One tag that an editor should look at: its name, what is wrong, and the tag to merge it into, "" for none."""

    kind: str  # unused, single-use, near-synonym, over-broad
    tag: str
    message: str
    into: str = ""


def audit_tags(documents: Iterable[Document], tags: Sequence[Tag]) -> tuple[TagProblem, ...]:
    """Every problem, by kind, then by tag. Of two tags that mean the same the one less used is to be merged."""
    ordered = sorted(documents, key=lambda document: document.slug)
    used = articles_of(ordered, tags)
    tagged = sum(1 for document in ordered if document.tags)
    by_use = sorted(tags, key=lambda tag: (-len(used[tag.name]), fold(tag.name), tag.name))
    twins = _twins(by_use, used)
    unused = [
        TagProblem("unused", tag.name, "no article has it", twins.get(tag.name, ("", ""))[0])
        for tag in by_use
        if not used[tag.name]
    ]
    single = [
        TagProblem(
            "single-use", tag.name, f"{used[tag.name][0]} alone has it", _single_target(tag, by_use, used, twins)
        )
        for tag in by_use
        if len(used[tag.name]) == 1
    ]
    synonyms = [
        TagProblem("near-synonym", name, why, into) for name, (into, why) in twins.items() if len(used[name]) > 1
    ]
    broad = [
        TagProblem("over-broad", tag.name, f"{len(used[tag.name]):,} of {counted(tagged, 'tagged article')} have it")
        for tag in by_use
        if len(used[tag.name]) >= max(_BROAD_ARTICLES, _BROAD_SHARE * tagged)
    ]
    return tuple(
        problem for group in (unused, single, synonyms, broad) for problem in sorted(group, key=lambda one: one.tag)
    )


def articles_of(documents: Iterable[Document], tags: Sequence[Tag]) -> Mapping[str, list[str]]:
    """The slugs of the articles that have each tag, by its name; they may write it by its slug or an alias."""
    library = build_library(tags=tags)
    names = {tag.name for tag in tags}
    used: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        known = (term if term in names else getattr(library.tag(term), "name", None) for term in document.tags)
        for name in dict.fromkeys(name for name in known if name):
            used[name].append(document.slug)
    return used


def _twins(by_use: Sequence[Tag], used: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Of each tag that means the same as one more used: that one's name, and why. The most used comes first."""
    labels = {tag.name: [_read_label(label) for label in (tag.name, *tag.aliases)] for tag in by_use}
    found: dict[str, tuple[str, str]] = {}
    for one, other in combinations(by_use, 2):
        if one.name not in found and other.name not in found:
            pairs = product(labels[one.name], labels[other.name])
            whys = (why for first, second in pairs if (why := _same_label(first, second)))
            why = next(whys, "") or _same_articles(used[one.name], used[other.name])
            if why:
                found[other.name] = (one.name, f'{why} "{one.name}"')
    return found


@dataclass(frozen=True, slots=True)
class _Label:
    key: str
    stems: frozenset[int]
    words: int
    initials: str
    digits: str


def _read_label(label: str) -> _Label:
    key, parts = fold(label), words(label.replace("-", " "))
    initials = "".join(part[0] for part in parts).lower() if len(parts) > 1 else "\0"
    stems = frozenset(word_ids(label.replace("-", " ")).tolist()) - {0}
    return _Label(key, stems, len(parts), initials, "".join(filter(str.isdigit, key)))


def _same_label(one: _Label, other: _Label) -> str:
    """Why two labels mean the same; "" if they do not. "2.0" and "2.1" are two versions, not one word spelt twice."""
    if one.key == other.key or (one.stems and one.stems == other.stems and one.words == other.words):
        return "another form of"
    if one.initials == other.key or other.initials == one.key:
        return "short for, or long for,"
    is_near = abs(len(one.key) - len(other.key)) <= 2 and one.key[:1] == other.key[:1] and one.digits == other.digits
    if is_near and min(len(one.key), len(other.key)) > 5:
        ratio = difflib.SequenceMatcher(None, one.key, other.key).ratio()
        return "spelt almost like" if ratio >= _LIKE_SPELT else ""
    return ""


def _same_articles(one: Sequence[str], other: Sequence[str]) -> str:
    shared, either = len(set(one) & set(other)), len(set(one) | set(other))
    return "almost always used with" if shared >= 3 and shared >= _SAME_ARTICLES * either else ""


def _single_target(
    tag: Tag, by_use: Sequence[Tag], used: Mapping[str, list[str]], twins: Mapping[str, tuple[str, str]]
) -> str:
    """The tag to merge one into that a single article has: its twin, else the rarest other tag of that article."""
    if tag.name in twins:
        return twins[tag.name][0]
    slug = used[tag.name][0]
    others = [other.name for other in by_use if len(used[other.name]) > 1 and slug in used[other.name]]
    return others[-1] if others else ""
