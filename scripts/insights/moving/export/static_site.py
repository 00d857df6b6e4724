"""What the front matter of Jekyll and of Hugo share."""

from __future__ import annotations

from insights.model import Article
from insights.moving.export.outgoing import Outgoing, docs_path, target_of


def shared_fields(outgoing: Outgoing, article: Article) -> dict[str, object]:
    """An article's fields by the names that both systems and their themes know; the order is that of the file."""
    image = article.image
    src = image and (f"/{target[0]}" if (target := target_of(image.src, docs_path(article))) else image.src)
    return {
        "title": article.title,
        "date": article.date,
        "categories": [topic] if (topic := outgoing.topic_of(article)) else [],
        "tags": list(outgoing.tags_of(article)),
        "authors": list(article.authors),
        "description": article.description,
        "image": {"src": src, "alt": image.alt} if image else None,
        "series": {"name": article.series.name, "part": article.series.part} if article.series else None,
        "canonical_url": article.canonical,
        "guid": outgoing.id_of(article),
        "lang": article.language,
    }
