"""Pages that list articles: the home page, topics, tags, authors, series, the archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from insights.model import Article, Tag
from insights.site.frame import Frame, last_change
from insights.site.head import Crumb, author_json_ld, json_ld
from insights.site.listing import author_portrait, edition_entry, tag_link, topic_entry
from insights.site.pages import Json, Meta, SitePage, dump_meta
from insights.strings import Strings, fill
from insights.text import fold, is_web, slugify
from insights.urls import absolute, author_href, tag_href, topic_href

_LISTED = 40  # cards on one page of a listing; the newest page holds up to twice as many
_ON_HOME = 24
_LATEST = 3
_TOGETHER = 8


def hub_pages(frame: Frame) -> Iterator[SitePage]:
    """Every listing."""
    yield _home(frame)
    yield from _topics(frame)
    yield from _tags(frame)
    yield from _authors(frame)
    yield from _series(frame)
    yield from _archive(frame)


def _home(frame: Frame) -> SitePage:
    page = frame.library.page("index")
    articles = frame.library.articles
    lead = frame.library.article(page.lead) if page and page.lead else None
    lead = lead or (articles[0] if articles else None)
    rest = [article for article in articles if article is not lead][:_ON_HOME]
    description = page.description if page and page.description else frame.publication.description
    meta = frame.meta("home", frame.publication.name, description, "", [])
    meta |= {
        "breadcrumbs": [],
        "lead": frame.cards.card(lead) if lead else None,
        "cards": frame.cards.cards(rest),
        "topics": frame.topic_entries(),
        "editions": [edition_entry(edition, frame.strings) for edition in frame.library.editions[:1]],
        "json_ld": json_ld(
            frame.publication,
            [{"@type": "WebSite", "name": frame.publication.name, "url": frame.publication.url}],
            [],
        ),
    }
    return SitePage("index.md", meta, page.body if page else "", last_change(articles))


def _topics(frame: Frame) -> Iterator[SitePage]:
    library = frame.library
    entries: list[Json] = []
    for topic in library.topics:
        articles = frame.by_topic[topic.slug]
        starts = [found for slug in topic.start_here if (found := library.article(slug))]
        latest = [article for article in articles if article not in starts][:_LATEST]
        entry = topic_entry(topic, len(articles), frame.strings)
        entries.append({**entry, "latest": frame.cards.cards(latest or articles[:_LATEST])})
        href = topic_href(topic.slug)
        meta = frame.meta("topic", topic.name, topic.description, href, [frame.hubs.topics])
        meta |= {
            "feeds": frame.feed_links(href),
            "count": entry["count_text"],
            "start_here": frame.cards.cards(starts),
        }
        yield from _listing(frame, f"topics/{topic.slug}", meta, articles, topic.body)
    meta = frame.meta("topics", *_titled(frame.hubs.topics, frame.strings.topics_about))
    yield SitePage("topics/index.md", meta | {"topics": entries}, modified=last_change(library.articles))


def _tags(frame: Frame) -> Iterator[SitePage]:
    known = {tag.slug: tag for tag in frame.library.tags}
    groups: dict[str, list[Json]] = defaultdict(list)
    used = [known.get(slug) or Tag(slug, slug) for slug in frame.by_tag]
    for tag in sorted(used, key=lambda tag: (fold(tag.name), tag.slug)):
        articles = frame.by_tag[tag.slug]
        entry = {**tag_link(tag), "count": len(articles), "description": tag.description}
        groups[fold(tag.name)[:1].upper() or "#"].append(entry)
        meta = frame.meta(
            "tag", tag.name[:1].upper() + tag.name[1:], tag.description, tag_href(tag.slug), [frame.hubs.tags]
        )
        meta |= {"feeds": frame.feed_links(tag_href(tag.slug)), "related_tags": _tags_beside(frame, tag, articles)}
        yield from _listing(frame, f"tags/{tag.slug}", meta, articles)
    meta = frame.meta("tags", *_titled(frame.hubs.tags, frame.strings.tags_about))
    letters: list[Json] = [{"letter": letter, "tags": tags} for letter, tags in sorted(groups.items())]
    yield SitePage("tags/index.md", meta | {"groups": letters})


def _titled(hub: Crumb, about: str) -> tuple[str, str, str, list[Crumb]]:
    """Title, description, address and crumbs of a page at the top of its part of the site."""
    title, href = hub
    return title, about, href, []


def _tags_beside(frame: Frame, tag: Tag, articles: Sequence[Article]) -> list[Json]:
    """The tags that most often stand beside this one."""
    beside = Counter(chain.from_iterable(frame.tag_slugs(article) for article in articles))
    del beside[tag.slug]
    ranked = sorted(beside.items(), key=lambda pair: (-pair[1], pair[0]))
    return [tag_link(frame.tags[slug]) for slug, _count in ranked[:_TOGETHER]]


def _authors(frame: Frame) -> Iterator[SitePage]:
    library = frame.library
    for author in library.authors:
        href = author_href(author.slug)
        meta = frame.meta("author", author.name, author.description, href, [frame.hubs.authors])
        portrait = author_portrait(author.name, library, frame.publication)
        meta |= {key: value for key, value in portrait.items() if key != "href"}
        links: list[Json] = (
            [{"name": frame.strings.website, "href": author.url}] if author.url and is_web(author.url) else []
        )
        meta |= {"feeds": frame.feed_links(href), "links": links}
        meta["json_ld"] = author_json_ld(author, frame.publication, [frame.hubs.authors])
        yield from _listing(frame, f"authors/{author.slug}", meta, frame.by_author[author.slug], author.body)
    meta = frame.meta("authors", *_titled(frame.hubs.authors, frame.strings.authors_about))
    portraits: list[Json] = [author_portrait(each.name, library, frame.publication) for each in library.authors]
    yield SitePage("authors/index.md", meta | {"authors": portraits})


def _series(frame: Frame) -> Iterator[SitePage]:
    for name, parts in frame.series.items():
        href = f"series/{slugify(name)}/"
        meta = frame.meta("series", name, frame.strings.series_about.of(len(parts)), href, [frame.hubs.archive])
        yield SitePage(f"series/{slugify(name)}.md", meta | {"cards": frame.cards.cards(parts)})


def _archive(frame: Frame) -> Iterator[SitePage]:
    title, _href = frame.hubs.archive
    for path, chunk, pagination in _paginate("archive", frame.library.articles, _LISTED * 3, frame.strings):
        meta = frame.meta("archive", title, frame.strings.archive_about, path.removesuffix(".md") + "/", [])
        meta |= {"years": None, "pagination": pagination}
        shown = partial(_archived, frame, meta, chunk)
        yield SitePage(path, shown, "", last_change(chunk), frame.key(chunk, dump_meta(meta)))


def _archived(frame: Frame, meta: Meta, chunk: Sequence[Article]) -> Meta:
    years: dict[int, list[Article]] = defaultdict(list)
    for article in chunk:
        if article.date:
            years[article.date.year].append(article)
    groups: list[Json] = [{"year": year, "cards": frame.cards.cards(articles)} for year, articles in years.items()]
    return {**meta, "years": groups}


def _listing(
    frame: Frame, stem: str, hub: Mapping[str, Json], articles: Sequence[Article], body: str = ""
) -> Iterator[SitePage]:
    """A hub with its articles, over as many pages as they need; its introduction stands on the first."""
    later = {**hub, "start_here": None, "count": None}
    stated, stated_later = dump_meta(hub), dump_meta(later)
    for path, chunk, pagination in _paginate(stem, articles, _LISTED, frame.strings):
        is_first = path == f"{stem}.md"
        own: dict[str, Json] = {"cards": None, "pagination": pagination}
        if not is_first:
            own["canonical"] = absolute(frame.publication.url, path.removesuffix(".md") + "/")
        key = frame.key(chunk, stated if is_first else stated_later, dump_meta(own), body if is_first else "")
        meta = partial(_listed, frame, {**(hub if is_first else later), **own}, chunk)
        yield SitePage(path, meta, body if is_first else "", last_change(chunk), key)


def _listed(frame: Frame, meta: Meta, chunk: Sequence[Article]) -> Meta:
    return {**meta, "cards": frame.cards.cards(chunk)}


def _paginate(
    stem: str, articles: Sequence[Article], size: int, strings: Strings
) -> Iterator[tuple[str, Sequence[Article], Meta | None]]:
    """Paths with their share of the articles, newest first, and the links between them.

    Pages are cut and numbered from the oldest article on, so that a new article changes the first page alone.
    """
    older_pages = max(0, len(articles) // size - 1)
    first_size = len(articles) - older_pages * size
    paths = [f"{stem}.md", *(f"{stem}/page-{number}.md" for number in range(older_pages, 0, -1))]
    bounds = [0, *(first_size + size * index for index in range(older_pages + 1))]
    hrefs = [path.removesuffix(".md") + "/" for path in paths]
    for index, path in enumerate(paths):
        pagination: Meta | None = None
        if older_pages:
            pagination = {
                "previous": {"title": strings.newer, "href": hrefs[index - 1]} if index else None,
                "next": {"title": strings.older, "href": hrefs[index + 1]} if index + 1 < len(paths) else None,
                "place": fill(strings.page_of, page=index + 1, pages=len(paths)),
            }
        yield path, articles[bounds[index] : bounds[index + 1]], pagination
