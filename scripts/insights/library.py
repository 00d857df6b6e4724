"""The collection: every article, topic, tag, author and edition, indexed by name; immutable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import TypeVar

from insights.model import EPOCH, Article, Author, Edition, Page, Reference, Tag, Topic
from insights.text import fold, slugify

Term = TypeVar("Term", Topic, Tag, Author)
_folded = lru_cache(maxsize=8192)(fold)  # articles name the same few terms over and over


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """All content. Articles are ordered newest first, then by slug; editions newest first; terms by name.

    Terms are looked up by name, slug or alias, without regard to case, accents and punctuation.
    """

    articles: tuple[Article, ...] = ()
    topics: tuple[Topic, ...] = ()
    tags: tuple[Tag, ...] = ()
    authors: tuple[Author, ...] = ()
    editions: tuple[Edition, ...] = ()
    pages: tuple[Page, ...] = ()
    _articles: Mapping[str, Article] = field(default_factory=dict, repr=False)
    _titles: dict[str, Article] = field(default_factory=dict, repr=False)  # filled when it is first asked
    _topics: Mapping[str, Topic] = field(default_factory=dict, repr=False)
    _tags: Mapping[str, Tag] = field(default_factory=dict, repr=False)
    _authors: Mapping[str, Author] = field(default_factory=dict, repr=False)
    _tags_as_written: dict[str, Tag] = field(default_factory=dict, repr=False)

    def article(self, slug: str) -> Article | None:
        """The article with this slug."""
        return self._articles.get(slug)

    def find_article(self, reference: Reference) -> Article | None:
        """The article that a reference names: by its address if it has one, else by its title."""
        if not self._titles:
            by_path = sorted(self.articles, key=lambda article: article.path, reverse=True)
            self._titles.update({fold(article.title): article for article in by_path})
            self._titles.update({each.source.url: each for each in by_path if each.source and each.source.url})
        if reference.url and (article := self._titles.get(reference.url)):
            return article
        return self._titles.get(fold(reference.title))

    def topic(self, term: str) -> Topic | None:
        """The topic with this name, slug or alias."""
        return self._topics.get(_folded(term))

    def tag(self, term: str) -> Tag | None:
        """The tag with this name, slug or alias."""
        return self._tags.get(_folded(term))

    def author(self, term: str) -> Author | None:
        """The author with this name, slug or alias."""
        return self._authors.get(_folded(term))

    def page(self, slug: str) -> Page | None:
        """The single page with this slug."""
        return next((page for page in self.pages if page.slug == slug), None)

    def live(self, now: datetime) -> Library:
        """The library as readers may see it at `now`: no drafts, nothing dated later."""
        articles = tuple(article for article in self.articles if is_live(article, now))
        editions = tuple(edition for edition in self.editions if edition.date <= now)
        return build_library(articles, self.topics, self.tags, self.authors, editions, self.pages)

    def preview(self, now: datetime) -> Library:
        """The library as if all of it were out: drafts and what waits for its day too; what has no date is of `now`."""
        return self.replace_articles(preview(article, now) for article in self.articles)

    def replace_articles(self, articles: Iterable[Article]) -> Library:
        """The same library with other articles."""
        return build_library(articles, self.topics, self.tags, self.authors, self.editions, self.pages)

    def replace_texts(self, edited: Mapping[str, Article]) -> Library:
        """The same library with these articles, by path, each in the place of one that has another body."""
        articles = dict(self._articles)
        for article in edited.values():
            if article.slug in articles and articles[article.slug].path == article.path:
                articles[article.slug] = article
        ordered = tuple(edited.get(article.path, article) for article in self.articles)
        return replace(self, articles=ordered, _articles=articles, _titles={})


def is_live(article: Article, now: datetime) -> bool:
    """Whether readers may see it at `now`."""
    return not article.is_draft and article.date is not None and article.date <= now


def preview(article: Article, now: datetime) -> Article:
    """The article as if it were out; without a date it is of `now`."""
    if article.date and not article.is_draft:
        return article
    return replace(article, is_draft=False, date=article.date or now)


def next_change(articles: Iterable[Article], editions: Iterable[Edition], now: datetime) -> datetime | None:
    """When readers see more than at `now`, if nobody changes anything; None for never."""
    dates = [article.date for article in articles if article.date and not article.is_draft]
    dates += [edition.date for edition in editions]
    return min((date for date in dates if date > now), default=None)


def build_library(
    articles: Iterable[Article] = (),
    topics: Iterable[Topic] = (),
    tags: Iterable[Tag] = (),
    authors: Iterable[Author] = (),
    editions: Iterable[Edition] = (),
    pages: Iterable[Page] = (),
) -> Library:
    """The library of these parts, in any order. Of two articles with one slug, the first by path is found by it."""
    ordered = tuple(sorted(articles, key=lambda article: (-_seconds(article.date), article.slug, article.path)))
    library = Library(
        articles=ordered,
        topics=tuple(sorted(topics, key=lambda topic: (fold(topic.name), topic.slug))),
        tags=tuple(sorted(tags, key=lambda tag: (fold(tag.name), tag.slug))),
        authors=tuple(sorted(authors, key=lambda author: (fold(author.name), author.slug))),
        editions=tuple(sorted(editions, key=lambda edition: -edition.number)),
        pages=tuple(sorted(pages, key=lambda page: page.slug)),
    )
    by_path = sorted(ordered, key=lambda article: article.path, reverse=True)
    return replace(
        library,
        _articles={article.slug: article for article in by_path},
        _topics=_by_term(library.topics),
        _tags=_by_term(library.tags),
        _authors=_by_term(library.authors),
    )


def by_topic(library: Library) -> dict[str, list[Article]]:
    """The articles of each topic (by its slug), newest first; every topic has an entry."""
    groups: dict[str, list[Article]] = {topic.slug: [] for topic in library.topics}
    topic_of = cache(library.topic)
    for article in library.articles:
        if article.topic and (topic := topic_of(article.topic)):
            groups[topic.slug].append(article)
    return groups


def by_tag(library: Library) -> dict[str, list[Article]]:
    """The articles of each tag in use (by its slug), newest first; a tag outside the vocabulary counts by its slug."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in library.articles:
        for slug in dict.fromkeys(tag.slug for tag in tags_of(library, article)):
            groups[slug].append(article)
    return dict(groups)


