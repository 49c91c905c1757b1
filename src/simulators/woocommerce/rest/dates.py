"""Dates in requests, with the trap of a zone beside `dates_are_gmt`."""

from datetime import UTC, datetime

from simulators.woocommerce.clock import Clock


def moment(text: str) -> datetime | None:
    """As PHP reads it. A plus sign that a query turned into a space is taken for a plus."""
    try:
        return datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None


def second_of(clock: Clock, text: str, *, gmt: bool) -> int:
    """The second that the database compares with, as measured on 9.9.5.

    A bare time is in the zone of the shop. With a zone it is what it says. With `gmt` a bare time
    is in UTC, but one with a zone is first turned into the shop's wall time and then compared with
    UTC: off by the shop's own offset, which misses rows east of Greenwich.
    """
    found = moment(text)
    if found is None:
        return 0
    if not gmt:
        return clock.from_local(found) if found.tzinfo is None else int(found.timestamp())
    if found.tzinfo is not None:
        found = found.astimezone(clock.zone)
    return int(found.replace(tzinfo=UTC).timestamp())
