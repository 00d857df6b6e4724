"""A letter laid out: the templates filled, CSS inlined, articles shortened until the HTML is small enough.

Templates are the files beside this module; a publication replaces one by a file of the same name in
overrides/newsletter/.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import jinja2
from css_inline import CSSInliner

from insights.errors import RenderError

if TYPE_CHECKING:
    from pathlib import Path

    from insights.newsletter.letter import Letter

# Gmail hides what follows the first 102 KB of HTML; services add their own links and pixels to ours.
MAX_HTML_BYTES = 90_000

# Stand in the rendered email for what differs by reader or service. ".invalid" names nothing (RFC 2606 §2).
_UNSUBSCRIBE = "https://unsubscribe.invalid/"
_ADDRESS = "postal-address.invalid"

# Fills the preview line after a short preheader, so that no mail program goes on with the masthead.
_PREHEADER_PADDING = "\u034f\u00a0\u200c" * 60
_MESSAGE = "<!--message-->"
_MARK = re.compile(r"<!--/?block[^<>]*-->")
_BLOCK = re.compile(r"<!--block ([a-z0-9-]+)-->((?:(?!<!--block ).)*?)<!--/block-->", re.DOTALL)
_COLUMNS = 72


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered letter, before anyone's unsubscribe link is in it; `summarised` are the slugs that were too long."""

    subject: str
    postal_address: str
    summarised: tuple[str, ...]
    _html: str
    _text: str

    def html_for(self, unsubscribe: str, postal_address: str | None = None, message: str = "") -> str:
        """The HTML document with this unsubscribe link and postal address (default: the publication's own).

        `message` is HTML that stands behind the introduction, where a service has its own text to put in.
        """
        html = _MARK.sub("", self._html).replace(f"{_MESSAGE}\n", f"{message}\n" if message else "")
        return self._fill_html(html, unsubscribe, postal_address)

    def text_for(self, unsubscribe: str, postal_address: str | None = None) -> str:
        """The plain text with this unsubscribe link and postal address."""
        address = self.postal_address if postal_address is None else postal_address
        return self._text.replace(_UNSUBSCRIBE, unsubscribe).replace(_ADDRESS, address)

    def fragments(self, unsubscribe: str, postal_address: str | None = None) -> tuple[tuple[str, str], ...]:
        """Each block's name and inlined HTML, in order: header, intro, lead, card-1 …, footer."""
        return tuple(
            (name, self._fill_html(html.strip() + "\n", unsubscribe, postal_address))
            for name, html in _BLOCK.findall(self._html)
        )

    def _fill_html(self, html: str, unsubscribe: str, postal_address: str | None) -> str:
        address = self.postal_address if postal_address is None else postal_address
        return html.replace(_UNSUBSCRIBE, escape(unsubscribe)).replace(_ADDRESS, escape(address))


@cache
def email_templates(overrides: Path | None = None) -> jinja2.Environment:
    """The templates of the email; a file of the same name in `overrides` takes the place of one of ours."""
    loaders: list[jinja2.BaseLoader] = [jinja2.PackageLoader("insights.newsletter")]
    if overrides is not None:
        loaders.insert(0, jinja2.FileSystemLoader(overrides))
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=jinja2.select_autoescape(("html.j2",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrap"] = _wrap
    environment.filters["link"] = lambda url: f"<{url}>"
    return environment


def render_email(letter: Letter, templates: jinja2.Environment) -> Email:
    """The letter as HTML of at most 90 KB, and as plain text.

    Where it would be larger, stories from the last one on are told by their summaries. Raises RenderError if a
    template is missing or faulty.
    """
    whole = [story.slug for story in letter.stories if story.html]
    kept = len(letter.stories)
    html = _render_html(letter, templates)
    while len(html.encode()) > MAX_HTML_BYTES and any(story.html for story in letter.stories):
        kept = _count_fitting(html, kept)
        letter = letter.summarised(kept)
        html = _render_html(letter, templates)
    text = _fill_template("email.txt.j2", letter, templates)
    still_whole = {story.slug for story in letter.stories if story.html}
    return Email(
        subject=letter.subject,
        postal_address=letter.postal_address,
        summarised=tuple(slug for slug in whole if slug not in still_whole),
        _html=html,
        _text=text,
    )


def _render_html(letter: Letter, templates: jinja2.Environment) -> str:
    html = _fill_template("email.html.j2", letter, templates)
    html = re.sub(r"\n{2,}", "\n", _inliner(_read(templates, "inlined.css")).inline(html))
    return html if html.endswith("\n") else f"{html}\n"


def _count_fitting(html: str, kept: int) -> int:
    """How many of the first `kept` stories may stay whole at most, by the sizes of their blocks."""
    excess = len(html.encode()) - MAX_HTML_BYTES
    sizes = [len(block.encode()) for name, block in _BLOCK.findall(html) if name == "lead" or name.startswith("card-")]
    while excess > 0 and kept > 0:
        kept -= 1
        excess -= sizes[kept] if kept < len(sizes) else 0
    return kept


def _fill_template(name: str, letter: Letter, templates: jinja2.Environment) -> str:
    try:
        return templates.get_template(name).render(
            letter=letter, unsubscribe=_UNSUBSCRIBE, postal_address=_ADDRESS, padding=_PREHEADER_PADDING
        )
    except jinja2.TemplateError as error:
        fix = "compare it with the template of that name that comes with insights"
        raise RenderError(f"newsletter template {name}", str(error), fix) from error


def _read(templates: jinja2.Environment, name: str) -> str:
    return templates.get_template(name).render()


@cache
def _inliner(css: str) -> CSSInliner:
    """Writes `css` into style attributes; the document's own <style> stays as it is."""
    return CSSInliner(extra_css=css, inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False)


def _wrap(text: str) -> str:
    return textwrap.fill(text, _COLUMNS, break_long_words=False, break_on_hyphens=False)
