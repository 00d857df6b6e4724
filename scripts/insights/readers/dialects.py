"""Says in plain HTML what widely used systems say in elements and classes of their own.

WAI-ARIA's headings and rules, AMP's pictures and players, captions of WordPress, Blogger and Adobe, call-outs of
GitHub, Confluence and Docusaurus, lists and cards of Notion and Ghost, notes of Substack. Every later stage then knows
one way for each.
Changes the tree in place, where it finds the marks of such a system and nothing else.
"""

from __future__ import annotations

import re

from turbohtml import Document, Element, Text

from insights.readers.dom import LISTS, child_elements, element_before, is_blank, is_inside, parent_of, text_of
from insights.readers.list_items import start_of

_AMP_PICTURES = "amp-img,amp-anim"
_AMP_PLAYERS = {
    "amp-youtube": "https://www.youtube.com/embed/{}",
    "amp-vimeo": "https://player.vimeo.com/video/{}",
    "amp-dailymotion": "https://www.dailymotion.com/embed/video/{}",
}
_AMP_FRAMES = {"amp-iframe": "iframe", "amp-video": "video", "amp-audio": "audio"}
_AMP_FURNITURE = (
    "amp-ad,amp-embed,amp-sticky-ad,amp-auto-ads,amp-sidebar,amp-social-share,amp-consent,amp-user-notification"
)
_CAPTIONS = (
    ".wp-caption-text,.cmp-image__title,.field-imagecaption,.image__source,.media__caption,"
    "div > img ~ [class*=caption i]"
)
_CALLOUTS = ".markdown-alert,.confluence-information-macro,.theme-admonition"
_CALLOUT_KIND = re.compile(
    r"(?:markdown-alert|confluence-information-macro|theme-admonition)-"
    r"(note|tip|important|warning|caution|danger|info|success|information)\b"
)
_CALLOUT_HEADS = ".markdown-alert-title,[class*=admonitionHeading],.confluence-information-macro > .title"
_HEADING_LINKS = ",".join(f"h{level} a[href]" for level in range(1, 7))
MOST_CREDITS, MAX_CREDIT = 500, 60
MOST_TABS, MIN_PANEL = 50, 50
"""How many tabs are looked at, and the characters of prose; less is what a product's box says of its parts."""
_CARDS = "figure.kg-bookmark-card > a[href],figure > a.bookmark[href]"
_CARD_TITLES = ".kg-bookmark-title,.bookmark-title"
_FURNITURE = (
    ".kg-callout-emoji,figure.callout .icon,.page-header-icon,.confluence-information-macro-icon,"
    "table[aria-labelledby=folders-and-files],.mw-editsection,.vector-page-toolbar,.jp-InputPrompt,.jp-OutputPrompt,a.headerlink"
)
"""Ornaments, GitHub's list of files, what MediaWiki offers to edit, a notebook's prompts, Sphinx's permalinks."""
_ONE_ITEM_LISTS = "ul.bulleted-list,ul.to-do-list"
"""Notion exports each item as a list of its own."""
_NUMBERED_NOTES = "div.footnote > a.footnote-number[id]"


def say_in_html(document: Document) -> None:
    """Rewrites what is said in a system's own way, in a page just parsed."""
    _name_headings(document)
    _remove_permalinks(document)
    _say_amp(document)
    _set_captions(document)
    _attribute_quotes(document)
    _name_wiki_page(document)
    _frame_callouts(document)
    _join_lists(document)
    for tabs in document.select("article [role=tablist],main [role=tablist]")[:MOST_TABS]:
        _unfold_tabs(tabs)
    for card in document.select(_CARDS):
        _shorten_card(card)
    document.remove(_FURNITURE)
    for unveiled in document.select("#js_content[style]"):
        unveiled.attrs.pop("style")  # WeChat hides an article until its script has run
    for placeholder in document.select("a:not([href]):not([id]):not([name])"):
        placeholder.tag = "span"  # no link (HTML, the a element)
    for number in document.select(_NUMBERED_NOTES):
        note = parent_of(number)
        if note is not None:
            note.attrs["id"] = number.attr("id") or ""
            number.extract()


