import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, run_insights
from PIL import Image

from insights.check import RULES


def write(publication: Path, name: str, *lines: str, body: str = "Text.") -> Path:
    fields = ["title: New", "date: 2026-01-01", "topic: Operations", *lines]
    path = publication / "content" / "insights" / name
    path.write_text("\n".join(["---", *fields, "---", body, ""]), encoding="utf-8")
    return path


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(publication: Path) -> Path:
    git(publication, "init")
    git(publication, "add", "content", "mkdocs.yml")
    git(publication, "commit", "-m", "Start")
    git(publication, "checkout", "-b", "an-article")
    return publication


def append(root: Path, slug: str, text: str) -> None:
    path = root / "content" / "insights" / f"{slug}.md"
    path.write_text(f"{path.read_text()}\n{text}\n")


def test_a_clean_publication_has_no_errors(publication: Path) -> None:
    result = run_insights(publication, "check")
    assert result.returncode == 0
    assert "5 articles" in result.stdout


def test_our_own_content_has_no_problems() -> None:
    result = run_insights(PROJECT, "check", "--strict")
    assert (result.returncode, result.stdout) == (0, result.stdout)
    assert "no problems" in result.stdout


@pytest.mark.parametrize(
    ("lines", "body", "expected"),
    [
        (["tags: [queus]"], "Text.", 'new.md:5:8: error: unknown tag "queus" [tag-unknown]\n  fix: use "queues"'),
        (["tags: [waiting]"], "Text.", 'new.md:5:8: warning: "waiting" is not the tag\'s name [tag-alias]'),
        (["authors: [Zofia Zurav]"], "Text.", 'fix: use "Zofia Żuraw", or add content/authors/zofia-zurav.md'),
        ([], "See [this](waiting-time.md).", 'new.md:6:12: error: "waiting-time.md" leads nowhere [link-broken]'),
    ],
)
def test_a_mistake_is_shown_with_place_and_fix(publication: Path, lines: list[str], body: str, expected: str) -> None:
    write(publication, "new.md", *lines, body=body)
    result = run_insights(publication, "check")
    assert expected in result.stdout
    assert result.returncode == (0 if "warning" in expected or "authors" in expected else 1)


def test_the_second_run_finds_the_same_by_what_it_remembers(publication: Path) -> None:
    write(publication, "new.md", "tags: [queus]", body="See [here](https://example.org/?utm_source=x).")
    first = run_insights(publication, "check")
    assert (publication / "build" / "check.msgpack").is_file()
    assert run_insights(publication, "check").stdout == first.stdout
    write(publication, "new.md")
    assert "queus" not in run_insights(publication, "check").stdout


def test_a_damaged_memory_is_read_as_none(publication: Path) -> None:
    first = run_insights(publication, "check")
    (publication / "build" / "check.msgpack").write_bytes(b"\x93damaged")
    assert run_insights(publication, "check").stdout == first.stdout


def test_links_in_code_are_left_alone(publication: Path) -> None:
    write(publication, "new.md", body="Write `[this](nowhere.md)`:\n\n```md\n[this](nowhere.md)\n```")
    assert "nowhere" not in run_insights(publication, "check").stdout


def test_editions_and_hubs_name_articles_that_exist(publication: Path) -> None:
    (publication / "content" / "newsletter" / "2.md").write_text(
        "---\nnumber: 1\ndate: 2026-04-01\nsubject: Two\narticles: [waiting-times, nope, a-draft]\n---\nHello.\n"
    )
    output = run_insights(publication, "check").stdout
    assert 'content/newsletter/2.md:5:27: error: no article has the slug "nope" [edition-article]' in output
    assert '2.md:5:33: error: "a-draft" is a draft' in output
    assert "2.md:2:9: error: number 1 is also that of content/newsletter/1.md [edition-number]" in output


def test_two_articles_with_the_same_sentences_name_each_other(publication: Path) -> None:
    body = "\n\n".join(f"Sentence {number} is long enough to tell one article from another." for number in range(8))
    write(publication, "one.md", body=body)
    write(publication, "two.md", body=body + "\n\nAnd this one is new, and just as long as all the others are.")
    output = run_insights(publication, "check").stdout
    assert "content/insights/one.md:1:1: warning: 100% of the sentences are those of content/insights/two.md" in output
    assert "content/insights/two.md:1:1: warning: 100% of the sentences are those of content/insights/one.md" in output


def test_named_paths_alone_are_shown_with_advice_on_wording(publication: Path) -> None:
    write(publication, "new.md", body="Measure the the queue.")
    write(publication, "other.md", "tags: [queus]")
    whole = run_insights(publication, "check").stdout
    named = run_insights(publication, "check", "content/insights/new.md").stdout
    assert "wording-repeated" not in whole
    assert "wording-repeated" in named
    assert "other.md:5:8" in whole
    assert "other.md:5:8" not in named


