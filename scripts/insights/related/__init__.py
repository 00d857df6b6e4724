"""Related articles: ranked as people would have linked them, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from insights.library import Library
from insights.model import Article, Reference, Related
from insights.related.document import Document, digest_of, document_of, parse_document
from insights.related.neighbours import FindNeighbours, find_neighbours
from insights.related.picks import list_rows
from insights.related.ranking import Ranking, build_ranking, change_ranking, rank_index, update_ranking
from insights.related.reasons import explain, stated_facts
from insights.related.state import State, decode_related, dump_state, encode_related, load_state
from insights.strings import ENGLISH, Strings

__all__ = [
    "Document",
    "Ranking",
    "State",
    "build_ranking",
    "change_ranking",
    "decode_related",
    "dump_state",
    "finder_of",
    "list_related",
    "load_state",
    "parse_document",
    "pin_first",
    "rank",
    "rank_index",
    "relate",
    "relate_from",
    "update_ranking",
]


def rank(documents: Iterable[Document], count: int) -> dict[str, tuple[str, ...]]:
    """The slugs of the `count` articles most related to each, best first; fewer only where there are not so many.

    The order of the documents changes nothing; their slugs must differ.
    """
    return list_related(build_ranking(documents), count)


def list_related(ranking: Ranking, count: int) -> dict[str, tuple[str, ...]]:
    """The lists of a ranking, by slug: `count` slugs each, best first."""
    profiles = ranking.index.profiles
    lists = list_rows(ranking.index, ranking.neighbours, ranking.picks, count)
    return {profiles[row].slug: tuple(profiles[other].slug for other in others) for row, others in enumerate(lists)}


def pin_first(
    documents: Iterable[Document], ranked: Mapping[str, tuple[str, ...]], count: int
) -> dict[str, tuple[str, ...]]:
    """The lists with what authors pinned in front, in their order, `count` in all; all that is pinned is kept."""
    pinned = {
        document.slug: tuple(slug for slug in document.pinned if slug in ranked and slug != document.slug)
        for document in documents
    }
    return {
        slug: tuple(dict.fromkeys((*pinned[slug], *others)))[: max(count, len(set(pinned[slug])))]
        for slug, others in ranked.items()
    }


def finder_of(index: str) -> FindNeighbours:
    """What finds the candidates by the index of this name: "exact", or "approximate" with the extra of that name."""
    if index == "exact":
        return find_neighbours
    from insights.related.approximate import find_approximately

    return find_approximately


def relate(
    library: Library, count: int, find: FindNeighbours = find_neighbours, strings: Strings = ENGLISH
) -> Mapping[str, tuple[Related, ...]]:
    """The related articles of each article, by its slug: the pinned ones in their order, then ranked, `count` in all.

    A pinned reference that matches no article is kept without a slug. `library` is what readers may see; `find` finds
    the candidates; the reasons are in the language of `strings`.
    """
    state = relate_from(None, library, count, find=find, strings=strings)
    return {slug: decode_related(row) for slug, row in state.related.items()}


def relate_from(
    known: State | None,
    library: Library,
    count: int,
    digests: Mapping[str, bytes] | None = None,
    find: FindNeighbours = find_neighbours,
    strings: Strings = ENGLISH,
) -> State:
    """What `relate` gives, encoded, with what the next run needs of this one; `known` is what an earlier run gave.

    `digests` say of each slug all that its list is made from: article, names of topic and tags, `strings`. One with the
    digest of the earlier run is not read again. Without them all are read; what is the same is not computed again in
    either case. The state is `known` itself if nothing has changed. `find` finds the candidates where nothing is known.
    """
    documents = _Documents(library)
    digests = digests or {slug: stated_facts(documents[slug]) for slug in documents}
    ranking, changed = _rank_again(known, documents, digests, find)
    index = ranking.index
    slugs = tuple(profile.slug for profile in index.profiles)
    lists = list_rows(index, ranking.neighbours, ranking.picks, count)
    before = _lists_before(known, slugs) if known and changed is not None else {}
    is_changed = {row for row, slug in enumerate(slugs) if changed and slug in changed}
    pinning = {article.slug for article in library.articles if article.related}
    related: dict[str, bytes] = {}
    for row, (slug, others) in enumerate(zip(slugs, lists, strict=True)):
        is_same = before.get(slug) == others and row not in is_changed and is_changed.isdisjoint(others)
        if known and is_same and slug not in pinning:
            related[slug] = known.related[slug]
            continue
        article = documents.article(slug)
        links = [link for part in article.related if (link := _pinned(article, part, library, strings))]
        taken = {link.slug for link in links}
        free = [other for other in others if slugs[other] not in taken][: max(0, count - len(links))]
        shown = [slugs[other] for other in free]
        reasons: list[str] | None = None
        if slug in before and known and is_changed.isdisjoint((row, *free)):
            reasons = _reasons_before(known.related[slug], len(links), shown)
        if reasons is None:
            found = explain(index, documents, row, free, strings)
            reasons = [found[other] for other in free]
        titles = (documents.article(other).title for other in shown)
        related[slug] = encode_related((*links, *map(Related, titles, reasons, shown)))
    if known and ranking is known.ranking and related == known.related and digests == known.digests:
        return known
    return State(ranking, digests, related, lists)


def _lists_before(known: State, slugs: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """The lists of an earlier run by slug, in the rows that these slugs have now; -1 for one that is gone."""
    before = tuple(profile.slug for profile in known.ranking.index.profiles)
    if before == slugs:
        return dict(zip(slugs, known.lists, strict=True))
    rows = {slug: row for row, slug in enumerate(slugs)}
    moved = [rows.get(slug, -1) for slug in before]
    return {slug: [moved[other] for other in others] for slug, others in zip(before, known.lists, strict=True)}


def _reasons_before(row: bytes, pinned: int, shown: Sequence[str]) -> list[str] | None:
    """The reasons of an earlier run, where what followed so many pinned links were these very slugs."""
    links = decode_related(row)[pinned:]
    return [link.reason for link in links] if [link.slug for link in links] == list(shown) else None


def _rank_again(
    known: State | None, documents: Mapping[str, Document], digests: Mapping[str, bytes], find: FindNeighbours
) -> tuple[Ranking, frozenset[str] | None]:
    """The ranking, and the slugs of all articles of which something may be other than before; None for any."""
    if known is None:
        return build_ranking((documents[slug] for slug in digests), find), None
    changed = [slug for slug, digest in digests.items() if known.digests.get(slug) != digest]
    gone = known.digests.keys() - digests.keys()
    if not changed and not gone:
        return known.ranking, frozenset()
    texts = {profile.slug: profile.digest for profile in known.ranking.index.profiles}
    edited = [documents[slug] for slug in changed if texts.get(slug) != digest_of(documents[slug])]
    ranking, is_other = change_ranking(known.ranking, gone, edited)
    return ranking, None if is_other is None else is_other.union(changed)


class _Documents(Mapping[str, Document]):
    """The articles of a library by slug, each read when it is asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, Document] = {}

    def __getitem__(self, slug: str) -> Document:
        if slug not in self._known:
            self._known[slug] = document_of(self.article(slug), self._library)
        return self._known[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(article.slug for article in self._library.articles))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def article(self, slug: str) -> Article:
        article = self._library.article(slug)
        if article is None:
            raise KeyError(slug)
        return article


def _pinned(article: Article, part: str | Reference, library: Library, strings: Strings) -> Related | None:
    """The link that an author or a source named; None where a slug names no article that readers may see."""
    found = library.article(part) if isinstance(part, str) else library.find_article(part)
    if found and found.slug != article.slug:
        return Related(found.title, strings.chosen, found.slug)
    if isinstance(part, Reference):
        return Related(part.title, strings.named, None, part.topic, part.date)
    return None
