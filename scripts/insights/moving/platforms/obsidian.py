"""Obsidian: reads a vault: notes with links by name, properties, tags in the text, files from anywhere in it.

Source: help.obsidian.md (syntax, callouts, properties, tags, Publish).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import quote

from insights.moving.entry import INSIDE, Entry, Export, Kind, LeftOut, inside, left_out
from insights.moving.files import Files
from insights.moving.markdown_files import body_html, entry_of, front_matter, texts_of
from insights.moving.marks import Marks
from insights.moving.platforms.obsidian_body import TAG, plain_markdown
from insights.moving.rows import Row, text_in
from insights.readers.markdown_dialects import outside_code
from insights.text import slugify

_EMBEDDED = re.compile(r"!\[\[([^\]|#^\n]+)")
_TOPICS = ("topic", "category", "categories")


def recognises(files: Files) -> bool:
    """Whether there is a vault's folder of settings, or a note that links by name."""
    if any(path.startswith(".obsidian/") for path in files.paths):
        return True
    notes = [path for path in files.ending(".md") if "/" not in path or path.count("/") < 3][:50]
    return not any(files.ending("mkdocs.yml", ".toml", "_config.yml")) and any(
        re.search(rb"!?\[\[[^\[\]\n]+\]\]", files.read(path)) for path in notes
    )


def read(files: Files, site_url: str = "") -> Export:
    """The notes. Where any says `publish:`, those that do not are drafts; templates and drawings are left out."""
    site = site_url.rstrip("/")
    templates = f"{_templates(files)}/"
    notes = [
        path
        for path in files.ending(".md")
        if not path.startswith((templates, ".obsidian/")) and not path.endswith(".excalidraw.md")
    ]
    parsed = {path: front_matter(files, path) for path in notes}
    attached = {PurePosixPath(path).name.casefold(): path for path in reversed(files.paths) if path not in parsed}
    attached |= {path.casefold(): path for path in files.paths if path not in parsed}
    bodies = {PurePosixPath(path).stem.casefold(): body for path, (_, body) in reversed(parsed.items())}
    is_published = any(fields.get("publish") is True for fields, _ in parsed.values())
    entries: list[Entry] = []
    for path, (fields, body) in parsed.items():
        context = _context(body, attached, bodies)
        entry = replace(_entry(path, fields, body, site), context=context)
        hidden = is_published and fields.get("publish") is not True
        entries.append(replace(entry, is_draft=entry.is_draft or hidden))
    return Export("obsidian", site, tuple(entries), left_out=_left_out(files, templates))


def clean(entry: Entry, marks: Marks) -> str:
    """The note's HTML: links and embeds by name resolved, callouts as boxes, comments as marks."""
    return body_html(plain_markdown(entry.body, marks, entry.context))


def _templates(files: Files) -> str:
    """The folder of templates, as the vault's settings name it."""
    name = ".obsidian/templates.json"
    try:
        value = json.loads(files.read(name)) if files.has(name) else {}
    except ValueError:
        value = {}
    return str(value.get("folder") or "Templates").strip("/") if isinstance(value, dict) else "Templates"


def _entry(path: str, fields: Row, body: str, site: str) -> Entry:
    name = PurePosixPath(path)
    permalink = text_in(fields, "permalink").strip("/")
    place = permalink or path.removesuffix(".md").replace(" ", "+")
    url = f"{site}/{quote(place, safe='/+')}" if site else f"{INSIDE}/{quote(path)}"
    tags = [each for tag in texts_of(fields.get("tags")) for each in re.split(r"[,\s]+", tag) if each]
    found: list[str] = []

    def note(match: re.Match[str]) -> str:
        found.append(match[1])
        return match[0]

    outside_code(body, lambda part: TAG.sub(note, part))
    terms = [term.replace("_", " ") for tag in (*tags, *found) for term in tag.lstrip("#").split("/") if term]
    stated = {**fields, "tags": list(dict.fromkeys(terms)), "aliases": None}
    stated |= {
        key: _unlinked(fields[key]) for key in ("author", "authors", *_TOPICS, "image", "cover") if key in fields
    }
    entry = entry_of(path, stated, body, url)
    aliases = [alias for alias in texts_of(fields.get("aliases")) if alias.strip()]
    is_page = entry.published is None and not tags and name.stem.casefold() in ("about", "home", "index", "contact")
    return replace(
        entry,
        kind=Kind.PAGE if is_page else Kind.ARTICLE,
        title=entry.title or name.stem,
        slug=entry.slug or slugify(name.stem),
        names=tuple(inside(each) for each in (name.stem, *aliases)),
        other_urls=(),
    )


def _unlinked(value: object) -> object:
    """A property's texts without the brackets of links by name."""
    texts = [re.sub(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", text) for text in texts_of(value)]
    return texts if isinstance(value, list) else (texts[0] if texts else value)


def _context(body: str, attached: Mapping[str, str], bodies: Mapping[str, str]) -> dict[str, str]:
    """What a note embeds by name: `file NAME` → the path of a file, `note NAME` → another note's text."""
    context: dict[str, str] = {}
    for name in _EMBEDDED.findall(body):
        key = name.strip().casefold()
        if key in attached or (key := PurePosixPath(key).name) in attached:
            context[f"file {name.strip()}"] = attached[key]
        elif (stem := PurePosixPath(key.removesuffix(".md")).name) in bodies:
            context[f"note {name.strip()}"] = bodies[stem]
    return context


def _left_out(files: Files, templates: str) -> tuple[LeftOut, ...]:
    kinds = {
        "templates": [path for path in files.ending(".md") if path.startswith(templates)],
        "drawings of Excalidraw": files.ending(".excalidraw", ".excalidraw.md"),
        "canvases and bases": files.ending(".canvas", ".base"),
    }
    return left_out(kinds)
