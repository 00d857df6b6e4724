"""A page that shows one email as readers will: on a desk, on a phone, in the dark, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

    from insights.newsletter.letter import Letter
    from insights.newsletter.rendering import Email


def render_preview(email: Email, letter: Letter, templates: jinja2.Environment) -> str:
    """The preview as one HTML file that needs no other."""
    html = email.html_for(letter.unsubscribe_url())
    # A frame cannot be told to prefer dark; its styles for the dark can be told to hold always.
    dark = html.replace("(prefers-color-scheme: dark)", "all")
    return templates.get_template("preview.html.j2").render(
        letter=letter, html=html, dark=dark, text=email.text_for(letter.unsubscribe_url()), bytes=len(html.encode())
    )
