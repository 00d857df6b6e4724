"""Rules over one article's front matter, beyond what its types say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from insights.check.manuscript import Manuscript
from insights.check.rules import Check, Mark, check
from insights.model import Level
from insights.text import fold, is_web

GROUP = "Front matter"
_MAX_TITLE = 90  # characters; search engines show about 60, a card three lines of 30
_DESCRIPTION = (50, 300)  # characters
_MAX_TAGS = 8


@check("title-long", GROUP, Level.WARNING, bad=f"title: {'Very long headlines ' * 5}", good="title: A short headline")
def title_long(manuscript: Manuscript) -> Iterator[Mark]:
    """A title has at most 90 characters: cards and search results cut longer ones."""
    article = manuscript.article
    if len(article.title) > _MAX_TITLE:
        message = f"the title has {len(article.title)} characters"
        yield Mark(article.place("title"), message, f"shorten it to at most {_MAX_TITLE}, best to 60")


@check("title-case", GROUP, Level.WARNING, bad="title: MEASURE THE QUEUE FIRST", good="title: Measure the queue first")
def title_case(manuscript: Manuscript) -> Iterator[Mark]:
    """A title is not written in capitals throughout, nor entirely in small letters."""
    article = manuscript.article
    words = re.findall(r"[^\W\d_]{2,}", article.title)
    if len(words) >= 3 and all(word.isupper() for word in words):
        yield Mark(article.place("title"), "the title is all in capitals", "write it as a sentence")
    elif len(words) >= 2 and article.title.islower():
        yield Mark(article.place("title"), "the title is all in small letters", "begin it with a capital letter")


@check("title-stop", GROUP, Level.ADVICE, bad="title: Measure the queue first.", good="title: Measure the queue first")
def title_stop(manuscript: Manuscript) -> Iterator[Mark]:
    """A title does not end with a full stop."""
    article = manuscript.article
    if re.search(r"[^.]\.$", article.title) and not re.search(r"\b[A-Z]\.$|\betc\.$", article.title):
        yield Mark(article.place("title"), "the title ends with a full stop", "remove it")


@check("title-space", GROUP, Level.WARNING, bad='title: "Measure  the queue "', good="title: Measure the queue")
def title_space(manuscript: Manuscript) -> Iterator[Mark]:
    """A title has no spaces at its ends, no runs of them, and no invisible characters."""
    article = manuscript.article
    if article.title and article.title != clean_line(article.title):
        yield Mark(article.place("title"), "the title has stray spaces or invisible characters", "remove them")


@check("title-quotes", GROUP, Level.WARNING, bad="title: “Measure the queue”", good="title: Measure the queue")
def title_quotes(manuscript: Manuscript) -> Iterator[Mark]:
    """A title is not wrapped in typographic quotation marks: YAML takes them as part of it."""
    article = manuscript.article
    if re.fullmatch(r"[“‘„«][^“”‘’„«»]+[”’“»]", article.title):
        yield Mark(article.place("title"), "the quotation marks are part of the title", "remove them")


@check(
    "description-missing", GROUP, Level.ADVICE, bad="description:", good=f"description: {'A reason to read on. ' * 4}"
)
def description_missing(manuscript: Manuscript) -> Iterator[Mark]:
    """An article has a description, for cards, search engines, feeds and the newsletter."""
    article = manuscript.article
    if article.title and not article.description.strip() and not article.is_draft:
        fix = "add `description:` with one or two sentences that make somebody want to read it"
        yield Mark(article.place("title"), "the article has no description", fix)


@check(
    "description-length",
    GROUP,
    Level.ADVICE,
    bad="description: About queues.",
    good=f"description: {'A reason to read on. ' * 4}",
)
def description_length(manuscript: Manuscript) -> Iterator[Mark]:
    """A description has 50 to 300 characters."""
    article = manuscript.article
    size, (least, most) = len(article.description.strip()), _DESCRIPTION
    if 0 < size < least:
        message = f"the description has only {size} characters"
        yield Mark(article.place("description"), message, "write one or two whole sentences")
    elif size > most:
        message = f"the description has {size} characters"
        yield Mark(article.place("description"), message, f"shorten it to at most {most}: results and cards cut it")


@check(
    "description-title",
    GROUP,
    Level.WARNING,
    bad="title: Measure the queue\ndescription: Measure the queue.",
    good=f"title: Measure the queue\ndescription: {'A reason to read on. ' * 4}",
)
def description_title(manuscript: Manuscript) -> Iterator[Mark]:
    """A description says more than the title."""
    article = manuscript.article
    if article.title and fold(article.title) == fold(article.description):
        yield Mark(article.place("description"), "the description only repeats the title", "say what the reader gets")


@check("tags-many", GROUP, Level.WARNING, bad="tags: [a, b, c, d, e, f, g, h, i]", good="tags: [a, b, c]")
def tags_many(manuscript: Manuscript) -> Iterator[Mark]:
    """An article has at most 8 tags; a reader is served best by 2 to 5."""
    article = manuscript.article
    if len(article.tags) > _MAX_TAGS:
        message = f"{len(article.tags)} tags are too many"
        yield Mark(article.place(f"tags[{_MAX_TAGS}]"), message, "keep the two to five that fit best")


@check("term-repeated", GROUP, Level.WARNING, bad="tags: [queues, Queues]", good="tags: [queues]")
def term_repeated(manuscript: Manuscript) -> Iterator[Mark]:
    """No tag, author or related article is named twice."""
    article = manuscript.article
    named = {"tags": article.tags, "authors": article.authors, "related": article.related}
    for field, terms in named.items():
        seen: Counter[str] = Counter()
        for index, term in enumerate(terms):
            key = fold(term if isinstance(term, str) else term.title)
            seen[key] += 1
            if seen[key] > 1:
                yield Mark(article.place(f"{field}[{index}]"), f'"{term}" is there twice', "remove one")


@check("date-order", GROUP, Level.ERROR, bad="date: 2026-01-01\nupdated: 2025-01-01", good="date: 2026-01-01")
def date_order(manuscript: Manuscript) -> Iterator[Mark]:
    """An article is updated after it was published."""
    article = manuscript.article
    if article.date and article.updated and article.updated < article.date:
        message = "it was updated before it was published"
        yield Mark(article.place("updated"), message, "swap the dates, or remove `updated:`")


@check("date-early", GROUP, Level.WARNING, bad="date: 0202-03-01", good="date: 2026-03-01")
def date_early(manuscript: Manuscript) -> Iterator[Mark]:
    """A date is not before 1990, which is most often a slip of the pen."""
    article = manuscript.article
    for field, moment in (("date", article.date), ("updated", article.updated)):
        if moment and moment.year < 1990:
            yield Mark(article.place(field), f"the year {moment.year} can hardly be meant", "mend the date")


@check(
    "canonical-invalid",
    GROUP,
    Level.ERROR,
    bad="canonical: www.example.org/first",
    good="canonical: https://www.example.org/first",
)
def canonical_invalid(manuscript: Manuscript) -> Iterator[Mark]:
    """A canonical address is a whole web address."""
    article = manuscript.article
    if article.canonical is not None and not is_web(article.canonical):
        fix = f"write it as https://{article.canonical.removeprefix('//')}"
        yield Mark(article.place("canonical"), f'"{article.canonical}" is no web address', fix)


@check("language-invalid", GROUP, Level.ERROR, bad="language: German", good="language: de")
def language_invalid(manuscript: Manuscript) -> Iterator[Mark]:
    """A language is a BCP 47 tag: en, de, pt-BR."""
    article = manuscript.article
    if article.language and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", article.language):
        yield Mark(article.place("language"), f'"{article.language}" is no language tag', "write it as en, de or pt-BR")


@check("related-self", GROUP, Level.WARNING, bad="related: [example]", good="related: []")
def related_self(manuscript: Manuscript) -> Iterator[Mark]:
    """An article does not name itself as related."""
    article = manuscript.article
    for index, part in enumerate(article.related):
        if part == article.slug:
            yield Mark(article.place(f"related[{index}]"), "the article is related to itself", "remove it")


def clean_line(text: str) -> str:
    """One line without invisible characters, runs of space and space at its ends."""
    return " ".join(re.sub("[\u00ad\u200b\u2060\ufeff]", "", text).split())


FIELD_CHECKS: tuple[Check[Manuscript], ...] = (
    title_long,
    title_case,
    title_stop,
    title_space,
    title_quotes,
    description_missing,
    description_length,
    description_title,
    tags_many,
    term_repeated,
    date_order,
    date_early,
    canonical_invalid,
    language_invalid,
    related_self,
)
