"""What lies in content/, read into a Library; every file that gives nothing gives a Finding."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from insights.article import parse_article, parse_author, parse_edition, parse_page, parse_topic
from insights.errors import StoreError
from insights.frontmatter import parse_yaml
from insights.library import Library, build_library
from insights.model import Article, Finding, Position, Tag
from insights.settings import FILE_NAME, Publication, parse_publication
from insights.store.files import leads_out, read_text, refuse_links_out
from insights.store.names import find_odd_names
from insights.text import slugify, without_steering

CONTENT = "content"
INSIGHTS = "content/insights"
INBOX = "content/inbox"
ASSETS = "content/assets"
TAGS = "content/tags.yml"
_MAX_BYTES = 5_000_000

Parsed = TypeVar("Parsed")


def find_root(start: Path) -> Path:
    """The project's folder: `start` or the nearest folder above it that holds mkdocs.yml.

    Raises StoreError if there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise StoreError(str(start), "not inside a publication", f"go to the folder that holds {FILE_NAME}")


def read_publication(root: Path) -> Publication:
    """The publication's identity and settings, from its mkdocs.yml."""
    path = root / FILE_NAME
    return parse_publication(read_text(path), str(path))


def read_library(root: Path) -> tuple[Library, tuple[Finding, ...]]:
    """Everything under content/, and the problems met while reading, by path and line.

    No file is skipped silently: one that gives no article gives a Finding.
    """
    articles, findings = _read_folder(root, INSIGHTS, parse_article)
    terms, more_of_terms = read_terms(root)
    findings += [*more_of_terms, *duplicate_slugs(articles)]
    return terms.replace_articles(articles), tuple(sorted(findings))


def read_terms(root: Path) -> tuple[Library, tuple[Finding, ...]]:
    """What is under content/ but for the articles: topics, tags, authors, editions and pages, and their problems; those
    of files' names too, whatever the files hold."""
    names = read_names(root)
    library, findings = parse_terms(root)
    return library, tuple(sorted((*findings, *names)))


def read_names(root: Path) -> tuple[Finding, ...]:
    """The problems of the names in content/. Raises StoreError for a folder that is a link to elsewhere."""
    refuse_links_out(root, *(f"{CONTENT}/{name}" for name in ("assets", "authors", "insights", "newsletter", "topics")))
    return tuple(find_odd_names(root, CONTENT))


def parse_terms(root: Path) -> tuple[Library, tuple[Finding, ...]]:
    """Topics, tags, authors, editions and pages, and the problems in their files."""
    topics, findings = _read_folder(root, f"{CONTENT}/topics", parse_topic)
    authors, more = _read_folder(root, f"{CONTENT}/authors", parse_author)
    findings += more
    editions, more = _read_folder(root, f"{CONTENT}/newsletter", parse_edition)
    findings += more
    pages, more = _read_folder(root, CONTENT, parse_page)
    findings += more
    path = root / TAGS
    tags, more = read_tags(path, TAGS) if path.is_file() else ([], [])
    findings += more
    return build_library((), topics, tags, authors, editions, pages), tuple(sorted(findings))


def read_article_files(root: Path) -> Iterator[tuple[str, bytes | Finding]]:
    """Each article's path, relative to the project, and its bytes, or the Finding that says why it has none."""
    folder = root / INSIGHTS
    for name in sorted(os.listdir(folder)) if folder.is_dir() else ():  # noqa: PTH208 (10,000 Paths take a second)
        if name.endswith(".md"):
            path = f"{INSIGHTS}/{name}"
            yield path, read_content(root, path)


def read_articles(folder: Path) -> tuple[tuple[Article, ...], tuple[Finding, ...]]:
    """The articles in any folder of Markdown files, sub-folders included, and the problems in them; by path."""
    articles, findings = _read_paths(sorted(folder.rglob("*.md")), folder, parse_article)
    return tuple(articles), tuple(findings)


def duplicate_slugs(articles: Iterable[Article]) -> list[Finding]:
    """A Finding in each article whose slug another one has too; it names the other file."""
    articles = tuple(articles)
    if len({article.slug for article in articles}) == len(articles):
        return []
    paths: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: article.path):
        paths[article.slug].append(article)
    return [
        article.finding(
            "slug",
            "slug-duplicate",
            f'the slug "{slug}" is also that of {", ".join(other.path for other in same if other is not article)}',
            "rename one of the files",
        )
        for slug, same in sorted(paths.items())
        if len(same) > 1
        for article in same
    ]


