"""`insights new`: a draft with its front matter, ready to be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from insights.library import Library
    from insights.model import Tag, Topic

# What editors complete and validate front matter by; `insights schema` prints it.
SCHEMA = ".vscode/article.schema.json"


@click.command()
@click.argument("title")
@click.option("--topic", default="", help="The topic's name or slug.")
@click.option("--author", "authors", multiple=True, help="An author's name or slug; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be repeated.")
def new(title: str, topic: str, authors: tuple[str, ...], tags: tuple[str, ...]) -> None:
    """Begin an article about --topic: content/insights/<slug>.md, a draft until you remove `draft: true`."""
    from urllib.parse import urljoin, urlsplit

    from insights.article import dump_article
    from insights.cli.console import hold, now, say
    from insights.errors import StoreError
    from insights.model import Article
    from insights.render import one_line
    from insights.store import INSIGHTS, find_root, read_library, read_publication, write_file
    from insights.text import nearest, slugify
    from insights.urls import article_href

    title = one_line(title)
    root = find_root(Path.cwd())
    library, _ = read_library(root)
    known = _find_topic(topic, library)
    slug = slugify(title)
    if not slug:
        raise click.UsageError("The title has no letters to make an address of.")
    path = root / INSIGHTS / f"{slug}.md"
    article = Article(
        slug=slug,
        title=title,
        body="Begin here.\n",
        date=now().replace(hour=0, minute=0, second=0),
        topic=known.name,
        tags=tuple(_find_tag(term, library).name for term in tags),
        authors=tuple(author.name if (author := library.author(name)) else name for name in authors),
        is_draft=True,
        path=f"{INSIGHTS}/{slug}.md",
    )
    text = dump_article(article)
    if (root / SCHEMA).is_file():
        text = text.replace("\n", f"\n# yaml-language-server: $schema=../../{SCHEMA}\n", 1)
    with hold(root, "new"):
        if path.exists():
            raise StoreError(str(path), "this article exists already", "choose another title")
        write_file(path, text.encode())
    base = urlsplit(read_publication(root).url).path  # where `serve` puts the site, too
    for name in authors:
        if library.author(name) is None:
            close = nearest(name, (author.name for author in library.authors))
            hint = f'did you mean "{close}"?' if close else "a page in content/authors/ would tell readers who that is"
            say(f'"{name}" has no page yet: {hint}')
    say(f"{article.path}: write it, and remove `draft: true` when it is done.")
    say(f"To look at it:   insights serve   ({urljoin(f'http://127.0.0.1:8000{base}', article_href(slug))})")
    say(f"To check it:     insights check {article.path}")


def _find_tag(term: str, library: Library) -> Tag:
    """The tag that is meant. Raises UsageError, with the one that is most like it."""
    from insights.text import nearest

    if tag := library.tag(term):
        return tag
    close = nearest(term, (tag.name for tag in library.tags))
    hint = f'Did you mean "{close}"?' if close else "Add it to content/tags.yml first, or leave it out."
    raise click.UsageError(f'There is no tag "{term}". {hint}')


def _find_topic(topic: str, library: Library) -> Topic:
    """The topic that is meant. Raises UsageError, with the topics there are."""
    from insights.text import nearest, slugify

    known = library.topic(topic) if topic else None
    if known:
        return known
    names = [each.name for each in library.topics]
    if not names:
        page = f"content/topics/{slugify(topic) or 'strategy'}.md"
        raise click.UsageError(f"There is no topic yet. Begin one: {page}, with `title:` in its front matter.")
    choice = f"The topics are: {', '.join(names)}."
    if not topic:
        raise click.UsageError(f"Say what it is about: --topic. {choice}")
    close = nearest(topic, names)
    raise click.UsageError(f'There is no topic "{topic}". ' + (f'Did you mean "{close}"?' if close else choice))
