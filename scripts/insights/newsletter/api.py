"""JSON over HTTP as email services speak it: refusals explained, a "slow down" waited for.

The HTTP client and the waiting are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from insights.newsletter.delivery import DeliveryError

_MAX_TRIES = 3
_MAX_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Account:
    """Where a service is, and who we are there. `audience` is the list, where the service has several."""

    service: str
    url: str
    key: str
    user: str = ""
    audience: str = ""


class Api:
    """Requests to one account's service."""

    def __init__(self, account: Account, client: httpx.Client, pause: Callable[[float], None]) -> None:
        self._account = account
        self._client = client
        self._pause = pause

    def call(self, method: str, path: str, headers: Mapping[str, str], body: object = None, **query: str) -> Any:
        """The JSON of the answer; None for one without a body. Raises DeliveryError."""
        service = self._account.service
        for attempt in range(1, _MAX_TRIES + 1):
            try:
                answer = self._client.request(
                    method, f"{self._account.url}{path}", headers=dict(headers), json=body, params=query or None
                )
            except httpx.TimeoutException as error:
                fix = "run the command again: it looks for the draft before it creates one"
                raise DeliveryError(service, f"no answer to {method} {path} in time", fix) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise DeliveryError(service, f"{method} {path} failed: {error}", "check the address") from error
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS or attempt == _MAX_TRIES:
                break
            wait = _retry_after(answer)
            if wait > _MAX_WAIT_SECONDS:
                break
            self._pause(wait)
        if answer.is_success:
            try:
                return answer.json() if answer.content else None
            except ValueError as error:
                what = f"its answer to {method} {path} is no JSON"
                raise DeliveryError(service, what, "check the address") from error
        raise self._refusal(answer, f"{method} {path}")

    def _refusal(self, answer: httpx.Response, request: str) -> DeliveryError:
        service, code = self._account.service, answer.status_code
        reason = _explain(answer)
        if code in (401, 403):
            return DeliveryError(
                service, f"it does not accept the key ({code}: {reason})", "check the key and its rights"
            )
        if code == httpx.codes.TOO_MANY_REQUESTS:
            fix = f"try again in {_retry_after(answer):.0f} seconds"
            return DeliveryError(service, f"it takes no more requests for now ({code}: {reason})", fix)
        if code >= 500:
            return DeliveryError(service, f"{request} failed there ({code}: {reason})", "try again later")
        return DeliveryError(service, f"it refuses {request} ({code}: {reason})", "mend what it names, and push again")


def _retry_after(answer: httpx.Response) -> float:
    """How long the service asks us to wait, in seconds; a date or nothing counts as ten (RFC 9110 §10.2.3)."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 10.0


def _explain(answer: httpx.Response) -> str:
    """The service's own words, wherever its errors hold them."""
    try:
        body = answer.json()
    except ValueError:
        return answer.reason_phrase
    if isinstance(body, dict):
        errors = body.get("errors")
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        for part in (body.get("detail"), body.get("message"), first.get("context"), first.get("message")):
            if isinstance(part, str) and part:
                return part
    return answer.reason_phrase
