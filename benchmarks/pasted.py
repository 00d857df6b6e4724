"""How well pasted text gets its structure back: headings and list items found again in flattened articles.

    python benchmarks/pasted.py [--misses] [--chromium]     measure
    python benchmarks/pasted.py --fit                       print new weights for readers/heading_weights.py

The articles lie in ../shared/corpora: pages with an expected.html (extraction-dev/structure), and blogs in Markdown
(related-dev). Each is flattened in the two ways in which programs copy: "marked" (an empty line between blocks, bullets
and numbers before list items) and "bare", as Chromium does it (no bullets, and an empty line below paragraphs alone,
not below headings and lists); `--chromium` takes the copy from a real Chromium instead. The text is read back and
compared: F1 over the multiset of the texts of headings (level not counted) and of list items, mean over the articles
that have any. Only articles that the weights were not fitted on count: half of the pages, an eighth of the blogs. Exits
with 1 below a floor.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import html
from markdown import markdown

from insights.model import Source
from insights.readers.headings import is_close, traits_of
from insights.readers.text import read_lines, read_text

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
BLOGS = ("18f", "camunda", "otel", "ropensci")
FLOORS = {
    ("pages", "marked", "headings"): 0.67,
    ("pages", "marked", "list items"): 0.97,
    ("pages", "bare", "headings"): 0.66,
    ("blogs", "marked", "headings"): 0.88,
    ("blogs", "marked", "list items"): 0.965,
    ("blogs", "bare", "headings"): 0.88,
    ("blogs", "bare", "list items"): 0.51,
}
LENIENCE = (0.7, 0.0)
"""Log-odds that are given to every line of a text copied in each way, chosen by cross-validation: F1 asks for more
headings than lines that are one rather than not."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BREAK = "\v"
_BLOCKS = {"p", *_HEADINGS, "ul", "ol", "blockquote", "pre", "table", "div", "section", "figure", "figcaption"}


