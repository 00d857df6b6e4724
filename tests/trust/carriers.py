"""Every way in: a publication whose articles, terms and sources carry payloads, each as markup, as text and as code.

What must be readable in the end is told as `Expected`: the article that says it, and the text.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from itertools import islice
from pathlib import Path

import html5lib

from insights.frontmatter import dump_front_matter
from insights.model import Source
from insights.readers import sniff
from trust.payloads import Payload

OPENING = "This page collects what people paste into forms, with a few plain words before it so that it reads as prose."
_A_BATCH = 10
_AN_EDITION = 30
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Expected:
    """A text that a reader must find in the article with this title: `kind` is "text" or "code"."""

    title: str
    way: str
    kind: str
    payload: Payload


def one_line(text: str) -> str:
    """The text as it can be shown on one line: nothing that nobody sees but joiners, runs of space as one space."""
    return " ".join("".join(filter(_is_seen, text)).split())


def _is_seen(character: str) -> bool:
    return (
        character.isspace()
        or character in "\u200c\u200d"
        or unicodedata.category(character) not in ("Cc", "Cf", "Cn", "Co", "Cs")
    )


def swallows(text: str) -> bool:
    """Whether markup takes what follows it into itself, as an open comment does, by the HTML standard's own parser."""
    page = html5lib.parse(f"<body><div>{text}</div><address>after</address>", namespaceHTMLElements=False)
    after = [element for element in page.find("body") or () if element.tag == "address"]
    return [element.text for element in after] != ["after"]


def write_articles(root: Path, payloads: Sequence[Payload]) -> Iterator[Expected]:
    """Markdown, as a pull request or a CMS brings it: an article a payload, which is in its body and every field."""
    for number, payload in enumerate(payloads):
        text, line = payload.text, one_line(payload.text) or "empty"
        fields: dict[str, object] = {
            "title": f"{payload.id} {line}",
            "date": _START - timedelta(minutes=number),
            "topic": "Hostile",
            "tags": [line] if number % 10 == 0 else ["queues"],
            "authors": [line],
            "description": line,
            "image": {"src": line, "alt": line} if number % 3 == 0 else f"../assets/{line}",
            "series": {"name": line if number % 20 == 0 else "Hostile series", "part": number + 1},
            "canonical": line,
            "guid": line,
            "language": line if number % 2 else "en",
            "aliases": [line, f"/{payload.id}/{line}"],
            "related": [{"title": line, "topic": line, "url": line}],
            "source": {"url": line, "file": line},
            "template": line,
            "icon": line,
            "hide": [line],
        }
        body = f"{OPENING}\n\n{entities(line)}\n\n{fence(text)}\n\nBefore: {text}\n\nAfter.\n"
        path = root / "content/insights" / f"{payload.id}.md"
        path.write_text(dump_front_matter(fields) + "\n" + body, encoding="utf-8", newline="")
        if "\x00" in text:
            continue  # such a file is no text: it is refused, and told
        for kind in ("text", "code"):
            yield Expected(str(fields["title"]), "markdown", kind, payload)
    for payload in payloads[::7]:  # as nobody's own writer would put it: pasted between the fences as it is
        body = f"---\ntitle: {payload.text}\ndate: 2026-01-01\ntopic: Hostile\n---\n\n{payload.text}\n"
        (root / "content/insights" / f"raw-{payload.id}.md").write_text(body, encoding="utf-8", newline="")


def write_terms(root: Path, payloads: Sequence[Payload], every: int = 25) -> None:
    """Topics, tags, authors, pages and editions that carry `every` so manieth payload in each of their fields."""
    content = root / "content"
    (content / "topics/hostile.md").write_text("---\ntitle: Hostile\ndescription: What must not run.\n---\n\nText.\n")
    tags = [{"name": "queues", "slug": "queues"}]
    for payload in payloads[::every]:
        text, line = payload.text, one_line(payload.text)
        for folder in ("topics", "authors"):
            fields: dict[str, object] = {"title": f"Term {payload.id} {line}", "description": line, "aliases": [line]}
            if folder == "authors":
                fields |= {"role": line, "url": line, "image": {"src": line, "alt": line}}
            page = f"{dump_front_matter(fields)}\n{text}\n"
            (content / folder / f"{payload.id}.md").write_text(page, encoding="utf-8", newline="")
        tags.append({"name": f"Tag {payload.id} {line}", "slug": payload.id, "aliases": [line], "description": line})
    # JSON is YAML, but for pairs of surrogates; and nothing in it can be misread.
    (content / "tags.yml").write_text(json.dumps(tags, ensure_ascii=False), encoding="utf-8")
    for number, start in enumerate(range(0, len(payloads), _AN_EDITION), start=1):
        batch = payloads[start : start + _AN_EDITION]
        line = one_line(batch[0].text)
        edition: dict[str, object] = {
            "number": number,
            "date": _START + timedelta(hours=number),
            "subject": f"Edition {batch[0].id} {line}",
            "preheader": line,
            "articles": [payload.id for payload in batch],
        }
        page = f"{dump_front_matter(edition)}\nBefore: {batch[-1].text}\n"
        (content / f"newsletter/{number}.md").write_text(page, encoding="utf-8", newline="")


