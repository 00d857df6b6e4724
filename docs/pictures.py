"""Makes the pictures of README.md and CONTRIBUTING.md again: `.venv/bin/python docs/pictures.py`.

Pages of ours are photographed as they are. GitHub's pages are drawn from what GitHub is given (the form's own file, the
comment and the suggestion that `insights desk` writes for an article with mistakes); each drawing says that it is one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).parent.parent
IMAGES = PROJECT / ".github" / "images"
MAX_BYTES = 60_000
ARTICLE = "content/insights/count-the-handovers.md"
MISTAKEN = """\
---
title: Count the handovers before you automate them
date: 2026-04-07
topic: Operation
tags: [queues, Handover]
authors: [Ruth Pemberton]
description: Each handover between two teams costs a day. Count them first, and automate what is left.
---

A claim crosses six desks before anybody pays it, and at each desk it waits.

#### Where the day goes

Nobody works on the claim for a whole day. It lies [in a queue](measure-the-queue-first.md?utm_source=mail).
"""
STYLE = """
body { margin: 0; width: 860px; font: 15px/1.5 "Liberation Sans", sans-serif; color: #1f2328; background: #fff; }
main { margin: 12px; border: 1px solid #d0d7de; border-radius: 8px; overflow: hidden; }
header { display: flex; justify-content: space-between; padding: 8px 16px; background: #f6f8fa; color: #59636e; }
header { border-bottom: 1px solid #d0d7de; font-size: 13px; }
section { padding: 14px 18px; }
p, ul, ol { margin: 0 0 10px; }
label { display: block; margin: 10px 0 4px; font-weight: bold; }
small { display: block; margin-bottom: 4px; color: #59636e; }
.box { height: 24px; border: 1px solid #d0d7de; border-radius: 6px; }
.tall { height: 72px; }
.button { display: inline-block; padding: 5px 14px; border: 1px solid #d0d7de; border-radius: 6px; font-weight: bold; }
.go { background: #1f883d; border-color: #1f883d; color: #fff; }
.here { outline: 3px solid #bf3989; outline-offset: 3px; }
.drop { margin: 12px 0; padding: 26px; border: 2px dashed #d0d7de; border-radius: 6px; text-align: center; }
blockquote { margin: 0 0 10px; padding-left: 14px; border-left: 4px solid #d0d7de; color: #59636e; }
code, pre { font: 13px/1.45 "Liberation Mono", monospace; background: #f6f8fa; }
pre { margin: 0; padding: 6px 12px; white-space: pre-wrap; }
.old { background: #ffebe9; } .new { background: #dafbe1; }
"""


def draw(browser: Browser, name: str, where: str, html: str) -> None:
    """Saves a drawing of one of GitHub's pages."""
    body = f"<main><header><span>{escape(where)}</span><span>A drawing, not a photograph</span></header>{html}</main>"
    page = browser.new_page(viewport={"width": 860, "height": 100})
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}")
    save(name, page.screenshot(full_page=True))
    page.close()


def save(name: str, data: bytes, max_bytes: int = MAX_BYTES) -> None:
    """Saves a picture with as many colours as its bytes allow."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in (128, 64, 32, 16):
        stream = io.BytesIO()
        picture.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            stream, "PNG", optimize=True
        )
        if stream.tell() < max_bytes:
            break
    (IMAGES / name).write_bytes(stream.getvalue())
    print(f"{name}: {stream.tell():,} bytes, {colours} colours")


def draw_form(browser: Browser) -> None:
    """The form, from the file that GitHub makes it of."""
    form = yaml.safe_load((PROJECT / ".github/ISSUE_TEMPLATE/article.yml").read_text(encoding="utf-8"))
    parts = []
    for part in form["body"]:
        attributes = part["attributes"]
        if part["type"] == "markdown":
            parts.append(f"<p>{escape(attributes['value'])}</p>")
            continue
        star = " *" if part.get("validations", {}).get("required") else ""
        box = "box tall" if part["type"] == "textarea" else "box"
        parts.append(
            f"<label>{escape(attributes['label'])}{star}</label><small>{escape(attributes['description'])}</small>"
        )
        parts.append(f'<div class="{box}"></div>')
    button = '<p style="margin-top: 16px; text-align: right"><span class="button go here">Create</span></p>'
    draw(browser, "form.png", f"Issues → New issue → {form['name']}", f"<section>{''.join(parts)}{button}</section>")


def draw_upload(browser: Browser) -> None:
    """Where a file is dropped."""
    html = (
        '<section><p><span class="button">Add file ▾</span> → <span class="button here">Upload files</span></p>'
        '<div class="drop">Drag files here to add them to your repository<br><b>My article.docx</b></div>'
        '<p><span class="button go here">Propose changes</span> → '
        '<span class="button go here">Create pull request</span></p></section>'
    )
    draw(browser, "drop.png", "Code → content → inbox", html)


def draw_comment(browser: Browser, comment: str) -> None:
    """The comment as the desk writes it, its folded parts left folded."""
    html = MarkdownIt("commonmark").render(comment)
    draw(browser, "comment.png", "Your pull request → Conversation: github-actions bot", f"<section>{html}</section>")


def draw_suggestion(browser: Browser, suggestion: dict[str, str | int], lines: list[str]) -> None:
    """One suggestion, and the button that takes it."""
    first, last = int(suggestion["first"]), int(suggestion["last"])
    old = "".join(f'<pre class="old">- {escape(line)}</pre>' for line in lines[first - 1 : last])
    new = "".join(f'<pre class="new">+ {escape(line)}</pre>' for line in str(suggestion["body"]).split("\n")[1:-1])
    button = '<p style="margin-top: 12px"><span class="button here">Commit suggestion</span></p>'
    draw(browser, "suggestion.png", "Your pull request → Files changed", f"<section>{old}{new}{button}</section>")


def photograph_preview(browser: Browser, site: Path) -> None:
    """The article's page in the preview, from its file."""
    page = browser.new_page(viewport={"width": 1000, "height": 640})
    page.goto((site / "insights/count-the-handovers/index.html").as_uri())
    save("preview.png", page.screenshot())
    page.close()


def photograph_front(browser: Browser, site: Path) -> None:
    """The front page by day on a desk, and by night on a phone beside it."""
    sheet = Image.new("RGB", (1215, 675), (232, 229, 222))
    shots = (("light", 1280, (0, 0, 960, 675)), ("dark", 390, (975, 78, 1200, 597)))
    for scheme, width, place in shots:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto((site / "index.html").as_uri())
        left, top, right, bottom = place
        picture = Image.open(io.BytesIO(page.screenshot()))
        sheet.paste(picture.resize((right - left, bottom - top), Image.Resampling.LANCZOS), (left, top))
        page.close()
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    save("front-page.png", stream.getvalue(), 3 * MAX_BYTES)


def photograph_admin() -> None:
    """The editor in the browser, as the test that writes in it sees it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "tests/test_admin.py", "-k", "does_not_touch"]
        subprocess.run(command, cwd=PROJECT, env={**os.environ, "SCREENSHOTS": folder}, check=True)
        save("admin.png", Path(folder, "write-in-the-browser.png").read_bytes())


def write_mistakes(folder: Path) -> None:
    """The publication under git, and a branch with an article that has mistakes."""
    for name in ("content", "overrides"):
        shutil.copytree(PROJECT / name, folder / name)
    shutil.copy(PROJECT / "mkdocs.yml", folder)
    (folder / ".gitignore").write_text("build\nsite\n")
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Start"], ["checkout", "-q", "-b", "mine"]):
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)
    (folder / ARTICLE).write_text(MISTAKEN, encoding="utf-8")


def main() -> None:
    """Makes every picture."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_mistakes(folder)
        insights = [sys.executable, "-m", "insights"]
        subprocess.run([*insights, "desk", "comment", "--folder", "build/desk"], cwd=folder, check=True)
        comment = (folder / "build/desk/comment.md").read_text(encoding="utf-8")
        suggestions = json.loads((folder / "build/desk/suggestions.json").read_text(encoding="utf-8"))
        mended = MISTAKEN.replace("topic: Operation\n", "topic: Operations\n")
        (folder / ARTICLE).write_text(mended, encoding="utf-8")
        subprocess.run([*insights, "build", "--preview"], cwd=folder, check=True)
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        draw_form(browser)
        draw_upload(browser)
        draw_comment(browser, comment)
        draw_suggestion(browser, suggestions[-1], MISTAKEN.split("\n"))
        photograph_preview(browser, folder / "site")
        (folder / ARTICLE).unlink()
        subprocess.run([*insights, "build"], cwd=folder, check=True)
        photograph_front(browser, folder / "site")
        browser.close()
    photograph_admin()


if __name__ == "__main__":
    main()
