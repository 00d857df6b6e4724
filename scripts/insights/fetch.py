"""The only network access: pages fetched politely (robots.txt, a pause per host, conditional requests) and safely.

No request leaves for an address that is not public: each name is resolved here, every address it resolves to is
checked, and the connection goes to the address that was checked, on every redirect anew.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from insights.errors import FetchError
from insights.store import write_output
from insights.text import is_web, slugify

_AGENT = "Insights/1 (+a publication's ingest)"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits of fetching: seconds, bytes and redirects for a page; seconds between two requests to one host.

    `open_networks` are private networks that may be asked all the same, as "127.0.0.0/8" for a preview server.
    """

    timeout_seconds: float = 20
    max_seconds: float = 60
    max_bytes: int = 64 * 1024 * 1024
    max_redirects: int = 5
    pause_seconds: float = 1
    open_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as the server gave it: `url` is the address after redirects, `retrieved` when this copy was made."""

    url: str
    data: bytes
    media_type: str
    retrieved: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's status (RFC 9110 §15), and for how many seconds it asks to be left alone (§10.2.3)."""

    status: int
    reason: str
    retry_after: float | None = None


@dataclass(slots=True)
class Fetcher:
    """Fetches pages, remembering robots.txt and the last request of each host, and copies in `cache_dir`.

    Offline, the copies are all there is: nothing is asked for.
    """

    policy: FetchPolicy
    cache_dir: Path
    is_offline: bool = False
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str) -> Fetched:
        """The page at an address; the cached copy where the server says that it is still the same.

        Raises FetchError where the address is private or no web address, robots.txt forbids it, it is too large or too
        slow, or the server answers with an error; offline, where no copy is kept.
        """
        _require_web(url)
        copy = self._read_copy(url)
        if self.is_offline:
            if copy is None:
                raise FetchError(url, "no copy of it is kept", "fetch it once, without --offline")
            return copy[0]
        self._check_robots(url)
        headers = {}
        if copy:
            _, validators = copy
            headers = {
                name: value
                for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
                if (value := validators.get(key))
            }
        final, response, data = self._get(url, headers)
        if response.status_code == httpx.codes.NOT_MODIFIED and copy:
            return copy[0]
        if response.status_code != httpx.codes.OK:
            reason = f"the server answers {response.status_code} {response.reason_phrase}"
            raise FetchError(url, reason, "check the address in a browser")
        media_type = response.headers.get("content-type", "")
        fetched = Fetched(final, data, media_type, datetime.now(UTC).replace(microsecond=0))
        self.keep(url, fetched, response.headers)
        return fetched

    def probe(self, url: str) -> Answer:
        """How the server answers for an address, after redirects; the page itself is not read.

        Raises FetchError as `fetch` does, but for answers that are errors.
        """
        self._check_robots(url)
        _, response, _ = self._get(url, {}, is_read=False)
        wait = response.headers.get("retry-after", "")
        return Answer(response.status_code, response.reason_phrase, float(wait) if wait.isdecimal() else None)

    def _get(self, url: str, headers: dict[str, str], is_read: bool = True) -> tuple[str, httpx.Response, bytes]:
        """The address after redirects, the response, and its body, empty where it is not read."""
        seen = [url]
        with httpx.Client(transport=_CheckedTransport(self.policy), headers={"User-Agent": _AGENT}) as client:
            while True:
                address = seen[-1]
                self._wait_for(address)
                with _errors_of(address), client.stream("GET", address, headers=headers) as response:
                    if not response.has_redirect_location:
                        return address, response, self._body(address, response) if is_read else b""
                    target = urljoin(address, response.headers["location"])
                if len(seen) > self.policy.max_redirects or target in seen:
                    raise FetchError(
                        url, f"it redirects over {self.policy.max_redirects} times", "give the final address"
                    )
                _require_web(target)
                if urlsplit(target).netloc != urlsplit(address).netloc:
                    self._check_robots(target)
                seen.append(target)

    def _body(self, url: str, response: httpx.Response) -> bytes:
        deadline = time.monotonic() + self.policy.max_seconds
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self.policy.max_bytes:
                raise FetchError(
                    url, f"it has over {self.policy.max_bytes:,} bytes", "save the page, and ingest the file"
                )
            if time.monotonic() > deadline:
                raise FetchError(url, f"it takes over {self.policy.max_seconds:g} seconds", "try again later")
            chunks.append(chunk)
        return b"".join(chunks)

    def _check_robots(self, url: str) -> None:
        _require_web(url)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        if not self._robots[origin].can_fetch("Insights", url):
            raise FetchError(url, "the site's robots.txt does not allow it", "ask its owner, or save the page yourself")

    def _read_robots(self, origin: str) -> RobotFileParser:
        """RFC 9309 §2.3.1: no robots.txt (4xx) allows everything; an unreachable one (5xx) allows nothing."""
        client = httpx.Client(transport=_CheckedTransport(self.policy), headers={"User-Agent": _AGENT})
        with client, _errors_of(origin):
            answer = client.get(f"{origin}/robots.txt", follow_redirects=True)
        rules = RobotFileParser()
        if answer.is_success:
            rules.parse(answer.text[:500_000].splitlines())
        else:
            rules.parse(["User-agent: *", "Disallow: /"] if answer.is_server_error else [])
        return rules

    def _wait_for(self, url: str) -> None:
        host = urlsplit(url).netloc
        wait = self._last.get(host, -1e9) + self.policy.pause_seconds - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._last[host] = time.monotonic()

    def _copy_paths(self, url: str) -> tuple[Path, Path]:
        parts = urlsplit(url)
        digest = hashlib.sha256(url.encode()).hexdigest()
        name = f"{slugify(f'{parts.hostname} {parts.path}')}-{digest[:16]}"
        return self.cache_dir / f"{name}.json", self.cache_dir / f"{name}.bin"

    def _read_copy(self, url: str) -> tuple[Fetched, dict[str, str]] | None:
        """The cached copy and its validators; None where there is none, or it is torn or foreign."""
        head, body = self._copy_paths(url)
        try:
            record = json.loads(head.read_bytes())
            data = body.read_bytes()
            if record["hash"] != hashlib.sha256(data).hexdigest():
                return None
            moment = datetime.fromisoformat(record["retrieved"])
            return Fetched(record["url"], data, record["media_type"], moment), record["validators"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, url: str, fetched: Fetched, headers: Mapping[str, str]) -> None:
        """Keeps a copy of what an address gave, with what the server calls this version of it."""
        head, body = self._copy_paths(url)
        record = {
            "url": fetched.url,
            "media_type": fetched.media_type,
            "retrieved": fetched.retrieved.isoformat(),
            "hash": hashlib.sha256(fetched.data).hexdigest(),
            "validators": {name: headers[name] for name in ("etag", "last-modified") if name in headers},
        }
        write_output(body, fetched.data)
        write_output(head, json.dumps(record).encode())


