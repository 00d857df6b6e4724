"""What a robot may do to a pull request: find it, answer it with one comment and suggestions, let its checks run.

What a branch hands over is data from strangers: a text and suggestions, cut to size. Which pull request they are for is
asked of GitHub. Standard library only, as `github` says.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from insights.desk.github import BOT, GitHub, RefusedError
from insights.desk.previews import preview_url
from insights.errors import FetchError
from insights.zips import UNREADABLE

MARK = "<!-- insights-desk -->"
CHECK = "check.yml"
ARTICLE, SUBMISSION = "article", "submission"  # labels, by which editors find their work
HANDED_OVER = "desk"  # the artefact
COMMENT, SUGGESTIONS = "comment.md", "suggestions.json"
_MAX_BYTES = 5_000_000
_MAX_COMMENT = 60_000  # characters; GitHub takes 65,536
_MAX_SUGGESTIONS = 20
_FOREIGN = "> This branch comes from a fork and changes more than `content/`: its own code wrote what follows.\n\n"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run of the check: of which commit and branch, in whose repository, and how it ended.

    `is_public` says whether everybody sees the repository, and so its previews.
    """

    id: int
    commit: str
    branch: str
    owner: str
    url: str
    is_fork: bool
    is_public: bool
    conclusion: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """An open pull request, and the paths that it touches."""

    number: int
    paths: tuple[str, ...]

    @property
    def is_content_only(self) -> bool:
        """Whether it leaves everything alone that runs."""
        return bool(self.paths) and all(path.startswith("content/") for path in self.paths)


def parse_run(event: Mapping[str, Any]) -> Run:
    """The run that GitHub's event `workflow_run` tells of."""
    run, home = event["workflow_run"], event["repository"]["full_name"]
    head = run["head_repository"]
    return Run(
        id=int(run["id"]),
        commit=str(run["head_sha"]),
        branch=str(run["head_branch"]),
        owner=str(head["owner"]["login"]),
        url=str(run["html_url"]),
        is_fork=head["full_name"] != home,
        is_public=not event["repository"]["private"],
        conclusion=str(run["conclusion"]),
    )


def find_request(github: GitHub, run: Run) -> PullRequest | None:
    """The open pull request whose newest commit was checked; None where there is none, or there are newer commits.

    It is found by what GitHub knows of the run, never by what the branch says of itself.
    """
    for request in github.get("/pulls", state="open", head=f"{run.owner}:{run.branch}"):
        if request["head"]["sha"] == run.commit:
            files = github.get_all(f"/pulls/{request['number']}/files")
            paths = {path for each in files for path in (each["filename"], each.get("previous_filename")) if path}
            # The files are those of the newest commit: a push in between would show those of another one.
            if github.get(f"/pulls/{request['number']}")["head"]["sha"] == run.commit:
                return PullRequest(int(request["number"]), tuple(sorted(paths)))
    return None


def approve(github: GitHub, run: Run) -> str:
    """Lets the check of a first-timer's fork run where it touches content alone: all that runs then is our own.

    GitHub holds such checks back until somebody approves them, and a first-timer would wait for days.
    """
    request = find_request(github, run)
    if request is None or not request.is_content_only:
        return "A maintainer has to look at this branch before its checks may run."
    github.send("POST", f"/actions/runs/{run.id}/approve")
    return f"The checks of #{request.number} may run: it touches content alone."


def answer(github: GitHub, run: Run) -> str:
    """Posts the comment and the suggestions that a run handed over, in place of those of the run before."""
    request = find_request(github, run)
    files = _handed_over(github, run) if request else {}
    if request is None or COMMENT not in files:
        return "There is nothing to answer."
    text = files[COMMENT].decode("utf-8", "replace")
    if not text.startswith(MARK):
        text = f"{MARK}\n\n{text}"
    if run.is_fork and not request.is_content_only:
        text = text.replace(MARK, f"{MARK}\n\n{_FOREIGN}", 1)
    published = preview_url(github, request.number) if run.is_public and not run.is_fork else None
    look = f"[Look at it as readers will see it]({published}), a few minutes from now." if published else ""
    look = (
        look or f"To look at it as readers will see it, download the file **preview** [from here]({run.url}#artifacts)."
    )
    renew_comment(github, request.number, f"{text[: _MAX_COMMENT - len(look)]}\n\n{look}\n")
    if request.is_content_only:
        add_label(github, request.number, ARTICLE)
    count = _renew_suggestions(github, request.number, run.commit, files.get(SUGGESTIONS, b"[]"))
    return f"Answered #{request.number}, with {count} suggestions."