def test_misspelt_words_are_advice_where_they_were_written(publication: Path) -> None:
    body = "Über ünits: we recieve `teh` [reciept](https://example.org/teh), seperate from Kubernetes and Żuraw’s wrld."
    write(publication, "new.md", body=body)
    command = ["check", "content/insights/new.md"]
    lines = run_insights(publication, *command).stdout.splitlines()
    found = [line for line in lines if "[wording-spelling]" in line]
    places = [body.index(word) + 1 for word in ("recieve", "reciept", "seperate")]
    assert [int(line.split(":")[2]) for line in found] == places
    assert 'advice: "recieve"' in found[0]
    assert lines[lines.index(found[0]) + 1].startswith('  fix: write "receive"')
    settings = publication / "mkdocs.yml"
    words = "    check: {words: [Recieve, reciept]}\n    tagline:"
    settings.write_text(settings.read_text().replace("    tagline:", words))
    assert run_insights(publication, *command).stdout.count("[wording-spelling]") == 1
    write(publication, "new.md", "language: de", body=body)
    assert "wording-spelling" not in run_insights(publication, *command).stdout


def test_changed_shows_what_the_branch_changed(repository: Path) -> None:
    write(repository, "new.md", "tags: [queus]", body="Measure the the queue.")
    output = run_insights(repository, "check", "--changed").stdout
    assert "new.md:5:8: error" in output
    assert "wording-repeated" in output
    assert "counting-what-waits.md" not in output


def test_changed_gives_advice_on_wording_for_changed_lines_only(repository: Path) -> None:
    path = write(repository, "new.md", body="Measure the the queue.\n\nText.")
    git(repository, "add", "content")
    git(repository, "commit", "-m", "Article")
    path.write_text(path.read_text().replace("Text.", "Some text."))
    output = run_insights(repository, "check", "--since", "an-article").stdout
    assert "new.md" in output
    assert "wording-repeated" not in output


def test_a_branch_that_removes_an_article_answers_for_the_links_to_it(repository: Path) -> None:
    (repository / "content" / "insights" / "counting-what-waits.md").unlink()
    result = run_insights(repository, "check", "--changed")
    assert "waiting-times.md" in result.stdout
    assert "link-broken" in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize(
    "setting", ["diff.mnemonicPrefix=true", "diff.noprefix=true", "color.ui=always", "diff.srcPrefix=x/"]
)
def test_what_people_set_for_their_own_eyes_hides_no_change(repository: Path, setting: str) -> None:
    git(repository, "config", *setting.split("="))
    append(repository, "waiting-times", "++ b/content/insights/nowhere.md\n\nSee [this](nowhere.md).")
    result = run_insights(repository, "check", "--changed")
    assert result.returncode == 1, result.stdout + result.stderr
    assert '"nowhere.md" leads nowhere' in result.stdout


def test_branch_that_git_does_not_know_is_named_with_the_option_that_there_is(repository: Path) -> None:
    result = run_insights(repository, "check", "--since", "nope")
    assert result.returncode == 2
    assert "--since origin/main" in result.stderr


@pytest.mark.parametrize("words", ["[API, api, recieve]", "[recieve, 😀]"])
def test_words_of_the_house_written_twice_or_in_any_letters_leave_the_spelling_on(
    publication: Path, words: str
) -> None:
    settings = publication / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("    tagline:", f"    check: {{words: {words}}}\n    tagline:"))
    append(publication, "waiting-times", "We recieve teh goods.")
    result = run_insights(publication, "check", "content/insights/waiting-times.md")
    assert '"teh" looks misspelt' in result.stdout
    assert '"recieve"' not in result.stdout


def test_fix_keeps_the_line_ends_of_a_clone_on_windows(publication: Path) -> None:
    path = publication / "content" / "insights" / "waiting-times.md"
    plain = path.read_text()
    path.write_bytes(plain.replace("\n", "\r\n").encode())
    assert "Would mend 0 files." in run_insights(publication, "check", "--diff").stderr
    path.write_bytes(f"{plain}\nA soft\u00ad hyphen.\n".replace("\n", "\r\n").encode())
    assert run_insights(publication, "check", "--fix").returncode == 0
    assert path.read_bytes().decode() == f"{plain}\nA soft hyphen.\n".replace("\n", "\r\n")


