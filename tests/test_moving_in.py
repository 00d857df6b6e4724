"""A miniature site of each system moves in: it builds without errors, addresses answer, feeds keep their ids."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import PROJECT, run_insights, serve
from moving_publications import SITES, answers, front, guids_of, import_into, new_publication, picture

from insights.fetch import Fetcher, FetchPolicy
from insights.moving.export import FORMATS
from insights.moving.files import open_files
from insights.moving.platforms import PLATFORMS, platform, sniff
from insights.moving.run import Destination, plan
from insights.store import read_library, read_publication

WORDPRESS = SITES / "wordpress.xml"

# What the miniature sites are; `<name>.addresses` lists their old addresses, each with its id in the old feed, if any.
# Those of Hugo (0.168), Pelican (4.12) and Eleventy (3.1, its feed plugin 3.0) are what the systems themselves built;
# Material builds its own in a test below.
MINIATURES = {
    "wordpress": ("wordpress.xml", ()),
    "ghost": ("ghost.json", ("--url", "https://harbour.example")),
    "substack": ("substack", ("--url", "https://harbour.example")),
    "medium": ("medium", ()),
    "hugo": ("hugo", ()),
    "jekyll": ("jekyll", ()),
    "eleventy": ("eleventy", ()),
    "material": ("material", ()),
    "quarto": ("quarto", ()),
    "pelican": ("pelican", ()),
    "notion": ("notion", ("--url", "https://harbour.example")),
    "obsidian": ("obsidian", ("--url", "https://harbour.example")),
}


def addresses_of(name: str) -> tuple[list[str], set[str]]:
    """The old addresses of a miniature site, and the ids of its feed's entries."""
    lines = [line.split() for line in (SITES / f"{name}.addresses").read_text().splitlines()]
    return [line[0] for line in lines], {line[1] for line in lines if len(line) > 1}


def packed(source: str, tmp_path: Path) -> Path:
    """The export as its platform gives it: a zip where that gives a zip."""
    path = SITES / source
    if source not in ("substack", "medium", "notion"):
        return path
    archive = tmp_path / f"{source}.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for file in sorted(path.rglob("*")):
            opened.write(file, file.relative_to(path))
    return archive


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A copy of the old site's uploads."""
    folder = tmp_path / "uploads"
    for name in ("2019/05/gauge.png", "2020/01/rail.png"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(picture())
    (folder / "2020" / "01" / "plan.pdf").write_bytes(b"%PDF-1.4 a plan of the quay")
    return folder


@pytest.mark.parametrize("name", MINIATURES)
def test_a_miniature_site_moves_in_and_builds_without_errors(name: str, tmp_path: Path, uploads: Path) -> None:
    source, options = MINIATURES[name]
    addresses, guids = addresses_of(name)
    path = packed(source, tmp_path)
    root = new_publication(tmp_path / "publication")
    assert sniff(open_files(str(path))) == name
    said = import_into(root, path, *options, "--files", str(uploads))
    assert "failed" not in said
    checked = run_insights(root, "check")
    assert checked.returncode == 0, checked.stdout
    assert ": error:" not in checked.stdout
    built = run_insights(root, "build")
    assert built.returncode == 0, built.stderr
    assert [pair for pair in answers(root / "site", addresses) if pair[1] != 200] == []
    assert guids <= guids_of(root / "site")
    assert "moved.invalid" not in "".join(path.read_text() for path in root.glob("content/**/*.md"))
    again = import_into(root, path, *options, "--files", str(uploads))
    assert re.search(r"^\d+ entr(?:y|ies): \d+ unchanged$", again, re.MULTILINE)


def test_the_old_addresses_of_material_are_those_that_material_builds(tmp_path: Path) -> None:
    shutil.copytree(SITES / "material", tmp_path / "material")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=tmp_path / "material", check=True, capture_output=True
    )
    site = tmp_path / "material" / "site"
    assert all((site / address.strip("/") / "index.html").is_file() for address in addresses_of("material")[0])


