"""Substack: reads the zip of Settings → Exports: `posts.csv`, and a page of HTML for each post."""

from __future__ import annotations

import json
from html import escape

import turbohtml
from turbohtml import Element, Text

from insights.moving.entry import INSIDE, Entry, Export, left_out
from insights.moving.files import Files
from insights.moving.marks import Marks
from insights.moving.rows import row_in, rows, table_in, text_in
from insights.readers.dates import parse_date
from insights.readers.dom import text_of
from insights.text import slugify

_HOSTS = (
    "substackcdn.com",
    "cdn.substack.com",
    "substack-post-media.s3.amazonaws.com",
    "bucketeer-e05bbc84-baa3-437e-9518-adb32be77984.s3.amazonaws.com",
)
_FORMS = (
    ".subscription-widget-wrap,.subscription-widget-wrap-editor,.subscription-widget,.captioned-button-wrap,"
    ".button-wrapper[data-attrs*='subscribe'],.button-wrapper[data-attrs*='share'],.button-wrapper[data-attrs*='/comments'],"
    ".button-wrapper[data-attrs*='%%']"
)


def recognises(files: Files) -> bool:
    """Whether there is a `posts.csv` with Substack's columns."""
    path = _index(files)
    return path is not None and b"post_id" in files.read(path)[:300]


def read(files: Files, site_url: str = "") -> Export:
    """The posts that the index lists; those for paying readers, and those never published, come as drafts."""
    site = (site_url or INSIDE).rstrip("/")
    pages = {path.rpartition("/")[2].removesuffix(".html"): path for path in files.ending(".html")}
    path = _index(files) or "posts.csv"
    entries: list[Entry] = []
    paid: list[str] = []
    lacking: list[str] = []
    head, *posts = table_in(files, path) or [[]]
    for row in (dict(zip(head, post, strict=False)) for post in posts):
        number = row.get("post_id", "").strip()
        if number not in pages:
            lacking += [row.get("title") or number] if number else []  # an empty line is no post
            continue
        slug = number.partition(".")[2] or number
        url = f"{site}/p/{slug}"
        is_paid = row.get("audience") not in ("everyone", "", None)
        if is_paid:
            paid.append(row.get("title") or slug)
        entries.append(
            Entry(
                key=number,
                title=(row.get("title") or "").strip(),
                body=_sound(row.get("podcast_url") or "") + files.text(pages[number]),
                url=url,
                base=url,
                slug=slugify(slug),
                guid=url if site_url else None,
                published=parse_date(row.get("post_date") or ""),
                description=(row.get("subtitle") or "").strip(),
                is_draft=(row.get("is_published") or "").lower() != "true" or is_paid,
            )
        )
    others = [path for path in files.ending(".csv") if "subscribers" in path or "email_list" in path]
    found = {
        "lists of subscribers": others,
        "posts for paying readers: they come as drafts": paid,
        "posts whose text is not in the zip": lacking,
    }
    return Export("substack", site_url.rstrip("/"), tuple(entries), left_out=left_out(found), hosts=_HOSTS)


def clean(entry: Entry, marks: Marks) -> str:
    """The post's HTML without its forms, its embeds as links, its notes as notes."""
    document = turbohtml.parse(f"<body>{entry.body}</body>", positions=False)
    body = document.select_one("body") or Element("body")
    for form in body.select(_FORMS):
        if form.parent is not None:
            form.replace_with(Text(marks.drop("forms and buttons to subscribe, share or comment")))
    for embed in body.select("[data-attrs]"):
        if embed.parent is not None:
            _show_embed(embed, marks)
    _show_notes(body)
    for link in body.select("a.image-link"):  # to the picture itself, to see it large
        link.unwrap()
    body.remove("svg,button,.image-link-expand,.header-anchor-widget,.hide-text,.file-embed-thumbnail-default")
    return body.inner_html


def _sound(url: str) -> str:
    """A podcast's sound, which its page shows above the text."""
    return f'<audio src="{escape(url)}"></audio>' if url.startswith("http") else ""


def _index(files: Files) -> str | None:
    return next((path for path in files.ending("posts.csv")), None)


def _show_embed(embed: Element, marks: Marks) -> None:
    """What Substack's `data-attrs` describe, as a link to it; pictures and plain buttons show themselves."""
    try:
        fields = json.loads(embed.attr("data-attrs") or "")
    except ValueError:
        return
    if not isinstance(fields, dict) or embed.tag in ("img", "a") or embed.has_class("captioned-image-container"):
        return
    video = fields.get("videoId")
    formula = fields.get("persistentExpression")
    url = fields.get("canonical_url") or fields.get("url") or fields.get("href")
    title = fields.get("title") or fields.get("full_text") or ""
    if gallery := row_in(fields, "gallery"):
        figures = [f'<figure><img src="{escape(text_in(image, "src"))}"></figure>' for image in rows(gallery, "images")]
        html = "".join([*figures, f"<p><em>{escape(text_in(gallery, 'caption'))}</em></p>"])
    elif isinstance(formula, str):
        html = f'<pre><code class="language-math">{escape(formula)}</code></pre>'
    elif isinstance(video, str):
        address = "https://vimeo.com/" if "vimeo" in (embed.attr("class") or "") else "https://www.youtube.com/watch?v="
        html = _link(address + video, "")
    elif isinstance(url, str) and url.startswith("http"):
        html = _link(url, str(title))
    elif embed.text.strip() or embed.select("a,img"):
        return
    else:
        kind = (embed.attr("class") or "embed").split()[0]
        html = f"<p>{marks.keep(f'embed {kind}', embed.html)}</p>"
    embed.insert_adjacent_html("afterend", html)
    embed.extract()


def _link(url: str, text: str) -> str:
    return f'<p><a href="{escape(url)}">{escape(" ".join(text.split())[:120] or url)}</a></p>'


def _show_notes(body: Element) -> None:
    """Substack's footnotes as a raised reference and a list item each, as every other system writes them."""
    for anchor in body.select("a.footnote-anchor"):
        href = escape(anchor.attr("href") or "")
        anchor.insert_adjacent_html("afterend", f'<sup><a href="{href}">{escape(text_of(anchor))}</a></sup>')
        anchor.extract()
    for note in body.select(".footnote"):
        number, content = note.select_one(".footnote-number"), note.select_one(".footnote-content")
        if number is not None and content is not None:
            name = escape(number.attr("id") or "")
            note.insert_adjacent_html("afterend", f'<ol><li id="{name}">{content.inner_html}</li></ol>')
            note.extract()
