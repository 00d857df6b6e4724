"""Whether links to other sites still answer: several hosts at a time, each politely, answers remembered."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from insights.errors import FetchError
from insights.fetch import Fetcher, FetchPolicy
from insights.store import write_output

_CACHE = "build/links.json"
_REMEMBERED = timedelta(days=7)
_HOSTS_AT_A_TIME = 8
_TRIES = 2
_REFUSALS = ("robots.txt", " 401 ", " 403 ", " 405 ", " 429 ", " 999 ")


def find_dead(
    urls: Iterable[str], root: Path, now: datetime, policy: FetchPolicy | None = None
) -> dict[str, FetchError]:
    """The addresses that do not answer, each with its error.

    A site that refuses programs (robots.txt, 401, 403, 429) may well answer a reader: it is not dead. What answered is
    not asked again for a week (build/links.json).
    """
    policy = replace(policy or FetchPolicy(), max_bytes=8_000_000, timeout_seconds=10, max_seconds=20)
    remembered = _read(root / _CACHE)
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(set(urls)):
        seen = remembered.get(url)
        if seen is None or now - seen > _REMEMBERED:
            by_host[urlsplit(url).netloc].append(url)
    found: dict[str, FetchError] = {}
    with ThreadPoolExecutor(_HOSTS_AT_A_TIME) as executor:
        for answers in executor.map(lambda host: _ask(by_host[host], policy, root), sorted(by_host)):
            for url, error in answers.items():
                if error is None:
                    remembered[url] = now
                else:
                    found[url] = error
    _write(root / _CACHE, remembered)
    return dict(sorted(found.items()))


def _ask(urls: Iterable[str], policy: FetchPolicy, root: Path) -> dict[str, FetchError | None]:
    """What each address of one host answers; None for one that lives."""
    fetcher = Fetcher(policy, root / "build" / "fetched-links")
    return {url: _try(fetcher, url) for url in urls}


def _try(fetcher: Fetcher, url: str) -> FetchError | None:
    for attempt in range(_TRIES):
        try:
            fetcher.fetch(url)
        except FetchError as error:
            if any(mark in f" {error.what} " for mark in _REFUSALS) or "bytes" in error.what:
                return None
            if attempt + 1 == _TRIES or " 404 " in error.what or " 410 " in error.what:
                return error
            time.sleep(fetcher.policy.pause_seconds)
        else:
            return None
    return None


def _read(path: Path) -> dict[str, datetime]:
    try:
        return {url: datetime.fromisoformat(moment) for url, moment in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write(path: Path, moments: Mapping[str, datetime]) -> None:
    text = json.dumps({url: moments[url].isoformat() for url in sorted(moments)}, indent=0)
    write_output(path, text.encode())
