"""What a build tells while it runs: its phases, and how far each is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar("Item")
# Told of each step: the phase, how many of its parts are done, and of how many; 0 of 0 where nobody counts.
Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Progress:
    """The phases of a build, with the wall-clock and the CPU seconds of each (those of its processes too), and the
    seconds that each article took."""

    tell: Tell = lambda _phase, _done, _total: None
    phases: dict[str, tuple[float, float]] = field(default_factory=dict)
    articles: dict[str, float] = field(default_factory=dict)
    _current: str = ""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Within it, all that happens belongs to this phase."""
        self._current = name
        self.tell(name, 0, 0)
        wall, cpu = time.perf_counter(), _cpu_seconds()
        try:
            yield
        finally:
            before = self.phases.get(name, (0.0, 0.0))
            spent = (time.perf_counter() - wall, _cpu_seconds() - cpu)
            self.phases[name] = (before[0] + spent[0], before[1] + spent[1])

    def count(self, items: Iterable[Item], total: int) -> Iterator[Item]:
        """The same items, each told of when it is there."""
        for done, item in enumerate(items, 1):
            yield item
            self.tell(self._current, done, total)

    def add(self, name: str, seconds: float) -> None:
        """Notes what one file took ("insights/foo"); only articles are kept."""
        if name.startswith("insights/"):
            self.articles[name] = self.articles.get(name, 0.0) + seconds

    def slowest(self, count: int) -> list[tuple[str, float]]:
        """The articles that took longest, with their seconds."""
        return sorted(self.articles.items(), key=lambda pair: (-pair[1], pair[0]))[:count]


def _cpu_seconds() -> float:
    return sum(os.times()[:4])
