"""Rules over the collection: what one article, topic or newsletter says about another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from insights.check.alike import find_twins
from insights.check.collection import Collection, nearest_name
from insights.check.rules import START, Check, Mark, check, mark_field
from insights.check.vocabulary import GROUP
from insights.model import Article, Edition, Level
from insights.readers.pasted import split_site_suffix
from insights.settings import FILE_NAME
from insights.text import fold


@check("related-unknown", GROUP, Level.ERROR, bad="related: [waiting-time]", good="related: [waiting-times]")
def unknown_related(collection: Collection) -> Iterator[Mark]:
    """A related slug is that of an article; a reference with a title may wait for its article."""
    library = collection.library
    for article in collection.articles():
        for index, part in enumerate(article.related):
            if isinstance(part, str) and library.article(part) is None:
                close = nearest_name(part, collection.names["insights"])
                fix = f'use "{close}"' if close else "remove it, or write it as `title: …` until the article exists"
                yield mark_field(article, f"related[{index}]", f'no article has the slug "{part}"', fix)


@check("translation-unknown", GROUP, Level.ERROR, bad="translation_of: nope", good="translation_of: waiting-times")
def unknown_translation(collection: Collection) -> Iterator[Mark]:
    """What an article translates is another article, and itself no translation."""
    for article in collection.articles():
        slug = article.translation_of
        if slug is None:
            continue
        original = collection.library.article(slug)
        if original is None:
            close = nearest_name(slug, collection.names["insights"])
            fix = f'use "{close}"' if close else "remove it"
            yield mark_field(article, "translation_of", f'no article has the slug "{slug}"', fix)
        elif original.translation_of:
            fix = f'use "{original.translation_of}"'
            yield mark_field(article, "translation_of", f'"{slug}" is itself a translation', fix)


@check("date-future", GROUP, Level.ADVICE, bad="date: 2999-01-01", good="date: 2026-01-01")
def future_date(collection: Collection) -> Iterator[Mark]:
    """An article whose date is to come waits for it, as far as that is meant."""
    for article in collection.articles():
        if article.date and article.date > collection.now and not article.is_draft:
            message = f"it stays off the site until {article.date:%Y-%m-%d}"
            yield mark_field(article, "date", message, "nothing, if that is meant")


@check(
    "title-site",
    GROUP,
    Level.WARNING,
    bad='title: "Measure the queue | Small & Sons Review"',
    good="title: Measure the queue",
)
def title_site(collection: Collection) -> Iterator[Mark]:
    """A title does not end with the site's name: pages add it."""
    for article in collection.articles():
        split = split_site_suffix(article.title) if collection.name else None
        if split and fold(split[1]) == fold(collection.name):
            yield mark_field(
                article, "title", f'the title ends with the site\'s name "{split[1]}"', f'write "{split[0]}"'
            )


@check("title-duplicate", GROUP, Level.WARNING, bad="title: Waiting times", good="title: Waiting again")
def title_duplicate(collection: Collection) -> Iterator[Mark]:
    """No two articles have one title: readers cannot tell them apart."""
    for same in _groups((fold(article.title), article) for article in collection.articles()).values():
        for article in same if len(same) > 1 else ():
            others = ", ".join(other.path for other in same if other is not article)
            yield mark_field(article, "title", f"the title is also that of {others}", "say what tells them apart")


@check("series-part", GROUP, Level.WARNING, bad="series: {name: Desk & queue, part: 1}", good="title: No series")
def series_part(collection: Collection) -> Iterator[Mark]:
    """The parts of a series have numbers of their own."""
    parts = ((f"{fold(a.series.name)} {a.series.part}", a) for a in collection.articles() if a.series)
    for same in _groups(parts).values():
        for article in same if len(same) > 1 else ():
            others = ", ".join(other.path for other in same if other is not article)
            part = article.series.part if article.series else 0
            place = "series.part" if "series.part" in article.positions else "series"
            yield mark_field(article, place, f"part {part} is also {others}", "number the parts in turn")