def renew_comment(github: GitHub, number: int, text: str) -> None:
    """The one comment of ours on an issue or pull request, which begins with MARK: new, or in place of the old."""
    text = text[:_MAX_COMMENT]
    for comment in github.get_all(f"/issues/{number}/comments"):
        if comment["user"]["login"] == BOT and comment["body"].startswith(MARK):
            github.send("PATCH", f"/issues/comments/{comment['id']}", {"body": text})
            return
    github.send("POST", f"/issues/{number}/comments", {"body": text})


def add_label(github: GitHub, number: int, label: str) -> None:
    """Puts a label on an issue or pull request; GitHub makes one that there is not yet."""
    github.send("POST", f"/issues/{number}/labels", {"labels": [label]})


def check_again(github: GitHub, branch: str) -> None:
    """Starts the check of a branch: what the built-in token pushes or opens starts nothing by itself."""
    github.send("POST", f"/actions/workflows/{CHECK}/dispatches", {"ref": branch})


def open_request(github: GitHub, branch: str, base: str, title: str, body: str) -> str:
    """The address of the branch's pull request, opened unless it is; where a token may not, of the page that opens it.

    GitHub lets an owner forbid workflows to open pull requests: a person then has to press the button.
    """
    owner, body = github.repository.partition("/")[0], body[:_MAX_COMMENT]
    for request in github.get("/pulls", state="open", head=f"{owner}:{branch}"):
        github.send("PATCH", f"/pulls/{request['number']}", {"title": title, "body": body})
        return str(request["html_url"])
    try:
        opened = github.send("POST", "/pulls", {"head": branch, "base": base, "title": title, "body": body})
    except RefusedError as error:
        if error.status != 403:
            raise
        home = github.get("")["html_url"]
        return f"{home}/compare/{base}...{branch}?expand=1"
    return str(opened["html_url"])


def _handed_over(github: GitHub, run: Run) -> dict[str, bytes]:
    """The files that a run handed over, by name; only names that we know, and nothing is unpacked on disk."""
    for artefact in github.get(f"/actions/runs/{run.id}/artifacts")["artifacts"]:
        if artefact["name"] == HANDED_OVER and not artefact["expired"]:
            data = github.download(f"/actions/artifacts/{artefact['id']}/zip", _MAX_BYTES)
            return dict(_unpack(data))
    return {}


def _unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in (COMMENT, SUGGESTIONS):
                if name in archive.namelist():
                    with archive.open(name) as file:
                        yield name, file.read(_MAX_BYTES)
    except UNREADABLE as error:
        raise FetchError(HANDED_OVER, f"no archive that can be read: {error}", "run the check again") from error


def _renew_suggestions(github: GitHub, number: int, commit: str, data: bytes) -> int:
    """How many suggestions were posted; those of the run before are removed."""
    for comment in github.get_all(f"/pulls/{number}/comments"):
        if comment["user"]["login"] == BOT and comment["body"].startswith(MARK):
            github.send("DELETE", f"/pulls/comments/{comment['id']}")
    try:
        comments = [_line_comment(each) for each in json.loads(data)[:_MAX_SUGGESTIONS]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0
    if not comments:
        return 0
    try:
        body = {"commit_id": commit, "event": "COMMENT", "comments": comments}
        github.send("POST", f"/pulls/{number}/reviews", body)
    except RefusedError as error:
        if error.status != 422:  # a place that GitHub does not show as changed: the comment shows the change as well
            raise
        return 0
    return len(comments)


def _line_comment(suggestion: Mapping[str, Any]) -> dict[str, object]:
    """A suggestion as GitHub's comment on lines. Raises KeyError, TypeError or ValueError for what is none."""
    first, last = int(suggestion["first"]), int(suggestion["last"])
    body = f"{MARK}\n{str(suggestion['body'])[:_MAX_COMMENT]}"
    place: dict[str, object] = {"path": str(suggestion["path"]), "line": last, "side": "RIGHT", "body": body}
    return place | ({"start_line": first, "start_side": "RIGHT"} if first < last else {})
