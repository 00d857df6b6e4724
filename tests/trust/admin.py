"""The admin page in a real Chromium: Decap's own code and server over a publication whose every word is hostile.

What it reads (the list, the menus of topics, tags and authors, the form, the pictures) and what an author writes in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conftest import copy_publication, free_port, install_packages, serve, serve_repository, switch_on_admin

from trust.carriers import OPENING, Expected, entities, fence, one_line, write_articles, write_terms
from trust.payloads import Payload
from trust.reading import WATCH, compare
from trust.trial import HOST, Trial

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_EVERY_FORM, _EVERY_SAVE = 20, 40
"""Of so many articles one is opened in the form; of so many payloads one is written in it."""
_TOPIC = "Hostile"
_PICTURE = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
_ENTRY = 'a[href*="/entries/"]'
_TITLE = "input[id^=title-field]"
# Decap asks before it leaves a form that was touched: that is its own question.
_OWN_QUESTION = """
const recorded = window.confirm;
window.confirm = (text) => text === "Are you sure you want to leave this page?" || recorded(text);
"""
_STRANGE = """() => {
  const found = [];
  const active = "script iframe frame object embed applet base form math template video audio".split(" ");
  const own = [location.origin + "/", "blob:", "data:image/"];
  const isOwn = (address) => own.some((start) => address.startsWith(start));
  for (const each of document.querySelectorAll("*")) {
    const tag = each.localName;
    const handler = [...each.attributes].find(({ name }) => name.startsWith("on") || name === "srcdoc");
    if (handler) found.push(`${handler.name} on <${tag}>`);
    if (active.includes(tag) && !(tag === "script" && isOwn(each.src))) found.push(`<${tag}>`);
    if (tag === "a" && each.href && !["http:", "https:"].includes(each.protocol)) found.push(`${each.protocol} in <a>`);
    if (tag === "img" && each.src && !isOwn(each.src)) found.push(`<img> from ${each.src}`);
  }
  return found;
}"""


def write_desk(root: Path, payloads: Sequence[Payload]) -> int:
    """A publication with its admin page on, whose articles, topics, tags, authors and name carry the payloads.

    Returns the port at which its page looks for decap-server.
    """
    copy_publication(root)
    install_packages(root)
    port = free_port()
    switch_on_admin(root, port)
    settings = root / "mkdocs.yml"
    name = json.dumps(f"Small {one_line(payloads[0].text)}") if payloads else "Small"
    settings.write_text(settings.read_text().replace("Small & Sons Review", name))
    for _ in write_articles(root, payloads):
        pass  # what each must show on its page is asked elsewhere
    write_terms(root, payloads, every=1)
    return port


def read_admin(root: Path, port: int, browser: Browser, trial: Trial, payloads: Sequence[Payload]) -> list[Expected]:
    """Looks at all that the admin page shows, and writes articles in it; returns what their pages must show.

    The policy of the page is passed over, then enforced: that time nothing is written.
    """
    _add_pictures(root, payloads)
    with _editor(root, port, browser, trial, is_enforced=True) as editor:
        editor.open()
        editor.read_menus()
        editor.read_pictures()
    with _editor(root, port, browser, trial, is_enforced=False) as editor:
        titles = editor.open()
        compare(dict.fromkeys(titles, ""), _expected("admin list", payloads), trial)
        editor.read_menus()
        editor.read_pictures()
        opened = payloads[::_EVERY_FORM]
        read = dict(editor.read_form(payload.id) for payload in opened)
        for kind in ("title", "text"):
            compare(read, (_with_kind(each, kind) for each in _expected("admin form", opened)), trial)
        return [editor.write(payload) for payload in payloads[::_EVERY_SAVE]]


def is_blind(root: Path, port: int, browser: Browser) -> list[str]:
    """What is not noticed of an admin page that does what it may not; none if all is well."""
    page = root / "site/admin/index.html"
    kept = page.read_text(encoding="utf-8")
    planted = "<p onclick=1></p><img src=//canary.example/x><iframe></iframe><script>alert('ran')</script>"
    page.write_text(kept.replace("<body>", f"<body>{planted}"), encoding="utf-8")
    free, guarded = Trial(), Trial()
    for trial, is_enforced in ((free, False), (guarded, True)):
        with _editor(root, port, browser, trial, is_enforced=is_enforced) as editor:
            editor.open()
    page.write_text(kept, encoding="utf-8")
    seen = {
        "script": any("alert: ran" in each for each in free.executed),
        "handler": any("onclick on <p>" in each for each in free.hits),
        "frame": any("<iframe>" in each for each in free.hits),
        "request": any("canary.example" in each for each in free.requests),
        "policy": not guarded.executed and any("script-src" in each for each in guarded.violations),
    }
    return [name for name, is_seen in seen.items() if not is_seen]


def _expected(way: str, payloads: Sequence[Payload]) -> Iterator[Expected]:
    for payload in payloads:
        if "\x00" not in payload.text:
            yield Expected(f"{payload.id} {one_line(payload.text) or 'empty'}", way, "title", payload)


def _with_kind(expected: Expected, kind: str) -> Expected:
    return Expected(expected.title, expected.way, kind, expected.payload)


def _add_pictures(root: Path, payloads: Sequence[Payload]) -> None:
    """Pictures whose names are payloads, as far as a file system takes them; the page lists what the folder holds."""
    for payload in payloads[::_EVERY_SAVE]:
        name = one_line(payload.text).replace("/", "\u2215").encode()[:200].decode(errors="ignore")
        (root / "content/assets" / f"{name}.gif").write_bytes(_PICTURE)


@contextmanager
def _editor(root: Path, port: int, browser: Browser, trial: Trial, *, is_enforced: bool) -> Iterator[_Editor]:
    web, address = serve(root / "site")
    try:
        with (
            serve_repository(root, port, "fs"),
            closing(
                browser.new_context(bypass_csp=not is_enforced, viewport={"width": 1280, "height": 900})
            ) as context,
        ):
            yield _Editor(address, port, context.new_page(), trial)
    finally:
        web.shutdown()
        web.server_close()


class _Editor:
    """An author at the admin page; what it does that it may not is written into the trial."""

    def __init__(self, address: str, port: int, page: Page, trial: Trial) -> None:
        self.address, self.page, self.trial = address, page, trial
        self.own = (address, f"http://127.0.0.1:{port}/", HOST, "data:", "blob:", "about:")
        page.set_default_timeout(60_000)
        page.expose_binding("recordRun", lambda source, what: trial.executed.append(f"admin: {what}"))
        page.add_init_script(WATCH + _OWN_QUESTION)
        page.on("request", lambda request: self._note_request(request.url))
        page.on("dialog", lambda dialog: (trial.executed.append("dialog in admin"), dialog.dismiss()))
        page.on("pageerror", lambda error: trial.broken.append(f"admin: {(error.stack or str(error))[:300]}"))

    def open(self) -> list[str]:
        """Logs in; the titles that the list shows."""
        self.page.goto(f"{self.address}/admin/")
        self.page.get_by_role("button", name="Login").click()
        self.page.locator(_ENTRY).first.wait_for()
        self._look("list")
        return self.page.locator(f"{_ENTRY} h2").all_text_contents()

    def read_menus(self) -> None:
        """Looks at every topic, tag and author that the form offers."""
        self._turn_to("new")
        self.page.locator(_TITLE).wait_for()
        for field in ("topic", "tags", "authors"):
            self.page.locator(f"input[id^={field}-field]").click()
            self.page.locator("[role=option]").first.wait_for()
            self.trial.counts["admin options"] += self.page.locator("[role=option]").count()
            self._look(f"menu of {field}")
            self.page.keyboard.press("Escape")

    def read_pictures(self) -> None:
        """Looks at every picture that the form offers."""
        self._turn_to("")
        self.page.locator(_ENTRY).first.wait_for()
        self.page.get_by_role("button", name="Media").click()
        self.page.get_by_text(".gif").first.wait_for()
        self._look("pictures")
        self.page.keyboard.press("Escape")

    def read_form(self, name: str) -> tuple[str, str]:
        """The title and the text that the form shows of an article."""
        self._turn_to("")  # from one article to the next the form stays as it is
        self.page.locator(_TITLE).wait_for(state="detached")
        self._turn_to(f"entries/{name}")
        title = self.page.locator(_TITLE)
        title.wait_for()
        self._look(name)
        return title.input_value(), self.page.locator("[contenteditable=true]").last.inner_text()

    def write(self, payload: Payload) -> Expected:
        """Writes an article and saves it; what its page must show."""
        line = one_line(payload.text) or "empty"
        title = f"Desk {payload.id} {line}"
        self._turn_to("")
        self.page.locator(_TITLE).wait_for(state="detached")
        self._turn_to("new")
        self.page.locator(_TITLE).fill(title)
        self.page.locator("input[id^=date-field]").fill("2026-01-04")
        for field, choice in (("topic", _TOPIC), ("authors", "Zofia")):
            box = self.page.locator(f"input[id^={field}-field]")
            box.fill(choice)
            box.press("Enter")
        self.page.locator("textarea[id^=description-field]").fill(line)
        self.page.locator("[contenteditable=true]").last.click()
        text = f"{OPENING}\n\n{entities(line)}\n\n{fence(line)}\n\nBefore: {line}\n"
        for each in text.splitlines():
            self.page.keyboard.insert_text(each)
            self.page.keyboard.press("Enter")
        self.page.get_by_role("button", name="Publish", exact=True).click()
        self.page.get_by_role("menuitem", name="Publish now").click()
        self.page.wait_for_url("**/entries/*")  # it has a name now: it is saved
        self._look(f"{payload.id} saved")
        self.trial.counts["articles written in admin"] += 1
        return Expected(title, "admin", "text", payload)

    def _turn_to(self, place: str) -> None:
        self.page.evaluate("(place) => { location.hash = place; }", f"#/collections/insights/{place}".rstrip("/"))

    def _look(self, where: str) -> None:
        self.trial.counts["admin views"] += 1
        self.trial.hits += [f"admin, {where}: {hit}" for hit in self.page.evaluate(_STRANGE)]
        self.trial.violations += [f"admin, {where}: {each}" for each in self.page.evaluate("violations.splice(0)")]

    def _note_request(self, url: str) -> None:
        if not url.startswith(self.own):
            self.trial.requests.append(f"admin: {url}")
