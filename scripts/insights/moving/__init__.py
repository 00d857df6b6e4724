"""Moving in and out: a whole publication of another system, its addresses, feeds' ids, pictures and terms included.

    files ──platforms──▶ Export (Entries) ──clean──▶ Extract ──ingest──▶ content/

A platform's module reads the system's export into Entries, and turns one Entry's body into HTML or Markdown of common
kinds; everything after that is the same for all of them. What no rule understands stays in the article as a mark
(`marks`), which `insights check` reports.
"""
