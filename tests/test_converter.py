"""What the compiled renderer converts is what Python-Markdown makes of it, to the byte; and it converts most texts."""

from __future__ import annotations

import gzip
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.commonmark import cut
from insights.converter import Converter
from insights.frontmatter import parse_front_matter
from insights.readers.markdown import canonical_markdown
from insights.settings import Publication, parse_publication
from insights.store import read_publication

ARTICLES = 60  # of each collection
# What one parser may read otherwise than the other, alone or beside what comes next.
TRAPS = (
    "snake_case_word and _emphasis_ and __init__ and 2*3*4",
    "*a*b* and **a**b** and ***both*** and **a*b**",
    "a * b * c ** d",
    "*emphasis with `code` and [a *link*](x.md)*, **“quoted”**—and *so* on",
    "*中文*，**强调**文字",
    "* not a list\n* but Python-Markdown says so",
    "Words\n- no list\n- for Python-Markdown",
    "Words\n1. no list\n2. either",
    "Words\n1986. A great year.",
    "Words\n# a heading for Python-Markdown",
    "#also a heading",
    "# Trailing ##\n\n## C#\n\n## A `#`",
    "Setext\n======\n\nOther\n-----",
    "- a\n- b\n\n    below\n- c",
    "- a\n\n- b",
    "- a\n  - two spaces\n    - four",
    "- a\n        - too deep",
    "- a\n    - b\n        - c\n            - d",
    "1. a\n    - b\n10. c\n    1. d\n    2. e",
    "2. starts at two\n3. goes on",
    "1) round",
    "- a\n\n1. b",
    "- a\n\nWords\n\n- b",
    "- [ ] open\n- [x] done",
    "- # heading in an item",
    "- > quotation in an item",
    "- - dash",
    "> a\n\n> b",
    "> a\nlazy",
    "> # heading",
    "> - item\n> - other",
    "> a\n>\n> — b",
    ">a",
    "    code\n\nwords\n\n    more code",
    "Words\n\n    code below them",
    "\tcode",
    "a\tb",
    "two spaces  \nbreak",
    "backslash\\\nbreak",
    "break<br>\nwritten",
    "<br>",
    "nbsp\u00a0at the end\u00a0",
    "\u00a0nbsp at the start",
    "one\u2028line",
    "null\x00 and \x02klzzwxh:0000\x03",
    "\ue002\n\n| a |\n| --- |\n| b |",
    "``a ` b`` and ` padded ` and `two\nlines` and `a\\`",
    "`unclosed and *emphasis*",
    "`<div>` and `a < b` and `</p>` and `<!-- no -->` and `<a href='` x `'>`",
    "a < b and a > b and <3 and 1<2",
    "a <b>bold</b> <unknown> </closed>",
    "<div>\n\n*html*\n\n</div>",
    "<!-- comment -->\n\nWords",
    "AT&T &amp; R&D; &copy; &copy &#65; &lt;b&gt; &nope;",
    "\\* \\_ \\` \\# \\[ \\] \\( \\) \\{ \\} \\! \\- \\+ \\. \\> \\~ \\| \\\\",
    "\\\" \\' \\$ \\% \\& \\, \\/ \\: \\; \\< \\= \\? \\@ \\^",
    "1\\. no list\n\\# no heading\n\\> no quotation",
    "[a](b.md 'title') [a](<b c.md>) [a]() [a](b c) [a]( b.md )",
    "[a](b(c).md) [a](b(c(d)).md) [a](b\\).md) [a](b'c'.md)",
    "[a](ümlaut.md) [a](%C3%BC.md) [a](x?a=1&b=2&copy=3) [a](x_y_z)",
    "[a][b] [a] [a][]\n\n[b]: c.md\n[a]: d.md",
    "[a]\n\n[a]: <d.md> 'x'",
    "[^1] a note\n\n[^1]: its text",
    "[nested [brackets]](a.md) [`]`](a.md) [![p](p.png)](a.md)",
    "![p](p.png)",
    "![p](p.png)\n\n*Its caption, [linked](x.md).*",
    "![p](p.png)\n\n_Its caption._",
    "![p [odd]](p.png)\n\n*Its caption.*",
    "![p](p.png) words\n\n*No caption.*",
    "![p](p.png)\n\n*No* caption",
    '![a "quoted" & b](p.png)',
    "![](p.png)",
    "![p](https://elsewhere.example/p.png) [![p](//elsewhere.example/p.png)](x.md)",
    "wow![p](p.png)!",
    "<https://example.org/a_b?c=d&e=f> <http://a*b*c> <ftp://x> <a@example.org>",
    "https://example.org/a_b_c/*d*",
    "*[HTML]: Hypertext\n\nHTML and HTML",
    "The HTML\n\n*[HTML]: Hypertext",
    "Term\n: Definition",
    "A: b\n: c",
    "[TOC]\n\n## A",
    "!!! note\n    Words\n\n## A",
    "??? note\n    Words\n\n    more\n\nWords",
    "Words {: #id }\n\n## id",
    "Words\n{: .class }\n\nWords",
    "## A {#own}\n\n## A\n\n## A\n\n## A_1",
    "## A & B <c> \"d\" 'e' \u00a0 f\n\n### `code_` *em* [link](x.md) ![p](p.png)\n\n#### Four\n\n## ***",
    "## __init__\n\n## `__init__`\n\n## \\_\\_a",
    "## Ä\n\n## 中文\n\n## 中国",
    "---\n\n***\n\n- - -\n\n_ _ _",
    "Words\n---",
    "| a | b |\n| --- | ---: |\n| *c* | `d|e` |\n\nWords",
    "a | b\n--- | ---\nc | d",
    "a | b\nc | d",
    "```python\n# no heading\n\n[^1]: no note\n```\n\n## A",
    "```python\nif a < b: pass\n```\n\nWords\n\n```\nplain\n```",
    "```\nunclosed\n\n## A",
    "~~~\ntildes\n~~~",
    "````\n```\n````",
    "- a\n\n    ```python\n    b\n    ```",
    "H~2~O and ~~gone~~ and ~50",
    "x^2^ and ==mark== and ++ins++ and :smile:",
    '=== "Tab"\n\n    Words',
    "a  b   c\n\n\n\nd\n   \ne",
    "  indented a little",
    "",
    "\n\n",
    "   ",
    "[a](javascript:alert(1)) [a](JaVaScRiPt:alert) [a](data:text/html,x) [a](vbscript:x)",
    '![x](x.png"onerror=alert) `<script>alert(1)</script>` <script>alert(1)</script>',
)
# Runs whose conversion by itself would differ, if it were done.
BESIDE = (
    "## A",
    "[^1]",
    "[r]",
    "Words.",
    "- item",
    "> quotation",
    "    indented",
    "*emphasis*",
    "![p](p.png)",
    "| a |\n| - |",
)

