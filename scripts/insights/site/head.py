"""What every page says of itself in its head: addresses, breadcrumbs, structured data, citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urljoin

import msgspec

from insights.library import Library, tags_of
from insights.model import Article, Author
from insights.settings import Publication
from insights.site.pages import Json
from insights.strings import fill
from insights.text import is_web
from insights.urls import absolute, article_href, author_href

Crumb = tuple[str, str]


def breadcrumbs(publication: Publication, crumbs: Sequence[Crumb]) -> list[Json]:
    """The pages above a page, the home page first; each crumb is a title and an href."""
    return [{"title": title, "href": href} for title, href in ((publication.name, "./"), *crumbs)]


def article_json_ld(
    article: Article, library: Library, publication: Publication, crumbs: Sequence[Crumb], card: str, words: int
) -> str:
    """Article, BreadcrumbList and Organization as one JSON-LD graph, safe inside a script element.

    `card` is the address of the picture that stands for an article without one of its own, or ""; `words` counts the
    body's.
    Source: schema.org; Google Search Central, "Article structured data".
    """
    url = absolute(publication.url, article_href(article.slug))
    people: list[Json] = []
    for name in article.authors:
        author = library.author(name)
        address = {"url": absolute(publication.url, author_href(author.slug))} if author else {}
        people.append({"@type": "Person", "name": author.name if author else name, **address})
    picture = article.image if article.image and publication.shows(article.image.src) else None
    node: dict[str, Json] = {
        "@type": "Article",
        "@id": f"{url}#article",
        "headline": article.title,
        "description": article.description or None,
        "datePublished": article.date.isoformat() if article.date else None,
        "dateModified": moment.isoformat() if (moment := article.updated or article.date) else None,
        "author": people,
        "publisher": {"@id": f"{publication.url}#publisher"},
        "mainEntityOfPage": article.canonical if article.canonical and is_web(article.canonical) else url,
        "articleSection": topic.name if article.topic and (topic := library.topic(article.topic)) else article.topic,
        "keywords": [tag.name for tag in tags_of(library, article)],
        "inLanguage": article.language or publication.language,
        "wordCount": words,
        "image": urljoin(f"{publication.url}insights/", picture.src) if picture else card,
    }
    return json_ld(publication, [{key: value for key, value in node.items() if value}], [*crumbs, (article.title, "")])


def author_json_ld(author: Author, publication: Publication, crumbs: Sequence[Crumb]) -> str:
    """The page of a person, the person, and the breadcrumbs.

    Source: Google Search Central, "Profile page (ProfilePage) structured data".
    """
    person = {
        "@type": "Person",
        "name": author.name,
        "url": absolute(publication.url, author_href(author.slug)),
        "jobTitle": author.role,
        "description": author.description,
        "sameAs": author.url if author.url and is_web(author.url) else None,
        "worksFor": {"@id": f"{publication.url}#publisher"},
    }
    page: dict[str, Json] = {
        "@type": "ProfilePage",
        "mainEntity": {key: value for key, value in person.items() if value},
    }
    return json_ld(publication, [page], [*crumbs, (author.name, "")])


def json_ld(publication: Publication, nodes: Sequence[Mapping[str, Json]], crumbs: Sequence[Crumb]) -> str:
    """A JSON-LD graph of these nodes, the publisher and the breadcrumbs (the last is the page itself)."""
    graph: list[Json] = [
        *nodes,
        {
            "@type": "Organization",
            "@id": f"{publication.url}#publisher",
            "name": publication.name,
            "url": publication.url,
            **({"logo": absolute(publication.url, publication.logo)} if publication.logo else {}),
        },
    ]
    if crumbs:
        trail = [(publication.name, "./"), *crumbs]
        places: list[Json] = [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                **({"item": absolute(publication.url, href)} if href else {}),
            }
            for position, (name, href) in enumerate(trail, 1)
        ]
        graph.append({"@type": "BreadcrumbList", "itemListElement": places})
    text = msgspec.json.encode({"@context": "https://schema.org", "@graph": graph}).decode()
    # HTML, "Restrictions for contents of script elements": no "<!--", "<script" or "</script" may stand inside.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def citation(article: Article, library: Library, publication: Publication) -> dict[str, Json]:
    """How to cite an article: in a plain sentence, and as a BibTeX entry."""
    names = [author.name if (author := library.author(name)) else name for name in article.authors]
    url = absolute(publication.url, article_href(article.slug))
    strings = publication.strings
    title = fill(strings.quoted, phrase=article.title)
    date = strings.spell_date(article.date) if article.date else strings.no_date
    who = ", ".join(names) or publication.name
    fields = {
        "author": " and ".join(_bibtex(name) for name in names) or f"{{{_bibtex(publication.name)}}}",
        "title": f"{{{_bibtex(article.title)}}}",
        "journal": _bibtex(publication.name),
        "year": f"{article.date.year:04}" if article.date else "",
        "month": f"{article.date:%b}".lower() if article.date else "",
        "url": url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return {
        "plain": f"{who}, {title}, {publication.name}, {date}, {url}",
        "bibtex": f"@article{{{article.slug},\n" + ",\n".join(lines) + "\n}",
    }


def share_links(article: Article, publication: Publication) -> list[Json]:
    """Addresses that open a service's own form with the article in it: plain links, no script of others."""
    url = quote(absolute(publication.url, article_href(article.slug)), safe="")
    title = quote(article.title, safe="")
    return [
        {"name": publication.strings.email, "href": f"mailto:?subject={title}&body={url}"},
        {"name": "LinkedIn", "href": f"https://www.linkedin.com/sharing/share-offsite/?url={url}"},
        {"name": "Bluesky", "href": f"https://bsky.app/intent/compose?text={title}%20{url}"},
    ]


def _bibtex(text: str) -> str:
    escaped = text.replace("\\", r"\textbackslash ")
    for char in "&%$#_{}":
        escaped = escaped.replace(char, f"\\{char}")
    return escaped
