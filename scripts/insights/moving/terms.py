"""Writes a proposed vocabulary into content/: topic pages, author pages, tags.yml. What is there is never changed."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

from insights.frontmatter import dump_front_matter
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
        start = present.rstrip("\n") + "\n" if present.strip() else ""
        write(path, (start + _dump_tags(vocabulary.tags)).encode())


def _dump_tags(tags: tuple[Tag, ...]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedSeq

    writer = YAML()
    writer.width = 4096
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
    stream = StringIO()
    writer.dump(entries, stream)
    return stream.getvalue()
