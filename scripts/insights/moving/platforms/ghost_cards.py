"""Ghost's cards as plain HTML: from the HTML that Ghost renders (`kg-*` classes), and from a card's own fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape

from turbohtml import Element, Text

from insights.moving.marks import Marks
from insights.moving.rows import Row, plain_text, row_in, rows, text_in
from insights.readers.dom import text_of
from insights.readers.markdown import markdown_html

_FURNITURE = "button,svg,.kg-video-overlay,.kg-video-player-container,.kg-audio-player-container,.kg-audio-thumbnail"
_NOT_TEXT = ".kg-signup-card,.kg-email-card,.kg-email-cta-card"


def plain_cards(body: Element, marks: Marks) -> None:
    """Changes the tree: each card is what a reader would see of it; forms become marks."""
    for card in body.select(_NOT_TEXT):
        if card.parent is not None:
            card.replace_with(Text(marks.keep(f"card {_kind(card)}", card.html)))
    for card in body.select(".kg-bookmark-card"):
        _replace(card, _bookmark_html(card))
    for card in body.select(".kg-callout-card"):
        text = card.select_one(".kg-callout-text")
        _replace(card, callout(text.inner_html if text is not None else ""))
    for card in body.select(".kg-toggle-card"):
        heading, content = card.select_one(".kg-toggle-heading-text"), card.select_one(".kg-toggle-content")
        title = text_of(heading) if heading is not None else ""
        _replace(card, toggle(title, content.inner_html if content is not None else ""))
    for card in body.select(".kg-file-card,.kg-audio-card"):
        _replace(card, _file_html(card))
    for card in body.select(".kg-gallery-card"):
        pictures = "".join(f"<figure>{image.html}</figure>" for image in card.select("img"))
        caption = card.select_one("figcaption")
        note = f"<p><em>{caption.inner_html}</em></p>" if caption is not None else ""
        _replace(card, f"<div>{pictures}{note}</div>")
    for link in body.select("a[href*='#/portal']"):  # opens a form of Ghost's own
        link.replace_with(Text(marks.drop("links to subscribe or to pay")))
    body.remove(_FURNITURE)


def card_html(name: str, card: Row, marks: Marks) -> str:
    """The HTML of a card of Lexical or Mobiledoc; a card that we do not know is a mark."""
    show = _CARDS.get(name)
    if show is None:
        raw = json.dumps({"card": name, **card}, ensure_ascii=False)
        return f"<p>{marks.keep(f'card {name}', raw)}</p>"
    return show(card)


def callout(inner: str) -> str:
    """A call-out as an admonition."""
    return f'<div class="admonition note"><p>{inner}</p></div>'


def toggle(title: str, inner: str) -> str:
    """A section that folds, unfolded."""
    return f"<p><strong>{escape(title)}</strong></p>{inner}"


def _kind(card: Element) -> str:
    names = (card.attr("class") or "").split()
    return next((name.removeprefix("kg-").removesuffix("-card") for name in names if name != "kg-card"), "")


def _replace(card: Element, html: str) -> None:
    card.insert_adjacent_html("afterend", html)
    card.extract()


def _bookmark_html(card: Element) -> str:
    link, title = card.select_one("a[href]"), card.select_one(".kg-bookmark-title")
    text, caption = card.select_one(".kg-bookmark-description"), card.select_one("figcaption")
    url = (link.attr("href") or "") if link is not None else ""
    return _bookmark(
        url,
        text_of(title) if title is not None else "",
        text_of(text) if text is not None else "",
        caption.inner_html if caption is not None else "",
    )


def _bookmark(url: str, title: str, description: str, caption: str) -> str:
    more = f" – {escape(description)}" if description else ""
    note = f"<p><em>{caption}</em></p>" if caption else ""
    return f'<p><a href="{escape(url)}">{escape(title or url)}</a>{more}</p>{note}'


def _file_html(card: Element) -> str:
    link, player = card.select_one("a[href]"), card.select_one("audio[src],video[src]")
    title = card.select_one(".kg-file-card-title,.kg-audio-title")
    url = link.attr("href") if link is not None else player.attr("src") if player is not None else ""
    return _link(url or "", text_of(title) if title is not None else "")


def _link(url: str, text: str = "") -> str:
    return f'<p><a href="{escape(url)}">{escape(text or url)}</a></p>'


def _figure(card: Row) -> str:
    picture = f'<img src="{escape(text_in(card, "src"))}" alt="{escape(text_in(card, "alt"))}">'
    if text_in(card, "href"):
        picture = f'<a href="{escape(text_in(card, "href"))}">{picture}</a>'
    caption = text_in(card, "caption")
    return f"<figure>{picture}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _gallery(card: Row) -> str:
    caption = text_in(card, "caption")
    note = f"<p><em>{caption}</em></p>" if caption else ""
    return "".join(_figure(image) for image in rows(card, "images")) + note


def _code(card: Row) -> str:
    language = text_in(card, "language")
    mark = f' class="language-{escape(language)}"' if language else ""
    caption = text_in(card, "caption")
    note = f"<p><em>{caption}</em></p>" if caption else ""
    return f"<pre><code{mark}>{escape(str(card.get('code') or ''), quote=False)}</code></pre>{note}"


def _embed(card: Row) -> str:
    caption = text_in(card, "caption")
    return _link(text_in(card, "url")) + (f"<p><em>{caption}</em></p>" if caption else "")


def _bookmark_card(card: Row) -> str:
    meta = row_in(card, "metadata")
    return _bookmark(
        text_in(card, "url"), text_in(meta, "title"), text_in(meta, "description"), text_in(card, "caption")
    )


def _button(card: Row, text: str = "buttonText", url: str = "buttonUrl") -> str:
    return _link(text_in(card, url), text_in(card, text)) if text_in(card, url) else ""


def _header(card: Row) -> str:
    title, below = text_in(card, "header"), text_in(card, "subheader")
    return f"<h2>{title}</h2><p>{below}</p>{_button(card)}"


def _product(card: Row) -> str:
    src = text_in(card, "productImageSrc")
    picture = f'<img src="{escape(src)}" alt="">' if src else ""
    title, text = text_in(card, "productTitle"), text_in(card, "productDescription")
    return f"{picture}<p><strong>{title}</strong></p>{text}{_button(card, 'productButton', 'productUrl')}"


def _markdown(card: Row) -> str:
    return markdown_html(str(card.get("markdown") or ""))


_CARDS: Mapping[str, Callable[[Row], str]] = {
    "image": _figure,
    "gallery": _gallery,
    "html": lambda card: str(card.get("html") or ""),
    "markdown": _markdown,
    "card-markdown": _markdown,
    "code": _code,
    "codeblock": _code,
    "bookmark": _bookmark_card,
    "embed": _embed,
    "hr": lambda _card: "<hr>",
    "horizontalrule": lambda _card: "<hr>",
    "callout": lambda card: callout(text_in(card, "calloutText")),
    "toggle": lambda card: toggle(plain_text(text_in(card, "heading")), text_in(card, "content")),
    "button": _button,
    "video": lambda card: _link(text_in(card, "src"), plain_text(text_in(card, "caption"))),
    "audio": lambda card: _link(text_in(card, "src"), text_in(card, "title")),
    "file": lambda card: _link(text_in(card, "src"), text_in(card, "fileTitle")),
    "header": _header,
    "call-to-action": lambda card: text_in(card, "textValue") + _button(card),
    "product": _product,
    "paywall": lambda _card: "",
}
