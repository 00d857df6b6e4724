"""Clean HTML → canonical Markdown, as Python-Markdown with our extensions reads it.

ATX headings from `##` without gaps, `-` bullets, lists nested by four spaces, fenced code, one line a paragraph.
Python-Markdown differs from CommonMark in what ends a list or nests one; the forms written here are those that it
reads back as the same tree (tests/cases/readers/convert proves each).
"""

from __future__ import annotations

import re

from turbohtml import Element, Node, Text, parse

from insights.readers.code_language import language_of
from insights.readers.dom import BLOCKS, HEADINGS, LISTS, ancestors_of, child_elements, text_of
from insights.readers.escaping import code_block, escape_line_starts
from insights.readers.inline import BREAK, CAPTION, Writing, embed_markdown, inline_markdown
from insights.readers.list_items import checkbox_of, indented, is_nested_list, item_text, start_of
from insights.readers.notes import collect_notes
from insights.readers.table_writer import inline_html, table_markdown

SEPARATOR = "<!-- -->"
"""Stands between two lists or quotes that Python-Markdown would join."""
MAX_HEADING = 6
LINKED_BLOCKS = "h1,h2,h3,h4,h5,h6,p,div,li,dt,dd,td,th"
IMAGE_LINE = re.compile(r"\[?!\[[^\n]*$")


def html_to_markdown(html: str, base_url: str | None = None) -> str:
    """The canonical Markdown of an HTML fragment or page; links and images absolute against `base_url`."""
    document = parse(html, positions=False)
    body = document.select_one("body")
    return to_markdown(body, base_url) if body is not None else ""


def to_markdown(root: Element, base_url: str | None = None, linked: frozenset[str] = frozenset()) -> str:
    """The canonical Markdown of what is inside an element, ending in a line break; "" where there is nothing.

    Takes note lists out of the tree: they come back as footnotes. `linked` are ids to keep, since other pages lead to
    them; those that the element itself links to are kept anyway.
    """
    notes, definitions = collect_notes(root)
    hrefs = linked | {(link.attr("href") or "")[1:] for link in root.select("a[href^='#']")} - {""}
    targets = {e.attr("id") for e in root.select("h1[id],h2[id],h3[id],h4[id],h5[id],h6[id],p[id],li[id]")} & hrefs
    kept = frozenset(target for target in targets if target and re.fullmatch(r"[\w.:-]+", target))
    writing = Writing(base_url, notes, kept, root.select_one("del,s,strike") is not None)
    writer = _Writer(writing, _heading_levels(root))
    blocks = writer.blocks(root)
    for number, definition in definitions.items():
        inside = writer.blocks(definition)
        if inside:
            blocks.append(f"[^{number}]: " + indented("\n\n".join(inside)).lstrip())
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _heading_levels(root: Element) -> dict[Element, int]:
    """The level of each heading: the page's levels close up from 2, and none lies more than one below the last.

    An `h1` that comes first and is the only one names the page once more: its sections do not lie below it.
    """
    headings = [h for h in root.select("h1,h2,h3,h4,h5,h6") if h.text.strip()]
    tags = [h.tag for h in headings]
    if tags[:1] == ["h1"] and tags.count("h1") == 1 and len(tags) > 1:
        tags[0] = min(tags[1:])
    ranks = {tag: rank for rank, tag in enumerate(sorted(set(tags)), start=2)} | {"h1": 2}
    levels: dict[Element, int] = {}
    last = 1
    for heading in headings:
        last = min(ranks[heading.tag], last + 1, MAX_HEADING)
        levels[heading] = last
    return levels


