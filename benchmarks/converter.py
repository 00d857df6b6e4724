"""Scores the Markdown writer alone: clean HTML in, and what our own renderer shows of the Markdown out.

Run: `python benchmarks/converter.py [--documents 400] [--worst 10]`. The HTML is made up (`benchmarks/fragments.py`),
each document from its number: every kind of block in every other (lists six deep, tables and code in lists, lists in
quotes and cells), every inline element in and over the others. Compared are the multisets of texts or addresses of
each type of element, as in `benchmarks/extraction.py`, whose pages' expected HTML is converted too where that data is
present. A paragraph is any run of text between blocks, since Markdown has no other.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import mean
from urllib.parse import urljoin, urlsplit

import turbohtml
from extraction import BASE_URL, CORPORA, normalised, overlap, structure_pages
from fragments import Maker
from turbohtml import Element, Node, Text

from insights.readers.dom import BLOCKS, HEADINGS, LISTS, ancestors_of
from insights.readers.markdown_writer import html_to_markdown
from insights.render import page_html
from insights.settings import Publication, parse_publication

ROOT = Path(__file__).resolve().parents[1]
PUBLICATION = parse_publication((ROOT / "mkdocs.yml").read_text("utf-8"), "mkdocs.yml")
ASKED = {"structure": 0.998, "depth": 0.99}
FLOORS = {"structure": 0.998, "depth": 0.999}
TYPES = {
    "heading": "h1,h2,h3,h4,h5,h6", "item": "li", "quote": "blockquote", "pre": "pre", "code": "code", "table": "table",
    "cell": "td,th", "term": "dt", "meaning": "dd", "link": "a[href]", "image": "img[src]", "strong": "strong,b",
    "em": "em,i", "struck": "del,s", "raised": "sup,sub,kbd", "break": "br", "caption": "figcaption", "rule": "hr",
}  # fmt: skip
"""The types of elements compared, beside paragraphs and the depth of items."""
_ONE_LINE = frozenset({"td", "th", *HEADINGS})


def elements(html: str) -> dict[str, Counter[str]]:
    """The multiset of what identifies each element of each type."""
    body = turbohtml.parse(f"<body>{html}</body>", positions=False).select_one("body")
    assert body is not None
    ranks = sorted({e.tag for e in body.select("h1,h2,h3,h4,h5,h6")})
    found = {name: Counter(_identity(e, ranks) for e in body.select(selector)) for name, selector in TYPES.items()}
    found["paragraph"] = Counter(_paragraphs(body))
    found["language"] = Counter(_language(block) for block in body.select("pre"))
    found["depth"] = Counter(f"{_depth(item)} {_own_text(item)}" for item in body.select("li") if _own_text(item))
    for counter in found.values():
        counter.pop("", None)
    return found


def _identity(element: Element, ranks: list[str]) -> str:  # noqa: PLR0911 - one line a type
    tag, text = element.tag, _text(element)
    match tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return text and f"{ranks.index(tag)} {text}"
        case "a":
            return f"{_address(element, 'href')} {text}" if text or element.select("img") else ""
        case "img":
            return f"{_address(element, 'src')} {normalised(element.attr('alt') or '')}"
        case "pre":
            return re.sub(r"^(?:[ \t]*\n)+|\s+$", "", element.text)
        case "code":
            return "" if any(around.tag == "pre" for around in ancestors_of(element)) else normalised(element.text)
        case "li":
            return _own_text(element) and f"{_number(element)} {_own_text(element)}"
        case "br" | "hr":  # in cells and headings breaks are what paragraphs and breaks become
            return "" if any(around.tag in _ONE_LINE for around in ancestors_of(element)) else tag
    return text


def _number(item: Element) -> str:
    around = next(ancestors_of(item))
    if around.tag != "ol":
        return "-"
    items = [child for child in around.children if isinstance(child, Element)]
    return str(int(around.attr("start") or 1) + items.index(item))


def _address(element: Element, name: str) -> str:
    return urljoin(BASE_URL, element.attr(name) or "")


def _language(block: Element) -> str:
    """The language that a block of code or what is next around or in it names, with the code."""
    around = next(ancestors_of(block))
    classes = " ".join(e.attr("class") or "" for e in (around, block, *block.select("code")))
    named = re.search(r"language-(\w+)", classes)
    return f"{named[1]} {_text(block)}" if named else ""


def _depth(item: Element) -> int:
    return sum(around.tag in LISTS for around in ancestors_of(item))


def _text(element: Element) -> str:
    return normalised("".join(_strings(element, frozenset())))


def _own_text(item: Element) -> str:
    return normalised("".join(_strings(item, LISTS)))


def _strings(element: Element, without: frozenset[str]) -> Iterator[str]:
    """The text inside, blocks and breaks set apart."""
    for node in element.children:
        if isinstance(node, Text):
            yield node.data
        elif isinstance(node, Element) and node.tag not in without:
            gap = " " if node.tag in BLOCKS or node.tag == "br" else ""
            yield gap
            yield from _strings(node, without)
            yield gap


def _paragraphs(element: Element) -> Iterator[str]:
    """The runs of text between blocks, of all but code, cells, headings and terms."""
    run: list[Node] = []
    for node in [*element.children, Element("hr")]:
        if not isinstance(node, Element) or not _holds_block(node):
            run.append(node)
            continue
        text = normalised("".join(part for each in run for part in _run_strings(each)))
        run = []
        if text:
            yield text
        if node.tag not in ("pre", "table", "dt", "figcaption", "hr", *HEADINGS):
            yield from _paragraphs(node)


def _run_strings(node: Node) -> Iterator[str]:
    if isinstance(node, Text):
        yield node.data
    elif isinstance(node, Element):
        yield " " if node.tag == "br" else ""
        yield from _strings(node, frozenset())


def _holds_block(element: Element) -> bool:
    return element.tag in BLOCKS or any(child.tag in BLOCKS for child in element.iter_elements())


def allowing(hosts: set[str]) -> Publication:
    """The publication where pictures may load from these hosts too, as if they had been copied to the site."""
    return replace(PUBLICATION, markdown_configs={**PUBLICATION.markdown_configs, "insights.markup": {"hosts": hosts}})


def shown(html: str, base_url: str | None = None, publication: Publication = PUBLICATION) -> str:
    """What our renderer shows of the Markdown of an HTML fragment."""
    return page_html(html_to_markdown(html, base_url), publication, "insights/note.md")


def score(truth_html: str, found_html: str) -> dict[str, float]:
    """F1 of each type of element that the truth or the finding has."""
    truth, found = elements(truth_html), elements(found_html)
    return {name: overlap(truth[name], found[name]) for name in truth if truth[name] or found[name]}


def report(title: str, documents: list[tuple[str, str, str]], worst: int) -> dict[str, float]:
    """Prints the mean F1 of each type over (name, truth, finding), and returns it with that of the structure."""
    rows = [(name, score(truth, found), truth, found) for name, truth, found in documents]
    types = list(dict.fromkeys(kind for _, scores, _, _ in rows for kind in scores))
    table = {kind: mean(scores[kind] for _, scores, _, _ in rows if kind in scores) for kind in types}
    table["structure"] = mean(mean(scores.values()) for _, scores, _, _ in rows)
    print(f"{title}: {len(rows)} documents")
    print("\n".join(f"  {kind:10} {value:.4f}" for kind, value in table.items()))
    for name, scores, truth, found in sorted(rows, key=lambda row: mean(row[1].values()))[:worst]:
        print(f"  {mean(scores.values()):.3f} {name}")
        for kind, value in scores.items():
            if value < 1:
                expected, got = elements(truth)[kind], elements(found)[kind]
                for sign, texts in (("-", expected - got), ("+", got - expected)):
                    for text in list(texts)[:4]:
                        print(f"      {sign} {kind} {text[:150]!r}")
    return table


def main() -> int:
    """Prints both tables; 1 where the made-up documents fall below a floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--worst", type=int, default=0, help="list as many of the worst documents, with what is lost")
    options = parser.parse_args()
    made = [(str(number), Maker(number).document()) for number in range(options.documents)]
    table = report("made up", [(name, html, shown(html)) for name, html in made], options.worst)
    if CORPORA.is_dir():
        pages = [(page.name, page.html) for page in structure_pages()]
        images = [image for _, html in pages for image in turbohtml.parse(html).select("img[src]")]
        open_to_all = allowing({urlsplit(_address(image, "src")).hostname or "" for image in images})
        written = [(name, html, shown(html, BASE_URL, open_to_all)) for name, html in pages]
        report("expected articles", written, options.worst)
    fallen = [name for name, floor in FLOORS.items() if table[name] < floor]
    for name in fallen:
        print(f"below its floor: {name} {table[name]:.4f} < {FLOORS[name]}")
    for name, asked in ASKED.items():
        print(f"asked {name} {asked}: {table[name]:.4f}")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