LINKS = (
    "tags/queues.md tags/index.md tags/nope.md archive.md archive/index.md feeds.md search.md subscribe.md index.md "
    "about.md nope.md topics/index.md topics/nope.md authors/zofia-zuraw.md newsletter/index.md newsletter/1.md "
    "newsletter/9.md series/desk-and-queue.md series/nope.md insights/waiting-times.md insights/nope.md "
    "insights/a-draft.md assets/waiting-times/wait.svg assets/nope.png"
)


def test_links_of_articles_and_of_every_other_page_are_broken_where_the_build_finds_them_broken(
    publication: Path,
) -> None:
    content = publication / "content"
    pages = [
        "insights/waiting-times.md",
        "topics/operations.md",
        "authors/zofia-zuraw.md",
        "newsletter/1.md",
        "about.md",
    ]
    for page in pages:
        up = "../" if "/" in page else ""
        links = "".join(f"[A link]({up}{link})\n" for link in LINKS.split())
        text = (content / page).read_text()
        (content / page).write_text(f"{text}\n{links}\n![A picture]({up}assets/none.png)\n")
    found = re.findall(
        r'^content/(.*):\d+:\d+: \w+: (?:there is no picture )?"(.*?)".*\[(?:link-broken|link-draft|image-missing)\]$',
        run_insights(publication, "check").stdout,
        re.MULTILINE,
    )
    told = re.findall(
        r"^content/(.*?):1:1: warning: the page contains a link '(.*?)'",
        run_insights(publication, "build").stderr,
        re.MULTILINE,
    )
    assert sorted(found) == sorted(told)
    assert {page for page, _ in found} == set(pages)


def test_article_whose_name_begins_like_an_address_is_a_link_to_be_checked(publication: Path) -> None:
    append(publication, "waiting-times", "See [caching](http-caching.md).")
    assert '"http-caching.md" leads nowhere' in run_insights(publication, "check").stdout


def test_changed_outside_a_repository_says_so(publication: Path) -> None:
    result = run_insights(publication, "check", "--changed")
    assert result.returncode == 2
    assert "git" in result.stderr


def test_fix_mends_shows_the_diff_and_changes_nothing_the_second_time(publication: Path) -> None:
    path = write(publication, "new.md", "tags: [waiting]", body="# New\n\nSee [a study](https://a.org/?utm_source=b).")
    shown = run_insights(publication, "check", "--diff", "content/insights/new.md")
    assert "-tags: [waiting]" in shown.stderr
    assert "waiting" in path.read_text()
    result = run_insights(publication, "check", "--fix", "content/insights/new.md")
    assert "+tags: [queues]" in result.stderr
    assert "See [a study](https://a.org/)." in path.read_text()
    assert "# New" not in path.read_text()
    again = path.read_text()
    assert "Mended 0 files" in run_insights(publication, "check", "--fix", "content/insights/new.md").stderr
    assert path.read_text() == again


