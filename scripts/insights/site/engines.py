"""The engine, MkDocs: it renders the docs tree beside the old site, which is replaced when all is complete."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from insights.errors import RenderError
from insights.settings import FILE_NAME
from insights.site.build import BUILD, replace_site


def build_site(root: Path, site_dir: Path, is_preview: bool = False) -> int:
    """The number of pages in `site_dir`, built by MkDocs; a preview shows drafts, too.

    Raises RenderError where MkDocs fails; the old site then stays as it was.
    """
    new = root / BUILD / "site"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    build_with_mkdocs(root, new, is_preview)
    page_count = sum(1 for _ in new.rglob("index.html"))
    replace_site(new, site_dir)
    return page_count


def build_with_mkdocs(root: Path, site_dir: Path, is_preview: bool = False) -> None:
    """Builds with MkDocs, whose plugin of ours prepares and finishes. Raises RenderError."""
    from jinja2 import TemplateError
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import ConfigurationError, MkDocsException

    # MkDocs is quiet about its steps here, but not about problems: those are the plugin's, and go to the terminal.
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_config(str(root / FILE_NAME), site_dir=str(site_dir))
        # "serve" is what MkDocs calls looking at one's own work; the plugin shows drafts then.
        config.plugins.on_startup(command="serve" if is_preview else "build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    except ConfigurationError as error:
        raise RenderError(FILE_NAME, _config_problems(root) or str(error), "mend it, and build again") from error
    except TemplateError as error:
        where = getattr(error, "filename", None) or "overrides"
        line = getattr(error, "lineno", None)
        raise RenderError(f"{where}:{line}" if line else where, str(error), "mend the template") from error
    except (MkDocsException, SystemExit) as error:
        raise RenderError(FILE_NAME, f"MkDocs failed: {error}", "mend it, and build again") from error


def _config_problems(root: Path) -> str:
    """What MkDocs finds wrong in its settings, which it otherwise only logs."""
    from mkdocs.config.defaults import MkDocsConfig

    config = MkDocsConfig(config_file_path=str(root / FILE_NAME))
    with (root / FILE_NAME).open("rb") as file:
        config.load_file(file)
    errors, _warnings = config.validate()
    return "; ".join(f"{name}: {error}" for name, error in errors)
