"""The reading site, page type by page type, on a strict host: speed, weight, accessibility, validity.

    python benchmarks/site.py [PAGE…] [--no-lighthouse]

Builds this publication, serves it compressed with the headers it asks for, to Lighthouse over HTTP/2, and prints for
one page of each type, or for those named ("insights/foo/"): Lighthouse's scores (performance, accessibility, best
practices, SEO) as a phone and as a desk, its largest paint (LCP), blocking time (TBT) and layout shift (CLS) on the
phone; kilobytes on the wire, requests and kilobytes of JavaScript until the page is at rest; axe's rules broken at
1280 and 390, light and dark, with search and menus open; the Nu checker's errors and warnings; errors in the console;
requests to other hosts. Then, over every page: the heaviest article, what Nu says, links that lead nowhere, pages
that nothing leads to.

Needs Chromium, Java and npm's packages, as `make test` sets them up. Exits with 1 where a page misses what is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from conftest import CHROMIUM_ARGUMENTS, find_chromium  # noqa: E402
from judges import axe_violations, nu_messages  # noqa: E402
from lxml import html  # noqa: E402
from playwright.sync_api import Browser, Page, Request, sync_playwright  # noqa: E402
from strict_host import read_headers, strict_host  # noqa: E402

from insights.store import read_publication  # noqa: E402

LIGHTHOUSE = PROJECT / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
KINDS = (
    "home article topic topics tag tags author authors series archive edition editions subscribe feeds search page "
    "missing"
).split()
ATTEMPTS = 3
MAX_ARTICLE_KB, MAX_REQUESTS, MAX_SCRIPT_KB, MAX_LCP = 15.0, 5, 3.0, 0.9


@dataclass(slots=True)
class Row:
    """What was measured of one page; `problems` is what a reader of the table may want in words."""

    kind: str
    path: str
    phone: str = "-"
    desk: str = "-"
    lcp: float = 0.0
    tbt: float = 0.0
    cls: float = 0.0
    kilobytes: float = 0.0
    requests: int = 0
    script: float = 0.0
    axe: int = 0
    console: int = 0
    foreign: int = 0
    problems: list[str] = field(default_factory=list)


def pages_of(site: Path) -> dict[str, html.HtmlElement]:
    """Every page for readers by its address in the site; emails are judged as emails, by the tests."""
    files = [site / "404.html"]
    files += [file for file in site.rglob("index.html") if b'http-equiv="refresh"' not in file.read_bytes()]
    paths = sorted(file.relative_to(site).as_posix().removesuffix("index.html") for file in files)
    return {path: html.fromstring(path_of(site, path).read_bytes()) for path in paths}


def path_of(site: Path, address: str) -> Path:
    """The file behind an address in the site."""
    return site / address / "index.html" if address == "" or address.endswith("/") else site / address


def kind_of(page: html.HtmlElement) -> str:
    """The page's type, which its body's class says."""
    return str(page.find("body").get("class", "")).removeprefix("kind-")


@contextmanager
def http2_host(site: Path, root: str) -> Iterator[str]:
    """The address, with its final slash, of the site on a host as hosts are: HTTP/2, so encrypted."""
    with tempfile.TemporaryDirectory() as name:
        key, certificate = f"{name}/key.pem", f"{name}/certificate.pem"
        subject = ["-subj", "/CN=127.0.0.1", "-days", "2", "-keyout", key, "-out", certificate]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        wanted = {"site": str(site), "root": root, "blocks": read_headers(site), "key": key, "certificate": certificate}
        command = ["node", str(Path(__file__).with_name("host.mjs"))]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as host:
            try:
                host.stdin.write(json.dumps(wanted))
                host.stdin.close()
                yield f"https://127.0.0.1:{host.stdout.readline().strip()}{root}"
            finally:
                host.kill()


def lighthouse(address: str, row: Row, chromium: str, arguments: Sequence[str]) -> str:
    """The four scores of the best of up to three runs; notes what costs a point, and, as a phone, the times.

    Other work on the machine lengthens every step of a run and shortens none: the best is nearest to the page's own.
    """
    best: dict[str, Any] = {}
    for _attempt in range(ATTEMPTS):
        report = run_lighthouse(address, chromium, arguments)
        if report:
            best = min(best or report, report, key=_largest_paint)
            if _largest_paint(best) <= MAX_LCP:
                break
    if not best:
        row.problems.append("lighthouse ended without a report")
        return "none"
    audits, categories = best["audits"], best["categories"]
    for name in CATEGORIES:
        weighed = [audits[part["id"]] for part in categories[name]["auditRefs"] if part["weight"]]
        lost = [audit for audit in weighed if audit["score"] is not None and audit["score"] < 0.9]
        row.problems += [f"lighthouse {name}: {audit['title']} {audit.get('displayValue', '')}" for audit in lost]
    if not arguments:
        row.lcp = _largest_paint(best)
        row.tbt = audits["total-blocking-time"]["numericValue"]
        row.cls = audits["cumulative-layout-shift"]["numericValue"]
    return "/".join(str(round(100 * categories[name]["score"])) for name in CATEGORIES)


def _largest_paint(report: dict[str, Any]) -> float:
    return float(report["audits"]["largest-contentful-paint"]["numericValue"]) / 1000


def run_lighthouse(address: str, chromium: str, arguments: Sequence[str]) -> dict[str, Any]:
    """Lighthouse's report of one run; empty where it gave up, as it does on a machine that is too busy."""
    command = [
        "node",
        str(LIGHTHOUSE),
        address,
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    flags = " ".join(["--headless=new", "--ignore-certificate-errors", *CHROMIUM_ARGUMENTS])
    run = subprocess.run(
        [*command, f"--chrome-flags={flags}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    return dict(json.loads(run.stdout)) if run.returncode == 0 else {}


def weigh(browser: Browser, address: str, row: Row) -> None:
    """What a first visit transfers until the page is at rest, and what it does that no page may."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 (Playwright marks its handlers)
    page.on("console", lambda message: row.problems.append(f"console: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: row.problems.append(f"console: {error}"))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    sizes = {request.url: request.sizes()["responseBodySize"] for request in finished}
    row.kilobytes = sum(sizes.values()) / 1024
    row.requests = len(sizes)
    row.script = sum(size for url, size in sizes.items() if url.endswith(".js")) / 1024
    row.foreign = sum(urlsplit(url).netloc != urlsplit(address).netloc for url in sizes)
    row.console = len(row.problems)
    page.close()


def judge(browser: Browser, address: str, row: Row) -> None:
    """axe's rules broken in any of the states in which readers see the page."""
    broken: set[str] = set()
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 844},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(address)
            for state in (_as_it_is, _unfolded, _searching):
                state(page)
                broken |= {
                    f"axe {width} {scheme}{state.__name__.replace('_', ' ')}: {each}" for each in axe_violations(page)
                }
            context.close()
    row.axe = len({each.split(": ")[1] for each in broken})
    row.problems += sorted(broken)


def _as_it_is(_page: Page) -> None:
    """The page as it comes."""


def _unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def _searching(page: Page) -> None:
    page.keyboard.press("/")
    box = page.locator("dialog[open] input[type=search], [data-search-page] input[type=search]").first
    box.fill("queue")
    page.locator(".results a").first.wait_for()


def dead_links(pages: dict[str, html.HtmlElement], site: Path, root: str) -> Iterator[str]:
    """Links and fragments of these pages that lead nowhere."""
    base = "https://site.invalid"
    for path, page in pages.items():
        for element in page.iter():
            for name in ("href", "src"):
                value = element.get(name) if isinstance(element.tag, str) else None
                if value is None:
                    continue
                url, fragment = urldefrag(urljoin(f"{base}{root}{path}", value))
                if not url.startswith(base + root):
                    continue
                target = unquote(url.removeprefix(base + root))
                is_named = (
                    not fragment or target not in pages or pages[target].xpath("//*[@id=$id]", id=unquote(fragment))
                )
                if not path_of(site, target).is_file() or not is_named:
                    yield f"{path}: {value}"


def orphans(pages: dict[str, html.HtmlElement], root: str) -> set[str]:
    """Pages that no way of links leads to from the front page."""
    base = f"https://site.invalid{root}"
    reached, waiting = set(), deque([""])
    while waiting:
        path = waiting.popleft()
        if path in reached or path not in pages:
            continue
        reached.add(path)
        waiting += [
            urldefrag(urljoin(base + path, href))[0].removeprefix(base) for href in pages[path].xpath("//a/@href")
        ]
    return set(pages) - reached - {"404.html"}


def chosen_pages(pages: dict[str, html.HtmlElement], named: Sequence[str]) -> list[tuple[str, str]]:
    """The type and path of each page to measure: those named, or the first of each type."""
    if named:
        return [(kind_of(pages[path]), path) for path in named]
    first: dict[str, str] = {}
    for path, page in pages.items():
        first.setdefault(kind_of(page), path)
    return [(kind, first[kind]) for kind in KINDS if kind in first]


def misses(row: Row) -> list[str]:
    """What is asked of every page, and this one lacks."""
    perfect = "/".join(["100"] * 4)
    asked = {
        "Lighthouse phone": row.phone in (perfect, "-"),
        "Lighthouse desk": row.desk in (perfect, "-"),
        "LCP": row.lcp <= MAX_LCP,
        "CLS": row.cls == 0,
        "axe": row.axe == 0,
        "console": row.console == 0,
        "other hosts": row.foreign == 0,
        "requests": row.requests <= MAX_REQUESTS or row.kind == "search",
        "script": row.script <= MAX_SCRIPT_KB or row.kind == "search",
        "kilobytes": row.kilobytes <= MAX_ARTICLE_KB or row.kind != "article",
    }
    return [name for name, is_met in asked.items() if not is_met]


def measure(site: Path, root: str, named: Sequence[str], chromium: str, with_lighthouse: bool) -> bool:
    """Prints the table and what is wrong; whether anything is."""
    pages = pages_of(site)
    failed = False
    print(f"{'page':10} {'Lighthouse phone':16} {'desk':16} {'LCP':>5} {'TBT':>4} {'CLS':>5} {'KB':>6} {'req.':>4} "
          f"{'JS KB':>5} {'axe':>3} {'Nu':>3} {'con.':>4} {'3rd':>3}")  # fmt: skip
    with strict_host(site, root) as address, http2_host(site, root) as fast, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        nu = nu_messages([path_of(site, path) for path in pages])
        for kind, path in chosen_pages(pages, named):
            row = Row(kind, path)
            weigh(browser, address + path, row)
            judge(browser, address + path, row)
            if with_lighthouse:
                row.phone = lighthouse(fast + path, row, chromium, [])
                row.desk = lighthouse(fast + path, row, chromium, ["--preset=desktop"])
            count = len(nu.get(path_of(site, path), ()))
            print(f"{kind:10} {row.phone:16} {row.desk:16} {row.lcp:5.2f} {row.tbt:4.0f} {row.cls:5.3f} "
                  f"{row.kilobytes:6.1f} {row.requests:4} {row.script:5.1f} {row.axe:3} {count:3} {row.console:4} "
                  f"{row.foreign:3}", flush=True)  # fmt: skip
            for line in [*row.problems, *(f"misses: {name}" for name in misses(row))]:
                print(f"    {line}", flush=True)
            failed |= bool(misses(row))
        articles = [Row("article", path) for path, page in pages.items() if kind_of(page) == "article"]
        for row in articles:
            weigh(browser, address + row.path, row)
        browser.close()
    heaviest = max(articles, key=lambda row: row.kilobytes)
    dead, lonely = sorted(dead_links(pages, site, root)), sorted(orphans(pages, root))
    print(f"{len(pages)} pages; heaviest article: {heaviest.kilobytes:.1f} KB ({heaviest.path}); Nu: "
          f"{sum(map(len, nu.values()))} messages; dead links: {len(dead)}; orphans: {len(lonely)}")  # fmt: skip
    for line in [*dead, *lonely, *(f"{path}: {each}" for path, lines in nu.items() for each in lines)]:
        print(f"    {line}")
    return failed or bool(nu or dead or lonely) or heaviest.kilobytes > MAX_ARTICLE_KB


def main() -> None:
    """Builds, serves, measures, prints."""
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Chromium is missing: `make test` installs it")
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        subprocess.run([sys.executable, "-m", "insights", "build", "--site-dir", str(site)], cwd=PROJECT, check=True)
        root = urlsplit(read_publication(PROJECT).url).path
        failed = measure(site, root, named, chromium, "--no-lighthouse" not in sys.argv)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
