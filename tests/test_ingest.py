"""Sources in, articles out, through the real command."""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT, SHARED, run_insights
from PIL import Image

from insights.article import parse_article
from insights.ingest.places import find_places
from insights.model import Article, Reference, Source
from insights.readers import read

SOURCES = PROJECT / "tests" / "sources"
SEED = SHARED / "seeds" / "000_ca1cbf54ef2820c3.txt"


def article_of(path: Path) -> Article:
    article, _ = parse_article(path.read_text(encoding="utf-8"), f"content/insights/{path.name}")
    assert article is not None
    return article


@pytest.fixture
def empty(publication: Path) -> Path:
    """The miniature publication without articles, with the topics the sources name."""
    shutil.rmtree(publication / "content" / "insights")
    for slug, name in (("ai-strategy", "AI Strategy"), ("people-change", "People & Change")):
        (publication / "content" / "topics" / f"{slug}.md").write_text(f"---\ntitle: {name}\n---\n", encoding="utf-8")
    return publication


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder of the raw sources, without what must become of them."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for path in SOURCES.iterdir():
        if path.suffix in {".txt", ".html"}:
            shutil.copy(path, folder)
    return folder


def only_article(publication: Path) -> Path:
    (path,) = (publication / "content" / "insights").glob("*.md")
    return path


@pytest.mark.parametrize("name", ["pilot-twin.txt", "numbered-steps.txt", "email-paste.txt"])
def test_pasted_text_gets_its_structure_back(name: str) -> None:
    (extract,) = read(Source(name, (SOURCES / name).read_bytes()))
    assert extract.body == (SOURCES / name).with_suffix(".expected.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["saved-page.html", "wordpress-like.html"])
def test_a_saved_page_gives_its_article_and_nothing_else(name: str) -> None:
    (extract,) = read(Source(name, (SOURCES / name).read_bytes()))
    assert extract.body == (SOURCES / name).with_suffix(".expected.md").read_text(encoding="utf-8")


def test_control_characters_in_pasted_text_are_left_out() -> None:
    (extract,) = read(
        Source("note.txt", b"A title\n\nA bell\x07 rings, and a form\x0c feed ends\x1f the page.\n"), "text"
    )
    assert "A bell rings, and a form" in extract.body


def test_a_page_in_an_old_charset_keeps_its_letters() -> None:
    (extract,) = read(Source("windows-1252.html", (SOURCES / "windows-1252.html").read_bytes()))
    assert extract.title == "The Café That Stopped Forecasting"
    assert extract.authors == ("Renée Ångström",)
    assert "Hervé’s café" in extract.body


@pytest.mark.skipif(not SEED.exists(), reason="the seed is kept outside the project; its twin is tested above")
def test_the_seed_becomes_the_article_that_it_is(empty: Path) -> None:
    result = run_insights(empty, "ingest", str(SEED))
    assert result.returncode == 0, result.stderr
    article = article_of(only_article(empty))
    assert article.title == "Why Your AI Pilot Succeeded and Your Rollout Failed"
    assert article.slug == "why-your-ai-pilot-succeeded-and-your-rollout-failed"
    assert article.topic == "AI Strategy"
    assert article.date is None
    assert article.is_draft
    headings = [line for line in article.body.splitlines() if line.startswith("#")]
    assert headings == [
        "## The Pilot Paradox",
        "## What Makes Pilots Succeed",
        "## How to Bridge the Gap",
        "## The Uncomfortable Math",
    ]
    bullets = [line for line in article.body.splitlines() if line.startswith("- ")]
    assert [bullet.split("**")[1] for bullet in bullets] == [
        "Curated data.",
        "Dedicated attention.",
        "Friendly users.",
        "Narrow scope.",
    ]
    for leftover in ("All Insights", "inbox", "Related Insights", "Inflect", "•"):
        assert leftover not in article.body
    references = [part for part in article.related if isinstance(part, Reference)]
    assert [(part.title, part.topic, f"{part.date:%Y-%m-%d}") for part in references] == [
        ("What the Best AI Programs Have in Common", "AI Strategy", "2026-03-28"),
        ("Why Your Data Strategy Is the Real AI Bottleneck", "AI Strategy", "2026-02-25"),
        ("From Projects to Programs: The Enterprise AI Maturity Shift", "AI Strategy", "2026-02-07"),
    ]


def test_the_twin_of_the_seed_is_a_draft_that_says_what_is_missing(empty: Path) -> None:
    result = run_insights(empty, "ingest", str(SOURCES / "pilot-twin.txt"))
    assert result.returncode == 0, result.stderr
    article = article_of(only_article(empty))
    assert (article.topic, article.date, article.is_draft) == ("AI Strategy", None, True)
    assert len([part for part in article.related if isinstance(part, Reference)]) == 3
    assert "[draft-incomplete]" in result.stdout
    assert "--date YYYY-MM-DD" in result.stdout


def test_on_a_terminal_what_the_source_does_not_state_is_asked_for_until_it_is_understood(empty: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"some day\n2 April 2026\nAI Strategy\n")
        command = [sys.executable, "-m", "insights", "ingest", str(SOURCES / "pilot-twin.txt")]
        asked = subprocess.run(command, cwd=empty, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, check=False)
        shown = os.read(ours, 10_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)

    assert b"Traceback" not in asked.stderr
    assert "write it like 2026-03-28" in shown + asked.stderr.decode()
    article = article_of(only_article(empty))
    assert (str(article.date)[:10], article.topic) == ("2026-04-02", "AI Strategy")


def test_a_date_that_the_source_does_not_state_can_be_given(empty: Path) -> None:
    run_insights(empty, "ingest", str(SOURCES / "pilot-twin.txt"), "--date", "2026-04-02")
    article = article_of(only_article(empty))
    assert f"{article.date:%Y-%m-%d}" == "2026-04-02"
    assert not article.is_draft
    result = run_insights(empty, "check")
    assert f"{article.path}:" in result.stdout
    assert not [line for line in result.stdout.splitlines() if article.path in line and ": error:" in line]


@pytest.mark.parametrize("is_edited", [False, True], ids=["as it was written", "edited since"])
def test_a_date_that_is_given_later_completes_the_draft(empty: Path, is_edited: bool) -> None:
    arguments = ("ingest", str(SOURCES / "pilot-twin.txt"))
    run_insights(empty, *arguments)
    path = only_article(empty)
    assert article_of(path).is_draft
    if is_edited:
        path.write_text(path.read_text() + "\nAn afterthought.\n")
    run_insights(empty, *arguments, "--date", "2026-04-02")
    article = article_of(path)
    assert (f"{article.date:%Y-%m-%d}", article.is_draft) == ("2026-04-02", False)
    assert article.body.endswith("An afterthought.\n") == is_edited
    assert "1 unchanged" in run_insights(empty, *arguments, "--date", "2026-04-02").stdout


def test_the_same_source_again_changes_nothing(empty: Path, raw: Path) -> None:
    arguments = ("ingest", str(raw), "--topic", "Operations")
    run_insights(empty, *arguments)
    folder = empty / "content" / "insights"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) == 6
    result = run_insights(empty, *arguments)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert f"{len(before)} unchanged" in result.stdout


