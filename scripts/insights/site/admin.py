"""The admin page: Decap CMS, configured from the very structs, topics, tags and authors that the check knows.

Off unless `plugins: insights: admin:` names a backend. Decap's own files come from its npm package.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from msgspec import inspect

from insights.errors import RenderError
from insights.library import Library
from insights.schema import ArticleFields
from insights.settings import AdminSettings, Publication
from insights.site.pages import Json

_PACKAGE = "node_modules/decap-cms"
_SCRIPT = "decap-cms.js"
_INGESTED = frozenset({"slug", "guid", "source"})  # written by ingest, and kept as they are by the form
_REQUIRED = frozenset({"title", "date", "topic"})  # of an article that is no draft
_FIRST = ("title", "date", "topic", "tags", "authors", "description", "body")
_DAY = "YYYY-MM-DD"
_OWN: dict[str, dict[str, Json]] = {
    "date": {"widget": "datetime", "format": _DAY, "date_format": _DAY, "time_format": False, "default": "{{now}}"},
    "description": {"widget": "text"},
}
_HOSTS = {
    "github": "https://api.github.com https://www.githubstatus.com",
    "gitlab": "https://gitlab.com",
    "gitea": "https:",
    "forgejo": "https:",
    "bitbucket": "https://api.bitbucket.org https://bitbucket.org",
}


def admin_files(root: Path, library: Library, publication: Publication) -> Iterator[tuple[str, bytes]]:
    """Each file of the admin page, by its path in the site; none where it is off.

    Raises RenderError where the npm package is not installed.
    """
    settings = publication.settings.admin
    if not settings.backend:
        return
    dist = root / _PACKAGE / "dist"
    if not (dist / _SCRIPT).is_file():
        what = "it is not installed, and `admin:` in mkdocs.yml asks for it"
        raise RenderError(_PACKAGE, what, "run `npm ci --omit=dev`, or remove `admin:`")
    yield "admin/index.html", _page(publication).encode()
    # JSON is YAML, and needs no second writer that could quote a name differently.
    config = json.dumps(admin_config(library, publication), indent=1, ensure_ascii=False)
    yield "admin/config.yml", config.encode()
    for path in sorted(dist.iterdir()):
        if path.name.endswith((_SCRIPT, ".wasm", f"{_SCRIPT}.LICENSE.txt")):
            yield f"admin/{path.name}", path.read_bytes()


def admin_config(library: Library, publication: Publication) -> dict[str, Json]:
    """Decap's configuration (https://decapcms.org/docs/configuration-options/): one collection, the articles."""
    settings = publication.settings.admin
    backend: dict[str, Json] = {"name": settings.backend, "branch": settings.branch}
    if settings.repository:
        backend["repo"] = settings.repository
    articles: dict[str, Json] = {
        "name": "insights",
        "label": "Articles",
        "label_singular": "Article",
        "folder": "content/insights",
        "create": True,
        "extension": "md",
        "format": "yaml-frontmatter",
        "slug": "{{slug}}",
        "summary": "{{title}}",
        "sortable_fields": ["date", "title"],
        "fields": _in_order([*_fields(library), _body()]),
    }
    return {
        "backend": backend,
        "local_backend": {"url": settings.proxy},
        "publish_mode": "editorial_workflow",
        "site_url": publication.url,
        "display_url": publication.url,
        "logo_url": "",
        "media_folder": "content/assets",
        "public_folder": "../assets",
        "slug": {"encoding": "ascii", "clean_accents": True},
        "editor": {"preview": False},
        "collections": [articles],
    }


