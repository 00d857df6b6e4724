import string
from datetime import UTC, datetime, timedelta, timezone

import jsonschema
import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.article import dump_article, parse_article
from insights.frontmatter import dump_front_matter, edit_front_matter
from insights.model import Article, Image, Origin, Reference, Series
from insights.plain_yaml import plain_block
from insights.schema import article_schema

PATH = "content/insights/audits.md"


def findings(text: str) -> list[str]:
    return [str(finding) for finding in parse_article(text, PATH)[1]]


def head(*lines: str) -> str:
    return "\n".join(["---", "title: Audits", "date: 2026-03-28", "topic: Data", *lines, "---", "", "Text.", ""])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Just text.\n", "1:1: the file has no front matter [front-matter-missing]"),
        ("---\ntitle: Audits\n", "1:1: the front matter is not closed [front-matter-open]"),
        ("---\ntitle: A: b\n---\n", "2:9: the front matter is not valid YAML"),
        ("---\n[a]\n---\n", "2:1: the front matter is not a list of fields"),
        ("---\na: &x 1\nb: *x\n---\n", "2:4: an alias is not allowed"),
        ("---\ntitle: a\ntitle: b\n---\n", '3:1: the field "title" is given twice'),
        ("---\ndate: 2026-01-01\n---\nText.\n", '1:1: the field "title" is missing [field-missing]'),
        (head("updated: 28/03/2026"), '5:10: "updated": not a date [field-invalid]'),
        (head("updated: 2026-13-01"), '5:10: "updated": not a date [field-invalid]'),
        (head("updated: 2026-03-28T09:00:00"), '5:10: "updated": a time without its zone [field-invalid]'),
        (head("tags: pilots"), '5:7: "tags": a list is expected [field-invalid]'),
        (head("tags: [pilots, {a: b}]"), '5:16: "tags": a text is expected'),
        (head("draft: maybe"), '5:8: "draft": neither true nor false [field-invalid]'),
        (head("series: {name: S, part: 0}"), '5:25: "series": expected `int` >= 1 [field-invalid]'),
        (head("descripton: Short."), '5:1: unknown field "descripton" [field-unknown]\n  fix: use "description"'),
        (head("slug: other"), "5:7: the slug is not the file's name [slug-file]"),
        ("---\ntitle: A\ndate: 2026-01-01\ntopic: T\n---\n\n", "6:1: the article has no text [body-empty]"),
        ("---\ntitle: A\ntopic: T\n---\nText.\n", "1:1: the article states no date [date-missing]"),
    ],
)
def test_each_mistake_is_named_with_its_place(text: str, expected: str) -> None:
    assert any(f"{PATH}:{expected}" in finding for finding in findings(text)), findings(text)


def test_all_problems_of_one_article_are_listed() -> None:
    assert len(findings(head("updated: soon", "tags: x", "draft: maybe", "colour: red"))) == 4


def test_a_wrong_optional_field_does_not_hide_the_article() -> None:
    article, _ = parse_article(head("tags: x"), PATH)
    assert article is not None
    assert article.tags == ()


def test_plain_words_keep_their_spelling() -> None:
    article, problems = parse_article(head("description: No", "tags: [on, 2026]"), PATH)
    assert article is not None
    assert (article.description, article.tags, problems) == ("No", ("on", "2026"), ())


def test_a_deep_or_endless_front_matter_is_refused() -> None:
    for text in ("---\na: " + "[" * 900 + "]" * 900 + "\n---\n", "---\na: &x [*x]\n---\n", "---\na: " + "[" * 20_000):
        assert len(findings(text)) == 1


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    article, problems = parse_article("\ufeff" + head().replace("\n", "\r\n"), PATH)
    assert article is not None
    assert (article.title, article.body, problems) == ("Audits", "Text.\n", ())


