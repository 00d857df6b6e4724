"""What an editor wants to know of a library's links: its clusters, hubs, orphans, and subjects left lying."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from insights.related.clusters import find_clusters
from insights.related.document import Document
from insights.related.picks import list_rows
from insights.related.ranking import Ranking
from insights.related.reasons import distinct_phrases
from insights.terms import plain_text, spell_terms, word_ids

_HUBS = 12
_OFFERED = 2
_NAMES_FROM = 8  # articles of a cluster whose text is searched for the words that name it
_NAMES_CONSIDERED = 16
_QUIET_DAYS = 180


@dataclass(frozen=True, slots=True)
class Place:
    """An article's place among the others: the lists it is in, and the articles that link to it themselves."""

    slug: str
    title: str
    date: str
    topic: str
    listed: int
    linked_from: tuple[str, ...]
    followed_up_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that lie close together, the most listed first; named by the phrases that set them apart."""

    name: str
    topics: tuple[str, ...]
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Orphan:
    """An article that no other links to in its text, and those most fit to."""

    slug: str
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic, or a cluster where articles state none: how much is there, and what it lacks ("" for nothing)."""

    name: str
    articles: int
    newest: str
    followed_up: int
    lack: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `places` are by slug, `hubs` are slugs; dates are ISO 8601, "" where an article states none.

    `coverage` is the share of articles, 0 to 1, that some list of related articles holds.
    """

    day: str
    coverage: float
    places: dict[str, Place]
    clusters: tuple[Cluster, ...]
    hubs: tuple[str, ...]
    orphans: tuple[Orphan, ...]
    subjects: tuple[Subject, ...]


def build_report(documents: Iterable[Document], ranking: Ranking, count: int, today: date) -> Report:
    """The report on the lists of `count` articles that the ranking of these documents gives."""
    by_slug = {document.slug: document for document in documents}
    ordered = [by_slug[profile.slug] for profile in ranking.index.profiles]
    lists = list_rows(ranking.index, ranking.neighbours, ranking.picks, count)
    listed = Counter(other for others in lists for other in others)
    linked: dict[str, list[str]] = defaultdict(list)
    for document in ordered:
        for slug in sorted(document.links.union(document.pinned) & by_slug.keys() - {document.slug}):
            linked[slug].append(document.slug)
    places = {
        one.slug: Place(
            slug=one.slug,
            title=one.title,
            date=_iso(one.day),
            topic=one.topic,
            listed=listed[row],
            linked_from=tuple(linked[one.slug]),
            followed_up_by=tuple(slug for slug in linked[one.slug] if by_slug[slug].day > one.day),
        )
        for row, one in enumerate(ordered)
    }
    clusters = tuple(_cluster(ranking, ordered, places, rows) for rows in find_clusters(lists))
    weighty = sorted(places.values(), key=lambda place: (-place.listed - 2 * len(place.linked_from), place.slug))
    orphans = [
        Orphan(one.slug, tuple(ordered[other].slug for other in lists[row][:_OFFERED]))
        for row, one in enumerate(ordered)
        if not linked[one.slug]
    ]
    return Report(
        day=today.isoformat(),
        coverage=len(listed) / max(1, len(ordered)),
        places=places,
        clusters=clusters,
        hubs=tuple(place.slug for place in weighty[: min(_HUBS, -(-len(ordered) // 5))]),
        orphans=tuple(sorted(orphans, key=lambda one: (places[one.slug].date, one.slug), reverse=True)),
        subjects=_subjects(places, clusters),
    )


def _cluster(ranking: Ranking, ordered: Sequence[Document], places: Mapping[str, Place], rows: list[int]) -> Cluster:
    by_weight = sorted(rows, key=lambda row: (-places[ordered[row].slug].listed, ordered[row].slug))
    topics = Counter(ordered[row].topic for row in rows if ordered[row].topic)
    name = _name(ranking, ordered, rows, by_weight[:_NAMES_FROM]) or places[ordered[by_weight[0]].slug].title
    return Cluster(
        name=name,
        topics=tuple(sorted(topics, key=lambda topic: (-topics[topic], topic))),
        slugs=tuple(ordered[row].slug for row in by_weight),
    )


def _name(ranking: Ranking, ordered: Sequence[Document], rows: list[int], read: list[int]) -> str:
    """Up to two phrases that tell a cluster's articles from the others: by F1, as a rule would be; no names."""
    index = ranking.index
    places = index.vectors.places_of(np.array(rows))
    columns, within = np.unique(index.vectors.columns[places], return_counts=True)
    spread = np.maximum(index.spread[columns], within)
    people = word_ids(" ".join(sorted({name for document in ordered for name in document.authors})))
    is_name = np.isin(index.vocabulary[columns], people) | (within < 2)
    worth = np.where(is_name, 0.0, 2 * within / (spread + len(rows)))
    best = columns[np.argsort(-np.round(worth, 9), kind="stable")[:_NAMES_CONSIDERED]]
    terms = index.vocabulary[best].tolist()
    spelt: dict[int, str] = {}
    for row in read:
        missing = [term for term in terms if term not in spelt]
        spelt.update(spell_terms(f"{ordered[row].title}\n{plain_text(ordered[row].body)}", missing))
    return ", ".join(distinct_phrases([spelt[term].lower() for term in terms if term in spelt]))


def _subjects(places: Mapping[str, Place], clusters: Iterable[Cluster]) -> tuple[Subject, ...]:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places.values():
        if place.topic:
            groups[place.topic].append(place)
    if not groups:
        groups.update({cluster.name: [places[slug] for slug in cluster.slugs] for cluster in clusters})
    latest = max((place.date for place in places.values()), default="")
    subjects = (_subject(name, group, latest) for name, group in groups.items())
    return tuple(sorted(subjects, key=lambda subject: (not subject.lack, subject.newest, subject.name)))


def _subject(name: str, group: Sequence[Place], latest: str) -> Subject:
    newest = max(place.date for place in group)
    followed_up = sum(bool(place.followed_up_by) for place in group)
    lacks = []
    if len(group) == 1:
        lacks.append("one article alone")
    elif not followed_up:
        lacks.append("no article takes up an earlier one")
    if newest and (date.fromisoformat(latest) - date.fromisoformat(newest)).days > _QUIET_DAYS:
        lacks.append("silent for half a year while others went on")
    return Subject(name, len(group), newest, followed_up, "; ".join(lacks))


def _iso(day: int) -> str:
    found = date.fromordinal(max(1, day))
    return "" if found.year <= 1970 else found.isoformat()