@dataclass(frozen=True, slots=True)
class Original:
    """An article whose structure is known."""

    kind: str
    name: str
    title: str
    page: html.HtmlElement


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page as text: its lines, and whether it is a heading, a list or something else."""

    kind: str
    text: str


def originals(*, held_out: bool) -> Iterator[Original]:
    """The articles to measure on, half of the pages and of every fourth blog post; or all others, to fit weights on."""
    for folder in sorted((CORPORA / "extraction-dev" / "structure").iterdir()):
        if is_in_half(folder.name) == held_out:
            page = html.fromstring(f"<body>{(folder / 'expected.html').read_text(encoding='utf-8')}</body>")
            stated = json.loads((folder / "expected-metadata.json").read_text(encoding="utf-8"))
            yield Original("pages", folder.name, stated.get("title") or folder.name, page)
    for blog in BLOGS:
        with gzip.open(CORPORA / "related-dev" / f"{blog}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for number, post in enumerate(map(json.loads, lines)):
                name = f"{blog}/{post['id']}"
                if (number % 4 == 0 and is_in_half(name)) == held_out:
                    page = html.fromstring(f"<body>{rendered(post['body'])}</body>")
                    yield Original("blogs", name, post["title"], page)


def is_in_half(name: str) -> bool:
    """Whether a name belongs to the second of two halves, by its checksum."""
    return zlib.crc32(name.encode()) % 2 == 1


def rendered(body: str) -> str:
    """Markdown as HTML."""
    return markdown(body, extensions=["tables", "fenced_code", "sane_lists"])


def words(text: str) -> str:
    """A text as it is compared: its letters and digits."""
    return " ".join(re.findall(r"\w+", text.lower()))


def blocks_of(element: html.HtmlElement) -> list[Block]:
    """The headings, paragraphs, lists, tables and code inside an element, in order."""
    blocks: list[Block] = []
    run = [element.text or ""]
    kind = "heading" if element.tag in _HEADINGS else "text"

    def close() -> None:
        if text := "\n".join(words for line in "".join(run).split(_BREAK) if (words := " ".join(line.split()))):
            blocks.append(Block(kind, text))
        run.clear()

    for child in element:
        if not isinstance(child.tag, str):
            run.append(child.tail or "")
            continue
        if child.tag in ("ul", "ol", "pre", "table"):
            close()
            text = list_text(child) if child.tag in ("ul", "ol") else plain_text(child)
            blocks.append(Block("list" if child.tag in ("ul", "ol") else child.tag, text))
        elif child.tag in _BLOCKS or child.xpath(".//p|.//ul|.//ol|.//h2|.//h3"):
            close()
            blocks += blocks_of(child)
        elif child.tag == "br":
            run.append(_BREAK)
        else:
            run.append(child.text_content())
        run.append(child.tail or "")
    close()
    return [block for block in blocks if block.text.strip()]


def plain_text(element: html.HtmlElement) -> str:
    """Code with its lines, a table with a tab between cells."""
    if element.tag == "pre":
        return element.text_content().strip("\n")
    rows = ([" ".join(cell.text_content().split()) for cell in row.iter("td", "th")] for row in element.iter("tr"))
    return "\n".join("\t".join(row) for row in rows)


def list_text(element: html.HtmlElement, depth: int = 1) -> str:
    """A list as most programs copy it: "  • item" a line, nested ones further in."""
    lines = []
    for number, entry in enumerate(element.findall("li"), 1):
        mark = "•" if element.tag == "ul" else f"{number}."
        if own := " ".join(item_text(entry).split()):
            lines.append(f"{'  ' * depth}{mark} {own}")
        for nested in entry.xpath("./ul|./ol|./*[not(self::li)]/ul|./*[not(self::li)]/ol"):
            lines.append(list_text(nested, depth + 1))
    return "\n".join(lines)


def item_text(entry: html.HtmlElement) -> str:
    """A list item's text without that of lists inside it."""
    parts = [entry.text or ""]
    for child in entry:
        if isinstance(child.tag, str) and child.tag not in ("ul", "ol"):
            parts.append(item_text(child))
        parts.append(child.tail or "")
    return " ".join(parts)


def marked(title: str, page: html.HtmlElement) -> str:
    """A copy with an empty line between blocks, and bullets."""
    return "\n\n".join([title, *(block.text for block in blocks_of(page))])


def bare(title: str, page: html.HtmlElement) -> str:
    """A copy as Chromium makes it: no bullets, and an empty line below paragraphs alone."""
    blocks = [Block("heading", title), *blocks_of(page)]
    parts = [blocks[0].text]
    for above, block in pairwise(blocks):
        text = re.sub(r"(?m)^ +(?:•|\d+\.) ", "", block.text) if block.kind == "list" else block.text
        parts += ["\n\n" if above.kind == "text" else "\n", text]
    return "".join(parts)


def found_in(root: html.HtmlElement) -> dict[str, Counter[str]]:
    """The texts of headings and of list items in a tree."""
    headings = root.xpath("|".join(f"//{name}" for name in _HEADINGS))
    return {
        "headings": Counter(text for heading in headings if (text := words(heading.text_content()))),
        "list items": Counter(text for entry in root.xpath("//li") if (text := words(item_text(entry)))),
    }


def f1(wanted: Counter[str], got: Counter[str]) -> float:
    """The harmonic mean of precision and recall over two multisets."""
    return 2 * (wanted & got).total() / (wanted.total() + got.total())


def score(original: Original, text: str) -> Iterator[tuple[str, float, str]]:
    """For headings and for list items, where the article has any: the F1 and what was missed."""
    body = read_text(Source("pasted.txt", text.encode())).body
    got = found_in(html.fromstring(f"<body>{rendered(body)}</body>"))
    wanted = found_in(original.page)
    for name in ("headings", "list items"):
        wanted[name].pop(words(original.title), None)
        if wanted[name]:
            lost, extra = wanted[name] - got[name], got[name] - wanted[name]
            yield name, f1(wanted[name], got[name]), f"lost {list(lost)[:5]} extra {list(extra)[:5]}"


