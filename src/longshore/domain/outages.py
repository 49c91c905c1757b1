"""What is true about a shop that was away and came back: when its people are told, and of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLE = timedelta(minutes=2)
"""So long after its return a shop must have stayed before anybody hears of it."""
CATCH_UP = timedelta(minutes=15)
"""By then the letter goes out, though something still waits; it says so."""
REST = timedelta(hours=6)
"""A shop that comes and goes makes one letter in so much time, which sums up."""
TOO_OLD = timedelta(hours=24)
"""What could not be told in a day is no news any more."""


@dataclass(frozen=True, slots=True)
class Outage:
    """`began_at`: the shop's last good answer before it; `ended_at`: the first one after."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        return max(self.ended_at - self.began_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What was done since the return. `waiting`: orders that are still to be sent."""

    orders_sent: int
    stock_corrected: int
    waiting: int
    read: bool
    """Whether the shop was read since."""

    @property
    def whole(self) -> bool:
        return self.read and not self.waiting


def together(outages: Sequence[Outage]) -> timedelta:
    return sum((one.length for one in outages), timedelta(0))


def may_tell(ended_at: datetime, told_at: datetime | None, done: CaughtUp, now: datetime) -> bool:
    """Whether a letter about a shop that came back at `ended_at` may go out. `told_at`: when the
    letter before it went out.
    """
    back_for = now - ended_at
    if back_for < SETTLE or (told_at is not None and now - told_at < REST):
        return False
    return done.whole or back_for >= CATCH_UP
