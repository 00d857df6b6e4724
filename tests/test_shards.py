"""Work in other processes: what comes back is what this process would have made, and what fails is told."""

from __future__ import annotations

import os
import signal
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest

from insights.errors import RenderError
from insights.site.shards import aside, in_shards


def kill_this() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise RenderError("a.md", "is odd", "mend it")


@pytest.mark.parametrize("jobs", [1, 3])
def test_shares_give_what_one_process_gives_in_the_same_order(jobs: int) -> None:
    assert list(in_shards(range(200), lambda number: number * number, jobs)) == [number**2 for number in range(200)]


def test_work_aside_goes_on_in_another_process_and_its_result_comes_back() -> None:
    seen = {"here": os.getpid()}

    def work() -> dict[str, int]:
        seen["here"] = 0
        return {"there": os.getpid()}

    with aside(work, 2) as result:
        assert seen == {"here": os.getpid()}
        assert result()["there"] != os.getpid()
    with aside(work, 1) as result:
        assert result() == {"there": os.getpid()}


def test_work_aside_that_fails_or_is_killed_is_told_when_it_is_asked_for() -> None:
    with pytest.raises(RenderError, match="is odd"), aside(fail, 2) as result:
        result()
    with pytest.raises(BrokenProcessPool), aside(kill_this, 2) as result:
        result()


def test_work_aside_ends_with_what_it_was_to_serve() -> None:
    receiver, sender = os.pipe()
    with pytest.raises(RenderError), aside(partial(os.read, receiver, 1), 2):
        fail()
    os.close(receiver)
    with pytest.raises(BrokenPipeError):  # nobody is left to read
        os.write(sender, b"x")
    os.close(sender)
