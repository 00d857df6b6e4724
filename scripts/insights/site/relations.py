"""Related articles for the site, with what the last build left under build/: an edit costs what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from insights.library import Library
from insights.model import Related
from insights.related import dump_state, load_state, relate_from
from insights.store import write_output

STATE = "build/related.state"


def relate_again(root: Path, library: Library, count: int) -> Mapping[str, tuple[Related, ...]]:
    """What `relate` gives. A state that is missing, damaged or of another version costs time, nothing else."""
    path = root / STATE
    known = load_state(path.read_bytes()) if path.is_file() else None
    related, state = relate_from(known, library, count)
    if state is not known:
        write_output(path, dump_state(state))
    return related