_WORDS = st.sampled_from(
    "word Zürich x,_y. “quoted” é R&D (c) a>b -> 10% \\* \\[ 中文 🎉 — …".split()
    + "a_b ! ? : &amp; # 1. - ~ | ' \" ² @".split()
    + ["\u00a0"]
)
_TEXT = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
_GLUED = st.lists(_WORDS, min_size=1, max_size=4).map("".join)
_CODE = st.sampled_from(["a", "a < b", "<b>", "x[1]", "</p>", "a&b", " a", "*a*", "\\"]).map("`{}`".format)
_URL = st.sampled_from(
    ["x.md", "../a.png", "https://a.b/c_d?e=f&g=h#i", "#top", "mailto:a@b.c", "a_(b)", "x y", "javascript:x"]
)
_PICTURE = st.builds("![{}]({})".format, _TEXT, _URL)
_INLINE = st.recursive(
    st.one_of(_TEXT, _TEXT, _GLUED, _CODE, _PICTURE, st.just("<https://a.b/c_d>")),
    lambda inside: st.one_of(
        st.builds("[{}]({})".format, inside, _URL),
        st.builds("{0}{1}{0}".format, st.sampled_from(["*", "**", "*", "**", "_", "***"]), inside),
        st.lists(inside, min_size=2, max_size=4).map(" ".join),
        st.builds("{}{}{}".format, inside, st.sampled_from(["\n", "<br>\n", "", ". ", ", "]), inside),
    ),
    max_leaves=8,
)
_LINE = _INLINE.map(lambda text: text.replace("\n", " "))
_ITEM = st.builds(
    "{}{} {}".format, st.sampled_from(["", "", "    ", "        "]), st.sampled_from(["-", "1.", "2."]), _LINE
)
_BLOCKS = st.one_of(
    _INLINE,
    _INLINE,
    st.builds("{} {}".format, st.sampled_from(["##", "###", "#"]), _LINE),
    st.lists(_ITEM, min_size=1, max_size=5).map("\n".join),
    st.lists(_LINE, min_size=1, max_size=3).map(lambda lines: "> " + "\n>\n> ".join(lines)),
    st.builds("{}\n\n*{}*".format, _PICTURE, _LINE),
    st.builds("| a | {} |\n| --- | ---: |\n| {} | b |".format, _LINE, _LINE),
    st.builds("```{}\n{}\n```".format, st.sampled_from(["", "python", "sql"]), _TEXT),
    st.builds("!!! note\n    {}".format, _LINE),
    st.just("---"),
)


@pytest.fixture(scope="module")
def publication() -> Publication:
    return read_publication(PROJECT)


@pytest.fixture(scope="module")
def fast(publication: Publication) -> Converter:
    return Converter(publication.markdown_extensions, publication.markdown_configs, is_fast=True)


@pytest.fixture(scope="module")
def reference(publication: Publication) -> Converter:
    return Converter(publication.markdown_extensions, publication.markdown_configs, is_fast=False)


def converted(converter: Converter, text: str) -> tuple[str, list[Any]]:
    """The HTML, and the table of contents."""
    html = converter.convert(text)
    return html, list(map(_heading, getattr(converter.markdown, "toc_tokens", [])))


