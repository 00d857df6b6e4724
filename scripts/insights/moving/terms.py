"""Writes a proposed vocabulary into content/: topic pages, author pages, tags.yml. What is there is never changed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from insights.frontmatter import dump_front_matter, edit_yaml, parse_yaml
from insights.model import Tag
from insights.moving.vocabulary import Vocabulary
from insights.store import CONTENT, read_text


def write_terms(vocabulary: Vocabulary, root: Path, write: Callable[[Path, bytes], bool]) -> None:
    """A page for each topic and author that is new, and the new tags at the end of tags.yml."""
    for topic in vocabulary.topics:
        text = dump_front_matter({"title": topic.name, "description": topic.description})
        write(root / CONTENT / "topics" / f"{topic.slug}.md", text.encode())
    for author in vocabulary.authors:
        fields = {"title": author.name, "role": author.role, "description": author.description, "url": author.url}
        text = dump_front_matter(fields) + (f"\n{author.body}\n" if author.body else "")
        write(root / CONTENT / "authors" / f"{author.slug}.md", text.encode())
    if vocabulary.tags:
        path = root / CONTENT / "tags.yml"
        present = read_text(path) if path.is_file() else ""
        write(path, _with_tags(present, _entries(vocabulary.tags)).encode())


def _with_tags(present: str, entries: list[dict[str, object]]) -> str:
    """The text of tags.yml with these entries at its end, in the form of those that are there."""
    if isinstance(parse_yaml(present)[0], list) and not re.search(r"^ *- ", present, re.MULTILINE):
        return edit_yaml(present, lambda known: known.extend(entries))  # `[]`, and all in brackets
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 4096
    stream = StringIO()
    writer.dump(entries, stream)
    first = re.search(r"^( *)- ", present, re.MULTILINE)
    added = textwrap.indent(stream.getvalue(), first[1] if first else "")
    end = "\r\n" if "\r\n" in present else "\n"
    start = f"{present.rstrip()}{end}" if present.strip() else ""
    return start + added.replace("\n", end)


def _entries(tags: tuple[Tag, ...]) -> list[dict[str, object]]:
    from ruamel.yaml.comments import CommentedSeq

    entries: list[dict[str, object]] = []
    for tag in tags:
        entry: dict[str, object] = {"name": tag.name, "slug": tag.slug}
        if tag.aliases:
            aliases = CommentedSeq(tag.aliases)
            aliases.fa.set_flow_style()
            entry["aliases"] = aliases
        if tag.description:
            entry["description"] = tag.description
        entries.append(entry)
    return entries
