"""The simulated shop's time: the machine's own, moved forward on request."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def seconds(self) -> float:
        return time.monotonic() + self._ahead.total_seconds()

    def forward(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


def stamp(at: datetime) -> str:
    """A time as Shopify writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
