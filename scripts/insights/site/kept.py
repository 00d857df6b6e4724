"""What a process keeps in memory from one build to the next: `insights serve` builds at every save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Kept:
    """Values by name, one for each; a value holds for one key only: all that it was made from.

    One that is not here, or is of another key, is made anew: nothing depends on what is kept but the time it takes.
    Another build of the same process follows where it `is_lasting`.
    """

    def __init__(self, *, is_lasting: bool = False) -> None:
        self.is_lasting = is_lasting
        self._values: dict[str, tuple[object, Any]] = {}

    def value(self, name: str, key: object, make: Callable[[], Value]) -> Value:
        """The value of this name and key, made now if it is not kept; it is kept from now on."""
        if name not in self._values or self._values[name][0] != key:
            self._values[name] = (key, make())
        value: Value = self._values[name][1]
        return value

    def forget(self) -> None:
        """Forgets every value: what a build that fails has begun with is not relied on."""
        self._values.clear()

    def keep(self, name: str, key: object, value: object) -> None:
        """Keeps a value in the place of what the name had."""
        self._values[name] = (key, value)
