"""`insights desk`: what the workflows of a repository run; each step is a plain command to be tried by hand, too."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def desk() -> None:
    """Answer pull requests: submissions by form, drops in the inbox, one comment in plain language."""


@desk.command()
@click.argument("event", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", type=click.Path(dir_okay=False, path_type=Path), help="Write here what could not be decided.")
def submit(event: Path, note: Path | None) -> None:
    """Make an article of the issue form in EVENT (GitHub's JSON) and print its path."""
    from insights.article import dump_article
    from insights.cli.console import now
    from insights.desk.submission import make_article, parse_event, target
    from insights.store import find_root, read_library, write_file

    root = find_root(Path.cwd())
    library, _ = read_library(root)
    submission = parse_event(event.read_bytes())
    article, findings = make_article(submission, library, now())
    write_file(target(root, article), dump_article(article).encode())
    if note:
        from insights.desk.comment import write_comment

        text = write_comment([article], findings, {}, "")
        write_file(note, f"{text}\nCloses #{submission.number}.\n".encode())
    click.echo(article.path)


@desk.command()
@click.option("--since", metavar="BRANCH", help="The branch to compare with, else the main branch.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here; else print it.")
def comment(since: str | None, output: Path | None) -> None:
    """Write the comment on what this branch changed."""
    from insights.cli.console import now
    from insights.desk.changes import read_changes
    from insights.desk.checking import Scope, find_problems, mend_files
    from insights.desk.comment import write_comment
    from insights.related import relate
    from insights.store import find_root, read_library, read_publication, write_file

    root = find_root(Path.cwd())
    publication = read_publication(root)
    scope = Scope(changes=read_changes(root, since))
    _, findings = find_problems(root, publication, scope, now())
    library, _ = read_library(root)
    changed = [article for article in library.articles if scope.holds(article.path)]
    related = relate(library, publication.settings.related.count) if changed else {}
    diff = "".join(file.diff() for file in mend_files(root, publication, scope, now()))
    text = write_comment(changed, findings, related, diff)
    if output:
        write_file(output, text.encode())
    else:
        click.echo(text, nl=False)