def by_author(library: Library) -> dict[str, list[Article]]:
    """The articles of each author with a page (by its slug), newest first."""
    groups: dict[str, list[Article]] = {author.slug: [] for author in library.authors}
    author_of = cache(library.author)
    for article in library.articles:
        for name in dict.fromkeys(article.authors):
            if author := author_of(name):
                groups[author.slug].append(article)
    return groups


def by_original(library: Library) -> dict[str, list[Article]]:
    """Each article that has translations (by its slug), with these after it, by language and slug."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in library.articles:
        original = library.article(article.translation_of) if article.translation_of else None
        if original and original is not article and not original.translation_of:
            groups[original.slug].append(article)
    return {
        slug: [original, *sorted(translations, key=lambda each: (each.language or "", each.slug))]
        for slug, translations in sorted(groups.items())
        if (original := library.article(slug))
    }


def tags_of(library: Library, article: Article) -> tuple[Tag, ...]:
    """The article's tags in its own order; a term outside the vocabulary becomes a tag of its own."""
    return tags_named(library, article.tags)


def tags_named(library: Library, terms: Sequence[str]) -> tuple[Tag, ...]:
    """The tag of each term; one outside the vocabulary becomes a tag of its own."""
    known = library._tags_as_written
    for term in terms:
        if term not in known:
            known[term] = library.tag(term) or Tag(slugify(term), term)
    return tuple(known[term] for term in terms)


def _by_term(terms: Iterable[Term]) -> dict[str, Term]:
    index: dict[str, Term] = {}
    for keys in (lambda term: term.aliases, lambda term: (term.slug,), lambda term: (term.name,)):
        index.update({fold(key): term for term in terms for key in keys(term)})
    return index


def _seconds(moment: datetime | None) -> float:
    return (moment or EPOCH).timestamp()