def write_sources(inbox: Path, payloads: Sequence[Payload]) -> Iterator[Expected]:
    """Pages, pasted text, Word files and a feed, ten payloads each; markup that swallows the rest stands alone."""
    inbox.mkdir(parents=True, exist_ok=True)
    for number, batch in enumerate(_batches(payloads)):
        for way, suffix, make in (
            ("html", "html", _page),
            ("text", "txt", _pasted),
            ("docx", "docx", _docx),
        ):
            title = f"{way.title()} source {number}"
            (inbox / f"{way}-{number}.{suffix}").write_bytes(make(title, batch))
            for payload in batch:
                if way != "text" or not _is_markdown(payload):
                    yield Expected(title, way, "text", payload)
                if way == "html":
                    yield Expected(title, way, "code", payload)
    (inbox / "feed.xml").write_bytes(_feed(payloads[::3]))
    for payload in payloads[::3]:
        yield Expected(one_line(f"Entry {payload.id} {payload.text}"), "feed", "text", payload)


def issue_events(payloads: Sequence[Payload]) -> Iterator[tuple[bytes, Expected]]:
    """Submissions by the issue form, as GitHub's events."""
    for number, payload in enumerate(payloads, start=1):
        text, line = payload.text, one_line(payload.text)
        title = f"Issue {payload.id} {line}"
        sections = {
            "Title": title, "Topic": "Hostile", "Tags": line if number % 10 == 0 else "queues", "Author": line,
            "Date": "2026-01-02",
            "Description": line, "Text": f"{OPENING}\n\n{text}\n\nWhat follows is plain again.",
        }  # fmt: skip
        body = "\n\n".join(f"### {label}\n\n{value}" for label, value in sections.items())
        event = {"action": "opened", "issue": {"number": number, "title": line, "body": body}}
        yield json.dumps(event).encode(), Expected(title, "issue form", "title", payload)


def _batches(payloads: Sequence[Payload]) -> Iterator[tuple[Payload, ...]]:
    alone = {payload.id for payload in payloads if swallows(payload.text) or _is_markdown(payload)}
    tame = iter([payload for payload in payloads if payload.id not in alone])
    while batch := tuple(islice(tame, _A_BATCH)):
        yield batch
    for payload in payloads:
        if payload.id in alone:
            yield (payload,)


def _is_markdown(payload: Payload) -> bool:
    """Whether a pasted text is rightly taken for Markdown, which shows what its marks mean and not the marks."""
    return sniff(Source("pasted.txt", _pasted("Title", (payload, payload)))) != "text"


def entities(text: str) -> str:
    """Text as Markdown that cannot be read as anything else: every mark as a character reference."""
    return re.sub(r"[^\w\s]", lambda match: f"&#{ord(match[0])};", text)


def fence(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+|~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _page(title: str, payloads: Iterable[Payload]) -> bytes:
    sections = [
        f"<h2>Case {payload.id}</h2>\n<p>{OPENING}</p>\n<p>Shown {payload.id}: {escape(payload.text)}</p>\n"
        f"<pre><code>{escape(payload.text)}</code></pre>"
        for payload in payloads
    ]
    live = [f"<p>Live {payload.id}:</p>\n{payload.text}" for payload in payloads]
    head = f"<!doctype html><meta charset=utf-8><title>{title}</title><article><h1>{title}</h1><p>{OPENING}</p>"
    return "\n".join([head, *sections, *live, "</article>"]).encode("utf-8", "replace")


def _pasted(title: str, payloads: Iterable[Payload]) -> bytes:
    parts = [f"{OPENING} Shown {payload.id}: {one_line(payload.text)}" for payload in payloads]
    return "\n\n".join([title, OPENING, *parts]).encode("utf-8", "replace")


def _docx(title: str, payloads: Iterable[Payload]) -> bytes:
    """The smallest document that Word opens (ECMA-376, part 1 §11.2)."""
    paragraphs = [_paragraph(title, "Title"), _paragraph(OPENING)]
    paragraphs += [_paragraph(f"Shown {payload.id}: {one_line(payload.text)}") for payload in payloads]
    schema = "http://schemas.openxmlformats.org"
    kind = "application/vnd.openxmlformats"
    office = f"{kind}-officedocument.wordprocessingml"
    relations = f"{schema}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{schema}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{kind}-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{office}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{office}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="a" Target="word/'
        f'document.xml" Type="{relations}/officeDocument"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{schema}/package/2006/relationships">'
        f'<Relationship Id="b" Target="styles.xml" Type="{relations}/styles"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{schema}/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style></w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{schema}/wordprocessingml/2006/main"><w:body>'
        f"{''.join(paragraphs)}</w:body></w:document>",
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path), text.encode("utf-8", "replace"))
    return packed.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{_xml(text)}</w:t></w:r></w:p>'


def _feed(payloads: Iterable[Payload]) -> bytes:
    items = [
        f"<item><title>{_xml(escape(one_line(f'Entry {payload.id} {payload.text}')))}</title><guid>{payload.id}</guid>"
        f"<link>https://blog.example.org/{payload.id}</link><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"
        f"<description>{_xml(payload.text)}</description><content:encoded>"
        f"{_xml(f'<p>{OPENING}</p><p>Shown: {escape(payload.text)}</p><p>Live:</p>{payload.text}')}"
        "</content:encoded></item>"
        for payload in payloads
    ]
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Hostile</title>'
    return f"{head}<link>https://blog.example.org/</link>{''.join(items)}</channel></rss>".encode("utf-8", "replace")


def _xml(text: str) -> str:
    """Text inside an XML element, without what XML 1.0 §2.2 forbids."""
    return escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text))
