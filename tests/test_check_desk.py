import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT, run_insights
from PIL import Image

from insights.article import dump_article, parse_article
from insights.desk.changes import Changes, read_changes
from insights.desk.checking import Mended
from insights.desk.submission import make_article, parse_event, target
from insights.desk.suggestions import suggest
from insights.errors import FetchError, SourceError
from insights.library import Library

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
BODY = (
    "### Title\n\n{title}\n\n### Topic\n\n{topic}\n\n### Tags\n\n{tags}\n\n### Author\n\nZofia Zuraw\n\n"
    "### Date\n\n{date}\n\n### Description\n\n_No response_\n\n### Text\n\n{text}\n"
)
HOSTILE = [
    "$(touch pwned) `touch pwned`; touch pwned #",
    "../../../etc/passwd",
    "x\ndraft: false\nslug: ../../evil",
    '"]}\n---\n# Not the title',
    "${{ github.token }} @everyone <img src=x onerror=alert(1)>",
    "- [ ]: {a: !!python/object/apply:os.system ['touch pwned']}",
    "\u202etxt.exe\x00\x07",
    "%0A::set-output name=x::y",
]


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def no_network(url: str) -> bytes:
    raise FetchError(url, "there is no network", "")


def event(folder: Path, number: object = 7, **fields: str) -> Path:
    values = {"title": "Measure first", "topic": "Operations", "tags": "waiting, R&D", "date": "2026-02-01", **fields}
    values.setdefault("text", "The first paragraph of it.\n\nAnd the second one.")
    path = folder / "event.json"
    path.write_text(json.dumps({"issue": {"number": number, "body": BODY.format(**values)}}), encoding="utf-8")
    return path


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(publication: Path) -> Path:
    git(publication, "init")
    (publication / ".gitignore").write_text("build/\nevent.json\n")
    git(publication, "add", ".")
    git(publication, "commit", "-m", "Start")
    git(publication, "checkout", "-b", "an-article")
    return publication


def test_a_submission_becomes_an_article_that_passes_the_check(repository: Path) -> None:
    result = run_insights(repository, "desk", "submit", str(event(repository)), "--note", "build/note.md")
    assert (result.returncode, result.stdout) == (0, "content/insights/measure-first.md\n"), result.stderr
    text = (repository / "content/insights/measure-first.md").read_text(encoding="utf-8")
    article, findings = parse_article(text, "content/insights/measure-first.md")
    assert article is not None
    assert findings == ()
    assert (article.topic, article.tags, article.authors) == ("Operations", ("queues", "R&D"), ("Zofia Żuraw",))
    assert article.body == "The first paragraph of it.\n\nAnd the second one.\n"
    assert run_insights(repository, "check", "content/insights/measure-first.md").returncode == 0
    assert "Closes #7." in (repository / "build/note.md").read_text()


