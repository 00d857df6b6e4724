"""Made-up HTML of clean articles for `benchmarks/converter.py`: every block in every other, every text only once."""

from __future__ import annotations

import random
from collections.abc import Callable

MAX_DEPTH = 6
WORDS = (
    "ledger count twice harbour weigh barley receipt column winter audit clerk lamp seal parcel margin quarter noon "
    "balance carry sum total entry ink shelf bridge gate salt rope anchor tide mill grain stone river copper tin"
).split()
TRICKY = (
    "3 * 4 * 5", "snake_case_name", "a < b && c > d", "[draft]", "#7", "C:\\temp\\new", "1. first", "- minus", "+ plus",
    "a|b", "`tick`", "~~no~~", "{brace}", "&amp;", "<tag>", "!important", "http://bare.example/x_y", "*star*", "**",
    "> gt", "^up", "~approx", "x^2^", "100%", "$5", "(a)", "[1]", ": colon", "=== ===", "--- ---", "a\\*b",
)  # fmt: skip


INLINE = ("strong", "em", "a", "code", "img", "br", "del", "sup", "sub", "kbd")


class Maker:
    """Makes the HTML of one document; every text is its own, so that a lost one is seen."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.count = 0
        self.level = 1

    def document(self) -> str:
        """Five to nine blocks under headings without gaps."""
        parts = []
        for _ in range(self.random.randint(5, 9)):
            if self.random.random() < 0.4:
                parts.append(self.heading())
            parts.append(self.block(0))
        return "\n".join(parts)

    def heading(self) -> str:
        """A heading at most one level below the last."""
        self.level = self.random.randint(2, min(self.level + 1, 6))
        return f"<h{self.level}>{self.inline(2, frozenset({'br'}))}</h{self.level}>"

    def words(self) -> str:
        """A few words that no other place has."""
        self.count += 1
        chosen = self.random.choices(WORDS, k=self.random.randint(1, 6))
        if self.random.random() < 0.2:
            chosen.insert(self.random.randint(0, len(chosen)), self.random.choice(TRICKY))
        text = " ".join([*chosen, f"n{self.count}"])
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def inline(self, depth: int, barred: frozenset[str] = frozenset()) -> str:
        """A run of text and inline elements, nested up to `depth`; `barred` tags stand around it."""
        parts, last = [self.words()], ""
        for _ in range(self.random.choice((0, 0, 1, 1, 2)) if depth else 0):
            tag = self.random.choice(INLINE)
            if tag in barred or tag == last:
                continue
            parts.append(self.element(tag, depth - 1, barred | {tag}))
            last = tag
            if tag == "br" or self.random.random() < 0.8:
                parts.append(self.words())
                last = ""
        return self.random.choice((" ", " ", " ", "")).join(parts)

    def element(self, tag: str, depth: int, barred: frozenset[str]) -> str:
        """One inline element."""
        if tag == "br":
            return "<br>"
        if tag == "img":
            self.count += 1
            return f'<img src="../assets/n{self.count}.png" alt="{self.words()}">'
        if tag in ("code", "sup", "sub", "kbd"):
            return f"<{tag}>{self.words()}</{tag}>"
        if tag == "a":
            self.count += 1
            href = f"https://ledger.example/n{self.count}" + self.random.choice(
                ("", "?a=b&amp;c=d_e", "/(x)", "#part_1")
            )
            return f'<a href="{href}">{self.inline(depth, barred)}</a>'
        return f"<{tag}>{self.inline(depth, barred)}</{tag}>"

    def block(self, depth: int) -> str:
        """A block of any kind; `depth` blocks stand around it."""
        makers: list[Callable[[int], str]] = [self.paragraph, self.paragraph, self.listing, self.listing, self.code]
        if depth < MAX_DEPTH:
            makers += [self.quote, self.table, self.figure, self.linked_image]
        if depth == 0:
            makers += [self.listing, self.rule, self.table, self.definitions]
        return self.random.choice(makers)(depth)

    def paragraph(self, _depth: int) -> str:
        """A paragraph."""
        return f"<p>{self.inline(3)}</p>"

    def listing(self, depth: int) -> str:
        """A list; its items are tight, loose, or hold other blocks."""
        tag = self.random.choice(("ul", "ul", "ol"))
        start = f' start="{self.random.randint(2, 12)}"' if tag == "ol" and self.random.random() < 0.2 else ""
        items = "".join(f"<li>{self.item(depth + 1)}</li>" for _ in range(self.random.randint(1, 4)))
        return f"<{tag}{start}>{items}</{tag}>"

    def item(self, depth: int) -> str:
        """What an item holds."""
        draw = self.random.random()
        deeper = self.listing(depth) if depth < MAX_DEPTH and self.random.random() < 0.45 else ""
        if draw < 0.7:
            return self.inline(2) + deeper
        if draw < 0.85:
            return self.paragraph(depth) + deeper
        blocks = "".join(self.block(depth) for _ in range(self.random.randint(1, 2)))
        return self.paragraph(depth) + blocks + (deeper and self.paragraph(depth) + deeper)

    def quote(self, depth: int) -> str:
        """A quotation of one to three blocks."""
        inside = "".join(self.block(depth + 1) for _ in range(self.random.randint(0, 2)))
        if self.random.random() < 0.1:
            inside += self.heading() + self.paragraph(0)
        return f"<blockquote>{self.paragraph(depth)}{inside}</blockquote>"

    def code(self, _depth: int) -> str:
        """A code block with indents, an empty line, and characters that mean something elsewhere."""
        lines = [
            f"def {self.words().replace(' ', '_')}():",
            "    # " + self.words(),
            "",
            "\treturn `x` * _y_ ```",
            "- z",
        ]
        language = self.random.choice(("", ' class="language-python"'))
        return f"<pre><code{language}>{chr(10).join(lines[: self.random.randint(1, 5)])}</code></pre>"

    def table(self, depth: int) -> str:
        """A table of data, sometimes with merged cells or lists in cells."""
        width, merged = self.random.randint(2, 4), depth == 0 and self.random.random() < 0.2
        head = "".join(f"<th>{self.inline(1, frozenset({'br'}))}</th>" for _ in range(width))
        rows = []
        for _ in range(self.random.randint(2, 4)):
            cells = [f"<td>{self.cell(depth)}</td>" for _ in range(width)]
            if merged:
                cells[:2] = [f'<td colspan="2">{self.inline(2)}</td>']
            rows.append("<tr>" + "".join(cells) + "</tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

    def cell(self, depth: int) -> str:
        """What a cell holds: text, more rarely paragraphs or a list."""
        draw = self.random.random()
        if draw < 0.95 or depth:
            return self.inline(2)
        if draw < 0.975:
            return self.paragraph(0) + self.paragraph(0)
        return "<ul>" + "".join(f"<li>{self.inline(1)}</li>" for _ in range(2)) + "</ul>"

    def definitions(self, depth: int) -> str:
        """Terms and what they mean."""
        return (
            "<dl>"
            + "".join(f"<dt>{self.inline(1, frozenset({'br'}))}</dt><dd>{self.meaning(depth)}</dd>" for _ in range(2))
            + f"<dd>{self.meaning(depth)}</dd>"
            + "</dl>"
        )

    def meaning(self, depth: int) -> str:
        """What a term means: a text, more rarely blocks."""
        return self.inline(2) if self.random.random() < 0.8 else self.paragraph(0) + self.block(depth + 1)

    def figure(self, _depth: int) -> str:
        """A picture with its caption."""
        image = self.element("img", 0, frozenset())
        return f"<figure>{image}<figcaption>{self.inline(2, frozenset({'img', 'br'}))}</figcaption></figure>"

    def linked_image(self, _depth: int) -> str:
        """A paragraph that is a picture with a link."""
        self.count += 1
        image = self.element("img", 0, frozenset())
        return f'<p><a href="https://ledger.example/n{self.count}">{image}</a></p>'

    def rule(self, _depth: int) -> str:
        """A thematic break."""
        return "<hr>"
