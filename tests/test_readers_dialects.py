"""Markdown as GitHub, Obsidian, Docusaurus, MyST and Pandoc write it, read by `insights ingest`."""

from datetime import UTC, datetime

import pytest

from insights.model import Source
from insights.readers.markdown import canonical_markdown, read_markdown

DIALECTS = {
    "alert of GitHub": ("> [!WARNING]\n> Mind **the** gap.", "!!! warning\n\n    Mind **the** gap.\n"),
    "call-out that keeps the word of its kind": ("> [!IMPORTANT]\n> Look.", '!!! tip "Important"\n\n    Look.\n'),
    "folded call-outs of Obsidian, one in another": (
        "> [!faq]- Why?\n> Since.\n> > [!note]\n> > In it.",
        '!!! question "Why?"\n\n    Since.\n\n    !!! note\n\n        In it.\n',
    ),
    "call-out with code": ("> [!tip]\n> ```sh\n> ls\n> ```", "!!! tip\n\n    ```sh\n    ls\n    ```\n"),
    "quote that is no call-out": ("> [y] said", "> [y] said\n"),
    "container of Docusaurus": (":::tip[My *tip*]\n\nText\n\n:::", '!!! tip "My tip"\n\n    Text\n'),
    "container with a title beside it": (":::danger Mind\nText\n:::", '!!! danger "Mind"\n\n    Text\n'),
    "container of no kind of box": (":::columns\nText\n:::", "Text\n"),
    "container within another": (
        "::::note\n:::warning\nIn\n:::\nOut\n::::",
        "!!! note\n\n    !!! warning\n\n        In\n\n    Out\n",
    ),
    "container that stays open": (":::note\nText", "!!! note\n\n    Text\n"),
    "container of MyST with options": (
        ":::{admonition} Mind\n:class: tip\nText\n:::",
        '!!! note "Mind"\n\n    Text\n',
    ),
    "div of Pandoc": ('::: {.callout-note title="T"}\nText\n:::', '!!! note "T"\n\n    Text\n'),
    "directive of MyST": ("```{seealso}\nThis.\n```", '!!! info "Seealso"\n\n    This.\n'),
    "directive in a directive": (
        "````{tab-set}\n```{tab-item} One\nFirst\n```\n````",
        "**One**\n\nFirst\n",
    ),
    "picture of MyST": ("```{figure} a.png\n:width: 9\nA *cup*\n```", "![A cup](a.png)\n"),
    "code of MyST": ("```{code-block} python\n:linenos:\nx = 1\n```\nText", "```python\nx = 1\n```\n\nText\n"),
    "directive that is not known": ("```{mermaid}\na --> b\n```", "```mermaid\na --> b\n```\n"),
    "roles of MyST": (
        "See {doc}`the guide <guide>`, {term}`tea`, {kbd}`F1`, `{ref}` and `x`.",
        "See the guide, tea, `F1`, `{ref}` and `x`.\n",
    ),
    "language with classes": ("~~~ {.haskell .numberLines}\nx\n~~~", "```haskell\nx\n```\n"),
    "code with a title": ('```js {1,3} title="a.js"\nx\n```', "*a.js*\n\n```js\nx\n```\n"),
    "attributes of a picture": ("![Cup](a.png){width=50% .wide}", "![Cup](a.png)\n"),
    "attributes below a picture": ("![Cup](a.png)\n{width=300}\n\nText\n{: .x}", "![Cup](a.png)\n\nText\n"),
    "target of MyST": ("(tea)=\n# Tea\n\nText (here)= and (there)=", "Text (here)= and (there)=\n"),
    "braces that are no attributes": ("f(x){y} and [a]{b}", "f(x)\\{y} and [a]\\{b}\n"),
    "span with a class": ("A [small *thing*]{.smallcaps} here", "A small *thing* here\n"),
    "heading with an id that a link names": (
        "# Whole\n\n## Tea {#tea .x}\n\n[up](#tea)",
        "## Tea {#tea}\n\n[up](#tea)\n",
    ),
    "heading with a class alone": ("## Tea {.unnumbered}", "## Tea\n"),
    "note in the text": ("Tea^[From *China*.] is hot.", "Tea[^1] is hot.\n\n[^1]: From *China*.\n"),
    "formula": (r"So $\alpha_1 \, x_2$ is.", "So $`\\alpha_1 \\, x_2`$ is.\n"),
    "formula on lines of its own": (
        "Text\n$$\n\\{a\\} *b* \\\\ c*\n$$\nText",
        "Text\n\n```math\n\\{a\\} *b* \\\\ c*\n```\n\nText\n",
    ),
    "formula of MyST": ("```{math}\n:label: a\nx_1\n```\n\n{math}`a_1`", "```math\nx_1\n```\n\n$`a_1`$\n"),
    "prices are no formula": ("$5 *or* $6_a, US$7 and A$8_b$", "$5 *or* $6_a, US$7 and A$8_b$\n"),
    "all that in code": (
        "````md\n> [!note]\n> x\n:::tip\n$a\\,b$ ^[n]\n````",
        "```md\n> [!note]\n> x\n:::tip\n$a\\,b$ ^[n]\n```\n",
    ),
}


@pytest.mark.parametrize(("written", "canonical"), DIALECTS.values(), ids=DIALECTS)
def test_what_a_dialect_adds_is_read_as_what_it_means(written: str, canonical: str) -> None:
    assert canonical_markdown(written)[0] == canonical
    assert canonical_markdown(canonical)[0] == canonical


def test_an_mdx_file_gives_its_text_and_not_its_program() -> None:
    text = "import A from 'a';\nimport {\n  B,\n} from 'b';\n\nTea {/* hidden */} is hot.\n\nexport const c = 1;\n"
    assert read_markdown(Source("a.mdx", text.encode())).body == "Tea is hot.\n"
    assert "import A" in read_markdown(Source("a.md", text.encode())).body


@pytest.mark.parametrize(
    ("block", "date"),
    [
        ("% Tea\n% Jo; Al\n% March 3, 2026\n\n", datetime(2026, 3, 3, tzinfo=UTC)),
        ("% Tea\n% Jo; Al\n\n", None),
    ],
)
def test_pandocs_title_block_is_read(block: str, date: datetime | None) -> None:
    extract = read_markdown(Source("a.md", f"{block}Text.\n".encode()))
    assert (extract.title, extract.authors, extract.published, extract.body) == ("Tea", ("Jo", "Al"), date, "Text.\n")


def test_characters_that_stand_for_held_code_are_no_code() -> None:
    assert canonical_markdown("a \ue0047\ue005 `x` \ue0040\ue005")[0] == "a 7 `x` 0\n"