@pytest.mark.parametrize("field", ["title", "topic", "tags", "date", "text"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_submission_is_one_plain_article(tmp_path: Path, field: str, value: str) -> None:
    submission = parse_event(event(tmp_path, **{field: value}).read_bytes())
    made = make_article(submission, Library(), NOW, no_network).article
    path = target(tmp_path, made)
    assert re.fullmatch(r"[a-z0-9-]+\.md", path.name)
    assert path.parent == tmp_path / "content" / "insights"
    article, findings = parse_article(dump_article(made), made.path)
    assert article is not None
    assert not [finding for finding in findings if finding.rule.startswith(("front-matter", "slug", "field"))]
    assert "\n" not in article.title
    assert article.slug == path.stem
    assert article.title == made.title
    assert article.tags == made.tags


def test_a_title_keeps_the_joiners_by_which_words_are_spelt_and_nothing_else_unseen(tmp_path: Path) -> None:
    title = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f468\u200d\U0001f469"
    submission = parse_event(event(tmp_path, title=f"\u202e{title[:3]}\u2066\u00ad{title[3:]}\x07").read_bytes())
    assert make_article(submission, Library(), NOW, no_network).article.title == title


def test_a_hostile_submission_writes_one_file_and_runs_nothing(repository: Path) -> None:
    fields = dict(zip(["title", "topic", "tags", "date"], HOSTILE, strict=False))
    result = run_insights(repository, "desk", "submit", str(event(repository, text="\n\n".join(HOSTILE), **fields)))
    assert result.returncode == 0, result.stderr
    written = git(repository, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert written == [f"?? {result.stdout.strip()}"]
    assert not list(repository.parent.rglob("pwned"))


UPLOADS = "https://github.com/user-attachments"


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 4)).save(stream, "PNG")
    return stream.getvalue()


def test_a_file_dragged_into_the_form_is_the_article(tmp_path: Path) -> None:
    text = f"[My text.md]({UPLOADS}/files/12/My%20text.md)"
    submission = parse_event(event(tmp_path, title="", text=text).read_bytes())
    made = make_article(
        submission, Library(), NOW, {f"{UPLOADS}/files/12/My%20text.md": b"# From a file\n\nIt.\n"}.__getitem__
    )
    assert (made.article.slug, made.article.body) == ("from-a-file", "It.\n")


@pytest.mark.parametrize(
    "markup", ["![A desk]({})", '<img width="8" alt="A desk" src="{}" />'], ids=["markdown", "as-github-writes-it"]
)
def test_pictures_dragged_into_the_form_become_assets_and_no_other_page_is_asked(tmp_path: Path, markup: str) -> None:
    url = f"{UPLOADS}/assets/0a1b-2c"
    text = f"One.\n\n{markup.format(url)}\n\n![Theirs](https://elsewhere.example/x.png)\n\nTwo."
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return picture()

    made = make_article(parse_event(event(tmp_path, text=text).read_bytes()), Library(), NOW, fetch)
    assert asked == [url]
    assert dict(made.pictures) == {"0a1b-2c.png": picture()}
    assert "![A desk](../assets/measure-first/0a1b-2c.png){ width=8 height=4 }" in made.article.body


def test_a_heading_in_the_text_does_not_become_a_field() -> None:
    body = BODY.format(title="One", topic="", tags="", date="", text="Text.\n\n### Title\n\nTwo")
    submission = parse_event(json.dumps({"issue": {"number": 1, "body": body}}).encode())
    assert submission.title == "One"
    assert submission.text.endswith("### Title\n\nTwo")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"issue": {"number": "x; rm", "body": ""}}'])
def test_an_event_that_is_no_issue_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_event(data)


def test_a_heading_in_the_text_fills_no_field_that_the_form_lacks() -> None:
    body = "### Title\n\nTea\n\n### Text\n\nOne\n\n### Tags\n\nqueues\n"
    submission = parse_event(json.dumps({"issue": {"number": 1, "body": body}}).encode())
    assert (submission.tags, submission.text) == ((), "One\n\n### Tags\n\nqueues")


