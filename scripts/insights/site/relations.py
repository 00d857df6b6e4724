"""Related articles for the site, with what earlier builds left under build/: an edit costs what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from insights.library import Library
from insights.model import Related
from insights.related import dump_state, finder_of, load_state, relate, relate_from
from insights.settings import RelatedSettings
from insights.site.inputs import digest
from insights.store import write_output

STATE = "build/related.state"
# A state of 10,000 articles takes longer to write than a few edits to make up for.
_FEW = 8


def relate_again(
    root: Path, library: Library, settings: RelatedSettings, content: Mapping[str, bytes], terms: bytes
) -> Mapping[str, tuple[Related, ...]]:
    """What `relate` gives; `content` are the digests of files by path, `terms` is one of all topics and tags.

    A state that is missing, damaged or of another version costs time, nothing else. An approximate index is made anew
    each time: added to, it would find others than one made of the same articles at once.
    """
    if settings.index != "exact":
        return relate(library, settings.count, finder_of(settings.index))
    path = root / STATE
    known = load_state(path.read_bytes()) if path.is_file() else None
    found = (article for article in library.articles if library.article(article.slug) is article)
    digests = {article.slug: digest(content[article.path], terms) for article in found}
    related, state = relate_from(known, library, settings.count, digests)
    if known is None or len(known.digests.items() ^ state.digests.items()) > _FEW:
        write_output(path, *dump_state(state))
    return related
