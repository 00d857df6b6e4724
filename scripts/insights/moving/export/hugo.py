"""Hugo: a site's folder with the same addresses, aliases, and feeds that keep their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from insights.frontmatter import dump_front_matter
from insights.model import Article
from insights.moving.export.outgoing import Outgoing, asset_files, former_addresses, plain_body
from insights.moving.export.static_site import shared_fields

_SHORTCODE = re.compile(r"\{\{([<%])(?!/\*)((?:(?!\{\{[<%]).)*?)([>%])\}\}", re.DOTALL)
_FEED = """{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<rss version="2.0"><channel><title>{{ .Site.Title }}</title><link>{{ .Permalink }}</link>
<description>{{ .Site.Params.description }}</description>
{{- $root := .Site.BaseURL }}
{{- range where .Site.RegularPages "Section" "insights" }}
<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
<guid isPermaLink="false">{{ .Params.guid }}</guid>
{{- $text := replace (replace .Content "=\\"../../" (print "=\\"" $root)) "=\\"../" (print "=\\"" $root "insights/") }}
<description>{{ $text | transform.XMLEscape | safeHTML }}</description></item>
{{- end }}
</channel></rss>
"""


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`content`, `static`, settings, and the feed's template; pages and lists are a theme's."""
    publication = outgoing.publication
    settings = {
        "baseURL": publication.url,
        "title": publication.name,
        "locale": publication.language,
        "params": {"description": publication.description},
        "taxonomies": {"tag": "tags", "category": "categories", "author": "authors"},
        "markup": {"goldmark": {"renderer": {"unsafe": True}}},
    }
    yield "hugo.yaml", dump_front_matter(settings).replace("---\n", "").encode()
    yield "layouts/home.rss.xml", _FEED.encode()
    for article in outgoing.library.articles:
        yield f"content/insights/{article.slug}.md", _page(outgoing, article).encode()
    for page in outgoing.pages:
        fields = {"title": page.title, "description": page.description, "aliases": list(former_addresses(page))}
        yield f"content/{page.slug}.md", f"{dump_front_matter(fields)}\n{_escaped(plain_body(page))}".encode()
    yield from asset_files(outgoing, "static/")


def _page(outgoing: Outgoing, article: Article) -> str:
    fields = {
        **shared_fields(outgoing, article),
        "lastmod": article.updated,
        "aliases": list(former_addresses(article)),
        "draft": article.is_draft or article.date is None or None,
    }
    return f"{dump_front_matter(fields)}\n{_escaped(plain_body(article))}"


def _escaped(body: str) -> str:
    """What looks like a shortcode, as Hugo shows it."""
    return _SHORTCODE.sub(r"{{\1/*\2*/\3}}", body)
