"""What the search costs a reader of a large publication, cold and warm.

    python benchmarks/search.py [ARTICLES | SITE]

Makes a publication of so many articles (2,000 unless told) and builds it, or takes a site that is built; serves it
compressed and searches for common, rare and misspelt words, one of these between two common ones, each in a new
browser. Prints the kilobytes that the search transfers from opening to its first results, and the milliseconds from a
pasted word to them: cold, with nothing there before, and warm, for the next word. Also the kilobytes that the facets
add, and their milliseconds.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from articles import make_publication  # noqa: E402
from conftest import CHROMIUM_ARGUMENTS, find_chromium  # noqa: E402
from playwright.sync_api import Browser, Page, Request, sync_playwright  # noqa: E402
from strict_host import strict_host  # noqa: E402

MAX_COLD_KB, MAX_COLD_MS, MAX_WARM_MS = 350.0, 1000.0, 300.0


def choose_words(site: Path) -> list[tuple[str, str]]:
    """A common, a middling and a rare word of the articles, and the middling one with two letters swapped, alone and
    between the two most common ones."""
    pages = sorted((site / "insights").glob("*/index.html"))[:400]
    counts: Counter[str] = Counter()
    for page in pages:
        body = page.read_text(encoding="utf-8").partition('<div class="text">')[2].partition("data-pagefind-ignore")[0]
        text = re.sub(r"<[^>]*>?", " ", body)
        counts.update(set(re.findall(r"\b[a-z]{6,10}\b", text)))
    left_out = tuple(json.loads((site / "pagefind/common.json").read_bytes())["en"])
    looked_up = [word for word in counts if not word.startswith(left_out)]
    ranked = sorted(looked_up, key=lambda word: (-counts[word], word))
    middle = ranked[len(ranked) // 4]
    slip = middle[:2] + middle[3] + middle[2] + middle[4:]
    between = f"{ranked[0]} {slip} {ranked[1]}"
    return [("common", ranked[0]), ("middling", middle), ("rare", ranked[-1]), ("misspelt", slip), ("between", between)]


def search(page: Page, word: str) -> float:
    """The milliseconds from a word pasted into the box to its first results."""
    return float(
        page.evaluate(
            """word => new Promise(done => {
              const [box, list] = ["input", ".results"].map(part => document.querySelector(`dialog ${part}`));
              list.replaceChildren();
              const started = performance.now();
              new MutationObserver(() => list.querySelector("a") && done(performance.now() - started))
                .observe(list, { childList: true });
              box.value = word;
              box.dispatchEvent(new InputEvent("input", { bubbles: true }));
            })""",
            word,
        )
    )


def measure(browser: Browser, address: str, words: list[tuple[str, str]]) -> list[tuple[str, str, float, float, float]]:
    """For each kind of word: the word, kilobytes and milliseconds cold, milliseconds warm."""
    found = []
    for index, (kind, word) in enumerate(words):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        finished: list[Request] = []
        page.on("requestfinished", lambda request, into=finished: into.append(request))
        page.keyboard.press("/")
        page.locator("dialog input[type=search]").wait_for()
        cold = search(page, word)
        kilobytes = sum(request.sizes()["responseBodySize"] for request in finished) / 1024
        warm = search(page, words[(index + 1) % 3][1])
        found.append((kind, word, kilobytes, cold, warm))
        if kind == "common":
            finished.clear()
            started = time.perf_counter()
            page.locator("dialog summary").click()
            page.locator("dialog fieldset label").first.wait_for()
            elapsed = (time.perf_counter() - started) * 1000
            print(
                f"facets: {sum(each.sizes()['responseBodySize'] for each in finished) / 1024:.0f} KB, {elapsed:.0f} ms"
            )
        context.close()
    return found


def main() -> None:
    """Builds, searches, prints; exits with 1 above a bound."""
    argument = sys.argv[1] if len(sys.argv) > 1 else "2000"
    with tempfile.TemporaryDirectory() as name:
        site = Path(argument)
        if argument.isdigit():
            root = Path(name) / "publication"
            make_publication(root, int(argument))
            subprocess.run([sys.executable, "-m", "insights", "build"], cwd=root, check=True)
            site = root / "site"
        words = choose_words(site)
        with strict_host(site, "/") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
            rows = measure(browser, address, words)
            browser.close()
        for kind, word, kilobytes, cold, warm in rows:
            print(f"{kind:9} {word:24} cold {kilobytes:4.0f} KB {cold:5.0f} ms   warm {warm:5.0f} ms")
        is_met = (
            max(row[2] for row in rows) <= MAX_COLD_KB
            and statistics.median(row[3] for row in rows) <= MAX_COLD_MS
            and statistics.median(row[4] for row in rows) <= MAX_WARM_MS
        )
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
