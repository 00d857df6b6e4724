"""How well pasted text gets its structure back: headings and list items found again in flattened pages.

    python benchmarks/pasted.py [CORPUS]

CORPUS is a folder of pages with an expected.html each (../shared/corpora/extraction-dev/structure). Each is flattened
as a browser's copy does it (headings as plain lines, a bullet or number before each list item), read back, and
compared: F1 over the multiset of texts, mean over the pages that have any. Exits with 1 below a floor.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from lxml import html
from markdown import markdown

from insights.model import Source
from insights.readers.text import read_text

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpora" / "extraction-dev" / "structure"
FLOORS = {"headings": 0.80, "list items": 0.93}
_BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "table",
    "div",
    "section",
    "figure",
}


def words(text: str) -> str:
    """A text as it is compared: its letters and digits."""
    return " ".join(re.findall(r"\w+", text.lower()))


def flatten(element: html.HtmlElement, depth: int = 0) -> list[str]:
    """The paragraphs, headings and lists inside an element as a copy shows them, one a line or more each."""
    lines: list[str] = []
    run = [element.text or ""]

    def close() -> None:
        text = " ".join("".join(run).split())
        if text:
            lines.append(text)
        run.clear()

    for child in element:
        if child.tag in ("ul", "ol"):
            close()
            lines.append("\n".join(flatten_list(child, depth)))
        elif child.tag == "pre":
            close()
            lines.append(child.text_content().strip("\n"))
        elif child.tag == "table":
            close()
            rows = [
                "\t".join(" ".join(cell.text_content().split()) for cell in row.iter("td", "th"))
                for row in child.iter("tr")
            ]
            lines.append("\n".join(rows))
        elif child.tag in _BLOCKS or (isinstance(child.tag, str) and child.xpath(".//p|.//ul|.//ol|.//h2|.//h3")):
            close()
            lines.extend(flatten(child, depth))
        elif child.tag == "br":
            close()
        elif isinstance(child.tag, str):
            run.append(child.text_content())
        run.append(child.tail or "")
    close()
    return lines


def flatten_list(element: html.HtmlElement, depth: int) -> list[str]:
    """A list as a copy shows it: "  • item", nested ones further in."""
    lines = []
    for number, entry in enumerate(element.findall("li"), 1):
        mark = "•" if element.tag == "ul" else f"{number}."
        own = " ".join(item_text(entry).split())
        if own:
            lines.append(f"{'  ' * (depth + 1)}{mark} {own}")
        for nested in entry.xpath("./ul|./ol|./*[not(self::li)]/ul|./*[not(self::li)]/ol"):
            lines.extend(flatten_list(nested, depth + 1))
    return lines


def item_text(entry: html.HtmlElement) -> str:
    """A list item's text without that of lists inside it."""
    parts = [entry.text or ""]
    for child in entry:
        if isinstance(child.tag, str) and child.tag not in ("ul", "ol"):
            parts.append(item_text(child))
        parts.append(child.tail or "")
    return " ".join(parts)


def found_in(root: html.HtmlElement) -> dict[str, Counter[str]]:
    """The texts of headings and of list items in a tree."""
    headings = root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    return {
        "headings": Counter(text for heading in headings if (text := words(heading.text_content()))),
        "list items": Counter(text for entry in root.xpath("//li") if (text := words(item_text(entry)))),
    }


def f1(wanted: Counter[str], got: Counter[str]) -> float:
    """The harmonic mean of precision and recall over two multisets."""
    return 2 * (wanted & got).total() / (wanted.total() + got.total())


def main() -> int:
    """Prints the mean scores; 1 where one is below its floor."""
    paths = [name for name in sys.argv[1:] if not name.startswith("-")]
    corpus = Path(paths[0]) if paths else CORPUS
    if not corpus.is_dir():
        print(f"{corpus} is not there: nothing measured")
        return 0
    scores: dict[str, list[float]] = {name: [] for name in FLOORS}
    for folder in sorted(corpus.iterdir()):
        page = html.fromstring(f"<body>{(folder / 'expected.html').read_text(encoding='utf-8')}</body>")
        title = json.loads((folder / "expected-metadata.json").read_text(encoding="utf-8")).get("title") or folder.name
        text = "\n\n".join([title, *flatten(page)])
        body = read_text(Source(folder.name, text.encode())).body
        extensions = ["tables", "fenced_code", "sane_lists"]
        got = found_in(html.fromstring(f"<body>{markdown(body, extensions=extensions)}</body>"))
        wanted = found_in(page)
        for name, found in scores.items():
            wanted[name].pop(words(title), None)
            if wanted[name]:
                found.append(f1(wanted[name], got[name]))
                if "--misses" in sys.argv:
                    lost, extra = wanted[name] - got[name], got[name] - wanted[name]
                    print(f"{folder.name} {name} {found[-1]:.2f} lost {list(lost)[:5]} extra {list(extra)[:5]}")
    means = {name: sum(found) / len(found) for name, found in scores.items()}
    for name, mean in means.items():
        print(f"{name:12} F1 {mean:.3f} over {len(scores[name])} pages (floor {FLOORS[name]:.2f})")
    return int(any(mean < FLOORS[name] for name, mean in means.items()))


if __name__ == "__main__":
    sys.exit(main())
