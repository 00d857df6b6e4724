"""Rules over where links and pictures lead: articles, their headings, pages and files of content/."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from insights.check.collection import FOLDER, Collection, Sheet, asset_path, nearest_name
from insights.check.manuscript import Link
from insights.check.rules import START, Check, Mark, check
from insights.model import Image, Level
from insights.settings import FILE_NAME
from insights.text import nearest

_MAX_BYTES = 1_000_000
_MAX_WIDTH = 3_000  # pixels


@check("link-broken", "Links", Level.ERROR, bad="See [this](waiting-time.md).", good="See [this](waiting-times.md).")
def broken_link(collection: Collection) -> Iterator[Mark]:
    """A relative link names an article, page or file that exists."""
    for sheet, link, target in collection.inner_links:
        if not target or _exists(target, collection):
            continue
        folder, _, name = target.rpartition("/")
        written = link.href.partition("#")[0]
        close = nearest_name(name.removesuffix(".md"), collection.names.get(folder, ()))
        start = written.rpartition("/")[0] + "/" if "/" in written else ""
        fix = (
            f'use "{start}{close}.md"' if close else "mend the path; an article is linked by its file: other-article.md"
        )
        yield Mark(link.place, f'"{unquote(written)}" leads nowhere', fix, sheet.path)


@check("link-anchor", "Links", Level.WARNING, bad="See [this](#nowhere).", good="## Here\n\nSee [this](#here).")
def broken_anchor(collection: Collection) -> Iterator[Mark]:
    """A link to a heading names one that exists."""
    for sheet, link, target in collection.inner_links:
        if "#" not in link.href:
            continue
        anchor = unquote(link.href.partition("#")[2])
        if not anchor or anchor.startswith(("fn:", "fnref:")):
            continue
        slug = target.removeprefix(f"{FOLDER}/").removesuffix(".md")
        other = collection.by_slug.get(slug) if target.startswith(f"{FOLDER}/") else None
        other = sheet if not target and sheet.article else other  # a page has headings that the build makes
        if other and anchor not in other.anchors:
            close = nearest(anchor, other.anchors)
            fix = f'use "#{close}"' if close else "link to a heading that is there, or to the article"
            yield Mark(link.place, f'there is no heading "#{anchor}"', fix, sheet.path)


@check(
    "link-site", "Links", Level.WARNING, bad="menu: [{title: About, href: /about}]", good="{title: About, href: about/}"
)
def site_link(collection: Collection) -> Iterator[Mark]:
    """A link of the menu or the footer, in mkdocs.yml, leads to a page of the site, or elsewhere."""
    names = collection.names
    hubs = {folder for folder, stems in names.items() if "index" in stems} | names.get("", frozenset())
    for link in collection.site_links:
        page = link.href.partition("#")[0].partition("?")[0]
        name = page.strip("/")
        if ":" in page or "." in name:
            continue
        folder, _, last = name.rpartition("/")
        if name and name not in hubs and last not in names.get(folder, ()):
            close = nearest(name, hubs)
            fix = f'use "{close}/"' if close else f"begin content/{name}.md, or link to a page that is there"
            yield Mark(START, f'"{link.href}" leads nowhere', fix, FILE_NAME)
        elif page.startswith("/") or not page.endswith("/"):
            written = f"{name}/" if name else "./"
            yield Mark(START, f'"{link.href}" depends on where the site is', f'write "{written}"', FILE_NAME)


@check(
    "link-absolute",
    "Links",
    Level.WARNING,
    bad="See [this](/insights/waiting-times/).",
    good="See [this](waiting-times.md).",
)
def absolute_link(collection: Collection) -> Iterator[Mark]:
    """A link to an article of ours is its file's name: an address breaks in previews and when the site moves."""
    for sheet in collection.sheets:
        for link in sheet.links:
            if relative := relative_form(link.href, collection):
                yield Mark(link.place, f'"{link.href}" is one of our own pages', f'use "{relative}"', sheet.path)
            elif link.href.startswith("/") and not link.href.startswith("//"):
                message = f'"{link.href}" depends on where the site is'
                yield Mark(link.place, message, "link to the file: other-article.md, ../topics/a-topic.md", sheet.path)


@check("link-draft", "Links", Level.WARNING, bad="See [this](a-draft.md).", good="See [this](waiting-times.md).")
def draft_link(collection: Collection) -> Iterator[Mark]:
    """An article or page that readers see does not link to a draft."""
    for sheet, link, target in collection.inner_links:
        other = collection.by_slug.get(target.removeprefix(f"{FOLDER}/").removesuffix(".md"))
        is_draft = bool(target and other and other.article and other.article.is_draft)
        if is_draft and not (sheet.article and sheet.article.is_draft):
            yield Mark(link.place, f'"{link.href}" is a draft', "publish it first, or unlink it", sheet.path)


@check("image-missing", "Pictures", Level.ERROR, bad="![A wait](../assets/none.png)", good="Text.")
def missing_image(collection: Collection) -> Iterator[Mark]:
    """A picture's file exists, its name written just as it is: hosts tell A.png from a.png."""
    lowered = {path.lower(): path for path in sorted(collection.assets, reverse=True)}
    for sheet, picture, path in _pictures(collection):
        if path in collection.assets:
            continue
        if other := lowered.get(path.lower()):
            message = f'the file is named "{posixpath.basename(other)}"'
            yield Mark(picture.place, message, f'write "{posixpath.relpath(other, sheet.folder or ".")}"', sheet.path)
        else:
            close = nearest_name(path, collection.assets)
            fix = f'use "{posixpath.relpath(close, sheet.folder or ".")}"' if close else "upload it to content/assets"
            yield Mark(picture.place, f'there is no picture "{unquote(picture.href)}"', fix, sheet.path)


