"""Where work is done that comes in many like tasks: in this process, in processes of this machine, on a Dask cluster.

A task can take the process that does it down with it (a parser's fault, no memory left). It is told of that task
alone: what else was under way is done again, each in a process of its own, and the pool is made anew.
"""

from __future__ import annotations

import logging
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import active_children, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Protocol, TypeVar

from insights.errors import InsightsError, SourceError

Task = TypeVar("Task")
Result = TypeVar("Result")

_IN_FLIGHT = 4  # tasks under way for each worker: enough to keep it busy, few enough to keep memory flat
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
        self._pool = ProcessPoolExecutor(jobs, initializer=begin_worker)

    def submit(self, work: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """Hands a task to the pool, to a new one where the last is broken."""
        try:
            future = self._pool.submit(work, task)
        except BrokenProcessPool:
            self._pool = ProcessPoolExecutor(self._jobs, initializer=begin_worker)
            future = self._pool.submit(work, task)
        return lambda: self._result(future, work, task)

    def _result(self, future: Future[Result], work: Callable[[Task], Result], task: Task) -> Result:
        """The task's result, if need be from a process of its own: which task broke the pool, nobody can tell."""
        with suppress(BrokenProcessPool):
            return future.result()
        try:
            with ProcessPoolExecutor(1, initializer=begin_worker) as alone:
                return alone.submit(work, task).result()
        except BrokenProcessPool as error:
            raise WorkerDiedError(type(error).__name__) from error

    def close(self) -> None:
        """Ends the processes; what they have not begun is dropped."""
        self._pool.shutdown(cancel_futures=True)


class Cluster:
    """A Dask cluster. The scheduler gives the tasks of a worker that dies to another one."""

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False, retries=_TRIES)
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
                except InsightsError:
                    raise  # what the work itself found: it would find it again
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


def begin_worker() -> None:
    """Has this process end without a word on Ctrl-C, and as soon as the one that began it has ended.

    If that one is killed, nobody is left to end this one: it would wait for work for ever, and hold what it has
    inherited, the lock and the open ends of pipes.
    """
    if (parent := parent_process()) is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def end_workers() -> None:
    """Ends what processes of this one there are: interrupted as it began them, a pool has nobody to tell them to."""
    for worker in active_children():
        worker.terminate()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who is to do the work: processes of this machine, or the Dask cluster whose scheduler has this address."""

    jobs: int = field(default_factory=usable_cores)
    cluster: str | None = None

    @contextmanager
    def open(self) -> Iterator[Workers]:
        """The workers. Raises SourceError for a cluster without the extra, or that does not answer."""
        if self.cluster is not None:
            with _connect(self.cluster) as client:
                yield Cluster(client)
        elif self.jobs > 1:
            processes = Processes(self.jobs)
            try:
                yield processes
            finally:
                processes.close()
        else:
            yield Here()


ALL_CORES = Workforce()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        fix = "install the extra: pip install 'insights[cluster]'"
        raise SourceError(address, "a cluster needs Dask", fix) from error
    logging.getLogger("distributed.client").setLevel(logging.ERROR)  # it warns of what a worker that ended had made
    try:
        return Client(address)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        fix = "start one with `dask scheduler`, and give the address that it names, such as tcp://10.0.0.1:8786"
        raise SourceError(address, "no Dask scheduler answers there", fix) from error
