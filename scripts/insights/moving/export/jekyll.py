"""Jekyll: a site's folder with the same addresses, a feed that keeps its ids, redirects by jekyll-redirect-from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from insights.frontmatter import dump_front_matter
from insights.model import Article
from insights.moving.export.outgoing import Outgoing, asset_files, former_addresses, old_address, plain_body
from insights.moving.export.static_site import shared_fields

_FEED = """---
layout: null
permalink: /feed.xml
---
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>{{ "/" | absolute_url }}</id>
<title>{{ site.title | xml_escape }}</title>
<link href="{{ "/" | absolute_url }}"/>
<link rel="self" href="{{ page.url | absolute_url }}"/>
<updated>{{ site.time | date_to_xmlschema }}</updated>
{% assign insights = "/insights/" | absolute_url %}{% assign root = "/" | absolute_url %}
{% assign up = 'src="../../' %}{% assign up_there = 'src="' | append: root %}
{% assign over = 'href="../../' %}{% assign over_there = 'href="' | append: root %}
{% assign beside = 'href="../' %}{% assign beside_there = 'href="' | append: insights %}
{% for post in site.posts limit: 50 %}
<entry>
<id>{{ post.guid | xml_escape }}</id>
<title>{{ post.title | xml_escape }}</title>
<link href="{{ post.url | absolute_url }}"/>
<published>{{ post.date | date_to_xmlschema }}</published>
<updated>{{ post.last_modified_at | default: post.date | date_to_xmlschema }}</updated>
{% for name in post.authors %}<author><name>{{ name | xml_escape }}</name></author>
{% endfor %}
<content type="html">{{ post.content | replace: up, up_there | replace: over, over_there
  | replace: beside, beside_there | xml_escape }}</content>
</entry>
{% endfor %}
</feed>
"""


def files_of(outgoing: Outgoing) -> Iterator[tuple[str, bytes]]:
    """`_posts`, `_drafts`, pages, files, settings, and the feed's template; layouts are a theme's."""
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
        "plugins": ["jekyll-redirect-from"],
    }
    yield "_config.yml", dump_front_matter(settings).replace("---\n", "").encode()
    yield "feed.xml", _FEED.encode()
    for article in outgoing.library.articles:
        yield _path(article), _post(outgoing, article).encode()
    for page in outgoing.pages:
        fields = {
            "title": page.title,
            "description": page.description,
            "permalink": old_address(page),
            "redirect_from": list(former_addresses(page)),
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
        "redirect_from": list(former_addresses(article)),
    }
    return f"{dump_front_matter(fields)}\n{_raw(plain_body(article))}"


def _raw(body: str) -> str:
    """A body in which Liquid would find something of its own, kept from it."""
    return f"{{% raw %}}\n{body}{{% endraw %}}\n" if "{{" in body or "{%" in body else body
