"""Markdown of other dialects → Markdown that the common parser knows: boxes, code, attributes, formulas, notes.

Source: GitHub's alerts; Obsidian's callouts; Docusaurus' admonitions; MyST's directives and roles; Pandoc's fenced
divs, bracketed spans, inline notes and attributes. Each function is text to text, and changes nothing in code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(
    r"^(?P<indent>[ >]*)(?P<mark>```++|~~~++)[^\n]*\n.*?(?:^[ >]*(?P=mark)[`~]*[ \t]*$|\Z)", re.M | re.S
)
_FENCE_MARK = re.compile(r"[ ]*(?P<mark>```+|~~~+)")
_FENCE_HEAD = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>```+|~~~+)[ \t]*"
    r"(?:\{[ ]*\.?(?P<class>[\w+#-]++)(?P<more>[^}\n]*)\}(?P<argument>[^\n`]*)|(?P<name>[\w+#.-]++)(?P<rest>[^\n`]*))$",
    re.MULTILINE,
)
_DIRECTIVE = re.compile(
    r"^(?P<mark>```++|~~~++)[ \t]*\{(?P<name>[\w-]++)\}(?P<argument>[^\n`]*)\n"
    r"(?P<inner>.*?)(?:^(?P=mark)[ \t]*(?:\n|\Z)|\Z)",
    re.M | re.S,
)
_FENCE_TITLE = re.compile(r"\b(?:title|filename)=(?:\"([^\"\n]*)\"|'([^'\n]*)')")
_INLINE_CODE = re.compile(r"(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_CALLOUT = re.compile(r"^(?P<mark>>+)[ \t]?\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*+(?P<title>[^\n]*)$")
_CONTAINER = re.compile(
    r"^[ ]{0,3}:::++[ \t]*+(?P<attributes>\{[^}\n]*+\}|[\w.-]++)(?:\[(?P<label>[^\]\n]*+)\])?+(?P<title>[^\n]*+)$"
)
_CONTAINER_END = re.compile(r"^[ ]{0,3}:::+[ \t]*$")
_CONTAINER_TITLE = re.compile(r"\btitle=(?:\"([^\"]*)\"|'([^']*)')")
_OPTIONS = re.compile(r"\A\s*+(?::[\w-]+:[^\n]*\n)+")
_ATTRIBUTE_LIST = r"\{:?[ ]*+(?:[.#][\w-]|[\w-]++=)[^{}\n]*\}"
_ATTRIBUTES = re.compile(rf"(?<=[)\]`\ue005]){_ATTRIBUTE_LIST}")
_LABEL = re.compile(rf"^[ ]{{0,3}}(?:{_ATTRIBUTE_LIST}|\([\w.:-]++\)=)[ \t]*+(?:\n|\Z)", re.MULTILINE)
"""A line that says something of the block before it (Goldmark, kramdown) or after it (MyST: `(name)=`)."""
_SPAN = re.compile(rf"(?<![!\]\\])\[((?:[^\[\]\n]|\[[^\[\]\n]*\])++)\]{_ATTRIBUTE_LIST}")
_NOTE = re.compile(r"(?<!\\)\^\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]")
_HIGHLIGHT = re.compile(r"(?<!=)==(?=\S)([^=\n]+?)(?<=\S)==(?!=)")
_ROLE = re.compile(rf"{_INLINE_CODE.pattern}|\{{(?P<name>[a-z][\w:+.-]*)\}}`(?P<text>[^`\n]+)`", re.DOTALL)
_FORMULA = re.compile(
    r"^(?P<indent>[ ]*+)\$\$(?P<block>(?:(?!\$\$|\n[ \t]*\n|`).)++)\$\$[ \t]*$"
    "|(?<![\\\\$\\w])(?P<mark>\\$\\$?)(?P<inline>(?=[^\\s$])[^$\n`\ue004]++(?<![\\s\\\\]))(?P=mark)(?![\\w$])",
    re.DOTALL | re.MULTILINE,
)
_TEX = re.compile(r"[\\_^]")
_MODULE_LINES = re.compile(r"(?:\A|(?<=\n\n))(?:import|export)[ ][^\n]*+(?:\n[ \t]*+[^\s][^\n]*+)*+")
_MDX_COMMENT = re.compile(r"\{/\*(?:(?!\{/\*).)*?\*/\}", re.DOTALL)
_LINK_NAME = re.compile(r"(?<! )[ ]*+<[^<>]*+>$")
_TEXT_ROLES = frozenset("ref doc term numref eq abbr any download".split())
_CODE_DIRECTIVES = frozenset("code code-block code-cell sourcecode".split())
_SECTIONS = frozenset("tab-set tab-item grid grid-item card margin sidebar topic".split())
_MAX_DEPTH = 20  # of containers in one another: each indents all that is in it once more
_KINDS = frozenset("note abstract info tip success question warning failure danger bug example quote".split())
_OTHER_KINDS = {
    "summary": "abstract", "tldr": "abstract", "todo": "info", "hint": "tip", "important": "tip", "check": "success",
    "done": "success", "help": "question", "faq": "question", "caution": "warning", "attention": "warning",
    "fail": "failure", "missing": "failure", "error": "danger", "cite": "quote", "seealso": "info", "secondary": "note",
    "admonition": "note", "details": "note", "dropdown": "note",
}  # fmt: skip
"""What some call a box → the kind that Material styles."""
_HELD = dict.fromkeys((0xE004, 0xE005))


def plain_dialects(text: str) -> str:
    """The text with all that this module knows as the common parser's Markdown, but for what marks a highlighter."""
    text = containers(plain_fences(callouts(text.translate(_HELD))))
    text = notes_below(_outside_fences(text, lambda part: _ROLE.sub(_role, part)))
    return outside_code(text, lambda part: without_attributes(formulas_as_code(_LABEL.sub("", part))))


