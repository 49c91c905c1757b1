"""What is true about deadlines: what is late, since when, and how well a vendor keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from longshore.domain.calendar import ship_by
from longshore.domain.findings import Finding

ACCEPT_WITHIN = timedelta(hours=4)
"""An order that is not in the vendor's shop by then is late."""
NUMBER_WITHIN = timedelta(hours=24)
"""A shipment that has no number by then lacks one."""
CODES = ("late_to_accept", "late_to_ship", "tracking_missing")


@dataclass(frozen=True, slots=True)
class PartTimes:
    """What happened to a vendor's part of an order, and when. `unnumbered_since`: of its oldest
    shipment without a number. `ship_days`: working days the vendor has.
    """

    order: str
    vendor: str
    created_at: datetime
    accepted_at: datetime | None
    shipped_at: datetime | None
    unnumbered_since: datetime | None
    ship_days: int

    def due_on(self, zone: ZoneInfo) -> date:
        """The last day on which it is shipped in time."""
        return ship_by(
            (self.accepted_at or self.created_at).astimezone(zone).date(), self.ship_days
        )


def lateness(part: PartTimes, now: datetime, zone: ZoneInfo) -> Sequence[Finding]:
    """What is late about a part now, with its age."""
    found: list[Finding] = []
    names: dict[str, str | int | None] = {"order": part.order, "vendor": part.vendor}
    if part.accepted_at is None and part.shipped_at is None:
        waits = now - part.created_at
        if waits >= ACCEPT_WITHIN:
            hours = int(waits.total_seconds() // 3600)
            found.append(Finding("late_to_accept", {**names, "hours": hours}))
    elif part.shipped_at is None:
        days = (now.astimezone(zone).date() - part.due_on(zone)).days
        if days > 0:
            found.append(Finding("late_to_ship", {**names, "days": days}))
    if part.unnumbered_since is not None:
        lacks = now - part.unnumbered_since
        if lacks >= NUMBER_WITHIN:
            found.append(Finding("tracking_missing", {**names, "days": lacks.days}))
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `percent` is None where there is nothing to measure yet."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """How a vendor keeps its promises: orders taken of those sent, shipped late of those that were
    due, shipments that came with a number.
    """

    accepted: Share
    late: Share
    tracked: Share


def late_share(parts: Sequence[PartTimes], now: datetime, zone: ZoneInfo) -> Share:
    """Of the parts that were shipped or due, those that were not shipped by their day."""
    today = now.astimezone(zone).date()
    late = counted = 0
    for part in parts:
        day = part.shipped_at.astimezone(zone).date() if part.shipped_at else today
        is_late = day > part.due_on(zone)
        if part.shipped_at is not None or is_late:
            counted += 1
            late += is_late
    return Share(late, counted)
