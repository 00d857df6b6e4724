"""The MkDocs plugin: calls prepare before MkDocs reads its files, and finish after it has written them.

It holds no logic of its own; `mkdocs build` and `mkdocs serve` work as every MkDocs user expects.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import Files

from insights.cli.console import now
from insights.errors import InsightsError
from insights.settings import FILE_NAME, parse_settings
from insights.site.build import DOCS, Prepared, prepare
from insights.site.inputs import THEME, Run
from insights.site.outputs import finish
from insights.site.templates import Templates

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = get_plugin_logger("insights")


class _Options(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a schema of its own kind; ours is `settings.Settings`."""


class InsightsPlugin(BasePlugin[_Options]):  # type: ignore[no-untyped-call]
    """Prepares content/ for MkDocs, and finishes the site that it builds.

    `prepared` is set by whoever has prepared it already.
    """

    prepared: Prepared | None = None
    _prepared: Prepared
    _is_preview: bool = False

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """MkDocs' check of the plugin's options: ours is in `settings`."""
        try:
            parse_settings(options, config_file_path or FILE_NAME)
        except InsightsError as error:
            return [("insights", ValueError(str(error)))], []
        return [], []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Whoever serves looks at their own work: drafts are shown, too."""
        self._is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Writes the docs tree, and points MkDocs at it."""
        root = Path(config.config_file_path).parent
        try:
            self._prepared = self.prepared or self._prepare(root)
        except InsightsError as error:
            raise PluginError(str(error)) from error
        config.docs_dir = str(root / DOCS)
        config.extra["insights"] = self._prepared.theme
        config.theme.static_templates = {"404.html"}
        return config

    def _prepare(self, root: Path) -> Prepared:
        prepared = prepare(Run(root, now(), is_preview=self._is_preview))
        prepared.write_docs()
        for finding in prepared.findings:
            log.warning(str(finding))
        return prepared

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Leaves out the files of the underlying theme: ours uses none of them."""
        return Files([file for file in files if file.src_dir == config.docs_dir])

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Escapes every value in templates, which MkDocs does not do by itself."""
        return Templates(env)

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Adds sitemap, feeds, newsletters and the search index."""
        try:
            finish(self._prepared, Path(config.site_dir), config)
        except InsightsError as error:
            raise PluginError(str(error)) from error

    def on_serve(
        self, server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Watches what people write instead of what prepare writes."""
        root = Path(config.config_file_path).parent
        server.unwatch(config.docs_dir)
        for folder in ("content", THEME):
            server.watch(str(root / folder))
        return server
