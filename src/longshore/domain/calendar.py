"""What is true about days: by when a vendor has to ship, and when it is on holiday."""

from datetime import date, timedelta

SATURDAY = 5


def ship_by(received: date, working_days: int) -> date:
    """The last day on which an order is still shipped in time: 0 is the same day, or the next
    working day for one that came on a weekend.
    """
    day = received
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    for _ in range(working_days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def on_holiday(today: date, first: date | None, last: date | None) -> bool:
    """Whether a holiday with these days covers today; an open end lasts."""
    if first is None and last is None:
        return False
    return (first is None or first <= today) and (last is None or today <= last)