def _require_web(url: str) -> None:
    if not is_web(url):
        raise FetchError(url, "it is no web address", "give an address that begins with https://")


@contextmanager
def _errors_of(url: str) -> Iterator[None]:
    """Turns what the network raises into a FetchError that names the address."""
    try:
        yield
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise FetchError(url, "the server does not answer in time", "try again later") from error
    except (httpx.HTTPError, httpcore.ProtocolError, httpcore.NetworkError, ssl.SSLError) as error:
        raise FetchError(url, f"it cannot be reached: {error}", "check the address and the connection") from error
    except (httpx.InvalidURL, ValueError) as error:  # a port, a host's letters, or where it is redirected to
        raise FetchError(url, f"it is no web address: {error}", "check the address") from error


class _CheckedTransport(httpx.BaseTransport):
    """httpx over a pool that connects to checked addresses only."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._timeout = policy.timeout_seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_CheckedBackend(policy)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions={"timeout": limits})
        )
        stream = answer.stream
        assert isinstance(stream, Iterable)  # noqa: S101 (a synchronous pool gives no other)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(stream), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to the address it has checked, so that a name cannot resolve to another one in between."""

    def __init__(self, policy: FetchPolicy) -> None:
        super().__init__()
        self._open = tuple(ipaddress.ip_network(network) for network in policy.open_networks)

    def connect_tcp(self, host: str, port: int, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise FetchError(host, "the name does not resolve", "check the address") from error
        addresses = sorted({str(entry[4][0]) for entry in found}, key=lambda address: (":" in address, address))
        for address in addresses:
            self._require_public(host, ipaddress.ip_address(address.partition("%")[0]))
        return super().connect_tcp(addresses[0], port, *arguments, **options)

    def _require_public(self, host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
        if any(inner in network for network in self._open if network.version == inner.version):
            return
        if not inner.is_global or inner.is_multicast:
            raise FetchError(host, f"it is at a private address ({address})", "fetch public pages only")
