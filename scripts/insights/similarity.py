"""How alike two texts are, by the runs of words they share."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

_RUN = 5  # words
_KEPT = 8  # one run in so many is kept: enough to compare articles, an eighth of the memory


@lru_cache(maxsize=1)  # a text is compared with others, and then kept for others to be compared with
def signature(text: str) -> frozenset[int]:
    """A sample of the hashes of a text's five-word runs, the same runs for the same words.

    Source: Broder (1997), "On the resemblance and containment of documents", sampling modulo.
    """
    words = re.findall(r"\w+", text.lower())
    runs = (" ".join(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1)))
    return frozenset(value for run in runs if not (value := zlib.crc32(run.encode())) % _KEPT)


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of runs that two texts have in common, 0 to 1; 0 where either is too short to say."""
    if min(len(one), len(other)) < 3:
        return 0.0
    return len(one & other) / len(one | other)
