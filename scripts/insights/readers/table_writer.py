"""Tables → Markdown tables; as HTML only where cells are merged, which Markdown cannot say."""

from __future__ import annotations

import re
from html import escape

from turbohtml import Element

from insights.readers.dom import HEADINGS, child_elements
from insights.readers.escaping import absolute
from insights.readers.inline import CAPTION, Writing, inline_markdown

_BLOCK_CELL = "ul,ol,pre,blockquote,table,h1,h2,h3,h4,h5,h6,figure,dl"
_CELL_BLOCKS = ",".join(("p", "div", "li", *sorted(HEADINGS)))
_ALIGNMENT = re.compile(r"text-align\s*:\s*(left|right|center)", re.I)
_ALIGNED_NAME = re.compile(r"(?:^|\s)(?:has-text-align|text|align)-(left|right|center|end)(?:\s|$)")
_RULES = {"end": "---:", "left": ":---", "right": "---:", "center": ":---:", "": "---"}
_LINES = frozenset({"p", "div", "tr", "dt", "dd", "blockquote", "pre", "figcaption", *HEADINGS})
_INLINE_TAGS = frozenset({"strong", "b", "em", "i", "code", "sup", "sub", "br", "del", "s", "kbd"})


def table_markdown(table: Element, writing: Writing) -> str | None:
    """A table as Markdown or HTML; None where it is layout and its cells should be read as blocks."""
    rows = _rows(table)
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    if table.attr("role") == "presentation" or (width == 1 and table.select_one("th,caption") is None):
        return None
    cells = [cell for row in rows for cell in row]
    has_blocks = any(cell.select_one(_BLOCK_CELL) is not None for cell in cells)
    if has_blocks and table.select_one("th,caption") is None and (len(rows) < 3 or width < 2):
        return None
    caption = table.select_one("caption")
    if has_blocks or any(_span(cell, name) > 1 for cell in cells for name in ("colspan", "rowspan")):
        return _html_table(rows, caption, writing)
    lines = []
    if caption is not None and (text := inline_markdown(list(caption.children), writing, CAPTION)):
        lines += [f"*{_one_line(text)}*", ""]
    written = [[_cell(cell, writing) for cell in row] + [""] * (width - len(row)) for row in rows]
    rules = [_RULES[_alignment(rows, column)] for column in range(width)]
    table_lines = [written[0], rules, *written[1:]]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in table_lines])


def _rows(table: Element) -> list[list[Element]]:
    """The cells of a table's own rows, empty rows left out."""
    rows = []
    for row in table.select("tr"):
        cells = [cell for cell in child_elements(row) if cell.tag in ("td", "th")]
        if row.closest("table") is table and any(cell.text.strip() or cell.select_one("img") for cell in cells):
            rows.append(cells)
    return rows


def _span(cell: Element, name: str) -> int:
    value = cell.attr(name) or "1"
    return int(value) if value.isdigit() and len(value) < 5 else 1


def _cell(cell: Element, writing: Writing) -> str:
    return _one_line(_cell_inline(cell, writing))


def _cell_inline(cell: Element, writing: Writing) -> str:
    """A cell's inline Markdown, its paragraphs set apart by line breaks."""
    for block in cell.select(_CELL_BLOCKS) if child_elements(cell) else ():
        if block.text.strip() and (block.previous_sibling is not None):
            block.insert_before(Element("br"))
    text = inline_markdown(list(cell.children), writing)
    if "|" not in text:
        return text
    parts = re.split(r"(`+[^`]*`+)", text)  # Python-Markdown reads no pipe inside a code span as a border
    return "".join(part if part.startswith("`") else re.sub(r"(?<!\\)\|", r"\\|", part) for part in parts)


def _one_line(text: str) -> str:
    return "<br>".join(map(str.strip, text.split("<br>"))).replace("\n", " ").strip()


def _alignment(rows: list[list[Element]], column: int) -> str:
    """The alignment that most of a column's cells state."""
    stated = []
    for row in rows:
        if column < len(row):
            cell = row[column]
            match = _ALIGNMENT.search(cell.attr("style") or "") or _ALIGNED_NAME.search(cell.attr("class") or "")
            value = (match[1] if match else cell.attr("align") or "").lower()
            stated.append(value if value in _RULES else "")
    return max(sorted(set(stated)), key=stated.count) if stated else ""


def _html_table(rows: list[list[Element]], caption: Element | None, writing: Writing) -> str:
    """A table with merged cells in clean HTML, a row a line, so that it stays readable in a diff."""
    lines = ["<table>"]
    if caption is not None and (text := inline_html(caption, writing)):
        lines.append(f"<caption>{text}</caption>")
    for row in rows:
        lines.append("<tr>" + " ".join(_html_cell(cell, writing) for cell in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _html_cell(cell: Element, writing: Writing) -> str:
    spans = "".join(f' {name}="{_span(cell, name)}"' for name in ("colspan", "rowspan") if _span(cell, name) > 1)
    return f"<{cell.tag}{spans}>{inline_html(cell, writing)}</{cell.tag}>"


def inline_html(element: Element, writing: Writing) -> str:
    """The content of an element as a line of clean HTML, for where Markdown is not read."""
    return re.sub(r"^(?:\s|<br>)++|(?<!\s)(?<!<br>)(?:\s|<br>)++$", "", _inline_html(element, writing))


def _inline_html(element: Element, writing: Writing) -> str:
    parts: list[str] = []
    for node in element.children:
        if not isinstance(node, Element):
            data = getattr(node, "data", "")
            parts.append(escape(re.sub(r"\s+", " ", data), quote=False) if type(node).__name__ == "Text" else "")
            continue
        inside = _inline_html(node, writing)
        if node.tag == "img":
            source = absolute(node.attr("src") or "", writing.base_url)
            parts.append(f'<img src="{escape(source)}" alt="{escape(node.attr("alt") or "")}">' if source else "")
        elif node.tag == "br":
            parts.append("<br>")
        elif node.tag == "a" and (url := absolute(node.attr("href") or "", writing.base_url)) and inside.strip():
            parts.append(f'<a href="{escape(url)}">{inside}</a>' if not url.startswith("#") else inside)
        elif node.tag in _INLINE_TAGS or node.tag in ("ul", "ol", "li"):
            parts.append(f"<{node.tag}>{inside.strip() if node.tag in ('ul', 'ol', 'li') else inside}</{node.tag}>")
        elif node.tag in _LINES and parts and inside.strip():
            parts.append(f"<br>{inside.strip()}")
        elif node.tag in ("td", "th"):  # of a table in a cell
            parts.append(f"{inside.strip()} ")
        else:
            parts.append(inside)
    return "".join(parts)