def _heading(token: dict[str, Any]) -> tuple[int, str, str, list[Any]]:
    return token["level"], token["id"], token["name"], list(map(_heading, token["children"]))


def real_articles() -> list[str]:
    """Bodies of real articles: as their authors wrote them, and as ingest writes them."""
    archives = sorted((SHARED / "corpora" / "related-dev").glob("*.jsonl.gz"))
    if not archives:
        pytest.skip("the collections of real articles are not here")
    bodies = []
    for archive in archives:
        with gzip.open(archive, "rt", encoding="utf-8") as lines:
            bodies += [json.loads(line)["body"] for line, _ in zip(lines, range(ARTICLES), strict=False)]
    return bodies


def body_of(path: Path) -> str:
    return parse_front_matter(path.read_text(encoding="utf-8"), str(path))[0].body


@pytest.mark.parametrize("folder", ["content", "tests/site/content"])
def test_every_text_of_a_publication_is_the_same(fast: Converter, reference: Converter, folder: str) -> None:
    paths = sorted((PROJECT / folder).rglob("*.md"))
    assert paths
    for path in paths:
        assert converted(fast, body_of(path)) == converted(reference, body_of(path)), path


def test_articles_of_the_benchmarks_are_the_same_and_compiled_throughout(
    fast: Converter, reference: Converter, tmp_path: Path
) -> None:
    runpy.run_path(str(PROJECT / "benchmarks/articles.py"))["make_publication"](tmp_path, 20)
    for path in sorted((tmp_path / "content/insights").iterdir()):
        body = body_of(path)
        assert converted(fast, body) == converted(reference, body)
        assert [run.is_shared for run in cut(body) or ()] == [True]


def test_real_articles_are_the_same_and_most_need_no_full_conversion(fast: Converter, reference: Converter) -> None:
    bodies = real_articles()
    canonical = [canonical_markdown(body)[0] for body in bodies]
    for body in (*bodies, *canonical):
        assert converted(fast, body) == converted(reference, body)
    assert len(canonical) > 200
    assert sum(cut(body) is not None for body in canonical) > 0.85 * len(canonical)


@pytest.mark.parametrize("trap", TRAPS, ids=range(len(TRAPS)))
def test_what_two_parsers_may_read_differently_is_the_same(fast: Converter, reference: Converter, trap: str) -> None:
    for text in (trap, *(f"{trap}\n\n{other}" for other in BESIDE), *(f"{other}\n\n{trap}" for other in BESIDE)):
        assert converted(fast, text) == converted(reference, text), text


@settings(max_examples=300)
@given(st.lists(_BLOCKS, min_size=1, max_size=5).map("\n\n".join))
def test_any_text_in_our_style_is_the_same(fast: Converter, reference: Converter, text: str) -> None:
    assert converted(fast, text) == converted(reference, text)


def test_blocks_of_all_shared_forms_are_compiled() -> None:
    text = """Words, *emphasis*, **weight**, `code`, a [link](x.md), R&D, snake_case and \\[brackets\\].

## A heading with `code`

- an item
    - one below it
- **another**, longer

Words.

1. first
2. second

> A quotation
>
> — its source

![A picture](../a.png)

*Its caption.*

Two lines,<br>
one below the other.

---
"""
    assert [run.is_shared for run in cut(text) or ()] == [True]


def test_one_odd_block_does_not_keep_the_others_from_being_compiled() -> None:
    runs = (
        cut("Words.\n\n## A\n\n| a |\n| - |\n| b |\n\nWords.\n\n```\n\n<div>\n```\n\n- a\n\n    below\n\nWords.\n")
        or []
    )
    assert [run.is_shared for run in runs] == [True, False, True, False, False, True]
    assert (
        "".join(run.text for run in runs)
        == "Words.\n\n## A\n\n| a |\n| - |\n| b |\n\nWords.\n\n```\n\n<div>\n```\n\n- a\n\n    below\n\nWords."
    )


@pytest.mark.parametrize(
    "setting",
    ["  - pymdownx.smartsymbols\n", "  - nl2br\n", "  - pymdownx.tasklist: {clickable_checkbox: true}\n"],
)
def test_with_extensions_that_are_not_known_python_markdown_does_everything(setting: str) -> None:
    text = (PROJECT / "mkdocs.yml").read_text(encoding="utf-8").replace("  - pymdownx.tasklist\n", setting)
    publication = parse_publication(text, "mkdocs.yml")
    assert not Converter(publication.markdown_extensions, publication.markdown_configs, is_fast=True).is_fast


def test_settings_that_are_off_change_nothing(publication: Publication) -> None:
    configs = {**publication.markdown_configs, "toc": {"permalink": False, "toc_depth": "2-3"}}
    assert Converter(publication.markdown_extensions, configs, is_fast=True).is_fast
    linked = {**configs, "toc": {"permalink": True}}
    assert not Converter(publication.markdown_extensions, linked, is_fast=True).is_fast
