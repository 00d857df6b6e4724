"""The site for programs that read text: each article as Markdown, and llms.txt, which lists them."""

from __future__ import annotations

from dataclasses import replace

from insights.article import dump_article
from insights.library import Library
from insights.model import Article, Origin
from insights.settings import Publication
from insights.urls import ARCHIVE, OPML, absolute, markdown_href, topic_href

_LISTED = 200


def render_twin(article: Article) -> bytes:
    """The article as Markdown, without what only the next ingest needs."""
    source = article.source
    origin = Origin(url=source.url) if source and source.url else None
    return dump_article(replace(article, source=origin)).encode()


def _plain(text: str) -> str:
    """An author's words on a line, in which no link begins or ends."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def render_llms(library: Library, publication: Publication) -> str:
    """llms.txt: what the site is, its newest articles as Markdown, and where the others are.

    Source: llmstxt.org, "Format".
    """

    def line(title: str, href: str, about: str) -> str:
        link = f"- [{_plain(title)}]({absolute(publication.url, href)})"
        return f"{link}: {_plain(about)}" if about else link

    newest = library.articles[:_LISTED]
    sections = {
        "Articles": [line(each.title, markdown_href(each.slug), each.description) for each in newest],
        "Topics": [line(topic.name, topic_href(topic.slug), topic.description) for topic in library.topics],
        "Optional": [
            line("Archive", ARCHIVE, "every article by year"),
            line("Sitemap", "sitemap.xml", "every page, with the day it last changed"),
            line("Feeds", OPML, "a feed for each topic, tag and author"),
        ],
    }
    about = publication.description or publication.settings.tagline
    parts = [f"# {publication.name}", *([f"> {about}"] if about else [])]
    parts += [f"## {title}\n\n" + "\n".join(lines) for title, lines in sections.items() if lines]
    return "\n\n".join(parts) + "\n"
