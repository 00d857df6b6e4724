"""Rules over an article's terms: topics, tags and authors are those of content/, under their own names."""

from __future__ import annotations

from collections.abc import Iterator

from insights.check.collection import Collection
from insights.check.rules import Check, Mark, check, mark_field
from insights.model import Level
from insights.text import nearest, slugify

GROUP = "The collection"


@check("topic-unknown", GROUP, Level.ERROR, bad="topic: Operation", good="topic: Operations")
def unknown_topic(collection: Collection) -> Iterator[Mark]:
    """A topic is the title of a page in content/topics/."""
    library = collection.library
    for article in collection.articles():
        if article.topic is not None and library.topic(article.topic) is None:
            close = nearest(article.topic, (topic.name for topic in library.topics))
            fix = f'use "{close}", or add ' if close else "add "
            message = f'unknown topic "{article.topic}"'
            yield mark_field(article, "topic", message, f"{fix}content/topics/{slugify(article.topic)}.md")


@check("topic-alias", GROUP, Level.WARNING, bad="topic: operations", good="topic: Operations")
def topic_alias(collection: Collection) -> Iterator[Mark]:
    """A topic is written as its page writes it."""
    for article in collection.articles():
        topic = collection.library.topic(article.topic) if article.topic is not None else None
        if topic and topic.name != article.topic:
            yield mark_field(article, "topic", f'"{article.topic}" is not the topic\'s name', f'use "{topic.name}"')


@check("tag-unknown", GROUP, Level.ERROR, bad="tags: [queus]", good="tags: [queues]")
def unknown_tag(collection: Collection) -> Iterator[Mark]:
    """A tag is a term of content/tags.yml."""
    library = collection.library
    for article in collection.articles():
        for index, term in enumerate(article.tags):
            if library.tag(term) is None:
                close = nearest(term, (tag.name for tag in library.tags))
                fix = f'use "{close}", or add it to content/tags.yml' if close else "add it to content/tags.yml"
                yield mark_field(article, f"tags[{index}]", f'unknown tag "{term}"', fix)


@check("tag-alias", GROUP, Level.WARNING, bad="tags: [waiting]", good="tags: [queues]")
def tag_alias(collection: Collection) -> Iterator[Mark]:
    """A tag is written as content/tags.yml writes it."""
    for article in collection.articles():
        for index, term in enumerate(article.tags):
            tag = collection.library.tag(term)
            if tag and tag.name != term:
                yield mark_field(article, f"tags[{index}]", f'"{term}" is not the tag\'s name', f'use "{tag.name}"')


@check("author-unknown", GROUP, Level.WARNING, bad="authors: [Zofia Zurav]", good="authors: [Zofia Żuraw]")
def unknown_author(collection: Collection) -> Iterator[Mark]:
    """An author has a page in content/authors/."""
    library = collection.library
    for article in collection.articles():
        for index, name in enumerate(article.authors):
            if library.author(name) is None:
                close = nearest(name, (author.name for author in library.authors))
                fix = (f'use "{close}", or add ' if close else "add ") + f"content/authors/{slugify(name)}.md"
                yield mark_field(article, f"authors[{index}]", f'the author "{name}" has no page', fix)


@check("author-alias", GROUP, Level.WARNING, bad="authors: [zofia zuraw]", good="authors: [Zofia Żuraw]")
def author_alias(collection: Collection) -> Iterator[Mark]:
    """An author's name is written as on the author's page."""
    for article in collection.articles():
        for index, name in enumerate(article.authors):
            author = collection.library.author(name)
            if author and author.name != name:
                yield mark_field(
                    article, f"authors[{index}]", f'"{name}" is not the author\'s name', f'use "{author.name}"'
                )


VOCABULARY_CHECKS: tuple[Check[Collection], ...] = (
    unknown_topic,
    topic_alias,
    unknown_tag,
    tag_alias,
    unknown_author,
    author_alias,
)