def without_javascript(text: str) -> str:
    """The text of an MDX file without its imports, exports and comments, which are a program's."""
    return outside_code(text, lambda part: _MDX_COMMENT.sub("", _MODULE_LINES.sub("", part)))


def box(kind: str, title: str, text: str) -> str:
    """A box as MkDocs writes it, which the common reader knows: `!!! kind "title"` and the text below, indented."""
    if not text.strip():
        title, text = "", title
    lines = "\n".join(f"    {line}" if line else "" for line in text.strip("\n").split("\n"))
    kind = kind.lower()
    title = (title or (kind.capitalize() if kind in _OTHER_KINDS else "")).replace('"', "'")
    return f"\n\n!!! {_OTHER_KINDS.get(kind, kind)}" + (f' "{title}"' if title else "") + f"\n{lines}\n\n"


def callouts(text: str) -> str:
    """The text with quotes that begin with `[!kind]` as boxes, inner ones too."""
    lines = text.split("\n")
    shown: list[str] = []
    end = 0
    for number, is_code in enumerate(_are_code(lines)):
        match = None if is_code or number < end else _CALLOUT.match(lines[number])
        if match:
            end = number + 1
            while end < len(lines) and lines[end].startswith(match["mark"]):
                end += 1
            inner = "\n".join(line.removeprefix(match["mark"]).removeprefix(" ") for line in lines[number + 1 : end])
            shown.append(box(match["kind"], match["title"].strip(), callouts(inner)))
        elif number >= end:
            shown.append(lines[number])
    return "\n".join(shown)


def containers(text: str, show: Callable[[str, str, str], str] | None = None) -> str:
    """The text with containers (`:::kind`, closed by `:::`) as `show` says, inner ones first.

    `show` is given the word or braces after the colons, the title beside them, and the text inside; without it those of
    a known kind are boxes, of others the title and the text stay.
    """
    stack: list[tuple[str, str, list[str]]] = [("", "", [])]

    def close() -> None:
        attributes, title, lines = stack.pop()
        stack[-1][2].append((show or container)(attributes, title, "\n".join(lines)))

    lines = text.split("\n")
    for line, is_code in zip(lines, _are_code(lines), strict=True):
        if not is_code and len(stack) <= _MAX_DEPTH and (match := _CONTAINER.match(line)):
            stack.append((match["attributes"], match["label"] or match["title"].strip(" \t:"), []))
        elif not is_code and _CONTAINER_END.match(line) and len(stack) > 1:
            close()
        else:
            stack[-1][2].append(line)
    while len(stack) > 1:
        close()
    return "\n".join(stack[0][2])


def container(attributes: str, title: str, inner: str) -> str:
    """A container as what its directive shows; one of another kind as its title and its text."""
    name = attributes.strip("{}. ").partition(" ")[0].removeprefix("callout-").lower()
    stated = _CONTAINER_TITLE.search(attributes)
    title = title or (stated[1] or stated[2] if stated else "")
    shown = _shown(name, title, inner)
    return _section(title, inner) if shown is None else shown


