"""What a rule is: its name, level and examples, and the function that looks for it.

The examples are the documentation and a test at once: `bad` gives the finding, `good` does not. An example of the group
"Front matter" is lines of front matter, any other a piece of an article's body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from insights.model import Article, Finding, Level, Position

Subject = TypeVar("Subject")

START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the editor's desk: `summary` says in a sentence what is right."""

    id: str
    group: str
    level: Level
    summary: str
    bad: str
    good: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where a rule is broken; `path` is empty where the subject is one file."""

    place: Position
    message: str
    fix: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """A rule with the function that looks for it in a subject: one manuscript, or the whole collection."""

    rule: Rule
    find: Callable[[Subject], Iterator[Mark]]

    def findings(self, subject: Subject, path: str = "") -> Iterator[Finding]:
        """The rule's findings; `path` is that of the subject where it is one file."""
        for mark in self.find(subject):
            yield Finding(
                mark.path or path,
                mark.place.line,
                mark.place.column,
                self.rule.id,
                mark.message,
                mark.fix,
                self.rule.level,
            )


def mark_field(article: Article, field: str, message: str, fix: str) -> Mark:
    """A mark at a field of an article's front matter."""
    return Mark(article.place(field), message, fix, article.path)


def check(
    rule_id: str, group: str, level: Level, bad: str, good: str
) -> Callable[[Callable[[Subject], Iterator[Mark]]], Check[Subject]]:
    """A decorator that makes a rule of a function; the first line of its docstring is the rule's summary."""

    def decorate(find: Callable[[Subject], Iterator[Mark]]) -> Check[Subject]:
        summary = (find.__doc__ or "").strip().partition("\n")[0]
        return Check(Rule(rule_id, group, level, summary, bad, good), find)

    return decorate