def _read_folder(
    root: Path, folder: str, parse: Callable[[str, str], tuple[Parsed | None, tuple[Finding, ...]]]
) -> tuple[list[Parsed], list[Finding]]:
    return _read_paths(sorted((root / folder).glob("*.md")), root, parse)


def _read_paths(
    paths: Iterable[Path], root: Path, parse: Callable[[str, str], tuple[Parsed | None, tuple[Finding, ...]]]
) -> tuple[list[Parsed], list[Finding]]:
    parsed: list[Parsed] = []
    findings: list[Finding] = []
    for path in paths:
        name = path.relative_to(root).as_posix()
        text, problem = _decode(path, name)
        if problem:
            findings.append(problem)
            continue
        value, more = parse(text, name)
        findings.extend(more)
        if value is not None:
            parsed.append(value)
    return parsed, findings


def _decode(path: Path, name: str) -> tuple[str, Finding | None]:
    """The file's text, or the Finding that says why it has none."""
    data = _read_bytes(path, name)
    return ("", data) if isinstance(data, Finding) else decode_content(data, name)


def read_content(root: Path, path: str) -> bytes | Finding:
    """The bytes of a content file, or the Finding that says why it has none; `path` is relative to the project."""
    return _read_bytes(root / path, path)


def _read_bytes(path: Path, name: str) -> bytes | Finding:
    if leads_out(path):
        return Finding(name, 1, 1, "file-link", "the file is a link that leads out of its folder", "put the file there")
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        return Finding(name, 1, 1, "file-unreadable", error.strerror or str(error), "check the file's rights")
    if len(data) > _MAX_BYTES:
        message = f"the file has over {_MAX_BYTES:,} bytes"
        return Finding(name, 1, 1, "file-size", message, "keep articles to text; put files into content/assets")
    return data


def decode_content(data: bytes, name: str) -> tuple[str, Finding | None]:
    """The text of a content file's bytes, or the Finding that says why it has none."""
    if not data.strip():
        return "", Finding(name, 1, 1, "file-empty", "the file is empty", "write the article, or delete the file")
    if b"\0" in data:
        return "", Finding(name, 1, 1, "file-binary", "the file is not text", "put it into content/inbox to convert it")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8"
        return "", Finding(name, line, column, "file-encoding", message, "save the file as UTF-8")


def read_tags(path: Path, name: str) -> tuple[list[Tag], list[Finding]]:
    """The tags in a vocabulary's file, in its order, and every problem in it; `name` is what findings call it.

    An entry is a tag's name, or a mapping with a name and, where wanted, slug, aliases and description.
    """
    text, problem = _decode(path, name)
    if problem:
        return [], [problem]
    try:
        entries, positions = parse_yaml(text)
    except ValueError as error:
        line, column, message = str(error).split(":", 2)
        return [], [Finding(name, int(line), int(column), "tags-invalid", message.strip(), "mend the YAML")]
    return _tags_in(entries, positions, name)


def _tags_in(entries: object, positions: Mapping[str, Position], name: str) -> tuple[list[Tag], list[Finding]]:
    tags: list[Tag] = []
    findings: list[Finding] = []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, str):
            entry = {"name": entry}  # noqa: PLW2901
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            place = positions[f"[{index}]"]
            fix = "write `- name: the tag`, and below it slug, aliases, description"
            findings.append(Finding(name, place.line, place.column, "tags-invalid", "a tag without a name", fix))
            continue
        slug = str(entry.get("slug") or slugify(entry["name"]))
        if not slug or slug != slugify(slug):
            place = positions.get(f"[{index}].slug", positions[f"[{index}]"])
            message, fix = f'"{slug}" is no slug: lower-case words joined by hyphens', "write one under `slug:`"
            findings.append(Finding(name, place.line, place.column, "tags-invalid", message, fix))
            continue
        aliases = entry.get("aliases") or []
        tags.append(
            Tag(
                slug=slug,
                name=without_steering(entry["name"]),
                aliases=tuple(
                    without_steering(str(alias)) for alias in (aliases if isinstance(aliases, list) else [aliases])
                ),
                description=without_steering(str(entry.get("description") or "")),
            )
        )
    return tags, findings
