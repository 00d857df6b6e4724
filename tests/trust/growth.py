"""Exports whose texts are one piece over and over: what reads them again for each piece takes minutes, not seconds.

Run as a program it tells how long each takes, in seconds of processor time.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator

from insights.moving.convert import Work, convert
from insights.moving.entry import Entry
from insights.moving.platforms import platform

LENGTH, SECONDS_GIVEN = 60_000, 60
_HTML = (
    "<pre>[row]",
    "<b>",
    "<p>",
    "<figure><img src=x>",
    "<table><tr><td>",
    "<!-- a -->",
    "\ue0009\ue001",
    "&#xe000;9&#xe001;",
)
_MARKDOWN = (
    "- [ ] x\n", "[a](", "![a](", "^[a", "^[a]", "==a", "`a", "``a`", "```a\n", "~~~", "# a {#b}\n", "![[a]](b)", "<b>",
    "\ue004{n}\ue005", "&#xe000;9&#xe001;", "[^{n}]: a\n", "[a][b]", "*a_", "> ", "<!--",
    "$a", "$a_$ ", "$$a\n", "> [!note] x\n", ":::note\n", "{ref}`a` ", "```{note}\n", "[a]{.b}", "## a {.b}\n",
)  # fmt: skip
_LIQUID = ("{% raw %}", "{% a %}", "{% highlight x %}", "{{ x }}", "{%", "{{", "{% post_url a %}", "\ue006{n}\ue007")
PIECES = {
    "wordpress": (
        *_HTML, "[row]", "[/row]", "[a-b]", "[a-{n}]", "[a=1]", "[caption]", "[gallery ids=1]", "[code]", "<b>[row]",
        "[footnote]x[/footnote]", "[[row]]", "[a ", "<!-- wp:a -->", '<!-- wp:block {"ref":1} /-->', "<!-- wp:a {",
    ),
    "ghost": (*_HTML, "<!--kg-card-begin: html-->", "<div class=kg-card>"),
    "medium": _HTML,
    "substack": (*_HTML, "<div class=footnote>", "<a class=footnote-anchor>"),
    "hugo": (
        *_MARKDOWN, "{{< a >}}", "{{< a-{n} >}}", "{{< /a >}}", "{{% details %}}", "{{< ref x >}}",
        "{{< highlight x >}}", "{{<", '{{< a b="',
    ),
    "jekyll": (*_MARKDOWN, *_LIQUID, "{: .a}"),
    "eleventy": (*_MARKDOWN, *_LIQUID),
    "material": (
        *_MARKDOWN, '=== "a"\n', '=== "a"\n    x\n', "/// a\n", "/// a\nx\n///\n", "??? a\n", "<div markdown>\n", ":a:",
        "*[a{n}]: b\n", "a{: .a}\n", '--8<-- "a"\n', "++a", "++a++", "^a", "~a", "^^a",
    ),
    "obsidian": (
        *_MARKDOWN, "> [!note] x\n", "[[a", "![[", "![[a#b]]", "%%", "%%x", "#a ", "^a\n", "```query\n",
    ),
    "quarto": (
        *_MARKDOWN, "::: {.a}\n", ":::\n", "```{python}\n", "#| a: b\n", "{{< video a >}}", "@a", "[a]{.b}", "$$",
    ),
    "pelican": (*_MARKDOWN, "{filename}a", "{static}", "[TOC]\n"),
    "notion": (*_MARKDOWN, "<aside>", "[a](b.csv)", "[a](b.csv) "),
}  # fmt: skip
"""System → pieces; `{n}` is the number of each."""


def text_of(piece: str, length: int = LENGTH) -> str:
    """The piece as often as a text of the length holds it."""
    count = length // len(piece)
    return "".join(piece.replace("{n}", str(number)) for number in range(count)) if "{n}" in piece else piece * count


def seconds_for(system: str, text: str) -> tuple[float, str]:
    """The processor time that a text of a system's export takes, and what is said of it; in a process of its own.

    It is ended after `SECONDS_GIVEN`, and has taken for ever then.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_GIVEN, SECONDS_GIVEN))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        started = time.process_time()
        try:
            url = "https://a.example/b/"
            said = convert(Work(system, Entry("b.md", "Title", text, url, base=url))).error
        except BaseException as error:
            said = f"raises {error!r}"
        os.write(writing, f"{time.process_time() - started:.2f} {said[:200]}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        taken, _, said = answer.read().partition(" ")
    os.waitpid(child, 0)
    return float(taken or "inf"), said


def is_slow(system: str, piece: str, seconds: float) -> bool:
    """Whether the seconds that the piece took grow with more than the length; what takes little at all is not asked."""
    return seconds > 1 and seconds > 8 * seconds_for(system, text_of(piece, LENGTH // 4))[0]


def measure() -> Iterator[tuple[str, str, float, str]]:
    """System, piece, seconds and what is said, for each."""
    for system, pieces in PIECES.items():
        platform(system)  # loaded once, before the forks
        for piece in pieces:
            yield system, piece, *seconds_for(system, text_of(piece))


if __name__ == "__main__":
    for system, piece, seconds, said in measure():
        print(f"{seconds:6.2f} {system} {piece!r} {said}", flush=True)  # noqa: T201
