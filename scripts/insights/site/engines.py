"""The engine, MkDocs: it renders what has changed into a copy of the site, which then takes the live one's place."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insights.errors import RenderError
from insights.model import Finding
from insights.settings import FILE_NAME
from insights.site.copies import Copy, keep_copy, open_copy
from insights.site.inputs import Run, digest, digest_settings, stamp_files
from insights.site.memory import Memory, read_memory
from insights.site.tree import Made, Make, Output, exchange, make_here, recover, renew
from insights.store import read_text, write_output

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

    from insights.site.build import Prepared
    from insights.site.cache import Cache
    from insights.site.content import Content
    from insights.site.templates import CompiledTemplates
    from insights.site.texts import Texts

BUILD = "build"
PREVIEW = "build/preview"
INDEXING = "Indexing"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the problems in content, the pages there are; how many articles were parsed for it, pages
    prepared to be compared with the last ones, pages rendered and files made; whether the search index is that of these
    pages."""

    findings: tuple[Finding, ...]
    pages: int
    parsed: int = 0
    prepared: int = 0
    rendered: int = 0
    made: int = 0
    has_new_index: bool = True


def build_site(run: Run, site_dir: Path) -> Built:
    """Builds the site into `site_dir`, with what earlier builds left under build/.

    Raises RenderError where MkDocs fails; the old site then stays as it was.
    """
    try:
        return _build_site(run, site_dir)
    except BaseException:
        run.kept.forget()
        raise


def _build_site(run: Run, site_dir: Path) -> Built:
    root = run.root
    # A preview that is served has copies of its own, so that it can be anywhere under build/ while site/ is as it was.
    kind = "preview" if site_dir == root / PREVIEW else "site"
    folder, memory_path = root / BUILD / ("next" if kind == "preview" else "site"), root / BUILD / f"{kind}.memory"
    live_ledger, spare_ledger = root / BUILD / f"{kind}.live.ledger", root / BUILD / f"{kind}.spare.ledger"
    with run.progress.phase("Looking"):
        recover(folder, site_dir)
        memory = read_memory(memory_path)
        stamps = stamp_files(root, memory.stamps if memory else {})
        if memory and memory.holds(run, stamps) and open_copy(site_dir, live_ledger, run.kept).ledger:
            return Built(memory.findings, len(memory.pages))
    # Imported only now: all that renders takes longer to load than to find that nothing has changed.
    from insights.site.content import read_publication_again, related_aside

    with _mkdocs_errors(root):
        settings = digest_settings(read_text(root / FILE_NAME))
        config = partial(run.kept.value, "config", settings, partial(_load_config, root, folder))
        content = read_publication_again(run, stamps, partial(_load_rest, config))
        with related_aside(content) as related:
            with run.progress.phase("Looking"):
                live = open_copy(site_dir, live_ledger, run.kept)
                spare = open_copy(folder, spare_ledger, run.kept, live)
            with run.progress.phase("Loading"):
                _load_rest(config)
            if memory is None:
                _work_ahead(content, config(), run)
            from insights.site.build import frame_of, prepare_pages

            with run.progress.phase("Preparing"):
                frame_of(content)
            prepared = prepare_pages(content, related(), memory if live.ledger else None)
        changed = _render_changed(run, prepared, config(), spare, live)
        built, spare = changed or (_render_all(prepared, config(), spare), replace(spare, ledger=None))
    memory_path.unlink(missing_ok=True)  # it is of the copy that is live, and of no other
    exchange(spare, live)
    keep_copy(replace(live, ledger=spare.ledger), run.kept)
    keep_copy(replace(spare, ledger=live.ledger), run.kept)
    Memory.of(prepared, run, built).save(memory_path)
    return built


def _load_rest(config: Callable[[], MkDocsConfig]) -> None:
    """Loads what is needed once the articles are read: settings, and all that renders."""
    from insights.site import outputs, search  # noqa: F401

    config()


