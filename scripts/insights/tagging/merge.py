"""Two tags made one: the changes to content/tags.yml and to the articles, as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.frontmatter import edit_front_matter, edit_yaml, yaml_value
from insights.library import build_library
from insights.model import Tag
from insights.text import fold, slugify


def merge_vocabulary(text: str, old: Tag, new: Tag) -> str:
    """The text of content/tags.yml without the old tag, all of whose names the new one has as aliases.

    An alias is also a former address: the old tag's page leads to the new one's. Comments and order stay.
    """

    def merge(entries: Any) -> None:
        kept = next(entry for entry in entries if entry.get("name") == new.name)
        known = {fold(label) for label in (new.name, new.slug, *new.aliases)}
        labels = (old.name, *([] if slugify(old.name) == old.slug else [old.slug]), *old.aliases)
        fresh = [label for label in dict.fromkeys(labels) if fold(label) not in known]
        if isinstance(kept.get("aliases"), list):
            kept["aliases"].extend(fresh)
        else:
            kept.pop("aliases", None)
            place = max(list(kept).index(key) for key in ("name", "slug") if key in kept)
            kept.insert(place + 1, "aliases", yaml_value([*new.aliases, *fresh]))
        for place, entry in reversed(list(enumerate(entries))):
            if entry.get("name") == old.name:
                del entries[place]

    return edit_yaml(text, merge)


def merge_article(text: str, written: Sequence[str], old: Tag, new: Tag) -> str:
    """An article's text with the new tag in place of the old one, once; the same text if it has not the old one.

    `written` are its tags as it writes them.
    """
    merged = merge_terms(written, old, new)
    return text if merged == tuple(written) else edit_front_matter(text, {"tags": list(merged)})


def merge_terms(written: Sequence[str], old: Tag, new: Tag) -> tuple[str, ...]:
    """The terms with the new tag's name in the place of the first that means either, if any means the old one."""
    is_old, is_new = (build_library(tags=[tag]).tag for tag in (old, new))
    if not any(is_old(term) for term in written):
        return tuple(written)
    return tuple(dict.fromkeys(new.name if is_old(term) or is_new(term) else term for term in written))
