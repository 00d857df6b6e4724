"""Closing tags of a text, found once: to search from each opening reads all the text for each that stays open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict


class Closings:
    """The closing tags of a text by their names in lower case; `tag` is how one looks, with its `name` as a group."""

    def __init__(self, tag: re.Pattern[str], text: str) -> None:
        self._by_name: dict[str, list[re.Match[str]]] = defaultdict(list)
        for match in tag.finditer(text):
            self._by_name[match["name"].lower()].append(match)

    def after(self, name: str, place: int) -> re.Match[str] | None:
        """The first that closes `name` from a place on; None if it stays open."""
        found = self._by_name.get(name.lower(), [])
        index = bisect_left(found, place, key=re.Match.start)
        return found[index] if index < len(found) else None
