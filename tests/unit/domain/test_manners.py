from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from longshore.domain.manners import (
    LONGEST_PAUSE,
    Manners,
    QuietHours,
    Weight,
    pause_after,
    stay_away_for,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTHING = timedelta(0)
EVENING = QuietHours(time(17), time(21, 30))
NIGHT = QuietHours(time(22), time(6))


@pytest.mark.parametrize(
    ("hours", "at", "covered"),
    [
        (EVENING, time(16, 59, 59), False),
        (EVENING, time(17), True),
        (EVENING, time(21, 30), False),
        (NIGHT, time(21, 59), False),
        (NIGHT, time(23), True),
        (NIGHT, time(5, 59), True),
        (NIGHT, time(6), False),
    ],
)
def test_quiet_hours_cover_their_times_of_day(hours: QuietHours, at: time, covered: bool):
    assert hours.cover(datetime.combine(NOON.date(), at, UTC)) is covered


def test_quiet_hours_end_today_or_tomorrow():
    late = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert NIGHT.end_after(late) == datetime(2026, 11, 24, 6, tzinfo=UTC)
    early = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert NIGHT.end_after(early) == datetime(2026, 11, 24, 6, tzinfo=UTC)


def wait(manners: Manners, weight: Weight, now: datetime = NOON) -> timedelta:
    return stay_away_for(manners, weight, now, now.astimezone(ZoneInfo("Europe/Berlin")))


def test_quiet_hours_hold_back_walks_and_let_orders_pass():
    quiet = Manners(quiet=QuietHours(time(13), time(14)))
    assert wait(quiet, Weight.HEAVY) == timedelta(hours=1), "noon in UTC is 13:00 in Berlin"
    assert wait(quiet, Weight.LIGHT) == NOTHING


def test_a_full_hour_holds_back_walks_until_the_next_one():
    now = NOON + timedelta(minutes=50)
    full = Manners(most_an_hour=600, asked_this_hour=600)
    assert wait(full, Weight.HEAVY, now) == timedelta(minutes=10)
    assert wait(full, Weight.LIGHT, now) == NOTHING
    assert wait(Manners(most_an_hour=600, asked_this_hour=599), Weight.HEAVY, now) == NOTHING
    assert wait(Manners(most_an_hour=0, asked_this_hour=10**6), Weight.HEAVY, now) == NOTHING


def test_a_host_that_asked_for_a_pause_gets_it_from_everybody():
    paused = Manners(paused_until=NOON + timedelta(seconds=30))
    assert wait(paused, Weight.LIGHT) == timedelta(seconds=30)
    assert wait(paused, Weight.LIGHT, NOON + timedelta(minutes=1)) == NOTHING


def test_pauses_grow_with_failures_and_obey_the_host_at_once():
    assert pause_after(1, None) == NOTHING
    assert pause_after(1, 120) == timedelta(seconds=120)
    assert [pause_after(n, None).total_seconds() for n in (2, 3, 4)] == [5, 10, 20]
    assert pause_after(99, None) == LONGEST_PAUSE
    assert pause_after(3, 2) == timedelta(seconds=10)
