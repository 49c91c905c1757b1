from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from longshore.domain.deadlines import PartTimes, Share, late_share, lateness

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEW = PartTimes("#1", "Kiln", MONDAY, None, None, None, 2)
TAKEN = replace(NEW, accepted_at=MONDAY)


def late(part: PartTimes, now: datetime) -> list[tuple[str, object]]:
    return [
        (one.code, one.evidence.get("days", one.evidence.get("hours")))
        for one in lateness(part, now, OSLO)
    ]


@pytest.mark.parametrize(
    ("part", "now", "found"),
    [
        (NEW, MONDAY + timedelta(hours=3), []),
        (NEW, MONDAY + timedelta(hours=5), [("late_to_accept", 5)]),
        (TAKEN, MONDAY + timedelta(days=2, hours=13), []),
        # Wednesday 23:30 in London is Thursday in Oslo.
        (TAKEN, datetime(2026, 11, 25, 23, 30, tzinfo=UTC), [("late_to_ship", 1)]),
        (replace(TAKEN, shipped_at=MONDAY), MONDAY + timedelta(days=9), []),
        (
            replace(TAKEN, shipped_at=MONDAY, unnumbered_since=MONDAY),
            MONDAY + timedelta(days=3),
            [("tracking_missing", 3)],
        ),
        (replace(TAKEN, shipped_at=MONDAY, unnumbered_since=MONDAY), MONDAY, []),
    ],
)
def test_what_is_late(part: PartTimes, now: datetime, found: list):
    assert late(part, now) == found


def test_the_share_of_late_ones_counts_what_was_due():
    in_time = replace(TAKEN, shipped_at=MONDAY + timedelta(days=1))
    too_late = replace(TAKEN, shipped_at=MONDAY + timedelta(days=4))
    soon = MONDAY + timedelta(hours=30)
    assert late_share([in_time, too_late, TAKEN], soon, OSLO) == Share(1, 2)
    assert late_share([in_time, too_late, TAKEN], MONDAY + timedelta(days=9), OSLO) == Share(2, 3)
    assert Share(0, 0).percent is None
    assert Share(1, 3).percent == 33
