"""A build makes only what an edit can change, and gives what a build from nothing gives, byte for byte."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import copy_publication, run_insights
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule

from insights.errors import RenderError
from insights.site.engines import PREVIEW, Built, build_site
from insights.site.inputs import Run
from insights.site.kept import Kept

NOW = datetime(2027, 1, 1, tzinfo=UTC)
PAGES = 20
ARTICLE = "content/insights/waiting-times.md"


def build(root: Path, now: datetime = NOW, jobs: int = 1) -> Built:
    return build_site(Run(root, now, jobs), root / "site")


def save(root: Path, kept: Kept, is_hasty: bool = True) -> Built:
    """Builds the preview, as `insights serve` does at each save."""
    return build_site(Run(root, NOW, is_preview=True, is_hasty=is_hasty, kept=kept), root / PREVIEW)


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(root: Path, path: str, text: str) -> None:
    with (root / path).open("a", encoding="utf-8") as file:
        file.write(text)


def differing(one: Path, other: Path) -> list[str]:
    """The files that only one folder has, or that differ."""
    names = {
        path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*") if path.is_file()
    }
    _same, different, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return sorted([*different, *missing])


def copy_sources(root: Path, folder: Path) -> Path:
    """A copy of the publication that has nothing under build/."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("content", "overrides"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "mkdocs.yml", folder)
    return folder


def build_from_nothing(root: Path, folder: Path, now: datetime = NOW) -> Path:
    """The site of a copy of the publication."""
    build(copy_sources(root, folder), now)
    return folder / "site"


def preview_from_nothing(root: Path, folder: Path) -> Path:
    """The preview of a copy of the publication."""
    save(copy_sources(root, folder), Kept(), is_hasty=False)
    return folder / PREVIEW


@pytest.fixture
def built(publication: Path) -> Path:
    """The miniature publication, built twice over, so that both copies of the site are there."""
    build(publication)
    append(publication, "content/about.md", "\nMore.\n")
    build(publication)
    return publication


def test_nothing_changed_makes_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built / "site").rglob("*")}
    again = build(built)
    assert (again.parsed, again.prepared, again.rendered, again.made) == (0, 0, 0, 0)
    assert again.pages == PAGES
    assert {path: path.stat().st_mtime_ns for path in (built / "site").rglob("*")} == before


def test_touching_every_file_makes_nothing(built: Path) -> None:
    for path in [*(built / "content").rglob("*"), *(built / "overrides").rglob("*")]:
        os.utime(path)
    again = build(built)
    assert (again.parsed, again.rendered, again.made) == (0, 0, 0)


# Articles parsed, pages prepared (none but its own where nothing but a body changes; else, of the twenty, eleven that
# are no article and no list), pages rendered.
EDITS: dict[str, tuple[Callable[[Path], None], tuple[int, int, int]]] = {
    "a word of a body": (lambda root: append(root, ARTICLE, "\nOne more word.\n"), (1, 1, 1)),
    "a title": (lambda root: edit(root, ARTICLE, "title: Waiting times", "title: Waiting"), (1, 18, 10)),
    "a tag": (lambda root: edit(root, ARTICLE, "tags: [queues]", "tags: [queues, R&D]"), (1, 19, 4)),
    "a date": (lambda root: edit(root, ARTICLE, "date: 2026-03-01", "date: 2026-01-01"), (1, 18, 10)),
    "a new article": (lambda root: add_article(root, "new"), (1, 17, 9)),
    "a deleted article": (lambda root: (root / "content/insights/counting-what-waits.md").unlink(), (0, 18, 13)),
    "a topic": (
        lambda root: edit(root, "content/topics/operations.md", "title: Operations", "title: Work"),
        (0, PAGES, 15),
    ),
    "a page": (lambda root: append(root, "content/about.md", "\nAnd more.\n"), (0, 11, 1)),
    "an edition": (lambda root: append(root, "content/newsletter/1.md", "\nBye.\n"), (0, 11, 1)),
    "a template": (lambda root: edit(root, "overrides/article.html", '"closing"', '"ending"'), (0, 11, PAGES)),
    "a style": (lambda root: append(root, "overrides/assets/insights.css", "a{top:0}"), (0, 11, PAGES)),
    "a setting": (lambda root: edit(root, "mkdocs.yml", "Short & plain", "Short"), (0, PAGES, PAGES)),
    "the language": (
        lambda root: edit(root, "mkdocs.yml", "name: material", "name: material\n  language: de"),
        (0, PAGES, PAGES),
    ),
}