def test_a_changed_source_updates_an_article_that_nobody_has_edited(empty: Path, tmp_path: Path) -> None:
    source = tmp_path / "note.txt"
    text = (SOURCES / "pilot-twin.txt").read_text(encoding="utf-8")
    source.write_text(text, encoding="utf-8")
    run_insights(empty, "ingest", str(source))
    path = only_article(empty)
    source.write_text(text.replace("month", "fortnight"), encoding="utf-8")
    result = run_insights(empty, "ingest", str(source))
    assert "1 updated" in result.stdout
    assert "fortnight" in path.read_text(encoding="utf-8")


@pytest.fixture
def ingested(empty: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A publication with one article, the article's file, and the source's."""
    source = tmp_path / "note.txt"
    shutil.copy(SOURCES / "pilot-twin.txt", source)
    run_insights(empty, "ingest", str(source))
    return empty, only_article(empty), source


def change(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.replace(old, new, 1)


def test_changes_on_both_sides_are_merged_where_they_do_not_meet(ingested: tuple[Path, Path, Path]) -> None:
    root, path, source = ingested
    change(path, "## ", "## Edited: ")
    change(source, "month", "fortnight")
    result = run_insights(root, "ingest", str(source))
    text = path.read_text(encoding="utf-8")
    assert "1 merged" in result.stdout
    assert "## Edited: " in text
    assert "fortnight" in text
    assert "1 unchanged" in run_insights(root, "ingest", str(source)).stdout
    assert path.read_text(encoding="utf-8") == text


def test_an_edit_where_the_source_changed_too_is_never_overwritten(ingested: tuple[Path, Path, Path]) -> None:
    root, path, source = ingested
    edited = change(path, "month", "quarter")
    change(source, "month", "fortnight")
    result = run_insights(root, "ingest", str(source))
    assert path.read_text(encoding="utf-8") == edited
    assert "[source-conflict]" in result.stdout
    line = next(number for number, text in enumerate(edited.splitlines(), 1) if "quarter" in text)
    assert f"{path.name}:{line}:1: error: its source has changed" in result.stdout


def test_a_renamed_source_is_recognised(ingested: tuple[Path, Path, Path]) -> None:
    root, _, source = ingested
    renamed = source.rename(source.with_name("renamed.txt"))
    result = run_insights(root, "ingest", str(renamed))
    assert "1 unchanged" in result.stdout
    assert "the same source as before, then called note.txt" in result.stdout
    only_article(root)


def test_the_same_text_from_another_site_is_told(ingested: tuple[Path, Path, Path], tmp_path: Path) -> None:
    root, path, source = ingested
    other = tmp_path / "other.txt"
    other.write_text(source.read_text(encoding="utf-8").replace("month", "fortnight", 1), encoding="utf-8")
    result = run_insights(root, "ingest", str(other), "--date", "2026-05-05")
    assert f'of its text is that of "{path.stem}"' in result.stdout


def test_articles_that_share_a_part_of_their_text_are_not_called_alike(empty: Path, tmp_path: Path) -> None:
    shared = " ".join(f"both{number}" for number in range(80))
    for name in ("one", "two"):
        own = " ".join(f"{name}{number}" for number in range(60))
        (tmp_path / f"{name}.md").write_text(f"# {name.capitalize()}\n\n{shared}\n\n{own}\n")
    result = run_insights(empty, "ingest", str(tmp_path / "one.md"), str(tmp_path / "two.md"))
    assert "2 sources: 2 draft" in result.stdout
    assert "of its text is that of" not in result.stdout


def test_a_file_that_is_no_article_is_never_written_over(empty: Path, tmp_path: Path) -> None:
    broken = empty / "content" / "insights" / "tea.md"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("---\ntitle: [\n---\nMine.\n")
    (tmp_path / "source.md").write_text("# Tea\n\nText.\n")
    assert "content/insights/tea-2.md" in run_insights(empty, "ingest", str(tmp_path / "source.md")).stdout
    assert broken.read_text().endswith("Mine.\n")


def test_a_list_of_addresses_may_have_remarks(tmp_path: Path) -> None:
    (tmp_path / "links.txt").write_text("# ours\nhttps://a.example/one\n\nhttps://a.example/two\n")
    (tmp_path / "prose.txt").write_text("# ours\nhttps://a.example/one\nis where it began\n")
    places = list(find_places([str(tmp_path / "links.txt"), str(tmp_path / "prose.txt")]))
    assert [place.url for place in places] == ["https://a.example/one", "https://a.example/two", None]


def test_a_zip_a_list_of_files_and_standard_input_are_sources(empty: Path, raw: Path, tmp_path: Path) -> None:
    archive = tmp_path / "sources.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in raw.iterdir():
            packed.write(path, f"folder/{path.name}")
        packed.writestr("__MACOSX/junk", b"junk")
    assert "6 sources" in run_insights(empty, "ingest", str(archive), "--dry-run").stdout
    text = (SOURCES / "pilot-twin.txt").read_bytes()
    command = [sys.executable, "-m", "insights", "ingest", "-"]
    result = subprocess.run(command, input=text, cwd=empty, capture_output=True, check=False)
    assert b"1 source: 1 draft" in result.stdout


def test_a_zip_that_unpacks_to_too_much_is_refused(empty: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(30):
            packed.writestr(f"{number}.txt", b"0" * 10_000_000)
    result = run_insights(empty, "ingest", str(archive))
    assert result.returncode == 2
    assert "that unpack to 300,000,000 bytes" in result.stderr


def test_a_reference_becomes_a_link_once_its_article_is_there(empty: Path) -> None:
    run_insights(empty, "ingest", str(SOURCES / "pilot-twin.txt"), "--date", "2026-04-02")
    reference = next(part for part in article_of(only_article(empty)).related if isinstance(part, Reference))
    page = empty / "site" / "insights" / only_article(empty).stem / "index.html"
    run_insights(empty, "build")
    assert reference.title in page.read_text(encoding="utf-8")
    (empty / "content" / "insights" / "named-before.md").write_text(
        f'---\ntitle: "{reference.title}"\ndate: 2026-01-01\ntopic: AI Strategy\n---\nText.\n', encoding="utf-8"
    )
    assert "insights/named-before" not in page.read_text(encoding="utf-8")
    run_insights(empty, "build")
    assert "named-before/" in page.read_text(encoding="utf-8")


def test_one_bad_source_never_stops_the_others(empty: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a-empty.txt").write_bytes(b"")
    (folder / "b-binary.txt").write_bytes(bytes(range(256)) * 40)
    shutil.copy(SOURCES / "pilot-twin.txt", folder / "c-good.txt")
    result = run_insights(empty, "ingest", str(folder))
    assert result.returncode == 2
    assert "a-empty.txt: the source is empty" in result.stderr
    assert "b-binary.txt: the source is binary" in result.stderr
    assert "1 draft, 2 failed" in result.stdout
    table = result.stdout.splitlines()
    assert [line.split()[:2] for line in table if line.startswith(("failed", "draft"))] == [
        ["failed", str(folder / "a-empty.txt")],
        ["failed", str(folder / "b-binary.txt")],
        ["draft", str(folder / "c-good.txt")],
    ]
    assert only_article(empty).is_file()


def test_any_number_of_jobs_gives_the_same_articles(empty: Path, raw: Path, tmp_path: Path) -> None:
    for jobs in ("1", "3"):
        run_insights(empty, "ingest", str(raw), "--into", str(tmp_path / jobs), "--jobs", jobs, SOURCE_DATE_EPOCH="0")
    one, three = ({path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in ("1", "3"))
    assert one == three
    assert len(one) == 6


def test_names_and_addresses_of_saved_pages_can_be_kept(tmp_path: Path) -> None:
    index = tmp_path / "urls.tsv"
    index.write_text("saved-page\thttps://example.org/insights/page\n")
    page = SOURCES / "saved-page.html"
    run_insights(tmp_path, "ingest", str(page), "--into", "out", "--keep-names", "--url-index", str(index))
    article = article_of(tmp_path / "out" / "saved-page.md")
    assert article.source is not None
    assert article.source.url == "https://example.org/insights/page"


def test_a_dry_run_writes_nothing(empty: Path, raw: Path) -> None:
    result = run_insights(empty, "ingest", str(raw), "--dry-run")
    assert "Dry run" in result.stderr
    assert not (empty / "content" / "insights").exists()


def test_explain_says_where_each_field_was_found(empty: Path) -> None:
    output = run_insights(empty, "ingest", str(SOURCES / "pilot-twin.txt"), "--explain").stdout
    assert "topic: AI Strategy (the breadcrumb" in output
    assert "title: " in output


def test_files_of_one_name_in_two_folders_are_two_articles(tmp_path: Path) -> None:
    for name in ("spring", "autumn"):
        (tmp_path / "raw" / name).mkdir(parents=True)
        (tmp_path / "raw" / name / "index.html").write_text(f"<h1>The count in {name}</h1><p>We counted in {name}.</p>")
    for _ in range(2):
        result = run_insights(tmp_path, "ingest", str(tmp_path / "raw"), "--into", str(tmp_path / "out"))
        assert result.returncode == 0, result.stderr
        assert {path.name for path in (tmp_path / "out").glob("*.md")} == {
            "the-count-in-autumn.md",
            "the-count-in-spring.md",
        }
    assert "2 unchanged" in result.stdout
    again = [str(tmp_path / "raw" / name / "index.html") for name in ("spring", "autumn")]
    result = run_insights(tmp_path, "ingest", *again, "--into", str(tmp_path / "other"))
    assert len(list((tmp_path / "other").glob("*.md"))) == 2


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 3), "white").save(stream, "PNG")
    return stream.getvalue()


PAGE = "<h1>The shelf</h1><p>This is the shelf.</p><p><img src='{src}' alt='The shelf'></p>"


@pytest.mark.parametrize("is_zip", [False, True])
def test_pictures_beside_a_saved_page_come_with_it(tmp_path: Path, is_zip: bool) -> None:
    files = {
        "Shelf.html": PAGE.format(src="Shelf_files/the%20shelf.png").encode(),
        "Shelf_files/the shelf.png": picture(),
        "Shelf_files/style.css": b"p {}",
    }
    if not is_zip:
        files["Shelf_files/frame.html"] = b"<p>An advertisement.</p>"
    source = tmp_path / ("raw.zip" if is_zip else "raw")
    if is_zip:
        with zipfile.ZipFile(source, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        (source / "Shelf_files").mkdir(parents=True)
        for name, data in files.items():
            (source / name).write_bytes(data)
    result = run_insights(tmp_path, "ingest", str(source), "--into", str(tmp_path / "out"))
    assert result.returncode == 0, result.stderr
    assert "1 source: 1 draft" in result.stdout
    body = (tmp_path / "out/the-shelf.md").read_text(encoding="utf-8")
    assert "![The shelf](assets/the-shelf/the-shelf.png){ width=4 height=3 }" in body
    assert (tmp_path / "out/assets/the-shelf/the-shelf.png").read_bytes() == files["Shelf_files/the shelf.png"]


def test_a_picture_in_a_block_of_code_is_code(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("# Tea\n\n![Cup](cup.png)\n\n```md\n![Cup](cup.png)\n```\n")
    (tmp_path / "in" / "cup.png").write_bytes(picture())
    run_insights(tmp_path, "ingest", "in/a.md", "--into", "out")
    text = (tmp_path / "out" / "tea.md").read_text()
    assert "\n![Cup](assets/tea/cup.png){" in text
    assert "```md\n![Cup](cup.png)\n```" in text


@pytest.mark.parametrize("src", ["../secret.png", "inside/link.png", "/etc/hostname", "file:///etc/hostname"])
def test_no_picture_comes_from_outside_the_folder_of_its_page(tmp_path: Path, src: str) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    (tmp_path / "raw/inside").mkdir(parents=True)
    (tmp_path / "raw/inside/link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "raw/page.html").write_text(PAGE.format(src=src))
    run_insights(tmp_path, "ingest", str(tmp_path / "raw/page.html"), "--into", str(tmp_path / "out"))
    assert (tmp_path / "out/the-shelf.md").is_file()
    assert not (tmp_path / "out/assets").exists()


def test_what_lies_in_the_inbox_is_called_by_its_path_from_here(empty: Path) -> None:
    (empty / "content/inbox").mkdir(exist_ok=True)
    (empty / "content/inbox/a.pdf").write_bytes(b"%PDF-1.4")
    assert "\ncontent/inbox/a.pdf: a PDF says" in "\n" + run_insights(empty, "ingest").stderr


def test_the_settings_bound_what_is_taken_on(empty: Path) -> None:
    settings = empty / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("  insights:\n", "  insights:\n    ingest: {max_bytes: 300}\n", 1), encoding="utf-8"
    )
    result = run_insights(empty, "ingest", str(SOURCES / "pilot-twin.txt"))
    assert result.returncode == 2
    assert "pilot-twin.txt: it has over 300 bytes" in result.stderr


def test_a_zip_from_google_docs_comes_with_its_picture_and_its_note(tmp_path: Path) -> None:
    page = (PROJECT / "tests/cases/readers/pages/google-doc.html").read_bytes()
    with zipfile.ZipFile(tmp_path / "doc.zip", "w") as archive:
        archive.writestr("HowWeCountTwice.html", page)
        archive.writestr("images/image1.png", picture())
    result = run_insights(tmp_path, "ingest", str(tmp_path / "doc.zip"), "--into", str(tmp_path / "out"))
    assert result.returncode == 0, result.stderr
    assert "1 source: 1 draft" in result.stdout
    assert "[text-lost]" not in result.stdout
    body = (tmp_path / "out/how-we-count-twice.md").read_text(encoding="utf-8")
    assert "](assets/how-we-count-twice/image1.png){ width=4 height=3 }" in body
    assert "[^1]: In May and in November." in body


def test_in_a_log_each_source_has_a_line(empty: Path, tmp_path: Path) -> None:
    source = tmp_path / f"{'a-long-name-' * 12}.txt"
    source.write_bytes((SOURCES / "pilot-twin.txt").read_bytes())
    lines = run_insights(empty, "ingest", str(source), COLUMNS="").stdout.split("\n")
    (row,) = [line for line in lines if line.startswith("draft ")]
    assert row.split()[1:] == [str(source), f"content/insights/{only_article(empty).name}"]
