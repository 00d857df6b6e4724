"""Work spread over processes: each is a fork of this one, so it has all that is loaded; they take shares in turn.

And work beside other work: in one such process, while this one goes on.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from insights.workers import begin_worker

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW = 48  # items that are done sooner than processes begin
_SHARES = 24  # for each process, so that all end together
_HAS_FORK = "fork" in multiprocessing.get_all_start_methods()

# What the forks inherit: closures cannot be sent to them.
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def in_shards(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    jobs: int,
    few: int = _FEW,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Result]:
    """What `work` gives for each item, in their order, done by `jobs` processes; by this one where they are but `few`.

    `work` may read all that this process has in memory; what it changes there stays in its own process. Results and
    exceptions must be picklable. This process does something else `meanwhile`, if it is not the one that works.
    """
    global _work  # noqa: PLW0603
    if len(items) >= few:
        gc.enable()  # who loads a lot, and makes little of it, does without
    if jobs < 2 or len(items) < few or not _HAS_FORK:
        yield from map(work, items)
        return
    size = max(1, -(-len(items) // (jobs * _SHARES)))
    shares = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    _work = work, items
    gc.freeze()  # a fork that collects garbage would copy every page of memory
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), begin_worker) as pool:
            done = pool.map(_do_share, shares)
            meanwhile()
            for results in done:
                yield from results
    finally:
        _work = None
        gc.unfreeze()


def _do_share(share: range) -> list[Any]:
    assert _work is not None  # noqa: S101
    work, items = _work
    return [work(items[index]) for index in share]


@contextmanager
def aside(work: Callable[[], Result], jobs: int) -> Iterator[Callable[[], Result]]:
    """Begins `work` in a process of its own; what is given waits for its result. With one job it does the work itself.

    The result, or the exception, must be picklable; what else the work leaves in memory goes with its process.
    """
    if jobs < 2 or not _HAS_FORK:
        yield work
        return
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(work, sender), daemon=True)
    gc.freeze()
    process.start()
    gc.unfreeze()
    sender.close()

    def wait() -> Result:
        try:
            result: Result = receiver.recv()
        except EOFError as error:
            raise BrokenProcessPool("a process of the build ended before its work was done") from error
        process.join()
        if isinstance(result, _Failure):
            raise result.error
        return result

    try:
        yield wait
    finally:
        receiver.close()
        process.terminate()
        process.join()


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


def _answer(work: Callable[[], Any], sender: Connection) -> None:
    begin_worker()
    gc.enable()
    try:
        answer = work()
    except Exception as error:
        answer = _Failure(error)
    sender.send(answer)