# All files of the site that are made, feeds and twins included, but for the search index.
FILES_MADE = {
    "a word of a body": 22,
    "a title": 52,
    "a tag": 30,
    "a date": 51,
    "a new article": 22,
    "a deleted article": 57,
    "a topic": 67,
    "a page": 1,
    "an edition": 23,
    "a template": PAGES + 1,
    "a style": PAGES + 3,
    "a setting": 54,
    "the language": 83,
}


def add_article(root: Path, slug: str, extra: str = "") -> None:
    text = f"---\ntitle: Article {slug}\ndate: 2026-05-01\ntopic: Operations\n{extra}---\nWords on {slug}.\n"
    (root / f"content/insights/{slug}.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_costs_what_it_changes_and_gives_what_a_build_from_nothing_gives(
    built: Path, tmp_path: Path, name: str
) -> None:
    change, counts = EDITS[name]
    change(built)
    made = build(built)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []
    assert (made.parsed, made.prepared, made.rendered) == counts
    assert made.made == FILES_MADE[name]


def test_an_edit_writes_its_own_entry_of_feeds_and_no_other(built: Path) -> None:
    def entries() -> set[tuple[str, bytes]]:
        with closing(sqlite3.connect(built / "build/cache.db")) as cache:
            return set(cache.execute("SELECT name, key FROM kept WHERE kind = 'entry'"))

    before = entries()
    append(built, ARTICLE, "\nOne more word.\n")
    build(built)
    assert len(before) > 2
    assert {name for name, _key in entries() ^ before} == {"waiting-times", "newsletter/1"}  # that names it


def test_a_link_is_made_again_when_its_target_comes_or_goes(built: Path, tmp_path: Path) -> None:
    append(built, "content/about.md", "\nSee [it](insights/new.md).\n")
    build(built)
    about = built / "site/about/index.html"
    assert 'href="insights/new.md"' in about.read_text(encoding="utf-8")
    add_article(built, "new")
    build(built)
    assert 'href="../insights/new/"' in about.read_text(encoding="utf-8")
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


def test_a_link_that_leads_nowhere_is_told_by_each_build_until_it_is_mended(built: Path) -> None:
    told = re.compile(r"content/about\.md:1:1: the page contains a link 'insights/new\.md', .+ is not found")
    append(built, "content/about.md", "\nSee [it](insights/new.md).\n")
    assert [bool(told.match(str(each))) for each in build(built).findings] == [True]  # made
    append(built, "content/insights/waiting-times.md", "\nMore.\n")
    assert [bool(told.match(str(each))) for each in build(built).findings] == [True]  # linked from the other copy
    append(built, "content/insights/waiting-times.md", "\nMore.\n")
    kept = build(built)
    assert [bool(told.match(str(each))) for each in kept.findings] == [True]
    assert build(built).findings == kept.findings  # nothing has changed
    shutil.rmtree(built / "build")
    shutil.rmtree(built / "site")
    assert build(built).findings == kept.findings
    add_article(built, "new")
    assert build(built).findings == ()


def test_an_article_with_a_future_date_appears_on_its_day(built: Path, tmp_path: Path) -> None:
    then = datetime(2999, 1, 2, tzinfo=UTC)
    assert build(built, then).rendered > 0
    assert (built / "site/insights/not-yet/index.html").is_file()
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean", then)) == []
    build(built, NOW)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


