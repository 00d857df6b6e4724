"""What a run leaves for the next one, as bytes: a ranking, and the related articles it gave.

Nothing in it is trusted but for what the articles of the next run confirm, by their digests. Bytes that another version
wrote, or that are damaged, give nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from hashlib import blake2b
from importlib.metadata import version
from itertools import pairwise
from mmap import mmap
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from insights.model import Related
from insights.related.document import Profile
from insights.related.index import Index, Vectors
from insights.related.neighbours import Neighbours
from insights.related.picks import Picks
from insights.related.ranking import Ranking

_MAGIC = b"insights related\n"
_DIGEST_BYTES = 16


# JSON, not MessagePack: that would turn a moment's own time zone into UTC.
encode_related = msgspec.json.Encoder().encode
decode_related = msgspec.json.Decoder(tuple[Related, ...]).decode


@dataclass(frozen=True, eq=False)
class State:
    """A ranking; of each slug a digest of its article, and its related articles, encoded; of each row of the ranking
    its list."""

    ranking: Ranking
    digests: Mapping[str, bytes]
    related: Mapping[str, bytes]
    lists: Sequence[Sequence[int]]


class _Header(msgspec.Struct):
    """What is kept as text and small numbers, and of each array its type and shape, in the order they follow."""

    slugs: list[str]
    openings: list[tuple[int, ...]]
    links: list[list[str]]
    digests: dict[str, bytes]
    related: dict[str, bytes]
    lists: list[list[int]]
    arrays: list[tuple[str, str, tuple[int, ...]]]


def dump_state(state: State) -> list[bytes | memoryview]:
    """The state as bytes for `load_state`, in parts that follow one another: as a whole they would be held twice."""
    index, neighbours, picks = state.ranking.index, state.ranking.neighbours, state.ranking.picks
    profiles = index.profiles
    titles = [profile.title for profile in profiles]
    arrays: dict[str, NDArray[Any]] = {
        "digests": np.frombuffer(b"".join(profile.digest for profile in profiles), np.uint8),
        "days": index.days,
        "patterns": np.array([profile.pattern for profile in profiles], np.uint64),
        "title_ends": np.cumsum([len(title) for title in titles], dtype=np.int64),
        "titles": np.concatenate([np.empty(0, np.uint64), *titles]),
        "vocabulary": index.vocabulary,
        "spread": index.spread,
        "starts": index.vectors.starts,
        "columns": index.vectors.columns,
        "counts": index.vectors.counts,
        "norms": index.vectors.norms,
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
            digests=dict(state.digests),
            related=dict(state.related),
            lists=[list(others) for others in state.lists],
            arrays=[(name, array.dtype.str, array.shape) for name, array in arrays.items()],
        )
    )
    views: list[Any] = [np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in arrays.values()]
    parts = [len(header).to_bytes(8), header, *views]
    check = reduce(lambda crc, part: zlib.crc32(part, crc), parts, 0)
    return [_MAGIC, _version(), check.to_bytes(4), *parts]


def load_state(data: bytes | mmap) -> State | None:
    """The state that `dump_state` gave these bytes for; None if they are damaged or of another version. It goes on to
    read them."""
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
    return State(_ranking(header, arrays), header.digests, header.related, header.lists)


def _ranking(header: _Header, arrays: Mapping[str, NDArray[Any]]) -> Ranking:
    vectors = Vectors(arrays["starts"], arrays["columns"], arrays["counts"], arrays["norms"])
    title_starts = [0, *arrays["title_ends"].tolist()]
    digests = arrays["digests"].tobytes()
    profiles = tuple(
        map(
            Profile,
            header.slugs,
            (digests[place : place + _DIGEST_BYTES] for place in range(0, len(digests), _DIGEST_BYTES)),
            arrays["days"].tolist(),
            _cut(arrays["titles"], title_starts),
            header.openings,
            arrays["patterns"].tolist(),
            map(frozenset, header.links),
        )
    )
    index = Index(profiles, arrays["vocabulary"], arrays["spread"], vectors)
    neighbours = Neighbours(arrays["neighbours"], arrays["likeness"])
    return Ranking(index, neighbours, arrays["told"], Picks(arrays["picks"], arrays["scores"]))


def _cut(array: NDArray[Any], starts: list[int]) -> list[NDArray[Any]]:
    return [array[start:end] for start, end in pairwise(starts)]


@cache
def _version() -> bytes:
    """A digest of the code that ranks and of the libraries it counts with: a change of either makes old states void."""
    import insights.terms

    digest = blake2b(f"{np.__version__} {version('scipy')}".encode(), digest_size=_DIGEST_BYTES)
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(insights.terms.__file__)):
        digest.update(path.read_bytes())
    return digest.digest()
