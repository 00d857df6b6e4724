"""Documents of anyone's, ingested by the real command: what became of each, and how many of its words arrived.

The words of a document are counted from its XML alone, by no reader of ours: what stands in its text, notes and text
boxes, without what is struck out, hidden, or said a second time for older programs.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import PROJECT
from lxml import etree

from insights.article import parse_article
from insights.render import page_html
from insights.settings import parse_publication
from insights.zips import UNREADABLE

SUFFIXES = (".docx", ".docm", ".dotx", ".odt", ".eml", ".html", ".htm")
_WORD = re.compile(r"[^\W_]+")
_BLOCK = re.compile(r"</?(?:p|h\d|li|t[dhr]|br|pre|div|blockquote|d[dtl])\b|<sup id")
_UNSAID = frozenset(
    "del moveFrom Fallback annotation tracked-changes title desc note-citation binary-data "
    "table-of-content illustration-index table-index object-index user-index alphabetical-index".split()
)
_BREAKS = frozenset("tab br cr line-break s ptab".split())
_APART = frozenset("p h".split())
_PUBLICATION = parse_publication((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"), "mkdocs.yml")


@dataclass(frozen=True, slots=True)
class Document:
    """What became of one document: why there is no article, its words and those of them that arrived."""

    name: str
    refusal: str
    words: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Strangers:
    """What the command made of them all."""

    documents: tuple[Document, ...]
    tracebacks: int
    untold: tuple[str, ...]
    seconds: float
    megabytes: int

    def share(self) -> float:
        """The share of all words of the documents that became articles which are in these."""
        made = [each for each in self.documents if not each.refusal]
        return sum(each.arrived for each in made) / max(sum(each.words for each in made), 1)


def ingest_strangers(documents: Path, folder: Path, jobs: int) -> Strangers:
    """Ingests copies of all documents below a folder, each once; `folder` is for the copies and the articles."""
    names = dict(_copies(documents, folder / "in"))
    command = [sys.executable, "-m", "insights", "ingest", "in", "--into", "out", "--keep-names", "--jobs", str(jobs)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    refused = dict(re.findall(r"^in/(\S+?): (.+)$", done.stderr, re.MULTILINE))
    articles = {path.stem: path for path in (folder / "out").glob("*.md")}
    untold = [name for copy, name in names.items() if copy not in refused and Path(copy).stem not in articles]
    untold += [line for line in done.stderr.splitlines() if not line.startswith("in/")]
    return Strangers(
        tuple(
            _judge(name, folder / "in" / copy, articles.get(Path(copy).stem), refused.get(copy, ""))
            for copy, name in names.items()
        ),
        (done.stderr + done.stdout).count("Traceback"),
        tuple(untold),
        used.ru_utime + used.ru_stime,
        used.ru_maxrss // (1024 if sys.platform == "linux" else 1024 * 1024),
    )


def _copies(documents: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Copies each document under a number of its own, and gives the copy's name with the document's."""
    folder.mkdir(parents=True)
    seen = set()
    for path in sorted(each for each in documents.rglob("*") if each.is_file() and each.suffix.lower() in SUFFIXES):
        data = path.read_bytes()
        digest = hashlib.sha256(data).digest()
        if digest in seen:
            continue
        seen.add(digest)
        copy = f"{len(seen):05}{path.suffix.lower()}"
        (folder / copy).write_bytes(data)
        yield copy, path.relative_to(documents).as_posix()


def _judge(name: str, source: Path, article: Path | None, refusal: str) -> Document:
    said = words_said(source.read_bytes())
    arrived = Counter() if article is None else words_shown(article.read_text(encoding="utf-8"))
    return Document(name, refusal, said.total(), (said & arrived).total())


def words_said(data: bytes) -> Counter[str]:
    """The words of a Word or OpenDocument text, from its XML alone; none of other files."""
    said: Counter[str] = Counter()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body, *notes = [_tree(archive, name) for name in _parts(archive)] or [etree.Element("none")]
            named = {_id(mark) for mark in body.iter("{*}footnoteReference", "{*}endnoteReference")}
            for note in [each for part in notes for each in part if _id(each) not in named]:
                note.getparent().remove(note)
            for part in (body, *notes):
                said.update(_words(" ".join(_paragraphs(part))))
    except (*UNREADABLE, etree.XMLSyntaxError):
        return Counter()
    return said


def _id(node: etree._Element) -> str:
    return next((value for key, value in node.attrib.items() if key.endswith("}id")), "")


def _parts(archive: zipfile.ZipFile) -> list[str]:
    names = archive.namelist()
    if "content.xml" in names:
        return ["content.xml"]
    kinds = {}
    for node in _tree(archive, "_rels/.rels") if "_rels/.rels" in names else ():
        kinds[node.get("Type", "").rpartition("/")[2]] = node.get("Target", "").lstrip("/")
    body = kinds.get("officeDocument", "word/document.xml")
    return [each for each in (body, "word/footnotes.xml", "word/endnotes.xml") if each in names]


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, huge_tree=True))


def _paragraphs(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph; one inside another, as in a text box, is a paragraph of its own."""
    texts: dict[etree._Element, list[str]] = {}
    is_word = "wordprocessingml" in root.tag
    stack = [(root, root)]
    while stack:
        node, paragraph = stack.pop()
        name = etree.QName(node).localname
        if name in _UNSAID or (is_word and (_is_hidden(node) or _is_contents(node))):
            continue
        paragraph = node if name in _APART else paragraph
        pieces = texts.setdefault(paragraph, [])
        if name in _BREAKS or node.tag.endswith("/math}t"):
            pieces.append(" ")
        if node.text and (name == "t" if is_word else paragraph is not root):
            pieces.append(node.text)
        # Depth first, in order: tails of OpenDocument's elements are text, too.
        for child in reversed(node):
            if not is_word and child.tail and paragraph is not root:
                stack.append((_text(child.tail), paragraph))
            if isinstance(child.tag, str):
                stack.append((child, paragraph))
    for pieces in texts.values():
        yield "".join(pieces)


def _text(text: str) -> etree._Element:
    node = etree.Element("tail")
    node.text = text
    return node


def _is_contents(paragraph: etree._Element) -> bool:
    """Whether a paragraph is of a table of contents: that says headings a second time."""
    style = paragraph.find("{*}pPr/{*}pStyle")
    return style is not None and re.match("toc", "".join(style.attrib.values()), re.I) is not None


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find("{*}rPr/{*}vanish")
    return vanish is not None and not {"0", "false", "off"} & set(vanish.attrib.values())


def words_shown(page: str) -> Counter[str]:
    """The words that an article's file shows: its body as a page renders it, and its fields."""
    article, _ = parse_article(page, "content/insights/a.md")
    assert article is not None
    rendered = page_html(article.body, _PUBLICATION, "insights/a.md")
    text = html.unescape(re.sub(r"<[^>]*>", "", _BLOCK.sub(r" \g<0>", rendered)))
    return _words(" ".join([text, article.title, article.description or "", *article.authors, *article.tags]))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def reasons(documents: tuple[Document, ...]) -> Mapping[str, int]:
    """How many were refused for each reason, the most frequent first; what follows a colon makes it no other."""
    told = (re.split(r": |;", each.refusal) for each in documents if each.refusal)
    return dict(Counter(": ".join(parts[:-1][:2]) or parts[0] for parts in told).most_common())