def test_with_a_hook_of_ones_own_mkdocs_builds_everything_each_time(built: Path) -> None:
    (built / "hook.py").write_text("def on_page_content(html, **rest):\n    return html + '<p>Hooked.</p>'\n")
    edit(built, "mkdocs.yml", "docs_dir: content", "docs_dir: content\nhooks: [hook.py]")
    for _ in range(2):
        assert build(built).rendered == PAGES
        assert "Hooked." in (built / "site/about/index.html").read_text(encoding="utf-8")


def test_in_haste_the_search_index_stays_and_the_next_build_makes_it(built: Path) -> None:
    def entry() -> str:
        return (built / "site/pagefind/pagefind-entry.json").read_text(encoding="utf-8")

    before = entry()
    append(built, ARTICLE, "\nA syzygy.\n")
    hasty = Run(built, NOW, is_hasty=True)
    assert build_site(hasty, built / "site").rendered == 1
    assert entry() == before
    assert build_site(hasty, built / "site").made == 0
    assert build(built).made == 0
    assert entry() != before


def test_a_preview_is_followed_by_the_site_that_readers_see(built: Path, tmp_path: Path) -> None:
    (built / "content/insights/undated.md").write_text("---\ntitle: Undated\ndraft: true\n---\nWords.\n")
    for day in (1, 2):
        build_site(Run(built, NOW.replace(day=day), is_preview=True), built / "site")
        page = (built / "site/insights/undated/index.html").read_text(encoding="utf-8")
        assert f"{day} January 2027" in page
        assert f"2027-01-0{day}T" in (built / "site/atom.xml").read_text(encoding="utf-8")
    build(built)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


