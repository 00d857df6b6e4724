"""How to create a draft at each email service, as its documentation says; a new one is a class and a line in PROVIDERS.

Each asks first whether the edition's draft is there already, by a name that only this edition has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from insights.newsletter.api import Account, Api
from insights.newsletter.delivery import DeliveryError


@dataclass(frozen=True, slots=True)
class Draft:
    """What every service is told of an edition. `name` is the same whenever this edition is pushed."""

    name: str
    subject: str
    preheader: str
    html: str
    text: str
    sender: str
    web_url: str


class Provider(Protocol):
    """How to talk to one service."""

    def find(self, draft: Draft) -> str | None:
        """The id of the draft that this edition has there already."""

    def create(self, draft: Draft) -> str:
        """The id of the new draft; whole, or not there."""


class _Buttondown:
    """docs.buttondown.com: POST /emails with status "draft"; since version 2025-06-01 GET /emails lists drafts too."""

    def __init__(self, api: Api, account: Account, _now_seconds: int) -> None:
        self._api = api
        self._headers = {"Authorization": f"Token {account.key}", "X-API-Version": "2025-06-01"}

    def find(self, draft: Draft) -> str | None:
        page = 1
        while True:
            found = self._api.call("GET", "/emails", self._headers, status="draft", page=str(page))
            for email in found["results"]:
                if email.get("slug") == draft.name:
                    return str(email["id"])
            if not found.get("next"):
                return None
            page += 1

    def create(self, draft: Draft) -> str:
        body = {
            "subject": draft.subject,
            "body": draft.html,
            "status": "draft",
            "slug": draft.name,
            "description": draft.preheader,
            "canonical_url": draft.web_url,
        }
        return str(self._api.call("POST", "/emails", self._headers, body)["id"])


class _Listmonk:
    """listmonk.app/docs/apis/campaigns: a new campaign is a draft until its status changes."""

    def __init__(self, api: Api, account: Account, _now_seconds: int) -> None:
        self._api = api
        self._headers = {"Authorization": f"token {account.user}:{account.key}"}
        try:
            self._lists = [int(number) for number in account.audience.split(",")]
        except ValueError as error:
            fix = "write the lists' numbers: LISTMONK_LISTS=1,4"
            raise DeliveryError("listmonk", f"{account.audience!r} are no list numbers", fix) from error

    def find(self, draft: Draft) -> str | None:
        found = self._api.call("GET", "/campaigns", self._headers, status="draft", query=draft.name, per_page="all")
        campaigns = found["data"]["results"] or ()
        return next((str(campaign["id"]) for campaign in campaigns if campaign["name"] == draft.name), None)

    def create(self, draft: Draft) -> str:
        body = {
            "name": draft.name,
            "subject": draft.subject,
            "lists": self._lists,
            "type": "regular",
            "content_type": "html",
            "body": draft.html,
            "altbody": draft.text,
            "messenger": "email",
        }
        return str(self._api.call("POST", "/campaigns", self._headers, body)["data"]["id"])


class _Mailchimp:
    """mailchimp.com/developer/marketing/api/campaigns: a campaign, then its content in a request of its own."""

    def __init__(self, api: Api, account: Account, _now_seconds: int) -> None:
        self._api = api
        self._audience = account.audience
        basic = base64.b64encode(f"insights:{account.key}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}

    def find(self, draft: Draft) -> str | None:
        fields = "campaigns.id,campaigns.settings.title"
        found = self._api.call("GET", "/campaigns", self._headers, status="save", count="1000", fields=fields)
        named = (campaign for campaign in found["campaigns"] if campaign["settings"].get("title") == draft.name)
        for campaign in named:
            content = self._api.call("GET", f"/campaigns/{campaign['id']}/content", self._headers, fields="html")
            if content.get("html"):
                return str(campaign["id"])
            # An earlier push was stopped between its two requests.
            self._remove(str(campaign["id"]))
        return None

    def create(self, draft: Draft) -> str:
        name, _, address = draft.sender.rpartition("<")
        settings = {
            "title": draft.name,
            "subject_line": draft.subject,
            "preview_text": draft.preheader,
            "from_name": name.strip(' "'),
            "reply_to": address.rstrip(">"),
        }
        body = {"type": "regular", "recipients": {"list_id": self._audience}, "settings": settings}
        campaign = str(self._api.call("POST", "/campaigns", self._headers, body)["id"])
        content = {"html": draft.html, "plain_text": draft.text}
        try:
            self._api.call("PUT", f"/campaigns/{campaign}/content", self._headers, content)
        except DeliveryError:
            self._remove(campaign)
            raise
        return campaign

    def _remove(self, campaign: str) -> None:
        try:
            self._api.call("DELETE", f"/campaigns/{campaign}", self._headers)
        except DeliveryError as error:
            what = f"the draft {campaign} is without content and could not be removed: {error.what}"
            raise DeliveryError("mailchimp", what, "push again: it is removed first") from error


class _Ghost:
    """ghost.org/docs/admin-api: a post with status "draft"; `source=html` takes HTML, the card keeps it as it is."""

    def __init__(self, api: Api, account: Account, now_seconds: int) -> None:
        self._api = api
        self._headers = {"Authorization": f"Ghost {_ghost_token(account.key, now_seconds)}", "Accept-Version": "v5.0"}

    def find(self, draft: Draft) -> str | None:
        wanted = f"slug:{draft.name}"
        found = self._api.call("GET", "/posts/", self._headers, filter=wanted, fields="id,slug", limit="1")
        return next((str(post["id"]) for post in found["posts"]), None)

    def create(self, draft: Draft) -> str:
        post = {
            "title": draft.subject,
            "slug": draft.name,
            "html": draft.html,
            "custom_excerpt": draft.preheader,
            "canonical_url": draft.web_url,
            "status": "draft",
        }
        answer = self._api.call("POST", "/posts/", self._headers, {"posts": [post]}, source="html")
        return str(answer["posts"][0]["id"])


PROVIDERS: Mapping[str, Callable[[Api, Account, int], Provider]] = {
    "buttondown": _Buttondown,
    "ghost": _Ghost,
    "listmonk": _Listmonk,
    "mailchimp": _Mailchimp,
}


def _ghost_token(key: str, now_seconds: int) -> str:
    """A JSON Web Token (RFC 7519) as the Admin API asks for: HS256, at most five minutes, for "/admin/"."""
    name, _, secret = key.partition(":")
    header = {"alg": "HS256", "kid": name, "typ": "JWT"}
    claims = {"iat": now_seconds, "exp": now_seconds + 300, "aud": "/admin/"}
    signed = b".".join(_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    try:
        signature = hmac.new(bytes.fromhex(secret), signed, hashlib.sha256).digest()
    except ValueError as error:
        fix = "copy the Admin API key of a custom integration: <id>:<secret>"
        raise DeliveryError("ghost", "the key in GHOST_ADMIN_API_KEY is no Admin API key", fix) from error
    return b".".join((signed, _base64url(signature))).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
