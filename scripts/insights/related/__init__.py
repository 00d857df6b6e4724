"""Related articles: ranked as people would have linked them, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from insights.library import Library
from insights.model import Article, Reference, Related
from insights.related.document import Document, document_of, parse_document
from insights.related.picks import list_rows
from insights.related.ranking import Ranking, build_ranking, update_ranking
from insights.related.reasons import explain, stated_facts
from insights.related.report import Report, build_report
from insights.related.report_page import dump_report, render_report
from insights.related.state import State, dump_state, load_state

__all__ = [
    "Document",
    "Ranking",
    "Report",
    "State",
    "build_ranking",
    "build_report",
    "dump_report",
    "dump_state",
    "list_related",
    "load_state",
    "parse_document",
    "pin_first",
    "rank",
    "relate",
    "relate_from",
    "render_report",
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


def relate(library: Library, count: int) -> Mapping[str, tuple[Related, ...]]:
    """The related articles of each article, by its slug: the pinned ones in their order, then ranked, `count` in all.

    A pinned reference that matches no article is kept without a slug. `library` is what readers may see.
    """
    return relate_from(None, library, count)[0]


def relate_from(known: State | None, library: Library, count: int) -> tuple[Mapping[str, tuple[Related, ...]], State]:
    """The same as `relate` gives, with what an earlier run left; and what this run leaves for the next.

    What is the same as in the earlier run is not computed again. The state is `known` itself if nothing has changed.
    """
    documents = {article.slug: document_of(article, library) for article in library.articles}
    ranking = update_ranking(known.ranking, documents.values()) if known else build_ranking(documents.values())
    index = ranking.index
    said = _Reasons(known, ranking, documents)
    related: dict[str, tuple[Related, ...]] = {}
    for row, others in enumerate(list_rows(index, ranking.neighbours, ranking.picks, count)):
        slug = index.profiles[row].slug
        article = library.article(slug)
        links = [link for part in article.related if (link := _pinned(article, part, library))] if article else []
        taken = {link.slug for link in links}
        free = [other for other in others if index.profiles[other].slug not in taken][: max(0, count - len(links))]
        slugs = (index.profiles[other].slug for other in free)
        reasons = zip(slugs, said.of(row, free), strict=True)
        related[slug] = (*links, *(Related(documents[other].title, reason, other) for other, reason in reasons))
    is_same = known is not None and ranking is known.ranking and said.by_slug == known.reasons
    return related, known if known and is_same else State(ranking, said.by_slug)


class _Reasons:
    """The reasons of each list, taken over from an earlier run where all that they depend on is the same."""

    def __init__(self, known: State | None, ranking: Ranking, documents: Mapping[str, Document]) -> None:
        self.by_slug: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._known = known.reasons if known else {}
        self._index, self._documents = ranking.index, documents
        self._weights = b"".join(sorted(ranking.index.reference))
        self._weights = blake2b(self._weights, digest_size=16).digest()
        self._facts = [stated_facts(documents[profile.slug], profile.digest) for profile in ranking.index.profiles]

    def of(self, row: int, others: list[int]) -> tuple[str, ...]:
        """The reason of each of the others to be related to this row."""
        slug = self._index.profiles[row].slug
        facts = (self._weights, self._facts[row], *(self._facts[other] for other in others))
        key = blake2b(b"".join(facts), digest_size=16).digest()
        known = self._known.get(slug)
        if known is None or known[0] != key:
            found = explain(self._index, self._documents, row, others)
            known = (key, tuple(found[other] for other in others))
        self.by_slug[slug] = known
        return known[1]


def _pinned(article: Article, part: str | Reference, library: Library) -> Related | None:
    """The link that an author or a source named; None where a slug names no article that readers may see."""
    found = library.article(part) if isinstance(part, str) else library.find_article(part)
    if found and found.slug != article.slug:
        return Related(found.title, "Chosen by the author", found.slug)
    if isinstance(part, Reference):
        return Related(part.title, "Named by the author", None, part.topic, part.date)
    return None
