from datetime import UTC, datetime, timedelta

import pytest

from longshore.domain.outages import (
    CATCH_UP,
    REST,
    SETTLE,
    CaughtUp,
    Outage,
    may_tell,
    together,
)

BACK = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = CaughtUp(orders_sent=3, stock_corrected=2, waiting=0, read=True)
HALF = CaughtUp(orders_sent=3, stock_corrected=2, waiting=1, read=True)
UNREAD = CaughtUp(orders_sent=0, stock_corrected=0, waiting=0, read=False)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("done", "after", "told"),
    [
        (WHOLE, SETTLE - SECOND, False),
        (WHOLE, SETTLE, True),
        (HALF, SETTLE, False),
        (UNREAD, CATCH_UP - SECOND, False),
        (HALF, CATCH_UP, True),
        (UNREAD, CATCH_UP, True),
    ],
)
def test_it_is_told_when_all_is_caught_up_or_after_a_while(
    done: CaughtUp, after: timedelta, told: bool
):
    assert may_tell(BACK, None, done, BACK + after) is told


def test_a_shop_that_comes_and_goes_is_told_of_rarely():
    now = BACK + SETTLE
    assert not may_tell(BACK, now - REST + SECOND, WHOLE, now)
    assert may_tell(BACK, now - REST, WHOLE, now)


def test_lengths_add_up_and_are_never_negative():
    hour = timedelta(hours=1)
    assert together([Outage(BACK - hour, BACK), Outage(BACK + hour, BACK + 3 * hour)]) == 3 * hour
    assert Outage(BACK, BACK - hour).length == timedelta(0)