def measure(copies: Iterator[tuple[Original, str, str]], *, shows_misses: bool) -> int:
    """Prints the mean score of each kind of article and copy; 1 where one is below its floor."""
    scores: dict[tuple[str, str, str], list[float]] = {}
    for original, way, text in copies:
        for name, value, misses in score(original, text):
            scores.setdefault((original.kind, way, name), []).append(value)
            if shows_misses and value < 1:
                print(f"{original.name} {way} {name} {value:.2f} {misses}")
    failed = 0
    for key, found in sorted(scores.items()):
        mean, floor = sum(found) / len(found), FLOORS.get(key)
        failed |= floor is not None and mean < floor
        print(f"{' '.join(key):28} F1 {mean:.3f} over {len(found):3} articles (floor {floor or 'none'})")
    return int(failed)


def chromium_copies(chosen: list[Original]) -> Iterator[tuple[Original, str, str]]:
    """Each article's text as a real Chromium gives it when everything is selected and copied."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page(java_script_enabled=True, offline=True)
        for original in chosen:
            content = html.tostring(original.page, encoding="unicode")
            tab.set_content(f"<h1>{original.title}</h1>{content}", wait_until="commit")
            copied = tab.evaluate("(getSelection().selectAllChildren(document.body), getSelection().toString())")
            yield original, "chromium", copied
        browser.close()


def fit(chosen: Iterable[Original]) -> None:
    """Prints the weights that part headings from other lines best (logistic regression, scipy)."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_array

    rows: list[tuple[frozenset[str], bool, float, bool]] = []
    for original in chosen:
        for copy in (marked, bare):
            wanted = found_in(original.page)["headings"]
            lines = read_lines(copy(original.title, original.page))
            seen = [(traits, words(line.text)) for line, traits in zip(lines, traits_of(lines), strict=True)][1:]
            seen = [(traits, text) for traits, text in seen if traits and text != words(original.title)]
            way = is_close(lines)
            rows += [(traits, wanted[text] > 0, len(seen) ** -0.5, way) for traits, text in seen]
    names = sorted({name for traits, _, _, _ in rows for name in traits})
    place = {name: 2 * number for number, name in enumerate(names)}
    columns = [place[name] + way for traits, _, _, way in rows for name in sorted(traits)]
    ends = np.cumsum([0, *(len(traits) for traits, _, _, _ in rows)])
    table = csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), 2 * len(names)))
    truth = np.array([is_heading for _, is_heading, _, _ in rows], dtype=float)
    weight = np.array([each for _, _, each, _ in rows])
    weight /= weight.mean()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = table @ weights
        missed = weight @ (np.logaddexp(0, odds) - truth * odds) + weights @ weights / 2
        return missed, table.T @ (weight * (1 / (1 + np.exp(-odds)) - truth)) + weights

    best = minimize(loss, np.zeros(2 * len(names)), jac=True, method="L-BFGS-B").x + 0.0
    for name in names:
        apart, close = best[place[name] :][:2] + np.array(LENIENCE) * (name == "any line")
        print(f'        "{name}": ({apart:.1f}, {close:.1f}),'.replace("-0.0", "0.0"))


def main() -> int:
    """Measures, or fits."""
    if not CORPORA.is_dir():
        print(f"{CORPORA} is not there: nothing measured")
        return 0
    if "--fit" in sys.argv:
        fit(originals(held_out=False))
        return 0
    measured = list(originals(held_out=True))
    if "--chromium" in sys.argv:
        copies = chromium_copies(measured)
    else:
        ways = {"marked": marked, "bare": bare}
        copies = ((each, way, copy(each.title, each.page)) for each in measured for way, copy in ways.items())
    return measure(copies, shows_misses="--misses" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
