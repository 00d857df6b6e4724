"""Whether links to other sites still answer: several hosts at a time, each politely, answers remembered."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from insights.errors import FetchError
from insights.fetch import Answer, Fetcher, FetchPolicy
from insights.store import write_output

POLICY = FetchPolicy(timeout_seconds=10, max_seconds=20)
_CACHE = "build/links.json"
_REMEMBERED = timedelta(days=7)
_HOSTS_AT_A_TIME = 8
_TRIES = 3
_LONGEST_WAIT = 30.0  # seconds; who asks for more is left alone
_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 403, 405, 406, 429, 451, 999})  # of programs; a reader may well be let in
_FINAL = ("private address", "no web address", "does not resolve", "robots.txt", "certificate", "redirects over")


def find_dead(urls: Iterable[str], root: Path, now: datetime, policy: FetchPolicy = POLICY) -> dict[str, FetchError]:
    """The addresses that do not answer, each with its error.

    A site that refuses programs (robots.txt, 401, 403, 429) may well answer a reader: it is not dead. What answered is
    not asked again for a week (build/links.json).
    """
    remembered = _read(root / _CACHE)
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(set(urls)):
        seen = remembered.get(url)
        if seen is None or not timedelta(0) <= now - seen <= _REMEMBERED:
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
    fetcher = Fetcher(policy, root / "build" / "fetched")
    return {url: _try(fetcher, url) for url in urls}


def _try(fetcher: Fetcher, url: str) -> FetchError | None:
    problem: FetchError | None = None
    for attempt in range(_TRIES):
        wait = fetcher.policy.pause_seconds * 2**attempt
        try:
            answer = fetcher.probe(url)
        except FetchError as error:
            problem = error
            if any(mark in error.what for mark in _FINAL):
                return None if "robots.txt" in error.what else error
        else:
            if answer.status < 400 or answer.status in _REFUSED - {429}:
                return None
            problem = _problem(url, answer)
            wait = answer.retry_after if answer.retry_after is not None else wait
            if answer.status in _GONE or wait > _LONGEST_WAIT:
                break
        if attempt + 1 < _TRIES:
            time.sleep(wait)
    return problem


def _problem(url: str, answer: Answer) -> FetchError | None:
    """The error of an answer; None for one that only asks us to come back later."""
    if answer.status in _REFUSED:
        return None
    what = f"the server answers {answer.status} {answer.reason}".rstrip()
    return FetchError(url, what, "check the address in a browser")


def _read(path: Path) -> dict[str, datetime]:
    try:
        return {url: datetime.fromisoformat(moment) for url, moment in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write(path: Path, moments: Mapping[str, datetime]) -> None:
    text = json.dumps({url: moments[url].isoformat() for url in sorted(moments)}, indent=0)
    write_output(path, text.encode())
