"""The shop's time: it runs with the machine's, can be moved forward, and can be stopped."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """`seconds()` and `now()` are one time, counted from when the shop was made."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._zero = time.monotonic()
        self._ahead = 0.0
        self._stopped: float | None = None
        self.moved: list[Callable[[], None]] = []
        """Called whenever the clock was moved."""

    def seconds(self) -> float:
        ran = self._stopped if self._stopped is not None else time.monotonic() - self._zero
        return ran + self._ahead

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.seconds())

    @property
    def is_stopped(self) -> bool:
        return self._stopped is not None

    def stop(self) -> None:
        """From here it moves only by `forward`."""
        if self._stopped is None:
            self._stopped = time.monotonic() - self._zero

    def go_on(self) -> None:
        if self._stopped is not None:
            self._ahead += self._stopped - (time.monotonic() - self._zero)
            self._stopped = None
        self._tell()

    def forward(self, seconds: float) -> None:
        self._ahead += seconds
        self._tell()

    def _tell(self) -> None:
        for listener in self.moved:
            listener()


def stamp(at: datetime) -> str:
    """A time as Shopify writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
