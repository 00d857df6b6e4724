"""Every page, email and feed text of a built site in a real Chromium, with each call of a script noted.

A navigation costs far more than a page, so pages are loaded as frames, many to a gallery. Where one leads the gallery
itself away, the gallery is halved until the page that does it stands alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conftest import PROJECT
from playwright.sync_api import Error as PlaywrightError

from insights.site.hosting import site_policy
from insights.store import read_publication
from trust.carriers import Expected, one_line
from trust.outputs import OWN_FORMS, fragments
from trust.trial import HOST, SITE_URL, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

# What a page may do under the policy that the site tells its host to send; the galleries alone may frame it.
_NO_FRAMES, _OWN_FRAMES = "frame-ancestors 'none'", "frame-ancestors 'self'"
POLICY = site_policy(read_publication(PROJECT / "tests/site")).replace(_NO_FRAMES, _OWN_FRAMES)
GALLERY = 64
QUERIES = ("alert", "script", "onerror", "javascript", "before", "shown", "live", "plain words")
"""Words of the payloads, and those right before them: an excerpt then shows the payload."""
_A_VIEW = 50
WATCH = """
window.violations ??= [];
const tell = window.recordRun;
for (const name of ["alert", "confirm", "prompt", "print", "canary", "msgbox"]) {
  window[name] = (...values) => void tell(name + ": " + values.map(String).join());
}
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(event.effectiveDirective + " " + event.blockedURI);
});
"""
# What a browser made of each frame's page, and every event that a reader's hand or eye may cause and that leads to no
# other page. What is shown is also read a second time, as a page does that copies markup: some forms wake up only then.
_TOUCH = r"""() => {
  const events = ["mouseover", "pointerenter", "focus", "toggle", "wheel", "scroll", "cut", "animationstart"];
  const active = "script,iframe,frame,object,embed,applet,base,link,meta,style,svg,math,template,form,[srcdoc],[name]";
  const schemes = ["http:", "https:", "mailto:", "tel:", ":", ""];
  const strange = (root, whole) => {
    const found = [];
    for (const each of root.querySelectorAll("*")) {
      const handler = [...each.attributes].find(({ name }) => name.startsWith("on") || name === "srcdoc");
      if (handler) found.push(`${handler.name} on <${each.localName}>`);
      if (each.localName === "a" && each.hasAttribute("href") && !schemes.includes(each.protocol ?? "")) {
        found.push(`${each.protocol} in <a>`);
      }
    }
    for (const text of whole ? [root] : root.querySelectorAll(".text")) {
      found.push(...[...text.querySelectorAll(active)].map((each) => `<${each.localName}> in the text`));
    }
    return found;
  };
  const look = (frame) => {
    const address = frame.getAttribute("src");
    try {
      const { document, violations, location } = frame.contentWindow;
      if (location.pathname !== new URL(frame.src).pathname) return { address, away: location.href };
      for (const each of document.querySelectorAll("img[loading=lazy]")) each.loading = "eager";
      for (const each of document.querySelectorAll("main *")) {
        for (const name of events) each.dispatchEvent(new Event(name));
      }
      const read = (selector) => document.querySelector(selector)?.textContent ?? "";
      const again = [...document.querySelectorAll(".text")].map((text) =>
        strange(new DOMParser().parseFromString(text.innerHTML, "text/html").body, true));
      const hits = [...strange(document, false), ...again.flat().map((hit) => `read again: ${hit}`)];
      return { address, violations, title: read("h1"), text: read("main .text"), hits };
    } catch (error) {
      return { address, away: String(error) };
    }
  };
  return [...document.querySelectorAll("iframe")].map(look);
}"""
_ALL_RESULTS = """async () => {
  const more = document.querySelector("button.more");
  const shown = () => document.querySelectorAll(".results > li").length;
  for (let before = -1; more && !more.hidden && before < shown();) {
    before = shown();
    more.click();
    for (let turn = 0; turn < 100 && shown() === before; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const allowed = ["li", "p", "a", "mark"];
  const strange = [...document.querySelectorAll(".results *")].filter((each) => !allowed.includes(each.localName)
    || each.getAttributeNames().some((name) => name.startsWith("on")));
  return { count: shown(), strange: strange.map((each) => each.outerHTML.slice(0, 80)) };
}"""


class _Handler(SimpleHTTPRequestHandler):
    """The site's files with its policy, enforced or only reported, and the pages made for the trial with none."""

    protocol_version = "HTTP/1.1"
    is_enforced = False
    made: Mapping[str, str] = {}

    def do_GET(self) -> None:
        html = self.made.get(self.path)
        if html is None:
            return super().do_GET()
        body = html.encode("utf-8", "replace")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def end_headers(self) -> None:
        if not self.path.startswith("/gallery-"):
            self.send_header(f"Content-Security-Policy{'' if self.is_enforced else '-Report-Only'}", POLICY)
        if self.path.startswith("/assets/"):
            self.send_header("Cache-Control", "max-age=31536000, immutable")
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass

    def handle(self) -> None:
        """Answers one connection; no error are a browser that has left before its answer, and an address with a NUL."""
        with suppress(ConnectionError, ValueError):
            super().handle()


def read_all(site: Path, browser: Browser, trial: Trial, expected: Iterable[Expected] = ()) -> None:
    """Loads every page, email and feed text, and each result of searches; compares what is read with `expected`.

    The policy stops nothing, and every breach of it is noted.
    """
    views = _views(site)
    with _visitor(site, browser, trial, views, is_enforced=False) as visitor:
        read = visitor.visit([*page_names(site), *(view[1:] for view in views)])
        for query in QUERIES:
            visitor.search(query)
    compare(read, expected, trial)


def read_guarded(site: Path, browser: Browser, trial: Trial, names: Sequence[str]) -> None:
    """Loads the named pages under the policy."""
    with _visitor(site, browser, trial, {}, is_enforced=True) as visitor:
        visitor.visit(names)


def read_unguarded(
    site: Path, browser: Browser, trial: Trial, names: Sequence[str], expected: Iterable[Expected] = ()
) -> None:
    """Loads the named pages with nothing that could stop them; compares what is read with `expected`."""
    with _visitor(site, browser, trial, {}, is_enforced=False) as visitor:
        compare(visitor.visit(names), expected, trial)


def page_names(site: Path) -> list[str]:
    """The paths of all pages and emails, in order.

    Left out are pages at a former address, which lead on at once (to an address that `scan` has seen to), and an
    email's parts, which stand together in a view.
    """
    names = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [
        name
        for name in names
        if not name.startswith("pagefind/")
        and "/fragments/" not in name
        and 'http-equiv="refresh"' not in (site / name).read_text(encoding="utf-8")
    ]


def changed_pages(site: Path, other: Path) -> list[str]:
    """The paths of the site's pages whose bytes the other site does not have: what it has was looked at there."""
    return [
        name
        for name in page_names(site)
        if not (other / name).is_file() or (site / name).read_bytes() != (other / name).read_bytes()
    ]


@contextmanager
def _visitor(
    site: Path, browser: Browser, trial: Trial, views: Mapping[str, str], is_enforced: bool
) -> Iterator[_Visitor]:
    made = dict(views)
    handler = type("Handler", (_Handler,), {"is_enforced": is_enforced, "made": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    try:
        yield _Visitor(f"http://127.0.0.1:{server.server_port}/", context.new_page(), trial, made)
    finally:
        context.close()
        server.shutdown()
        server.server_close()


class _Visitor:
    """A browser's page that visits a site's pages, and writes into the trial what they do."""

    def __init__(self, address: str, page: Page, trial: Trial, made: dict[str, str]) -> None:
        self.address, self.page, self.trial, self.made = address, page, trial, made
        self.galleries = 0
        # Told to us at once, so that a page which leads elsewhere takes nothing with it.
        page.expose_binding("recordRun", lambda source, what: trial.executed.append(f"{source['frame'].url}: {what}"))
        page.add_init_script(WATCH)
        page.on("request", lambda request: self._note_request(request.url, request.frame.url))
        page.on("dialog", lambda dialog: (trial.executed.append(f"dialog on {page.url}"), dialog.dismiss()))
        page.on("pageerror", lambda error: trial.broken.append((error.stack or str(error))[:300]))

    def visit(self, names: Sequence[str]) -> dict[str, str]:
        """The text of each page by its title."""
        read: dict[str, str] = {}
        for start in range(0, len(names), GALLERY):
            for found in self._gallery(names[start : start + GALLERY]):
                self._note(found)
                if "away" not in found:
                    read[found["title"]] = found["text"]
        return read

    def _gallery(self, names: Sequence[str]) -> list[dict[str, Any]]:
        path = f"/gallery-{self.galleries}"
        self.galleries += 1
        frames = (f'<iframe src="/{escape(quote(name))}"></iframe>' for name in names)
        style = "<style>iframe{position:absolute;left:-3000px;width:800px;height:600px}</style>"
        self.made[path] = f"<!doctype html>{style}{''.join(frames)}"
        try:
            self.page.goto(self.address + path[1:], wait_until="load")
            found: list[dict[str, Any]] = self.page.evaluate(_TOUCH)
            if len(found) == len(names):
                return found
            reason = self.page.url
        except PlaywrightError as error:
            reason = str(error).splitlines()[0]
        if len(names) == 1:
            return [{"address": names[0], "away": reason}]
        middle = len(names) // 2
        return [*self._gallery(names[:middle]), *self._gallery(names[middle:])]

    def _note(self, found: Mapping[str, Any]) -> None:
        url = found["address"]
        self.trial.counts["pages loaded"] += 1
        if "away" in found:
            self.trial.requests.append(f"{url}: leads away by itself: {found['away']}")
            return
        # Emails and feed texts bring their styles and name pictures in full: a page's policy is not for them.
        is_page = "/newsletter/" not in url and "/view-" not in url
        breaches = (each for each in found["violations"] if is_page or each.startswith("script"))
        self.trial.violations += [f"{url}: {each}" for each in breaches]
        if url.strip("/") not in OWN_FORMS:
            self.trial.hits += [f"{url}: {hit}" for hit in found["hits"]]

    def search(self, query: str) -> None:
        """Looks at each result of a query, with its excerpt."""
        self.page.goto(f"{self.address}search/?q={quote(query)}", wait_until="networkidle")
        found = self.page.evaluate(_ALL_RESULTS)
        self.trial.counts["search results"] += found["count"]
        self.trial.hits += [f"search for {query}: {each} in results" for each in found["strange"]]

    def _note_request(self, url: str, page_url: str) -> None:
        # Emails name the site by its address: to load from there is no foreign request.
        if not url.startswith((self.address, HOST, "data:", "about:")):
            self.trial.requests.append(f"{page_url}: {url}")


def _views(site: Path) -> dict[str, str]:
    """The feeds' texts and the emails' parts as pages, fifty each, as a program that trusts them would show them."""
    parts = [path.read_text(encoding="utf-8") for path in sorted(site.glob("newsletter/*/fragments/*.html"))]
    texts = [html.replace(SITE_URL, "/") for _name, html in fragments(site)] + parts
    return {
        f"/view-{start}.html": "<!doctype html><meta charset=utf-8><main>"
        + "".join(f'<div class="text">{text}</div>' for text in texts[start : start + _A_VIEW])
        + "</main>"
        for start in range(0, len(texts), _A_VIEW)
    }


def compare(read: Mapping[str, str], expected: Iterable[Expected], trial: Trial) -> None:
    """Notes which of the texts are not in what was read, by title."""
    pages = {one_line(title): one_line(text) for title, text in read.items()}
    for each in expected:
        trial.told[f"{each.way} {each.kind}"] += 1
        title = one_line(each.title)
        text = pages.get(title)
        wanted = one_line(each.payload.text)
        if text is None or (each.kind != "title" and wanted not in text):
            where = "no such page" if text is None else "not in the text"
            cases = trial.lost.setdefault(f"{each.way} {each.kind}", [])
            cases.append(f"{each.payload.id} ({where}): {wanted[:90]}")