def test_fix_writes_the_size_of_pictures_as_browsers_show_them(publication: Path) -> None:
    assets = publication / "content" / "assets"
    Image.new("RGB", (40, 20)).save(assets / "flat.png")
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright: a browser shows the picture so
    Image.new("RGB", (40, 20)).save(assets / "turned.jpg", exif=turned)
    (assets / "drawn.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640.4 240"/>')
    (assets / "endless.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="9"/>')
    (assets / "broken.png").write_bytes(b"no picture")
    names = ["flat.png", "turned.jpg", "drawn.svg", "endless.svg", "broken.png"]
    pictures = [f"![What it shows](../assets/{name})" for name in names]
    path = write(publication, "new.md", body="\n\n".join(pictures))
    run_insights(publication, "check", "--fix", "content/insights/new.md")
    sizes = ["40 20", "20 40", "640 240", "", ""]
    shown = [re.sub(r"(\d+) (\d+)", r"{ width=\1 height=\2 }", size) for size in sizes]
    assert path.read_text().endswith("\n\n".join(map("".join, zip(pictures, shown, strict=True))) + "\n")


def with_settings(publication: Path, lines: str) -> None:
    settings = publication / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("    tagline:", f"{lines}\n    tagline:"))


def test_pictures_that_are_heavy_wide_of_no_use_or_no_pictures_are_told(publication: Path) -> None:
    assets = publication / "content" / "assets"
    Image.effect_noise((1000, 1100), 90).save(assets / "heavy.png")
    Image.new("1", (3001, 2)).save(assets / "wide.png")
    Image.new("1", (3000, 2)).save(assets / "alone.png")
    (assets / "page.html").write_text("<p>Hello")
    names = ["heavy.png", "wide.png"]
    write(publication, "new.md", body="\n\n".join(f"![What it shows](../assets/{name}){{ width=9 }}" for name in names))
    output = run_insights(publication, "check").stdout
    assert re.search(r"new.md:6:\d+: warning: the picture weighs 1\.1 MB \[image-heavy\]", output)
    assert re.search(r"new.md:8:\d+: warning: the picture is 3,001 pixels wide \[image-heavy\]", output)
    assert output.count("[image-heavy]") == 2
    assert "content/assets/alone.png:1:1: advice: no article shows this file [image-unused]" in output
    assert not any(f"assets/{name}:1:1" in output for name in names)
    assert "content/assets/page.html:1:1: error:" in output


def test_links_of_menu_and_footer_lead_somewhere_and_a_logo_is_of_use(publication: Path) -> None:
    Image.new("1", (9, 9)).save(publication / "content" / "assets" / "logo.png")
    Image.new("1", (9, 9)).save(publication / "content" / "assets" / "terms.png")
    settings = publication / "mkdocs.yml"
    settings.write_text(
        settings.read_text().replace("  name: material\n", "  name: material\n  logo: assets/logo.png\n")
    )
    good = ["./", "topics/", "about/", "topics/operations/#x", "archive/", "feeds/feeds.opml", "https://a.example/x"]
    good += ["mailto:a@a.example", "assets/terms.png"]
    bad = ["abuot/", "/about/", "insights", "topics/none/", "nowhere/"]
    links = ", ".join(f"{{title: A, href: '{href}'}}" for href in [*good, *bad])
    with_settings(publication, f"    footer: [{links}]")
    output = run_insights(publication, "check").stdout
    found = re.findall(r'mkdocs.yml:1:1: warning: "(.*?)" .* \[link-site\]\n  fix: (.*)', output)
    assert dict(found) == {
        "abuot/": 'use "about/"',
        "/about/": 'write "about/"',
        "insights": "begin content/insights.md, or link to a page that is there",
        "topics/none/": 'use "topics/"',
        "nowhere/": "begin content/nowhere.md, or link to a page that is there",
    }
    assert "image-unused" not in output


def test_settings_of_the_theme_that_change_nothing_are_told(publication: Path) -> None:
    settings = publication / "mkdocs.yml"
    theme = "  name: material\n  favicon: a.png\n  palette: {primary: red}\n  font: false\n"
    text = settings.read_text().replace("  name: material\n", theme)
    settings.write_text(f"{text}extra_css: [own.css]\nextra: {{social: [{{link: x}}]}}\nextra_javascript: []\n")
    output = run_insights(publication, "check").stdout
    found = re.findall(r"mkdocs.yml:1:1: warning: `(.*):` changes nothing here \[setting-idle\]", output)
    assert sorted(found) == ["extra: social", "extra_css", "theme: favicon", "theme: palette"]
    assert "fix: write it into overrides/assets/insights.css" in output


def test_note_on_a_rule_that_is_not_always_looked_at_is_never_called_unused(publication: Path) -> None:
    notes = ["wording-passive", "link-dead", "link-text"]
    body = "\n\n".join(["Text.", *(f"<!-- check: ignore {rule}: it is a quotation -->" for rule in notes)])
    write(publication, "new.md", body=body)
    output = run_insights(publication, "check").stdout
    assert re.findall(r'nothing breaks the rule "(.*)" any more \[ignore-unused\]', output) == ["link-text"]


def test_link_to_a_note_leads_to_what_the_build_makes_of_it(publication: Path) -> None:
    body = "A claim.[^1] See [the note](#fn:1), [its claim](#fnref:1), [a word](#fnord).\n\n[^1]: The source."
    write(publication, "new.md", body=body)
    output = run_insights(publication, "check").stdout
    assert re.findall(r"there is no heading \"(.*)\" \[link-anchor\]", output) == ["#fnord"]


def test_draft_may_link_to_a_draft(publication: Path) -> None:
    write(publication, "new.md", "draft: true", body="See [this](a-draft.md).")
    assert "[link-draft]" not in run_insights(publication, "check").stdout
    write(publication, "new.md", body="See [this](a-draft.md).")
    assert 'new.md:6:12: warning: "a-draft.md" is a draft [link-draft]' in run_insights(publication, "check").stdout


def test_advice_on_wording_is_for_english_whichever_way_the_language_is_said(publication: Path) -> None:
    settings = publication / "mkdocs.yml"
    english = settings.read_text()

    def advised(language: str, *lines: str) -> list[str]:
        settings.write_text(english.replace("  name: material\n", f"  name: material\n  language: {language}\n"))
        write(publication, "new.md", *lines, body="We recieve the the letters.")
        output = run_insights(publication, "check", "content/insights/new.md").stdout
        return sorted(re.findall(r"\[(wording-\w+)\]", output))

    both = ["wording-repeated", "wording-spelling"]
    assert (advised("en"), advised("en", "language: de")) == (both, [])
    assert (advised("de"), advised("de", "language: en-GB")) == ([], both)


def test_former_address_that_two_articles_claim_is_told_in_the_second(publication: Path) -> None:
    write(publication, "first.md", "aliases: [/2019/old/]")
    write(publication, "second.md", "aliases: [2019/old, /2019/other/]")
    output = run_insights(publication, "check").stdout
    told = '"2019/old" already leads to content/insights/first.md [alias-taken]\n  fix: keep one of them'
    assert f"content/insights/second.md:5:11: error: {told}" in output
    assert output.count("[alias-taken]") == 1


def test_a_publication_sets_the_levels_of_rules(publication: Path) -> None:
    write(publication, "new.md", "tags: [queus, waiting]")
    settings = publication / "mkdocs.yml"
    text = settings.read_text()
    levels = "check: {levels: {tag-unknown: ignore, tag-alias: error}}"
    settings.write_text(text.replace("    tagline:", f"    {levels}\n    tagline:"))
    output = run_insights(publication, "check").stdout
    assert "tag-unknown" not in output
    assert "5:15: error:" in output
    settings.write_text(text.replace("    tagline:", f"    {levels.replace('tag-alias', 'tag-alas')}\n    tagline:"))
    result = run_insights(publication, "check")
    assert result.returncode == 2
    assert 'use "tag-alias"' in result.stderr


@pytest.mark.parametrize(
    ("line", "options", "code"),
    [
        ("tags: [queues]", [], 0),
        ("tags: [waiting]", [], 0),
        ("tags: [waiting]", ["--strict"], 1),
        ("tags: [queus]", [], 1),
        ("tags: [queus]", ["--format", "sarif"], 1),
        ("tags: [queus]", ["--since", "no-such-branch"], 2),
        ("tags: [queus]", ["no-such-file.md"], 2),
    ],
    ids=["clean", "warning", "warning-strict", "error", "error-as-sarif", "no-branch", "no-file"],
)
def test_the_exit_code_says_what_became_of_the_run(publication: Path, line: str, options: list[str], code: int) -> None:
    write(publication, "new.md", line)
    assert run_insights(publication, "check", *options).returncode == code


def test_what_is_written_as_sarif_names_its_rules_and_places(publication: Path) -> None:
    # SARIF 2.1.0: §3.27.5 ruleId, §3.27.10 level, §3.30 region counts from 1, §3.49 the rules that a driver describes.
    write(publication, "new.md", "tags: [queus, waiting]")
    log = json.loads(run_insights(publication, "check", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert run["results"]
    for result in run["results"]:
        assert result["ruleId"] in described
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert (publication / place["artifactLocation"]["uri"]).is_file()
        assert min(place["region"]["startLine"], place["region"]["startColumn"]) >= 1


def test_the_formats_say_the_same(publication: Path) -> None:
    write(publication, "new.md", "tags: [queus]")
    rows = json.loads(run_insights(publication, "check", "--format", "json").stdout)
    row = next(row for row in rows if row["rule"] == "tag-unknown")
    assert (row["path"], row["line"], row["column"], row["level"]) == ("content/insights/new.md", 5, 8, "error")
    annotations = run_insights(publication, "check", "--format", "github").stdout
    assert '::error file=content/insights/new.md,line=5,col=8,title=tag-unknown::unknown tag "queus"' in annotations
    log = json.loads(run_insights(publication, "check", "--format", "sarif").stdout)
    results = log["runs"][0]["results"]
    assert len(results) == len(rows)
    assert {result["ruleId"] for result in results} == {row["rule"] for row in rows}
    quality = json.loads(run_insights(publication, "check", "--format", "gitlab").stdout)
    assert {"major"} == {each["severity"] for each in quality if each["check_name"] == "tag-unknown"}


def test_a_hostile_name_cannot_forge_an_annotation(publication: Path) -> None:
    write(publication, "new.md", 'tags: ["a%0A::error file=x::b\\n::error file=y::z"]')
    annotations = run_insights(publication, "check", "--format", "github").stdout
    assert not [line for line in annotations.splitlines() if line.startswith("::error file=y")]


def test_a_rule_explains_itself() -> None:
    result = run_insights(PROJECT, "check", "--explain", "link-text")
    assert result.returncode == 0
    assert RULES["link-text"].good in result.stdout
    assert 'Did you mean "link-text"?' in run_insights(PROJECT, "check", "--explain", "link-txet").stderr