def _shown(name: str, argument: str, inner: str) -> str | None:
    """What a directive shows: a box, a part of the text, a picture, a formula; None for one that is not known."""
    text = _OPTIONS.sub("", f"{inner}\n")
    if name in _KINDS or name in _OTHER_KINDS:
        return box(name, argument, text)
    if name in _SECTIONS:
        return _section(argument, text)
    if name in ("figure", "image") and argument:
        return f"\n![{' '.join(text.split())}]({argument})\n"
    return f"\n```math\n{text.strip()}\n```\n" if name == "math" else None


def _section(title: str, text: str) -> str:
    return f"\n**{title}**\n\n{text}\n" if title else f"\n{text}\n"


def plain_fences(text: str) -> str:
    """The text with each fence of code naming its language alone; the title that it gives its code stands above it.

    A MyST directive in a fence is what it shows; one that is not known is code in a language of its name.
    """

    def plain(match: re.Match[str]) -> str:
        found = _FENCE_TITLE.search(match["more"] or match["rest"] or "")
        title = f"{match['indent']}*{found[1] or found[2]}*\n\n" if found else ""
        return f"{title}{match['indent']}{match['mark']}{match['class'] or match['name']}"

    return _FENCE_HEAD.sub(plain, _DIRECTIVE.sub(_directive, text))


def _directive(match: re.Match[str]) -> str:
    name, argument = match["name"], match["argument"].strip()
    if name in _CODE_DIRECTIVES:
        return f"{match['mark']}{argument}\n{_OPTIONS.sub('', match['inner'])}{match['mark']}\n"
    shown = _shown(name, argument, match["inner"])
    return match[0] if shown is None else plain_fences(containers(callouts(shown)))


def without_attributes(text: str) -> str:
    """The text without attribute lists after links, pictures, code and spans: `{ width="300" }`, `{.external}`."""
    return _ATTRIBUTES.sub("", _SPAN.sub(r"\1", text))


def _role(match: re.Match[str]) -> str:
    """A MyST role (`{ref}`…``) as its text, or as code where it says that of it."""
    if match["name"] == "math":
        return f"$`{match['text']}`$"
    if match["name"] in _TEXT_ROLES:
        return _LINK_NAME.sub("", match["text"]) or match["text"]
    return f"`{match['text']}`" if match["name"] else match[0]


def formulas_as_code(text: str) -> str:
    """The text with TeX (`$$…$$`, `$…$`) as GitHub writes it in code, where Markdown takes no backslash out of it."""
    return _FORMULA.sub(_formula, text)


def _formula(match: re.Match[str]) -> str:
    indent = match["indent"] or ""
    if match["block"]:
        return f"\n{indent}```math\n{indent}{match['block'].strip()}\n{indent}```\n"
    return f"$`{match['inline']}`$" if _TEX.search(match["inline"]) else match[0]


def notes_below(text: str) -> str:
    """Pandoc's notes in the text (`^[note]`) as references, the notes at the end; only outside code."""
    notes: list[str] = []

    def refer(match: re.Match[str]) -> str:
        notes.append(match[1])
        return f"[^inline-{len(notes)}]"

    text = outside_code(text, lambda part: _NOTE.sub(refer, part))
    return text + "".join(f"\n\n[^inline-{number}]: {note}" for number, note in enumerate(notes, 1))


def with_highlights(text: str) -> str:
    """What is marked with a highlighter (`==this==`) as strong text: Markdown has no other mark for it."""
    return _HIGHLIGHT.sub(r"<strong>\1</strong>", text)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The Markdown with `change` made to what is no block or span of code."""
    return _outside_fences(text, lambda part: _outside_spans(part, change))


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])


def _outside_spans(text: str, change: Callable[[str], str]) -> str:
    """Spans are held back as tokens, so that `change` sees what stands around them in one piece."""
    spans: list[str] = []

    def hold(match: re.Match[str]) -> str:
        spans.append(match[0])
        return f"\ue004{len(spans) - 1}\ue005"

    changed = change(_INLINE_CODE.sub(hold, text))
    return re.sub("\ue004(\\d+)\ue005", lambda match: spans[int(match[1])], changed)


def _are_code(lines: list[str]) -> Iterator[bool]:
    """Of each line whether it is of a fenced block that stands in no quote."""
    fence = ""
    for line in lines:
        match = _FENCE_MARK.match(line)
        yield bool(fence or match)
        if match and not fence:
            fence = match["mark"]
        elif match and match["mark"].startswith(fence) and not line.strip(" \t`~"):
            fence = ""
