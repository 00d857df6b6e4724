"""Feeds: entries of the library → the bytes of every RSS 2.0, Atom 1.0 and JSON Feed document, and the OPML of all.

Pure: no clock, disk or network. The same library gives the same bytes, and one edited article changes only the
documents that hold it.
"""

from insights.feeds.build import FeedDocument, list_feeds, plan_feeds, render_feeds
from insights.feeds.entries import Feed, Group, group_name
from insights.feeds.written import Entries, WrittenEntry

__all__ = [
    "Entries",
    "Feed",
    "FeedDocument",
    "Group",
    "WrittenEntry",
    "group_name",
    "list_feeds",
    "plan_feeds",
    "render_feeds",
]
