"""Jekyll: a site's folder with the same addresses, redirects by jekyll-redirect-from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from insights.frontmatter import dump_front_matter
from insights.model import Article
from insights.moving.export.outgoing import Outgoing, asset_files, old_address, plain_body
from insights.moving.export.static_site import shared_fields


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`_posts`, `_drafts`, pages, files, settings."""
    publication = outgoing.publication
    root = publication.url.rstrip("/")
    host = re.match(r"https?://[^/]+", root)
    settings = {
        "title": publication.name,
        "description": publication.description,
        "url": host[0] if host else root,
        "baseurl": root[len(host[0]) :] if host else "",
        "lang": publication.language,
        "timezone": "UTC",
        "permalink": "/insights/:title/",
        "plugins": ["jekyll-feed", "jekyll-redirect-from"],
    }
    yield "_config.yml", dump_front_matter(settings).replace("---\n", "").encode()
    for article in outgoing.library.articles:
        yield _path(article), _post(outgoing, article).encode()
    for page in outgoing.pages:
        fields = {
            "title": page.title,
            "description": page.description,
            "permalink": old_address(page),
            "redirect_from": list(page.aliases),
        }
        yield f"{page.slug}.md", f"{dump_front_matter(fields)}\n{_raw(plain_body(page))}".encode()
    yield from asset_files(outgoing, "")


def _path(article: Article) -> str:
    if article.is_draft or article.date is None:
        return f"_drafts/{article.slug}.md"
    return f"_posts/{article.date:%Y-%m-%d}-{article.slug}.md"


def _post(outgoing: Outgoing, article: Article) -> str:
    fields = {
        **shared_fields(outgoing, article),
        "last_modified_at": article.updated,
        "redirect_from": list(article.aliases),
    }
    return f"{dump_front_matter(fields)}\n{_raw(plain_body(article))}"


def _raw(body: str) -> str:
    """A body in which Liquid would find something of its own, kept from it."""
    return f"{{% raw %}}\n{body}{{% endraw %}}\n" if "{{" in body or "{%" in body else body
