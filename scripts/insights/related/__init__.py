"""Related articles: ranked as people would have linked them, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from insights.library import Library
from insights.model import Article, Reference, Related
from insights.related.document import Document, digest_of, document_of, parse_document
from insights.related.neighbours import FindNeighbours, find_neighbours
from insights.related.picks import list_rows
from insights.related.ranking import Ranking, build_ranking, change_ranking, rank_index, update_ranking
from insights.related.reasons import explain, stated_facts
from insights.related.state import Reasons, State, dump_state, load_state
from insights.strings import ENGLISH, Strings

__all__ = [
    "Document",
    "Ranking",
    "State",
    "build_ranking",
    "change_ranking",
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
    return relate_from(None, library, count, find=find, strings=strings)[0]


def relate_from(
    known: State | None,
    library: Library,
    count: int,
    digests: Mapping[str, bytes] | None = None,
    find: FindNeighbours = find_neighbours,
    strings: Strings = ENGLISH,
) -> tuple[Mapping[str, tuple[Related, ...]], State]:
    """The same as `relate` gives, with what an earlier run left; and what this run leaves for the next.

    `digests` say of each slug all that its list is made from: article, names of topic and tags, `strings`. One with the
    digest of the earlier run is not read again. Without them all are read; what is the same is not computed again in
    either case. The state is `known` itself if nothing has changed. `find` finds the candidates where nothing is known.
    """
    documents = _Documents(library)
    digests = digests or {slug: stated_facts(documents[slug]) for slug in documents}
    ranking, is_other = _rank_again(known, documents, digests, find)
    index = ranking.index
    slugs = tuple(profile.slug for profile in index.profiles)
    lists = list_rows(index, ranking.neighbours, ranking.picks, count)
    before = known if known and known.slugs == slugs and is_other is not None else None
    others_rows = {row for row, slug in enumerate(slugs) if is_other and slug in is_other}
    kept = known.reasons if known else {}
    related: dict[str, tuple[Related, ...]] = {}
    reasons: dict[str, Reasons] = {}
    for row, (slug, others) in enumerate(zip(slugs, lists, strict=True)):
        is_same = before and before.lists[row] == others and row not in others_rows and others_rows.isdisjoint(others)
        article = library.article(slug)
        if before and is_same and article and not article.related:
            related[slug], reasons[slug] = before.related[slug], kept[slug]
            continue
        links = (
            [link for part in article.related if (link := _pinned(article, part, library, strings))] if article else []
        )
        taken = {link.slug for link in links}
        free = [other for other in others if slugs[other] not in taken][: max(0, count - len(links))]
        shown = tuple(slugs[other] for other in free)
        said = kept.get(slug)
        if said is None or said[0] != shown or is_other is None or not is_other.isdisjoint((slug, *shown)):
            found = explain(index, documents, row, free, strings)
            said = shown, tuple(found[other] for other in free)
        reasons[slug] = said
        ranked = (Related(documents.title(other), reason, other) for other, reason in zip(*said, strict=True))
        related[slug] = (*links, *ranked)
    state = State(ranking, digests, reasons, slugs, lists, related)
    if known and ranking is known.ranking and reasons == known.reasons and digests == known.digests:
        return related, known if known.slugs else state
    return related, state


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
            self._known[slug] = document_of(self._article(slug), self._library)
        return self._known[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(article.slug for article in self._library.articles))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def title(self, slug: str) -> str:
        return self._article(slug).title

    def _article(self, slug: str) -> Article:
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
