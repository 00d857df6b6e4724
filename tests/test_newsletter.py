"""An edition as an email: what it says, how it is laid out, which files it becomes."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from functools import cache
from html import unescape
from pathlib import Path

import lxml.html
import msgspec
import pytest

from insights.article import parse_edition
from insights.errors import RenderError
from insights.library import Library, build_library
from insights.model import Edition, Image, Level
from insights.newsletter import render_edition
from insights.newsletter.body import mark_url
from insights.newsletter.drafting import draft_edition, dump_edition
from insights.newsletter.exports import SERVICES, render_export
from insights.newsletter.inbox import check_edition
from insights.newsletter.letter import compose_letter
from insights.newsletter.message import build_message
from insights.newsletter.preview import render_preview
from insights.newsletter.rendering import MAX_HTML_BYTES, Email, email_templates, render_email
from insights.newsletter.signup import signup_form
from insights.settings import NewsletterSettings, Publication
from insights.store import read_library, read_publication

CASE = Path(__file__).parent / "cases" / "newsletter" / "publication"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FULL = {"content": "full"}


@pytest.fixture(scope="module")
def library() -> Library:
    found, findings = read_library(CASE)
    assert not [finding for finding in findings if finding.level is Level.ERROR]
    return found


@cache
def case_publication() -> Publication:
    return read_publication(CASE)


def publication_with(**settings: object) -> Publication:
    publication = case_publication()
    newsletter = msgspec.structs.replace(publication.settings.newsletter, **settings)
    return replace(publication, settings=msgspec.structs.replace(publication.settings, newsletter=newsletter))


def edition_of(library: Library, number: int = 2) -> Edition:
    return next(edition for edition in library.editions if edition.number == number)


def email_of(library: Library, **settings: object) -> Email:
    letter = compose_letter(edition_of(library), library.live(NOW), publication_with(**settings))
    return render_email(letter, email_templates())


def files_of(library: Library, **settings: object) -> dict[str, str]:
    files = render_edition(edition_of(library), library.live(NOW), publication_with(**settings))
    return {path.removeprefix("newsletter/2/"): data.decode() for path, data in files}


def rules(library: Library, edition: Edition | None = None, **settings: object) -> set[str]:
    edition = edition or edition_of(library)
    return {finding.rule for finding in check_edition(edition, library.live(NOW), publication_with(**settings))}


def links(html: str) -> set[str]:
    return {str(href) for href in lxml.html.document_fromstring(html).xpath("//a/@href")}


def test_edition_becomes_email_fragments_and_an_export_for_each_service(library: Library) -> None:
    names = set(files_of(library))
    assert {"email.html", "email.txt", "email.eml"} <= names
    blocks = ("header", "intro", "lead", "card-1", "footer")
    assert {name for name in names if name.startswith("fragments/")} == {f"fragments/{block}.html" for block in blocks}
    assert {f"exports/{service}.{kind}" for service in SERVICES for kind in ("html", "txt")} <= names


def test_two_renderings_are_the_same_bytes(library: Library) -> None:
    assert files_of(library, **FULL) == files_of(library, **FULL)


@pytest.mark.parametrize("settings", [{}, FULL], ids=["summaries", "whole"])
def test_plain_text_carries_every_link_of_the_html(library: Library, settings: dict[str, str]) -> None:
    files = files_of(library, **settings)
    notes = {link for link in links(files["email.html"]) if "#fn" in link}
    shown = {link.removeprefix("mailto:") for link in re.findall(r"<([^>\s]+)>", files["email.txt"])}
    assert {link.removeprefix("mailto:") for link in links(files["email.html"]) - notes} <= shown


@pytest.mark.parametrize("settings", [{}, FULL], ids=["summaries", "whole"])
def test_every_address_is_absolute_and_only_our_own_are_marked(library: Library, settings: dict[str, str]) -> None:
    document = lxml.html.document_fromstring(files_of(library, **settings)["email.html"])
    for address in document.xpath("//@href | //@src"):
        assert re.match(r"https://|mailto:", address), address
    for link in document.xpath("//a/@href"):
        is_ours = link.startswith("https://letters.example.org/")
        assert ("utm_campaign=newsletter-2" in link and "utm_source=letter" in link) == is_ours, link


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("desk@a.example", "mailto:desk@a.example?subject=unsubscribe"),
        ("mailto:desk@a.example?cc=b@a.example", "mailto:desk@a.example?cc=b%40a.example&subject=unsubscribe"),
        ("https://a.example/contact", ""),
        ("", ""),
    ],
)
def test_without_an_address_of_its_own_readers_leave_the_list_by_mail(
    library: Library, contact: str, address: str
) -> None:
    publication = publication_with(unsubscribe="")
    settings = msgspec.structs.replace(publication.settings, contact=contact)
    letter = compose_letter(edition_of(library), library.live(NOW), replace(publication, settings=settings))
    assert letter.unsubscribe == address


def test_marking_a_link_keeps_its_own_query(library: Library) -> None:
    html = files_of(library, **FULL)["email.html"]
    assert "https://letters.example.org/topics/?utm_campaign=newsletter-2&utm_source=letter&page=2" in unescape(html)
    assert "https://other.example/?a=1&b=2" in links(html)
    site = "https://letters.example.org/"
    marked = mark_url(f"{site}?tag=a&tag=b&utm_source=mine#top", site, {"utm_source": "letter", "utm_medium": "email"})
    assert marked == f"{site}?utm_medium=email&tag=a&tag=b&utm_source=mine#top"


@pytest.mark.parametrize(
    ("src", "url"),
    [
        ("../assets/a.png", "assets/a.png"),
        ("../assets/a.SVG", None),  # Gmail and Outlook do not show it
        ("https://elsewhere.example/a.png", None),
    ],
)
def test_a_story_has_the_lead_picture_that_inboxes_show(library: Library, src: str, url: str | None) -> None:
    edition = edition_of(library)
    first = library.article(edition.articles[0])
    assert first
    pictured = library.replace_texts({first.path: replace(first, image=Image(src, "A wait"))})
    story = compose_letter(edition, pictured, case_publication()).stories[0]
    assert (story.picture and story.picture.url) == (url and case_publication().url + url)


def test_pictures_have_a_description_and_a_width_and_no_height(library: Library) -> None:
    images = lxml.html.document_fromstring(files_of(library, **FULL)["email.html"]).xpath("//img")
    assert [image.get("alt") for image in images] == ["A desk", "A photo"]
    for image in images:
        assert 0 < int(image.get("width")) <= 600
        assert image.get("height") is None


def test_what_mail_programs_do_not_show_becomes_a_link(library: Library) -> None:
    document = lxml.html.document_fromstring(files_of(library, **FULL)["email.html"])
    assert not document.xpath("//video | //source | //svg | //script | //link | //iframe | //form")
    texts = [link.text_content() for link in document.xpath("//a")]
    assert "Picture: A chart" in texts
    assert "Video: talk.mp4" in texts


def test_text_is_escaped_wherever_it_comes_from(library: Library) -> None:
    html = files_of(library)["email.html"]
    assert "<matters>" not in html
    assert "&lt;matters&gt;" in html
    assert "Öl &amp; Wasser" in html


def test_layout_tables_are_presentation_and_the_language_is_said(library: Library) -> None:
    document = lxml.html.document_fromstring(files_of(library)["email.html"])
    assert document.get("lang") == "en"
    assert {table.get("role") for table in document.xpath("//table")} == {"presentation"}
    assert document.xpath("string(//title)") == "Templates, queues & other things – a letter"
    assert document.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]


def test_styles_are_inlined_and_the_dark_ones_kept(library: Library) -> None:
    document = lxml.html.document_fromstring(files_of(library)["email.html"])
    kept = "".join(document.xpath("//style/text()"))
    assert "prefers-color-scheme: dark" in kept
    assert "lead-title { margin" not in kept
    assert "28px/35px" in document.xpath("//h2/@style")[0]


def test_outlook_gets_a_column_of_600_pixels(library: Library) -> None:
    html = files_of(library)["email.html"]
    assert re.search(r'<!--\[if mso\]><table role="presentation" width="600"', html)
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->")


def test_preheader_comes_first_and_is_padded(library: Library) -> None:
    body = lxml.html.document_fromstring(files_of(library)["email.html"]).body
    text = body.text_content().strip()
    assert text.startswith("Two pieces, one chart\u034f")


def test_fragment_stands_alone_with_its_styles(library: Library) -> None:
    card = files_of(library)["fragments/card-1.html"]
    root = lxml.html.fragment_fromstring(card.strip())
    assert root.tag == "table"
    assert root.xpath(".//h2/@style")
    assert "<style" not in card


def test_whole_articles_that_exceed_90_kb_become_summaries_from_the_last_one(library: Library) -> None:
    long = [
        replace(article, body=f"START-{article.slug}\n\n" + "A sentence about queues. " * 3000)
        for article in library.articles
    ]
    edition = replace(edition_of(library), articles=("queue", "older", "templates"))
    crowded = build_library(long, library.topics, library.tags, library.authors, (edition,))
    letter = compose_letter(edition, crowded, publication_with(**FULL))
    made = render_email(letter, email_templates())
    html = made.html_for("")
    assert len(html.encode()) <= MAX_HTML_BYTES
    assert made.summarised == ("older", "templates")
    assert "START-queue" in html
    assert "START-older" not in html + made.text_for("")
    findings = check_edition(edition, crowded, publication_with(**FULL))
    assert "older, templates" in next(finding.message for finding in findings if finding.rule == "email-shortened")


def test_eml_is_parsed_back_with_both_parts_and_headers_of_rfc_8058(library: Library) -> None:
    files = files_of(library)
    message = email.message_from_string(files["email.eml"], policy=policy.default)
    assert not message.defects
    assert message["Subject"] == "Templates, queues & other things – a letter"
    assert message["From"].addresses[0].display_name == "Öl & Wasser"
    assert message["List-Unsubscribe"] == "<https://lists.example.org/leave?email=>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<newsletter.letters.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Date"].datetime == edition_of(library).date
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == files["email.txt"]
    assert html.get_content().replace("\r\n", "\n") == files["email.html"]


def test_message_is_ascii_in_short_lines_with_unbroken_list_addresses(library: Library) -> None:
    letter = compose_letter(
        edition_of(library), library, publication_with(unsubscribe=f"https://l.example/{'x' * 300}")
    )
    data = build_message(render_email(letter, email_templates()), letter, NOW, "ada@example.org")
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert f"List-Unsubscribe: <https://l.example/{'x' * 300}>\r\n".encode() in data


def test_each_reader_gets_an_unsubscribe_link_and_an_identity_of_their_own(library: Library) -> None:
    letter = compose_letter(edition_of(library), library, publication_with())
    made = render_email(letter, email_templates())
    ada, bob = (
        email.message_from_bytes(build_message(made, letter, NOW, reader), policy=policy.default)
        for reader in ("ada+x@example.org", "bob@example.org")
    )
    assert ada["To"] == "ada+x@example.org"
    assert ada["List-Unsubscribe"] == "<https://lists.example.org/leave?email=ada%2Bx%40example.org>"
    assert "leave?email=ada%2Bx%40example.org" in ada.get_body(("html",)).get_content()
    assert "leave?email=ada%2Bx%40example.org" in ada.get_body(("plain",)).get_content()
    assert ada["Message-ID"] != bob["Message-ID"]
    assert "ada" not in ada["Message-ID"]


def test_mailto_unsubscribe_is_not_announced_as_one_click(library: Library) -> None:
    data = files_of(library, unsubscribe="")["email.eml"]
    assert "List-Unsubscribe: <mailto:desk@letters.example.org?subject=unsubscribe>" in data
    assert "List-Unsubscribe-Post" not in data


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_export_has_the_services_placeholder_and_not_our_link(library: Library, service: object) -> None:
    name = service.name  # type: ignore[attr-defined]
    placeholder = service.unsubscribe  # type: ignore[attr-defined]
    files = files_of(library)
    html, text = files[f"exports/{name}.html"], files[f"exports/{name}.txt"]
    assert "lists.example.org" not in html + text
    assert ".invalid" not in html + text
    if placeholder:
        assert f'href="{placeholder}"' in html
        assert f"<{placeholder}>" in text


@pytest.mark.parametrize("name", SERVICES)
def test_export_disarms_placeholders_in_the_articles_text(library: Library, name: str) -> None:
    letter = compose_letter(edition_of(library), library, publication_with(**FULL))
    export = render_export(render_email(letter, email_templates()), letter, SERVICES[name])
    service = SERVICES[name]
    for source in (export.html, export.text):
        rest = source
        for placeholder in filter(None, (service.unsubscribe, service.address, service.message)):
            rest = rest.replace(placeholder, "")
        assert not re.search(r"\{\{|\{%|\{\$|\*\|", rest)
    shown = lxml.html.document_fromstring(export.html).text_content()
    assert "Placeholders {{ name }} & how they break" in shown
    assert "*|FNAME|*" in shown


def test_kit_takes_a_template_with_a_place_for_its_editors_text(library: Library) -> None:
    files = files_of(library)
    assert files["exports/kit.html"].count("{{ message_content }}") == 1
    assert "<!--message-->" not in files["email.html"] + files["exports/mailchimp.html"]


def test_blocks_for_ghost_and_buttondown_have_no_document_around_them(library: Library) -> None:
    files = files_of(library)
    assert files["exports/ghost.html"].startswith("<!--kg-card-begin: html-->\n<table")
    assert files["exports/buttondown.html"].startswith("<!-- buttondown-editor-mode: plaintext -->\n<table")
    assert "\n\n" not in files["exports/buttondown.html"].strip()
    assert "Unsubscribe" not in files["exports/ghost.html"]


def test_template_of_the_same_name_takes_the_place_of_ours(library: Library, tmp_path: Path) -> None:
    (tmp_path / "footer.html.j2").write_text("<p>Our own foot, {{ letter.name }}</p>")
    files = render_edition(edition_of(library), library, publication_with(), email_templates(tmp_path))
    assert b"Our own foot, The Monthly" in dict(files)["newsletter/2/email.html"]


def test_faulty_template_is_named(library: Library, tmp_path: Path) -> None:
    (tmp_path / "email.html.j2").write_text("{{ letter.no_such_thing }}")
    with pytest.raises(RenderError, match=r"email\.html\.j2"):
        render_edition(edition_of(library), library, publication_with(), email_templates(tmp_path))


def test_good_edition_has_no_findings(library: Library) -> None:
    assert rules(library) == set()


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"address": ""}, "newsletter-address"),
        ({"sender": "Nobody"}, "newsletter-sender"),
        ({"unsubscribe": "mailto:leave@example.org"}, "newsletter-one-click"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_setting_that_an_inbox_needs_is_missed(library: Library, settings: dict[str, str], rule: str) -> None:
    assert rule in rules(library, **settings)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"articles": ()}, "edition-empty"),
        ({"articles": ("templates", "quue")}, "edition-article"),
        ({"articles": ("draft",)}, "edition-article"),
        ({"articles": ("queue", "queue")}, "edition-article-twice"),
        ({"articles": ("older",)}, "edition-article-told"),
        ({"subject": "A " * 60}, "subject-long"),
        ({"subject": "READ THIS"}, "subject-shouting"),
        ({"preheader": ""}, "preheader-missing"),
        ({"preheader": "long " * 40}, "preheader-long"),
        ({"intro": "\n"}, "intro-missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_flaw_of_an_edition_is_found(library: Library, changes: dict[str, object], rule: str) -> None:
    assert rule in rules(library, replace(edition_of(library), **changes))


def test_unknown_article_is_found_at_its_place_with_the_nearest_slug(library: Library) -> None:
    text = "---\nnumber: 3\ndate: 2026-03-06\nsubject: A\npreheader: B\narticles: [templates, quue]\n---\nHello.\n"
    edition, _ = parse_edition(text, "content/newsletter/3.md")
    assert edition
    finding = next(
        each for each in check_edition(edition, library.live(NOW), publication_with()) if each.rule == "edition-article"
    )
    assert (finding.path, finding.line, finding.column) == ("content/newsletter/3.md", 6, 23)
    assert finding.fix == 'use "queue"'


def test_email_too_large_even_with_summaries_is_an_error(library: Library) -> None:
    wordy = [replace(article, description="Words. " * 20_000) for article in library.articles]
    found = check_edition(edition_of(library), build_library(wordy), publication_with())
    assert [finding.level for finding in found if finding.rule == "email-size"] == [Level.ERROR]


def test_draft_takes_what_was_published_since_the_last_edition(library: Library) -> None:
    first = build_library(library.articles, library.topics, editions=[edition_of(library, 1)])
    edition = draft_edition(first, NOW)
    assert (edition.number, edition.articles) == (2, ("templates", "queue"))
    assert edition.subject == "Placeholders {{ name }} & how they break"
    assert edition.path == "content/newsletter/2.md"
    assert "intro-missing" in rules(library, edition)


def test_draft_leaves_out_what_is_not_published_yet(library: Library) -> None:
    edition = draft_edition(build_library(library.articles), datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert edition.articles == ("queue", "older")


def test_draft_without_news_has_no_articles(library: Library) -> None:
    assert draft_edition(library, NOW).articles == ()


def test_dumped_edition_is_parsed_back(library: Library) -> None:
    edition = edition_of(library)
    parsed, findings = parse_edition(dump_edition(edition), edition.path)
    assert parsed
    assert not findings
    assert replace(parsed, intro=parsed.intro.strip()) == replace(edition, intro=edition.intro.strip())


def test_preview_shows_desk_phone_dark_and_text(library: Library) -> None:
    letter = compose_letter(edition_of(library), library, publication_with())
    page = lxml.html.document_fromstring(
        render_preview(render_email(letter, email_templates()), letter, email_templates())
    )
    frames = page.xpath("//iframe/@srcdoc")
    assert len(frames) == 3
    assert "prefers-color-scheme" not in frames[2]
    assert "View in browser" in page.xpath("string(//pre)")


@pytest.mark.parametrize(
    ("service", "field"),
    [("", "email"), ("mailchimp", "EMAIL"), ("kit", "email_address"), ("mailerlite", "fields[email]")],
)
def test_signup_form_uses_the_services_own_field(service: str, field: str) -> None:
    form = signup_form(NewsletterSettings(service=service, action="https://list.example/join", fields={"l": "1"}))
    assert form
    assert form.email_field == field
    assert ("l", "1") in form.hidden


@pytest.mark.parametrize(
    "settings", [NewsletterSettings(), NewsletterSettings(service="ghost", action="https://g.example/")]
)
def test_signup_form_that_would_not_work_is_not_offered(settings: NewsletterSettings) -> None:
    assert signup_form(settings) is None