@check("alias-taken", GROUP, Level.ERROR, bad="aliases: [insights/waiting-times/]", good="aliases: [old-address]")
def alias_taken(collection: Collection) -> Iterator[Mark]:
    """A former address is not the address of another article, nor redirected twice."""
    owners: dict[str, Article] = {}
    for article in collection.articles():
        for index, alias in enumerate(article.aliases):
            slug = alias.strip("/").rpartition("/")[2].removesuffix(".html").removesuffix(".md")
            is_here = alias.strip("/") == f"insights/{slug}" or alias in (slug, f"{slug}.md")
            if is_here and (sheet := collection.by_slug.get(slug)):
                yield mark_field(article, f"aliases[{index}]", f'"{alias}" is the address of {sheet.path}', "remove it")
            elif (owner := owners.setdefault(alias.strip("/"), article)) is not article:
                yield mark_field(
                    article, f"aliases[{index}]", f'"{alias}" already leads to {owner.path}', "keep one of them"
                )


@check("article-alike", GROUP, Level.WARNING, bad="two articles with the same sentences", good="one article with them")
def alike(collection: Collection) -> Iterator[Mark]:
    """No two articles have most of their sentences in common."""
    sheets = collection.sheets
    for one, other, likeness in find_twins([sheet.sentences for sheet in sheets]):
        for sheet, twin in ((sheets[one], sheets[other]), (sheets[other], sheets[one])):
            message = f"{likeness:.0%} of the sentences are those of {twin.path}"
            fix = "keep one of them, or give this one a `canonical:` address"
            yield Mark(START, message, fix, sheet.path)


@check("edition-article", GROUP, Level.ERROR, bad="articles: [nope]", good="articles: [waiting-times]")
def unknown_edition_article(collection: Collection) -> Iterator[Mark]:
    """The articles of a newsletter exist, and are no drafts."""
    library = collection.library
    for edition in library.editions:
        for index, slug in enumerate(edition.articles):
            article = library.article(slug)
            place = edition.positions.get(f"articles[{index}]", START)
            if article is None:
                close = nearest_name(slug, collection.names["insights"])
                fix = f'use "{close}"' if close else "remove it"
                yield Mark(place, f'no article has the slug "{slug}"', fix, edition.path)
            elif article.is_draft:
                yield Mark(place, f'"{slug}" is a draft', "publish it first, or remove it", edition.path)


@check("edition-number", GROUP, Level.ERROR, bad="number: 1, in two files", good="number: 2")
def duplicate_edition(collection: Collection) -> Iterator[Mark]:
    """No two newsletters have one number."""
    numbers: dict[int, list[Edition]] = defaultdict(list)
    for edition in collection.library.editions:
        numbers[edition.number].append(edition)
    for number, same in sorted(numbers.items()):
        for edition in same if len(same) > 1 else ():
            others = ", ".join(sorted(other.path for other in same if other is not edition))
            place = edition.positions.get("number", START)
            yield Mark(place, f"number {number} is also that of {others}", "number them in turn", edition.path)


@check("article-unknown", GROUP, Level.ERROR, bad="start_here: [nope]", good="start_here: [waiting-times]")
def unknown_start(collection: Collection) -> Iterator[Mark]:
    """A topic's `start_here` and the home page's `lead` name articles that exist."""
    library = collection.library
    named = [(topic.path, slug) for topic in library.topics for slug in topic.start_here]
    named += [(page.path, page.lead) for page in library.pages if page.lead]
    for path, slug in named:
        if library.article(slug) is None:
            close = nearest_name(slug, collection.names["insights"])
            yield Mark(START, f'no article has the slug "{slug}"', f'use "{close}"' if close else "remove it", path)


@check("setting-idle", GROUP, Level.WARNING, bad="extra_css: [own.css]", good="the same in overrides/")
def idle_setting(collection: Collection) -> Iterator[Mark]:
    """A setting of mkdocs.yml does something: the templates are our own, and read few of those of Material."""
    for name, fix in collection.idle_settings:
        yield Mark(START, f"`{name}:` changes nothing here", fix, FILE_NAME)


def _groups(pairs: Iterator[tuple[str, Article]]) -> dict[str, list[Article]]:
    groups: dict[str, list[Article]] = defaultdict(list)
    for key, article in pairs:
        groups[key].append(article)
    return groups


BETWEEN_CHECKS: tuple[Check[Collection], ...] = (
    unknown_related,
    unknown_translation,
    future_date,
    title_site,
    title_duplicate,
    series_part,
    alias_taken,
    alike,
    unknown_edition_article,
    duplicate_edition,
    unknown_start,
    idle_setting,
)
