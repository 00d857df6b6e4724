"""Work spread over processes: each is a fork of this one, so it has all that is loaded; they take shares in turn."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW = 48  # items that are done sooner than processes begin
_SHARES = 24  # for each process, so that all end together

# What the forks inherit: closures cannot be sent to them.
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def in_shards(items: Sequence[Item], work: Callable[[Item], Result], jobs: int, few: int = _FEW) -> Iterator[Result]:
    """What `work` gives for each item, in their order, done by `jobs` processes; by this one where they are but `few`.

    `work` may read all that this process has in memory; what it changes there stays in its own process. Results and
    exceptions must be picklable.
    """
    global _work  # noqa: PLW0603
    if jobs < 2 or len(items) < few or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, items)
        return
    size = max(1, -(-len(items) // (jobs * _SHARES)))
    shares = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    _work = work, items
    gc.freeze()  # a fork that collects garbage would copy every page of memory
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            for results in pool.map(_do_share, shares):
                yield from results
    finally:
        _work = None
        gc.unfreeze()


def _do_share(share: range) -> list[Any]:
    assert _work is not None  # noqa: S101
    work, items = _work
    return [work(items[index]) for index in share]
