"""One edition of the newsletter: from its file in content/newsletter/ to whatever an inbox or an email service takes.

Edition → Letter (every text and URL an email shows) → Email (HTML, plain text) → message, fragments, exports. All of
that is pure. `delivery` and `push` alone talk to a network, over a connection or client that is handed to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.urls import edition_href

if TYPE_CHECKING:
    import jinja2

    from insights.library import Library
    from insights.model import Edition
    from insights.settings import Publication

__all__ = ["render_edition"]


def render_edition(
    edition: Edition, library: Library, publication: Publication, templates: jinja2.Environment | None = None
) -> tuple[tuple[str, bytes], ...]:
    """The files of one edition: site-relative path and bytes, by path. The web page itself is the theme's.

    `email.html`, `email.txt` and `email.eml` are ready to send, `fragments/` holds each block to paste alone, and
    `exports/` the email as each service takes it. `library` is what readers may see: no drafts.
    """
    # Imported when there is an edition to render: most builds only ask for the sign-up form.
    from insights.newsletter.exports import SERVICES, render_export
    from insights.newsletter.letter import compose_letter
    from insights.newsletter.message import build_message
    from insights.newsletter.rendering import email_templates, render_email

    letter = compose_letter(edition, library, publication)
    email = render_email(letter, templates or email_templates())
    unsubscribe = letter.unsubscribe_url()
    files = {
        "email.html": email.html_for(unsubscribe),
        "email.txt": email.text_for(unsubscribe),
        "email.eml": build_message(email, letter, edition.date).decode("ascii"),
    }
    for name, html in email.fragments(unsubscribe):
        files[f"fragments/{name}.html"] = html
    for service in SERVICES.values():
        export = render_export(email, letter, service)
        files[f"exports/{service.name}.html"] = export.html
        files[f"exports/{service.name}.txt"] = export.text
    folder = edition_href(edition.number)
    return tuple((f"{folder}{name}", text.encode()) for name, text in sorted(files.items()))
