"""An article submitted by the issue form: read as data, ingested like any other source, named by us.

Whatever the form holds may be hostile. Nothing of it becomes a command, a path or a line of YAML by pasting: the text
goes through ingest, the fields through the YAML writer, and the file's name through `slugify`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from insights.errors import FetchError, SourceError
from insights.ingest.images import bring_pictures
from insights.library import Library
from insights.model import Article, Finding, Origin, Source
from insights.normalise import Stated, normalise
from insights.readers import read, sniff
from insights.render import clean_text
from insights.store import INSIGHTS
from insights.text import fold, slugify

_SECTION = re.compile(r"^### (?P<label>[^\n]{1,80})\n", re.MULTILINE)
_NOTHING = "_No response_"
_MAX_CHARACTERS = 200_000
# What a person drags into the form's text, GitHub keeps at these addresses, and writes a link to it; nothing else is
# fetched, whatever the text links to.
_UPLOADED = re.compile(r"https://github\.com/(?:user-attachments|[\w.-]+/[\w.-]+)/(?:files|assets)/[\w./%+-]+")
_ONE_FILE = re.compile(rf"!?\[[^\]\n]*\]\((?P<url>{_UPLOADED.pattern})\)")
_PICTURE = re.compile(rf'<img\b(?P<before>[^<>]*?)\bsrc="(?P<src>{_UPLOADED.pattern})"(?P<after>[^<>]*)>')
_LABELS = ("Title", "Topic", "Tags", "Author", "Date", "Description", "Text")


Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """What a submission became: an article, and its pictures by their names in the article's folder of assets."""

    article: Article
    pictures: Mapping[str, bytes]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """The fields of the form, as text, and the issue's number; empty where nothing was written."""

    number: int
    title: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    date: str = ""
    description: str = ""
    text: str = ""


def parse_event(data: bytes) -> Submission:
    """The submission in GitHub's event of an issue. Raises SourceError where it is none, or has no text."""
    try:
        issue = json.loads(data)["issue"]
        number, body = int(issue["number"]), str(issue["body"] or "")
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError("the event", "it is not that of an issue", "run this on `issues` events") from error
    if len(body) > _MAX_CHARACTERS:
        raise SourceError(f"issue {number}", "the text is too long", "upload it to content/inbox instead")
    fields = _fields(body.replace("\r\n", "\n"))
    if not fields.get("Text"):
        raise SourceError(f"issue {number}", "the form has no text", "paste the article, or drag its file, into Text")
    return Submission(
        number=number,
        title=_line(fields.get("Title", "")),
        topic=_line(fields.get("Topic", "")),
        tags=tuple(_line(part) for part in re.split(r"[,;\n]", fields.get("Tags", "")) if part.strip()),
        author=_line(fields.get("Author", "")),
        date=_line(fields.get("Date", "")),
        description=_line(fields.get("Description", "")),
        text=fields["Text"],
    )


def make_article(submission: Submission, library: Library, now: datetime, fetch: Fetch) -> Made:
    """The article of a submission, with a slug that no other has.

    `fetch` gets what the author dragged into the form: the text as a file, or pictures in it. Raises SourceError if
    there is nothing in the text, and FetchError if its file cannot be had.
    """
    source = _source(submission, fetch)
    extract = read(source)[0]
    if submission.title:
        extract = replace(extract, title=submission.title)
    stated = Stated(_date(submission.date), submission.topic or None)
    origin = Origin(file=source.name, retrieved=now)
    made = normalise(extract, origin, library, stated, INSIGHTS)
    known = library.author(submission.author) if submission.author else None
    authors = (known.name if known else submission.author,) if submission.author else made.article.authors
    tags = tuple(dict.fromkeys(tag.name if (tag := library.tag(term)) else term for term in submission.tags))
    slug = _free(slugify(made.article.title) or f"submission-{submission.number}", library)
    article = replace(
        made.article,
        slug=slug,
        path=f"{INSIGHTS}/{slug}.md",
        authors=authors,
        tags=tags or made.article.tags,
        description=submission.description or made.article.description,
        source=None,
    )
    attached = {each.name: each.data for each in extract.attachments}
    article, pictures, more = bring_pictures(article, _finder(attached, fetch), f"../assets/{slug}")
    return Made(article, pictures, tuple(replace(finding, path=article.path) for finding in (*made.findings, *more)))


def _finder(attached: Mapping[str, bytes], fetch: Fetch) -> Callable[[str], bytes | None]:
    def find(src: str) -> bytes | None:
        if src in attached:
            return attached[src]
        if _UPLOADED.fullmatch(src):
            with suppress(FetchError):
                return fetch(src)
        return None

    return find


def _source(submission: Submission, fetch: Fetch) -> Source:
    """The text as a source, or the file that stands in its place.

    The title goes before a text, or the first paragraph of a bare one would be read as the title.
    """
    if match := _ONE_FILE.fullmatch(submission.text.strip()):
        return Source(unquote(match["url"].rpartition("/")[2]), fetch(match["url"]))
    name, text = f"issue-{submission.number}", _PICTURE.sub(_as_markdown, clean_text(submission.text))
    source = Source(name, text.encode("utf-8", "replace"))
    first = text.lstrip("# \n").partition("\n")[0]
    if not submission.title or fold(first) == fold(submission.title):
        return source
    marks = {"text": "", "markdown": "# "}.get(sniff(source))
    return source if marks is None else replace(source, data=f"{marks}{submission.title}\n\n".encode() + source.data)


def _as_markdown(match: re.Match[str]) -> str:
    """A picture as Markdown that GitHub has written as HTML, to keep its size."""
    alt = re.search(r'\balt="([^"]*)"', match["before"] + match["after"])
    shown = " ".join(re.split(r"[][\s]+", alt[1])) if alt else ""
    return f"![{shown}]({match['src']})"


def target(root: Path, article: Article) -> Path:
    """The article's new file. Raises SourceError if that is outside content/insights, or is there: an article that
    cannot be read has a name, too."""
    folder = (root / INSIGHTS).resolve()
    path = (folder / f"{article.slug}.md").resolve()
    if path.parent != folder:
        raise SourceError(article.slug, "this is no name for an article", "choose another title")
    if path.exists():
        raise SourceError(article.path, "there is a file of this name, which cannot be read", "choose another title")
    return path


def _fields(body: str) -> dict[str, str]:
    """The sections of the form. The text is the last one: a heading in it that looks like a label stays text."""
    fields: dict[str, str] = {}
    matches = [match for match in _SECTION.finditer(body) if match["label"].strip() in _LABELS]
    for index, match in enumerate(matches):
        label = match["label"].strip()
        end = matches[index + 1].start() if index + 1 < len(matches) and label != "Text" else len(body)
        value = body[match.end() : end].strip()
        fields.setdefault(label, "" if value == _NOTHING else value)
        if label == "Text":
            break
    return fields


def _line(text: str) -> str:
    """The text on one line without what nobody sees, but for the two joiners, by which words and emoji are spelt."""
    return " ".join("".join(map(_shown, text)).split())


def _shown(character: str) -> str:
    if character.isprintable() or character in "\u200c\u200d":
        return character
    return "" if unicodedata.category(character) == "Cf" else " "


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _free(slug: str, library: Library) -> str:
    candidate, number = slug, 1
    while library.article(candidate):
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
