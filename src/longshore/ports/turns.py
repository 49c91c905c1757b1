"""Whose turn it is: long readings work in slices, and a slice ends when somebody else waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

SLICE_S = 5.0
"""How long anybody may have to wait for the end of a slice."""


class Turn(Protocol):
    def over(self) -> bool:
        """Whether the work should be handed on now. Cheap; asked between two pages, from the
        thread that runs the use case.
        """
        ...


@dataclass(slots=True)
class TimedTurn:
    """A turn of so many seconds, counted from the first question. `prolonged` is asked when they
    are used up: True grants as many again.
    """

    monotonic: Callable[[], float]
    seconds: float = SLICE_S
    prolonged: Callable[[], bool] | None = None
    _until: float | None = None
    _over: bool = False

    def over(self) -> bool:
        now = self.monotonic()
        if self._until is None:
            self._until = now + self.seconds
        if not self._over and now >= self._until:
            self._over = self.prolonged is None or not self.prolonged()
            self._until = self.monotonic() + self.seconds
        return self._over


class _Endless:
    def over(self) -> bool:
        return False


ENDLESS: Turn = _Endless()
"""The turn of somebody for whom nobody waits."""
