"""Where sources are converted: in this process, in processes of this machine, or on a Dask cluster.

A source can take the process that reads it down with it (a parser's fault, no memory left). It is told of that source
alone: what else was under way is done again, each in a process of its own, and the pool is made anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Protocol, TypeVar

from insights.errors import SourceError

Task = TypeVar("Task")
Result = TypeVar("Result")

_IN_FLIGHT = 4  # sources under way for each worker: enough to keep it busy, few enough to keep memory flat
_TRIES = 3


class WorkerDiedError(Exception):
    """The process that worked on a task ended, each time that it was tried."""


class Workers(Protocol):
    """What does tasks: as many as `capacity` are handed over before the first result is asked for."""

    capacity: int

    def submit(self, work: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """Hands a task over; what is returned waits for its result. It raises WorkerDiedError."""
        ...


class Here:
    """This process: one task after the other."""

    capacity = 1

    def submit(self, work: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """The task is done when its result is asked for."""
        return lambda: work(task)


class Processes:
    """Processes of this machine."""

    def __init__(self, jobs: int) -> None:
        self.capacity = jobs * _IN_FLIGHT
        self._jobs = jobs
        self._pool = ProcessPoolExecutor(jobs)

    def submit(self, work: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """Hands a task to the pool, to a new one where the last is broken."""
        try:
            future = self._pool.submit(work, task)
        except BrokenProcessPool:
            self._pool = ProcessPoolExecutor(self._jobs)
            future = self._pool.submit(work, task)
        return lambda: self._result(future, work, task)

    def _result(self, future: Future[Result], work: Callable[[Task], Result], task: Task) -> Result:
        """The task's result, if need be from a process of its own: which task broke the pool, nobody can tell."""
        with suppress(BrokenProcessPool):
            return future.result()
        try:
            with ProcessPoolExecutor(1) as alone:
                return alone.submit(work, task).result()
        except BrokenProcessPool as error:
            raise WorkerDiedError(type(error).__name__) from error

    def close(self) -> None:
        """Ends the processes; what they have not begun is dropped."""
        self._pool.shutdown(cancel_futures=True)


class Cluster:
    """A Dask cluster. The scheduler gives the tasks of a worker that dies to another one."""

    def __init__(self, client: object) -> None:
        self._executor = client.get_executor(pure=False, retries=_TRIES)  # type: ignore[attr-defined]
        self.capacity = 8 * _IN_FLIGHT

    def submit(self, work: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """Hands a task to the scheduler."""
        future = self._executor.submit(work, task)

        def result() -> Result:
            waited = future
            problem: BaseException | None = None
            for _ in range(_TRIES):
                try:
                    found: Result = waited.result()
                    return found
                except (Exception, CancelledError) as error:
                    problem = error
                    with suppress(Exception):
                        waited = self._executor.submit(work, task)
            raise WorkerDiedError(type(problem).__name__) from problem

        return result


def run_all(
    tasks: Iterable[Task],
    workers: Workers,
    work: Callable[[Task], Result],
    failed: Callable[[Task, WorkerDiedError], Result],
) -> Iterator[Result]:
    """What each task gave, in the order of the tasks; `failed` makes the result of one whose worker died."""
    queue = iter(tasks)
    waiting = deque((task, workers.submit(work, task)) for task in islice(queue, workers.capacity))
    while waiting:
        task, result = waiting.popleft()
        try:
            found = result()
        except WorkerDiedError as error:
            found = failed(task, error)
        waiting.extend((task, workers.submit(work, task)) for task in islice(queue, 1))
        yield found


@contextmanager
def open_workers(jobs: int, cluster: str | None) -> Iterator[Workers]:
    """The workers: a Dask cluster by its address, processes of this machine, or this process.

    Raises SourceError for a cluster without the extra.
    """
    if cluster is not None:
        try:
            from distributed import Client
        except ImportError as error:
            fix = "install the extra: pip install 'insights[cluster]'"
            raise SourceError(cluster, "a cluster needs Dask", fix) from error
        with Client(cluster) as client:  # type: ignore[no-untyped-call]
            yield Cluster(client)
    elif jobs > 1:
        processes = Processes(jobs)
        try:
            yield processes
        finally:
            processes.close()
    else:
        yield Here()