def _work_ahead(content: Content, config: MkDocsConfig, run: Run) -> None:
    """Does what needs no ranking: `_render_changed` finds texts, entries of feeds and templates in the cache."""
    from PIL import ImageChops, ImageDraw, ImageFont  # noqa: F401 (processes that draw cards begin with it)

    from insights.site.cache import CACHE, Cache
    from insights.site.outputs import write_entries
    from insights.site.rendering import renders_alone
    from insights.site.templates import list_templates
    from insights.site.texts import Texts

    if renders_alone(config):
        with Cache(run.root / CACHE) as cache:
            with run.progress.phase("Converting"):
                texts = Texts(content, cache, config, run)
            with run.progress.phase("Listing"):
                write_entries(content, cache, texts.html_of)
                env, compiled = _templates(content, config, cache)
                compiled.compile_missing(env, list_templates(content.stamps), 1)


def _render_changed(
    run: Run, prepared: Prepared, config: MkDocsConfig, spare: Copy, live: Copy
) -> tuple[Built, Copy] | None:
    """What was done to bring the spare copy up to date, and that copy; None where a page may need more than its
    file."""
    from insights.site.cache import CACHE, Cache
    from insights.site.outputs import finishing_outputs, forget_unused
    from insights.site.rendering import renders_alone
    from insights.site.search import SearchIndex
    from insights.site.texts import Texts

    if not renders_alone(config):
        return None
    _hand_over(config, prepared)
    docs = prepared.list_docs()
    with Cache(prepared.root / CACHE) as cache:
        with run.progress.phase("Converting"):
            texts = Texts(prepared, cache, config, run)
        with run.progress.phase("Listing"):
            pages = _list_pages(prepared, config, cache, texts)
            keys = _page_keys(prepared, pages, live)
            search = digest("search", *(part for path in sorted(keys) for part in (path, keys[path])))
            index = next((each for each in (live, spare) if _has_index(each, search, run.is_hasty)), None)
            outputs = [*pages, *finishing_outputs(prepared, cache, texts.html_of)]
            gone: Set[str] | None = None if prepared.edited is None else frozenset()
            if gone is None or index is spare:
                in_place = _index_in(index or live)  # what is the same in one that is of other pages stays
                outputs += (Output(path, key, partial(_missing, path)) for path, key in in_place.items())
                if gone is not None:
                    gone = _index_in(live).keys() - in_place.keys()
        with run.progress.phase("Rendering"):
            renewal = renew(spare, live, outputs, docs.__contains__, _maker(run), run.progress, gone)
            if prepared.edited is None:
                forget_unused(prepared, cache)
                texts.forget_unused()
        in_index: dict[str, bytes | None] = {}
        if not index:
            with run.progress.phase(INDEXING):
                in_index = SearchIndex(keys, cache, run).write(spare.folder, search, _index_in(live))
    renewed = renewal.save(in_index)
    wrong = (finding for _path, findings in sorted(renewal.findings.items()) for finding in findings)
    built = Built(
        findings=(*prepared.findings, *wrong),
        pages=len(prepared.paths),
        parsed=prepared.parsed,
        prepared=prepared.prepared,
        rendered=sum(output.path in renewal.made for output in pages if output.path.endswith("index.html")),
        made=len(renewal.made),
        has_new_index=not index or _has_index(index, search),
    )
    return built, renewed


def list_site(run: Run) -> list[Output]:
    """Every file of the site but for the search index, as the build lists them that has written the cache."""
    from insights.site.build import prepare
    from insights.site.cache import CACHE, Cache
    from insights.site.outputs import finishing_outputs
    from insights.site.texts import Texts

    prepared = prepare(run)
    config = _load_config(run.root, run.root / BUILD / "site")
    _hand_over(config, prepared)
    cache = Cache(run.root / CACHE)  # stays open: the outputs read it as they are made
    texts = Texts(prepared, cache, config, run)
    return [*_list_pages(prepared, config, cache, texts), *finishing_outputs(prepared, cache, texts.html_of)]


