"""What a move brings, what of it is not understood, and what has no place here: counted, with examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from insights.ingest import Outcome
from insights.moving.entry import INSIDE, Export, Kind, LeftOut, Mark
from insights.moving.vocabulary import Vocabulary
from insights.text import counted, iso_date

_EXAMPLES = 3
_LISTED = 8
_EXAMPLE_CHARACTERS = 90


@dataclass(slots=True)
class Report:
    """The running count of a move."""

    export: Export
    vocabulary: Vocabulary
    problems: Sequence[str] = ()
    is_dry_run: bool = False
    statuses: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)
    pictures: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    _marks: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _missing: list[str] = field(default_factory=list)
    _links: Counter[str] = field(default_factory=Counter)

    def counted(self, outcome: Outcome) -> Outcome:
        """The same outcome, counted."""
        self.statuses[outcome.status.value] += 1
        if outcome.status == "failed":
            self.failed.append(outcome)
        return outcome

    def mark(self, mark: Mark, title: str) -> None:
        """Counts something that is not understood."""
        self._marks[mark.construct] += 1
        if len(self._examples[mark.construct]) < _EXAMPLES:
            raw = " ".join(mark.raw.split())
            shown = raw if len(raw) <= _EXAMPLE_CHARACTERS else f"{raw[:_EXAMPLE_CHARACTERS]}…"
            self._examples[mark.construct].append(f"{shown}  in “{title}”")

    def missing(self, url: str, path: str) -> None:
        """Counts a picture or file that could not be had."""
        self._missing.append(f"{_as_written(url)}  in {path}")

    def unmoved_link(self, href: str) -> None:
        """Counts a link to a page of the old site that is no article of the export."""
        self._links[_as_written(href.partition("#")[0])] += 1

    @property
    def marks(self) -> int:
        """How many marks the articles hold."""
        return sum(self._marks.values())

    def lines(self) -> Iterator[str]:
        """The report, line by line: what comes, what is proposed, what is not understood, what is lost."""
        yield from self._coming()
        yield from self._terms()
        yield from _section(
            "Not understood, kept in the articles as comments that `insights check` lists:",
            [
                "\n".join([f"{count:>6,}  {name}", *(f"            {each}" for each in self._examples[name])])
                for name, count in self._marks.most_common()
            ],
        )
        yield from _section(
            "Links to pages of the old site that are not in the export; "
            + ("they stay as they are:" if self.export.site_url else "they lead nowhere, give --url:"),
            [f"{count:>6,}  {href}" for href, count in self._links.most_common()],
        )
        yield from _section(
            "Pictures and files on the old site, to be fetched from there:"
            if self.is_dry_run
            else "Pictures and files that could not be had; they stay where they are:",
            self._missing,
        )
        yield from _section(
            "Left out, since there is no place for it here:",
            [
                f"{left.count:>6,}  {left.what}" + _named(left)
                for left in (
                    *self.export.left_out,
                    *(LeftOut(what, count) for what, count in self.dropped.most_common()),
                )
            ],
        )
        yield from _section(
            "Front matter that cannot be read; each comes as a draft, with it as a comment:", list(self.problems)
        )
        yield from _section("Failed:", [f"{outcome.source}: {outcome.reason}" for outcome in self.failed])

    def _coming(self) -> Iterator[str]:
        entries = self.export.entries
        articles = [entry for entry in entries if entry.kind is Kind.ARTICLE]
        dates = sorted(entry.published for entry in articles if entry.published)
        period = f", {iso_date(dates[0])[:10]} to {iso_date(dates[-1])[:10]}" if dates else ""
        site = f" of {self.export.site_url}" if self.export.site_url else ""
        yield f"{self.export.platform}{site}: {counted(len(articles), 'article')}{period}"
        drafts = sum(entry.is_draft for entry in articles)
        pages = len(entries) - len(articles)
        for count, noun in ((drafts, "draft"), (pages, "page"), (self.pictures, "picture and file")):
            if count:
                yield f"  {counted(count, noun).replace('picture and files', 'pictures and files')}"

    def _terms(self) -> Iterator[str]:
        words = self.vocabulary
        for noun, names in (
            ("topic", [topic.name for topic in words.topics]),
            ("author", [author.name for author in words.authors]),
            ("tag", [f"{tag.name} (also {', '.join(tag.aliases)})" if tag.aliases else tag.name for tag in words.tags]),
        ):
            if names:
                more = f" and {len(names) - 40:,} more" if len(names) > 40 else ""
                yield f"  new {counted(len(names), noun)}: {', '.join(names[:40])}{more}"
        uses: dict[str, list[str]] = defaultdict(list)
        for spelling, name in words.names.items():
            uses[name].append(spelling)
        merged = {name: spellings for name, spellings in sorted(uses.items()) if len(spellings) > 1}
        for name, spellings in merged.items():
            others = ", ".join(spelling for spelling in sorted(spellings) if spelling != name)
            yield f"  merged into the tag {name}: {others}"


def _as_written(url: str) -> str:
    """An address as its owner knows it: one within the export as a path."""
    return unquote(url.removeprefix(INSIDE)) if url.startswith(INSIDE) else url


def _named(left: LeftOut) -> str:
    """The examples of what is left out, and whether there are more."""
    more = " …" if left.count > len(left.examples) else ""
    return f": {', '.join(left.examples)}{more}" if left.examples else ""


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        for line in lines[: _LISTED * 3]:
            yield f"  {line}"
        if len(lines) > _LISTED * 3:
            yield f"  … and {len(lines) - _LISTED * 3:,} more"
