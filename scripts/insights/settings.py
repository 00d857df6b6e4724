"""The publication's settings: what mkdocs.yml says, typed and checked once.

Site identity comes from MkDocs' own keys (`site_name`, `site_url`, …), everything else from `plugins: insights:`.
A stage with settings of its own has a struct here; nothing else in the pipeline reads mkdocs.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from insights.errors import SettingsError
from insights.strings import ENGLISH, Strings, strings_of
from insights.text import is_foreign, nearest

FILE_NAME = "mkdocs.yml"

# What MkDocs and Material read and our templates do not: where to write it instead.
_IDLE: Mapping[tuple[str, ...], str] = {
    ("extra_css",): "write it into overrides/assets/insights.css",
    ("extra_javascript",): "write it into overrides/assets/insights.js",
    ("theme", "favicon"): "replace overrides/assets/favicon.svg",
    ("theme", "features"): "remove it",
    ("theme", "font"): "fonts stand at the head of overrides/assets/insights.css",
    ("theme", "palette"): "colours stand at the head of overrides/assets/insights.css",
    ("extra", "social"): "name them in `footer:` under `plugins: insights:`",
}


class RelatedSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How many related articles an article shows, and the index that finds what may be related.

    `index` is exact, or approximate with the extra of that name (`pip install "insights[approximate]"`): a graph of
    near articles, which finds nearly the same. benchmarks/README.md says what either costs.
    """

    count: Annotated[int, Meta(ge=0, le=20)] = 3
    index: Annotated[str, Meta(pattern="^(exact|approximate)$")] = "exact"


class FeedSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the feeds hold, and how their ids are made.

    `entries` is how many a feed document holds, and the newest up to twice as many; `content` is whole articles, or
    only their summaries. `hub` is the WebSub hub to link. `authority` is the name, and a date on which you held it,
    under which ids are made ("example.org,2026", RFC 4151); the default is the site's host: when the site moves to
    another domain, write the old one here, or every reader shows every article as new.
    """

    entries: Annotated[int, Meta(ge=1, le=50)] = 20
    content: Annotated[str, Meta(pattern="^(full|summary)$")] = "full"
    hub: str | None = None
    authority: Annotated[str, Meta(pattern=r"^([a-z0-9.-]+(,\d{4}(-\d\d(-\d\d)?)?)?)?$")] = ""


class NewsletterSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends the newsletter, and how readers join and leave it.

    `name` is "Newsletter" where it has none, or what the site's language calls it. The law asks for a postal `address`,
    mail services for a way to `unsubscribe`: a URL in which "{email}" stands for the reader's address. The sign-up form
    posts to `action`, with the further `fields` that the email `service` asks for; its name for the email field is
    known, that of an unnamed service is `field`. `utm` marks the links to this site; `content` puts whole articles into
    the email, or their summaries.
    """

    name: str = ""
    sender: str = ""
    address: str = ""
    unsubscribe: str = ""
    content: Annotated[str, Meta(pattern="^(full|summary)$")] = "summary"
    utm: Mapping[str, str] = {}
    service: Annotated[str, Meta(pattern="^(|brevo|buttondown|ghost|kit|listmonk|mailchimp|mailerlite)$")] = ""
    action: str = ""
    field: str = "email"
    fields: Mapping[str, str] = {}
    note: str = ""


class CheckSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What `insights check` asks for.

    `levels` says how much each rule matters here: error, warning, advice or ignore, by the rule's name. `words` are
    words of the house that are no spelling mistakes. `networks` are private networks whose links `--online` may follow,
    as "10.0.0.0/8" for an intranet's publication.
    """

    levels: Mapping[str, Annotated[str, Meta(pattern="^(error|warning|advice|ignore)$")]] = {}
    words: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


class IngestSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What ingest takes on: a source beyond these bounds fails, and the others go on.

    `max_bytes` is for a source as it comes, `max_unpacked_bytes` for what a zip or document holds. A page may have so
    many elements and characters of text, and is read as text below `max_depth`. `networks` are private networks from
    which pages may be fetched, as "10.0.0.0/8" for an intranet's.
    """

    max_bytes: Annotated[int, Meta(ge=1)] = 64 * 1024 * 1024
    max_unpacked_bytes: Annotated[int, Meta(ge=1)] = 256 * 1024 * 1024
    max_archive_files: Annotated[int, Meta(ge=1)] = 5_000
    max_elements: Annotated[int, Meta(ge=1)] = 150_000
    max_characters: Annotated[int, Meta(ge=1)] = 8_000_000
    max_depth: Annotated[int, Meta(ge=1, le=500)] = 120
    networks: tuple[str, ...] = ()


class AdminSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The page at /admin/ on which people write in the browser; off where no backend is named.

    `backend` is Decap's name of the host that keeps the repository, `repository` its name there ("owner/name"),
    `branch` the one that is published. `proxy` is where decap-server listens, which takes the host's place on your own
    machine.
    """

    backend: Annotated[str, Meta(pattern="^(|github|gitlab|gitea|forgejo|bitbucket|git-gateway)$")] = ""
    repository: str = ""
    branch: str = "main"
    proxy: str = "http://127.0.0.1:8081/api/v1"


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A named address, relative to the site's root or absolute."""

    title: str
    href: str


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything under `plugins: insights:`.

    `tagline` is a sentence for the home page and the foot of all pages, `contact` the email address for readers.
    `menu` heads every page; `footer` has further links for its end, as an imprint and profiles elsewhere. `strings` are
    texts of the interface, by their names, where the site shall say something else than its language has it.
    `fast_markdown` has a compiled renderer convert what it converts as Python-Markdown does; without it Python-Markdown
    converts everything, in twenty times the time and to the same HTML.
    """

    tagline: str = ""
    contact: str = ""
    fast_markdown: bool = True
    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    strings: Mapping[str, Any] = {}
    admin: AdminSettings = AdminSettings()
    check: CheckSettings = CheckSettings()
    ingest: IngestSettings = IngestSettings()
    related: RelatedSettings = RelatedSettings()
    feeds: FeedSettings = FeedSettings()
    newsletter: NewsletterSettings = NewsletterSettings()


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """A publication: who it is (`url` ends with "/"), its settings, how its Markdown is rendered, what it says.

    `logo` is a picture's path in content/, or "". `idle` are settings of mkdocs.yml that do nothing here, with what to
    do instead.
    """

    name: str
    url: str
    description: str
    language: str
    copyright: str
    settings: Settings
    markdown_extensions: tuple[str, ...]
    markdown_configs: Mapping[str, Mapping[str, Any]]
    strings: Strings = ENGLISH
    logo: str = ""
    idle: tuple[tuple[str, str], ...] = ()

    def shows(self, picture_src: str) -> bool:
        """Whether a picture may be shown: one of the site, or of a host that the settings allow."""
        return picture_src.startswith(self.url) or not is_foreign(picture_src, self.picture_hosts)

    @property
    def picture_hosts(self) -> tuple[str, ...]:
        """The other hosts from which pictures and media may load."""
        return tuple(self.markdown_configs.get("insights.markup", {}).get("hosts") or ())


def parse_publication(text: str, path: str) -> Publication:
    """The publication that the text of mkdocs.yml describes.

    Raises SettingsError if it is malformed, lacks `site_name` or `site_url`, or holds a setting we do not know.
    """
    from mkdocs.exceptions import ConfigurationError
    from mkdocs.utils.yaml import yaml_load

    try:
        values = yaml_load(text)
    except ConfigurationError as error:
        raise SettingsError(path, str(error), "mend the YAML") from error
    for key, example in (("site_name", "Our insights"), ("site_url", "https://insights.example.org/")):
        if not values.get(key):
            raise SettingsError(path, f"{key} is missing", f"add `{key}: {example}`")
    names, configs = _extensions(values.get("markdown_extensions") or [])
    theme = values.get("theme")
    theme = theme if isinstance(theme, dict) else {}
    language = str(theme.get("language") or "en")
    settings = parse_settings(_plugin_options(values.get("plugins")), path)
    return Publication(
        name=str(values["site_name"]),
        url=str(values["site_url"]).rstrip("/") + "/",
        description=str(values.get("site_description") or ""),
        language=language,
        copyright=str(values.get("copyright") or ""),
        settings=settings,
        markdown_extensions=names,
        markdown_configs=configs,
        strings=strings_of(language, settings.strings),
        logo=str(theme.get("logo") or ""),
        idle=tuple((": ".join(keys), fix) for keys, fix in _IDLE.items() if _is_set(values, keys)),
    )


def parse_settings(options: Mapping[str, Any], path: str) -> Settings:
    """The settings in the options of the `insights` plugin.

    Raises SettingsError that names the first setting that is unknown or of the wrong kind.
    """
    try:
        settings = msgspec.convert(options, Settings)
        strings_of("en", settings.strings)
    except msgspec.ValidationError as error:
        message = str(error)
        unknown = message.partition("unknown field `")[2].partition("`")[0]
        known = (field.name for kind in (Settings, Strings) for field in msgspec.structs.fields(kind))
        close = nearest(unknown, known) if unknown else None
        fix = f'use "{close}"' if close else "docs/settings.md lists them"
        raise SettingsError(path, f"plugins: insights: {message}", fix) from error
    return settings


def _is_set(values: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return bool(values)


def _plugin_options(plugins: Any) -> Mapping[str, Any]:
    entries = plugins if isinstance(plugins, list) else [{name: value} for name, value in (plugins or {}).items()]
    for entry in entries:
        if isinstance(entry, dict) and "insights" in entry:
            return entry["insights"] or {}
    return {}


def _extensions(entries: Any) -> tuple[tuple[str, ...], dict[str, Mapping[str, Any]]]:
    """The extensions as MkDocs loads them: its own `toc`, `tables` and `fenced_code` first, then the listed ones."""
    pairs = entries.items() if isinstance(entries, dict) else (_pair(entry) for entry in entries)
    configs = {name: config or {} for name, config in pairs}
    names = dict.fromkeys(["toc", "tables", "fenced_code", *configs])
    return tuple(names), {name: config for name, config in configs.items() if config}


def _pair(entry: Any) -> tuple[str, Any]:
    return next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
