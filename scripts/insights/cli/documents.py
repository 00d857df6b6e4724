"""The articles in folders of Markdown files, as the commands that compare articles read them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from insights.errors import StoreError
from insights.related import Document, parse_document
from insights.store import INSIGHTS, read_text


def articles_folder(folder: Path) -> Path:
    """The folder that holds the articles: content/insights of a publication, else the folder itself."""
    return folder / INSIGHTS if (folder / INSIGHTS).is_dir() else folder


def read_documents(folders: Iterable[Path]) -> dict[Path, Document]:
    """Every Markdown file under the folders, by its path, in order. Raises StoreError if two have one slug."""
    found: dict[Path, Document] = {}
    paths: dict[str, Path] = {}
    for path in sorted({path for folder in folders for path in folder.rglob("*.md")}):
        document = parse_document(read_text(path), path.as_posix())
        other = paths.setdefault(document.slug, path)
        if other != path:
            raise StoreError(
                str(path), f'the slug "{document.slug}" is also that of {other}', "rename one of the files"
            )
        found[path] = document
    return found
