"""Zensical and Material for MkDocs: a project's folder; the same Markdown, extensions and addresses.

Zensical renders the articles as pages; Material's blog plugin, which it reads past, lists them too.
"""

from __future__ import annotations

from collections.abc import Iterator

from insights.frontmatter import dump_front_matter
from insights.model import Article
from insights.moving.export.outgoing import Outgoing, asset_files, redirects_csv
from insights.text import slugify


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`docs`, `mkdocs.yml`, and former addresses with where they lead."""
    publication = outgoing.publication
    names = [name for name in publication.markdown_extensions if not name.startswith("insights.")]
    configs = publication.markdown_configs
    settings = {
        "site_name": publication.name,
        "site_url": publication.url,
        "site_description": publication.description,
        "theme": {"name": "material", "language": publication.language},
        "plugins": [
            "search",
            {"blog": {"blog_dir": ".", "post_dir": "insights", "post_url_format": "insights/{slug}"}},
            "tags",
        ],
        "markdown_extensions": [{name: dict(configs[name])} if configs.get(name) else name for name in names],
    }
    yield "mkdocs.yml", dump_front_matter(settings).replace("---\n", "").encode()
    yield "docs/.authors.yml", dump_front_matter({"authors": _authors(outgoing)}).replace("---\n", "").encode()
    yield "docs/index.md", f"# {publication.name}\n\n{publication.description}\n".encode()
    for article in outgoing.library.articles:
        yield f"docs/insights/{article.slug}.md", _post(outgoing, article).encode()
    for page in outgoing.pages:
        fields = {"title": page.title, "description": page.description}
        yield f"docs/{page.slug}.md", f"{dump_front_matter(fields)}\n{page.body}".encode()
    yield "redirects.csv", b"from,to\n" + redirects_csv(outgoing)  # neither system redirects by itself
    yield from asset_files(outgoing, "docs/")


def _authors(outgoing: Outgoing) -> dict[str, object]:
    """Every name that an article is by: the blog plugin knows authors by key alone."""
    names = dict.fromkeys(name for article in outgoing.library.articles for name in article.authors)
    people = {name: outgoing.library.author(name) for name in names}
    return {
        slugify(name): {
            "name": author.name if author else name,
            "description": (author.description if author else "") or (author.name if author else name),
            "avatar": "https://www.gravatar.com/avatar/?d=mp",
        }
        for name, author in people.items()
    }


def _post(outgoing: Outgoing, article: Article) -> str:
    series = article.series
    fields: dict[str, object] = {
        "title": article.title,
        "date": {"created": article.date, "updated": article.updated} if article.updated else article.date,
        "slug": article.slug,
        "categories": [topic] if (topic := outgoing.topic_of(article)) else [],
        "tags": list(outgoing.tags_of(article)),
        "authors": [slugify(name) for name in article.authors],
        "description": article.description,
        "image": {"src": article.image.src, "alt": article.image.alt} if article.image else None,
        "series": {"name": series.name, "part": series.part} if series else None,
        "canonical_url": article.canonical,
        "guid": outgoing.id_of(article),
        "lang": article.language,
        "aliases": list(article.aliases),
        "draft": article.is_draft or article.date is None or None,
    }
    return f"{dump_front_matter(fields)}\n{article.body}"
