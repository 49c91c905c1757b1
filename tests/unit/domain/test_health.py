from datetime import timedelta

import pytest

from longshore.domain.findings import Severity
from longshore.domain.health import (
    GRACE,
    LATEST,
    PATIENCE,
    SOONEST,
    HealthState,
    SilencePolicy,
    WhenSilent,
    health_after,
    health_by_verdict,
    look_again_after,
)

MOMENT = timedelta(seconds=1)
OK, DEGRADED, BROKEN = HealthState.OK, HealthState.DEGRADED, HealthState.BROKEN


@pytest.mark.parametrize(
    ("severity", "silent_for", "may_pass", "expected"),
    [
        (Severity.WARNING, GRACE * 9, True, OK),
        (Severity.STOP, timedelta(0), True, OK),
        (Severity.STOP, PATIENCE - MOMENT, True, OK),
        (Severity.STOP, PATIENCE, True, DEGRADED),
        (Severity.STOP, GRACE - MOMENT, True, DEGRADED),
        (Severity.STOP, GRACE, True, BROKEN),
        (Severity.STOP, timedelta(0), False, BROKEN),
    ],
)
def test_a_problem_that_may_pass_gets_time(severity, silent_for, may_pass, expected):
    assert health_after(severity, silent_for, may_pass=may_pass) is expected


@pytest.mark.parametrize(
    ("verdict", "silent_for", "expected"),
    [
        ("D39", GRACE * 100, DEGRADED),
        ("D34", timedelta(0), BROKEN),
        ("D50", GRACE - MOMENT, DEGRADED),
        ("D50", GRACE, BROKEN),
    ],
)
def test_a_key_that_only_reads_goes_on_reading(verdict, silent_for, expected):
    assert health_by_verdict(verdict, silent_for) is expected


def test_the_doctor_comes_ever_more_rarely():
    waits = [look_again_after(timedelta(minutes=m)) for m in (0, 10, 40, 100, 10_000)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (SOONEST, LATEST)
    assert waits[2] == timedelta(minutes=10)


def test_stock_is_withheld_only_where_the_vendor_is_set_to_it():
    day = timedelta(days=1)
    keeps, zeroes = SilencePolicy(), SilencePolicy(WhenSilent.ZERO, day)
    assert not keeps.withholds(day * 100)
    assert not zeroes.withholds(day - MOMENT)
    assert zeroes.withholds(day)
