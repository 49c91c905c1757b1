from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from longshore.domain.lanes import (
    HINT_PATIENCE,
    LATEST_POLL,
    MOST_HOT,
    PROOF_AFTER,
    SOLD_LATELY,
    SOONEST_SWEEP,
    Candidate,
    Traits,
    Webhooks,
    Wishes,
    hottest,
    plan_lanes,
    webhooks_now,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WISHES = Wishes(poll=2 * MINUTE, sweep=HOUR)
USUAL = Traits(
    products=1_000,
    pages=11,
    page_s=0.0,
    at_a_time=1,
    sees_changes=True,
    sees_stock=True,
    webhooks=Webhooks.NONE,
    changed_ago=None,
    drifted_ago=None,
)


def plan(**changes: object):
    return plan_lanes(WISHES, replace(USUAL, **changes))


def test_an_ordinary_store_is_read_as_the_settings_say():
    usual = plan()
    assert (usual.poll, usual.sweep) == (WISHES.poll, WISHES.sweep)
    assert (usual.poll_because, usual.sweep_because) == (("usual",), ("usual",))


def test_hot_items_are_read_every_minute_where_no_webhook_tells_of_them():
    assert plan().hot == MINUTE
    assert plan(webhooks=Webhooks.SILENT).hot == MINUTE
    assert plan(webhooks=Webhooks.ALIVE).hot == 3 * MINUTE
    assert plan(page_s=10.0).hot <= 2 * MINUTE, "also on a host that needs ten seconds a page"


def test_a_changing_store_is_polled_twice_as_often():
    assert plan(changed_ago=MINUTE).poll == MINUTE
    assert plan(changed_ago=HOUR).poll == 2 * MINUTE


def test_a_store_whose_webhooks_work_is_polled_half_as_often():
    assert plan(webhooks=Webhooks.ALIVE).poll == 4 * MINUTE
    assert plan(webhooks=Webhooks.ALIVE, changed_ago=SECOND).poll == 4 * MINUTE


def test_a_slow_host_is_polled_for_a_twentieth_of_its_time_at_most():
    slow = plan(page_s=20.0)
    assert slow.poll == 400 * SECOND
    assert slow.poll_because == ("slow_host",)
    assert plan(page_s=500.0).poll == LATEST_POLL


def test_ten_thousand_products_on_a_slow_host_are_swept_within_the_hour():
    for page_s in (1.0, 2.0):
        swept = plan(products=10_000, pages=102, page_s=page_s)
        assert swept.sweep + timedelta(seconds=102 * page_s) <= HOUR


def test_a_sweep_takes_a_tenth_of_a_hosts_time_at_most():
    huge = plan(products=100_000, pages=1_010, page_s=2.0, at_a_time=2)
    assert huge.sweep == timedelta(seconds=1_010 * 2.0 / 2 * 10)
    assert huge.sweep_because == ("large_or_slow",)


def test_a_small_store_is_swept_more_often():
    assert plan(products=100, pages=1).sweep == 15 * MINUTE
    assert plan(products=500, pages=5).sweep == 30 * MINUTE


def test_a_store_whose_sweeps_find_what_others_missed_is_swept_more_often():
    assert plan(drifted_ago=MINUTE).sweep == 30 * MINUTE
    assert plan(drifted_ago=24 * HOUR).sweep == HOUR


@pytest.mark.parametrize("changes", [{"sees_stock": False}, {"sees_changes": False}])
def test_where_only_sweeps_find_stock_they_are_short(changes: dict[str, bool]):
    old = plan(products=300, pages=3, **changes)
    assert old.sweep == SOONEST_SWEEP
    assert old.sweep_because == ("stock_by_sweeps",)
    large = plan(products=10_000, pages=102, page_s=1.0, **changes)
    assert large.sweep == timedelta(seconds=102 / 0.25)


def test_a_held_change_is_looked_at_again_in_a_quarter_of_an_hour():
    assert plan(waits_for_proof=True).sweep == PROOF_AFTER
    assert plan(products=100_000, pages=1_010, page_s=2.0, waits_for_proof=True).sweep == (
        PROOF_AFTER
    )


def test_intervals_shorter_than_usual_are_taken_from_the_settings_as_they_are():
    eager = plan_lanes(Wishes(poll=5 * SECOND, sweep=20 * SECOND), replace(USUAL, page_s=0.01))
    assert (eager.poll, eager.sweep) == (5 * SECOND, 20 * SECOND)


def test_hot_is_what_sold_lately_then_what_is_nearly_gone():
    found = hottest(
        [
            Candidate(1, 50, None),
            Candidate(2, 5, None),
            Candidate(3, 1, None),
            Candidate(4, 80, NOW - HOUR),
            Candidate(5, None, NOW - MINUTE),
            Candidate(6, 0, NOW - MINUTE),
            Candidate(7, 80, NOW - SOLD_LATELY - MINUTE),
            Candidate(8, None, None),
        ],
        NOW,
    )
    assert [one.product_id for one in found] == [5, 4, 3, 2]


def test_so_many_are_hot_that_one_request_reads_them():
    assert len(hottest([Candidate(n, 1, None) for n in range(1_000)], NOW)) == MOST_HOT


def state(active: object, heard: datetime | None, unheard: datetime | None) -> Webhooks:
    return webhooks_now(active=bool(active), last_heard=heard, unheard_since=unheard, now=NOW)


def test_webhooks_are_believed_while_they_tell_what_other_lanes_find():
    assert state("", NOW, None) is Webhooks.NONE
    assert state("yes", None, None) is Webhooks.SILENT
    assert state("yes", NOW - 24 * HOUR, None) is Webhooks.ALIVE
    assert state("yes", NOW - HOUR, NOW - MINUTE) is Webhooks.ALIVE
    assert state("yes", NOW - HOUR, NOW - HINT_PATIENCE - MINUTE) is Webhooks.SILENT
