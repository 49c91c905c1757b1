"""The clock of the simulated shop: real time, moved by an offset or held still."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%dT%H:%M:%S"


class Clock:
    """`offset_s` shifts it, `held` (epoch seconds) stops it. The shop's dates are whole seconds."""

    def __init__(self, timezone: str = "UTC", held: float | None = None) -> None:
        self.zone = ZoneInfo(timezone)
        self.offset_s: float = 0.0
        self.held: float | None = held

    def now(self) -> float:
        return (time.time() if self.held is None else self.held) + self.offset_s

    def second(self) -> int:
        return int(self.now())

    def advance(self, seconds: float) -> None:
        self.offset_s += seconds

    def hold(self, at: float | None = None) -> None:
        """Stops the clock, at the given epoch time or now; `release` lets it run again."""
        self.held, self.offset_s = self.now() if at is None else at, 0.0

    def release(self) -> None:
        self.offset_s, self.held = 0.0, None

    def gmt(self, second: int | None) -> str | None:
        """As the API prints a time in UTC, without a zone."""
        if second is None:
            return None
        return datetime.fromtimestamp(second, UTC).strftime(FORMAT)

    def local(self, second: int | None) -> str | None:
        """As the API prints a time in the zone of the shop, without a zone."""
        if second is None:
            return None
        return datetime.fromtimestamp(second, self.zone).strftime(FORMAT)

    def offset(self, second: int) -> int:
        """How many seconds the zone of the shop is ahead of UTC."""
        found = datetime.fromtimestamp(second, self.zone).utcoffset()
        return 0 if found is None else int(found.total_seconds())

    def from_local(self, naive: datetime) -> int:
        """The second that a wall time in the zone of the shop means."""
        return int(naive.replace(tzinfo=self.zone).timestamp())
