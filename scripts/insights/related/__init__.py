"""Related articles: ranked by what they are about, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from insights.library import Library
from insights.model import Article, Reference, Related
from insights.related.document import Document, document_of, parse_document, profile_of
from insights.related.ranking import rank, shared_terms

__all__ = ["Document", "parse_document", "rank", "relate"]

_NAMED = 2  # shared tags or phrases that a reason names


def relate(library: Library, count: int) -> Mapping[str, tuple[Related, ...]]:
    """The related articles of each article, by its slug: the pinned ones in their order, then ranked, `count` in all.

    A pinned reference that matches no article is kept without a slug. `library` is what readers may see.
    """
    documents = {article.slug: document_of(article, library) for article in library.articles}
    ranked = rank(documents.values(), count + 2)
    common = Counter(int(term) for document in documents.values() for term in profile_of(document).terms.ids)
    return {
        article.slug: tuple(_links(article, library, documents, ranked[article.slug], common, count))
        for article in library.articles
    }


def _links(
    article: Article,
    library: Library,
    documents: Mapping[str, Document],
    ranked: tuple[str, ...],
    common: Mapping[int, int],
    count: int,
) -> list[Related]:
    links = [link for part in article.related if (link := _pinned(article, part, library))]
    taken = {link.slug for link in links}
    for slug in ranked:
        if len(links) >= count:
            break
        if slug not in taken:
            reason = _reason(documents[article.slug], documents[slug], common)
            links.append(Related(documents[slug].title, reason, slug))
    return links


def _pinned(article: Article, part: str | Reference, library: Library) -> Related | None:
    """The link that an author or a source named; None where a slug names no article that readers may see."""
    found = library.article(part) if isinstance(part, str) else library.find_article(part)
    if found and found.slug != article.slug:
        return Related(found.title, "Chosen by the author", found.slug)
    if isinstance(part, Reference):
        return Related(part.title, "Named by the author", None, part.topic, part.date)
    return None


def _reason(one: Document, other: Document, common: Mapping[int, int]) -> str:
    """Why two articles belong together, in words a reader understands."""
    if one.series and other.series and one.series.name == other.series.name:
        return f"Part {other.series.part} of the same series"
    if one.slug in other.links:
        return "Refers to this article"
    if other.slug in one.links:
        return "Referred to in this article"
    tags = [tag for tag in one.tags if tag in other.tags][:_NAMED]
    if tags:
        return f"Also about {' and '.join(tags)}"
    phrases = shared_terms(one, other, common, _NAMED)
    if phrases:
        return "Both discuss " + " and ".join(f"“{phrase}”" for phrase in phrases)
    return f"Also in {one.topic}" if one.topic and one.topic == other.topic else "Published in the same weeks"