class _Writer:
    """Writes blocks; holds what is true for the whole document."""

    def __init__(self, writing: Writing, levels: dict[Element, int]) -> None:
        self.writing = writing
        self.levels = levels

    def blocks(self, parent: Element) -> list[str]:
        """The Markdown blocks of an element's content, runs of inline nodes as paragraphs."""
        blocks: list[str] = []
        run: list[Node] = []
        last_kind = ""
        for node in parent.children:
            if isinstance(node, Element) and _is_block(node):
                if run and (paragraph := self._paragraph(run)):
                    blocks.append(paragraph)
                    last_kind = "p"
                run = []
                if node.tag == "figcaption":
                    shown = [blocks.pop()] if blocks and IMAGE_LINE.match(blocks[-1]) else []
                    written = self._captioned(node, shown, [node] if node.text.strip() else [])
                else:
                    written = self._block(node)
                kind = _kind(node)
                if written and kind and kind == last_kind:
                    blocks.append(SEPARATOR)
                blocks.extend(written)
                last_kind = kind if written else last_kind
            else:
                run.append(node)
        if run and (paragraph := self._paragraph(run)):
            blocks.append(paragraph)
        return blocks

    def _paragraph(self, nodes: list[Node], marks: frozenset[str] = frozenset()) -> str:
        if all(isinstance(node, Text) and not node.data.strip() for node in nodes):
            return ""
        return escape_line_starts(inline_markdown(nodes, self.writing, marks))

    def _block(self, element: Element) -> list[str]:  # noqa: PLR0911, PLR0912 - one line a tag
        tag = element.tag
        if tag in HEADINGS:
            return self._heading(element)
        if tag in LISTS or tag in ("menu", "dir"):
            return self._list(element)
        if tag == "pre":
            return self._code(element)
        if tag == "blockquote":
            inside = "\n\n".join(self.blocks(element))
            return ["\n".join(f"> {line}" if line else ">" for line in inside.split("\n"))] if inside else []
        if tag == "table":
            return self._table(element)
        if tag == "dl":
            return self._definitions(element)
        if tag == "figure":
            return self._figure(element)
        if tag == "hr":
            return ["---"]
        if tag in ("iframe", "video", "audio", "object", "embed"):
            return [embed] if (embed := embed_markdown(element, self.writing)) else []
        if tag == "p":
            return self._with_id(element, self.blocks(element))
        if tag in ("summary", "legend"):
            text = self._paragraph(list(element.children), frozenset({"strong"}))
            return [f"**{text}**"] if text else []
        if tag == "a":
            return self._block_link(element)
        if tag == "div" and element.has_class("admonition"):
            return self._admonition(element)
        return self.blocks(element)

    def _heading(self, heading: Element) -> list[str]:
        text = inline_markdown(list(heading.children), self.writing, frozenset()).replace("<br>\n", " ")
        if not text:
            return []
        if heading not in self.levels:
            return [text]
        text = re.sub(r"(?<!#)(#+)$", r"\\\1", text)
        anchor = heading.attr("id") or ""
        suffix = f" {{#{anchor}}}" if anchor in self.writing.targets else ""
        return [f"{'#' * self.levels[heading]} {text}{suffix}"]

    def _with_id(self, element: Element, blocks: list[str]) -> list[str]:
        anchor = element.attr("id") or ""
        if (
            len(blocks) == 1
            and anchor in self.writing.targets
            and not blocks[0].startswith(("|", "```", ">", "#", "- "))
        ):
            return [f"{blocks[0]}\n{{: #{anchor} }}"]
        return blocks

    def _list(self, listing: Element) -> list[str]:
        items = [
            child for child in child_elements(listing) if child.text.strip() or child.select_one("img,iframe,video,hr")
        ]
        number = start_of(listing) if listing.tag == "ol" else 0
        written = ""
        is_loose = False
        for child in items:
            blocks = self.blocks(child) if child.tag not in LISTS else [*self._list(child)]
            if not blocks:
                continue
            if written and is_nested_list(child):
                written += "\n" + indented("\n\n".join(blocks))
                continue
            marker = f"{number}. " if listing.tag == "ol" else "- "
            anchor = child.attr("id") or ""
            if (box := checkbox_of(child)) is not None:
                blocks[0] = f"[{'x' if 'checked' in box.attrs else ' '}] {blocks[0]}"
            if anchor in self.writing.targets:
                blocks[0] += f"\n{{: #{anchor} }}"
            text, item_is_loose = item_text(blocks)
            gap = "\n\n" if is_loose or item_is_loose else "\n"
            written += (gap if written else "") + marker + text
            is_loose = item_is_loose
            number += 1
        return [written] if written else []

    def _code(self, block: Element) -> list[str]:
        for line_break in block.select("br"):
            line_break.replace_with(Text("\n"))
        text = block.text
        return [code_block(text, language_of(block))] if text.strip() else []

    def _table(self, table: Element) -> list[str]:
        written = table_markdown(table, self.writing)
        if written is not None:
            return [written] if written else []
        blocks: list[str] = []
        for cell in table.select("caption,td,th"):
            if cell.closest("table") is table:
                blocks.extend(self.blocks(cell))
        return blocks

    def _definitions(self, listing: Element) -> list[str]:
        groups: list[str] = []
        for child in listing.select("dt,dd"):
            if child.tag == "dt":
                if text := self._paragraph(list(child.children)).replace("<br>\n", " "):
                    groups.append(text)
                continue
            inside = "\n\n".join(self.blocks(child))
            if inside and groups:
                gap = "\n\n" if "\n\n" in groups[-1] else "\n"  # else a paragraph before reads as a term
                groups[-1] += f"{gap}:   {indented(inside).lstrip()}"
            elif inside:
                groups.append(inside)
        return groups

    def _figure(self, figure: Element) -> list[str]:
        """What a figure shows, with its caption."""
        captions = [caption for caption in figure.select("figcaption") if caption.extract() and caption.text.strip()]
        return self._captioned(figure, self.blocks(figure), captions)

    def _captioned(self, place: Element, blocks: list[str], captions: list[Element]) -> list[str]:
        """Blocks and their caption: Material's form of it, or an italic line where raw HTML would not be read."""
        if not captions:
            return blocks
        holds_images = all(IMAGE_LINE.match(block) for block in blocks)
        if holds_images and not any(a.tag in ("li", "blockquote", "dd") for a in ancestors_of(place)):
            text = " ".join(inline_html(caption, self.writing) for caption in captions)
            return ["\n".join(['<figure markdown="span">', *blocks, f"<figcaption>{text}</figcaption>", "</figure>"])]
        marks = CAPTION if blocks else frozenset[str]()
        texts = [self._paragraph(_unblocked(caption), marks).replace(BREAK, " ") for caption in captions]
        return [*blocks, *(f"*{text}*" if blocks else text for text in texts if text)]

    def _admonition(self, element: Element) -> list[str]:
        """A call-out as Python-Markdown's `!!! kind "Title"`."""
        kinds = [name for name in (element.attr("class") or "").split() if name != "admonition"]
        title = next((child for child in child_elements(element) if child.has_class("admonition-title")), None)
        label = ""
        if title is not None:
            label = text_of(title).replace('"', "'")
            title.extract()
        inside = "\n\n".join(self.blocks(element))
        kind = kinds[0] if kinds and re.fullmatch(r"[\w-]+", kinds[0]) else "note"
        head = f"!!! {kind}" + (f' "{label}"' if label and label.lower() != kind else "")
        if not inside:
            return [f"**{escape_line_starts(label)}**"] if label else []
        return [f"{head}\n\n{indented(inside)}"]

    def _block_link(self, link: Element) -> list[str]:
        """A link around blocks: the link goes inside those that hold no others, and around pictures beside them."""
        href = link.attr("href") or ""
        for inner in link.select(LINKED_BLOCKS):
            is_leaf = not any(each.tag in BLOCKS for each in inner.iter_elements() if each is not inner)
            if is_leaf and (inner.text.strip() or inner.select_one("img") is not None):
                inner.wrap_children(Element("a", {"href": href}))
        for image in link.select("img"):
            if image.closest("a") is link:
                image.wrap(Element("a", {"href": href}))
        return self.blocks(link)


def _unblocked(caption: Element) -> list[Node]:
    """The inline nodes of a caption, its paragraphs set apart by breaks."""
    nodes: list[Node] = []
    for child in caption.children:
        if isinstance(child, Element) and _is_block(child):
            nodes += [Element("br"), *_unblocked(child)]
        else:
            nodes.append(child)
    return nodes


def _is_block(element: Element) -> bool:
    if element.tag in BLOCKS or element.tag in ("iframe", "video", "legend", "hgroup"):
        return True
    if element.tag in ("br", "img", "code"):
        return False
    return any(child.tag in BLOCKS for child in element.iter_elements()) if len(element) else False


def _kind(element: Element) -> str:
    """What Python-Markdown would join with another of its kind; "" for what stands alone."""
    if element.tag in LISTS:
        return "list"
    return element.tag if element.tag in ("blockquote", "dl") else ""