def test_a_line_that_looks_like_a_head_of_the_diff_is_a_line(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a", *arguments], cwd=tmp_path, check=True)

    git("init", "-q", "-b", "main")
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("old, without a line's end")
    git("add", ".")
    git("commit", "-qm", "a")
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("@@ -1 +7 @@\n++ c.md\n")
    assert read_changes(tmp_path, "main").lines == {"a.md": {1, 2}, "b.md": {1, 2}}


@pytest.mark.parametrize(
    ("before", "after", "suggested"),
    [
        ("a\nb\nc", "a\nB\nc", [(2, 2, "B")]),
        ("a\nb\nc", "a\nc", [(2, 2, None)]),
        ("a\nb\nc", "a\nx\nb\nc", [(1, 1, "a\nx")]),
        ("a\nb\nc", "x\na\nb\nc", []),
        ("a\nb\nc\nd", "a\nb\nc\nD", []),
    ],
    ids=["changed", "removed", "inserted", "inserted above the first", "where the branch changed nothing"],
)
def test_a_suggestion_takes_the_lines_that_it_stands_on(
    before: str, after: str, suggested: list[tuple[int, int, str | None]]
) -> None:
    changes = Changes("main", {"a.md": frozenset({1, 2, 3})})
    found = list(suggest([Mended("a.md", before, after)], changes))
    blocks = [f"```suggestion\n{text}\n```" if text else "```suggestion\n```" for *_, text in suggested]
    assert [(one.first, one.last) for one in found] == [(first, last) for first, last, _ in suggested]
    assert [one.body for one in found] == blocks


def test_a_second_submission_of_one_title_takes_a_name_of_its_own(repository: Path) -> None:
    run_insights(repository, "desk", "submit", str(event(repository)))
    assert run_insights(repository, "desk", "submit", str(event(repository))).stdout.endswith("measure-first-2.md\n")


def test_a_submission_takes_the_place_of_no_article_that_cannot_be_read(repository: Path) -> None:
    path = repository / "content" / "insights" / "measure-first.md"
    path.write_text("---\ntitle: Two: a colon\n---\nWords that nobody may lose.\n")
    result = run_insights(repository, "desk", "submit", str(event(repository)))
    assert result.returncode == 2
    assert result.stderr.startswith("content/insights/measure-first.md: there is a file of this name")
    assert "nobody may lose" in path.read_text()


def test_a_file_dropped_into_the_inbox_becomes_an_article_on_the_branch(repository: Path) -> None:
    inbox = repository / "content" / "inbox"
    inbox.mkdir()
    dropped = (
        "Count before you buy\n\n1 March 2026\n\nThe first paragraph is long enough to be one.\n\nThe second, too.\n"
    )
    (inbox / "My text.txt").write_text(dropped)
    assert run_insights(repository, "ingest", "content/inbox", "--topic", "Operations").returncode == 0
    git(repository, "add", "content")
    git(repository, "commit", "-m", "Article: from the inbox")
    assert "content/insights/count-before-you-buy.md" in git(repository, "show", "--name-only", "--format=")
    assert run_insights(repository, "check", "--changed").returncode == 0


def test_the_comment_says_in_plain_words_what_to_mend(repository: Path) -> None:
    path = repository / "content" / "insights" / "new.md"
    path.write_text("---\ntitle: New @everyone <b>\ndate: 2026-01-01\ntopic: Operation\ntags: [waiting]\n---\nText.\n")
    comment = run_insights(repository, "desk", "comment").stdout
    assert comment.startswith("<!-- insights-desk -->\n\nThank you! Before this can go live, 1 thing must be mended.")
    assert "- `new.md`, line 4: unknown topic" in comment
    outside = re.sub(r"```(?:diff|text).*?```", "", comment, flags=re.DOTALL)
    assert "@everyone" not in outside
    assert "<b>" not in outside
    assert "+tags: [queues]" in comment
    assert "1 minute to read" in comment


def test_the_comment_names_tags_that_would_fit(repository: Path) -> None:
    path = repository / "content" / "insights" / "new.md"
    path.write_text("---\ntitle: Queueing again\ndate: 2026-01-01\ntopic: Operations\n---\nOf lines and desks.\n")
    assert "Tags that would fit: queues\n" in run_insights(repository, "desk", "comment").stdout


def test_a_wall_of_findings_is_cut_short(repository: Path) -> None:
    links = "\n\n".join(f"See [the wait](nowhere-{number}.md)." for number in range(50))
    head = "---\ntitle: New\ndate: 2026-01-01\ntopic: Operations\n---\n"
    (repository / "content" / "insights" / "new.md").write_text(head + links + "\n")
    comment = run_insights(repository, "desk", "comment").stdout
    assert comment.count("nowhere-") == 12
    assert "and 39 more" in comment


def test_a_removed_article_must_leave_its_address_to_another_one(repository: Path) -> None:
    folder = repository / "content" / "insights"
    (folder / "unbekannte-grossen.md").rename(folder / "known-sizes.md")
    git(repository, "add", "content")
    lost = run_insights(repository, "check", "--changed")
    assert "the address /insights/unbekannte-grossen/ is lost [address-lost]" in lost.stdout
    text = (folder / "known-sizes.md").read_text(encoding="utf-8")
    text = text.replace("---\n", "---\naliases: [insights/unbekannte-grossen/]\n", 1)
    (folder / "known-sizes.md").write_text(text, encoding="utf-8")
    assert "address-lost" not in run_insights(repository, "check", "--changed").stdout


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_article_that_is_withdrawn_loses_its_address(repository: Path) -> None:
    path = repository / "content" / "insights" / "waiting-times.md"
    for old, new in (("---\n", "---\ndraft: true\n"), ("date: 2026-03-01", "date: 2126-03-01")):
        before = path.read_text(encoding="utf-8")
        edit(path, old, new)
        lost = run_insights(repository, "check", "--changed").stdout
        assert "waiting-times.md:1:1: error: the address /insights/waiting-times/ is lost [address-lost]" in lost
        path.write_text(before, encoding="utf-8")
    edit(path, "Why a busy desk", "Because a busy desk")
    assert "address-lost" not in run_insights(repository, "check", "--changed").stdout


def test_an_alias_that_is_dropped_is_an_address_lost(repository: Path) -> None:
    path = repository / "content" / "insights" / "waiting-times.md"
    edit(path, "---\n", "---\naliases: [/2019/05/waiting/]\n")
    git(repository, "commit", "-am", "Alias")
    git(repository, "branch", "-f", "main")
    edit(path, "aliases: [/2019/05/waiting/]\n", "")
    assert "the address /2019/05/waiting/ is lost" in run_insights(repository, "check", "--changed").stdout


def test_a_renamed_topic_leads_on_by_its_former_name(repository: Path) -> None:
    topics = repository / "content" / "topics"
    (topics / "r-and-d.md").rename(topics / "research.md")
    edit(topics / "research.md", "title: R&D", "title: Research")
    lost = run_insights(repository, "check", "--changed").stdout
    assert "content/topics/r-and-d.md:1:1: error: the address /topics/r-and-d/ is lost" in lost
    assert 'fix: write `aliases: ["R&D"]` into the file that takes its place' in lost
    edit(topics / "research.md", "title: Research", 'title: Research\naliases: ["R&D"]')
    assert "address-lost" not in run_insights(repository, "check", "--changed").stdout
    assert run_insights(repository, "build").returncode == 0
    assert (repository / "site" / "topics" / "r-and-d" / "index.html").is_file()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_pinned_least_privileged_and_takes_no_text_into_commands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert "pull_request_target" not in text
    assert "permissions" in workflow
    assert set((workflow["permissions"] or {}).values()) <= {"read"}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
            assert "${{" not in step.get("run", "")


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-issue-forms", sorted((PROJECT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))),
        ("vendor.github-issue-config", [PROJECT / ".github" / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.gitlab-ci", [PROJECT / ".gitlab-ci.yml"]),
    ],
    ids=["workflows", "issue-forms", "issue-config", "gitlab-ci"],
)
def test_what_github_and_gitlab_read_fits_their_published_schemas(schema: str, paths: list[Path]) -> None:
    # The schemas are in the package: nothing is downloaded.
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert paths
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_workflow_that_may_comment_runs_nothing_of_the_branch() -> None:
    # Started by `workflow_run`, a checkout that names no branch gives the default branch.
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "comment.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["with"] for step in steps if "uses" in step] == [{"persist-credentials": False}] * 2
    assert [step["run"] for step in steps if "run" in step] == [
        "python3 -m insights.desk.robot answer",
        "python3 -m insights.desk.robot approve",
    ]


def test_what_holds_a_token_that_may_write_needs_no_installed_package() -> None:
    code = "import insights.desk.robot, sys; print(*sorted(name.partition('.')[0] for name in sys.modules))"
    command = [sys.executable, "-S", "-c", code]
    environment = {"PYTHONPATH": str(PROJECT / "scripts")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert set(result.stdout.split()) - {"__main__", "insights"} <= set(sys.stdlib_module_names)


def test_the_task_of_the_editor_understands_every_finding(publication: Path) -> None:
    task = json.loads((PROJECT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"][0]
    path = publication / "content" / "insights" / "new.md"
    path.write_text("---\ntitle: New\ndate: 2026-01-01\ntopic: Operation\ntags: [waiting]\n---\n#### Text\n")
    shown = run_insights(publication, *(arg.replace("${file}", str(path)) for arg in task["args"])).stdout
    pattern = re.compile(task["problemMatcher"]["pattern"]["regexp"], re.MULTILINE)
    found = [match.groups() for match in pattern.finditer(shown)]
    assert [place[:4] for place in found[:2]] == [
        ("content/insights/new.md", "2", "8", "advice"),
        ("content/insights/new.md", "4", "8", "error"),
    ]
    assert len(found) == shown.count("\n  fix: ")


def test_the_form_asks_for_the_fields_that_are_read() -> None:
    form = yaml.safe_load((PROJECT / ".github" / "ISSUE_TEMPLATE" / "article.yml").read_text(encoding="utf-8"))
    labels = [part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown"]
    assert labels == ["Title", "Topic", "Tags", "Author", "Date", "Description", "Text"]


@pytest.mark.parametrize(
    ("what", "path"),
    [("rules", "docs/rules.md"), ("settings", "docs/settings.md"), ("article", ".vscode/article.schema.json")],
    ids=["rules", "settings", "schema"],
)
def test_what_is_generated_is_up_to_date(what: str, path: str) -> None:
    made = run_insights(PROJECT, "schema", what).stdout
    assert made == (PROJECT / path).read_text(encoding="utf-8"), f"run: insights schema {what} > {path}"


def test_a_new_article_is_a_draft_that_passes_the_check(publication: Path) -> None:
    schema = publication / ".vscode" / "article.schema.json"
    schema.parent.mkdir()
    schema.write_bytes((PROJECT / ".vscode" / "article.schema.json").read_bytes())
    made = run_insights(publication, "new", "Count what waits", "--topic", "operations", "--author", "Zofia Zuraw")
    assert made.returncode == 0, made.stderr
    path = "content/insights/count-what-waits.md"
    lines = (publication / path).read_text(encoding="utf-8").split("\n")
    assert "authors: [Zofia Żuraw]" in lines
    assert ((publication / path).parent / lines[1].removeprefix("# yaml-language-server: $schema=")).samefile(schema)
    assert run_insights(publication, "check", path).returncode == 0
    assert run_insights(publication, "new", "Count what waits", "--topic", "Operations").returncode == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Say what it is about: --topic. The topics are: Operations, R&D."),
        (["--topic", "Operatons"], 'There is no topic "Operatons". Did you mean "Operations"?'),
        (["--topic", "Zoology"], 'There is no topic "Zoology". The topics are: Operations, R&D.'),
        (["--topic", "R&D", "--tag", "queus"], 'There is no tag "queus". Did you mean "queues"?'),
        (["--topic", "R&D", "--author", "Zofia Zurav"], '"Zofia Zurav" has no page yet: did you mean "Zofia Żuraw"?'),
        (["--topic", "R&D"], "http://127.0.0.1:8000/review/insights/x-and-y/"),
    ],
)
def test_a_new_author_is_told_what_there_is_to_choose_and_to_do(
    publication: Path, options: list[str], said: str
) -> None:
    result = run_insights(publication, "new", "X and Y", *options)
    assert said in result.stdout + result.stderr


def test_a_title_pasted_over_two_lines_is_one(publication: Path) -> None:
    assert run_insights(publication, "new", "Measure\n  first\a", "--topic", "Operations").returncode == 0
    assert "title: Measure first\n" in (publication / "content" / "insights" / "measure-first.md").read_text()


def test_where_there_is_no_topic_a_new_author_is_told_to_begin_one(publication: Path) -> None:
    for page in (publication / "content" / "topics").glob("*.md"):
        page.unlink()
    result = run_insights(publication, "new", "X and Y", "--topic", "Plain words")
    assert "Begin one: content/topics/plain-words.md" in result.stderr
