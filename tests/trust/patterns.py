"""Every regular expression of the package, and texts made to make each slow: from its own parse tree.

Run as a program it tells those that are slow: each is tried in a process of its own, which a timer of processor time
ends, so that a busy machine changes nothing.
"""

from __future__ import annotations

import ast
import importlib
import mmap
import os
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import insights

LENGTH, CPU_SECONDS = 40_000, 0.3
"""At this length what grows with the square takes a second and more, what grows with the length milliseconds."""
BOUNDED = {
    ("commonmark.py", "(?:(?:(?=(?!"): "matched where a block begins; every repetition in it is possessive",
    ("converter.py", "<h([1-6])>"): "the renderer's own HTML, in which each heading is closed on its line",
    ("feeds/articles.py", "<(pre|table"): "8,000 characters",
    ("plain_yaml.py", r"(?:[^\W\d_]|[0-9]"): "1,000 characters",
    ("render.py", r"(<pre(?:\s"): "the sanitiser's own HTML, in which each element is closed",
    ("site/postings.py", "\x83("): "an index that Pagefind has just written",
    ("site/postings.py", "((?:\x83"): "an index that Pagefind has just written",
}
"""What is slow by itself and bounded by what it is given: the module, how the expression begins, and the bound."""
MADE_OF_TEXTS = {
    "insights.moving.platforms.pelican": "of a site's settings: 255 characters, three repetitions, none within another",
}
"""Where an expression is made as the package runs, and its bound."""
_ALPHABET = " \n\ta0A-_.<é"
_METHODS = frozenset({"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "scanner"})
_ANCHORED = frozenset({"match", "fullmatch"})
_STARTS = ("", "\x01")
_ENDINGS = ("", "\x01", "\n", "\n\x01")
_MOST_CHARACTERS, _MOST_TEXTS = 6, 100


@dataclass(frozen=True, slots=True)
class Expression:
    """A pattern, where it is compiled ("readers/eml.py:21"), and the methods that are called on it; none: unknown."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]

    @property
    def source(self) -> str:
        """The expression as it is written."""
        text = self.pattern.pattern
        return text.decode("latin-1") if isinstance(text, bytes) else str(text)


def expressions() -> list[Expression]:
    """Each `re.compile(…)`, `re.sub(…)` and the like in the package whose pattern is known before it runs."""
    modules = {info.name: importlib.import_module(info.name) for info in _modules()}
    trees = {name: ast.parse(Path(str(module.__file__)).read_bytes()) for name, module in modules.items()}
    used = _methods(modules, trees)
    found: dict[re.Pattern[Any], Expression] = {}
    for name, tree in trees.items():
        for call in (node for node in ast.walk(tree) if _is_of_re(node)):
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Attribute)
            if (pattern := _compiled(call, vars(modules[name]))) is None:
                continue
            methods = used[pattern] | ({call.func.attr} & _METHODS)
            place = f"{Path(str(modules[name].__file__)).relative_to(insights.__path__[0])}:{call.lineno}"
            found.setdefault(pattern, Expression(place, pattern, frozenset(methods)))
    for name, module in modules.items():
        for pattern in _held(list(vars(module).values())):
            found.setdefault(pattern, Expression(name, pattern, frozenset(used[pattern])))
    return list(found.values())


def unknown() -> list[str]:
    """Where an expression is made whose pattern is known only when it runs, with its source."""
    places = []
    for info in _modules():
        module = importlib.import_module(info.name)
        source = Path(str(module.__file__)).read_text("utf-8")
        for call in (node for node in ast.walk(ast.parse(source)) if _is_of_re(node)):
            assert isinstance(call, ast.Call)
            if _compiled(call, vars(module)) is None:
                places.append(f"{info.name}:{call.lineno}: {ast.get_source_segment(source, call.args[0])}")
    return places


def _modules() -> Iterator[pkgutil.ModuleInfo]:
    for info in pkgutil.walk_packages(insights.__path__, "insights."):
        if not info.name.endswith("__main__"):
            yield info


def _is_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _METHODS | {"compile"}
    )


def _compiled(call: ast.Call, names: dict[str, Any]) -> re.Pattern[Any] | None:
    """What the call compiles, by the names of its module; None where it needs those of a function."""
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(str(getattr(call.func, "attr", "")), 2)
    flags += call.args[place : place + 1]
    try:
        pattern, *given = (eval(compile(ast.Expression(each), "", "eval"), names) for each in [call.args[0], *flags])
    except NameError:
        return None
    return re.compile(pattern, *given)


def _methods(modules: dict[str, ModuleType], trees: dict[str, ast.Module]) -> dict[re.Pattern[Any], set[str]]:
    """What is called on each pattern that has a name."""
    used: dict[re.Pattern[Any], set[str]] = defaultdict(set)
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
                pattern = vars(modules[name]).get(node.value.id)
                if isinstance(pattern, re.Pattern):
                    used[pattern].add(node.attr)
    return used


def _held(values: list[Any]) -> Iterator[re.Pattern[Any]]:
    """The patterns among values, and in their tuples and mappings."""
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, list | tuple | frozenset):
            yield from _held(list(value))
        elif isinstance(value, dict):
            yield from _held([*value.keys(), *value.values()])


def attacks(expression: Expression) -> Iterator[str]:
    """Texts of `LENGTH` characters: what may be repeated, repeated, after what leads there, with an end that fails."""
    tree = _Tree(parser.parse(expression.source, expression.pattern.flags & re.VERBOSE))
    made = set()
    for before, repeated in tree.repetitions():
        for ending in _ENDINGS:
            made.update((start + before, repeated, ending) for start in _STARTS)
        if before:
            made.add(("", before, ""))
            made.add(("", before + repeated, "\x01"))
    texts = [each for each in sorted(made) if each[1]]
    for before, repeated, ending in texts[:: -(-len(texts) // _MOST_TEXTS) or 1]:
        yield before + repeated * (LENGTH // len(repeated)) + ending


class _Tree:
    """The parse tree of an expression, as far as texts are made of it."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.alphabet = list(dict.fromkeys([*self._literals(root), *_ALPHABET]))

    def repetitions(self) -> list[tuple[str, str]]:
        """What leads to each part that repeats, and what it repeats."""
        return list(dict.fromkeys(self._repetitions(self.root, "")))

    def _literals(self, items: Any) -> Iterator[str]:
        for op, value in items:
            if op in (sre.LITERAL, sre.NOT_LITERAL):
                yield chr(value)
            elif op is sre.IN:
                yield from self._literals(value)
            elif op is sre.RANGE:
                yield chr(value[0])
            else:
                for each in _inside(op, value):
                    yield from self._literals(each)

    def _repetitions(self, items: Any, before: str) -> Iterator[tuple[str, str]]:
        for op, value in items:
            inside = _inside(op, value)
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[1] > 100:
                for repeated in self._samples(value[2]):
                    yield before, repeated
            for each in inside:
                yield from self._repetitions(each, before)
            before += next(iter(self._samples([(op, value)])), "")

    def _samples(self, items: Any) -> list[str]:
        """Short texts that match: of one thing several, of a sequence each of its parts' in turn."""
        parts = [self._one(op, value) for op, value in items]
        if not all(parts):
            return []
        shortest = [part[0] for part in parts]
        made = ["".join(shortest)]
        for place, part in enumerate(parts):
            made += ["".join([*shortest[:place], other, *shortest[place + 1 :]]) for other in part[1:]]
        return list(dict.fromkeys(made))

    def _one(self, op: Any, value: Any) -> list[str]:
        if op is sre.LITERAL:
            return [chr(value)]
        if op in (sre.NOT_LITERAL, sre.ANY, sre.IN):
            fits = [each for each in self.alphabet if _fits(op, value, each)]
            return (fits or [chr(number) for number in range(0x3000) if _fits(op, value, chr(number))])[
                :_MOST_CHARACTERS
            ]
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least = value[0]
            return [each * least for each in self._samples(value[2])] if least else ["", *self._samples(value[2])]
        if op is sre.BRANCH:
            return [each for branch in value[1] for each in self._samples(branch)]
        if op in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            return self._samples(_inside(op, value)[0])
        return [""]  # what looks around, and references


def _inside(op: Any, value: Any) -> list[Any]:  # noqa: PLR0911 (one return for each kind)
    """The parts of a node that are sequences themselves."""
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if op is sre.BRANCH:
        return list(value[1])
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op is sre.ATOMIC_GROUP:
        return [value]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    if op is sre.GROUPREF_EXISTS:
        return [each for each in value[1:] if each is not None]
    return []


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _fits(op: Any, value: Any, character: str) -> bool:
    if op is sre.NOT_LITERAL:
        return ord(character) != value
    if op is sre.ANY:
        return character != "\n"
    is_negated = value[0][0] is sre.NEGATE
    return is_negated != any(_holds(kind, each, character) for kind, each in value if kind is not sre.NEGATE)


def _holds(kind: Any, value: Any, character: str) -> bool:
    if kind is sre.LITERAL:
        return ord(character) == value
    if kind is sre.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return re.fullmatch(_CATEGORIES[value], character) is not None


def run(expression: Expression, text: str) -> None:
    """Matches as the package does."""
    given = text.encode("latin-1", "replace") if isinstance(expression.pattern.pattern, bytes) else text
    if expression.methods and expression.methods <= _ANCHORED:
        for method in expression.methods:
            getattr(expression.pattern, method)(given)
    else:
        for _ in expression.pattern.finditer(given):
            pass


def slow() -> Iterator[str]:
    """Each expression that a text of its own keeps busy for over `CPU_SECONDS`, with the start and end of the text."""
    place = mmap.mmap(-1, 4)  # which text it is at, for the parent to see
    for expression in expressions():
        if any(expression.place.startswith(name) and expression.source.startswith(start) for name, start in BOUNDED):
            continue
        child = os.fork()
        if not child:
            _try(expression, place)
        if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            text = list(attacks(expression))[struct.unpack("<L", place[:4])[0]]
            yield f"{expression.place}: {expression.source[:300]}\n    {text[:60]!r} … {text[-6:]!r}"


def _try(expression: Expression, place: mmap.mmap) -> NoReturn:
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for number, text in enumerate(attacks(expression)):
        place[:4] = struct.pack("<L", number)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        run(expression, text)
        signal.setitimer(signal.ITIMER_PROF, 0)
    os._exit(0)


if __name__ == "__main__":
    for each in slow():
        print(each, flush=True)  # noqa: T201