def _remove_permalinks(document: Document) -> None:
    """Removes the "#" or "¶" with which a heading links to itself."""
    for link in document.select(_HEADING_LINKS):
        text, href = link.text.strip(), link.attr("href") or ""
        if "#" in href and (text == href or not any(char.isalnum() for char in text)) and not link.select("img"):
            link.extract()


def _name_headings(document: Document) -> None:
    """Headings and rules by their roles (WAI-ARIA 1.2, heading, separator)."""
    for heading in document.select("div[role=heading],span[role=heading],p[role=heading]"):
        level = heading.attr("aria-level") or "2"
        heading.tag = f"h{min(int(level), 6)}" if level.isdigit() and level != "0" else "h2"
    for rule in document.select("div[role=separator]"):
        if not rule.text.strip():
            rule.tag = "hr"


def _say_amp(document: Document) -> None:
    """AMP's elements by the names that HTML has for them (amp.dev, components)."""
    root = document.root
    if root is None or not ("amp" in root.attrs or "⚡" in root.attrs):
        return
    document.remove(_AMP_FURNITURE)
    for picture in document.select(_AMP_PICTURES):
        for child in picture.children:
            child.extract()
        picture.tag = "img"
    for name, address in _AMP_PLAYERS.items():
        for player in document.select(f"{name}[data-videoid]"):
            player.replace_with(Element("iframe", {"src": address.format(player.attr("data-videoid"))}))
    for name, tag in _AMP_FRAMES.items():
        for frame in document.select(f"{name}[src]"):
            frame.tag = tag


def _set_captions(document: Document) -> None:
    """Pictures with a caption beside them as figures; Blogger's are tables of two rows."""
    for caption in document.select(_CAPTIONS):
        around = parent_of(caption)
        is_box = around is not None and around.tag in ("div", "figure", "span", "dl") and not caption.select("img")
        if around is not None and is_box and around.select_one("img") is not None and not is_inside(around, LISTS):
            around.tag, caption.tag = "figure", "figcaption"
    for credit in document.select("figure img ~ span")[:MOST_CREDITS]:
        _move_credit(credit)
    for table in document.select("table.tr-caption-container"):
        picture, words = table.select_one("a[href] img,img"), table.select_one(".tr-caption")
        if picture is None or words is None:
            continue
        link = picture.closest("a")
        words.tag = "figcaption"
        shown = [link if link is not None else picture, words]
        for node in [*shown, *table.children]:
            node.extract()
        table.tag = "figure"
        for node in shown:
            table.append(node)


def _move_credit(credit: Element) -> None:
    """Moves whose picture it is from beside the picture into its caption."""
    figure = credit.closest("figure")
    if figure is None or credit.closest("figcaption") is not None or not 0 < len(credit.text.strip()) < MAX_CREDIT:
        return
    caption = figure.select_one("figcaption")
    if caption is None:
        credit.tag = "figcaption"
    else:
        caption.append(Text(" "))
        caption.append(credit)


def _attribute_quotes(document: Document) -> None:
    """Who is quoted inside the quotation, as its last paragraph (HTML, the blockquote element, attribution)."""
    for words in document.select("figure > figcaption"):
        figure = parent_of(words)
        quote = element_before(words)
        if figure is not None and quote is not None and quote.tag == "blockquote" and not figure.select("img,video"):
            words.tag = "p"
            quote.append(words)


def _name_wiki_page(document: Document) -> None:
    """The title of a page that Confluence exports, without its space ("Shop : Tea")."""
    shown, trail = document.select_one("#title-text"), document.select_one("#breadcrumbs a")
    if shown is None or trail is None:
        return
    for title in [shown, *document.select("title")]:
        space, colon, rest = text_of(title).partition(" : ")
        if colon and space == text_of(trail):
            title.set_text(rest)