def test_what_an_article_of_wordpress_keeps(tmp_path: Path, uploads: Path) -> None:
    root = new_publication(tmp_path / "publication")
    import_into(root, WORDPRESS, "--files", str(uploads))
    text = front(root, "spring-tide")
    for line in (
        "date: 2019-05-14T09:30:00+02:00",
        "updated: 2019-06-20T10:00:00+00:00",
        "topic: Tides & Weather",
        "tags: [forecast, Measuring]",
        "authors: [Mara Lindqvist]",
        "guid: https://harbour.example/?p=11",
        "aliases: ['/2019/05/spring-tide/', '/2019/05/spring-tide/2/']",
        "[the crane notes](cranes.md#limits)",
        "[north pier](cranes.md)",
        "../assets/spring-tide/gauge.png){ width=60 height=40 }",
    ):
        assert line in text
    assert "## Limits that hold {#limits}" in front(root, "cranes")
    assert (root / "content" / "assets" / "cranes" / "plan.pdf").read_bytes().startswith(b"%PDF")
    assert "draft: true" in front(root, "a-note-about-dredging-unfinished")
    assert "aliases: [Forecasts]" in (root / "content" / "tags.yml").read_text()
    assert "What the sea does" in (root / "content" / "topics" / "tides-and-weather.md").read_text()
    assert (root / "content" / "authors" / "kwame-osei.md").is_file()


