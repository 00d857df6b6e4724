"""`_headers`: what hosts that read it (Cloudflare Pages, Netlify) send with each file; docs/hosting.md has nginx's.

Source: Netlify, "Custom headers"; Cloudflare Pages, "Headers".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from insights.settings import Publication

LIST = "_headers"
_FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")
_RULES_TYPE = ("Content-Type", "application/speculationrules+json")
# Named by their content, so that they never change: the cards, and what Pagefind writes.
_UNCHANGING = ("assets/cards/*", "pagefind/fragment/*", "pagefind/index/*")


def render_headers(
    publication: Publication, hrefs: Iterable[str], assets: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The list's path and bytes; `hrefs` are the site's pages, `assets` the addresses of the theme's files by name.

    Where the admin page is on, the policy stands at each folder but its own: of two policies hosts send both.
    """
    policy = ("Content-Security-Policy", site_policy(publication))
    rules = assets["speculation"]
    common = [
        ("Strict-Transport-Security", "max-age=63072000"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Speculation-Rules", f'"{_root(publication)}{rules}"'),
    ]
    blocks = {"*": common}
    if publication.settings.admin.backend:
        folders = sorted({f"{href.partition('/')[0]}/*" for href in hrefs if href})
        blocks |= {path: [policy] for path in ("", *folders)}
    else:
        blocks["*"] = [policy, *common]
    blocks |= {path: [_FOR_EVER] for path in (*sorted(assets.values()), *_UNCHANGING)}
    blocks[rules] = [_FOR_EVER, _RULES_TYPE]
    lines = [
        "\n".join([f"{_root(publication)}{path}", *(f"  {name}: {value}" for name, value in headers)])
        for path, headers in blocks.items()
    ]
    yield LIST, ("\n\n".join(lines) + "\n").encode()


def site_policy(publication: Publication) -> str:
    """The Content-Security-Policy of every page: files of this site alone, and the form of the mailing list.

    WebAssembly is the search's. Pictures and media come from the hosts that the settings allow, too.
    """
    action = urlsplit(publication.settings.newsletter.action)
    form = f" {action.scheme}://{action.netloc}" if action.netloc else ""
    media = " ".join(["'self'", *(f"https://{host.lower().strip('/')}" for host in publication.picture_hosts)])
    return (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src {media}; "
        f"media-src {media}; connect-src 'self'; form-action 'self'{form}; base-uri 'none'; frame-ancestors 'none'"
    )


def _root(publication: Publication) -> str:
    return urlsplit(publication.url).path