@pytest.mark.parametrize(
    "path", ["build/cache.db", "build/site.memory", "build/site.live.ledger", "build/site.spare.ledger"]
)
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_cache_is_made_anew(built: Path, tmp_path: Path, path: str, damage: str) -> None:
    file = built / path
    data = bytearray(file.read_bytes())
    for place in range(0, len(data), 97):
        data[place] ^= 0xFF
    cases = {"cut": file.read_bytes()[: len(data) // 2], "flipped": bytes(data), "empty": b"", "foreign": b"PK\3\4 zip"}
    file.write_bytes(cases[damage])
    append(built, ARTICLE, "\nOne more word.\n")
    build(built)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


@pytest.mark.parametrize("folder", ["site", "build/site"])
@pytest.mark.parametrize("damage", ["changed", "removed", "added"])
def test_a_copy_that_somebody_changed_is_made_anew(built: Path, tmp_path: Path, folder: str, damage: str) -> None:
    file = built / folder / "insights/waiting-times/index.html"
    match damage:
        case "changed":
            file.write_text("Not ours")
        case "removed":
            file.unlink()
        case "added":
            file.with_name("stray.html").write_text("Not ours")
    append(built, "content/about.md", "\nEven more.\n")
    build(built)
    build(built)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


def test_copies_that_a_cache_brought_back_are_relied_on_and_looked_at_one_by_one(built: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(built, tmp_path / "restored", symlinks=True))  # what was one file is now two
    append(root, ARTICLE, "\nOne more word.\n")
    assert build(root).rendered == 1
    (root / "build/site/about/index.html").write_text("Not ours")
    for _ in range(2):
        append(root, ARTICLE, "\nOne more word.\n")
        build(root)
    assert differing(root / "site", build_from_nothing(root, tmp_path / "clean")) == []


def test_a_build_that_fails_leaves_the_site_and_the_next_one_is_right(built: Path, tmp_path: Path) -> None:
    template = built / "overrides/article.html"
    good = template.read_text(encoding="utf-8")
    template.write_text("{% broken", encoding="utf-8")
    before = shutil.copytree(built / "site", tmp_path / "before")
    with pytest.raises(RenderError, match=r"article\.html:1"):
        build(built)
    assert differing(built / "site", before) == []
    template.write_text(good, encoding="utf-8")
    append(built, ARTICLE, "\nOne more word.\n")
    build(built)
    assert differing(built / "site", build_from_nothing(built, tmp_path / "clean")) == []


def test_other_folders_zones_locales_hash_seeds_and_jobs_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another folder é"
    build_from_nothing(built, elsewhere)
    shutil.rmtree(elsewhere / "build")
    variables = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1798761600"}
    result = run_insights(elsewhere, "build", "--jobs", "3", **variables)
    assert result.returncode == 0, result.stderr
    assert differing(built / "site", elsewhere / "site") == []


def test_source_date_epoch_is_the_moment_that_counts(publication: Path) -> None:
    assert run_insights(publication, "build", SOURCE_DATE_EPOCH="32503766400").returncode == 0  # 3000-01-02
    assert (publication / "site/insights/not-yet/index.html").is_file()


def test_mkdocs_builds_what_an_incremental_build_has(built: Path) -> None:
    append(built, ARTICLE, "\nOne more word.\n")
    build(built)
    ours = shutil.copytree(built / "site", built / "ours")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    result = subprocess.run(command, cwd=built, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert differing(ours, built / "site") == []
    build(built)
    assert differing(ours, built / "site") == []


@pytest.fixture
def served(publication: Path) -> tuple[Path, Kept]:
    """The miniature publication, and what `insights serve` has in memory after two saves."""
    kept = Kept(is_lasting=True)
    save(publication, kept)
    append(publication, ARTICLE, "\nA syzygy.\n")
    save(publication, kept)
    return publication, kept


@pytest.mark.parametrize("name", EDITS)
def test_a_save_gives_what_a_preview_from_nothing_gives(served: tuple[Path, Kept], tmp_path: Path, name: str) -> None:
    root, kept = served
    EDITS[name][0](root)
    assert save(root, kept).rendered > 0
    append(root, ARTICLE, "\nA syzygy.\n")
    assert save(root, kept).rendered == 1
    save(root, kept, is_hasty=False)
    assert differing(root / PREVIEW, preview_from_nothing(root, tmp_path / "clean")) == []


def test_a_save_of_a_text_looks_at_nothing_that_is_in_memory(served: tuple[Path, Kept]) -> None:
    root, kept = served
    append(root, ARTICLE, "\nA syzygy.\n")
    made = save(root, kept)
    assert (made.parsed, made.prepared, made.rendered) == (1, 1, 1)
    for ledger in (root / "build").glob("preview.*.ledger"):
        ledger.write_bytes(b"")  # those in memory are of others
    append(root, ARTICLE, "\nA syzygy.\n")
    assert save(root, kept).rendered == made.pages


def test_a_text_and_a_template_of_one_save_both_show(served: tuple[Path, Kept], tmp_path: Path) -> None:
    root, kept = served[0], Kept(is_lasting=True)  # another process, which finds what the first has left
    save(root, kept)
    append(root, ARTICLE, "\nA tmesis.\n")
    EDITS["a template"][0](root)
    save(root, kept, is_hasty=False)
    assert "tmesis" in (root / PREVIEW / "insights/waiting-times/index.html").read_text(encoding="utf-8")
    assert differing(root / PREVIEW, preview_from_nothing(root, tmp_path / "clean")) == []


def test_a_save_after_one_that_failed_is_right(served: tuple[Path, Kept], tmp_path: Path) -> None:
    root, kept = served
    append(root, ARTICLE, "\nA syzygy.\n")
    edit(root, "overrides/article.html", '"closing"', "{% broken")
    with pytest.raises(RenderError):
        save(root, kept)
    edit(root, "overrides/article.html", "{% broken", '"ending"')
    save(root, kept, is_hasty=False)
    assert differing(root / PREVIEW, preview_from_nothing(root, tmp_path / "clean")) == []


class Edits(RuleBasedStateMachine):
    """Any sequence of edits, builds and saves in `insights serve`; in the end the site and the preview are what a build
    from nothing gives."""

    slugs = Bundle("slugs")

    @initialize(folder=st.builds(lambda: Path(tempfile.mkdtemp())))
    def begin(self, folder: Path) -> None:
        self.folder = folder
        self.root = copy_publication(folder / "publication")
        self.template = self.root / "overrides/article.html"
        self.count = 0
        self.kept = Kept(is_lasting=True)
        build(self.root)
        save(self.root, self.kept)

    def path(self, slug: str) -> Path:
        return self.root / f"content/insights/{slug}.md"

    @rule(target=slugs, extra=st.sampled_from(["", "tags: [queues]\n", "authors: [Zofia Żuraw]\n", "draft: true\n"]))
    def add(self, extra: str) -> str:
        self.count += 1
        add_article(self.root, f"made-{self.count}", extra)
        return f"made-{self.count}"

    @rule(slug=slugs, words=st.sampled_from(["queue", "wait [it](waiting-times.md)", "[gone](made-1.md)", "# Head"]))
    def write(self, slug: str, words: str) -> None:
        append(self.root, f"content/insights/{slug}.md", f"\n{words}\n")

    @rule(target=slugs, slug=consumes(slugs))
    def rename(self, slug: str) -> str:
        self.count += 1
        self.path(slug).rename(self.path(f"made-{self.count}"))
        return f"made-{self.count}"

    @rule(slug=consumes(slugs))
    def delete(self, slug: str) -> None:
        self.path(slug).unlink()

    @rule(slug=slugs, field=st.sampled_from(["tags: [R&D]", "date: 2020-02-02", "date: 2999-01-01", "topic: R&D"]))
    def change(self, slug: str, field: str) -> None:
        name = field.partition(":")[0]
        lines = self.path(slug).read_text(encoding="utf-8").split("\n")
        kept = [line for line in lines if not line.startswith(f"{name}:")]
        self.path(slug).write_text("\n".join([kept[0], field, *kept[1:]]), encoding="utf-8")

    @rule(label=st.sampled_from(["closing", "ending"]))
    def change_template(self, label: str) -> None:
        text = self.template.read_text(encoding="utf-8")
        self.template.write_text(
            re.sub(r"<div class=\"(closing|ending)\">", f'<div class="{label}">', text), encoding="utf-8"
        )

    @rule(count=st.integers(0, 3))
    def change_setting(self, count: int) -> None:
        settings_path = self.root / "mkdocs.yml"
        lines = settings_path.read_text(encoding="utf-8").split("\n")
        kept = [line for line in lines if not line.startswith("    related:")]
        place = kept.index("  insights:") + 1
        kept.insert(place, f"    related: {{count: {count}}}")
        settings_path.write_text("\n".join(kept), encoding="utf-8")

    @rule()
    def build(self) -> None:
        build(self.root)

    @rule(is_hasty=st.booleans())
    def save(self, is_hasty: bool) -> None:
        save(self.root, self.kept, is_hasty)

    @rule()
    def fail(self) -> None:
        good = self.template.read_text(encoding="utf-8")
        self.template.write_text("{% broken", encoding="utf-8")
        with pytest.raises(RenderError):
            build(self.root)
        with pytest.raises(RenderError):
            save(self.root, self.kept)
        self.template.write_text(good, encoding="utf-8")

    @rule(seconds=st.floats(0.05, 1.5))
    def kill(self, seconds: float) -> None:
        code = "import sys; from pathlib import Path; sys.path[:0] = [sys.argv[1]]; import test_incremental as t"
        command = [
            sys.executable,
            "-c",
            f"{code}; t.build(Path(sys.argv[2]))",
            str(Path(__file__).parent),
            str(self.root),
        ]
        process = subprocess.Popen(command)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def teardown(self) -> None:
        if hasattr(self, "root"):
            build(self.root)
            save(self.root, self.kept, is_hasty=False)
            different = differing(self.root / "site", build_from_nothing(self.root, self.folder / "clean"))
            different += differing(self.root / PREVIEW, preview_from_nothing(self.root, self.folder / "clean"))
            shutil.rmtree(self.folder)
            assert different == []


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=6,
    stateful_step_count=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink would take minutes
    suppress_health_check=list(HealthCheck),
)
