"""`insights tags`: suggested for articles that have none; those that need care; two made one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from insights.model import Tag
    from insights.related import Document
    from insights.tagging import Candidate, Suggestion

_PATHS = click.Path(exists=True, path_type=Path)


@click.group()
def tags() -> None:
    """Suggest tags, find those that need care, merge two."""


@tags.command(short_help="Suggest tags for articles without any.")
@click.argument("paths", nargs=-1, type=_PATHS)
@click.option("--vocabulary", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The file of tags.")
@click.option("--json", "as_json", is_flag=True, help="Print {slug: [tags, best first]}.")
@click.option("--write", is_flag=True, help="Write the likely ones into the articles that have none.")
def suggest(paths: tuple[Path, ...], vocabulary: Path | None, as_json: bool, write: bool) -> None:
    """Suggest up to five tags for each article without any in PATHS, else in content/insights.

    PATHS are folders of Markdown files, or single ones, for which tags are suggested even where they have some. The
    other articles beside them teach what tags mean. The tags are those of tags.yml in the folder or the one above it,
    else those that two articles have.
    """
    from insights.tagging import find_candidates, suggest_tags
    from insights.text import plain_json

    documents, known = _read(paths, vocabulary, least=2)
    named = {path for path in paths if path.is_file()}
    wanted = {
        document.slug: path
        for path, document in documents.items()
        if path in named or (not document.tags and (not named or any(path.is_relative_to(one) for one in paths)))
    }
    suggestions = suggest_tags(documents.values(), known, wanted)
    if as_json:
        found = {slug: [one.tag.name for one in suggestions[slug]] for slug in sorted(suggestions)}
        click.echo(plain_json(found))
    else:
        _show(suggestions, find_candidates(documents.values(), known))
    if write:
        _write({slug: path for slug, path in wanted.items() if not documents[path].tags}, suggestions)


@tags.command(short_help="List the tags that need care.")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--vocabulary", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The file of tags.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
def audit(folder: Path | None, vocabulary: Path | None, as_json: bool) -> None:
    """List tags that no article or only one has, that mean the same, or that say nothing; and terms that lack a tag."""
    from insights.cli.console import out
    from insights.tagging import audit_tags, find_candidates
    from insights.text import plain_json

    documents, known = _read((folder,) if folder else (), vocabulary, least=1)
    problems = audit_tags(documents.values(), known)
    candidates = find_candidates(documents.values(), known)
    commands = {one: f"insights tags merge {_quoted(one.tag)} {_quoted(one.into)}" for one in problems if one.into}
    if as_json:
        shown = [
            {"kind": one.kind, "tag": one.tag, "message": one.message, "command": commands.get(one)} for one in problems
        ]
        terms = [{"phrase": one.phrase, "articles": one.slugs} for one in candidates]
        click.echo(plain_json({"problems": shown, "candidates": terms}))
        return
    for one in problems:
        out.print(f"[yellow]{one.kind}[/] [bold]{_plain(one.tag)}[/]: {_plain(one.message)}")
        if one in commands:
            out.print(f"  [green]fix:[/] {_plain(commands[one])}")
    if not problems:
        out.print("Every tag is of use.")
    _show_candidates(candidates)


@tags.command(short_help="Make two tags one.")
@click.argument("old")
@click.argument("new")
def merge(old: str, new: str) -> None:
    """Make OLD and NEW one tag: NEW. OLD becomes its alias, and the page of OLD leads to that of NEW."""
    from insights.cli.console import hold, say
    from insights.store import find_root
    from insights.text import counted

    root = find_root(Path.cwd())
    with hold(root, "tags merge"):
        gone, kept, changed = _merge(root, old, new)
    say(f'{counted(changed, "article")} changed; "{gone.name}" is now an alias of "{kept.name}".')


def _merge(root: Path, old: str, new: str) -> tuple[Tag, Tag, int]:
    """The tag that is gone, the one it became, and how many articles changed. Raises UsageError for tags unknown."""
    from insights.frontmatter import parse_front_matter
    from insights.model import Tag
    from insights.store import INSIGHTS, TAGS, read_terms, read_text, write_file
    from insights.tagging import merge_article, merge_vocabulary
    from insights.text import fold, nearest, slugify

    library, _ = read_terms(root)
    by_name = {tag.name: tag for tag in library.tags}  # a lookup does not tell "api" from "API"
    kept = by_name.get(new) or library.tag(new)
    if kept is None:
        close = nearest(new, (tag.name for tag in library.tags))
        hint = f'Did you mean "{close}"?' if close else f"Add it to {TAGS} first."
        raise click.UsageError(f'There is no tag "{new}". {hint}')
    known = by_name.get(old) or library.tag(old)
    is_alias = known == kept and fold(old) not in map(fold, (kept.name, kept.slug))
    # An alias is merged too: a merge that was cut short may have left it in articles.
    gone = Tag(slugify(old), old) if known is None or is_alias else known
    changed: dict[Path, str] = {}
    for path in sorted((root / INSIGHTS).glob("*.md")):
        text = read_text(path)
        front, _ = parse_front_matter(text, str(path))
        written = front.values.get("tags")
        terms = [term for term in written if isinstance(term, str)] if isinstance(written, list) else []
        merged = merge_article(text, terms, gone, kept)
        if merged != text:
            changed[path] = merged
    if gone == kept or (is_alias and not changed):
        raise click.UsageError(f'"{old}" and "{new}" are the same tag already: {kept.name}.')
    if not changed and known is None:
        close = nearest(old, (tag.name for tag in library.tags))
        raise click.UsageError(f'There is no tag "{old}".' + (f' Did you mean "{close}"?' if close else ""))
    write_file(root / TAGS, merge_vocabulary(read_text(root / TAGS), gone, kept).encode())
    for path, text in changed.items():
        write_file(path, text.encode())
    return gone, kept, len(changed)


def _read(paths: Sequence[Path], vocabulary: Path | None, least: int) -> tuple[Mapping[Path, Document], Sequence[Tag]]:
    """The articles in the folders and beside the files, and the tags to choose from."""
    from insights.cli.documents import articles_folder, read_documents
    from insights.errors import StoreError
    from insights.store import find_root, read_tags
    from insights.tagging import vocabulary_of

    folders = [articles_folder(path) if path.is_dir() else path.parent for path in paths or (find_root(Path.cwd()),)]
    documents = read_documents(folders)
    files = (folder / name for folder in folders for name in ("tags.yml", "../tags.yml"))
    vocabulary = vocabulary or next((file for file in files if file.is_file()), None)
    if vocabulary is None:
        return documents, vocabulary_of(documents.values(), least)
    found, findings = read_tags(vocabulary, str(vocabulary))
    for finding in findings:
        raise StoreError(f"{finding.path}:{finding.line}:{finding.column}", finding.message, finding.fix)
    return documents, found


def _show(suggestions: Mapping[str, Sequence[Suggestion]], candidates: Sequence[Candidate]) -> None:
    from insights.cli.console import out

    for slug in sorted(suggestions):
        out.print(f"[bold]{_plain(slug)}[/]")
        for one in suggestions[slug]:
            words = f" [dim]– {_plain(', '.join(one.words))}[/]" if one.words else ""
            out.print(f"  {'[green]✓[/]' if one.is_likely else '·'} {_plain(one.tag.name)}{words}")
    if not suggestions:
        out.print("Every article has tags.")
    _show_candidates(candidates)


def _show_candidates(candidates: Sequence[Candidate]) -> None:
    from insights.cli.console import out
    from insights.text import counted

    if candidates:
        out.print("\nTerms that recur and are no tag yet:")
    for one in candidates:
        slugs = ", ".join(one.slugs[:3])
        out.print(f"  {_plain(one.phrase)} [dim]– {counted(len(one.slugs), 'article')}: {_plain(slugs)}[/]")


def _write(paths: Mapping[str, Path], suggestions: Mapping[str, Sequence[Suggestion]]) -> None:
    from insights.cli.console import err
    from insights.frontmatter import edit_front_matter
    from insights.store import read_text, write_file
    from insights.text import counted

    likely = {slug: [one.tag.name for one in suggestions[slug] if one.is_likely] for slug in paths}
    with _hold(paths.values()):
        for slug, names in likely.items():
            if names:
                write_file(paths[slug], edit_front_matter(read_text(paths[slug]), {"tags": names}).encode())
    written = sum(map(bool, likely.values()))
    err.print(f"Tags written into {counted(written, 'article')}; {len(likely) - written} left for an editor to decide.")


def _hold(paths: Iterable[Path]) -> AbstractContextManager[None]:
    """The publication in which these files lie, held; nothing for files of no publication."""
    from insights.cli.console import hold
    from insights.errors import StoreError
    from insights.store import find_root

    try:
        return hold(find_root(next(iter(paths), Path.cwd()).parent), "tags suggest --write")
    except StoreError:
        return nullcontext()


def _quoted(term: str) -> str:
    import shlex

    return shlex.quote(term)


def _plain(text: str) -> str:
    from insights.cli.console import shown

    return shown(text)
