"""The positive control: pages that do what no page may, planted to see that each eye of a trial is open."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trust.carriers import Expected
from trust.grammar.markup import CANARY
from trust.outputs import scan
from trust.payloads import Payload
from trust.reading import read_all, read_guarded
from trust.trial import Trial

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass(frozen=True, slots=True)
class Control:
    """What a page's text does wrong, the list of a trial in which that must stand, and words that must stand there."""

    name: str
    html: str
    kind: str
    words: str


# The text of a style sheet in HTML, but markup once the table has been moved out of its way, when it is read again.
_SLEEPER = "<math><mtext><table><mglyph><style><img src=x onerror=1></style></table></math>"
_TEXT = Payload("p", "control", "what nobody wrote")
_LOST = (Expected("form", "control", "text", _TEXT), Expected("no such title", "control", "text", _TEXT))
CONTROLS = (
    Control("script", "<script>alert('ran')</script>", "executed", "alert: ran"),
    Control("handler", "<img src=x onerror=\"confirm('ran')\">", "executed", "confirm: ran"),
    Control("handler-in-file", "<img src=x onerror=\"confirm('ran')\">", "hits", "handler onerror on <img>"),
    Control("handler-in-browser", "<img src=x onerror=\"confirm('ran')\">", "hits", "onerror on <img>"),
    Control("touched", "<p onmouseover=\"prompt('ran')\">x</p>", "executed", "prompt: ran"),
    Control("drawing", "<svg onload=\"canary('ran')\"></svg>", "executed", "canary: ran"),
    Control("framed", "<iframe srcdoc=\"<script>parent.alert('ran')</script>\"></iframe>", "executed", "alert: ran"),
    Control("active-link", '<a href="java&#10;script:x">x</a>', "hits", "active address"),
    Control("active-link-in-browser", '<a href="java&#10;script:x">x</a>', "hits", "javascript: in <a>"),
    Control("form", "<form></form>", "hits", "active element"),
    Control("form-in-browser", "<form></form>", "hits", "<form> in the text"),
    Control("clobbering", "<img name=body src=/x.png>", "hits", "<img> in the text"),
    Control("wakes-when-copied", _SLEEPER, "hits", "read again: onerror on <img>"),
    Control("foreign-picture", f'<img loading=lazy src="//{CANARY}/x">', "requests", CANARY),
    Control("foreign-style", f'<link rel=stylesheet href="//{CANARY}/x">', "requests", CANARY),
    Control("leads-away", "<script>location = '/elsewhere'</script>", "requests", "leads away"),
    Control("leads-all-away", "<script>top.location = '/elsewhere'</script>", "requests", "leads away"),
    Control("refresh", '<meta http-equiv=refresh content="0;url=data:text/html,x">', "hits", "refresh to"),
    Control("breach", "<script>1</script>", "violations", "script-src-elem inline"),
    Control("island", '<script type="application/ld+json">{"a": }</script>', "malformed", "Expecting value"),
    Control("broken-script", "<script>document.none.at(1)</script>", "broken", "undefined"),
)  # fmt: skip


def blind_eyes(site: Path, folder: Path, browser: Browser) -> list[str]:
    """The controls that a trial did not notice, planted into a copy of a benign site; none if all is well."""
    shutil.copytree(site, folder)
    for control in CONTROLS:
        page = (
            f"<!doctype html><title>x</title><main><h1>{control.name}</h1><div class=text>{control.html}</div></main>"
        )
        (folder / f"control-{control.name}.html").write_text(page, encoding="utf-8")
    (folder / "control.eml").write_text("Subject: x\nBcc: a@example.org\n\nx\n", encoding="utf-8")
    feed = {"items": [{"content_html": "<p onclick=x>y</p><img src=x onerror=\"alert('fed')\">"}]}
    (folder / "control-feed.json").write_text(json.dumps(feed), encoding="utf-8")
    trial, guarded = Trial(), Trial()
    scan(folder, site, trial)
    lost = Payload("p", "control", "what nobody wrote")
    read_all(
        folder, browser, trial, [Expected("form", "control", "text", lost), Expected("none", "control", "text", lost)]
    )
    read_guarded(folder, browser, guarded, [f"control-{control.name}.html" for control in CONTROLS])
    blind = [control.name for control in CONTROLS if not _is_noticed(control, trial)]
    blind += [] if any("header Bcc" in hit for hit in trial.hits) else ["header of an email"]
    blind += [] if any("handler onclick" in hit for hit in trial.hits) else ["feed in file"]
    blind += [] if any("fed" in call for call in trial.executed) else ["feed in browser"]
    blind += [] if len(trial.lost.get("control text", ())) == len(_LOST) else ["lost text"]
    blind += [f"policy stops {call}" for call in guarded.executed]
    blind += [] if any("control-script" in breach for breach in guarded.violations) else ["breach of the policy"]
    return blind


def _is_noticed(control: Control, trial: Trial) -> bool:
    return any(
        f"control-{control.name}.html" in each and control.words in each for each in getattr(trial, control.kind)
    )