def admin_policy(settings: AdminSettings) -> str:
    """The Content-Security-Policy of the admin page, apart from the site's.

    Decap compiles its schemas (unsafe-eval) and writes its styles (unsafe-inline).
    """
    hosts = " ".join(part for part in (_HOSTS.get(settings.backend, ""), settings.proxy) if part)
    return (
        "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: https:; font-src 'self' data:; connect-src 'self' blob: {hosts}; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def _page(publication: Publication) -> str:
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="{escape(admin_policy(publication.settings.admin))}">
<title>Write · {escape(publication.name)}</title>
<link href="config.yml" type="text/yaml" rel="cms-config-url">
<body>
<noscript>The editor needs JavaScript.</noscript>
<script src="{_SCRIPT}"></script>
</html>
"""


def _fields(library: Library) -> Iterator[dict[str, Json]]:
    """A field of the form for each field of front matter that a form can hold; the others are kept as they are."""
    options = {
        "topic": [topic.name for topic in library.topics],
        "tags": [tag.name for tag in library.tags],
        "authors": [author.name for author in library.authors],
    }
    info = inspect.type_info(ArticleFields)
    for field in info.fields if isinstance(info, inspect.StructType) else ():
        hint, kinds = _kinds(field.type)
        widget = _select(options[field.name], kinds[0]) if options.get(field.name) else _widget(kinds)
        if widget and field.name not in _INGESTED:
            yield {
                "name": field.name,
                "label": field.name.replace("_", " ").capitalize(),
                "hint": hint,
                "required": field.name in _REQUIRED,
                **widget,
                **_OWN.get(field.name, {}),
            }


def _in_order(fields: list[dict[str, Json]]) -> list[Json]:
    """What every article has first, its text included; what few need comes below."""
    return [
        *(field for name in _FIRST for field in fields if field["name"] == name),
        *(field for field in fields if field["name"] not in _FIRST),
    ]


def _select(options: Sequence[str], kind: inspect.Type) -> dict[str, Json]:
    return {"widget": "select", "options": options, "multiple": isinstance(kind, inspect.ListType)}


def _widget(kinds: Sequence[inspect.Type]) -> dict[str, Json] | None:  # noqa: PLR0911 (one for each kind)
    """The widget for what a field may be; None where no form holds it (a text or an object)."""
    match kinds:
        case [inspect.DateTimeType()]:
            return {"widget": "string", "pattern": [r"^\d{4}-\d{2}-\d{2}", "is written as 2026-03-28"]}
        case [inspect.BoolType()]:
            return {"widget": "boolean"}
        case [inspect.IntType()]:
            return {"widget": "number", "value_type": "int"}
        case [inspect.ListType(item_type=inspect.StrType())]:
            return {"widget": "list"}
        case [inspect.StructType(fields=fields)]:
            return {"widget": "object", "collapsed": True, "fields": [_inner(field) for field in fields]}
        case [inspect.StrType(pattern=str(pattern))]:
            return {"widget": "string", "pattern": [pattern, "is not of its form"]}
        case [inspect.StrType()]:
            return {"widget": "string"}
    return None


def _inner(field: inspect.Field) -> Json:
    _, kinds = _kinds(field.type)
    return {"name": field.name, "label": field.name.capitalize(), "required": False, **(_widget(kinds) or {})}


def _kinds(kind: inspect.Type) -> tuple[str, list[inspect.Type]]:
    """A field's description, and what it may be, empty apart."""
    if isinstance(kind, inspect.Metadata):
        hint, kinds = _kinds(kind.type)
        return str((kind.extra_json_schema or {}).get("description", hint)), kinds
    if isinstance(kind, inspect.UnionType):
        parts = [_kinds(part) for part in kind.types if not isinstance(part, inspect.NoneType)]
        return next((hint for hint, _ in parts if hint), ""), [each for _, kinds in parts for each in kinds]
    return "", [kind]


def _body() -> dict[str, Json]:
    # The rich mode rewrites Markdown that nobody touched; the raw one saves what was written.
    hint = "Markdown: an empty line between paragraphs, two hashes before a heading."
    return {"name": "body", "label": "Text", "widget": "markdown", "modes": ["raw"], "hint": hint}
