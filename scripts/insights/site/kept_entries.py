"""The entries of feeds, each written once and kept: an edit of one article writes one, however many feeds show it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

import msgspec

from insights.feeds import Entries, WrittenEntry
from insights.site.cache import Cache
from insights.site.inputs import Run
from insights.site.shards import in_shards

_KIND = "entry"
_RECENT = 2_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(WrittenEntry).decode


class KeptEntries:
    """The entries of a publication; `keys` has a digest for each of all that it is made from."""

    def __init__(self, entries: Entries, cache: Cache, keys: Mapping[str, bytes]) -> None:
        self._entries, self._cache, self._keys = entries, cache, keys
        self.get = lru_cache(maxsize=_RECENT)(self._get)

    def write_missing(self, run: Run) -> None:
        """Writes those that the cache lacks, on all cores."""
        known = self._cache.names(_KIND, self._keys)
        missing = [name for name in self._keys if name not in known]
        made = zip(missing, in_shards(missing, lambda name: _encode(self._entries.write(name)), run.jobs), strict=True)
        # Whole batches: who makes the rows of one reads the cache, which nobody can while it is written.
        while batch := list(islice(made, _RECENT)):
            self._cache.write(_KIND, ((name, self._keys[name], row) for name, row in batch))

    def forget_unused(self) -> None:
        """Removes from the cache the entries that are no more."""
        self._cache.keep_only(_KIND, self._keys)

    def _get(self, name: str) -> WrittenEntry:
        """An entry, as it is kept or else written now."""
        row = self._cache.get(_KIND, name, self._keys[name])
        return _decode(row) if row is not None else self._entries.write(name)
