from datetime import date

import pytest

from longshore.domain.calendar import on_holiday, ship_by

MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 10, day) for day in (12, 16, 17, 18))


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 2, date(2026, 10, 14)),
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, date(2026, 10, 19)),
        (FRIDAY, 2, date(2026, 10, 20)),
        (SATURDAY, 0, date(2026, 10, 19)),
        (SUNDAY, 1, date(2026, 10, 20)),
        (MONDAY, 5, date(2026, 10, 19)),
    ],
)
def test_weekends_do_not_count(received: date, days: int, due: date):
    assert ship_by(received, days) == due


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        (None, None, False),
        (MONDAY, FRIDAY, True),
        (FRIDAY, SATURDAY, False),
        (None, MONDAY, False),
        (date(2026, 10, 14), date(2026, 10, 14), True),
        (MONDAY, None, True),
        (None, FRIDAY, True),
    ],
)
def test_both_days_of_a_holiday_count(first, last, covered: bool):
    assert on_holiday(date(2026, 10, 14), first, last) is covered
