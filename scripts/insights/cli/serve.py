"""`insights serve`: a preview that follows every save."""

from __future__ import annotations

import gc
import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

    from insights.site.engines import Built

_QUIET_SECONDS = 2.0
_HERE = "127.0.0.1"  # a port alone shows drafts to this machine, not to the whole network
_LAST_PORT = 65535


@click.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
def serve(address: str, open_browser: bool) -> None:
    """Preview the site: every save in content/ or overrides/ shows at once, drafts too.

    The preview is apart from site/, which stays as it was. Search follows when nothing was saved for two seconds.
    """
    from mkdocs.livereload import LiveReloadServer

    from insights.settings import FILE_NAME
    from insights.site.engines import PREVIEW
    from insights.site.inputs import THEME
    from insights.store import CONTENT, find_root, read_publication

    root = find_root(Path.cwd())
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.BadParameter("write host and port: 127.0.0.1:8000", param_hint="--address")
    preview = Preview(root)
    preview.build()
    mount = urlsplit(read_publication(root).url).path
    host = host.strip("[]") or _HERE  # an address of IPv6 stands in brackets
    server = LiveReloadServer(preview.build, host, int(port), str(root / PREVIEW), mount)
    # MkDocs' server looks at every file twice a second; the system can tell of a save at once.
    server.observer = _observe_saves()  # type: ignore[assignment]
    server.build_delay = 0.02
    for name in (CONTENT, THEME, FILE_NAME):
        server.watch(str(root / name))
    server.error_handler = lambda code: (root / PREVIEW / "404.html").read_bytes() if code == 404 else None
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Preview at http://{shown}:{port}{mount or '/'} (Ctrl-C ends it)")
    try:
        server.serve(open_in_browser=open_browser)  # type: ignore[no-untyped-call]
    except KeyboardInterrupt:
        click.echo("")
    except OSError as error:
        raise click.ClickException(f"{address}: {error.strerror}; choose another with --address") from error
    finally:
        preview.stop()
        server.shutdown()


def _observe_saves() -> BaseObserver:
    """Tells of files that were written, moved or removed; not of those that a build reads, which would never end."""
    from watchdog import events
    from watchdog.observers import Observer

    observer = Observer()
    kinds = [events.FileModifiedEvent, events.FileCreatedEvent, events.FileMovedEvent, events.FileDeletedEvent]
    observer.schedule = partial(observer.schedule, event_filter=kinds)  # type: ignore[method-assign]
    return observer


class Preview:
    """The preview of a publication; a build that fails says why, and leaves the last one."""

    def __init__(self, root: Path) -> None:
        from insights.site.kept import Kept

        self._root = root
        self._kept = Kept(is_lasting=True)
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def build(self) -> None:
        """Brings the preview up to date, but for the search index, which follows when nothing more is saved."""
        self.stop()
        if not self._build(is_hasty=True):
            self._timer = threading.Timer(_QUIET_SECONDS, self._build)
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        """Forgets the search index that was to follow."""
        if self._timer:
            self._timer.cancel()

    def _build(self, is_hasty: bool = False) -> bool:
        """Whether nothing is left to do."""
        from insights.errors import InsightsError

        with self._lock:
            try:
                return self._report(time.perf_counter(), is_hasty).has_new_index
            except InsightsError as error:
                click.echo(str(error), err=True)
                return True

    def _report(self, started: float, is_hasty: bool) -> Built:
        from insights.cli.console import err, hold, now, show_findings
        from insights.site.engines import PREVIEW, build_site
        from insights.site.inputs import Run

        run = Run(self._root, now(), os.cpu_count() or 1, is_preview=True, is_hasty=is_hasty, kept=self._kept)
        with hold(self._root, "serve"):
            built = build_site(run, self._root / PREVIEW)
        gc.freeze()  # what is kept need not be looked through for garbage at each save
        if is_hasty:
            show_findings(built.findings, err)
            click.echo(f"{built.rendered:,} rendered in {time.perf_counter() - started:.2f} s")
        return built