def test_a_dry_run_says_what_comes_and_what_would_be_lost_and_writes_nothing(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    before = sorted(root.rglob("*"))
    said = import_into(root, WORDPRESS, "--dry-run")
    assert sorted(root.rglob("*")) == before
    for words in (
        "3 articles, 2019-05-14 to 2020-02-01",
        "merged into the tag forecast: Forecasts",
        "1  shortcode [contact-form-7]",
        '[contact-form-7 id="5" title="Ask the harbour master"]  in “Why the spring tide arrives late”',
        "1  block latest-posts",
        "1  comments",
        'items of the type "event": Open day',
        "posts in the bin, and automatic drafts: Old news",
        "https://harbour.example/about/",
        "to be fetched from there",
    ):
        assert words in said


def test_importing_again_takes_over_changes_and_merges_edits(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    export = tmp_path / "export.xml"
    export.write_text(WORDPRESS.read_text())
    import_into(root, export)
    path = root / "content" / "insights" / "cranes.md"
    path.write_text(path.read_text().replace("Wind above 18 m/s", "Wind above 17 m/s"))
    export.write_text(
        WORDPRESS.read_text()
        .replace("The silt comes back every autumn", "The silt comes back every spring")
        .replace("A quiet week", "A busy week")
    )
    said = import_into(root, export)
    assert "1 merged" in said
    assert "1 updated" in said
    assert "2 unchanged" in said
    assert "every spring" in front(root, "a-note-about-dredging-unfinished")
    assert "17 m/s" in path.read_text()
    assert "A busy week" in path.read_text()


def test_a_renamed_article_is_found_again_and_links_follow_it(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    import_into(root, WORDPRESS)
    folder = root / "content" / "insights"
    (folder / "cranes.md").rename(folder / "one-quay.md")
    import_into(root, WORDPRESS)
    assert not (folder / "cranes.md").exists()
    assert "one-quay.md#limits" in front(root, "spring-tide")


def test_pictures_are_fetched_from_the_old_site_and_asked_for_again_where_they_failed(tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "wp-content/uploads/2019/05").mkdir(parents=True)
    server, address = serve(old)
    export = tmp_path / "export.xml"
    export.write_text(WORDPRESS.read_text().replace("https://harbour.example", address))
    root = new_publication(tmp_path / "publication")

    def move() -> str:
        fetcher = Fetcher(FetchPolicy(pause_seconds=0, open_networks=("127.0.0.0/8",)), tmp_path / "fetched")
        now = datetime(2026, 3, 2, tzinfo=UTC)
        here = Destination(root, read_publication(root), read_library(root)[0], now)
        files = open_files(str(export))
        going = plan(platform("wordpress").read(files), files, here, None, fetcher)
        list(going.outcomes())
        return "\n".join(going.report.lines())

    try:
        assert "could not be had" in move()
        assert f"{address}/wp-content/uploads/2019/05/gauge.png" in front(root, "spring-tide")
        (old / "wp-content/uploads/2019/05/gauge.png").write_bytes(picture())
        move()
    finally:
        server.shutdown()
    assert "](../assets/spring-tide/gauge.png)" in front(root, "spring-tide")
    assert (root / "content/assets/spring-tide/gauge.png").read_bytes() == picture()


def test_a_file_cut_short_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    export = tmp_path / "export.xml"
    text = WORDPRESS.read_text()
    export.write_text(text[: text.index("Two cranes and one quay") + 2000])
    files = open_files(str(export))
    assert [entry.title for entry in platform("wordpress").read(files).entries] == ["Why the spring tide arrives late"]


def test_the_old_feed_gives_its_ids_where_a_system_had_a_template_of_its_own(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    entries = "".join(
        f"<entry><id>{key}</id><title>t</title><updated>2019-05-14T07:30:00Z</updated>"
        f'<link href="http://www.harbour.example{address}"/></entry>'
        for key, address in (("urn:x:1", "/2019/05/why-the-spring-tide-arrives-late"), ("urn:x:9", "/gone/"))
    )
    feed.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>')
    root = new_publication(tmp_path / "publication")
    said = import_into(root, SITES / "hugo", "--feed", str(feed))
    assert "guid: urn:x:1" in front(root, "spring-tide")
    assert "guid: https://harbour.example/2020/01/two-cranes/" in front(root, "two-cranes")
    assert "1  entries of the old feed that are not in the export: http://www.harbour.example/gone/" in said


def test_a_file_whose_front_matter_is_broken_comes_as_a_draft_and_is_told(tmp_path: Path) -> None:
    shutil.copytree(SITES / "hugo", tmp_path / "hugo")
    (tmp_path / "hugo/content/posts/fog.md").write_text("---\ntitle: Fog: the horn\n---\n\nIt says three.\n")
    root = new_publication(tmp_path / "publication")
    said = import_into(root, tmp_path / "hugo")
    assert "content/posts/fog.md: the front matter cannot be read: mapping values are not allowed here" in said
    text = front(root, "fog")
    assert "draft: true" in text
    assert "<!-- not converted: title: Fog: the horn -->" in text
    assert "It says three." in text


def test_the_guide_tells_of_every_system_and_format() -> None:
    guide = (PROJECT / "docs" / "moving.md").read_text()
    first_words = [what.partition(":")[0].partition(",")[0] for what in PLATFORMS.values()]
    assert [name for name in first_words if f"**{name}" not in guide] == []
    assert [name for name in FORMATS if f"| `{name}` |" not in guide] == []


def test_what_is_no_export_is_refused_with_the_names_of_those_we_know(tmp_path: Path) -> None:
    (tmp_path / "notes.bin").write_bytes(b"\x00\x01")
    root = new_publication(tmp_path / "publication")
    result = run_insights(root, "import", str(tmp_path / "notes.bin"))
    assert result.returncode == 2
    assert "the export of no system that we know" in result.stderr
    assert ", ".join(PLATFORMS) in result.stderr


def test_a_page_that_is_here_already_is_left_as_it_is(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    page = root / "content" / "the-harbour.md"
    page.write_text("---\ntitle: Ours\ndescription: Ours.\n---\n\nOur own words.\n")
    said = import_into(root, WORDPRESS)
    assert "1 conflict" in said
    assert "Our own words." in page.read_text()


def test_the_order_of_jobs_changes_nothing(tmp_path: Path) -> None:
    texts = []
    for jobs in ("1", "3"):
        root = new_publication(tmp_path / f"jobs-{jobs}")
        result = run_insights(
            root, "import", str(WORDPRESS), "--no-fetch", "--jobs", jobs, SOURCE_DATE_EPOCH="1700000000"
        )
        assert result.returncode == 0, result.stderr
        texts.append({path.relative_to(root): path.read_bytes() for path in root.rglob("content/**/*.md")})
    assert texts[0] == texts[1]


def test_a_post_without_a_title_gets_its_first_words(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "publication")
    files = open_files(str(WORDPRESS))
    export = platform("wordpress").read(files)
    export = replace(export, entries=tuple(replace(entry, title="") for entry in export.entries[:1]))
    here = Destination(root, read_publication(root), read_library(root)[0], datetime(2026, 3, 2, tzinfo=UTC))
    list(plan(export, files, here, None).outcomes())
    assert "title: The almanac says noon. The water says otherwise, and…" in front(root, "spring-tide")


# Where exports of several systems hold addresses; each is made one that no program can read.
HARMED = r"(\]\(|href=\"|src=\"|<wp:attachment_url>|<link>|image: |canonical: |aliases: \[\"?)(?:https?://[^\s/)\"<]*)?"


@pytest.mark.parametrize("name", ["wordpress", "hugo", "jekyll", "quarto", "substack", "notion"])
def test_addresses_that_are_none_stop_no_move(name: str, tmp_path: Path) -> None:
    source, options = MINIATURES[name]
    copy = tmp_path / source
    (shutil.copytree if (SITES / source).is_dir() else shutil.copy)(SITES / source, copy)
    texts = (".md", ".html", ".xml", ".qmd")
    for path in [each for each in (copy, *copy.rglob("*")) if each.is_file() and each.suffix in texts]:
        path.write_text(re.sub(HARMED, r"\1http://[x", path.read_text()))
    root = new_publication(tmp_path / "here")
    assert "failed" not in import_into(root, copy, *options)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--url", "old.example"), "https://old.example"),
        (("--url", "http://[x"), "https://old.example"),
        (("--feed", "http://[x"), "it is no web address"),
    ],
)
def test_an_address_of_the_command_that_is_none_is_refused(
    tmp_path: Path, arguments: tuple[str, str], what: str
) -> None:
    result = run_insights(new_publication(tmp_path / "here"), "import", str(SITES / "ghost.json"), *arguments)
    assert result.returncode == 2
    assert what in result.stderr
    assert "Traceback" not in result.stderr


def test_a_zip_with_a_damaged_list_of_files_is_refused(tmp_path: Path) -> None:
    archive = packed("substack", tmp_path)
    archive.write_bytes(archive.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x03"))
    result = run_insights(new_publication(tmp_path / "here"), "import", str(archive))
    assert (result.returncode, result.stderr.splitlines()[-1]) == (2, "  fix: pack it again")


@pytest.mark.parametrize(
    "known",
    [
        "[]\n",
        "[]",
        "[rail, {name: quays}]",
        "  - rail\n  - name: quays\n",
        "- rail\r\n- name: quays\r\n",
        "# none yet\n",
    ],
)
def test_new_tags_are_added_in_whatever_form_the_old_ones_are_written(tmp_path: Path, known: str) -> None:
    root = new_publication(tmp_path / "here")
    (root / "content" / "tags.yml").write_bytes(known.encode())
    import_into(root, SITES / "hugo")
    library, findings = read_library(root)
    assert [finding for finding in findings if finding.path == "content/tags.yml"] == []
    names = [tag.name for tag in library.tags]
    assert {name for name in ("rail", "quays") if name in known} <= set(names)
    assert {name for article in library.articles for name in article.tags} <= set(names)
    import_into(root, SITES / "hugo")
    assert [tag.name for tag in read_library(root)[0].tags] == names


def test_tags_that_cannot_be_read_are_not_added_to(tmp_path: Path) -> None:
    root = new_publication(tmp_path / "here")
    (root / "content" / "tags.yml").write_text("- {name: rail\n")
    result = run_insights(root, "import", str(SITES / "hugo"), "--no-fetch")
    assert result.returncode == 2
    assert result.stderr.startswith("content/tags.yml:2:1: ")
    assert not (root / "content" / "insights").exists()
