"""Creates a draft of an edition at an email service over its API; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.newsletter.api import Account, Api
from insights.newsletter.delivery import DeliveryError
from insights.newsletter.exports import SERVICES, line_for, render_export
from insights.newsletter.providers import PROVIDERS, Draft
from insights.text import slugify

if TYPE_CHECKING:
    import httpx

    from insights.newsletter.letter import Letter
    from insights.newsletter.rendering import Email


@dataclass(frozen=True, slots=True)
class Pushed:
    """The draft at the service: its id there, and whether it was there before."""

    service: str
    id: str
    was_there: bool


def compose_draft(email: Email, letter: Letter, service: str) -> Draft:
    """The edition as `service` takes it."""
    taker = SERVICES[service]
    export = render_export(email, letter, taker)
    return Draft(
        name=f"{slugify(letter.publication)}-newsletter-{letter.number}",
        subject=line_for(letter.subject, taker),
        preheader=line_for(letter.preheader, taker),
        html=export.html,
        text=export.text,
        sender=letter.sender,
        web_url=letter.web_url,
    )


def push_draft(
    draft: Draft, account: Account, client: httpx.Client, pause: Callable[[float], None], now_seconds: int
) -> Pushed:
    """The draft at the service, created unless it is there. Raises DeliveryError; then nothing half-made is left."""
    api = Api(account, client, pause)
    provider = PROVIDERS[account.service](api, account, now_seconds)
    try:
        found = provider.find(draft)
        return Pushed(account.service, found or provider.create(draft), found is not None)
    except (KeyError, IndexError, TypeError) as error:
        what = "it answers otherwise than its documentation says"
        raise DeliveryError(account.service, what, "check the address and the service's version") from error


def read_account(service: str, environment: Mapping[str, str]) -> Account:
    """The account that environment variables describe. Raises DeliveryError that names the first one missing."""

    def take(name: str) -> str:
        value = environment.get(name, "").strip()
        if value and not value.isascii():
            raise DeliveryError(service, f"{name} has letters that no key or address has", f"copy {name} once more")
        if value:
            return value
        raise DeliveryError(service, f"the environment variable {name} is not set", f"set {name}; never commit it")

    match service:
        case "buttondown":
            return Account(service, "https://api.buttondown.com/v1", take("BUTTONDOWN_API_KEY"))
        case "listmonk":
            user, key = take("LISTMONK_API_USER"), take("LISTMONK_API_TOKEN")
            return Account(service, f"{take('LISTMONK_URL').rstrip('/')}/api", key, user, take("LISTMONK_LISTS"))
        case "mailchimp":
            key = take("MAILCHIMP_API_KEY")
            # The part of the key behind the hyphen names the data centre, which is part of the host.
            url = f"https://{key.rpartition('-')[2]}.api.mailchimp.com/3.0"
            return Account(service, url, key, audience=take("MAILCHIMP_AUDIENCE"))
        case "ghost":
            return Account(service, f"{take('GHOST_URL').rstrip('/')}/ghost/api/admin", take("GHOST_ADMIN_API_KEY"))
        case _:
            known = ", ".join(PROVIDERS)
            raise DeliveryError(service, "insights knows no API of this service", f"push to one of: {known}")
