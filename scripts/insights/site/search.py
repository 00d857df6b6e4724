"""The search index: Pagefind over the built pages, and the words by which misspelt queries are mended."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

from insights.errors import RenderError
from insights.library import Library
from insights.site.bundle import settle_bundle

WORDS = "search/words.txt"
_MAX_WORDS = 5_000
_SHORTEST = 3
_FIX = "reinstall it: make clean site"


def render_words(library: Library) -> bytes:
    """The words of titles, descriptions and terms, those of most articles first, with a space between two.

    Pagefind answers exact beginnings alone; the reader's browser looks here for what a misspelt word was meant to be.
    """
    names = [
        *(topic.name for topic in library.topics),
        *(tag.name for tag in library.tags),
        *(author.name for author in library.authors),
    ]
    texts = [f"{article.title} {article.description}" for article in library.articles]
    counts = Counter(word for text in texts for word in sorted(set(_words(text))))
    named = [word for name in names for word in _words(name)]
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return " ".join(list(dict.fromkeys([*named, *ranked]))[:_MAX_WORDS]).encode()


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > _SHORTEST and not word.isdigit()]


def build_search_index(site_dir: Path) -> int:
    """How many pages the index in `site_dir`/pagefind/ holds. Raises RenderError where Pagefind fails.

    Pagefind runs as a command: its Python client waits for ever on a service that has died.
    """
    from pagefind.service import get_executable

    command = [str(get_executable()), "--site", str(site_dir), "--output-path", str(site_dir / "pagefind")]
    try:
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    except OSError as error:
        raise RenderError("Pagefind", error.strerror or str(error), _FIX) from error
    indexed = re.search(r"Indexed (\d+) pages?", run.stdout)
    if run.returncode or indexed is None:
        lines = [line.strip() for line in f"{run.stdout}\n{run.stderr}".splitlines() if line.strip()]
        panic = next((index for index, line in enumerate(lines) if "panicked" in line), len(lines) - 1)
        raise RenderError(str(site_dir), f"Pagefind failed: {' '.join(lines[panic : panic + 2])}", _FIX)
    # It also writes its own interface; ours replaces it.
    for path in sorted((site_dir / "pagefind").glob("pagefind-*ui*")):
        path.unlink()
    settle_bundle(site_dir / "pagefind")
    return int(indexed[1])
