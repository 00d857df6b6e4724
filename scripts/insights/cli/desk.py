"""`insights desk`: what the workflows of a repository run; each step is a plain command to be tried by hand, too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from insights.desk.checking import Scope
    from insights.settings import Publication


@click.group()
def desk() -> None:
    """Answer pull requests: submissions by form, drops in the inbox, one comment in plain language."""


@desk.command(short_help="Make an article of an issue form.")
@click.argument("event", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", type=click.Path(dir_okay=False, path_type=Path), help="Write here what is to be mended.")
def submit(event: Path, note: Path | None) -> None:
    """Make an article of the issue form in EVENT (GitHub's JSON), mend what is safe, and print its path."""
    from insights.article import dump_article
    from insights.cli.console import now
    from insights.desk.checking import Scope
    from insights.desk.comment import write_comment
    from insights.desk.review import review
    from insights.desk.submission import make_article, parse_event, target
    from insights.fetch import Fetcher, FetchPolicy
    from insights.store import ASSETS, find_root, read_library, read_publication, write_file

    root = find_root(Path.cwd())
    publication = read_publication(root)
    submission = parse_event(event.read_bytes())
    fetcher = Fetcher(FetchPolicy(), root / "build" / "fetched")
    made = make_article(submission, read_library(root)[0], now(), lambda url: fetcher.fetch(url).data)
    article = made.article
    write_file(target(root, article), dump_article(article).encode())
    for name, data in made.pictures.items():
        write_file(root / ASSETS / article.slug / name, data)
    scope = Scope((article.path,))
    _write_mended(root, publication, scope)
    if note:
        text = write_comment(review(root, publication, scope, now()))
        write_file(note, f"{text}\nCloses #{submission.number}.\n".encode())
    click.echo(article.path)


@desk.command(short_help="Mend what is safe in new articles.")
@click.option("--since", metavar="BRANCH", help="The branch to compare with, else the main branch.")
def mend(since: str | None) -> None:
    """Mend what is safe in the articles that this branch adds, and print their paths.

    What it only edits is left alone: nobody wants other lines than their own to change.
    """
    from insights.desk.changes import read_changes
    from insights.desk.checking import Scope
    from insights.store import find_root, read_publication

    root = find_root(Path.cwd())
    added = read_changes(root, since).added
    if added:
        _write_mended(root, read_publication(root), Scope(tuple(sorted(added))))


@desk.command(short_help="Write the comment on what a branch changed.")
@click.option("--since", metavar="BRANCH", help="The branch to compare with, else the main branch.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Write comment.md, suggestions.json here."
)
@click.option(
    "--unread",
    type=click.File(encoding="utf-8", errors="replace"),
    help="What ingest said of files that it could not read.",
)
@click.option("--online", is_flag=True, help="Ask other sites whether the links to them still work.")
def comment(since: str | None, folder: Path | None, unread: TextIO | None, online: bool) -> None:
    """Write the comment on what this branch changed; in a folder, with its suggestions and a look at the email."""
    from insights.cli.check import ask_others
    from insights.cli.console import now
    from insights.desk.changes import read_changes
    from insights.desk.checking import Scope
    from insights.desk.comment import write_comment
    from insights.desk.requests import COMMENT, SUGGESTIONS
    from insights.desk.review import review
    from insights.desk.suggestions import dump_suggestions, suggest
    from insights.store import find_root, read_publication, write_file

    root = find_root(Path.cwd())
    publication = read_publication(root)
    changes = read_changes(root, since)
    scope = Scope(changes=changes)
    dead_links = ask_others(root, publication, scope, now()) if online else ()
    found = review(root, publication, scope, now(), dead_links)
    text = write_comment(found, unread.read() if unread else "")
    if folder is None:
        click.echo(text, nl=False)
        return
    write_file(folder / COMMENT, text.encode())
    write_file(folder / SUGGESTIONS, dump_suggestions(suggest(found.mended, changes)).encode())
    if found.email_page:
        write_file(folder / "email.html", found.email_page.encode())


def _write_mended(root: Path, publication: Publication, scope: Scope) -> None:
    from insights.cli.console import now, say
    from insights.desk.checking import mend_files
    from insights.store import write_file

    for file in mend_files(root, publication, scope, now()):
        write_file(root / file.path, file.after.encode())
        say(file.path, is_err=True)
