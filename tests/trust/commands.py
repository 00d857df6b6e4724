"""The commands, each with work to do in one publication, and what each leaves when nothing goes wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import PROJECT, copy_publication, run_insights

NOW = "1800000000"
ARTICLE = (
    "---\ntitle: Links {0}\ndate: 2026-06-0{1}\ntopic: Operations\ntags: [research, queues]\n"
    "description: Says enough of what it holds to be read by someone.\n---\n\n"
    "See [the desk](https://example.org/desk?utm_source=letter&id={0}) for more on this.\n\n"
    "## A part\n\nIt goes on for a while, and ends here.   \n"
)
_NEWSLETTER = "newsletter: {sender: Us <us@example.org>, address: 1 Quay, unsubscribe: 'mailto:leave@example.org'}"
_PICTURE = PROJECT / "tests/cases/moving/sites/hugo/static/img/gauge.png"


@dataclass(frozen=True, slots=True)
class Command:
    """A command line; `is_writing` where it holds the publication and changes something in it."""

    arguments: tuple[str, ...]
    is_writing: bool = True

    @property
    def name(self) -> str:
        """The command's words, for the ids of tests."""
        return "-".join(
            word.strip("-") for word in self.arguments[:2] if not word.startswith(("content/", "old", "A "))
        )


COMMANDS = (
    Command(("ingest", "content/inbox", "--topic", "Operations", "--date", "2026-01-01")),
    Command(("import", "old", "--no-fetch", "--jobs", "1")),
    Command(("new", "A new one", "--topic", "Operations")),
    Command(("check", "--fix")),
    Command(("tags", "merge", "R&D", "queues")),
    Command(("build", "--jobs", "1")),
    Command(("newsletter", "draft")),
    Command(("newsletter", "build", "1")),
    Command(("newsletter", "send", "1", "--to", "ada@example.org"), is_writing=False),
    Command(("feeds", "ping"), is_writing=False),
    Command(("export", "--to", "json", "out"), is_writing=False),
    Command(("check",), is_writing=False),
    Command(("related",), is_writing=False),
    Command(("tags", "suggest"), is_writing=False),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its code, and what counts in the publication before and after."""

    code: int
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


def make_publication(root: Path) -> Path:
    """A publication that was built, and changed since: every command has something to do."""
    copy_publication(root)
    settings = root / "mkdocs.yml"
    hub = f"    feeds: {{hub: 'http://127.0.0.1:9/'}}\n    {_NEWSLETTER}\n    menu:\n"
    settings.write_text(settings.read_text().replace("    menu:\n", hub, 1))
    assert run_insights(root, "build", "--jobs", "1", SOURCE_DATE_EPOCH=NOW).returncode == 0
    with (root / "content/newsletter/1.md").open("a", encoding="utf-8") as edition:
        edition.write("\nOne more paragraph.\n")
    (root / "content/inbox").mkdir()
    text = "Notes on größe 😀\n\n" + "The desk has “waiting” people – and a single clerk. " * 12
    (root / "content/inbox/notes.txt").write_text(text, encoding="utf-8")
    for number in range(3):
        (root / f"content/insights/links-{number}.md").write_text(ARTICLE.format(number, number + 1))
    posts = root / "old/_posts"
    posts.mkdir(parents=True)
    (root / "old/_config.yml").write_text("url: https://old.example\n")
    (root / "old/desk.png").write_bytes(_PICTURE.read_bytes())
    for number in range(2):
        post = f"---\ntitle: Größe {number}\ntags: [waiting {number}]\n---\n\nText 😀. ![The desk](/desk.png)\n"
        (posts / f"2026-01-0{number + 1}-post-{number}.md").write_text(post, encoding="utf-8")
    return root


def copy_made(made: Path, root: Path) -> Path:
    """A copy with the files' times, which ledgers of earlier builds name."""
    return Path(shutil.copytree(made, root, symlinks=True))


def run(
    root: Path, command: Command, before: Callable[[], object] | None = None, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it; `before` is called in its process."""
    process = begin(root, command, before, stdout, **more)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def begin(
    root: Path, command: Command, before: Callable[[], object] | None = None, stdout: int = subprocess.PIPE, **more: str
) -> subprocess.Popen[str]:
    """The command as a user runs it, begun."""
    return subprocess.Popen(
        [sys.executable, "-m", "insights", *command.arguments],
        cwd=root,
        env={**os.environ, "COLUMNS": "300", "SOURCE_DATE_EPOCH": NOW, **more},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=before,  # noqa: PLW1509 (no thread has been begun)
        encoding="utf-8",
        errors="surrogateescape",
    )


def tree(root: Path) -> dict[str, bytes]:
    """What counts in a publication, by path: content, site (but for the search index), what was sent and exported."""
    paths = (
        path for name in ("content", "site", ".insights", "out", "build/outbox") for path in (root / name).rglob("*")
    )
    files = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if not name.startswith("site/pagefind/") and not name.endswith(".ledger")
    }