def _frame_callouts(document: Document) -> None:
    """Call-outs as `div.admonition` with a title, which the writer knows."""
    for box in document.select(_CALLOUTS):
        kind = _CALLOUT_KIND.search(box.attr("class") or "")
        head = box.select_one(_CALLOUT_HEADS)
        if kind is None or head is None:
            continue
        box.tag, head.tag = "div", "p"
        box.attrs["class"] = f"admonition {kind[1]}"
        head.attrs["class"] = "admonition-title"
        box.insert(0, head)


def _join_lists(document: Document) -> None:
    """Lists that a system cuts into pieces as one, and what it draws as a box to tick as one."""
    for box in document.select("li > div.checkbox"):
        _make_box(box, is_ticked=box.has_class("checkbox-on"))
    tasks = document.select("ul.inline-task-list > li")
    boxes = [Element("input") for _ in tasks]  # all at once: made and placed one by one, they would have one hash
    for item, box in zip(tasks, boxes, strict=True):
        item.insert(0, box)
        _make_box(box, is_ticked=item.has_class("checked"))
    for toggle in document.select("ul.toggle > li > details"):
        listing = parent_of(parent_of(toggle) or toggle)
        if listing is not None and len(child_elements(listing)) == 1:
            listing.replace_with(toggle)
    lengths: dict[Element, int] = {}
    for listing in document.select(f"{_ONE_ITEM_LISTS},ol[start]"):
        before = _list_before(listing)
        if before is None:
            continue
        items = child_elements(listing)
        length = lengths.get(before) or len(child_elements(before))
        if _continues(listing, before, length):
            for item in items:
                before.append(item)
            listing.extract()
            lengths[before] = length + len(items)


def _make_box(box: Element, is_ticked: bool) -> None:
    """Makes an element the box of a task, as GitHub writes it."""
    box.tag = "input"
    for name, value in (("type", "checkbox"), ("disabled", ""), *((("checked", ""),) if is_ticked else ())):
        box.attrs[name] = value


def _unfold_tabs(tabs: Element) -> None:
    """The panels of tabs one below the other, each under its label (WAI-ARIA 1.2, tablist)."""
    around, labels = parent_of(tabs), tabs.select("[role=tab]")
    panels = around.select("[role=tabpanel]") if around is not None else []
    is_article = all(len(text_of(panel)) >= MIN_PANEL for panel in panels)
    if len(labels) != len(panels) or not is_article or tabs.select_one("[role=tabpanel]") is not None:
        return
    tabs.extract()
    for label, panel in zip(labels, panels, strict=True):
        for name in ("hidden", "aria-hidden", "style"):
            panel.attrs.pop(name, None)
        words = Element("strong")
        words.append(Text(text_of(label)))
        head = Element("p")
        head.append(words)
        panel.insert(0, head)


def _list_before(listing: Element) -> Element | None:
    """The list that ends where this one begins."""
    node = listing.previous_sibling
    while node is not None and is_blank(node):
        node = node.previous_sibling
    return node if isinstance(node, Element) and node.tag in LISTS else None


def _continues(listing: Element, before: Element, length: int) -> bool:
    """Whether a list goes on with one of `length` items: by its number, or by a name for lists of one item."""
    if listing.tag == "ol":
        return before.tag == "ol" and start_of(listing) == start_of(before) + length
    return listing.attr("class") == before.attr("class")


def _shorten_card(link: Element) -> None:
    """The card of another page as a paragraph that links to it by its title."""
    figure, title = parent_of(link), link.select_one(_CARD_TITLES)
    if figure is None or title is None or not text_of(title):
        return
    words = text_of(title)
    for node in [link, *figure.children, *link.children]:
        node.extract()
    link.append(Text(words))
    figure.append(link)
    figure.tag = "p"
    figure.attrs.pop("class", None)
