"""`insights feeds`: tells hubs what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STATE = ".insights/feeds.json"
_URLS_PER_REQUEST = 100
_TIMEOUT_SECONDS = 30.0


@click.group()
def feeds() -> None:
    """Tell subscribers' hubs which feeds have changed."""


@feeds.command(short_help="Tell the hub which feeds have changed.")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the site is.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help=f"What was published last: {STATE}.")
@click.option("--send", is_flag=True, help="Tell the hub. Without it, only say what it would be told.")
def ping(site_dir: Path | None, state: Path | None, send: bool) -> None:
    """List the feeds that changed since the last publish; with --send, tell the hub (WebSub).

    Run it after the site is online: the hub fetches each feed at once. The state file remembers what the hub was
    told; keep it between runs, or each run tells of every feed.
    """
    from contextlib import nullcontext

    from insights.cli.console import hold, now, say
    from insights.errors import SettingsError
    from insights.feeds import list_feeds
    from insights.feeds.websub import changed_feeds, digest_feeds, dump_state, subscribed_hrefs
    from insights.settings import FILE_NAME
    from insights.store import find_root, read_library, read_publication, write_file
    from insights.text import counted

    root = find_root(Path.cwd())
    publication = read_publication(root)
    library, _ = read_library(root)
    hub = publication.settings.feeds.hub
    if not hub:
        fix = "add `feeds: {hub: https://pubsubhubbub.appspot.com/}` under `plugins: insights:`"
        raise SettingsError(FILE_NAME, "no hub is set", fix)
    state_path = state or root / STATE
    hrefs = subscribed_hrefs(list_feeds(library.live(now()), publication))
    with hold(root, "feeds ping") if send else nullcontext():
        digests = digest_feeds(_read_feeds(site_dir or root / "site", hrefs), publication.url)
        changed = changed_feeds(_read_state(state_path), digests)
        for url in changed:
            say(url)
        if not changed:
            say("No feed has changed since the last publish.")
        elif send:
            _tell(hub, changed)
            say(f"{hub} knows of {counted(len(changed), 'changed feed')}.")
        else:
            say(f"Dry run: {counted(len(changed), 'changed feed')}; add --send to tell {hub}")
        if send:
            write_file(state_path, dump_state(digests))


def _read_feeds(site_dir: Path, hrefs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    from urllib.parse import unquote

    from insights.errors import StoreError

    for href in hrefs:
        path = site_dir / unquote(href)
        try:
            yield href, path.read_bytes()
        except OSError as error:
            raise StoreError(str(path), error.strerror or str(error), "build the site first: insights build") from error


def _read_state(path: Path) -> dict[str, str]:
    from insights.errors import StoreError
    from insights.feeds.websub import parse_state

    if not path.is_file():
        return {}
    try:
        return parse_state(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(
            str(path), f"not a feeds' state: {error}", "delete it; the next run tells all feeds"
        ) from error


def _tell(hub: str, urls: Sequence[str]) -> None:
    import httpx

    from insights.errors import FetchError
    from insights.feeds.websub import publish_form

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for start in range(0, len(urls), _URLS_PER_REQUEST):
        body = publish_form(urls[start : start + _URLS_PER_REQUEST])
        try:
            httpx.post(hub, content=body, headers=headers, timeout=_TIMEOUT_SECONDS).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(
                hub, f"the hub did not take it: {error}", "run it again later; no state is saved"
            ) from error
