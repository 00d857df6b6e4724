"""The vocabulary that a move proposes: topics, tags with their spellings merged, and authors that are not here yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from insights.library import Library, build_library
from insights.model import Author, Tag, Topic
from insights.moving.entry import Entry, Export, Kind
from insights.moving.places import free_name
from insights.text import fold, slugify

UNSORTED = "Unsorted"
"""The topic of articles whose source states none: a draft would take their old addresses off the web."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms to add, and the name that each tag as exported gets."""

    topics: tuple[Topic, ...]
    tags: tuple[Tag, ...]
    authors: tuple[Author, ...]
    names: Mapping[str, str]

    def added_to(self, library: Library) -> Library:
        """The library with these terms as well."""
        return build_library(
            library.articles,
            (*library.topics, *self.topics),
            (*library.tags, *self.tags),
            (*library.authors, *self.authors),
            library.editions,
            library.pages,
        )

    def apply(self, entry: Entry) -> Entry:
        """The entry with its tags by their names here."""
        return replace(entry, tags=tuple(dict.fromkeys(self.names.get(tag, tag) for tag in entry.tags)))


def propose(export: Export, library: Library, default_topic: str) -> Vocabulary:
    """The terms that the export's articles use and the library lacks, and how its tags map to names."""
    articles = [entry for entry in export.entries if entry.kind is Kind.ARTICLE]
    names, tags = _tags(articles, export.tags, library)
    return Vocabulary(
        _topics(articles, export, library, default_topic), tags, _authors(articles, export, library), names
    )


def _tags(
    articles: Iterable[Entry], descriptions: Mapping[str, str], library: Library
) -> tuple[dict[str, str], tuple[Tag, ...]]:
    uses = Counter(tag for entry in articles for tag in entry.tags)
    groups: dict[str, list[str]] = defaultdict(list)
    for spelling in uses:
        groups[_key(spelling)].append(spelling)
    known = {_key(name): tag.name for tag in library.tags for name in (*tag.aliases, tag.slug, tag.name)}
    names: dict[str, str] = {}
    added: list[Tag] = []
    taken = {tag.slug for tag in library.tags}
    for key, spellings in sorted(groups.items()):
        found = next((tag.name for each in spellings if (tag := library.tag(each))), None) or known.get(key)
        name = found or min(spellings, key=lambda each: (-uses[each], each != each.lower(), each))
        names.update(dict.fromkeys(spellings, name))
        if found is None:
            others = {fold(each): each for each in sorted(spellings) if fold(each) != fold(name)}
            text = next((descriptions[each] for each in (name, *spellings) if descriptions.get(each)), "")
            added.append(Tag(free_name(slugify(name) or "tag", taken), name, tuple(others.values()), text))
    return names, tuple(added)


def _topics(articles: list[Entry], export: Export, library: Library, default_topic: str) -> tuple[Topic, ...]:
    stated = {topic.name: topic for topic in export.topics}
    used = dict.fromkeys(entry.topic for entry in articles if entry.topic)
    if any(entry.topic is None and not entry.is_draft for entry in articles):
        used[default_topic] = None
    added: list[Topic] = []
    taken = {topic.slug for topic in library.topics}
    folded: set[str] = set()
    for name in used:
        if name and library.topic(name) is None and fold(name) not in folded:
            folded.add(fold(name))
            text = stated[name].description if name in stated else ""
            added.append(Topic(free_name(slugify(name) or "topic", taken), name, text))
    return tuple(added)


def _authors(articles: list[Entry], export: Export, library: Library) -> tuple[Author, ...]:
    stated = {author.name: author for author in export.authors}
    added: list[Author] = []
    taken = {author.slug for author in library.authors}
    folded: set[str] = set()
    for name in dict.fromkeys(name for entry in articles for name in entry.authors):
        if library.author(name) is None and fold(name) not in folded:
            folded.add(fold(name))
            author = stated.get(name) or Author("", name)
            added.append(replace(author, slug=free_name(slugify(name) or "author", taken)))
    return tuple(added)


def _key(term: str) -> str:
    """What spellings of one tag share: no case, hyphens or accents, the last word in the singular."""
    words = fold(term).split() or [term]
    last = words[-1]
    if len(last) > 3 and last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif len(last) > 4 and last.endswith(("ches", "shes", "xes", "sses")):
        last = last[:-2]
    elif len(last) > 3 and last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return " ".join([*words[:-1], last])
