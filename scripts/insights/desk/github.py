"""GitHub's REST API, as far as the workflows need it.

Standard library only: the jobs that hold a token that may write run this without installing anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from insights.errors import FetchError

BOT = "github-actions[bot]"
_TIMEOUT_SECONDS = 30
_PAGE = 100  # entries; GitHub gives no more at once
_MAX_PAGES = 30  # of the files of a pull request GitHub lists 3,000


class RefusedError(FetchError):
    """An answer of GitHub that is an error: 403 where the token lacks a right, 404, 422 for what it cannot do."""

    def __init__(self, where: str, status: int, what: str) -> None:
        self.status = status
        super().__init__(where, f"GitHub answers {status}: {what}", "look at the job's permissions")


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository ("owner/name") at one API, with a token."""

    api_url: str
    repository: str
    token: str = field(repr=False)

    def get(self, path: str, **query: str) -> Any:
        """What lies at `path`, below the repository. Raises RefusedError, and FetchError without an answer."""
        return json.loads(self._ask("GET", f"{path}?{urlencode(query)}" if query else path))

    def get_all(self, path: str, **query: str) -> Iterator[Any]:
        """Every entry of a list that comes in pages. Raises as `get`."""
        for number in range(1, _MAX_PAGES + 1):
            entries = self.get(path, per_page=str(_PAGE), page=str(number), **query)
            yield from entries
            if len(entries) < _PAGE:
                return

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """GitHub's answer to a change; None where it has none. Raises as `get`."""
        answer = self._ask(method, path, json.dumps(body or {}).encode())
        return json.loads(answer) if answer else None

    def download(self, path: str, max_bytes: int) -> bytes:
        """A file of at most `max_bytes`. Raises as `get`, and FetchError where it is larger."""
        data = self._ask("GET", path, max_bytes=max_bytes + 1)
        if len(data) > max_bytes:
            raise FetchError(path, f"it has over {max_bytes:,} bytes", "a branch may hand over less")
        return data

    def _ask(self, method: str, path: str, body: bytes | None = None, max_bytes: int = -1) -> bytes:
        request = Request(f"{self.api_url}/repos/{self.repository}{path}", data=body, method=method)  # noqa: S310
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        # An artefact is at another host, to which the request is redirected: the token stays here.
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 (the address is GitHub's own)
                data: bytes = answer.read(max_bytes)
                return data
        except HTTPError as error:
            raise RefusedError(f"{method} {path}", error.code, _message(error)) from error
        except (URLError, OSError) as error:
            raise FetchError(f"{method} {path}", f"GitHub does not answer: {error}", "run the job again") from error


def _message(error: HTTPError) -> str:
    """What GitHub says is wrong: the message, and those of `errors`."""
    try:
        answer = json.loads(error.read(10_000))
        details = [
            each.get("message", "") if isinstance(each, dict) else str(each) for each in answer.get("errors", ())
        ]
        return "; ".join(filter(None, [str(answer.get("message", "")), *details]))
    except (ValueError, AttributeError, TypeError, OSError):
        return error.reason
