"""What the tests of moving share: a new publication with an export imported, and what must be true of it."""

from __future__ import annotations

import io
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import feedparser
from conftest import PROJECT, run_insights, serve
from PIL import Image

CASES = PROJECT / "tests" / "cases" / "moving"
SITES = CASES / "sites"


def new_publication(folder: Path, url: str = "https://harbour.example/") -> Path:
    """A publication without content, as a maintainer begins one; the theme is the project's."""
    folder.mkdir(parents=True)
    shutil.copytree(PROJECT / "overrides", folder / "overrides")
    text = (PROJECT / "tests" / "site" / "mkdocs.yml").read_text()
    (folder / "mkdocs.yml").write_text(text.replace("https://small.example.org/review/", url))
    (folder / "content").mkdir()
    (folder / "content" / "index.md").write_text("---\ntitle: The Harbour Notebook\ndescription: Notes.\n---\n")
    return folder


def picture(width: int = 60, height: int = 40, colour: str = "teal") -> bytes:
    """A real picture."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, "PNG")
    return stream.getvalue()


def import_into(root: Path, source: Path, *options: str) -> str:
    """What `insights import` prints; it must not fail."""
    result = run_insights(root, "import", str(source), "--no-fetch", *options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def front(root: Path, slug: str) -> str:
    """The text of an article's file."""
    return (root / "content" / "insights" / f"{slug}.md").read_text()


def guids_of(site: Path) -> set[str]:
    """The ids of all entries of the built site's main feed."""
    return {entry.id for entry in feedparser.parse((site / "feed.rss").read_bytes()).entries}


def answers(site: Path, paths: list[str]) -> Iterator[tuple[str, int]]:
    """The status with which the built site, served as files, answers each path."""
    server, address = serve(site)
    try:
        for path in paths:
            try:
                with urllib.request.urlopen(address + quote(path)) as response:
                    yield path, response.status
            except urllib.error.HTTPError as error:
                yield path, error.code
    finally:
        server.shutdown()
