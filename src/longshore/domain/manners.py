"""What is true about being a guest in a vendor's shop: when it is spared, how long we stay away
after trouble, and how much we may ask of it in an hour.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
FAILURES_BORNE = 1
"""One failure may be chance; from the next on every job stays away for a while."""
SLOW_PAGE_S = 5.0
"""A host that needs longer for a page is slow: its jobs may take only a part of a worker."""
SLOW_FOR = timedelta(minutes=10)


class Weight(IntEnum):
    """What a visit is for. LIGHT: one or a few requests that somebody waits for: orders, hot stock,
    what a webhook named. HEAVY: walks and polls, which can wait.
    """

    LIGHT = 0
    HEAVY = 1


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Times of day, in the marketplace's time zone; `start` after `end` goes over midnight."""

    start: time
    end: time

    def cover(self, local: datetime) -> bool:
        now = local.time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def end_after(self, local: datetime) -> datetime:
        """When the quiet hours that cover this moment end."""
        end = local.replace(
            hour=self.end.hour, minute=self.end.minute, second=self.end.second, microsecond=0
        )
        return end if end > local else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Manners:
    """What a visit must respect. `asked_this_hour` of `most_an_hour` requests (0: no limit)."""

    quiet: QuietHours | None = None
    most_an_hour: int = 0
    asked_this_hour: int = 0
    paused_until: datetime | None = None


def stay_away_for(manners: Manners, weight: Weight, now: datetime, local: datetime) -> timedelta:
    """How long this visit must wait, zero when it may go now. `local` is the same moment in the
    marketplace's time zone.
    """
    waits = [timedelta(0)]
    if manners.paused_until is not None:
        waits.append(manners.paused_until - now)
    if weight is Weight.HEAVY:
        if manners.quiet is not None and manners.quiet.cover(local):
            waits.append(manners.quiet.end_after(local) - local)
        if 0 < manners.most_an_hour <= manners.asked_this_hour:
            waits.append(_next_hour(now) - now)
    return max(waits)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def pause_after(failures: int, wish_s: float | None) -> timedelta:
    """How long everybody stays away after so many failures in a row. `wish_s`: what the host asked
    for (Retry-After); it is obeyed at the first failure already.
    """
    own = timedelta(0)
    if failures > FAILURES_BORNE:
        own = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - FAILURES_BORNE - 1, 10))
    wish = timedelta(seconds=min(wish_s or 0.0, 3600.0))
    return max(own, wish)
