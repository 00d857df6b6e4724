"""Reads a web page into an Extract: the article's body as canonical Markdown, and what the page states about it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document, Element

from insights.errors import SourceError
from insights.model import Extract, Source
from insights.readers.boilerplate import remove_boilerplate, same_title
from insights.readers.decode import decode
from insights.readers.dialects import say_in_html
from insights.readers.dom import link_density, text_of
from insights.readers.google_docs import is_google_doc, restore_structure
from insights.readers.inline_pictures import put_back, set_aside
from insights.readers.limits import LIMITS, Limits
from insights.readers.markdown_writer import to_markdown
from insights.readers.metadata import Metadata, read_metadata
from insights.readers.proof import MAX_PROVED, shown_words
from insights.readers.pruning import prune
from insights.readers.selection import STRICTNESS, select_article
from insights.readers.shadow_trees import declared_as_templates, lay_flat
from insights.readers.stated_body import SHOWN, stated_article
from insights.readers.teasers import remove_teasers
from insights.readers.tidy import tidy
from insights.readers.word_pages import is_word_page, restore_word

ENOUGH = 500
"""The characters beside its links below which an article is looked for again with fewer rules."""
FAR_MORE = 3
"""How many times as much of it what fewer rules find must have: else that is the page's, beside a short article."""


def read_html(source: Source, limits: Limits = LIMITS) -> Extract:
    """The article of a page, its links absolute against the page's address, its title not in its body.

    Raises SourceError where the source is empty, binary, too large, or holds no text.
    """
    page, pictures = set_aside(decode(source, limits))
    text = declared_as_templates(page)
    document = turbohtml.parse(text, positions=False)
    _refuse_giants(document, source.name, limits)
    lay_flat(document)
    say_in_html(document)
    is_whole = True
    if is_google_doc(document):
        restore_structure(document)
    elif is_word_page(document):
        restore_word(document)
    else:
        is_whole = False
    metadata = read_metadata(document, source.url, text)
    base_url = document.base_url(source.url or metadata.canonical or "") or None
    article = (whole_article if is_whole else partial(find_article, text))(document, metadata, limits)
    shown = shown_words(article) if len(article.text) <= MAX_PROVED else ""
    body = put_back(to_markdown(article, base_url), pictures)
    if not body:
        raise SourceError(source.name, "the page holds no text", "save the page from a browser that has shown it")
    return replace(extract_of(body, metadata), shown=shown)


def extract_of(body: str, metadata: Metadata) -> Extract:
    """The Extract of a body and of what its page states."""
    return Extract(
        body=body,
        title=metadata.title,
        description=metadata.description,
        authors=metadata.authors,
        published=metadata.published,
        updated=metadata.updated,
        topic=metadata.topic,
        tags=metadata.tags,
        canonical=metadata.canonical,
        language=metadata.language,
        image=metadata.image,
        evidence=metadata.evidence,
    )


def find_article(text: str, document: Document, metadata: Metadata, limits: Limits) -> Element:
    """The article's element, cut out and cleaned; `text` is parsed again where a first look finds little."""
    title = metadata.title or ""
    best, best_said, best_length = Element("div"), 0.0, 0
    for strictness in STRICTNESS:
        body = document.select_one("body")
        if body is None:
            break
        tidy(body, limits.max_depth)
        article = select_article(body, title, strictness)
        prune(article, strictness)
        length = len(text_of(article))
        said = length * (1 - link_density(article, length))
        if said > FAR_MORE * best_said or (length and not best_length):
            best, best_said, best_length = article, said, length
        if best_said >= ENOUGH:
            break
        document = turbohtml.parse(text, positions=False)
        lay_flat(document)
        say_in_html(document)
    if best_length < SHOWN and (stated := stated_article(text)) is not None:
        tidy(stated, limits.max_depth)
        best = stated
    remove_teasers(best, _host_of(metadata.canonical))
    remove_boilerplate(best, title, metadata.authors, metadata.description or "")
    return best


def _host_of(address: str | None) -> str | None:
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else None


def whole_article(document: Document, metadata: Metadata, limits: Limits) -> Element:
    """The whole body of a page that is nothing but its article, without its title."""
    body = document.select_one("body") or Element("body")
    tidy(body, limits.max_depth)
    heading = body.select_one("h1")
    if heading is not None and same_title(metadata.title or "", heading.text):
        heading.extract()
    return body


def _refuse_giants(document: Document, name: str, limits: Limits) -> None:
    """Raises SourceError where a page has more elements or text than any article."""
    elements = sum(1 for _ in document.iter_elements())
    characters = len(document.text)
    for count, limit, what in (
        (elements, limits.max_elements, "elements"),
        (characters, limits.max_characters, "characters of text"),
    ):
        if count > limit:
            text = f"the page has {count:,} {what}, more than the limit of {limit:,}"
            raise SourceError(name, text, "split the page, or raise the limit")
