"""The miniature site built by both engines: the same addresses, the same pages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from conftest import copy_publication, run_insights
from lxml import html
from test_site import BASE, differing

from insights.site.zensical import render_settings

ADDRESSES = {"href", "src", "action", "data-search", "data-search-style"}


@pytest.fixture(scope="module")
def zensical_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_publication(tmp_path_factory.mktemp("zensical") / "publication")
    result = run_insights(root, "build", "--engine", "zensical")
    assert result.returncode == 0, result.stderr
    return root / "site"


def content(site: Path, name: str) -> list[tuple[str, list[tuple[str, str]], str, str]]:
    """Each element of a page in order, with its attributes, addresses in full, and the words in and after it."""
    address = urljoin(BASE, name.removesuffix("index.html"))
    found = []
    for element in html.fromstring((site / name).read_bytes()).iter():
        attributes = [
            (key, urljoin(address, value) if key in ADDRESSES else value) for key, value in element.attrib.items()
        ]
        words = [" ".join((text or "").split()) for text in (element.text, element.tail)]
        found.append((str(element.tag), sorted(attributes), words[0], words[1]))
    return found


def test_both_engines_make_the_same_files(built_site: Path, zensical_site: Path) -> None:
    assert [name for name in differing(built_site, zensical_site) if not name.endswith(".html")] == []


def test_both_engines_make_the_same_pages(built_site: Path, zensical_site: Path) -> None:
    pages = sorted(path.relative_to(built_site).as_posix() for path in built_site.rglob("*.html"))
    assert len(pages) > 20
    for name in pages:
        assert content(zensical_site, name) == content(built_site, name), name


def test_names_with_markup_stay_text(zensical_site: Path) -> None:
    for path in zensical_site.rglob("index.html"):
        assert "<b>bold</b>" not in path.read_text(encoding="utf-8")


def test_a_second_build_follows_a_change_and_a_failed_one_leaves_the_site(publication: Path) -> None:
    assert run_insights(publication, "build", "--engine", "zensical").returncode == 0
    article = publication / "content" / "insights" / "waiting-times.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nA sentence about okapis.\n", encoding="utf-8")
    assert run_insights(publication, "build", "--engine", "zensical").returncode == 0
    page = publication / "site" / "insights" / "waiting-times" / "index.html"
    assert "okapis" in page.read_text(encoding="utf-8")
    (publication / "overrides" / "article.html").write_text("{% broken")
    result = run_insights(publication, "build", "--engine", "zensical")
    assert result.returncode == 2
    assert "overrides/article.html:1" in result.stderr
    assert "Traceback" not in result.stderr
    assert "okapis" in page.read_text(encoding="utf-8")


def test_settings_keep_their_tags_and_own_values() -> None:
    text = """\
site_name: A
plugins: {insights: {}}
theme: {name: material, custom_dir: overrides}
extra: {mine: 1}
markdown_extensions:
  - pymdownx.superfences:
      custom_fences: [{name: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format ""}]
"""
    written = render_settings(text, Path("/project"), {"tagline": "Short: & <plain>"})
    assert "!!python/name:pymdownx.superfences.fence_code_format" in written
    plain = yaml.safe_load(written.replace("!!python/name:pymdownx.superfences.fence_code_format", ""))
    assert plain["extra"] == {"mine": 1, "insights": {"tagline": "Short: & <plain>"}}
    assert (plain["docs_dir"], plain["site_dir"]) == ("docs", "zensical")
    assert plain["theme"]["custom_dir"] == "/project/overrides"
    assert "plugins" not in plain
