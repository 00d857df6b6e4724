"""Which texts have most of their sentences in common, by the hashes of their sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

_ALIKE = 0.6  # of the shorter text's sentences
_FEWEST = 5  # sentences that two texts must share before they count as alike
_COMMONPLACE = 8  # a sentence in more texts is a formula (a note on sources, a licence)
_BYTES = 4  # of a hash


def find_twins(sentences: Sequence[bytes]) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts that are alike, by their indices in `sentences`, with the share that they have in common.

    Each text is the hashes of its sentences, packed four bytes each and without repetition.
    """
    import numpy as np

    counts = [len(each) // _BYTES for each in sentences]
    hashes = np.frombuffer(b"".join(sentences), dtype=">u4").astype(np.uint32)
    owners = np.repeat(np.arange(len(counts)), counts)
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(np.diff(hashes[order], prepend=-1, append=-1))
    sizes = np.diff(starts)
    is_shared = (sizes > 1) & (sizes <= _COMMONPLACE)
    shared: Counter[tuple[int, int]] = Counter()
    for start, size in zip(starts[:-1][is_shared].tolist(), sizes[is_shared].tolist(), strict=True):
        shared.update(combinations(owners[order[start : start + size]].tolist(), 2))
    for (one, other), count in sorted(shared.items()):
        likeness = count / min(counts[one], counts[other])
        if count >= _FEWEST and likeness >= _ALIKE:
            yield one, other, likeness
