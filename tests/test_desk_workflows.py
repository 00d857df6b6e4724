"""The workflows, job by job, on real git repositories and against a GitHub of our own: their scripts as they stand."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import PROJECT, copy_publication
from github_server import BOT, HOME, Repository, Server, save_event
from markdown_it import MarkdownIt
from workflows import Job

from insights.desk.github import GitHub
from insights.desk.previews import add_previews
from insights.desk.requests import MARK

WORKFLOWS = PROJECT / ".github" / "workflows"
PASTED = (
    "### Title\n\n{title}\n\n### Topic\n\nOperations\n\n### Tags\n\nwaiting\n\n### Author\n\nZofia Zuraw\n\n"
    "### Date\n\n2026-02-01\n\n### Description\n\n_No response_\n\n### Text\n\n{text}\n"
)
TEXT = "The first paragraph is long enough to be one.\n\nThe second, too."
MISTAKEN = (
    "---\ntitle: Count first\ndate: 2026-02-01\ntopic: Operations\ntags: [waiting]\nauthors: [Zofia Żuraw]\n---\n"
    "Text about queues, and about queues.\n\n#### Too deep\n\nSee [the wait](https://example.org/?utm_source=mail).\n"
)
HOSTILE = {
    "shell": "$(touch pwned) `touch pwned`; touch pwned # && touch pwned",
    "yaml": '"]}\n---\ndraft: false\nslug: ../../evil',
    "path": "../../../../etc/passwd",
    "commands": "::set-output name=pushed::true\n::add-mask::x\n%0A::error::x\n::stop-commands::y",
    "expression": "${{ github.token }} ${{ secrets.KEY }}",
    "mentions": "@everyone <img src=x onerror=alert(1)> <!-- insights-desk --> ``` </details>",
    "huge": "Long words. " * 5_000,
}


def assert_harmless(comment: str) -> None:
    """The comment mentions nobody, and has no HTML, picture or link but ours."""
    tokens = MarkdownIt("commonmark").parse(comment)
    inline = [child for token in tokens for child in token.children or ()]
    assert not [token for token in inline if token.type == "image" or (token.type == "text" and "@e" in token.content)]
    html = "".join(token.content for token in (*tokens, *inline) if token.type.startswith("html"))
    ours = ("<!-- insights-desk -->", "<details><summary>What the newsletter would say</summary>", "</details>")
    ours = (*ours, "<details><summary>Some of this can be mended for you</summary>")
    for each in ours:
        html = html.replace(each, "")
    assert html.strip() == ""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@dataclass
class Home:
    """A repository on GitHub: `origin`, bare, and `clone`, in which a job works. `held` is what GitHub knows of it."""

    folder: Path
    origin: Path
    clone: Path
    held: Repository
    server: Server

    def push(self, branch: str, path: str, data: str) -> str:
        """The commit of a branch, made anew from main, in which a person wrote one file."""
        git(self.clone, "checkout", "-q", "-B", branch, "origin/main")
        target = self.clone / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(data, encoding="utf-8")
        git(self.clone, "add", ".")
        git(self.clone, "commit", "-q", "-m", "Write")
        git(self.clone, "push", "-q", "--force", "origin", f"HEAD:refs/heads/{branch}")
        git(self.clone, "fetch", "-q", "origin")
        return git(self.clone, "rev-parse", "HEAD")

    def job(self, workflow: str, name: str, event: dict[str, Any], **github: Any) -> Job:
        environment = {
            "PATH": f"{self.clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_API_URL": self.server.api_url,
            "GITHUB_REPOSITORY": HOME,
            "SOURCE_DATE_EPOCH": "1780315200",
        }
        context = {"repository": HOME, "ref_name": "11/merge", **github}
        saved = save_event(self.folder, event)
        return Job(WORKFLOWS / f"{workflow}.yml", name, self.clone, context, saved, environment=environment)

    def show(self, branch: str, path: str) -> str:
        return git(self.origin, "show", f"{branch}:{path}")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    publication = copy_publication(tmp_path / "publication")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(PROJECT / name, publication / name)
    for name in ("scripts", "requirements"):
        shutil.copytree(PROJECT / name, publication / name, ignore=shutil.ignore_patterns("__pycache__"))
    (publication / ".gitignore").write_text("/.venv\n/build\n/site\n__pycache__\n")
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    git(publication, "init", "-q")
    git(publication, "add", ".")
    git(publication, "commit", "-q", "-m", "Start")
    git(tmp_path, "clone", "-q", "--bare", str(publication), str(origin))
    git(tmp_path, "clone", "-q", str(origin), str(clone))
    # What `make .venv/site.stamp` sets up is there: the environment of these tests.
    (clone / ".venv").mkdir()
    (clone / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (clone / ".venv" / "site.stamp").touch()
    held = Repository()
    server = Server(held)
    yield Home(tmp_path, origin, clone, held, server)
    server.shutdown()


def pull_request(head: str, owner: str = "small") -> dict[str, Any]:
    repository = {"full_name": HOME if owner == "small" else f"{owner}/review"}
    return {"pull_request": {"number": 11, "head": {"ref": head, "repo": repository}}}


def on_pull_request(head: str) -> dict[str, str]:
    return {"event_name": "pull_request", "head_ref": head, "base_ref": "main"}


def workflow_run(commit: str, branch: str, owner: str = "small", conclusion: str = "success") -> dict[str, Any]:
    head = {"full_name": f"{owner}/review", "owner": {"login": owner}}
    run = {"id": 5, "head_sha": commit, "head_branch": branch, "head_repository": head, "conclusion": conclusion}
    return {"workflow_run": {"event": "pull_request", "html_url": "https://github.example/run/5", **run}}


def issue(title: str, text: str, state: str = "open", heading: str = "Article: mine") -> dict[str, Any]:
    body = PASTED.format(title=title, text=text)
    return {"issue": {"number": 7, "title": heading, "state": state, "labels": [], "body": body}}


def test_a_drop_becomes_an_article_on_its_branch_which_is_then_checked(home: Home) -> None:
    dropped = f"Count before you buy\n\n1 March 2026\n\n{TEXT}\n\nTopic: Operations\n"
    home.push("my-drop", "content/inbox/My text $(touch pwned).txt", dropped)
    job = home.job("check", "mend", pull_request("my-drop"), **on_pull_request("my-drop"))
    assert job.is_due()
    job.run()
    assert "# " not in home.show("my-drop", "content/insights/count-before-you-buy.md")
    assert "title: Count before you buy" in home.show("my-drop", "content/insights/count-before-you-buy.md")
    assert home.held.dispatched == ["my-drop"]
    assert job.outputs == {"pushed": "true"}
    # The commit is checked by the run that was started for it, and not by this one, which knows an older one.
    content = home.job("check", "content", pull_request("my-drop"), **on_pull_request("my-drop"))
    content.needs = {"mend": {"outputs": job.outputs}}
    assert not content.is_due()
    started = home.job("check", "content", {}, event_name="workflow_dispatch", ref_name="my-drop")
    assert started.is_due()
    assert not home.job("check", "mend", {}, event_name="workflow_dispatch", ref_name="my-drop").is_due()
    assert not list(home.folder.rglob("pwned"))


def test_a_new_article_is_mended_and_an_edited_one_left_as_it_is(home: Home) -> None:
    old = "content/insights/waiting-times.md"
    edited = (home.clone / old).read_text(encoding="utf-8").replace("tags: [queues]", "tags: [waiting]")
    (home.clone / old).write_text(edited, encoding="utf-8")
    home.push("new", "content/insights/count-first.md", MISTAKEN)
    job = home.job("check", "mend", pull_request("new"), **on_pull_request("new"))
    job.run()
    new = home.show("new", "content/insights/count-first.md")
    assert "tags: [queues]" in new
    assert "\n## Too deep" in new
    assert "utm_source" not in new
    assert f"{home.show('new', old)}\n" == edited
    assert git(home.origin, "log", "-1", "--format=%an", "new") == BOT
    # A second run finds nothing to mend, and so neither pushes nor starts another run.
    again = home.job("check", "mend", pull_request("new"), **on_pull_request("new"))
    again.run()
    assert (again.outputs, home.held.dispatched) == ({}, ["new"])


def test_a_fork_gets_the_comment_the_suggestions_and_a_preview(home: Home) -> None:
    commit = home.push(
        "from-a-fork", "content/insights/count-first.md", MISTAKEN.replace("date: ", "draft: true\ndate: ")
    )
    event = pull_request("from-a-fork", owner="stranger")
    assert not home.job("check", "mend", event, **on_pull_request("from-a-fork")).is_due()
    job = home.job("check", "content", event, **on_pull_request("from-a-fork"))
    job.needs = {"mend": {"outputs": {}}}
    assert job.is_due()
    printed = job.run()
    assert "::warning file=content/insights/count-first.md,line=" in printed
    assert (job.artefacts["preview"] / "insights/count-first/index.html").is_file()
    handed = {path.name: path.read_bytes() for path in job.artefacts["desk"].iterdir()}
    assert sorted(handed) == ["comment.md", "email.html", "suggestions.json"]
    comment = handed["comment.md"].decode()
    assert "Tags that would fit" not in comment  # "queues" is carried, under another name
    assert "Subject: Count first" in comment or "Count first" in comment
    assert "1 minute to read" in comment

    home.held.hand_over(5, handed)
    home.held.open_pull("from-a-fork", commit, ("content/insights/count-first.md",), owner="stranger")
    answer = home.job("comment", "comment", workflow_run(commit, "from-a-fork", "stranger"))
    assert answer.is_due()
    answer.run()
    [posted] = home.held.comments[11]
    assert posted["body"].startswith(comment)
    assert home.held.labels == {11: {"article"}}
    assert "download the file **preview** [from here](https://github.example/run/5#artifacts)" in posted["body"]
    suggested = {each["line"]: each["body"] for each in home.held.line_comments}
    assert "```suggestion\n## Too deep\n```" in suggested[11]
    assert all(each["body"].startswith(MARK) for each in home.held.line_comments)
    count = len(suggested)
    home.job("comment", "comment", workflow_run(commit, "from-a-fork", "stranger")).run()
    assert len(home.held.comments[11]) == 1
    assert len(home.held.line_comments) == count
    # GitHub sends artefacts from another host, which is no business of the token's.
    assert {token for path, token in home.held.tokens if path.startswith("/blob/")} == {None}


def test_an_error_fails_the_check_at_its_line_after_all_is_handed_over(home: Home) -> None:
    home.push("new", "content/insights/count-first.md", MISTAKEN.replace("Operations", "Operation"))
    job = home.job("check", "content", pull_request("new"), **on_pull_request("new"))
    job.needs = {"mend": {"outputs": {}}}
    with pytest.raises(AssertionError, match=r"::error file=content/insights/count-first\.md,line=4,col=8"):
        job.run()
    assert sorted(job.artefacts) == ["desk", "preview"]
    assert "1 thing must be mended" in (job.artefacts["desk"] / "comment.md").read_text(encoding="utf-8")


def test_gitlab_shows_the_same_beside_a_merge_request(home: Home) -> None:
    home.push("new", "content/insights/count-first.md", MISTAKEN)
    twin = yaml.safe_load((PROJECT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    script = "\n".join(["set -e", *twin["check"]["script"]])
    environment = {**os.environ, "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(home.clone, "rev-parse", "origin/main")}
    subprocess.run(["bash", "-c", script], cwd=home.clone, env=environment, check=True, capture_output=True)
    for name in twin["check"]["artifacts"]["paths"]:
        assert (home.clone / name).exists()
    assert (home.clone / "what-to-mend.md").read_text(encoding="utf-8").startswith(MARK)
    problems = json.loads((home.clone / "quality.json").read_text(encoding="utf-8"))
    assert {each["location"]["path"] for each in problems} == {"content/insights/count-first.md"}
    git(home.clone, "apply", "--include=content/*", "mend.patch")
    assert "tags: [queues]" in (home.clone / "content/insights/count-first.md").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_told_in_the_comment(home: Home) -> None:
    home.push("new", "content/inbox/scan.txt", "\x00\x01\x02")
    job = home.job("check", "content", pull_request("new"), **on_pull_request("new"))
    job.needs = {"mend": {"outputs": {}}}
    job.run()
    comment = (job.artefacts["desk"] / "comment.md").read_text(encoding="utf-8")
    assert "**Could not be turned into an article**" in comment
    assert "scan.txt" in comment


def test_suggestions_make_of_the_file_what_mending_makes_of_it(home: Home) -> None:
    home.push("new", "content/insights/count-first.md", MISTAKEN)
    run = [".venv/bin/insights", "desk", "comment", "--since", "origin/main", "--folder", "build/desk"]
    subprocess.run(run, cwd=home.clone, check=True, capture_output=True)
    lines = MISTAKEN.split("\n")
    suggestions = json.loads((home.clone / "build/desk/suggestions.json").read_text())
    for each in sorted(suggestions, key=lambda each: -each["first"]):
        lines[each["first"] - 1 : each["last"]] = each["body"].split("\n")[1:-1]
    subprocess.run([".venv/bin/insights", "desk", "mend", "--since", "origin/main"], cwd=home.clone, check=True)
    assert "\n".join(lines) == (home.clone / "content/insights/count-first.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "handed",
    [
        {},
        {"../../evil": b"x", "comment.md": b"Hello @everyone"},
        {"comment.md": b"\xff\xfe" * 90_000, "suggestions.json": b"{not json"},
        {"comment.md": b"Text", "suggestions.json": b'[{"path": "a", "first": "x"}, 3]'},
        {"comment.md": b"Text", "suggestions.json": b'[{"path": "a", "first": 999, "last": 999, "body": "b"}]'},
    ],
    ids=["nothing", "paths", "binary", "no-suggestions", "lines-that-are-not-there"],
)
def test_what_a_stranger_hands_over_is_only_ever_a_text(home: Home, handed: dict[str, bytes]) -> None:
    home.held.hand_over(5, handed)
    home.held.open_pull("theirs", "c" * 40, ("scripts/insights/cli/desk.py",), owner="stranger")
    home.job("comment", "comment", workflow_run("c" * 40, "theirs", "stranger")).run()
    posted = home.held.comments.get(11, [])
    assert len(posted) == bool(handed)
    for comment in posted:
        assert comment["body"].startswith(f"{MARK}\n\n> This branch comes from a fork")
    assert home.held.line_comments == []
    assert home.held.labels == {}
    assert not list(home.folder.rglob("evil"))


def test_what_a_person_writes_is_left_alone_even_if_it_begins_as_ours(home: Home) -> None:
    home.held.hand_over(5, {"comment.md": b"Text", "suggestions.json": b"[]"})
    home.held.open_pull("theirs", "c" * 40, ("content/insights/a.md",), owner="stranger")
    said = {"id": 11_999, "user": {"login": "stranger"}, "body": f"{MARK} mine", "line": 1}
    home.held.line_comments.append(said)
    home.held.comments[11] = [dict(said)]
    home.job("comment", "comment", workflow_run("c" * 40, "theirs", "stranger")).run()
    assert home.held.line_comments == [said]
    assert home.held.comments[11][0] == said
    assert len(home.held.comments[11]) == 2


def test_a_branch_of_the_repository_is_shown_where_the_site_is(home: Home) -> None:
    home.held.hand_over(5, {"comment.md": b"Text"})
    home.held.open_pull("ours", "c" * 40, ("content/insights/a.md",))
    home.job("comment", "comment", workflow_run("c" * 40, "ours")).run()
    assert "(https://small.example/review/preview/11/)" in home.held.comments[11][0]["body"]


def test_previews_of_our_own_branches_are_published_and_no_strangers(home: Home) -> None:
    ours, theirs, old = "a" * 40, "b" * 40, "c" * 40
    home.held.open_pull("ours", ours, ())
    home.held.open_pull("theirs", theirs, (), owner="stranger")
    home.held.open_pull("moved-on", "d" * 40, ())
    files = {
        "index.html": b"New",
        "insights/a/index.html": b"A",
        "../../escaped": b"x",
        "/absolute": b"x",
        "a\\..\\b": b"x",
    }
    home.held.keep_preview(21, ours, files)
    home.held.keep_preview(22, ours, {"index.html": b"Older"})
    home.held.keep_preview(23, theirs, {"index.html": b"Theirs"}, is_fork=True)
    home.held.keep_preview(24, old, {"index.html": b"Old"})
    job = home.job("publish", "build", {}, event_name="schedule", ref_name="main")
    job.run()
    written = sorted(path.relative_to(home.clone).as_posix() for path in (home.clone / "site/preview").rglob("*.*"))
    assert written == ["site/preview/11/index.html", "site/preview/11/insights/a/index.html"]
    assert (home.clone / "site/preview/11/index.html").read_bytes() == b"New"
    assert (home.clone / "site/insights/waiting-times/index.html").is_file()
    assert not (home.clone / "site/insights/a-draft").exists()
    assert not list(home.folder.rglob("escaped"))


def test_the_robot_says_what_it_lacks(home: Home) -> None:
    environment = {"PYTHONPATH": str(PROJECT / "scripts"), "GITHUB_API_URL": home.server.api_url}
    command = [sys.executable, "-m", "insights.desk.robot", "again", "mine"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr.splitlines()[0]) == (2, "GITHUB_REPOSITORY: the variable is not set")
    environment |= {
        "GITHUB_REPOSITORY": HOME,
        "GH_TOKEN": "the-token",
        "GITHUB_EVENT_PATH": str(home.folder / "e.json"),
    }
    save_event(home.folder, workflow_run("a" * 40, "mine")).rename(home.folder / "e.json")
    command[-2:] = ["answer"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "There is nothing to answer.\n")


def test_a_private_repository_publishes_no_previews(home: Home) -> None:
    home.held.is_private = True
    home.held.open_pull("ours", "a" * 40, ())
    home.held.keep_preview(21, "a" * 40, {"index.html": b"New"})
    github = GitHub(home.server.api_url, HOME, "the-token")
    assert add_previews(github, home.folder / "site") == []
    assert not (home.folder / "site").exists()


@pytest.mark.parametrize(
    ("event", "due"),
    [
        ({"event_name": "push"}, True),
        ({"event_name": "schedule"}, True),
        ({"event_name": "workflow_run", "run": ("pull_request", "small")}, True),
        ({"event_name": "workflow_run", "run": ("pull_request", "stranger")}, False),
        ({"event_name": "workflow_run", "run": ("push", "small")}, False),
    ],
    ids=["merge", "each-morning", "our-branch", "fork", "checked-after-merge"],
)
def test_the_site_is_published_when_it_or_a_preview_has_changed(home: Home, event: dict[str, Any], due: bool) -> None:
    kind, owner = event.get("run", ("", "small"))
    payload = workflow_run("a" * 40, "branch", owner)
    payload["workflow_run"]["event"] = kind
    assert home.job("publish", "build", payload, event_name=event["event_name"]).is_due() == due


def test_a_run_that_is_older_than_its_branch_is_not_answered(home: Home) -> None:
    home.held.hand_over(5, {"comment.md": b"Old"})
    home.held.open_pull("theirs", "d" * 40, ("content/insights/a.md",), owner="stranger")
    home.job("comment", "comment", workflow_run("c" * 40, "theirs", "stranger")).run()
    assert home.held.comments == {}


@pytest.mark.parametrize(
    ("files", "approved"),
    [
        (("content/insights/a.md", "content/assets/a.png"), [5]),
        (("content/insights/a.md", "scripts/insights/cli/desk.py"), []),
        (("content/insights/a.md", ".github/workflows/check.yml"), []),
        (("contents/a.md",), []),
        ((), []),
        ((*(f"content/insights/{number}.md" for number in range(150)), "mkdocs.yml"), []),
    ],
    ids=["content", "code", "workflow", "look-alike", "nothing", "on-the-second-page"],
)
def test_the_checks_of_a_first_timer_run_where_content_alone_changes(
    home: Home, files: tuple[str, ...], approved: list[int]
) -> None:
    home.held.open_pull("theirs", "c" * 40, files, owner="stranger")
    event = workflow_run("c" * 40, "theirs", "stranger", conclusion="action_required")
    assert not home.job("comment", "comment", event).is_due()
    job = home.job("comment", "approve", event)
    assert job.is_due()
    job.run()
    assert home.held.approved == approved


def test_a_push_while_the_files_are_listed_gives_no_approval(home: Home) -> None:
    pull = home.held.open_pull("theirs", "c" * 40, ("content/insights/a.md",), owner="stranger")
    pull["pushed"] = "d" * 40
    home.job("comment", "approve", workflow_run("c" * 40, "theirs", "stranger", "action_required")).run()
    assert home.held.approved == []


def test_a_file_that_moves_into_content_is_no_content_alone(home: Home) -> None:
    pull = home.held.open_pull("theirs", "c" * 40, ("content/insights/a.md",), owner="stranger")
    pull["files"][0]["previous_filename"] = "scripts/insights/markup.py"
    home.job("comment", "approve", workflow_run("c" * 40, "theirs", "stranger", "action_required")).run()
    assert home.held.approved == []


def test_the_form_becomes_a_pull_request_and_its_author_is_told(home: Home) -> None:
    job = home.job("submit", "article", issue("Measure first", TEXT))
    assert job.is_due()
    job.run()
    article = home.show("submission-7", "content/insights/measure-first.md")
    assert "tags: [queues]" in article
    [pull] = home.held.pulls
    assert (pull["head"]["ref"], pull["base"]) == ("submission-7", "main")
    assert "Closes #7." in pull["body"]
    assert home.held.dispatched == ["submission-7"]
    [told] = home.held.comments[7]
    assert f"Your article is here: {pull['html_url']}" in told["body"]
    assert "the article has no description. To mend it: add `description:`" in told["body"]
    # An edit of the form makes the branch anew, in the same pull request, under the same comment.
    git(home.clone, "checkout", "-q", "main")
    git(home.clone, "fetch", "-q", "origin")
    home.job("submit", "article", issue("Measure it first", TEXT)).run()
    assert "Measure it first" in home.show("submission-7", "content/insights/measure-it-first.md")
    assert (len(home.held.pulls), len(home.held.comments[7])) == (1, 1)
    assert home.held.pulls[0]["title"] == "Article: measure-it-first"


def test_a_form_without_date_and_topic_is_a_draft_and_says_what_it_needs(home: Home) -> None:
    event = issue("Measure first", TEXT)
    for value in ("Operations", "2026-02-01"):
        event["issue"]["body"] = event["issue"]["body"].replace(value, "_No response_")
    home.job("submit", "article", event).run()
    assert "draft: true" in home.show("submission-7", "content/insights/measure-first.md")
    needs = "> **A draft**: it stays off the site. To publish it, write `date:` and `topic:` at its top, and remove"
    assert needs in home.held.comments[7][0]["body"]
    assert needs in home.held.pulls[0]["body"]


def test_an_edit_of_the_form_never_overwrites_an_editors_work(home: Home) -> None:
    home.push("submission-7", "content/insights/measure-first.md", "Edited by a person.")
    git(home.clone, "checkout", "-q", "main")
    home.job("submit", "article", issue("Measure first", TEXT)).run()
    assert home.show("submission-7", "content/insights/measure-first.md") == "Edited by a person."
    assert "change it there" in home.held.comments[7][0]["body"]


def test_where_workflows_may_not_open_pull_requests_the_author_is_given_the_page_that_does(home: Home) -> None:
    home.held.may_open = False
    home.job("submit", "article", issue("Measure first", TEXT)).run()
    assert f"https://github.example/{HOME}/compare/main...submission-7?expand=1" in home.held.comments[7][0]["body"]
    assert home.held.dispatched == ["submission-7"]


def test_a_form_without_text_is_answered_with_what_is_missing(home: Home) -> None:
    home.job("submit", "article", issue("Measure first", "_No response_")).run()
    assert "the form has no text" in home.held.comments[7][0]["body"]
    assert home.held.pulls == []


@pytest.mark.parametrize(("heading", "state"), [("The site is down", "open"), ("Article: x", "closed")])
def test_other_issues_and_closed_ones_are_left_alone(home: Home, heading: str, state: str) -> None:
    assert not home.job("submit", "article", issue("A", TEXT, state, heading)).is_due()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_form_is_one_article_and_runs_nothing(home: Home, kind: str) -> None:
    value = HOSTILE[kind]
    job = home.job("submit", "article", issue(value, f"{value}\n\n{TEXT}"))
    printed = job.run()
    assert job.outputs == {}
    assert not list(home.folder.rglob("pwned"))
    assert not any(line.startswith("::") for line in printed.splitlines())
    [added] = git(home.origin, "diff", "--name-only", "main", "submission-7").splitlines()
    assert added.startswith("content/insights/")
    for comment in (home.held.comments[7][0]["body"], home.held.pulls[0]["body"]):
        assert_harmless(comment)
        assert len(comment) < 65_536


def test_an_inbox_that_was_merged_becomes_an_article(home: Home) -> None:
    home.push("main", "content/inbox/count.txt", f"Count before you buy\n\n1 March 2026\n\n{TEXT}\n")
    home.job("inbox", "ingest", {}).run()
    assert "Count before you buy" in home.show("main", "content/insights/count-before-you-buy.md")


def test_an_inbox_that_was_merged_to_a_protected_branch_becomes_a_pull_request(home: Home) -> None:
    home.push("main", "content/inbox/count.txt", f"Count before you buy\n\n1 March 2026\n\n{TEXT}\n")
    hook = home.origin / "hooks" / "update"
    hook.write_text('#!/bin/sh\ntest "$1" != refs/heads/main\n')
    hook.chmod(0o755)
    home.job("inbox", "ingest", {}).run()
    assert "Count before you buy" in home.show("inbox-5", "content/insights/count-before-you-buy.md")
    assert [pull["head"]["ref"] for pull in home.held.pulls] == ["inbox-5"]
    assert home.held.dispatched == ["inbox-5"]
