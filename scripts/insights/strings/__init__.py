"""What the site and the newsletter say in words of their own: English here, another language in `<language>.json`.

A publication's language chooses the file, its setting `strings` changes single texts. What is in braces is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct


class Plural(Struct, frozen=True, forbid_unknown_fields=True):
    """A text with a number: for 1, and for any other ("{count} articles")."""

    one: str
    other: str

    def of(self, count: int) -> str:
        """The text for this number."""
        return fill(self.one if count == 1 else self.other, count=count)


class Strings(Struct, frozen=True, forbid_unknown_fields=True):
    """Every text of the interface by its name, in the order of a page from top to bottom."""

    date_format: str = "{day} {month} {year}"
    months: Annotated[tuple[str, ...], Meta(min_length=12, max_length=12)] = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    no_date: str = "no date"
    name_list: str = "{names} and {last}"

    # Every page
    skip: str = "Skip to content"
    sections: str = "Sections"
    search: str = "Search"
    theme_system: str = "Theme: system"
    theme_light: str = "Theme: light"
    theme_dark: str = "Theme: dark"
    subscribe: str = "Subscribe"
    signup: str = "New insights, by email or in your reader."
    past_editions: str = "Past editions"
    one_topic: str = "A feed for one topic"
    email_label: str = "Your email address"
    footer: str = "Footer"
    contact: str = "Contact"

    # Listings
    site: str = "Site"
    topic: str = "Topic"
    topics: str = "Topics"
    topics_about: str = "What we write about."
    tag: str = "Tag"
    tags: str = "Tags"
    tags_about: str = "Every term we file articles under."
    often_together: str = "Often together"
    author: str = "Author"
    authors: str = "Authors"
    authors_about: str = "Who writes here."
    website: str = "Website"
    elsewhere: str = "Elsewhere"
    archive: str = "Archive"
    archive_about: str = "Every article, newest first."
    year: str = "Year"
    series_about: Plural = Plural("A series in {count} part.", "A series in {count} parts.")
    articles: str = "Articles"
    article_count: Plural = Plural("{count} article", "{count} articles")
    earlier: str = "Earlier"
    start_here: str = "Start here"
    follow: str = "Follow by RSS"
    pages: str = "Pages"
    page_of: str = "Page {page} of {pages}"
    newer: str = "Newer"
    older: str = "Older"
    minutes: str = "{count} min"
    not_here: str = "Not published here yet"

    # An article
    reading_time: str = "{count} min read"
    updated: str = "Updated"
    on_this_page: str = "On this page"
    other_languages: str = "Other languages"
    part_of: str = "Part {part} of {parts}"
    whole_series: str = "The whole series"
    first_published: str = "First published at"
    about_authors: Plural = Plural("About the author", "About the authors")
    share: str = "Share this article"
    copy_link: str = "Copy link"
    copied: str = "Copied"
    email: str = "Email"
    cite: str = "Cite this article"
    copy_citation: str = "Copy citation"
    copy_bibtex: str = "Copy BibTeX"
    in_this_topic: str = "In this topic"
    previous: str = "Previous"
    next: str = "Next"
    read_next: str = "Read next"

    # Why an article is related
    chosen: str = "Chosen by the author"
    named: str = "Named by the author"
    next_in_series: str = "Next in the series {series}"
    same_series: str = "Part {part} of the same series"
    follows_up: str = "Follows up on this article"
    refers: str = "Refers to this article"
    referred: str = "Referred to in this article"
    same_tags: str = "Also about {tags}"
    same_phrases: str = "Both discuss {phrases}"
    quoted: str = "“{phrase}”"
    same_topic: str = "Also in {topic}"
    same_author: str = "Also by {author}"
    same_time: str = "Published around the same time"

    # The newsletter
    newsletter: str = "Newsletter"
    newsletter_about: str = "Every edition so far."
    edition_number: str = "no. {number}"
    why_this_letter: str = "You receive this letter because you subscribed to {name} from {publication}."
    view_in_browser: str = "View in browser"
    unsubscribe: str = "Unsubscribe"
    subscribe_colleague: str = "Subscribe a colleague"
    read_article: str = "Read the article"
    read_on_site: str = "Read it on the site"

    # Subscribing
    subscribe_about: str = "By email, or in a feed reader."
    by_email: str = "By email"
    editions_here: str = "Every edition is published on this site, and has its own entry in the feeds below."
    write_to_us: str = "Write to us to have it sent to you"
    in_a_reader: str = "In a feed reader"
    feed: str = "Feed"
    feeds: str = "Feeds"
    feeds_about: str = "Follow all of it, or only what you care about."
    feeds_help: str = (
        "A feed is a list of our articles that a program on your phone or computer reads for you. Copy an address "
        "below into any feed reader, and new articles appear there by themselves: no account with us, no tracking, and "
        "you leave by deleting it."
    )
    all_at_once: str = "All at once"
    opml: str = "OPML list for any reader"

    # Search
    search_about: str = "Search {site}."
    without_script: str = "Searching needs JavaScript. Everything is listed here, too:"
    close: str = "Close"
    more_results: str = "More results"
    filter: str = "Filter by topic, tag, author or year"
    results: Plural = Plural("{count} result", "{count} results")
    nothing_found: str = "Nothing found for “{query}”."
    come_near: str = "Nothing found for all of “{query}”. {results} come near."
    mended: str = "Nothing found for “{query}”. {results} for “{spelling}”."
    too_common: str = "“{words}” finds nearly every article. Add another word."
    left_out: str = "Left out, as nearly every article has it: “{words}”."
    search_failed: str = "The search could not be loaded. The archive and the tags list every article."

    # Pages that are not here
    not_found: str = "Page not found"
    not_found_title: str = "This page is not here."
    not_found_about: str = "It may have moved, or the link to it may be mistaken."
    begin_here: str = "Or begin here:"
    front_page: str = "Front page"
    moved: str = "This page has moved"
    moved_to: str = "It is now here:"

    def spell_date(self, moment: datetime) -> str:
        """The date as a reader reads it: 28 March 2026."""
        return fill(self.date_format, day=moment.day, month=self.months[moment.month - 1], year=moment.year)

    def spell_list(self, names: tuple[str, ...] | list[str]) -> str:
        """The names in a row: "Ann, Bo and Cy"."""
        *first, last = names or [""]
        return fill(self.name_list, names=", ".join(first), last=last) if first else last


ENGLISH = Strings()


def fill(text: str, **values: str | int) -> str:
    """The text with each "{name}" that is among the values replaced by its value; others stay as they are."""
    return _GAP.sub(lambda match: str(values.get(match[1], match[0])), text) if "{" in text else text


_GAP = re.compile(r"\{(\w+)\}")


def strings_of(language: str, own: Mapping[str, Any]) -> Strings:
    """The texts in a language, with a publication's own; English where we have none in it ("de-AT" is read as "de").

    Raises msgspec.ValidationError for a name that is unknown, or a text of the wrong kind.
    """
    return msgspec.convert({**_translated(language.partition("-")[0].lower()), **own}, Strings)


@cache
def _translated(language: str) -> Mapping[str, Any]:
    file = files(__package__) / f"{language}.json"
    known: dict[str, Any] = msgspec.json.decode(file.read_bytes()) if language.isalpha() and file.is_file() else {}
    return known
