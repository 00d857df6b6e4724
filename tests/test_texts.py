"""Open texts: closed as MkDocs does they are MkDocs' pages, closed with absolute URLs they are what feeds render."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor

from insights.frontmatter import parse_front_matter
from insights.render import clean_html, render_html
from insights.settings import Publication
from insights.site.texts import Opener
from insights.store import read_publication

PATH = "insights/here.md"
FILES = ("insights/there.md", "assets/a.png", "topics/data.md")
PIECES = (
    "Plain words, and *some* **of weight**.",
    "## A heading",
    "## A heading",
    "# Its title",
    "- one\n- two\n    - deep",
    "1. first\n2. second",
    "[there](there.md) and [a part](there.md#part)",
    "[gone](gone.md), [up](../topics/data.md?q=1&r=2)",
    "[odd](<a b.md>) [mail](mailto:a@example.org) [top](#top) [root](/x/) [web](https://example.org/?a=1&b=2)",
    "<https://example.org/> <a@example.org>",
    "![A picture](../assets/a.png)\n\n*Its caption.*",
    "![Elsewhere](https://elsewhere.example/a.png)",
    '<a href="there.md" onclick="x()">raw</a> <b>bold',
    "[bad](javascript:alert(1)) [tab](java\tscript:alert(1)) [ref][r]\n\n[r]: there.md 'A title'",
    "```python\nif a < b: pass\n```",
    "    indented code",
    "`<code>` & &amp; &copy; \\* \\[",
    "A note.[^1]\n\n[^1]: It [links](there.md).",
    "| a | b |\n| --- | ---: |\n| [there](there.md) | 2 |",
    "> quoted\n> [there](there.md)",
    "Term\n:   Its meaning",
    "- [x] done\n- [ ] open",
    '!!! note "Title"\n    Inside [it](there.md).',
    "\ue0000\ue001 [there](there.md)",
    "Zürich 未知数 \u00a0 “quoted” – dash",
)


@pytest.fixture(scope="module")
def config() -> MkDocsConfig:
    return load_config(str(PROJECT / "mkdocs.yml"))


@pytest.fixture(scope="module")
def publication() -> Publication:
    return read_publication(PROJECT)


@pytest.fixture(scope="module", params=[True, False], ids=["fast", "by-python-markdown"])
def opener(config: MkDocsConfig, request: pytest.FixtureRequest) -> Opener:
    return Opener(config, is_fast=request.param)


def check(body: str, config: MkDocsConfig, publication: Publication, opener: Opener) -> bool:
    """Whether the text can be left open; both ways to close it are then right."""
    text = opener.convert(PATH, body)
    if text is None:
        return False
    files = Files([File(path, "docs", "site", True) for path in (PATH, *FILES)])
    file = files.get_file_from_path(PATH)
    assert file
    page = Page(None, file, config)
    page.markdown = body
    page.render(config, files)
    resolver = _RelativePathTreeprocessor(file, files, config)
    assert text.close(resolver.path_to_url) == page.content
    assert [heading["name"] for heading in text.toc] == [heading.title for heading in page.toc]
    if opener.is_same_in_feeds(text):
        assert clean_html(text.close(str), publication, PATH) == render_html(body, publication, PATH)
    return True


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_any_mixture_of_markdown_is_the_same_on_pages_and_in_feeds(
    config: MkDocsConfig, publication: Publication, opener: Opener, pieces: list[str]
) -> None:
    is_open = check("\n\n".join(pieces), config, publication, opener)
    assert is_open or any("<a b.md>" in piece or "\ue000" in piece or "[tab]" in piece for piece in pieces)


@pytest.mark.parametrize("path", sorted((PROJECT / "content").rglob("*.md")), ids=lambda path: path.stem)
def test_every_text_of_the_publication_can_be_left_open(
    config: MkDocsConfig, publication: Publication, opener: Opener, path: Path
) -> None:
    front, _findings = parse_front_matter(path.read_text(encoding="utf-8"), str(path))
    assert check(front.body, config, publication, opener)
