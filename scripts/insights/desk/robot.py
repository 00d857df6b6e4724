"""`python3 -m insights.desk.robot WHAT`, with `scripts/` on the path: what workflows do with a token that may write.

It needs no installed package. GitHub's own variables say where: GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_EVENT_PATH;
GH_TOKEN holds the token.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from insights.desk.github import GitHub
from insights.desk.previews import add_previews
from insights.desk.requests import (
    MARK,
    SUBMISSION,
    add_label,
    answer,
    approve,
    check_again,
    open_request,
    parse_run,
    renew_comment,
)
from insights.errors import InsightsError

_SENT = (
    f"{MARK}\n\nYour article is here: {{}}\n\nTo change it, edit the text above: **⋯ → Edit**, then **Save**.\n\n{{}}"
)
_NOT_SENT = f"{MARK}\n\nThis could not be turned into an article yet.\n\n{{}}\n\nEdit the text above: **⋯ → Edit**."
_USAGE = "usage: python3 -m insights.desk.robot answer|approve|again|open|submitted|refused|previews"


def main(arguments: list[str]) -> int:
    """Does what is asked, and returns the exit code."""
    missing = [name for name in ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GH_TOKEN") if not os.environ.get(name)]
    if missing:
        print(f"{missing[0]}: the variable is not set\n  fix: run this in a workflow", file=sys.stderr)  # noqa: T201
        return 2
    try:
        done = _do(
            arguments,
            GitHub(os.environ["GITHUB_API_URL"], os.environ["GITHUB_REPOSITORY"], os.environ["GH_TOKEN"]),
        )
    except InsightsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(done or _USAGE)  # noqa: T201 (the log of the job)
    return 0 if done else 2


def _do(arguments: list[str], github: GitHub) -> str:
    """What was done, in words; nothing for what is unknown."""
    done = ""
    match arguments:
        case ["answer" | "approve" as what]:
            done = (answer if what == "answer" else approve)(github, parse_run(_event()))
        case ["previews", site]:
            numbers = add_previews(github, Path(site))
            done = f"Previews: {', '.join(map(str, numbers)) or 'none'}."
        case ["again", branch]:
            check_again(github, branch)
            done = f"The check of {branch} starts."
        case ["open", branch, title, note]:
            done = _open(github, branch, title, Path(note))
        case ["submitted", branch, title, note]:
            url = _open(github, branch, title, Path(note))
            found = Path(note).read_text(encoding="utf-8").partition("\nCloses #")[0].removeprefix(MARK).strip()
            done = _tell(github, _SENT.format(url, found))
        case ["refused", reason]:
            done = _tell(github, _NOT_SENT.format(_as_quotation(Path(reason).read_text(encoding="utf-8"))))
    return done


def _tell(github: GitHub, text: str) -> str:
    number = int(_event()["issue"]["number"])
    renew_comment(github, number, text)
    add_label(github, number, SUBMISSION)
    return f"The author was told on #{number}."


def _open(github: GitHub, branch: str, title: str, note: Path) -> str:
    base = str(_event()["repository"]["default_branch"])
    url = open_request(github, branch, base, title, note.read_text(encoding="utf-8"))
    check_again(github, branch)
    return url


def _as_quotation(text: str) -> str:
    """An error's text as a block of code, which mentions nobody."""
    return "\n".join(f"    {line}" for line in text.strip()[:2000].splitlines())


def _event() -> Any:
    return json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
