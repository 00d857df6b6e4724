"""The engines that render the prepared docs tree: MkDocs, and Zensical, its successor by the makers of Material.

Each builds beside the old site, which it replaces only when the new one is complete.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import yaml

from insights.errors import RenderError
from insights.settings import FILE_NAME
from insights.site.build import BUILD, Prepared, finish, prepare, replace_site

Engine = Callable[[Path, Path, datetime], None]


def build_site(root: Path, site_dir: Path, engine: str, now: datetime) -> int:
    """The number of pages in `site_dir`, which the engine of that name has built.

    Raises RenderError where the engine fails; the old site then stays as it was.
    """
    new = root / BUILD / "site"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    ENGINES[engine](root, new, now)
    page_count = sum(1 for _ in new.rglob("index.html"))
    replace_site(new, site_dir)
    return page_count


def build_with_mkdocs(root: Path, site_dir: Path, _now: datetime) -> None:
    """Builds with MkDocs, whose plugin of ours prepares and finishes. Raises RenderError."""
    from jinja2 import TemplateError
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import ConfigurationError, MkDocsException

    # MkDocs is quiet about its steps here, but not about problems: those are the plugin's, and go to the terminal.
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_config(str(root / FILE_NAME), site_dir=str(site_dir))
        config.plugins.on_startup(command="build", dirty=False)
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


def build_with_zensical(root: Path, site_dir: Path, now: datetime) -> None:
    """Builds with Zensical from the same settings and templates. Raises RenderError.

    Zensical runs no MkDocs plugins, so prepare and finish are called around it, and it reads a copy of mkdocs.yml that
    points it at the docs tree.
    """
    prepared = prepare(root, now)
    config = root / BUILD / "zensical.yml"
    config.write_text(yaml.safe_dump(_zensical_config(prepared, site_dir), sort_keys=False), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--config-file", str(config)]
    result = subprocess.run(command, cwd=config.parent, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        fix = "mend it; or, if Zensical is missing: pip install 'insights[zensical]'"
        raise RenderError(FILE_NAME, f"Zensical failed: {lines[-1] if lines else 'no message'}", fix)
    finish(prepared, site_dir)


ENGINES: dict[str, Engine] = {"mkdocs": build_with_mkdocs, "zensical": build_with_zensical}


def _zensical_config(prepared: Prepared, site_dir: Path) -> dict[str, object]:
    publication = prepared.publication
    return {
        "site_name": publication.name,
        "site_url": publication.url,
        "site_description": publication.description,
        "copyright": publication.copyright,
        "docs_dir": "docs",
        "site_dir": site_dir.name,
        "theme": {
            "name": "material",
            "variant": "classic",
            "custom_dir": "../overrides",
            "language": publication.language,
        },
        "plugins": [],
        "markdown_extensions": [
            {name: dict(publication.markdown_configs.get(name, {}))} for name in publication.markdown_extensions
        ],
        "extra": {"insights": prepared.theme},
    }


def _config_problems(root: Path) -> str:
    """What MkDocs finds wrong in its settings, which it otherwise only logs."""
    from mkdocs.config.defaults import MkDocsConfig

    config = MkDocsConfig(config_file_path=str(root / FILE_NAME))
    with (root / FILE_NAME).open("rb") as file:
        config.load_file(file)
    errors, _warnings = config.validate()
    return "; ".join(f"{name}: {error}" for name, error in errors)
