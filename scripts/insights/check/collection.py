"""Rules over the collection: what one file says about another, about topics, tags, authors and editions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from insights.check.manuscript import Link
from insights.check.rules import START, Check, Mark, check
from insights.library import Library
from insights.model import Article, Edition, Finding, Level, Position
from insights.readers.pasted import split_site_suffix
from insights.text import fold, nearest, slugify

GROUP = "The collection"
_ALIKE = 0.6  # of the sentences
_FEWEST = 5  # sentences that two articles must share before they count as alike
_COMMONPLACE = 8  # a sentence in more articles is a formula (a note on sources, a licence)


@dataclass(frozen=True, slots=True)
class Ignore:
    """A rule that a file asks not to be applied to it, with its reason."""

    rule: str
    reason: str
    place: Position


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the desk keeps of one article: the article without its body, what its text alone breaks, and what the rules
    of the collection need. `sentences` are hashes of its longer sentences."""

    path: str
    article: Article | None
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    sentences: tuple[int, ...] = ()
    ignores: tuple[Ignore, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of content/: its size, and its width in pixels where it is a picture that was measured."""

    path: str
    size_bytes: int
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything the rules of the collection see. `assets` is by path, relative to content/; `now` tells which dates
    are in the future; `name` and `url` are the publication's, the url ending with "/"; `names` are the stems of the
    files that a folder of content/ has."""

    sheets: tuple[Sheet, ...]
    library: Library
    assets: Mapping[str, Asset]
    now: datetime
    name: str = ""
    url: str = ""
    by_slug: Mapping[str, Sheet] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def articles(self) -> Iterator[Article]:
        """Each article that could be read, by path."""
        return (sheet.article for sheet in self.sheets if sheet.article is not None)


def build_collection(
    sheets: Iterable[Sheet], library: Library, assets: Iterable[Asset], now: datetime, name: str = "", url: str = ""
) -> Collection:
    """The collection of these parts; the sheets in any order."""
    ordered = tuple(sorted(sheets, key=lambda sheet: sheet.path))
    names = {
        "insights": frozenset(article.slug for article in library.articles),
        "topics": frozenset({"index", *(topic.slug for topic in library.topics)}),
        "authors": frozenset({"index", *(author.slug for author in library.authors)}),
        "newsletter": frozenset({"index", *(edition.slug for edition in library.editions)}),
        "": frozenset(page.slug for page in library.pages),
    }
    by_slug = {sheet.article.slug: sheet for sheet in reversed(ordered) if sheet.article}
    return Collection(ordered, library, {asset.path: asset for asset in assets}, now, name, url, by_slug, names)


@check("topic-unknown", GROUP, Level.ERROR, bad="topic: Operation", good="topic: Operations")
def unknown_topic(collection: Collection) -> Iterator[Mark]:
    """A topic is the title of a page in content/topics/."""
    library = collection.library
    for article in collection.articles():
        if article.topic is not None and library.topic(article.topic) is None:
            close = nearest(article.topic, (topic.name for topic in library.topics))
            fix = f'use "{close}", or add ' if close else "add "
            message = f'unknown topic "{article.topic}"'
            yield _mark(article, "topic", message, f"{fix}content/topics/{slugify(article.topic)}.md")


@check("topic-alias", GROUP, Level.WARNING, bad="topic: operations", good="topic: Operations")
def topic_alias(collection: Collection) -> Iterator[Mark]:
    """A topic is written as its page writes it."""
    for article in collection.articles():
        topic = collection.library.topic(article.topic) if article.topic is not None else None
        if topic and topic.name != article.topic:
            yield _mark(article, "topic", f'"{article.topic}" is not the topic\'s name', f'use "{topic.name}"')


@check("tag-unknown", GROUP, Level.ERROR, bad="tags: [queus]", good="tags: [queues]")
def unknown_tag(collection: Collection) -> Iterator[Mark]:
    """A tag is a term of content/tags.yml."""
    library = collection.library
    for article in collection.articles():
        for index, term in enumerate(article.tags):
            if library.tag(term) is None:
                close = nearest(term, (tag.name for tag in library.tags))
                fix = f'use "{close}", or add it to content/tags.yml' if close else "add it to content/tags.yml"
                yield _mark(article, f"tags[{index}]", f'unknown tag "{term}"', fix)


@check("tag-alias", GROUP, Level.WARNING, bad="tags: [waiting]", good="tags: [queues]")
def tag_alias(collection: Collection) -> Iterator[Mark]:
    """A tag is written as content/tags.yml writes it."""
    for article in collection.articles():
        for index, term in enumerate(article.tags):
            tag = collection.library.tag(term)
            if tag and tag.name != term:
                yield _mark(article, f"tags[{index}]", f'"{term}" is not the tag\'s name', f'use "{tag.name}"')


@check("author-unknown", GROUP, Level.WARNING, bad="authors: [Zofia Zurav]", good="authors: [Zofia Żuraw]")
def unknown_author(collection: Collection) -> Iterator[Mark]:
    """An author has a page in content/authors/."""
    library = collection.library
    for article in collection.articles():
        for index, name in enumerate(article.authors):
            if library.author(name) is None:
                close = nearest(name, (author.name for author in library.authors))
                fix = (f'use "{close}", or add ' if close else "add ") + f"content/authors/{slugify(name)}.md"
                yield _mark(article, f"authors[{index}]", f'the author "{name}" has no page', fix)


@check("author-alias", GROUP, Level.WARNING, bad="authors: [zofia zuraw]", good="authors: [Zofia Żuraw]")
def author_alias(collection: Collection) -> Iterator[Mark]:
    """An author's name is written as on the author's page."""
    for article in collection.articles():
        for index, name in enumerate(article.authors):
            author = collection.library.author(name)
            if author and author.name != name:
                yield _mark(article, f"authors[{index}]", f'"{name}" is not the author\'s name', f'use "{author.name}"')


@check("related-unknown", GROUP, Level.ERROR, bad="related: [waiting-time]", good="related: [waiting-times]")
def unknown_related(collection: Collection) -> Iterator[Mark]:
    """A related slug is that of an article; a reference with a title may wait for its article."""
    library = collection.library
    for article in collection.articles():
        for index, part in enumerate(article.related):
            if isinstance(part, str) and library.article(part) is None:
                close = nearest_name(part, collection.names["insights"])
                fix = f'use "{close}"' if close else "remove it, or write it as `title: …` until the article exists"
                yield _mark(article, f"related[{index}]", f'no article has the slug "{part}"', fix)


@check("date-future", GROUP, Level.ADVICE, bad="date: 2999-01-01", good="date: 2026-01-01")
def future_date(collection: Collection) -> Iterator[Mark]:
    """An article whose date is to come waits for it, as far as that is meant."""
    for article in collection.articles():
        if article.date and article.date > collection.now and not article.is_draft:
            message = f"it stays off the site until {article.date:%Y-%m-%d}"
            yield _mark(article, "date", message, "nothing, if that is meant")


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
            yield _mark(article, "title", f'the title ends with the site\'s name "{split[1]}"', f'write "{split[0]}"')


@check("title-duplicate", GROUP, Level.WARNING, bad="title: Waiting times", good="title: Waiting again")
def title_duplicate(collection: Collection) -> Iterator[Mark]:
    """No two articles have one title: readers cannot tell them apart."""
    for same in _groups((fold(article.title), article) for article in collection.articles()).values():
        for article in same if len(same) > 1 else ():
            others = ", ".join(other.path for other in same if other is not article)
            yield _mark(article, "title", f"the title is also that of {others}", "say what tells them apart")


@check("series-part", GROUP, Level.WARNING, bad="series: {name: Desk & queue, part: 1}", good="title: No series")
def series_part(collection: Collection) -> Iterator[Mark]:
    """The parts of a series have numbers of their own."""
    parts = ((f"{fold(a.series.name)} {a.series.part}", a) for a in collection.articles() if a.series)
    for same in _groups(parts).values():
        for article in same if len(same) > 1 else ():
            others = ", ".join(other.path for other in same if other is not article)
            part = article.series.part if article.series else 0
            place = "series.part" if "series.part" in article.positions else "series"
            yield _mark(article, place, f"part {part} is also {others}", "number the parts in turn")


@check("alias-taken", GROUP, Level.ERROR, bad="aliases: [insights/waiting-times/]", good="aliases: [old-address]")
def alias_taken(collection: Collection) -> Iterator[Mark]:
    """A former address is not the address of another article, nor redirected twice."""
    owners: dict[str, Article] = {}
    for article in collection.articles():
        for index, alias in enumerate(article.aliases):
            slug = alias.strip("/").rpartition("/")[2].removesuffix(".html").removesuffix(".md")
            if alias.strip("/") in (f"insights/{slug}", slug) and (sheet := collection.by_slug.get(slug)):
                yield _mark(article, f"aliases[{index}]", f'"{alias}" is the address of {sheet.path}', "remove it")
            elif (owner := owners.setdefault(alias.strip("/"), article)) is not article:
                yield _mark(
                    article, f"aliases[{index}]", f'"{alias}" already leads to {owner.path}', "keep one of them"
                )


@check("article-alike", GROUP, Level.WARNING, bad="two articles with the same sentences", good="one article with them")
def alike(collection: Collection) -> Iterator[Mark]:
    """No two articles have most of their sentences in common."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, sheet in enumerate(collection.sheets):
        for sentence in sheet.sentences:
            holders[sentence].append(number)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in holders.values():
        if 1 < len(numbers) <= _COMMONPLACE:
            for index, first in enumerate(numbers):
                for second in numbers[index + 1 :]:
                    shared[first, second] += 1
    for (first, second), count in sorted(shared.items()):
        one, other = collection.sheets[first], collection.sheets[second]
        likeness = count / min(len(one.sentences), len(other.sentences))
        if count >= _FEWEST and likeness >= _ALIKE:
            for sheet, twin in ((one, other), (other, one)):
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


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """As `nearest`, among thousands: only names of like length that begin alike are compared."""
    return nearest(name, [each for each in known if each[:1] == name[:1] and abs(len(each) - len(name)) <= 4])


def _mark(article: Article, field: str, message: str, fix: str) -> Mark:
    return Mark(article.place(field), message, fix, article.path)


def _groups(pairs: Iterator[tuple[str, Article]]) -> dict[str, list[Article]]:
    groups: dict[str, list[Article]] = defaultdict(list)
    for key, article in pairs:
        groups[key].append(article)
    return groups


COLLECTION_CHECKS: tuple[Check[Collection], ...] = (
    unknown_topic,
    topic_alias,
    unknown_tag,
    tag_alias,
    unknown_author,
    author_alias,
    unknown_related,
    future_date,
    title_site,
    title_duplicate,
    series_part,
    alias_taken,
    alike,
    unknown_edition_article,
    duplicate_edition,
    unknown_start,
)
