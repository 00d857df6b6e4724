"""One trial: payloads by every way in, a real build, every way out scanned and loaded in a real Chromium."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import PROJECT, copy_publication
from lxml import etree
from playwright.sync_api import Error as PlaywrightError

from insights.article import dump_article
from insights.desk.submission import make_article, parse_event, target
from insights.errors import FetchError, InsightsError
from insights.site.hosting import site_policy
from insights.store import read_library, read_publication, write_file
from trust.carriers import Expected, issue_events, one_line, write_articles, write_sources, write_terms
from trust.payloads import Payload
from trust.scan import describe_chrome, find_hits, scheme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOST = "https://small.example.org/"
SITE_URL = f"{HOST}review/"
# Pages on which the theme itself puts a form into its text, and on which no content stands.
_OWN_FORMS = ("404.html", "subscribe/index.html")
# What a page may do under the policy that the site tells its host to send.
POLICY = site_policy(read_publication(PROJECT / "tests/site"))
_WATCH = """
window.violations ??= [];
const tell = window.recordRun;
for (const name of ["alert", "confirm", "prompt", "print", "canary"]) {
  window[name] = (...values) => void tell(name + ": " + values.map(String).join());
}
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(event.effectiveDirective + " " + event.blockedURI);
});
"""
# Every event that a reader's hand or eye may cause and that leads to no other page.
_TOUCH = """() => {
  const events = ["mouseover", "pointerenter", "focus", "toggle", "wheel", "scroll", "cut", "animationstart"];
  for (const each of document.querySelectorAll("main *")) {
    for (const name of events) each.dispatchEvent(new Event(name));
  }
  const read = (selector) => document.querySelector(selector)?.textContent ?? "";
  return { violations, title: read("h1"), text: read("main .text"), deck: read(".deck"), head: document.title };
}"""


@dataclass
class Trial:
    """What was found, by kind; `counts` is how much was looked at. The first entries of each list are shown."""

    counts: Counter[str] = field(default_factory=Counter)
    executed: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    lost: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    told: Counter[str] = field(default_factory=Counter)

    def literal_share(self) -> float:
        """The share of text and code payloads that a reader can read exactly."""
        return 1 - sum(map(len, self.lost.values())) / max(1, self.told.total())


def write_publication(root: Path, payloads: Sequence[Payload]) -> list[Expected]:
    """A publication that holds the payloads by every way in; its sources are ingested by the real command."""
    copy_publication(root)
    settings = (root / "mkdocs.yml").read_text()
    project = (PROJECT / "mkdocs.yml").read_text()
    extensions = project[project.index("markdown_extensions:") :]
    settings = settings[: settings.index("markdown_extensions:")] + extensions
    settings = settings.replace("    menu:\n", "    newsletter: {content: full}\n    menu:\n")
    (root / "mkdocs.yml").write_text(settings)
    expected = list(write_articles(root, payloads))
    write_terms(root, payloads)
    expected += write_sources(root / "content/inbox", payloads)
    _run(root, "ingest", "content/inbox", "--topic", "Hostile", "--date", "2026-01-03", codes=(0, 2))
    library, _ = read_library(root)
    for event, what in issue_events(payloads):
        try:
            article = make_article(parse_event(event), library, _NOW, _fetch_nothing).article
        except InsightsError:
            continue  # it has no text: nothing is published, and the form's sender is told
        write_file(target(root, article), dump_article(article).encode())
        expected.append(what)
    return expected


def _fetch_nothing(url: str) -> bytes:
    raise FetchError(url, "nothing is fetched here")


def build(root: Path, is_sanitised: bool = True) -> Path:
    """The built site; without the sanitiser where only the second wall, the policy, is tried."""
    if is_sanitised:
        _run(root, "build", codes=(0,))
        return root / "site"
    program = (
        "import sys, insights.markup as markup; markup.Sanitiser.clean = lambda self, html: html;"
        "from insights.cli import main; sys.exit(main())"
    )
    _run(root, "build", "--site-dir", str(root / "unsafe"), codes=(0,), program=("-c", program))
    return root / "unsafe"


def _run(root: Path, *arguments: str, codes: tuple[int, ...], program: tuple[str, ...] = ("-m", "insights")) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(_NOW.timestamp()))}
    result = subprocess.run(
        [sys.executable, *program, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode not in codes or "Traceback" in result.stderr:
        raise AssertionError(
            f"insights {arguments[0]}: {result.returncode}\n{result.stdout[-2000:]}{result.stderr[-4000:]}"
        )


def scan(site: Path, benign: Path, trial: Trial) -> None:
    """Every file of the site against the rules of `scan`, by parsers that sanitise nothing."""
    chrome = frozenset(hit for page in benign.rglob("*.html") for hit in describe_chrome(page.read_text()))
    # Of listings too long for the benign site; and of former addresses, whose target has a rule of its own.
    chrome |= {"link rel=next", "link rel=prev", "meta http-equiv=refresh"}
    headers = {name for path in benign.rglob("*.eml") for name, _ in _parse_mail(path).items()}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html" and not name.startswith("pagefind/"):
            html = path.read_text()
            trial.counts["html files"] += 1
            if name not in _OWN_FORMS:
                trial.hits += [f"{name}: {hit}" for hit in find_hits(html, HOST, chrome)]
            for island in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S):
                _check(trial, name, json.loads, island)
        elif path.suffix == ".eml":
            trial.counts["emails"] += 1
            more = set(_parse_mail(path).keys()) - headers
            trial.hits += [f"{name}: header {header}" for header in sorted(more)]
        elif path.suffix in (".xml", ".rss", ".opml"):
            trial.counts["feeds and lists"] += 1
            _check(trial, name, etree.fromstring, path.read_bytes())
    for name, html in fragments(site):
        trial.counts["feed texts"] += 1
        trial.hits += [f"{name}: {hit}" for hit in find_hits(html, HOST)]
    for path in site.rglob("*.opml"):
        for outline in etree.fromstring(path.read_bytes()).iter("outline"):
            trial.hits += [
                f"opml {key}" for key in ("xmlUrl", "htmlUrl") if scheme(outline.get(key, "")) not in ("", "https")
            ]


def fragments(site: Path) -> Iterator[tuple[str, str]]:
    """Each text that a feed says is HTML, once: its document and the HTML."""
    seen: set[str] = set()
    for path in sorted([*site.rglob("*.xml"), *site.rglob("*feed*.json")]):
        texts = _json_texts(path) if path.suffix == ".json" else _xml_texts(path)
        for text in texts:
            if text not in seen:
                seen.add(text)
                yield path.relative_to(site).as_posix(), text


def _xml_texts(path: Path) -> Iterator[str]:
    atom, content = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
    for element in etree.fromstring(path.read_bytes()).iter():
        # RSS 2.0 does not say whether a title or a description is HTML: readers take it for that.
        is_html = element.tag in (f"{content}encoded", "description", "title") or (
            str(element.tag).startswith(atom) and element.get("type") == "html"
        )
        if is_html and element.text:
            yield element.text


def _json_texts(path: Path) -> Iterator[str]:
    for item in json.loads(path.read_text()).get("items", ()):
        yield item.get("content_html", "")


def _parse_mail(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def _check(trial: Trial, name: str, parse: Any, data: str | bytes) -> None:
    try:
        parse(data)
    except (ValueError, etree.XMLSyntaxError) as error:
        trial.malformed.append(f"{name}: {error}")


class _Handler(SimpleHTTPRequestHandler):
    is_enforced = False

    def end_headers(self) -> None:
        self.send_header(f"Content-Security-Policy{'' if self.is_enforced else '-Report-Only'}", POLICY)
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass

    def handle(self) -> None:
        """Answers one connection; a browser that has left the page before its answer is no error."""
        with suppress(ConnectionError):
            super().handle()


def read_all(
    site: Path, browser: Browser, trial: Trial, expected: Iterable[Expected] = (), is_enforced: bool = False
) -> None:
    """Loads every page, email and feed text with the watch in place; compares what is read with `expected`.

    The policy is enforced, or else it stops nothing and every breach of it is noted.
    """
    views = _write_views(site)
    handler = type("Handler", (_Handler,), {"is_enforced": is_enforced})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    read: dict[str, str] = {}
    context = browser.new_context()
    # Told to us at once, so that a page which leads elsewhere takes nothing with it.
    context.expose_binding("recordRun", lambda source, what: trial.executed.append(f"{source['page'].url}: {what}"))
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.on("request", lambda request: _note_request(request.url, page.url, address, trial))
    page.on("dialog", lambda dialog: (trial.executed.append(f"dialog on {page.url}"), dialog.dismiss()))
    try:
        for path in sorted(site.rglob("*.html")):
            name = path.relative_to(site).as_posix()
            # A page at a former address leads on at once, to an address that `scan` has seen to.
            if not name.startswith("pagefind/") and 'http-equiv="refresh"' not in path.read_text():
                found = _visit(page, address + name, trial)
                read[found["title"]] = found["text"]
        for query in ("alert", "script", "onerror", "javascript", "plain words"):
            _search(page, f"{address}search/?q={query}", trial)
    finally:
        context.close()
        server.shutdown()
        for view in views:
            view.unlink()
    _compare(read, expected, trial)


def _visit(page: Page, url: str, trial: Trial) -> Mapping[str, Any]:
    trial.counts["pages loaded"] += 1
    found: dict[str, Any] = {"title": "", "text": "", "violations": []}
    for _attempt in range(3):  # the page before may lead away as late as now
        try:
            page.goto(url, wait_until="load")
            found = page.evaluate(_TOUCH)
            break
        except PlaywrightError as error:
            trial.requests.append(f"{url}: leads away by itself: {str(error).splitlines()[0]}")
    # Emails and feed texts bring their styles and name pictures in full: a page's policy is not for them.
    is_page = "/newsletter/" not in url and "/view-" not in url
    trial.violations += [f"{url}: {each}" for each in found["violations"] if is_page or each.startswith("script")]
    return found


_ALL_RESULTS = """async () => {
  const more = document.querySelector("button.more");
  for (let turn = 0; turn < 40 && more && !more.hidden; turn++) {
    more.click();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const allowed = ["li", "p", "a", "mark"];
  const strange = [...document.querySelectorAll(".results *")].map((each) => each.localName);
  const count = document.querySelectorAll(".results > li").length;
  return { count, strange: strange.filter((name) => !allowed.includes(name)) };
}"""


def _search(page: Page, url: str, trial: Trial) -> None:
    page.goto(url, wait_until="networkidle")
    found = page.evaluate(_ALL_RESULTS)
    trial.counts["search results"] += found["count"]
    trial.hits += [f"{url}: <{each}> in results" for each in found["strange"]]


def _note_request(url: str, page_url: str, address: str, trial: Trial) -> None:
    # Emails name the site by its address: to load from there is no foreign request.
    if not url.startswith((address, HOST, "data:", "about:")):
        trial.requests.append(f"{page_url}: {url}")


def _write_views(site: Path) -> list[Path]:
    """The feeds' texts as pages, fifty each, as a reader that trusts feeds would show them."""
    texts = [html.replace(SITE_URL, "/") for _name, html in fragments(site)]
    views = []
    for start in range(0, len(texts), 50):
        view = site / f"view-{start}.html"
        parts = "".join(f"<div>{text}</div>" for text in texts[start : start + 50])
        view.write_text(f"<!doctype html><meta charset=utf-8><main>{parts}</main>")
        views.append(view)
    return views


def _compare(read: Mapping[str, str], expected: Iterable[Expected], trial: Trial) -> None:
    pages = {one_line(title): one_line(text) for title, text in read.items()}
    for each in expected:
        trial.told[f"{each.way} {each.kind}"] += 1
        title = one_line(each.title)
        text = pages.get(title)
        wanted = one_line(each.payload.text)
        if text is None or (each.kind != "title" and wanted not in text):
            where = "no such page" if text is None else "not in the text"
            trial.lost[f"{each.way} {each.kind}"].append(f"{each.payload.id} ({where}): {wanted[:90]}")


def report(trial: Trial, shown: int = 12) -> str:
    """The figures, then the first cases of each kind."""
    lines = [", ".join(f"{count:,} {name}" for name, count in trial.counts.items())]
    kinds = ("executed", "hits", "requests", "malformed", "violations")
    lines += [f"{kind}: {len(getattr(trial, kind))}" for kind in kinds]
    if trial.told:
        lines.append(f"literal: {trial.literal_share():.2%} of {trial.told.total():,}")
    lines += [f"  lost, {way}: {len(cases)} of {trial.told[way]}" for way, cases in trial.lost.items()]
    for kind in kinds:
        lines += [f"    {kind}: {case}" for case in getattr(trial, kind)[:shown]]
    lines += [f"    {way}: {case}" for way, cases in trial.lost.items() for case in cases[:shown]]
    return "\n".join(lines)
