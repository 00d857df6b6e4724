"""Related articles for the site, with what earlier builds left under build/: an edit costs what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path

from insights.library import Library
from insights.related import State, dump_state, finder_of, load_state, relate_from
from insights.settings import RelatedSettings
from insights.site.kept import Kept
from insights.store import write_output
from insights.strings import ENGLISH, Strings

STATE = "build/related.state"
# A state of 10,000 articles takes longer to write than a few edits to make up for.
_FEW = 8


def relate_again(
    root: Path,
    library: Library,
    settings: RelatedSettings,
    content: Mapping[str, bytes],
    facts: bytes,
    kept: Kept | None = None,
    strings: Strings = ENGLISH,
) -> Mapping[str, bytes]:
    """What `relate` gives, encoded; `content` are the digests of files by path, `facts` is one of all else that the
    lists show: the names of topics and tags, `strings`.

    A state that is missing, damaged or of another version costs time, nothing else. An approximate index is made anew
    each time: added to, it would find others than one made of the same articles at once.
    """
    if settings.index != "exact":
        return relate_from(None, library, settings.count, find=finder_of(settings.index), strings=strings).related
    path, kept = root / STATE, kept or Kept()
    # Whatever articles a state is of: what is the same in these is not ranked again.
    known = kept.value("ranking", None, lambda: _read_state(path))
    saved = kept.value("saved ranking", None, lambda: known.digests if known else {})
    found = (article for article in library.articles if library.article(article.slug) is article)
    digests = {article.slug: content[article.path] + facts for article in found}
    state = relate_from(known, library, settings.count, digests, strings=strings)
    kept.keep("ranking", None, state)
    if known is None or len(saved.items() ^ state.digests.items()) > _FEW:
        write_output(path, *dump_state(state))
        kept.keep("saved ranking", None, state.digests)
    return state.related


def _read_state(path: Path) -> State | None:
    """The state in a file, most of which is read only as it is needed; None where there is none that can be used."""
    try:
        with path.open("rb") as file:
            return load_state(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):  # there is no file, or nothing in it
        return None