def test_an_edit_keeps_comments_order_and_quotes() -> None:
    text = "---\n# why\ntitle: 'Old' # keep\ntags:\n- a\n- b\ndraft: true\n---\nBody\n"
    edited = edit_front_matter(text, {"draft": None, "topic": "Data"})
    assert edited == "---\n# why\ntitle: 'Old' # keep\ntags:\n- a\n- b\ntopic: Data\n---\nBody\n"


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
zoned = st.builds(
    lambda moment, hours: moment.astimezone(timezone(timedelta(hours=hours))), moments, st.integers(-12, 14)
)
slugs = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)
articles = st.builds(
    Article,
    slug=slugs,
    title=words,
    body=st.lists(words, min_size=1).map(lambda parts: "\n\n".join(parts) + "\n"),
    date=st.none() | moments | zoned,
    updated=st.none() | zoned,
    topic=st.none() | words,
    tags=st.lists(words, max_size=4).map(tuple),
    authors=st.lists(words, max_size=3).map(tuple),
    description=words,
    image=st.none() | st.builds(Image, words, words, st.none() | st.integers(1, 9), st.none()),
    series=st.none() | st.builds(Series, words, st.integers(1, 99)),
    source=st.none() | st.builds(Origin, url=words, retrieved=moments, hash=words, written=words),
    canonical=st.none() | words,
    related=st.lists(slugs | st.builds(Reference, words, words, moments), max_size=4).map(tuple),
    is_draft=st.booleans(),
)


@given(articles)
def test_what_is_written_reads_back_the_same(article: Article) -> None:
    path = f"content/insights/{article.slug}.md"
    text = dump_article(article)
    back, _ = parse_article(text, path)
    assert back is not None
    for name in ("title", "body", "date", "updated", "topic", "tags", "authors", "description", "image", "series"):
        assert getattr(back, name) == getattr(article, name), name
    for name in ("source", "canonical", "related", "is_draft"):
        assert getattr(back, name) == getattr(article, name), name
    assert dump_article(back) == text


prose = st.text("abzÉß 0129-–'’“\"„,.:;?!()[]{}&%*#@|>/\\=+_~`<\n\t", min_size=1, max_size=12) | st.sampled_from(
    "true No NULL y on ~ 1e3 0x1 0xfa 00001.html 9f2a 12:3a 1e5f 0o17 2026-01-01T1:2Z .inf 2026-01-01 "
    "https://a.org/b?c#d a:b a#b a, a: https:// = <<".split()
)
values = prose | words | st.booleans() | st.integers(1, 10**6) | moments | zoned


@settings(max_examples=400)
@given(st.dictionaries(slugs.map("k{}".format), values | st.lists(prose) | st.dictionaries(slugs, prose)))
def test_what_is_written_without_the_library_is_what_the_library_writes(fields: dict[str, object]) -> None:
    fields = {key: value for key, value in fields.items() if value not in ("", [], {})}
    assert dump_front_matter(fields) == edit_front_matter("---\n---\n", fields)


def test_fields_as_most_articles_have_them_are_written_without_the_library() -> None:
    moment = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)
    fields = {"title": "Why a queue waits, and what it costs", "date": moment, "tags": ["queues", "AI & data"]}
    fields |= {
        "source": {"file": "01-queues.html", "hash": f"4{'0f' * 31}"},
        "series": {"name": "Queues", "part": 2},
        "draft": True,
    }
    assert plain_block(fields)


def test_the_schema_accepts_what_we_write_and_refuses_what_we_refuse() -> None:
    schema = article_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {"title": "A", "date": "2026-03-28", "tags": ["x"], "related": ["a", {"title": "B"}], "draft": True}
    jsonschema.validate(good, schema)
    for bad in ({}, {"title": ""}, {"title": "A", "tags": "x"}, {"title": "A", "colour": "red"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_every_field_of_the_schema_explains_itself() -> None:
    fields = article_schema()["$defs"]["ArticleFields"]["properties"]
    assert not [name for name, field in fields.items() if not {"description", "$ref"} & set(str(field).split("'"))]


@pytest.mark.parametrize("path", sorted((PROJECT / "content/insights").glob("*.md")), ids=lambda path: path.stem)
def test_our_own_articles_are_without_a_problem(path) -> None:  # type: ignore[no-untyped-def]
    _article, problems = parse_article(path.read_text(encoding="utf-8"), f"content/insights/{path.name}")
    assert problems == ()
