"""Which language a block of code is in, by what its page calls it."""

from __future__ import annotations

import re

from turbohtml import Element

from insights.readers.dom import parent_of

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|brush:|highlight-source|hljs|sourceCode|prettyprint|highlight)[- :]?"
    r"(?!highlight)([\w+#-]+)"
)
_NAMES = {"hl-ipython3": "python", "ipython3": "python"}
"""What notebooks call their languages."""
_NOT_LANGUAGES = frozenset({"none", "plaintext", "text", "nohighlight", "hljs", "prettyprint", "default", "auto"})


def language_of(block: Element) -> str:
    """The language that a code block's classes or attributes name (`language-js`, `lang="js"`)."""
    around = parent_of(block)
    boxes = [box for box in (around, parent_of(around) if around is not None else None) if box is not None]
    candidates = [block, *block.select("code")[:1], *boxes]
    for element in candidates:
        for name in ("data-language", "data-lang", "data-enlighter-language", "data-code-block-lang", "lang"):
            value = (element.attr(name) or "").lower()
            if value and re.fullmatch(r"[a-z+#-]{1,15}", value) and not (name == "lang" and element in boxes):
                return value
        names = f"{element.attr('class', '')} {element.attr('data-syntaxhighlighter-params', '')}"
        for found in _LANGUAGE.finditer(names):
            language = _NAMES.get(found[1].lower(), found[1].lower())
            if language not in _NOT_LANGUAGES:
                return language
    return ""
