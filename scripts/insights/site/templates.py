"""The templates' environment: MkDocs' own, with every value escaped, and quick.

Templates mean what they mean to any Jinja. They are quick because files that they include are compiled into them,
nothing is escaped twice, and an address is worked out once for all pages of a folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from jinja2 import BytecodeCache, Environment, nodes, pass_context
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import escape
from mkdocs.utils import normalize_url

from insights.site.cache import Cache
from insights.site.inputs import THEME
from insights.site.shards import in_shards

_KIND = "template"
_FEW = 4  # templates that are compiled sooner than processes begin
_DICT_ATTRIBUTES = frozenset(dir(dict))
_SIGNS = re.compile("[&<>'\"]")  # what `escape` escapes
# What has a meaning of its own in an included file, beyond the text it gives.
_NOT_INLINED = (nodes.Block, nodes.Extends, nodes.Macro, nodes.Import, nodes.FromImport, nodes.CallBlock)


class _Generator(CodeGenerator):
    """Code that escapes by `Templates.escape`, and each value once."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if _is_escaping(frame):
            node = nodes.Output([_without_escape(child) for child in node.nodes], lineno=node.lineno)
        super().visit_Output(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_escaping(frame) and finalize.src is None:
            self.write("environment.escape(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        """What `Templates.getattr` does, without a call of it where front matter has the item: a page asks for 300."""
        if node.attr in _DICT_ATTRIBUTES:
            super().visit_Getattr(node, frame)
            return
        self.write(f"(known[{node.attr!r}] if (known := ")
        self.visit(node.node, frame)
        self.write(f").__class__ is dict and {node.attr!r} in known else environment.getattr(known, {node.attr!r}))")


class _Context(Context):
    """What a template knows."""

    @cached_property
    def place(self) -> tuple[str, str]:
        """Where the page is if it has a folder of its own: that folder, and the one it is in; else twice nothing."""
        page = self.resolve_or_missing("page")
        url: str = page.url if page else ""
        return (url[:-1], url[:-1].rpartition("/")[0]) if url.endswith("/") else ("", "")


class Templates(Environment):
    """An environment that gives what another one gives, with every value escaped."""

    code_generator_class = _Generator
    context_class = _Context

    def __init__(self, env: Environment) -> None:
        super().__init__(loader=env.loader, auto_reload=env.auto_reload, autoescape=True, undefined=env.undefined)
        for extension in env.extensions.values():
            self.add_extension(type(extension))
        self.filters |= env.filters | {"url": _url}
        self.tests |= env.tests
        self.globals |= env.globals
        self.policies |= env.policies
        self._included: dict[str, nodes.Template | None] = {}

    @staticmethod
    def escape(value: object) -> str:
        """The value as it stands in HTML."""
        return _escape_text(value) if value.__class__ is str else escape(value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute or else an item, as Jinja has it; in front matter the item at once, where that is the same."""
        if obj.__class__ is dict and attribute not in _DICT_ATTRIBUTES:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def included(self, name: str) -> nodes.Template | None:
        """The syntax tree of a file for all that include it; None where it cannot be put in their place."""
        if name not in self._included:
            assert self.loader  # noqa: S101
            self._included[name] = None  # as long as it is read: it may include itself
            source, file_name, _is_current = self.loader.get_source(self, name)
            tree = self.parse(source, name, file_name)
            has_own_meaning = next(tree.find_all(_NOT_INLINED), None)
            self._included[name] = None if has_own_meaning else tree
        return self._included[name]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Inliner(self).visit(super()._parse(source, name, filename))
        return tree


class CompiledTemplates(BytecodeCache):
    """Compiled templates, kept from build to build; `key` is a digest of all of them, since one holds what it includes,
    and of the code that compiles them."""

    def __init__(self, cache: Cache, key: bytes) -> None:
        self._cache, self._key = cache, key

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The template's key; a folder's name may have letters that the locale lacks."""
        return super().get_cache_key(name, os.fsencode(filename).hex() if filename else None)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if the template is there."""
        row = self._cache.get(_KIND, bucket.key, self._key)
        if row is not None:
            bucket.bytecode_from_string(row)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the template in the bucket."""
        self._cache.write(_KIND, [(bucket.key, self._key, bucket.bytecode_to_string())])

    def compile_missing(self, env: Environment, names: Iterable[str], jobs: int) -> None:
        """Compiles those templates that are not kept yet: each process that renders would do it again for itself."""
        assert env.loader  # noqa: S101
        files = {name: env.loader.get_source(env, name)[1] for name in names}
        keys = {self.get_cache_key(name, file): self._key for name, file in files.items()}
        known = self._cache.names(_KIND, keys)
        missing = [name for name, file in files.items() if self.get_cache_key(name, file) not in known]
        for _nothing in in_shards(missing, partial(_compile, env), jobs, _FEW):
            pass


def list_templates(paths: Iterable[str]) -> Iterator[str]:
    """The names of the theme's own templates among these paths, but for those that are only parts of others."""
    names = (path.removeprefix(f"{THEME}/") for path in paths if path.startswith(f"{THEME}/"))
    return (name for name in names if name.endswith(".html") and "/" not in name)


def _compile(env: Environment, name: str) -> None:
    env.get_template(name)


class _Inliner(NodeTransformer):
    """Puts included files in the place of what includes them; their variables stay their own."""

    def __init__(self, env: Templates) -> None:
        self._env = env

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 (Jinja's name)
        name = getattr(node.template, "value", None)
        if not isinstance(name, str) or not node.with_context or node.ignore_missing:
            return node
        tree = self._env.included(name)
        return nodes.Scope(tree.body, lineno=node.lineno) if tree else node


def _is_escaping(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape and not frame.eval_ctx.volatile)


def _without_escape(node: nodes.Expr) -> nodes.Expr:
    """What `{{ value | e }}` escapes: where every value is, the filter changes nothing."""
    while isinstance(node, nodes.Filter) and node.name in ("e", "escape") and isinstance(node.node, nodes.Expr):
        node = node.node
    return node


@lru_cache(maxsize=8192)
def _escape_text(text: str) -> str:
    """Most texts have nothing to escape, and `escape` takes a microsecond to make a Markup of one."""
    return escape(text) if _SIGNS.search(text) else text


@pass_context
def _url(context: _Context, value: object) -> str:
    """MkDocs' filter: an address of the site as it is written in a page."""
    (own, folder), path = context.place, str(value)
    if own and not path.startswith(own) and (href := _url_in_folder(path, folder)) is not None:
        return href
    return normalize_url(path, context.resolve_or_missing("page"), context["base_url"])


@lru_cache(maxsize=65_536)
def _url_in_folder(path: str, folder: str) -> str | None:
    """The address as each page of a folder has it, but for the page that is there itself; None where it may lead to a
    page's own folder without beginning as the page's address does."""
    if any(sign in path for sign in ("./", "//", "\\")):
        return None
    return normalize_url(path, _Neighbour(f"{folder}/\0/"))  # type: ignore[arg-type]  # nothing else of it is read


@dataclass(frozen=True, slots=True)
class _Neighbour:
    url: str
