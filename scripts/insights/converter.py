"""Markdown → HTML as Python-Markdown makes it, most of it by a compiled renderer.

The runs of a text that CommonMark and Python-Markdown read alike (`commonmark.py`) go to pulldown-cmark, and what the
site's extensions do with them is done here. Python-Markdown does the rest: single blocks, texts that cannot be cut, and
all texts where extensions are at work that are not known here. The HTML is the same to the byte
(tests/test_converter.py), and the same sanitiser cleans all of it. `fast_markdown: false` switches this off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Any

import pyromark
from markdown import Markdown
from markdown.extensions import toc as toc_extension
from markdown.util import STX

from insights.commonmark import Run, cut

# The extensions that leave alone what is shared, or whose work is done here, and their settings of which that is true.
_KNOWN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(["abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes"], frozenset()),
    **dict.fromkeys(["md_in_html", "pymdownx.betterem", "pymdownx.details", "pymdownx.tilde"], frozenset()),
    **dict.fromkeys(["sane_lists", "tables"], frozenset()),
    "insights.markup": frozenset({"hosts", "elements"}),
    "pymdownx.highlight": frozenset({"use_pygments", "pygments_lang_class", "guess_lang", "css_class"}),
    "pymdownx.superfences": frozenset({"custom_fences", "preserve_tabs"}),
    "pymdownx.tasklist": frozenset({"custom_checkbox"}),
    "toc": frozenset({"toc_depth", "slugify", "separator"}),
}
_NEEDED = frozenset({"insights.markup", "pymdownx.betterem", "pymdownx.superfences", "sane_lists", "tables", "toc"})

_toc: Any = toc_extension  # whose stubs are of an older version
_MARK = "\ue002"  # a paragraph that no text has: characters for private use are in none that is cut
_ADDRESS = re.compile(r'<a href="([^"]*)"|<img src="([^"]*)" alt="([^"]*)" />')
_LIST = re.compile(r"\n<[uo]l>")
_FIGURE = re.compile(r"<p>(<img [^>]*>)</p>\n<p><em>((?:(?!</?(?:em|p)>).)*)</em></p>$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"<h([1-6])>(.*)</h\1>")
_MARKED_UP = re.compile("[<&\xa0]")  # what a sanitiser may write otherwise, or anew


class Converter:
    """Converts texts as `markdown` would; `place` gives what stands for an address that a text leads to or shows."""

    def __init__(
        self,
        extensions: Sequence[str],
        configs: Mapping[str, Mapping[str, Any]],
        *,
        is_fast: bool,
        place: Callable[[str], str] = str,
    ) -> None:
        self.markdown = Markdown(extensions=list(extensions), extension_configs=dict(configs))
        self.is_fast = is_fast and _NEEDED.issubset(extensions) and all(_is_known(n, configs) for n in extensions)
        self._place = place

    def convert(self, text: str) -> str:
        """The HTML of a text, sanitised where `insights.markup` is among the extensions.

        Its headings are in `markdown.toc_tokens` then. Raises RecursionError if the text is nested too deep.
        """
        runs = cut(text) if self.is_fast else None
        html = self._join(runs) if runs is not None else None
        return self.markdown.reset().convert(text) if html is None else html

    def _join(self, runs: list[Run]) -> str | None:
        """The HTML of the runs of a text, each converted in its way; None where they turn out to depend on each other.

        Those for Python-Markdown are converted at once: most of what one costs is that of a start.
        """
        others = [run.text for run in runs if not run.is_shared]
        html = self.markdown.reset().convert(f"\n\n{_MARK}\n\n".join(others)) if others else ""
        converted = html.split(f"<p>{_MARK}</p>") if others else []
        # Python-Markdown leaves numbers of its own in odd addresses: they depend on what came before.
        if len(converted) != len(others) or STX in html:
            return None
        headings = _Headings(self.markdown)
        parts = [self._compile(run.text, headings) if run.is_shared else converted.pop(0).strip() for run in runs]
        vars(self.markdown)["toc_tokens"] = _toc.nest_toc_tokens(headings.tokens)
        return "\n".join(filter(None, parts))

    def _compile(self, text: str, headings: _Headings) -> str:
        """The HTML of shared blocks: what CommonMark says, and what our extensions make of it."""
        html = _LIST.sub(_attached, pyromark.html(text))
        html = _ADDRESS.sub(self._addressed, html)
        html = _FIGURE.sub(r"<figure>\1<figcaption>\2</figcaption></figure>", html)
        return headings.sanitise(_HEADING.sub(headings.identified, html)).strip()

    def _addressed(self, match: re.Match[str]) -> str:
        href, source, words = match.groups()
        if href is not None:
            return f'<a href="{escape(self._place(unescape(href)))}"'
        source = escape(self._place(unescape(source)))
        return f'<img alt="{words}" decoding="async" loading="lazy" src="{source}">'


class _Headings:
    """Gives a text's headings their ids, and notes those of its table of contents, as the extension `toc` does."""

    def __init__(self, markdown: Markdown) -> None:
        processors: Any = markdown.treeprocessors, markdown.postprocessors
        self._toc = processors[0]["toc"]
        self.sanitise: Callable[[str], str] = processors[1]["insights-sanitise"].sanitise
        self.tokens: list[dict[str, Any]] = []
        self._ids: set[str] = set()
        self._counters: dict[str, int] = {}

    def identified(self, match: re.Match[str]) -> str:
        """The heading with its id."""
        level, inside = int(match[1]), match[2]
        name = _toc.strip_tags(self.sanitise(inside)) if _MARKED_UP.search(inside) else " ".join(inside.split())
        anchor = _toc.unique(self._toc.slugify(unescape(name), self._toc.sep), self._ids, self._counters)
        if self._toc.toc_top <= level <= self._toc.toc_bottom:
            self.tokens.append({"level": level, "id": anchor, "name": name})
        return f'<h{level} id="{anchor}">{inside}</h{level}>'


def _attached(match: re.Match[str]) -> str:
    """The start of a list; of one below an item it stands in the item's line."""
    line = match.string.rfind("\n", 0, match.start()) + 1
    return match[0].lstrip() if match.string.startswith("<li>", line) else match[0]


def _is_known(extension: str, configs: Mapping[str, Mapping[str, Any]]) -> bool:
    settings = configs.get(extension, {})
    return extension in _KNOWN and all(name in _KNOWN[extension] or settings[name] is False for name in settings)
