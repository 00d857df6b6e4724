"""Related articles: ranked as people would have linked them, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from insights.library import Library
from insights.model import Article, Reference, Related
from insights.related.document import Document, document_of, parse_document
from insights.related.picks import list_rows
from insights.related.ranking import Ranking, build_ranking, update_ranking
from insights.related.reasons import explain

__all__ = [
    "Document",
    "Ranking",
    "build_ranking",
    "list_related",
    "parse_document",
    "rank",
    "relate",
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


def relate(library: Library, count: int) -> Mapping[str, tuple[Related, ...]]:
    """The related articles of each article, by its slug: the pinned ones in their order, then ranked, `count` in all.

    A pinned reference that matches no article is kept without a slug. `library` is what readers may see.
    """
    documents = {article.slug: document_of(article, library) for article in library.articles}
    ranking = build_ranking(documents.values())
    index = ranking.index
    related: dict[str, tuple[Related, ...]] = {}
    for row, others in enumerate(list_rows(index, ranking.neighbours, ranking.picks, count)):
        slug = index.profiles[row].slug
        article = library.article(slug)
        links = [link for part in article.related if (link := _pinned(article, part, library))] if article else []
        taken = {link.slug for link in links}
        free = [other for other in others if index.profiles[other].slug not in taken][: max(0, count - len(links))]
        reasons = explain(index, documents, row, free)
        named = ((index.profiles[other].slug, reasons[other]) for other in free)
        related[slug] = (*links, *(Related(documents[other].title, reason, other) for other, reason in named))
    return related


def _pinned(article: Article, part: str | Reference, library: Library) -> Related | None:
    """The link that an author or a source named; None where a slug names no article that readers may see."""
    found = library.article(part) if isinstance(part, str) else library.find_article(part)
    if found and found.slug != article.slug:
        return Related(found.title, "Chosen by the author", found.slug)
    if isinstance(part, Reference):
        return Related(part.title, "Named by the author", None, part.topic, part.date)
    return None
