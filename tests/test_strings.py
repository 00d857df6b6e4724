"""The words of the interface: each is used, each language has all of them, and no page says a word of its own."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from conftest import PROJECT, copy_publication, run_insights
from lxml import html

from insights.errors import SettingsError
from insights.settings import parse_publication
from insights.strings import ENGLISH, Plural, Strings, fill, strings_of

PACKAGE = PROJECT / "scripts" / "insights"
LANGUAGES = sorted((PACKAGE / "strings").glob("*.json"))
ENGLISH_TEXTS = msgspec.to_builtins(ENGLISH)
# Names and signs that are the same in every language.
NAMES = {
    "rss",
    "atom",
    "json",
    "markdown",
    "bibtex",
    "linkedin",
    "bluesky",
    "javascript",
    "feed",
    "en",
    "table",
    "task",
}


def gaps(text: object) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", json.dumps(text)))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_language_has_every_text_with_the_gaps_of_the_english_one(path: Path) -> None:
    texts = json.loads(path.read_bytes())
    assert list(texts) == list(ENGLISH_TEXTS)
    assert {name: gaps(text) for name, text in texts.items()} == {n: gaps(t) for n, t in ENGLISH_TEXTS.items()}
    msgspec.convert(texts, Strings)


def test_templates_and_scripts_name_texts_that_are_there_and_every_text_is_named() -> None:
    overrides = [path for path in (PROJECT / "overrides").rglob("*") if path.suffix in {".html", ".js"}]
    files = [*overrides, *PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2")]
    named = {
        name
        for path in files
        for name in re.findall(r"(?:strings|STRINGS)\.([a-z]\w*)", path.read_text(encoding="utf-8"))
    }
    methods = {"spell_date", "spell_list", "months", "name_list", "date_format"}
    assert named - methods == set(ENGLISH_TEXTS) - methods


def test_language_is_chosen_by_its_first_part_and_own_texts_go_before_it() -> None:
    assert strings_of("de-AT", {}).read_next == "Weiterlesen"
    assert strings_of("de", {"read_next": "Mehr"}).read_next == "Mehr"
    assert strings_of("de", {"read_next": "Mehr"}).subscribe == "Abonnieren"
    assert strings_of("tlh", {}) == ENGLISH
    assert strings_of("../de", {}) == ENGLISH


def test_dates_lists_and_numbers_are_spelt_as_the_language_does() -> None:
    german, day = strings_of("de", {}), datetime(2026, 3, 8, tzinfo=UTC)
    assert (ENGLISH.spell_date(day), german.spell_date(day)) == ("8 March 2026", "8. März 2026")
    names = ["Ann", "Bo", "Cy"]
    assert [ENGLISH.spell_list(names[:count]) for count in range(4)] == ["", "Ann", "Ann and Bo", "Ann, Bo and Cy"]
    assert german.spell_list(names) == "Ann, Bo und Cy"
    assert [ENGLISH.article_count.of(count) for count in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]


def test_gaps_are_filled_once_and_unknown_ones_stay() -> None:
    assert fill("{name} of {other} {odd}", name="{other}", other="{0.x}") == "{other} of {0.x} {odd}"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("{read_nxt: More}", 'unknown field `read_nxt`\n  fix: use "read_next"'),
        ("{article_count: Artikel}", "Expected `object`, got `str` - at `$.article_count`"),
        ("{months: [Januar]}", "length >= 12"),
    ],
)
def test_text_of_a_wrong_name_or_kind_is_told(own: str, message: str) -> None:
    settings = f"site_name: A\nsite_url: https://a.example/\nplugins: [insights: {{strings: {own}}}]\n"
    with pytest.raises(SettingsError, match=re.escape(message)):
        parse_publication(settings, "mkdocs.yml")


def marked(text: object) -> object:
    """The texts as a language that nobody speaks: what is not in brackets on a page was not translated."""
    if isinstance(text, Plural):
        return {"one": f"⟦{text.one}⟧", "other": f"⟦{text.other}⟧"}
    return [f"⟦{each}⟧" for each in text] if isinstance(text, tuple) else f"⟦{text}⟧"


def shown_texts(page: Path) -> set[str]:
    root = html.document_fromstring(page.read_text(encoding="utf-8"))
    for element in root.xpath(
        "//script|//style|//span[@class='portrait']|//pre[@aria-label='BibTeX']|//a[@class='footnote-backref']"
    ):
        element.drop_tree()
    texts = {" ".join(str(text).split()) for text in root.xpath("//text()")}
    names = root.xpath("//@aria-label|//@placeholder|//@title")
    return {text for text in {*texts, *map(str, names)} if text}


def bare_words(texts: set[str], known: set[str]) -> set[str]:
    """What is outside brackets and a service's own marks, and neither in content nor a name."""
    rest = (re.sub(r"⟦.*⟧|\{\{.*?\}\}", " ", text) for text in texts)
    words = {word for text in rest for word in re.findall(r"[^\W\d_]{2,}", text.lower())}
    return words - known - NAMES


def test_no_page_or_email_says_a_word_that_cannot_be_translated(tmp_path: Path) -> None:
    root = copy_publication(tmp_path / "publication")
    texts = {name: marked(getattr(ENGLISH, name)) for name in ENGLISH_TEXTS}
    settings = root / "mkdocs.yml"
    own = json.dumps({name: text for name, text in texts.items() if name != "date_format"}, ensure_ascii=False)
    told = settings.read_text(encoding="utf-8").replace("  insights:\n", f"  insights:\n    strings: {own}\n")
    settings.write_text(told, encoding="utf-8")
    built = run_insights(root, "build")
    assert built.returncode == 0, built.stderr
    sources = [path for path in (root / "content").rglob("*") if path.suffix in {".md", ".yml"}]
    written = " ".join(path.read_text(encoding="utf-8") for path in sources)
    written += told.replace(own, "") + " ".join(path.stem for path in sources)
    known = set(re.findall(r"[^\W\d_]{2,}", written.lower()))
    pages = sorted((root / "site").rglob("*.html"))
    assert len(pages) > 30
    found = {str(page.relative_to(root)): bare_words(shown_texts(page), known) for page in pages}
    assert {path: words for path, words in found.items() if words} == {}
