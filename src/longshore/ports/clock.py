"""The time as something we are given, so that rules and use cases can be tested without waiting."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds for measuring durations; only differences mean anything."""
        ...
