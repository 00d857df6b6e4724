"""The only access to the files of content/: read into a Library (`content`), written whole or not at all (`files`), by
one command at a time (`holding`)."""

from insights.store.content import (
    ASSETS,
    CONTENT,
    INBOX,
    INSIGHTS,
    TAGS,
    decode_content,
    duplicate_slugs,
    find_root,
    read_article_files,
    read_articles,
    read_content,
    read_library,
    read_publication,
    read_tags,
    read_terms,
)
from insights.store.files import (
    RIGHTS,
    decode_text,
    has_cases,
    leads_out,
    read_text,
    refuse_links_out,
    write_file,
    write_output,
)
from insights.store.holding import hold, open_ledger

__all__ = [
    "ASSETS",
    "CONTENT",
    "INBOX",
    "INSIGHTS",
    "RIGHTS",
    "TAGS",
    "decode_content",
    "decode_text",
    "duplicate_slugs",
    "find_root",
    "has_cases",
    "hold",
    "leads_out",
    "open_ledger",
    "read_article_files",
    "read_articles",
    "read_content",
    "read_library",
    "read_publication",
    "read_tags",
    "read_terms",
    "read_text",
    "refuse_links_out",
    "write_file",
    "write_output",
]
