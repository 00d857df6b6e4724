"""Drafts created at email services: a local server answers as each service's documentation says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from insights.newsletter.api import Account
from insights.newsletter.delivery import DeliveryError
from insights.newsletter.letter import compose_letter
from insights.newsletter.providers import PROVIDERS, Draft
from insights.newsletter.push import Pushed, compose_draft, push_draft, read_account
from insights.newsletter.rendering import email_templates, render_email
from insights.store import read_library, read_publication

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
NAME = "ol-and-wasser-newsletter-2"
GHOST_KEY = "6748592f4b9b:00ff10"


@dataclass
class Fault:
    """What the server does instead, once, to the first request of this method whose path ends so.

    A silent one does what it is asked and says nothing, until the client has hung up.
    """

    method: str
    path_end: str
    status: int = 0
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False


class Service:
    """The four services in one: what was asked, what drafts there are, and the faults to come."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], Any]] = []
        self.drafts: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault] = []
        self.is_silent = threading.Event()

    def answer(self, method: str, url: str, body: Any) -> tuple[int, Any]:  # noqa: PLR0911 (one for each request)
        """The documented answer, by path."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match method, parts.path.rstrip("/").split("/")[1:]:
            case "GET", ["bd", "emails"]:
                assert query["status"] == "draft"
                return 200, {"results": list(self.drafts.values()), "next": None, "count": len(self.drafts)}
            case "POST", ["bd", "emails"]:
                assert body["status"] == "draft"
                return 201, self._add(body)
            case "GET", ["lm", "campaigns"]:
                return 200, {"data": {"results": list(self.drafts.values()) or None}}
            case "POST", ["lm", "campaigns"]:
                return 200, {"data": self._add(body)}
            case "GET", ["mc", "campaigns"]:
                return 200, {"campaigns": list(self.drafts.values())}
            case "POST", ["mc", "campaigns"]:
                return 200, self._add(body)
            case "GET", ["mc", "campaigns", number, "content"]:
                return 200, {"html": self.drafts[number].get("html", "")}
            case "PUT", ["mc", "campaigns", number, "content"]:
                self.drafts[number] |= body
                return 200, {"html": body["html"]}
            case "DELETE", ["mc", "campaigns", number]:
                del self.drafts[number]
                return 204, None
            case "GET", ["gh", "posts"]:
                wanted = query["filter"].removeprefix("slug:")
                return 200, {"posts": [draft for draft in self.drafts.values() if draft["slug"] == wanted]}
            case "POST", ["gh", "posts"]:
                assert query["source"] == "html"
                return 201, {"posts": [self._add(body["posts"][0])]}
        return 404, {"message": "no such place"}

    def _add(self, body: dict[str, Any]) -> dict[str, Any]:
        number = str(len(self.requests))
        self.drafts[number] = {**body, "id": number}
        return self.drafts[number]


@contextmanager
def serve(service: Service) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(data) if data else None
            service.requests.append((self.command, self.path, dict(self.headers), body))
            path = urlsplit(self.path).path.rstrip("/")
            faults = [each for each in service.faults if each.method == self.command and path.endswith(each.path_end)]
            fault = faults[0] if faults else None
            if fault:
                service.faults.remove(fault)
            status, answer = (
                (fault.status, fault.body)
                if fault and not fault.is_silent
                else service.answer(self.command, self.path, body)
            )
            if fault and fault.is_silent:
                service.is_silent.set()
                self.connection.recv(1)
                self.close_connection = True
                return
            payload = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in (fault.headers if fault else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 (the names that http.server calls)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


ACCOUNTS = {
    "buttondown": ("bd", Account("buttondown", "", "key")),
    "ghost": ("gh", Account("ghost", "", GHOST_KEY)),
    "listmonk": ("lm", Account("listmonk", "", "token", "api", "1,4")),
    "mailchimp": ("mc", Account("mailchimp", "", "key-us1", audience="abc")),
}
CREATE = {"buttondown": "emails", "ghost": "posts", "listmonk": "campaigns", "mailchimp": "campaigns"}
EVERY = pytest.mark.parametrize("name", list(PROVIDERS))


@cache
def draft_for(name: str) -> Draft:
    library, _ = read_library(CASE)
    publication = read_publication(CASE)
    letter = compose_letter(next(each for each in library.editions if each.number == 2), library, publication)
    return compose_draft(render_email(letter, email_templates()), letter, name)


@pytest.mark.parametrize("name", ["buttondown", "listmonk", "mailchimp", "ghost"])
def test_a_subject_about_placeholders_is_no_placeholder_to_the_service(name: str) -> None:
    library, publication = read_library(CASE)[0], read_publication(CASE)
    edition = next(each for each in library.editions if each.number == 2)
    edition = replace(edition, subject="What {{ .Name }} and *|FNAME|* cost", preheader="{% if %} {$name}")
    letter = compose_letter(edition, library, publication)
    draft = compose_draft(render_email(letter, email_templates()), letter, name)
    if name == "ghost":  # it fills in nothing
        assert draft.subject == edition.subject
    else:
        assert draft.subject == "What { { .Name }} and * |FNAME|* cost"
        assert draft.preheader == "{ % if %} { $name}"


def push(
    name: str, base: str, pauses: list[float] | None = None, audience: str | None = None, impatient_of: str = ""
) -> Pushed:
    """Pushes the edition; to requests of the method `impatient_of` an answer is awaited for half a second only."""
    folder, account = ACCOUNTS[name]
    account = Account(name, f"{base}/{folder}", account.key, account.user, audience or account.audience)

    def hurry(request: httpx.Request) -> None:
        if request.method == impatient_of:
            request.extensions["timeout"]["read"] = 0.5

    with httpx.Client(timeout=60, event_hooks={"request": [hurry]}) as client:
        waited = pauses if pauses is not None else []
        return push_draft(draft_for(name), account, client, waited.append, 1_700_000_000)


@pytest.fixture
def service() -> Service:
    return Service()


@EVERY
def test_push_creates_one_draft_with_subject_and_html(name: str, service: Service) -> None:
    with serve(service) as base:
        pushed = push(name, base)
    assert not pushed.was_there
    assert list(service.drafts) == [pushed.id]
    stored = json.dumps(service.drafts[pushed.id], ensure_ascii=False)
    assert "Templates, queues & other things" in stored
    assert NAME in stored
    assert "<table" in stored
    assert "lists.example.org" not in stored


@EVERY
def test_second_push_finds_the_draft_and_creates_none(name: str, service: Service) -> None:
    with serve(service) as base:
        first = push(name, base)
        second = push(name, base)
    assert second.was_there
    assert second.id == first.id
    assert len(service.drafts) == 1


@EVERY
def test_lost_answer_is_explained_and_the_retry_creates_no_second_draft(name: str, service: Service) -> None:
    service.faults = [Fault("POST", CREATE[name], is_silent=True)]
    with serve(service) as base:
        with pytest.raises(DeliveryError, match="no answer"):
            push(name, base, impatient_of="POST")
        assert service.is_silent.wait(60)
        assert len(service.drafts) == 1
        push(name, base)
    assert len(service.drafts) == 1
    assert "<table" in json.dumps(service.drafts)


@EVERY
def test_wrong_key_is_named_and_nothing_is_created(name: str, service: Service) -> None:
    service.faults = [Fault("GET", CREATE[name], 401, {"detail": "Invalid token."})]
    with serve(service) as base, pytest.raises(DeliveryError, match=r"does not accept the key \(401: Invalid token"):
        push(name, base)
    assert not service.drafts


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("buttondown", {"code": "subject_invalid", "detail": "The subject is missing"}),
        ("ghost", {"errors": [{"message": "Validation error", "context": "The subject is missing"}]}),
        ("listmonk", {"message": "The subject is missing"}),
        ("mailchimp", {"title": "Invalid Resource", "status": 422, "detail": "The subject is missing"}),
    ],
)
def test_refusal_is_told_in_the_services_own_words(name: str, body: object, service: Service) -> None:
    service.faults = [Fault("POST", CREATE[name], 422, body)]
    with serve(service) as base, pytest.raises(DeliveryError, match=r"\(422: The subject is missing\)"):
        push(name, base)
    assert not service.drafts


@EVERY
def test_rate_limit_is_waited_for_as_long_as_the_service_says(name: str, service: Service) -> None:
    pauses: list[float] = []
    service.faults = [Fault("POST", CREATE[name], 429, {"detail": "slow"}, {"Retry-After": "7"})]
    with serve(service) as base:
        push(name, base, pauses)
    assert pauses == [7.0]
    assert len(service.drafts) == 1


def test_rate_limit_that_lasts_too_long_is_reported_with_its_time(service: Service) -> None:
    pauses: list[float] = []
    service.faults = [Fault("GET", "emails", 429, {"detail": "slow"}, {"Retry-After": "900"})]
    with serve(service) as base, pytest.raises(DeliveryError, match="try again in 900 seconds"):
        push("buttondown", base, pauses)
    assert pauses == []


def test_rate_limit_that_does_not_end_is_given_up(service: Service) -> None:
    pauses: list[float] = []
    service.faults = [Fault("GET", "emails", 429, {}, {"Retry-After": "1"}) for _ in range(5)]
    with serve(service) as base, pytest.raises(DeliveryError, match="no more requests"):
        push("buttondown", base, pauses)
    assert pauses == [1.0, 1.0]


def test_mailchimp_campaign_is_removed_when_its_content_is_refused(service: Service) -> None:
    service.faults = [Fault("PUT", "content", 400, {"detail": "Bad HTML"})]
    with serve(service) as base, pytest.raises(DeliveryError, match="Bad HTML"):
        push("mailchimp", base)
    assert not service.drafts


def test_mailchimp_campaign_that_stayed_empty_is_replaced_by_the_next_push(service: Service) -> None:
    service.faults = [Fault("PUT", "content", 500, {"detail": "oops"}), Fault("DELETE", "", 503, {"detail": "down"})]
    with serve(service) as base:
        with pytest.raises(DeliveryError, match="could not be removed"):
            push("mailchimp", base)
        push("mailchimp", base)
    assert [bool(draft.get("html")) for draft in service.drafts.values()] == [True]


@pytest.mark.parametrize("body", [[], {"data": None}, {"results": 3}, "a page", None])
@EVERY
def test_answer_of_another_form_than_documented_is_reported(name: str, body: object, service: Service) -> None:
    service.faults = [Fault("GET", CREATE[name], 200, body)]
    with serve(service) as base, pytest.raises(DeliveryError, match="check the address"):
        push(name, base)


def test_address_that_is_none_is_reported() -> None:
    with pytest.raises(DeliveryError, match="check the address"):
        push("listmonk", "http://127.0.0.1:port")


def test_key_with_letters_that_no_key_has_is_named() -> None:
    with pytest.raises(DeliveryError, match="BUTTONDOWN_API_KEY has letters"):
        read_account("buttondown", {"BUTTONDOWN_API_KEY": "ключ"})


def test_service_that_is_not_there_is_reported() -> None:
    with pytest.raises(DeliveryError, match="failed"):
        push("listmonk", "http://127.0.0.1:9")


def test_ghost_is_shown_a_token_signed_with_the_keys_secret(service: Service) -> None:
    with serve(service) as base:
        push("ghost", base)
    scheme, _, token = service.requests[0][2]["Authorization"].partition(" ")
    header, claims, signature = token.split(".")
    padded = (part + "=" * (-len(part) % 4) for part in (header, claims, signature))
    head, claim, signed = (base64.urlsafe_b64decode(part) for part in padded)
    assert scheme == "Ghost"
    assert json.loads(head) == {"alg": "HS256", "kid": "6748592f4b9b", "typ": "JWT"}
    assert json.loads(claim) == {"iat": 1_700_000_000, "exp": 1_700_000_300, "aud": "/admin/"}
    assert signed == hmac.new(bytes.fromhex("00ff10"), f"{header}.{claims}".encode(), hashlib.sha256).digest()


def test_listmonk_lists_must_be_numbers(service: Service) -> None:
    with serve(service) as base, pytest.raises(DeliveryError, match="no list numbers"):
        push("listmonk", base, audience="main")


@EVERY
def test_missing_key_is_named(name: str) -> None:
    with pytest.raises(DeliveryError, match=f"environment variable {name.upper()}_"):
        read_account(name, {})


def test_mailchimp_address_is_read_from_the_key() -> None:
    account = read_account("mailchimp", {"MAILCHIMP_API_KEY": "0a1b-us19", "MAILCHIMP_AUDIENCE": "x"})
    assert account.url == "https://us19.api.mailchimp.com/3.0"
