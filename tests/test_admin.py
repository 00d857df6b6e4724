"""The admin page as an author uses it: Decap's own code in a real browser, its own server over a real repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import (
    copy_publication,
    free_port,
    install_packages,
    run_insights,
    serve,
    serve_repository,
    switch_on_admin,
)

from insights.schema import ArticleFields
from insights.settings import AdminSettings
from insights.site.admin import admin_policy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BRANCH = "cms/insights/wait-times-more-at-zuraw-s"
ARTICLE = "content/insights/wait-times-more-at-zuraw-s.md"


@dataclass(frozen=True)
class Desk:
    """A publication under git, its admin page's address, and where decap-server listens."""

    root: Path
    url: str
    port: int

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root, port = copy_publication(tmp_path_factory.mktemp("admin") / "publication"), free_port()
    install_packages(root)
    (root / ".gitignore").write_text("build\nsite\nnode_modules\n")
    switch_on_admin(root, port)
    result = run_insights(root, "build")
    assert result.returncode == 0, result.stderr
    web, address = serve(root / "site")
    desk = Desk(root, f"{address}/admin/", port)
    desk.git("init")
    desk.git("config", "user.name", "Ada")
    desk.git("config", "user.email", "ada@example.org")
    desk.git("add", ".")
    desk.git("commit", "-m", "Start")
    with serve_repository(root, port, "git"):
        yield desk
    web.shutdown()


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(desk.url)
    page.get_by_role("button", name="Login").click()
    page.get_by_role("link", name="Waiting times").wait_for()
    yield page
    context.close()


def pick(page: Page, field: str, text: str) -> None:
    box = page.locator(f"input[id^={field}-field]")
    box.fill(text)
    box.press("Enter")


def save_picture(page: Page, name: str, width: int = 1280, height: int = 900) -> None:
    """A picture of the page for people to look at, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        size = page.viewport_size
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / name)
        if size:
            page.set_viewport_size(size)


@pytest.mark.browser
def test_an_author_writes_saves_and_publishes_in_the_browser(desk: Desk, page: Page) -> None:
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.url}#/collections/insights/new")
    page.get_by_label("Title").first.fill("Wait times & “more” at Żuraw’s")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Topic is required.").wait_for()
    assert "cms/" not in desk.git("branch")

    pick(page, "topic", "R&D")
    pick(page, "tags", "queues")
    pick(page, "authors", "Zofia")
    page.locator("textarea[id^=description-field]").fill("What a queue costs: two sentences. They are long enough.")
    page.locator("[contenteditable=true]").last.click()
    page.keyboard.type("The first paragraph.\n\n## A section\n\nSee [the wait](waiting-times.md) & *this*.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Entry saved").wait_for()
    assert BRANCH in desk.git("branch")
    assert desk.git("diff", "--name-only", "main", BRANCH).split() == [ARTICLE]

    page.get_by_role("button", name="Status").click()
    page.get_by_role("menuitem", name="Ready").click()
    page.get_by_text("Entry status updated").wait_for()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("menuitem", name="Publish now").click()
    page.get_by_text("Entry published").wait_for()
    assert BRANCH not in desk.git("branch")
    text = desk.git("show", f"main:{ARTICLE}")
    assert text.endswith("The first paragraph.\n\n## A section\n\nSee [the wait](waiting-times.md) & *this*.\n")
    assert re.search(r"^topic: R&D\ntags:\n  - queues\nauthors:\n  - Zofia Żuraw$", text, re.MULTILINE)
    result = run_insights(desk.root, "check", "--strict", ARTICLE)
    assert (result.returncode, result.stdout) == (0, "5 articles: no problems\n".replace("5", "6")), result.stdout
    assert refused == []


@pytest.mark.browser
def test_what_the_author_does_not_touch_stays_as_it_was(desk: Desk, page: Page) -> None:
    path = "content/insights/waiting-times.md"
    before = desk.git("show", f"main:{path}").split("---\n", 2)[2]
    page.goto(f"{desk.url}#/collections/insights/entries/waiting-times")
    page.get_by_text("A busy desk makes everybody wait, and").wait_for()
    save_picture(page, "write-in-the-browser.png", height=1160)
    save_picture(page, "write-on-a-phone.png", width=390, height=844)
    page.get_by_label("Title").first.fill("Waiting times, again")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Entry saved").wait_for()
    after = desk.git("show", f"cms/insights/waiting-times:{path}")
    assert "title: Waiting times, again" in after
    assert after.split("---\n", 2)[2].strip("\n") == before.strip("\n")


def test_the_page_is_off_unless_a_backend_is_named(built_site: Path) -> None:
    assert not (built_site / "admin").exists()


def test_a_missing_package_is_named_with_its_fix_and_the_old_site_stays(publication: Path) -> None:
    run_insights(publication, "build")
    switch_on_admin(publication)
    result = run_insights(publication, "build")
    assert result.returncode == 2
    assert "node_modules/decap-cms: it is not installed" in result.stderr
    assert "npm ci --omit=dev" in result.stderr
    assert (publication / "site" / "index.html").is_file()


def test_the_form_has_a_field_for_each_field_of_front_matter_that_it_can_hold(desk: Desk) -> None:
    config = json.loads((desk.root / "site" / "admin" / "config.yml").read_text(encoding="utf-8"))
    (articles,) = config["collections"]
    fields = {field["name"]: field for field in articles["fields"]}
    kept = {"slug", "guid", "source", "image", "related"}
    assert set(fields) - {"body"} == set(ArticleFields.__struct_fields__) - kept
    assert list(fields)[:7] == ["title", "date", "topic", "tags", "authors", "description", "body"]
    assert fields["topic"]["options"] == ["Operations", "R&D"]
    assert fields["body"]["modes"] == ["raw"]
    assert config["publish_mode"] == "editorial_workflow"
    assert all(field["hint"] for field in articles["fields"])


def test_the_policy_of_the_admin_page_names_the_hosts_it_asks() -> None:
    policy = admin_policy(AdminSettings(backend="github", repository="a/b"))
    assert (
        "connect-src 'self' blob: https://api.github.com https://www.githubstatus.com http://127.0.0.1:8081" in policy
    )
    assert "object-src 'none'" in policy