def _list_pages(prepared: Prepared, config: MkDocsConfig, cache: Cache, texts: Texts) -> list[Output]:
    from insights.site.outputs import page_outputs
    from insights.site.rendering import Renderer
    from insights.site.templates import list_templates

    config = config.plugins.on_config(config)
    env, compiled = _templates(prepared, config, cache)
    if prepared.edited is None:
        compiled.compile_missing(env, list_templates(prepared.stamps), prepared.run.jobs)
    return list(page_outputs(prepared, Renderer(config, env, prepared.list_docs(), texts)))


def _templates(
    content: Prepared | Content, config: MkDocsConfig, cache: Cache
) -> tuple[Environment, CompiledTemplates]:
    """The theme's templates, and where those are kept that are compiled."""
    from insights.site.rendering import environment_of
    from insights.site.templates import CompiledTemplates

    env = content.run.kept.value("templates", content.common, lambda: environment_of(config))
    compiled = env.bytecode_cache = CompiledTemplates(cache, content.common)
    return env, compiled


def _page_keys(prepared: Prepared, outputs: Sequence[Output], live: Copy) -> dict[str, bytes]:
    """The keys of all pages by path, those of this build's outputs or else of the live copy."""
    from insights.site.rendering import NOT_FOUND, site_path

    keys = {output.path: output.key for output in outputs if output.path.endswith(".html")}
    if prepared.edited is not None and live.ledger:
        pages = (NOT_FOUND, *map(site_path, prepared.paths))
        keys = {path: live.ledger.files[path][0] for path in pages} | keys
    return keys


def _maker(run: Run) -> Make:
    if not run.cluster:
        return partial(make_here, jobs=run.jobs)
    from insights.site.cluster import make_on_cluster

    return partial(make_on_cluster, run)


def _render_all(prepared: Prepared, config: MkDocsConfig, spare: Copy) -> Built:
    """Lets MkDocs build everything into the spare copy, by itself."""
    from mkdocs.commands.build import build

    shutil.rmtree(spare.folder, ignore_errors=True)
    spare.folder.mkdir(parents=True)
    prepared.write_docs()
    _hand_over(config, prepared)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
    write_output(spare.ledger_path, b"")  # no ledger: nothing of it can be kept
    pages = len(prepared.pages)
    return Built(prepared.findings, pages, prepared.parsed, prepared.prepared, pages, pages)


def _has_index(copy: Copy, key: bytes, is_any: bool = False) -> bool:
    """Whether a copy has the search index of this key, or any."""
    from insights.site.search import INDEX_ENTRY

    entry = copy.ledger.files.get(INDEX_ENTRY) if copy.ledger else None
    return entry is not None and (is_any or entry[0] == key)


def _index_in(copy: Copy) -> dict[str, bytes]:
    """The files of the search index in a copy, by path, each with its key."""
    from insights.site.search import BUNDLE

    files = copy.ledger.files.items() if copy.ledger else ()
    return {path: key for path, (key, *_seen) in files if path.startswith(f"{BUNDLE}/")}


def _missing(path: str) -> Made:
    raise RenderError(path, "vanished during the build", "build again")


def _hand_over(config: MkDocsConfig, prepared: Prepared) -> None:
    plugin: Any = config.plugins["insights"]
    plugin.prepared = prepared


def _load_config(root: Path, site_dir: Path) -> MkDocsConfig:
    from mkdocs.config import load_config

    # MkDocs is quiet about its steps here, but not about problems.
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    return load_config(str(root / FILE_NAME), site_dir=str(site_dir))


@contextmanager
def _mkdocs_errors(root: Path) -> Iterator[None]:
    """Turns what MkDocs and templates raise into RenderErrors that say where to look."""
    from jinja2 import TemplateError
    from mkdocs.exceptions import ConfigurationError, MkDocsException

    try:
        yield
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