@check("image-heavy", "Pictures", Level.WARNING, bad="a picture of 4 MB", good="a picture of 200 kB")
def heavy_image(collection: Collection) -> Iterator[Mark]:
    """A picture weighs less than 1 MB and is at most 3,000 pixels wide."""
    for sheet, picture, path in _pictures(collection):
        asset = collection.assets.get(path)
        if asset and asset.size_bytes > _MAX_BYTES:
            message = f"the picture weighs {asset.size_bytes / 1e6:.1f} MB"
            yield Mark(
                picture.place, message, "make it at most 1,600 pixels wide, or save it as JPEG or WebP", sheet.path
            )
        elif asset and asset.pixels and asset.pixels[0] > _MAX_WIDTH:
            yield Mark(picture.place, f"the picture is {asset.pixels[0]:,} pixels wide", "1,600 are enough", sheet.path)


@check(
    "image-size",
    "Pictures",
    Level.WARNING,
    bad="![A wait](../assets/waiting-times/wait.svg)",
    good="![A wait](../assets/waiting-times/wait.svg){ width=640 height=240 }",
)
def unsized_image(collection: Collection) -> Iterator[Mark]:
    """A picture says its width and height, or the text moves as it loads; `insights check --fix` writes them."""
    for sheet in collection.sheets:
        for picture in sheet.pictures:
            asset = collection.assets.get(asset_path(picture.href) or "")
            if asset and asset.pixels and not picture.is_sized:
                width, height = asset.pixels
                is_html = picture.text.startswith("<")
                fix = (
                    f'width="{width}" height="{height}" in it'
                    if is_html
                    else f"{{ width={width} height={height} }} behind it"
                )
                yield Mark(picture.place, "the text moves when this picture loads", f"write {fix}", sheet.path)


@check("asset-refused", "Pictures", Level.ERROR, bad="a page, or a drawing with a script", good="a picture or a PDF")
def refused_asset(collection: Collection) -> Iterator[Mark]:
    """A file in content/assets is one that browsers show or save, and never run."""
    for path, asset in sorted(collection.assets.items()):
        if asset.refusal:
            yield Mark(START, *asset.refusal, f"content/{path}")


@check("image-unused", "Pictures", Level.ADVICE, bad="a picture that no article shows", good="no such picture")
def unused_image(collection: Collection) -> Iterator[Mark]:
    """Every picture in content/assets is shown somewhere."""
    used = {path for _, _, path in _pictures(collection)}
    used |= {target for _, _, target in collection.inner_links}
    used |= {collection.logo, *(link.href for link in collection.site_links)}
    library = collection.library
    texts = [topic.body for topic in library.topics]
    texts += [author.body for author in library.authors]
    texts += [page.body for page in library.pages]
    texts += [edition.intro for edition in library.editions]
    texts += [author.image.src for author in library.authors if author.image]
    for path in sorted(collection.assets):
        is_shown = path in used or any(posixpath.basename(path) in text for text in texts)
        if path.startswith("assets/") and not is_shown and not posixpath.basename(path).startswith((".", "README")):
            yield Mark(START, "no article shows this file", "delete it, or show it", f"content/{path}")


def relative_form(href: str, collection: Collection) -> str | None:
    """The relative link ("other-article.md#part") for an address of one of our articles and hubs, or None."""
    rest, mark, anchor = href.partition("#")
    if collection.url and rest.startswith(collection.url):
        path = rest.removeprefix(collection.url)
    elif rest.startswith("/") and not rest.startswith("//"):
        base = "/" + collection.url.split("/", 3)[3] if collection.url.count("/") > 2 else "/"
        path = rest.removeprefix(base).lstrip("/")
    elif rest.startswith("content/"):
        path = rest.removeprefix("content/")
    else:
        return None
    target = f"{unquote(path).strip('/').removesuffix('.md')}.md"
    if "/" not in target or not _exists(target, collection):
        return None
    return posixpath.relpath(target, FOLDER) + mark + anchor


def _pictures(collection: Collection) -> Iterator[tuple[Sheet, Link, str]]:
    """Each picture of an article or page that is a file of ours, with its path relative to content/."""
    for sheet in (*collection.sheets, *collection.pages):
        shown = list(sheet.pictures)
        if sheet.article and isinstance(sheet.article.image, Image):
            place = sheet.article.positions.get("image.src") or sheet.article.place("image")
            shown.append(Link("", sheet.article.image.src, 0, place))
        for picture in shown:
            if path := asset_path(picture.href, sheet.folder):
                yield sheet, picture, path


def _exists(target: str, collection: Collection) -> bool:
    if target in collection.assets:
        return True
    folder, _, name = target.rpartition("/")
    return name.endswith(".md") and name.removesuffix(".md") in collection.names.get(folder, ())


TARGET_CHECKS: tuple[Check[Collection], ...] = (
    broken_link,
    broken_anchor,
    site_link,
    absolute_link,
    draft_link,
    missing_image,
    heavy_image,
    unsized_image,
    refused_asset,
    unused_image,
)
