"""Exceptions of the pipeline. They carry fields and build their own text.

A problem in *content* is data (`model.Finding`) and never an exception that leaves the pipeline; a problem in the
*run* is an `InsightsError`. The command line prints one as

    <where>: <what>
      fix: <fix>

and exits with 2.
"""

from __future__ import annotations


class InsightsError(Exception):
    """Something that stops this run: where it happened, what is wrong, and how to mend it."""

    def __init__(self, where: str, what: str, fix: str = "") -> None:
        self.where = where
        self.what = what
        self.fix = fix
        super().__init__(where, what, fix)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        return f"{text}\n  fix: {self.fix}" if self.fix else text


class SettingsError(InsightsError):
    """mkdocs.yml is missing, malformed, or holds a setting we do not know."""


class SourceError(InsightsError):
    """A source that ingest cannot read: empty, binary, too large, of an unknown format."""


class StoreError(InsightsError):
    """A file that cannot be read or written."""


class FetchError(InsightsError):
    """A URL that could not be fetched, or that must not be."""


class RenderError(InsightsError):
    """A page, feed or email that could not be rendered."""
