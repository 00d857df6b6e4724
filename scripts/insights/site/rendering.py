"""Pages by MkDocs' own functions, one at a time and in any order: configuration, templates and extensions load once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs.commands.build import get_context
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

from insights.model import Finding, Level
from insights.site.texts import Texts, reads_files
from insights.site.tree import Made
from insights.store import CONTENT

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

NOT_FOUND = "404.html"
_log = logging.getLogger("mkdocs.structure.pages")


class DocsFiles(Files):
    """The docs tree as links see it: every path that is asked for, and whether there is such a file, is noted."""

    def __init__(self, paths: Collection[str], file_of: Callable[[str], File]) -> None:
        super().__init__([])
        self._paths = paths
        self._file_of = file_of
        self.asked: dict[str, bool] = {}

    def get_file_from_path(self, path: str) -> File | None:
        """The file at a path of the docs tree."""
        self.asked[path] = path in self._paths
        return self._file_of(path) if path in self._paths else None


class Renderer:
    """Renders pages of the docs tree; `config` is that of a publication without other plugins, `env` its templates."""

    def __init__(self, config: MkDocsConfig, env: Environment, paths: Collection[str], texts: Texts) -> None:
        self._config, self._env = config, env
        self._paths = paths
        self._texts = texts
        self._nav = Navigation([], [])
        # What is linked once is often linked again, and MkDocs takes longer to make a File than to resolve a link.
        self._file_of = lru_cache(maxsize=4096)(self._file)

    def page(self, path: str, meta: dict[str, Any], body: str) -> Made:
        """The page at this path of the docs tree, from its front matter and Markdown."""
        config = self._config
        files = DocsFiles(self._paths, self._file_of)
        file = self._file_of(path)
        page = Page(None, file, config)
        page.meta, page.markdown = meta, body
        with _warnings() as warnings:
            if text := self._texts.open_text(path):
                page.content = text.close(_RelativePathTreeprocessor(file, files, config).path_to_url)
                page.toc = get_toc(text.toc)
            else:
                page.render(config, files)
        page.active = True
        context = get_context(self._nav, [file], config, page)
        template = self._env.get_template(page.meta["template"])
        html = template.render(context).encode(errors="xmlcharrefreplace")
        file.page = None  # MkDocs notes it there: files that are kept would keep their pages
        return Made(html, files.asked, tuple(_finding(path, warning) for warning in dict.fromkeys(warnings)))

    def _file(self, path: str) -> File:
        """The file as MkDocs knows it."""
        config = self._config
        return File(path, config.docs_dir, config.site_dir, config.use_directory_urls)

    def not_found(self) -> Made:
        """The page that hosts show for an address that does not exist: its links are absolute."""
        base = urlsplit(self._config.site_url or "/").path
        context = get_context(self._nav, [], self._config, base_url=base)
        return Made(self._env.get_template(NOT_FOUND).render(context).encode())


def environment_of(config: MkDocsConfig) -> Environment:
    """The templates of a publication, as its plugins have them."""
    env: Environment = config.plugins.on_env(config.theme.get_env(), config=config, files=Files([]))
    return env


class _Collector(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What MkDocs warns of meanwhile, in place of its log: a page that is not made again is as wrong as it was."""
    collector, propagates = _Collector(), _log.propagate
    _log.addHandler(collector)
    _log.propagate = False
    try:
        yield collector.messages
    finally:
        _log.removeHandler(collector)
        _log.propagate = propagates


def _finding(path: str, warning: str) -> Finding:
    """A warning as it is told, of the file in content/ from which the page at this docs path is made."""
    said = warning.removeprefix(f"Doc file '{path}' ").removesuffix(" among documentation files.")
    fix = "mend the path; an article is linked by its file: other-article.md"
    return Finding(f"{CONTENT}/{path}", 1, 1, "link-broken", f"the page {said}", fix, Level.WARNING)


def renders_alone(config: MkDocsConfig) -> bool:
    """Whether each page follows from its own file: other plugins, hooks and exclusions may do as they please."""
    others: Mapping[str, Any] = {name: plugin for name, plugin in config.plugins.items() if name != "insights"}
    return not (
        others
        or reads_files(config)
        or config.hooks
        or config.exclude_docs
        or config.draft_docs
        or config.extra_templates
    )


def site_path(docs_path: str) -> str:
    """The path in the site of the page that MkDocs makes of this file of the docs tree."""
    folder, _, name = docs_path.removesuffix(".md").rpartition("/")
    parts = [folder, name] if name not in ("index", "README") else [folder]
    return "/".join([*filter(None, parts), "index.html"])
