"""The form by which readers join the list, with the field names that the email service really reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.settings import NewsletterSettings

# The email field and fixed fields of each service's embedded form. Ghost has none: its sign-up runs as a script.
_FORMS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "brevo": ("EMAIL", (("locale", "en"), ("html_type", "simple"))),
    "buttondown": ("email", (("embed", "1"),)),
    "kit": ("email_address", ()),
    "listmonk": ("email", (("nonce", ""),)),
    "mailchimp": ("EMAIL", ()),
    "mailerlite": ("fields[email]", (("ml-submit", "1"), ("anticsrf", "true"))),
}


@dataclass(frozen=True, slots=True)
class SignupForm:
    """A form that posts to `action`: the name of the email field, and hidden fields with their values."""

    action: str
    email_field: str
    hidden: tuple[tuple[str, str], ...]
    note: str


def signup_form(settings: NewsletterSettings) -> SignupForm | None:
    """The sign-up form, or None where no service keeps a list: a form that goes nowhere must not be shown."""
    if not settings.action or settings.service == "ghost":
        return None
    email_field, fixed = _FORMS.get(settings.service, (settings.field, ()))
    hidden = {**dict(fixed), **settings.fields}
    return SignupForm(settings.action, email_field, tuple(hidden.items()), settings.note)
