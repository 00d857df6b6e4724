"""What a run leaves for the next one, as bytes: a ranking, and the reasons it gave.

Nothing in it is trusted but for what the articles of the next run confirm: rankings go by digests of the texts, reasons
by digests of all that they were made from. Bytes that another version wrote, or that are damaged, give nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import sparse

from insights.related.document import Profile
from insights.related.index import Index
from insights.related.neighbours import Neighbours
from insights.related.picks import Picks
from insights.related.ranking import Ranking
from insights.terms import Terms

_MAGIC = b"insights related\n"
_DIGEST_BYTES = 16


@dataclass(frozen=True, eq=False)
class State:
    """A ranking, and of each slug a digest of what its list's reasons were made from, and the reasons."""

    ranking: Ranking
    reasons: Mapping[str, tuple[bytes, tuple[str, ...]]]


class _Header(msgspec.Struct):
    """What is kept as text and small numbers, and of each array its type and shape, in the order they follow."""

    slugs: list[str]
    openings: list[tuple[int, ...]]
    links: list[list[str]]
    reasons: dict[str, tuple[bytes, tuple[str, ...]]]
    arrays: list[tuple[str, str, tuple[int, ...]]]


def dump_state(state: State) -> bytes:
    """The state as bytes for `load_state`."""
    index, neighbours, picks = state.ranking.index, state.ranking.neighbours, state.ranking.picks
    profiles = index.profiles
    titles = [profile.title for profile in profiles]
    arrays = {
        "digests": np.frombuffer(b"".join(profile.digest for profile in profiles), np.uint8),
        "is_reference": np.array([profile.digest in index.reference for profile in profiles], bool),
        "days": index.days,
        "patterns": np.array([profile.pattern for profile in profiles], np.uint64),
        "title_ends": np.cumsum([len(title) for title in titles], dtype=np.int64),
        "titles": np.concatenate([np.empty(0, np.uint64), *titles]),
        "vocabulary": index.vocabulary,
        "spread": index.spread,
        "counts": np.concatenate([np.empty(0), *(profile.terms.counts for profile in profiles)]),
        "starts": index.vectors.indptr,
        "columns": index.vectors.indices,
        "weights": index.vectors.data,
        "neighbours": neighbours.rows,
        "likeness": neighbours.likeness,
        "told": state.ranking.told,
        "picks": picks.rows,
        "scores": picks.scores,
    }
    header = msgspec.msgpack.encode(
        _Header(
            slugs=[profile.slug for profile in profiles],
            openings=[profile.opening for profile in profiles],
            links=[sorted(profile.links) for profile in profiles],
            reasons=dict(state.reasons),
            arrays=[(name, array.dtype.str, array.shape) for name, array in arrays.items()],
        )
    )
    body = b"".join([len(header).to_bytes(8), header, *(np.ascontiguousarray(array).data for array in arrays.values())])
    return b"".join([_MAGIC, _version(), zlib.crc32(body).to_bytes(4), body])


def load_state(data: bytes) -> State | None:
    """The state that `dump_state` gave these bytes for; None if they are damaged or of another version."""
    start = len(_MAGIC) + _DIGEST_BYTES + 4
    if (
        data[: start - 4] != _MAGIC + _version()
        or zlib.crc32(memoryview(data)[start:]).to_bytes(4) != data[start - 4 : start]
    ):
        return None
    length = int.from_bytes(data[start : start + 8])
    place = start + 8 + length
    header = msgspec.msgpack.decode(data[start + 8 : place], type=_Header)
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape in header.arrays:
        size = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(data, kind, size, place).reshape(shape)
        place += arrays[name].nbytes
    return State(_ranking(header, arrays), header.reasons)


def _ranking(header: _Header, arrays: Mapping[str, NDArray[Any]]) -> Ranking:
    vectors = sparse.csr_matrix(
        (arrays["weights"], arrays["columns"], arrays["starts"]), shape=(len(header.slugs), len(arrays["vocabulary"]))
    )
    starts, title_starts = arrays["starts"].tolist(), [0, *arrays["title_ends"].tolist()]
    ids = _cut(arrays["vocabulary"][arrays["columns"]], starts)
    terms = map(Terms, ids, _cut(arrays["counts"], starts))
    digests = arrays["digests"].tobytes()
    profiles = tuple(
        map(
            Profile,
            header.slugs,
            (digests[place : place + _DIGEST_BYTES] for place in range(0, len(digests), _DIGEST_BYTES)),
            arrays["days"].tolist(),
            terms,
            _cut(arrays["titles"], title_starts),
            header.openings,
            arrays["patterns"].tolist(),
            map(frozenset, header.links),
        )
    )
    reference = frozenset(
        profile.digest for profile, is_in in zip(profiles, arrays["is_reference"].tolist(), strict=True) if is_in
    )
    index = Index(profiles, arrays["vocabulary"], arrays["spread"], vectors, reference)
    neighbours = Neighbours(arrays["neighbours"], arrays["likeness"])
    return Ranking(index, neighbours, arrays["told"], Picks(arrays["picks"], arrays["scores"]))


def _cut(array: NDArray[Any], starts: list[int]) -> list[NDArray[Any]]:
    return [array[start:end] for start, end in pairwise(starts)]


@cache
def _version() -> bytes:
    """A digest of the code that ranks and of the libraries it counts with: a change of either makes old states void."""
    import insights.terms

    digest = blake2b(f"{np.__version__} {scipy.__version__}".encode(), digest_size=_DIGEST_BYTES)
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(insights.terms.__file__)):
        digest.update(path.read_bytes())
    return digest.digest()
